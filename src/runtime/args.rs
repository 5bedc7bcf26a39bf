//! The command line, which is also the environment and the chart's values; its texts are user documentation.
use super::selector;
use clap::error::ErrorKind;
use clap::{ArgAction, Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::SignedDuration;
use kube::core::Selector;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// Keeps managed data-replication jobs in public clouds as Kubernetes custom resources say.
#[derive(Clone, Debug, Parser)]
#[command(name = "replication-operator", version)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Runs the operator until it is told to stop. Every flag can also be given as the environment variable named with it.
    Run(Box<RunArgs>),
    /// Prints the custom resource definitions as YAML, ready for `kubectl apply --server-side -f -`.
    Crds,
}

/// The flags of `run`.
#[derive(Clone, Debug, ClapArgs)]
pub struct RunArgs {
    /// Address and port of the metrics page (`/metrics`).
    #[arg(
        long,
        env = "REPLICATION_OPERATOR_METRICS_ADDR",
        default_value = "0.0.0.0:8080",
        value_name = "ADDRESS:PORT"
    )]
    pub metrics_addr: SocketAddr,

    /// Address and port of the probes (`/livez`, `/readyz`).
    #[arg(
        long,
        env = "REPLICATION_OPERATOR_HEALTH_ADDR",
        default_value = "0.0.0.0:8081",
        value_name = "ADDRESS:PORT"
    )]
    pub health_addr: SocketAddr,

    /// Whether replicas elect the one that works. Switch it off only where there can never be two.
    #[arg(long, env = "REPLICATION_OPERATOR_LEADER_ELECT", default_value_t = true, action = ArgAction::Set, value_name = "BOOL",
        num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub leader_elect: bool,

    /// Name of the Lease by which the replicas elect. Releases that share a namespace need different names.
    #[arg(
        long,
        env = "REPLICATION_OPERATOR_LEASE_NAME",
        default_value = "replication-operator",
        value_name = "NAME"
    )]
    pub lease_name: String,

    /// Namespace of the Lease. [default: the pod's own namespace, outside a cluster `default`]
    #[arg(long, env = "REPLICATION_OPERATOR_LEASE_NAMESPACE", value_name = "NAMESPACE")]
    pub lease_namespace: Option<String>,

    /// How long after the last renewal another replica takes over, such as `15s` or `1m`; 3s or more.
    #[arg(long, env = "REPLICATION_OPERATOR_LEASE_DURATION", default_value = "15s", value_parser = duration, value_name = "DURATION")]
    pub lease_duration: Duration,

    /// Namespace whose objects are looked after; may be given several times, in the environment separated by commas.
    /// Without it, all namespaces are.
    #[arg(long = "watch-namespace", env = "REPLICATION_OPERATOR_WATCH_NAMESPACE", value_delimiter = ',', value_parser = namespace,
        value_name = "NAMESPACE")]
    pub watch_namespaces: Vec<String>,

    /// Label selector of the job objects this release looks after, such as `shard=a` or `shard in (a,b)`. Releases with
    /// selectors that do not overlap share the work. Without it, all objects are selected.
    #[arg(long, env = "REPLICATION_OPERATOR_SHARD_SELECTOR", default_value = "", hide_default_value = true,
        value_parser = selector::parse, value_name = "SELECTOR")]
    pub shard_selector: Selector,

    /// How many objects of one kind are worked on at the same time.
    #[arg(
        long,
        env = "REPLICATION_OPERATOR_CONCURRENCY",
        default_value = "16",
        value_name = "NUMBER"
    )]
    pub concurrency: NonZeroU16,

    /// How log lines are written to standard error.
    #[arg(
        long,
        env = "REPLICATION_OPERATOR_LOG_FORMAT",
        default_value = "json",
        value_enum,
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,

    /// What is logged, as directives of the form `level` or `target=level` separated by commas, such as
    /// `info,replication_operator=debug`.
    #[arg(long, env = "REPLICATION_OPERATOR_LOG_FILTER", default_value = "info", value_parser = log_filter, value_name = "FILTER")]
    pub log_filter: String,

    /// Bound on one request to a cloud, such as `15s`.
    #[arg(long, env = "REPLICATION_OPERATOR_REQUEST_TIMEOUT", default_value = "15s", value_parser = duration, value_name = "DURATION")]
    pub request_timeout: Duration,

    /// How long after a create whose answer was lost the operator only looks for the job, such as `60s`; at least four
    /// times the request timeout.
    #[arg(long, env = "REPLICATION_OPERATOR_SETTLE_WINDOW", default_value = "60s", value_parser = duration, value_name = "DURATION")]
    pub settle_window: Duration,

    /// The operation by which a running event stream of Huawei Cloud is stopped.
    #[arg(
        long,
        env = "REPLICATION_OPERATOR_EVENTGRID_STOP_OPERATION",
        default_value = "PAUSE",
        value_enum,
        value_name = "OPERATION"
    )]
    pub eventgrid_stop_operation: StopOperation,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Text for people.
    Text,
}

