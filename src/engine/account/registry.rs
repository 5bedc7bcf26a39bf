//! The registry of accounts: gives a job the connection of its account, or says why there is none.
use super::{AccountKey, Secrets};
use crate::api::account::{
    AllowedNamespaces, CloudAccount, ClusterCloudAccount, Connection, CredentialSource, Endpoint, Provider,
};
use crate::api::reference::{AccountKind, AccountRef, SecretKeyRef};
use crate::engine::account::secrets::SecretData;
use crate::engine::finalizer;
use crate::engine::wake::Dependency;
use crate::engine::watch::Caches;
use crate::remote::{
    self, CallObserver, Cloud, CredentialSource as Origin, Credentials, Rate, RemoteOptions, Settings,
    Standings,
};
use k8s_openapi::api::core::v1::Namespace;
use kube::core::{DeserializeGuard, PartialObjectMeta, Selector, SelectorExt};
use kube::runtime::reflector::ObjectRef;
use kube::{Api, Client, ResourceExt};
use secrecy::{ExposeSecret, SecretSlice};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long the labels of a namespace are believed.
const LABELS: Duration = Duration::from_mins(1);

/// Why an account cannot be used. The text is for `.status`.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// There is no such account.
    #[error(
        "{0} does not exist: create it. spec.accountRef cannot be changed: to use another account, delete this object (deletionPolicy Orphan keeps the remote job) and make it anew"
    )]
    Missing(AccountKey),
    /// It does not let this namespace in.
    #[error("{account} does not let namespace {namespace} in: add it to its spec.allowedNamespaces")]
    NotAllowed {
        /// The account.
        account: AccountKey,
        /// The namespace of the job.
        namespace: String,
    },
    /// Its Secret is not there.
    #[error("{account}: Secret {namespace}/{name} does not exist")]
    SecretMissing {
        /// The account.
        account: AccountKey,
        /// The namespace of the Secret.
        namespace: String,
        /// The name of the Secret.
        name: String,
    },
    /// Its settings or its Secret cannot be used as they are.
    #[error("{account}: {message}")]
    Unusable {
        /// The account.
        account: AccountKey,
        /// What is wrong and how to mend it.
        message: String,
    },
    /// The API server could not be asked.
    #[error("the API server could not be asked: {0}")]
    Kube(#[source] Box<kube::Error>),
}

/// A connection to the account of a job.
#[derive(Clone)]
pub struct Connected {
    /// What calls go through.
    pub cloud: Cloud,
    /// Tells this connection from every other: it changes whenever settings or credentials do.
    pub connection: u64,
    /// Whether account and Secret are kept while jobs need them; before that nothing may be created.
    pub guarded: bool,
}

/// An account object of either kind, reduced to what a connection needs.
pub struct AccountSpec {
    /// Which one it is.
    pub key: AccountKey,
    /// Its UID and generation: a change of either makes a new connection.
    pub version: (String, i64),
    /// Where it is.
    pub connection: Connection,
    /// Where its credentials come from.
    pub source: CredentialSource,
    /// The namespace and name of its Secret.
    pub secret: Option<(String, String)>,
    /// Which namespaces it lets in; `None` for its own.
    pub allowed: Option<AllowedNamespaces>,
    /// Whether it carries the finalizer.
    pub guarded: bool,
    /// Whether it is being deleted.
    pub terminating: bool,
}

/// Every account, and the connections that are open.
pub struct Accounts {
    client: Client,
    options: RemoteOptions,
    observer: Arc<dyn CallObserver>,
    secrets: Arc<Secrets>,
    namespaced: Caches<DeserializeGuard<CloudAccount>>,
    cluster: Caches<DeserializeGuard<ClusterCloudAccount>>,
    finalizer: String,
    /// What accounts with the same credential share.
    standings: Arc<Standings>,
    open: Mutex<HashMap<AccountKey, Open>>,
    labels: Mutex<HashMap<String, (Labels, Instant)>>,
    next: AtomicU64,
}

type Labels = BTreeMap<String, String>;

struct Open {
    fingerprint: Vec<String>,
    cloud: Cloud,
    connection: u64,
}

