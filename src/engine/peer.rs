//! Objects of the group that refer to each other: what a reference comes to, and who refers to an object. Reads caches only.
use super::controller::Guarded;
use super::kind::{JobKind, JobResource, Reference};
use super::watch::Caches;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::runtime::reflector::ObjectRef;
use kube::{Resource, ResourceExt};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An object of the group, as references name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PeerKey {
    /// Its kind, as manifests spell it.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl PeerKey {
    /// What a reference in this namespace names.
    pub fn of(reference: &Reference, namespace: &str) -> Self {
        Self {
            kind: reference.kind.to_owned(),
            namespace: namespace.to_owned(),
            name: reference.name.clone(),
        }
    }

    /// The key of an object.
    pub fn object<K: JobKind>(resource: &K::Resource) -> Self {
        Self {
            kind: K::Resource::kind(&()).into_owned(),
            namespace: resource.namespace().unwrap_or_default(),
            name: resource.name_any(),
        }
    }
}

/// What others see of an object: who refers to it is woken when this changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    id: Option<String>,
    ready: Result<(), String>,
    deleting: bool,
}

impl Face {
    /// What others see of this object.
    pub fn of(resource: &impl JobResource) -> Self {
        let status = resource.job_status();
        let conditions = status
            .map(|status| status.conditions.as_slice())
            .unwrap_or_default();
        let ready = conditions.iter().find(|condition| condition.type_ == "Ready");
        Self {
            id: status.and_then(|status| status.id.clone()),
            ready: readiness(ready),
            deleting: resource.meta().deletion_timestamp.is_some(),
        }
    }
}

fn readiness(ready: Option<&Condition>) -> Result<(), String> {
    match ready {
        Some(condition) if condition.status == "True" => Ok(()),
        Some(condition) => Err(condition.reason.clone()),
        None => Err("Unknown".to_owned()),
    }
}

/// Why a reference cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// Not every object was seen yet.
    #[error("the objects of the cluster are still being read")]
    NotKnown,
    /// There is no such object.
    #[error("{kind} {name} does not exist in this namespace: create it")]
    Missing {
        /// The kind.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// The object is on its way out.
    #[error("{kind} {name} is being deleted: refer to another")]
    Deleting {
        /// The kind.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// The object is not ready.
    #[error("{kind} {name} is not ready ({reason}): see its conditions")]
    NotReady {
        /// The kind.
        kind: &'static str,
        /// The name.
        name: String,
        /// The reason of its condition `Ready`.
        reason: String,
    },
}

/// What the caches of a kind hold of an object.
enum Found {
    /// They were not filled yet.
    NotKnown,
    /// There is no such object.
    Missing,
    /// It is stored under another version of its definition.
    Unreadable,
    /// It is there.
    Object(Face),
}

type Find = Box<dyn Fn(&PeerKey) -> Found + Send + Sync>;
type Holders = Box<dyn Fn(&PeerKey) -> Option<Vec<String>> + Send + Sync>;

struct Kind {
    name: String,
    find: Find,
    holders: Holders,
}

/// The caches of every kind.
#[derive(Default)]
pub struct Peers(Mutex<Vec<Arc<Kind>>>);

impl Peers {
    /// Lets objects of this kind refer and be referred to.
    pub fn add<K: JobKind>(&self, caches: Caches<Guarded<K>>) {
        let all = caches.clone();
        let kind = Kind {
            name: K::Resource::kind(&()).into_owned(),
            find: Box::new(move |key| find::<K>(&caches, key)),
            holders: Box::new(move |key| holders::<K>(&all, key)),
        };
        self.kinds().push(Arc::new(kind));
    }

    /// The remote id of the object that a reference names.
    ///
    /// # Errors
    /// When there is none that can be used.
    pub fn resolve(&self, reference: &Reference, namespace: &str) -> Result<String, Unresolved> {
        let (kind, name) = (reference.kind, reference.name.clone());
        let known = self.kinds().iter().find(|known| known.name == kind).cloned();
        let Some(known) = known else {
            return Err(Unresolved::Missing { kind, name });
        };
        let reason = match (known.find)(&PeerKey::of(reference, namespace)) {
            Found::NotKnown => return Err(Unresolved::NotKnown),
            Found::Missing => return Err(Unresolved::Missing { kind, name }),
            Found::Object(face) if face.deleting => return Err(Unresolved::Deleting { kind, name }),
            Found::Object(Face {
                ready: Ok(()),
                id: Some(id),
                ..
            }) => return Ok(id),
            Found::Object(Face { ready: Ok(()), .. }) => "without a remote id".to_owned(),
            Found::Object(Face {
                ready: Err(reason), ..
            }) => reason,
            Found::Unreadable => "it cannot be read".to_owned(),
        };
        Err(Unresolved::NotReady { kind, name, reason })
    }

    /// Every object that refers to this one, as kind and name; `None` while not every object was seen.
    pub fn holders(&self, key: &PeerKey) -> Option<Vec<String>> {
        let kinds = self.kinds().clone();
        let mut holders = vec![];
        for kind in kinds {
            holders.extend((kind.holders)(key)?);
        }
        holders.sort();
        Some(holders)
    }

    fn kinds(&self) -> MutexGuard<'_, Vec<Arc<Kind>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find<K: JobKind>(caches: &Caches<Guarded<K>>, key: &PeerKey) -> Found {
    let reference = ObjectRef::new(&key.name).within(&key.namespace);
    let Some(object) = caches.get(&reference) else {
        // Missing can only be told of a cache that was filled.
        return if caches.are_filled() {
            Found::Missing
        } else {
            Found::NotKnown
        };
    };
    match &object.0 {
        Ok(resource) => Found::Object(Face::of(resource)),
        Err(_) => Found::Unreadable,
    }
}

fn holders<K: JobKind>(caches: &Caches<Guarded<K>>, key: &PeerKey) -> Option<Vec<String>> {
    let refers = |resource: &&K::Resource| {
        resource.namespace().as_ref() == Some(&key.namespace)
            && K::references(resource)
                .iter()
                .any(|reference| reference.kind == key.kind && reference.name == key.name)
    };
    let objects = caches.all()?;
    let resources = objects.iter().filter_map(|object| object.0.as_ref().ok());
    let holders = resources.filter(refers);
    Some(
        holders
            .map(|holder| format!("{} {}", K::Resource::kind(&()), holder.name_any()))
            .collect(),
    )
}
