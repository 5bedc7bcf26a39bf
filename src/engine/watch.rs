//! Watch streams and caches; the only place that uses the unstable parts of the runtime.
use futures::stream::{BoxStream, SelectAll};
use futures::{StreamExt, TryStreamExt};
use kube::runtime::reflector::{self, ObjectRef, Store};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

/// Which objects this process is in charge of.
#[derive(Clone, Debug, Default)]
pub struct Area {
    /// The watched namespaces; empty for all.
    pub namespaces: Vec<String>,
    /// A label selector by which job objects are shared between several installations.
    pub shard_selector: Option<String>,
}

impl Area {
    /// Whether other installations may be in charge of other objects of the same accounts.
    pub fn is_partial(&self) -> bool {
        !self.namespaces.is_empty() || self.shard_selector.is_some()
    }

    /// One API per watched namespace, or one for all of them.
    pub fn apis<K>(&self, client: &Client) -> Vec<Api<K>>
    where
        K: Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope>,
    {
        if self.namespaces.is_empty() {
            return vec![Api::all(client.clone())];
        }
        self.namespaces
            .iter()
            .map(|ns| Api::namespaced(client.clone(), ns))
            .collect()
    }

    /// Whether changes in a namespace are seen.
    pub fn covers(&self, namespace: &str) -> bool {
        self.namespaces.is_empty() || self.namespaces.iter().any(|ns| ns == namespace)
    }

    /// The watch of job objects.
    pub fn jobs(&self) -> watcher::Config {
        let config = watcher::Config::default();
        match &self.shard_selector {
            Some(selector) => config.labels(selector),
            None => config,
        }
    }
}

/// Told once a cache has forgotten a deleted object; without one where the cache was filled anew, so that any may be
/// gone.
pub type Forgotten<K> = Arc<dyn Fn(Option<&K>) + Send + Sync>;

/// The objects of one watch as they are applied, and a cache of them without what no pass reads.
pub fn cached<K>(
    api: Api<K>,
    config: watcher::Config,
    forgotten: Forgotten<K>,
) -> (Store<K>, BoxStream<'static, watcher::Result<K>>)
where
    K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Send + Sync + 'static,
    K::DynamicType: Eq + Hash + Clone,
{
    let (store, writer) = reflector::store();
    let stream = watcher(api, config)
        .default_backoff()
        .modify(slim)
        .reflect(writer)
        .inspect_ok(move |event| match event {
            watcher::Event::Delete(object) => forgotten(Some(object)),
            watcher::Event::InitDone => forgotten(None),
            watcher::Event::Apply(_) | watcher::Event::Init | watcher::Event::InitApply(_) => {}
        })
        .applied_objects()
        .boxed();
    (store, stream)
}

/// Several caches of one kind, one for each watched namespace.
pub struct Caches<K: Resource<DynamicType = ()> + Clone + 'static>(Vec<Store<K>>);

impl<K> Clone for Caches<K>
where
    K: Resource<DynamicType = ()> + Clone + 'static,
{
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K> Caches<K>
where
    K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Send + Sync + 'static,
{
    /// The caches, and the streams that fill them when they are driven.
    pub fn new(
        apis: Vec<Api<K>>,
        config: &watcher::Config,
        forgotten: &Forgotten<K>,
    ) -> (Self, Vec<BoxStream<'static, watcher::Result<K>>>) {
        let (stores, streams) = apis
            .into_iter()
            .map(|api| cached(api, config.clone(), forgotten.clone()))
            .unzip();
        (Self(stores), streams)
    }

    /// The cached object.
    pub fn get(&self, key: &ObjectRef<K>) -> Option<Arc<K>> {
        self.0.iter().find_map(|store| store.get(key))
    }

    /// Every cached object; `None` until every cache has been filled once.
    pub fn all(&self) -> Option<Vec<Arc<K>>> {
        self.are_filled()
            .then(|| self.0.iter().flat_map(Store::state).collect())
    }

    /// Whether every cache has been filled once.
    pub fn are_filled(&self) -> bool {
        use futures::FutureExt;
        self.0
            .iter()
            .all(|store| store.wait_until_ready().now_or_never().is_some())
    }

    /// The cache of each watch, in the order of the streams.
    pub fn stores(&self) -> &[Store<K>] {
        &self.0
    }
}

/// What happens to Secrets, as names and versions; their values are never watched.
pub fn touched<K>(apis: Vec<Api<K>>) -> SelectAll<BoxStream<'static, watcher::Result<watcher::Event<K>>>>
where
    K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Send + 'static,
{
    let streams = apis.into_iter().map(|api| {
        watcher(api, watcher::Config::default())
            .default_backoff()
            .map_ok(|event| event.modify(slim))
            .boxed()
    });
    futures::stream::select_all(streams)
}

/// Drops what no pass reads before a cache keeps it.
pub fn slim<R: Resource>(object: &mut R) {
    object.meta_mut().managed_fields = None;
    object
        .annotations_mut()
        .remove("kubectl.kubernetes.io/last-applied-configuration");
}