impl Accounts {
    /// A registry over caches that somebody drives.
    pub fn new(
        client: Client,
        options: RemoteOptions,
        observer: Arc<dyn CallObserver>,
        secrets: Arc<Secrets>,
        namespaced: Caches<DeserializeGuard<CloudAccount>>,
        cluster: Caches<DeserializeGuard<ClusterCloudAccount>>,
        finalizer: String,
    ) -> Self {
        Self {
            client,
            options,
            observer,
            secrets,
            namespaced,
            cluster,
            finalizer,
            standings: Arc::default(),
            open: Mutex::default(),
            labels: Mutex::default(),
            next: AtomicU64::new(1),
        }
    }

    /// The connection for a job in a namespace.
    pub async fn connect(&self, reference: &AccountRef, namespace: &str) -> Result<Connected, NotReady> {
        let key = AccountKey::of(reference, namespace);
        let spec = self.spec(&key).ok_or_else(|| NotReady::Missing(key.clone()))?;
        if !self.lets_in(&spec, namespace).await? {
            return Err(NotReady::NotAllowed {
                account: key,
                namespace: namespace.to_owned(),
            });
        }
        let (cloud, connection) = self.open(&spec).await?;
        Ok(Connected {
            cloud,
            connection,
            guarded: spec.guarded && !spec.terminating,
        })
    }

    /// The finalizer by which this installation holds accounts and their Secrets.
    pub fn finalizer(&self) -> &str {
        &self.finalizer
    }

    /// What a job with this reference has to be woken for.
    pub fn dependencies(&self, reference: &AccountRef, namespace: &str) -> Vec<Dependency> {
        let key = AccountKey::of(reference, namespace);
        let secret = self
            .spec(&key)
            .and_then(|spec| spec.secret)
            .map(|(ns, name)| Dependency::Secret(ns, name));
        std::iter::once(Dependency::Account(key)).chain(secret).collect()
    }

    /// The connection of an account, made anew when account, Secret or certificates changed.
    pub async fn open(&self, spec: &AccountSpec) -> Result<(Cloud, u64), NotReady> {
        let secret = self.secret(spec).await?;
        let authority = self.authority(spec).await?;
        let fingerprint = fingerprint(
            spec,
            secret.as_deref(),
            authority.as_ref().map(|(version, _)| version),
        );
        if let Some(open) = self
            .opened()
            .get(&spec.key)
            .filter(|open| open.fingerprint == fingerprint)
        {
            return Ok((open.cloud.clone(), open.connection));
        }
        let cloud = self.dial(spec, secret.as_deref(), authority.map(|(_, pem)| pem))?;
        let connection = self.next.fetch_add(1, Ordering::Relaxed);
        // Two passes may have dialled at once: the first to get here stays, so that all share its lists and its token.
        let mut opened = self.opened();
        if let Some(open) = opened
            .get(&spec.key)
            .filter(|open| open.fingerprint == fingerprint)
        {
            return Ok((open.cloud.clone(), open.connection));
        }
        let open = Open {
            fingerprint,
            cloud: cloud.clone(),
            connection,
        };
        if let Some(earlier) = opened.insert(spec.key.clone(), open) {
            cloud.succeed(&earlier.cloud);
        }
        Ok((cloud, connection))
    }

    /// Whether another account is held and uses the same Secret.
    pub fn is_secret_shared(&self, spec: &AccountSpec) -> bool {
        let shares =
            |other: &AccountSpec| other.key != spec.key && other.guarded && other.secret == spec.secret;
        self.specs().iter().any(shares)
    }

    /// What may still be sent at once, by operation: of several credentials, the one that has the least left.
    pub fn budgets(&self) -> Vec<remote::Budget> {
        let mut least: BTreeMap<_, remote::Budget> = BTreeMap::new();
        for budget in self.opened().values().flat_map(|open| open.cloud.budgets()) {
            let held = least.entry((budget.service, budget.operation)).or_insert(budget);
            held.left = held.left.min(budget.left);
        }
        least.into_values().collect()
    }

    /// Forgets an account that is gone.
    pub fn forget(&self, key: &AccountKey) {
        self.opened().remove(key);
    }

    /// Forgets the accounts that are gone without having been asked: nobody held them. What they declared counts no more.
    pub fn forget_missing(&self) {
        self.opened().retain(|key, _| self.spec(key).is_some());
    }

    /// The account as it is cached.
    pub fn spec(&self, key: &AccountKey) -> Option<AccountSpec> {
        match key.kind {
            AccountKind::CloudAccount => {
                let object = ObjectRef::new(&key.name).within(&key.namespace);
                self.namespaced
                    .get(&object)
                    .and_then(|a| a.0.as_ref().ok().map(|a| AccountSpec::of(a, &self.finalizer)))
            }
            AccountKind::ClusterCloudAccount => self.cluster.get(&ObjectRef::new(&key.name)).and_then(|a| {
                a.0.as_ref()
                    .ok()
                    .map(|a| AccountSpec::of_cluster(a, &self.finalizer))
            }),
        }
    }

