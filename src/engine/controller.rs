//! The controllers as streams over watches: triggers in, passes out; all decisions are the driver's.
use super::account::controller::{self as account, AccountResource};
use super::driver::{self, Context};
use super::kind::JobKind;
use super::wake::Wake;
use super::watch::Caches;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use kube::ResourceExt;
use kube::core::DeserializeGuard;
use kube::runtime::controller::Action;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::runtime::{Controller, controller, watcher};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// Changes within this time are handled by one pass.
const DEBOUNCE: Duration = Duration::from_millis(50);
/// How long after an error that could not be shown in a status.
const RETRY: Duration = Duration::from_secs(5);

/// A job object as it is cached: one that cannot be read does not blind the watch.
pub type Guarded<K> = DeserializeGuard<<K as JobKind>::Resource>;

/// One watch: its cache, and the stream that fills it.
pub struct Watched<R>
where
    R: kube::runtime::reflector::Lookup<DynamicType = ()> + Clone + 'static,
{
    /// The cache.
    pub store: Store<R>,
    /// The stream.
    pub stream: BoxStream<'static, watcher::Result<R>>,
}

/// Runs the passes over the job objects of one watch until `shutdown`.
pub async fn jobs<K: JobKind>(
    watched: Watched<Guarded<K>>,
    context: Arc<Context<K>>,
    concurrency: u16,
    shutdown: impl Future<Output = ()> + Send + Sync + 'static,
) {
    let woken = woken::<K>(watched.store.clone(), context.clone());
    Controller::for_stream(watched.stream, watched.store)
        .with_config(
            controller::Config::default()
                .concurrency(concurrency)
                .debounce(DEBOUNCE),
        )
        .reconcile_on(woken)
        .graceful_shutdown_on(shutdown)
        .run(driver::reconcile::<K>, retry::<K>, context)
        .for_each(async |result| report(K::CONTROLLER, &result))
        .await;
}

/// Runs the passes over the accounts of one watch until `shutdown`.
pub async fn accounts<A: AccountResource>(
    watched: Watched<DeserializeGuard<A>>,
    context: Arc<account::Context>,
    woken: UnboundedReceiver<Wake>,
    shutdown: impl Future<Output = ()> + Send + Sync + 'static,
) {
    let woken = unfold(woken).map(|wake| wake.object());
    Controller::for_stream(watched.stream, watched.store)
        .with_config(controller::Config::default().concurrency(4).debounce(DEBOUNCE))
        .reconcile_on(woken)
        .graceful_shutdown_on(shutdown)
        .run(account::reconcile::<A>, |_, _, _| Action::requeue(RETRY), context)
        .for_each(async |result| report("account", &result))
        .await;
}

/// Whether any cached job refers to an account, as the account controller asks it.
pub fn uses<K: JobKind>(caches: Caches<Guarded<K>>) -> account::Uses {
    use super::account::AccountKey;
    use super::kind::JobResource;
    Arc::new(move |key| {
        let objects = caches.all()?;
        Some(
            objects
                .iter()
                .filter_map(|object| object.0.as_ref().ok())
                .any(|job| {
                    AccountKey::of(&job.policy().account_ref, &job.namespace().unwrap_or_default()) == *key
                }),
        )
    })
}

fn woken<K: JobKind>(
    store: Store<Guarded<K>>,
    context: Arc<Context<K>>,
) -> impl Stream<Item = ObjectRef<Guarded<K>>> + Send {
    unfold(context.wakes.listen(K::CONTROLLER)).map(move |wake| {
        let reference = wake.object();
        if let Some(uid) = store.get(&reference).and_then(|object| object.uid()) {
            context.tracks.of(&uid).disturb();
        }
        reference
    })
}

fn unfold(receiver: UnboundedReceiver<Wake>) -> impl Stream<Item = Wake> + Send {
    futures::stream::unfold(receiver, async |mut receiver| {
        let wake = receiver.recv().await?;
        Some((wake, receiver))
    })
}

fn retry<K: JobKind>(_: Arc<Guarded<K>>, _: &driver::Error, _: Arc<Context<K>>) -> Action {
    Action::requeue(RETRY)
}

fn report<T, E: std::error::Error + 'static, Q: std::error::Error + 'static>(
    controller: &'static str,
    result: &Result<T, controller::Error<E, Q>>,
) {
    match result {
        // An object that was woken and is gone meanwhile is nobody's failure.
        Ok(_) | Err(controller::Error::ObjectNotFound(_)) => {}
        Err(error) => tracing::warn!(controller, error = error as &dyn std::error::Error, "Pass failed"),
    }
}
