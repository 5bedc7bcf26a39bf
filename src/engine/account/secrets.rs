//! Values of Secrets on demand, cached until the Secret changes; the only reader of Secrets, and it never logs one.
use crate::engine::wake::{Dependency, Wakes};
use crate::engine::watch::{Area, touched};
use futures::StreamExt;
use k8s_openapi::api::core::v1::Secret;
use kube::core::PartialObjectMeta;
use kube::runtime::watcher::Event;
use kube::{Api, Client, ResourceExt};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long the Secret of an unwatched namespace is believed to be unchanged.
const UNWATCHED: Duration = Duration::from_secs(30);

/// One Secret.
pub struct SecretData {
    /// Its version; changes whenever anything of it does.
    pub version: String,
    /// Names its values; changes only when they do. Held in memory, never shown.
    pub content: String,
    /// Whether it is on its way out.
    pub terminating: bool,
    /// Its values.
    pub values: BTreeMap<String, SecretSlice<u8>>,
}

impl SecretData {
    /// A value as text, without one line break at its end; `None` when there is no such key or it is no text.
    pub fn text(&self, key: &str) -> Option<SecretString> {
        let bytes = self.values.get(key)?;
        let text = std::str::from_utf8(bytes.expose_secret()).ok()?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        Some(text.strip_suffix('\r').unwrap_or(text).to_owned().into())
    }
}

type Name = (String, String);
/// A Secret as read, or that there is none, and when.
type Entry = (Option<Arc<SecretData>>, Instant);

/// The Secrets that objects refer to.
pub struct Secrets {
    client: Client,
    area: Area,
    wakes: Arc<Wakes>,
    entries: Mutex<HashMap<Name, Entry>>,
}

impl Secrets {
    /// A cache that [`follow`](Self::follow) keeps true.
    pub fn new(client: Client, area: Area, wakes: Arc<Wakes>) -> Self {
        Self {
            client,
            area,
            wakes,
            entries: Mutex::default(),
        }
    }

    /// A Secret; `None` when there is none.
    ///
    /// # Errors
    /// When the API server cannot be asked.
    pub async fn get(&self, namespace: &str, name: &str) -> Result<Option<Arc<SecretData>>, kube::Error> {
        let key = (namespace.to_owned(), name.to_owned());
        if let Some((data, read)) = self.entries().get(&key)
            && (self.area.covers(namespace) || read.elapsed() < UNWATCHED)
        {
            return Ok(data.clone());
        }
        let secret = Api::<Secret>::namespaced(self.client.clone(), namespace)
            .get_opt(name)
            .await?;
        let data = secret.map(|s| Arc::new(read(s)));
        self.entries().insert(key, (data.clone(), Instant::now()));
        Ok(data)
    }

    /// Follows changes of Secrets, drops what is out of date and wakes who depends on it. Never ends by itself.
    pub async fn follow(self: Arc<Self>) {
        let apis = self.area.apis::<PartialObjectMeta<Secret>>(&self.client);
        let mut events = touched(apis);
        while let Some(event) = events.next().await {
            match event {
                Ok(Event::Apply(secret) | Event::InitApply(secret)) => {
                    self.seen(&secret, secret.metadata.resource_version.as_ref());
                }
                Ok(Event::Delete(secret)) => self.seen(&secret, None),
                // What vanished while the watch was down is not named by any event.
                Ok(Event::InitDone) => self.forget_missing(),
                Ok(Event::Init) => {}
                Err(error) => tracing::warn!(%error, "Watching Secrets failed, trying again"),
            }
        }
    }

    fn seen(&self, secret: &PartialObjectMeta<Secret>, version: Option<&String>) {
        let key = (secret.namespace().unwrap_or_default(), secret.name_any());
        let stale = self
            .entries()
            .get(&key)
            .is_some_and(|(data, _)| data.as_ref().map(|d| &d.version) != version);
        if stale {
            self.entries().remove(&key);
        }
        let dependency = Dependency::Secret(key.0, key.1);
        if stale && self.wakes.is_needed(&dependency) {
            self.wakes.changed(&dependency);
        }
    }

    /// Secrets that no pass has asked for since the watch began are read again when they are needed.
    fn forget_missing(&self) {
        self.entries().clear();
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Name, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(secret: Secret) -> SecretData {
    let terminating = secret.metadata.deletion_timestamp.is_some();
    let version = secret.metadata.resource_version.unwrap_or_default();
    let data = secret.data.unwrap_or_default();
    let mut digest = Sha256::new();
    for (key, value) in &data {
        digest.update(key.len().to_be_bytes());
        digest.update(key);
        digest.update(value.0.len().to_be_bytes());
        digest.update(&value.0);
    }
    let content = hex::encode(digest.finalize());
    let values = data
        .into_iter()
        .map(|(key, value)| (key, value.0.into()))
        .collect();
    SecretData {
        version,
        content,
        terminating,
        values,
    }
}
