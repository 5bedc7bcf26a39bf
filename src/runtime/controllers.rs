//! The one place that starts controllers.
use super::digest_key::{DigestKeyError, digest_key};
use super::metrics::{Metrics, ReadyCounts};
use super::run::RunContext;
use crate::api::account::{CloudAccount, ClusterCloudAccount};
use crate::engine::account::controller as account;
use crate::engine::account::{Accounts, Secrets, finalizer_name};
use crate::engine::controller::{Guarded, Watched, accounts, jobs, leavers, uses};
use crate::engine::driver::{Context, PassObserver};
use crate::engine::events::Events;
use crate::engine::kind::{JobKind, JobResource};
use crate::engine::look::Looks;
use crate::engine::peer::Peers;
use crate::engine::track::Tracks;
use crate::engine::wake::Wakes;
use crate::engine::watch::{Area, Caches, Forgotten};
use crate::kinds::{self, Visitor};
use crate::remote::{CallObserver, Fault, RemoteOptions};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use futures::stream::BoxStream;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::core::DeserializeGuard;
use kube::runtime::watcher;
use kube::{Api, CustomResourceExt, Resource};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How often gauges are brought up to date.
const GAUGES: Duration = Duration::from_secs(15);

/// Every custom resource definition of this operator.
#[must_use]
pub fn definitions() -> Vec<CustomResourceDefinition> {
    struct Definitions(Vec<CustomResourceDefinition>);
    impl Visitor for Definitions {
        fn visit<K: JobKind>(&mut self) {
            self.0.push(K::Resource::crd());
        }
    }
    let mut definitions = Definitions(vec![CloudAccount::crd(), ClusterCloudAccount::crd()]);
    kinds::each(&mut definitions);
    definitions.0
}

/// The plural of every kind that has a definition. Definitions themselves take megabytes, which a process that runs would
/// hold for nothing.
#[must_use]
pub fn plurals() -> BTreeSet<String> {
    namespaced().into_iter().chain(cluster_wide()).collect()
}

/// The plural of every namespaced kind, sorted.
pub(super) fn namespaced() -> Vec<String> {
    struct Plurals(Vec<String>);
    impl Visitor for Plurals {
        fn visit<K: JobKind>(&mut self) {
            self.0.push(K::Resource::plural(&()).into_owned());
        }
    }
    let mut plurals = Plurals(vec![CloudAccount::plural(&()).into_owned()]);
    kinds::each(&mut plurals);
    plurals.0.sort();
    plurals.0
}

/// The plural of every kind that is in no namespace.
pub(super) fn cluster_wide() -> Vec<String> {
    vec![ClusterCloudAccount::plural(&()).into_owned()]
}

/// Runs all controllers until the process is asked to end and their passes have ended.
pub async fn run(context: RunContext) -> Result<(), DigestKeyError> {
    let namespace = context.args.lease_namespace();
    let key = digest_key(&context.client, &namespace, &context.args.lease_name).await?;
    let mut start = Start::new(context, key);
    kinds::each(&mut start);
    start.drive().await;
    Ok(())
}

type AccountCaches<A> = (
    Caches<DeserializeGuard<A>>,
    Vec<BoxStream<'static, watcher::Result<DeserializeGuard<A>>>>,
);

/// Controllers that are about to run, and what they share.
struct Start {
    context: RunContext,
    area: Area,
    wakes: Arc<Wakes>,
    secrets: Arc<Secrets>,
    peers: Arc<Peers>,
    accounts: Arc<Accounts>,
    digest_key: Arc<crate::engine::digest::DigestKey>,
    namespaced: AccountCaches<CloudAccount>,
    cluster: AccountCaches<ClusterCloudAccount>,
    users: Vec<account::Uses>,
    filled: Vec<BoxFuture<'static, ()>>,
    gauges: Vec<Box<dyn Fn() + Send>>,
    running: Vec<BoxFuture<'static, ()>>,
}

impl Start {
    fn new(context: RunContext, key: crate::engine::digest::DigestKey) -> Self {
        let area = Area {
            namespaces: context.args.namespaces().into_iter().collect(),
            shard_selector: Some(context.args.shard_selector.to_string()).filter(|s| !s.is_empty()),
        };
        let release = format!("{}/{}", context.args.lease_namespace(), context.args.lease_name);
        let client = context.client.clone();
        let wakes = Arc::new(Wakes::default());
        let secrets = Arc::new(Secrets::new(client.clone(), area.clone(), wakes.clone()));
        let everything = watcher::Config::default();
        let namespaced = Caches::new(area.apis(&client), &everything, &nobody());
        let cluster = Caches::new(vec![Api::all(client.clone())], &everything, &nobody());
        let accounts = Accounts::new(
            client,
            options(&context),
            Arc::new(Observer(context.metrics.clone())),
            secrets.clone(),
            namespaced.0.clone(),
            cluster.0.clone(),
            finalizer_name(&area, &release),
        );
        Self {
            accounts: Arc::new(accounts),
            digest_key: Arc::new(key),
            context,
            area,
            wakes,
            secrets,
            peers: Arc::default(),
            namespaced,
            cluster,
            users: vec![],
            filled: vec![],
            gauges: vec![],
            running: vec![],
        }
    }