    fn specs(&self) -> Vec<AccountSpec> {
        let namespaced = self.namespaced.all().unwrap_or_default();
        let cluster = self.cluster.all().unwrap_or_default();
        let own = namespaced.iter().filter_map(|a| a.0.as_ref().ok());
        let wide = cluster.iter().filter_map(|a| a.0.as_ref().ok());
        own.map(|a| AccountSpec::of(a, &self.finalizer))
            .chain(wide.map(|a| AccountSpec::of_cluster(a, &self.finalizer)))
            .collect()
    }

    fn dial(
        &self,
        spec: &AccountSpec,
        secret: Option<&SecretData>,
        authority: Option<SecretSlice<u8>>,
    ) -> Result<Cloud, NotReady> {
        let unusable = |message: String| NotReady::Unusable {
            account: spec.key.clone(),
            message,
        };
        let settings = self.settings(spec, secret, authority).map_err(unusable)?;
        Cloud::open(provider(spec), settings).map_err(|error| unusable(error.to_string()))
    }

    fn settings(
        &self,
        spec: &AccountSpec,
        secret: Option<&SecretData>,
        authority: Option<SecretSlice<u8>>,
    ) -> Result<Settings, String> {
        let connection = &spec.connection;
        let mut settings = Settings::new(&connection.region, credentials(spec, secret)?);
        settings.project_id.clone_from(&connection.project_id);
        for (service, Endpoint(url)) in &connection.endpoints {
            let url = url
                .parse()
                .map_err(|error| format!("endpoints.{service}: {error}"))?;
            settings.endpoints.insert(service.clone(), url);
        }
        for (service, limit) in &connection.rate_limit {
            let burst = u32::try_from(limit.burst).unwrap_or(1);
            let rate = Rate {
                requests_per_second: limit.requests_per_second,
                burst,
            };
            settings.rate_limit.insert(service.clone(), rate);
        }
        settings.ca_pem = authority.map(|pem| pem.expose_secret().to_vec());
        settings.options = self.options.clone();
        settings.observer = self.observer.clone();
        settings.standings = self.standings.clone();
        Ok(settings)
    }

    async fn secret(&self, spec: &AccountSpec) -> Result<Option<Arc<SecretData>>, NotReady> {
        let Some((namespace, name)) = &spec.secret else {
            return Ok(None);
        };
        match self
            .secrets
            .get(namespace, name)
            .await
            .map_err(|e| NotReady::Kube(Box::new(e)))?
        {
            Some(data) => Ok(Some(data)),
            None => Err(NotReady::SecretMissing {
                account: spec.key.clone(),
                namespace: namespace.clone(),
                name: name.clone(),
            }),
        }
    }

    /// The further certificate authorities, and the version of the Secret they came from.
    async fn authority(&self, spec: &AccountSpec) -> Result<Option<(String, SecretSlice<u8>)>, NotReady> {
        let Some(tls) = &spec.connection.tls else {
            return Ok(None);
        };
        let SecretKeyRef { name, key } = &tls.ca_secret_ref;
        let namespace = spec.secret.as_ref().map_or("", |(ns, _)| ns.as_str());
        let missing = || NotReady::SecretMissing {
            account: spec.key.clone(),
            namespace: namespace.to_owned(),
            name: name.clone(),
        };
        let data = self
            .secrets
            .get(namespace, name)
            .await
            .map_err(|e| NotReady::Kube(Box::new(e)))?
            .ok_or_else(missing)?;
        match data.values.get(key) {
            Some(pem) => Ok(Some((data.content.clone(), pem.clone()))),
            None => Err(NotReady::Unusable {
                account: spec.key.clone(),
                message: format!("tls.caSecretRef: Secret {namespace}/{name} has no key {key}"),
            }),
        }
    }

    async fn lets_in(&self, spec: &AccountSpec, namespace: &str) -> Result<bool, NotReady> {
        let Some(allowed) = &spec.allowed else {
            return Ok(true);
        };
        if allowed.names.iter().any(|name| name == namespace) {
            return Ok(true);
        }
        let Some(selector) = &allowed.selector else {
            return Ok(false);
        };
        let labels = self.labels(namespace).await?;
        Ok(selects(selector, &labels))
    }

