//! The numbers of the process, with typed labels from closed sets: never the name of an object, never a message.
use super::usage::Usage;
use crate::remote::Fault;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Reconcile {
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Operation {
    service: &'static str,
    operation: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RemoteCall {
    service: &'static str,
    operation: &'static str,
    fault: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Jobs {
    kind: &'static str,
    ready: &'static str,
}

type Times<L> = Family<L, Histogram, fn() -> Histogram>;

/// How many jobs of a kind say what in their condition `Ready`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadyCounts {
    /// `True`.
    pub ready: u32,
    /// `False`.
    pub not_ready: u32,
    /// `Unknown`, or no condition yet.
    pub unknown: u32,
}

/// The handle by which everyone counts. Cheap to clone; all clones count into one registry.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    reconciles: Family<Reconcile, Counter>,
    reconcile_duration: Times<Kind>,
    remote_calls: Family<RemoteCall, Counter>,
    remote_call_duration: Times<Operation>,
    queue_age: Times<Kind>,
    budget_left: Family<Operation, Gauge<f64, AtomicU64>>,
    jobs: Family<Jobs, Gauge>,
    leader: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// A registry of its own.
    #[must_use]
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Arc::default(),
            reconciles: Family::default(),
            reconcile_duration: Times::new_with_constructor(short),
            remote_calls: Family::default(),
            remote_call_duration: Times::new_with_constructor(short),
            queue_age: Times::new_with_constructor(long),
            budget_left: Family::default(),
            jobs: Family::default(),
            leader: Gauge::default(),
        };
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Usage));
        metrics.register(registry.sub_registry_with_prefix("replication_operator"));
        metrics.registry = Arc::new(registry);
        metrics
    }

    fn register(&self, registry: &mut Registry) {
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version of the operator", build);
        registry.register(
            "reconciles",
            "Passes over objects, by how they ended",
            self.reconciles.clone(),
        );
        let help = "How long a pass over an object took";
        registry.register_with_unit(
            "reconcile_duration",
            help,
            Unit::Seconds,
            self.reconcile_duration.clone(),
        );
        let help = "Requests to clouds, by the fault they met";
        registry.register("remote_calls", help, self.remote_calls.clone());
        let help = "How long a request to a cloud took";
        registry.register_with_unit(
            "remote_call_duration",
            help,
            Unit::Seconds,
            self.remote_call_duration.clone(),
        );
        let help = "How long an object had been due when its pass began";
        registry.register_with_unit("queue_age", help, Unit::Seconds, self.queue_age.clone());
        let help = "Requests that the tightest budget of an operation still allows at once";
        registry.register("budget_left", help, self.budget_left.clone());
        registry.register("jobs", "Objects, by their condition Ready", self.jobs.clone());
        registry.register("leader", "Whether this replica leads", self.leader.clone());
    }

    /// Counts one pass. Both words must come from closed sets.
    pub fn observe_reconcile(&self, kind: &'static str, outcome: &'static str, took: Duration) {
        self.reconciles.get_or_create(&Reconcile { kind, outcome }).inc();
        self.reconcile_duration
            .get_or_create(&Kind { kind })
            .observe(took.as_secs_f64());
    }

    /// Counts one request to a cloud; a request without a fault is counted as `None`.
    pub fn remote_call(
        &self,
        service: &'static str,
        operation: &'static str,
        fault: Option<Fault>,
        took: Duration,
    ) {
        let call = RemoteCall {
            service,
            operation,
            fault: fault.map_or("None", Fault::as_str),
        };
        self.remote_calls.get_or_create(&call).inc();
        self.remote_call_duration
            .get_or_create(&Operation { service, operation })
            .observe(took.as_secs_f64());
    }

    /// Records how long an object had been due when its pass began.
    pub fn observe_wait(&self, kind: &'static str, waited: Duration) {
        self.queue_age
            .get_or_create(&Kind { kind })
            .observe(waited.as_secs_f64());
    }

    /// Sets how many requests the tightest budget of this operation still allows at once.
    pub fn set_budget_left(&self, service: &'static str, operation: &'static str, left: f64) {
        self.budget_left
            .get_or_create(&Operation { service, operation })
            .set(left);
    }

    /// Sets how the jobs of a kind stand.
    pub fn set_jobs(&self, kind: &'static str, counts: ReadyCounts) {
        for (ready, count) in [
            ("True", counts.ready),
            ("False", counts.not_ready),
            ("Unknown", counts.unknown),
        ] {
            self.jobs.get_or_create(&Jobs { kind, ready }).set(count.into());
        }
    }

    /// Sets whether this replica leads.
    pub fn set_leader(&self, leads: bool) {
        self.leader.set(leads.into());
    }

    /// All numbers in the text format of Prometheus.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// From 10 ms to 82 s: a request may wait 15 s, a pass holds several.
fn short() -> Histogram {
    Histogram::new(exponential_buckets(0.01, 2.0, 14))
}

/// From 0.1 s to 27 min: a long queue is what this is watched for.
fn long() -> Histogram {
    Histogram::new(exponential_buckets(0.1, 4.0, 8))
}