    async fn drive(mut self) {
        let shared = Arc::new(account::Context {
            client: self.context.client.clone(),
            accounts: self.accounts.clone(),
            secrets: self.secrets.clone(),
            wakes: self.wakes.clone(),
            users: std::mem::take(&mut self.users),
            attempts: Mutex::default(),
            proved: Mutex::default(),
            told: Mutex::default(),
        });
        let (namespaced, cluster) = (self.namespaced, self.cluster);
        for (store, stream) in namespaced.0.stores().to_vec().into_iter().zip(namespaced.1) {
            self.filled.push(filled(store.clone()));
            let woken = self.wakes.listen("cloudaccount");
            let shutdown = self.context.shutdown.asked();
            self.running
                .push(accounts(Watched { store, stream }, shared.clone(), woken, shutdown).boxed());
        }
        for (store, stream) in cluster.0.stores().to_vec().into_iter().zip(cluster.1) {
            self.filled.push(filled(store.clone()));
            let woken = self.wakes.listen("clustercloudaccount");
            let shutdown = self.context.shutdown.asked();
            self.running
                .push(accounts(Watched { store, stream }, shared.clone(), woken, shutdown).boxed());
        }
        let caches = self.context.readiness.check("caches");
        caches.fail("filling");
        let all_filled = join_all(self.filled).map(|_| caches.pass("filled"));
        // Neither of these ends by itself; both end with the controllers.
        let background = [
            self.secrets.clone().follow().boxed(),
            gauges(self.context.metrics.clone(), self.accounts.clone(), self.gauges).boxed(),
        ];
        let controllers = futures::future::join(join_all(self.running.into_iter().map(spawned)), all_filled);
        tokio::select! {
            _ = controllers => {}
            _ = join_all(background) => {}
        }
    }
}

/// Each controller on a task of its own, so that all cores are used.
fn spawned(work: BoxFuture<'static, ()>) -> impl Future<Output = ()> {
    tokio::spawn(work).map(|ended| {
        if let Err(error) = ended {
            tracing::error!(%error, "A controller ended");
        }
    })
}

impl Visitor for Start {
    fn visit<K: JobKind>(&mut self) {
        let apis: Vec<Api<Guarded<K>>> = self.area.apis(&self.context.client);
        let (caches, streams) = Caches::new(apis, &self.area.jobs(), &leavers::<K>(self.wakes.clone()));
        self.users.push(uses::<K>(caches.clone()));
        self.peers.add::<K>(caches.clone());
        let context = Arc::new(Context::<K> {
            client: self.context.client.clone(),
            accounts: self.accounts.clone(),
            secrets: self.secrets.clone(),
            peers: self.peers.clone(),
            wakes: self.wakes.clone(),
            looks: Looks::default(),
            tracks: Tracks::default(),
            digest_key: self.digest_key.clone(),
            events: Events::new(self.context.client.clone(), "replication-operator"),
            settle: self.context.args.settle_window,
            tenure: self.context.tenure.clone().into_gate(),
            observer: Arc::new(Observer(self.context.metrics.clone())),
        });
        for (store, stream) in caches.stores().to_vec().into_iter().zip(streams) {
            self.filled.push(filled(store.clone()));
            let (concurrency, shutdown) =
                (self.context.args.concurrency.get(), self.context.shutdown.asked());
            let work = jobs(Watched { store, stream }, context.clone(), concurrency, shutdown);
            self.running.push(work.boxed());
        }
        let metrics = self.context.metrics.clone();
        self.gauges.push(Box::new(move || {
            if let Some(objects) = caches.all() {
                let statuses = objects.iter().map(|o| o.0.as_ref().ok().and_then(ready_status));
                metrics.set_jobs(K::CONTROLLER, counts(statuses));
            }
        }));
    }
}

/// Nobody waits for these objects to leave.
fn nobody<K: 'static>() -> Forgotten<K> {
    Arc::new(|_| {})
}

fn ready_status(resource: &impl JobResource) -> Option<&str> {
    let conditions = &resource.job_status()?.conditions;
    conditions
        .iter()
        .find(|c| c.type_ == "Ready")
        .map(|c| c.status.as_str())
}

fn counts<'a>(statuses: impl Iterator<Item = Option<&'a str>>) -> ReadyCounts {
    statuses.fold(ReadyCounts::default(), |mut counts, status| {
        match status {
            Some("True") => counts.ready += 1,
            Some("False") => counts.not_ready += 1,
            _ => counts.unknown += 1,
        }
        counts
    })
}

fn filled<K>(store: kube::runtime::reflector::Store<K>) -> BoxFuture<'static, ()>
where
    K: kube::runtime::reflector::Lookup<DynamicType = ()> + Clone + Send + Sync + 'static,
{
    async move {
        // A cache whose writer is gone belongs to a controller that has ended.
        let _ = store.wait_until_ready().await;
    }
    .boxed()
}

async fn gauges(metrics: Metrics, accounts: Arc<Accounts>, gauges: Vec<Box<dyn Fn() + Send>>) {
    let mut ticks = tokio::time::interval(GAUGES);
    loop {
        ticks.tick().await;
        for gauge in &gauges {
            gauge();
        }
        accounts.forget_missing();
        for budget in accounts.budgets() {
            metrics.set_budget_left(budget.service, budget.operation, f64::from(budget.left));
        }
    }
}

fn options(context: &RunContext) -> RemoteOptions {
    RemoteOptions {
        request_timeout: context.args.request_timeout,
        event_grid_stop_operation: context.args.eventgrid_stop_operation.as_str().into(),
        ..RemoteOptions::default()
    }
}

/// Counts passes and calls.
#[derive(Clone)]
struct Observer(Metrics);

impl std::fmt::Debug for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Observer")
    }
}

impl PassObserver for Observer {
    fn passed(&self, controller: &'static str, outcome: &'static str, took: Duration) {
        self.0.observe_reconcile(controller, outcome, took);
    }

    fn waited(&self, controller: &'static str, waited: Duration) {
        self.0.observe_wait(controller, waited);
    }
}

impl CallObserver for Observer {
    fn called(
        &self,
        service: &'static str,
        operation: &'static str,
        outcome: Result<(), Fault>,
        latency: Duration,
    ) {
        self.0.remote_call(service, operation, outcome.err(), latency);
    }
}
