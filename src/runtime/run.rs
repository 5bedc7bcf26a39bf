//! The life of the process from its flags to its exit code: ports, telemetry, cluster, leadership, controllers, end.
use super::args::RunArgs;
use super::crds;
use super::digest_key::DigestKeyError;
use super::health::{Heartbeat, Readiness};
use super::lease::{Leadership, Lease, LeaseOptions, Tenure, guard, identity};
use super::metrics::Metrics;
use super::server::{Pages, Ports, Server, ServerError};
use super::shutdown::Shutdown;
use super::telemetry::{Telemetry, TelemetryError};
use axum::http::HeaderValue;
use axum::http::header::USER_AGENT;
use kube::config::InferConfigError;
use kube::{Client, Config};
use std::collections::BTreeSet;
use std::future::Future;
use std::io;
use std::time::Duration;
use thiserror::Error;
use tracing::{error, info, warn};

/// How long the main runtime may not get to its heartbeat before `/livez` fails.
const HEART_LIMIT: Duration = Duration::from_secs(30);
/// Longer than a watch is left open by the server, so that it bounds only requests that nobody answers.
const READ_TIMEOUT: Duration = Duration::from_mins(5);

/// Why the process could not do its work.
#[derive(Debug, Error)]
pub enum RunError {
    /// No threads or no reactor.
    #[error("cannot start the runtime")]
    Runtime(#[source] io::Error),
    /// No logs or traces.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// No probes or metrics.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// Signals cannot be received.
    #[error("cannot listen for signals")]
    Signals(#[source] io::Error),
    /// Neither a kubeconfig nor a service account was found.
    #[error("no cluster is configured")]
    Config(#[from] InferConfigError),
    /// The client could not be built from its configuration.
    #[error("cannot build the client of the cluster")]
    Client(#[source] kube::Error),
    /// The key of secret digests cannot be had.
    #[error(transparent)]
    DigestKey(#[from] DigestKeyError),
    /// The thread that watches over leadership could not be started.
    #[error("cannot watch over the lease")]
    Guard(#[source] io::Error),
}

/// What controllers are started with.
#[derive(Clone)]
pub struct RunContext {
    /// The flags.
    pub args: RunArgs,
    /// The cluster; it neither retries nor limits by itself.
    pub client: Client,
    /// Where to count.
    pub metrics: Metrics,
    /// Where to say whether caches are ready: the check `caches` waits for its first word.
    pub readiness: Readiness,
    /// What to ask before a remote write leaves.
    pub tenure: Tenure,
    /// When to start no further pass and return.
    pub shutdown: Shutdown,
}

/// Runs the operator until it is asked to stop. `controllers` is called once, when this process leads; its future
/// must finish the passes under way and return once `shutdown` is asked.
pub fn start<C, F>(args: RunArgs, plurals: &BTreeSet<String>, controllers: C) -> Result<(), RunError>
where
    C: FnOnce(RunContext) -> F,
    F: Future<Output = Result<(), DigestKeyError>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(RunError::Runtime)?;
    let telemetry = {
        let _inside = runtime.enter();
        Telemetry::install(args.log_format, &args.log_filter)?
    };
    let ended = runtime.block_on(run(args, plurals, controllers));
    telemetry.flush();
    // A name lookup that hangs on a blocking thread must not hold the exit.
    runtime.shutdown_background();
    ended
}

async fn run<C, F>(args: RunArgs, plurals: &BTreeSet<String>, controllers: C) -> Result<(), RunError>
where
    C: FnOnce(RunContext) -> F,
    F: Future<Output = Result<(), DigestKeyError>>,
{
    let readiness = Readiness::default();
    let metrics = Metrics::new();
    let crds_check = readiness.check("crds");
    let leader_check = readiness.check("leadership");
    let caches_check = readiness.check("caches");
    let _server = serve(&args, &readiness, &metrics)?;
    let shutdown = Shutdown::on_signals().map_err(RunError::Signals)?;
    info!(version = env!("CARGO_PKG_VERSION"), "starting");
    let client = client().await?;

    let found = crds::wait(&client, plurals, &crds_check);
    let Some(()) = shutdown.interrupts(found).await else {
        return Ok(());
    };
    for check in [&leader_check, &caches_check] {
        check.pass("standby");
    }
    let Some(leadership) = shutdown.interrupts(elect(&args, &client)).await else {
        return Ok(());
    };
    leader_check.pass("leader");
    caches_check.fail("filling");
    metrics.set_leader(true);

    let context = RunContext {
        tenure: tenure_of(leadership.as_ref()),
        args,
        client,
        metrics,
        readiness,
        shutdown,
    };
    lead(leadership, context, controllers).await
}

fn tenure_of(leadership: Option<&Leadership>) -> Tenure {
    leadership.map_or_else(Tenure::unbounded, Leadership::tenure)
}

/// Runs the controllers for as long as this process leads, and gives the lease back when they are done.
async fn lead<C, F>(
    leadership: Option<Leadership>,
    context: RunContext,
    controllers: C,
) -> Result<(), RunError>
where
    C: FnOnce(RunContext) -> F,
    F: Future<Output = Result<(), DigestKeyError>>,
{
    let tenure = context.tenure.clone();
    guard(tenure.clone(), deposed).map_err(RunError::Guard)?;
    let ended = tokio::select! {
        biased;
        () = tenure.lost() => {
            deposed();
            Ok(())
        }
        ended = controllers(context) => ended,
    };
    info!("all controllers have ended");
    if let Some(leadership) = leadership {
        match leadership.release().await {
            Ok(()) => info!("the lease was given back"),
            Err(error) => {
                warn!(
                    error = &error as &dyn std::error::Error,
                    "the lease was not given back"
                );
            }
        }
    }
    Ok(ended?)
}

/// Ends the process where it stands: another may lead, and nothing may be written any more.
fn deposed() {
    error!("leadership was lost, ending at once");
    std::process::exit(1);
}

async fn elect(args: &RunArgs, client: &Client) -> Option<Leadership> {
    if !args.leader_elect {
        return None;
    }
    let options = LeaseOptions {
        name: args.lease_name.clone(),
        namespace: args.lease_namespace(),
        identity: identity(),
        duration: args.lease_duration,
    };
    Some(Lease::new(client.clone(), options).acquire().await)
}

fn serve(args: &RunArgs, readiness: &Readiness, metrics: &Metrics) -> Result<Server, RunError> {
    let heartbeat = Heartbeat::new(HEART_LIMIT);
    let pages = Pages {
        readiness: readiness.clone(),
        heartbeat: heartbeat.clone(),
        metrics: metrics.clone(),
    };
    let server = Ports::bind(args.health_addr, args.metrics_addr)?.serve(pages)?;
    tokio::spawn(heartbeat.run());
    Ok(server)
}

/// The client of the cluster that `KUBECONFIG`, `~/.kube/config` or the pod's service account names.
async fn client() -> Result<Client, RunError> {
    let mut config = Config::infer().await?;
    // One retry policy per program, and it is not the client's.
    config.default_retry = false;
    config.read_timeout = Some(READ_TIMEOUT);
    config.reset_reader_on_write = true;
    let agent = HeaderValue::from_static(concat!("replication-operator/", env!("CARGO_PKG_VERSION")));
    config.headers.push((USER_AGENT, agent));
    Client::try_from(config).map_err(RunError::Client)
}