/// The vendor's words for stopping an event stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StopOperation {
    /// The job keeps its position.
    #[value(name = "PAUSE")]
    Pause,
    /// The vendor's other word.
    #[value(name = "STOP")]
    Stop,
}

impl StopOperation {
    /// The word as the vendor spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "PAUSE",
            Self::Stop => "STOP",
        }
    }
}

impl Args {
    /// Reads the command line and the environment of this process; explains itself and exits when they are wrong.
    #[must_use]
    pub fn read() -> Self {
        Self::from_words(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// Reads these words, the first of which is the program's name, and the environment.
    pub fn from_words<W: Into<OsString> + Clone>(
        words: impl IntoIterator<Item = W>,
    ) -> Result<Self, clap::Error> {
        let args = Self::try_parse_from(words)?;
        if let Command::Run(run) = &args.command {
            run.check()
                .map_err(|message| Self::command().error(ErrorKind::ValueValidation, message))?;
        }
        Ok(args)
    }
}

impl RunArgs {
    /// The namespaces to watch, each once; none means all.
    #[must_use]
    pub fn namespaces(&self) -> BTreeSet<String> {
        self.watch_namespaces
            .iter()
            .filter(|name| !name.is_empty())
            .cloned()
            .collect()
    }

    /// Where the Lease is kept.
    #[must_use]
    pub fn lease_namespace(&self) -> String {
        let own = || std::fs::read_to_string("/var/run/secrets/kubernetes.io/serviceaccount/namespace").ok();
        self.lease_namespace
            .clone()
            .filter(|name| !name.is_empty())
            .or_else(own)
            .map_or_else(|| "default".into(), |name| name.trim().to_owned())
    }

    /// What no flag can say alone.
    fn check(&self) -> Result<(), String> {
        if self.lease_duration < Duration::from_secs(3) {
            return Err("--lease-duration must be 3s or more".into());
        }
        if self.settle_window < self.request_timeout.saturating_mul(4) {
            return Err(format!(
                "--settle-window ({:?}) must be at least four times --request-timeout ({:?}): within it a create whose \
                 answer was lost must have shown its effect",
                self.settle_window, self.request_timeout
            ));
        }
        Ok(())
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let form = "write it as a number with a unit, such as 15s, 1m30s or 500ms";
    let span: SignedDuration = text.parse().map_err(|_| form.to_owned())?;
    Duration::try_from(span)
        .ok()
        .filter(|span| !span.is_zero())
        .ok_or_else(|| format!("it must be longer than nothing; {form}"))
}

fn namespace(text: &str) -> Result<String, String> {
    let is_legal = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let text = text.trim();
    // An empty variable is what a chart with an empty list sets.
    if text.len() <= 63 && text.chars().all(is_legal) && !text.starts_with('-') && !text.ends_with('-') {
        Ok(text.to_owned())
    } else {
        Err("it is not the name of a namespace".into())
    }
}

fn log_filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}
