//! The controllers as streams over watches: triggers in, passes out; all decisions are the driver's.
use super::account::AccountKey;
use super::account::controller::{self as account, AccountResource};
use super::driver::{self, Context};
use super::kind::{JobKind, JobResource};
use super::queue::{Action, Queue};
use super::wake::{Wake, Wakes};
use super::watch::{Caches, Forgotten};
use futures::stream::BoxStream;
use futures::{FutureExt, Stream, StreamExt};
use kube::ResourceExt;
use kube::core::DeserializeGuard;
use kube::runtime::reflector::{self, ObjectRef, Store};
use kube::runtime::watcher;
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::{Id, JoinError, JoinSet};

/// Changes within this time are handled by one pass.
const DEBOUNCE: Duration = Duration::from_millis(50);
/// How long after an error that could not be shown in a status.
const RETRY: Duration = Duration::from_secs(5);

/// A job object as it is cached: one that cannot be read does not blind the watch.
pub type Guarded<K> = DeserializeGuard<<K as JobKind>::Resource>;

/// One watch: its cache, and the stream that fills it.
pub struct Watched<R>
where
    R: reflector::Lookup<DynamicType = ()> + Clone + 'static,
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
    let controller = Controller {
        name: K::CONTROLLER,
        concurrency: concurrency.into(),
        is_first: |object: &Guarded<K>| object.0.as_ref().is_ok_and(is_new),
        pass: |object| driver::reconcile::<K>(object, context.clone()),
    };
    controller.run(watched, woken, shutdown).await;
}

/// Runs the passes over the accounts of one watch until `shutdown`.
pub async fn accounts<A: AccountResource>(
    watched: Watched<DeserializeGuard<A>>,
    context: Arc<account::Context>,
    woken: UnboundedReceiver<Wake>,
    shutdown: impl Future<Output = ()> + Send + Sync + 'static,
) {
    let woken = unfold(woken).map(|wake| wake.object());
    let controller = Controller {
        name: "account",
        concurrency: 4,
        is_first: |_: &DeserializeGuard<A>| false,
        pass: |object| account::reconcile::<A>(object, context.clone()),
    };
    controller.run(watched, woken, shutdown).await;
}

/// Whether the status does not answer the spec yet: the object is new, was changed, or is to be deleted.
fn is_new<R: JobResource>(job: &R) -> bool {
    let observed = job.job_status().and_then(|status| status.observed_generation);
    observed != job.meta().generation
}

/// How the objects of one watch have their passes.
struct Controller<F, P> {
    name: &'static str,
    /// How many at a time.
    concurrency: usize,
    /// Tells new and changed objects from others.
    is_first: F,
    pass: P,
}

impl<F, P> Controller<F, P> {
    /// Each pass is a task of its own, so that all cores are used. Those that are under way at the end are waited for.
    async fn run<R, Fut, E>(
        self,
        watched: Watched<R>,
        woken: impl Stream<Item = ObjectRef<R>> + Send,
        shutdown: impl Future<Output = ()> + Send,
    ) where
        R: reflector::Lookup<DynamicType = ()> + Clone + Send + Sync + 'static,
        F: Fn(&R) -> bool,
        P: Fn(Arc<R>) -> Fut,
        Fut: Future<Output = Result<Action, E>> + Send + 'static,
        E: std::error::Error + Send + 'static,
    {
        let Watched { store, stream } = watched;
        let mut changes = pin!(stream);
        let mut woken = pin!(woken);
        let mut shutdown = pin!(shutdown);
        let mut filled = pin!(store.wait_until_ready().fuse());
        let mut is_filled = false;
        let mut queue = Queue::default();
        let mut passes = Passes::default();
        loop {
            if is_filled {
                self.begin(&store, &mut queue, &mut passes);
            }
            let due = queue
                .due()
                .filter(|_| is_filled && passes.len() < self.concurrency);
            tokio::select! {
                () = &mut shutdown => break,
                // A cache whose writer is gone belongs to a watch that has ended: nothing changes any more.
                _ = &mut filled, if !is_filled => is_filled = true,
                Some((object, next)) = passes.ended(self.name) => queue.done(object, next),
                Some(change) = changes.next() => match change {
                    Ok(object) => queue.ask(ObjectRef::from_obj(&object), Instant::now() + DEBOUNCE),
                    Err(error) => tracing::warn!(controller = self.name, %error, "Watch failed"),
                },
                Some(object) = woken.next() => queue.ask(object, Instant::now() + DEBOUNCE),
                () = sleep_until(due), if due.is_some() => {}
            }
        }
        while passes.ended(self.name).await.is_some() {}
    }