    async fn labels(&self, namespace: &str) -> Result<BTreeMap<String, String>, NotReady> {
        if let Some((labels, read)) = self
            .labels
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(namespace)
            && read.elapsed() < LABELS
        {
            return Ok(labels.clone());
        }
        let api = Api::<Namespace>::all(self.client.clone());
        let meta: Option<PartialObjectMeta<Namespace>> = api
            .get_metadata_opt(namespace)
            .await
            .map_err(|e| NotReady::Kube(Box::new(e)))?;
        let labels = meta.map(|m| m.labels().clone()).unwrap_or_default();
        let entry = (labels.clone(), Instant::now());
        self.labels
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(namespace.to_owned(), entry);
        Ok(labels)
    }

    fn opened(&self) -> MutexGuard<'_, HashMap<AccountKey, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn provider(spec: &AccountSpec) -> remote::Provider {
    match spec.connection.provider {
        Provider::HuaweiCloud => remote::Provider::HuaweiCloud,
        Provider::TencentCloud => remote::Provider::TencentCloud,
    }
}

fn credentials(spec: &AccountSpec, secret: Option<&SecretData>) -> Result<Origin, String> {
    match (spec.source, secret) {
        (CredentialSource::Secret, Some(data)) => {
            let values = data
                .values
                .iter()
                .map(|(key, v)| (key.clone(), v.expose_secret().to_vec()))
                .collect();
            let (namespace, name) = spec.secret.clone().unwrap_or_default();
            Credentials::from_secret(provider(spec), &values)
                .map(Origin::Given)
                .map_err(|error| format!("Secret {namespace}/{name}: {error}"))
        }
        (CredentialSource::Secret, None) => Err("credentials.secretRef is required".into()),
        (CredentialSource::Environment, _) => Ok(Origin::Environment),
        (CredentialSource::InstanceMetadata, _) => Ok(Origin::InstanceMetadata),
        (CredentialSource::PodIdentity, _) => Ok(Origin::PodIdentity),
    }
}

fn fingerprint(spec: &AccountSpec, secret: Option<&SecretData>, authority: Option<&String>) -> Vec<String> {
    let (uid, generation) = &spec.version;
    let secret = secret.map(|s| s.content.clone()).unwrap_or_default();
    vec![
        uid.clone(),
        generation.to_string(),
        secret,
        authority.cloned().unwrap_or_default(),
    ]
}

fn selects(
    selector: &k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector,
    labels: &BTreeMap<String, String>,
) -> bool {
    // A selector that cannot be read lets nobody in.
    Selector::try_from(selector.clone()).is_ok_and(|selector| selector.matches(labels))
}

impl AccountSpec {
    /// A namespaced account; `finalizer` is the one by which this installation holds it.
    pub fn of(account: &CloudAccount, finalizer: &str) -> Self {
        let namespace = account.namespace().unwrap_or_default();
        let secret = account
            .spec
            .credentials
            .secret_ref
            .as_ref()
            .map(|s| (namespace.clone(), s.name.clone()));
        Self {
            key: AccountKey {
                kind: AccountKind::CloudAccount,
                namespace,
                name: account.name_any(),
            },
            version: (
                account.uid().unwrap_or_default(),
                account.metadata.generation.unwrap_or_default(),
            ),
            connection: account.spec.connection.clone(),
            source: account.spec.credentials.source,
            secret,
            allowed: None,
            guarded: finalizer::is_on(account, finalizer),
            terminating: account.metadata.deletion_timestamp.is_some(),
        }
    }

    /// A cluster-wide account.
    pub fn of_cluster(account: &ClusterCloudAccount, finalizer: &str) -> Self {
        let secret = account
            .spec
            .credentials
            .secret_ref
            .as_ref()
            .map(|s| (s.namespace.clone(), s.name.clone()));
        Self {
            key: AccountKey {
                kind: AccountKind::ClusterCloudAccount,
                namespace: String::new(),
                name: account.name_any(),
            },
            version: (
                account.uid().unwrap_or_default(),
                account.metadata.generation.unwrap_or_default(),
            ),
            connection: account.spec.connection.clone(),
            source: account.spec.credentials.source,
            secret,
            allowed: Some(account.spec.allowed_namespaces.clone()),
            guarded: finalizer::is_on(account, finalizer),
            terminating: account.metadata.deletion_timestamp.is_some(),
        }
    }
}