    fn begin<R, Fut, E>(
        &self,
        store: &Store<R>,
        queue: &mut Queue<ObjectRef<R>>,
        passes: &mut Passes<ObjectRef<R>, Result<Action, E>>,
    ) where
        R: reflector::Lookup<DynamicType = ()> + Clone + Send + Sync + 'static,
        F: Fn(&R) -> bool,
        P: Fn(Arc<R>) -> Fut,
        Fut: Future<Output = Result<Action, E>> + Send + 'static,
        E: Send + 'static,
    {
        let is_first =
            |object: &ObjectRef<R>| store.get(object).is_some_and(|object| (self.is_first)(&object));
        while passes.len() < self.concurrency
            && let Some(key) = queue.next(Instant::now(), is_first)
        {
            match store.get(&key) {
                Some(object) => passes.begin(key, (self.pass)(object)),
                // An object that was woken and is gone meanwhile.
                None => queue.done(key, None),
            }
        }
    }
}

/// The passes that are under way, and whose they are.
struct Passes<T, O> {
    tasks: JoinSet<O>,
    objects: HashMap<Id, T>,
}

impl<T, O: 'static> Default for Passes<T, O> {
    fn default() -> Self {
        Self {
            tasks: JoinSet::new(),
            objects: HashMap::new(),
        }
    }
}

impl<T, E> Passes<T, Result<Action, E>>
where
    E: std::error::Error + Send + 'static,
{
    /// The next one that ends, and when its object has another; `None` where none is under way.
    async fn ended(&mut self, controller: &'static str) -> Option<(T, Option<Instant>)> {
        let ended = self.tasks.join_next_with_id().await?;
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let after = match ended {
            Ok((_, Ok(Action::Requeue(after)))) => Some(after),
            Ok((_, Ok(Action::AwaitChange))) => None,
            Ok((_, Err(error))) => {
                tracing::warn!(
                    controller,
                    error = &error as &dyn std::error::Error,
                    "Pass failed"
                );
                Some(RETRY)
            }
            Err(error) => {
                tracing::error!(controller, %error, "Pass panicked");
                Some(RETRY)
            }
        };
        let next = after.and_then(|after| Instant::now().checked_add(after));
        Some((self.objects.remove(&id)?, next))
    }
}

impl<T, O: Send + 'static> Passes<T, O> {
    fn len(&self) -> usize {
        self.tasks.len()
    }

    fn begin(&mut self, object: T, pass: impl Future<Output = O> + Send + 'static) {
        let id = self.tasks.spawn(pass).id();
        self.objects.insert(id, object);
    }
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// Whether any cached job refers to an account, as the account controller asks it.
pub fn uses<K: JobKind>(caches: Caches<Guarded<K>>) -> account::Uses {
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

/// Has accounts look again whether they are needed once a job object has left the cache.
pub fn leavers<K: JobKind>(wakes: Arc<Wakes>) -> Forgotten<Guarded<K>> {
    Arc::new(move |object| {
        let Some(object) = object else {
            return wakes.accounts().iter().for_each(|key| wake(&wakes, key));
        };
        if let Ok(job) = &object.0 {
            let namespace = job.namespace().unwrap_or_default();
            wake(&wakes, &AccountKey::of(&job.policy().account_ref, &namespace));
        }
    })
}

fn wake(wakes: &Wakes, account: &AccountKey) {
    wakes.wake(account.controller(), &account.namespace, &account.name);
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
