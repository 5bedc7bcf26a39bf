//! Keeps accounts: proves their credentials, says so in status, and holds account and Secret while jobs need them.
use super::registry::{AccountSpec, Accounts, NotReady};
use super::{AccountKey, Secrets};
use crate::api::account::{AccountStatus, CloudAccount, ClusterCloudAccount};
use crate::api::keys::FIELD_MANAGER;
use crate::api::status::LastError;
use crate::engine::backoff::{self, Failed};
use crate::engine::finalizer;
use crate::engine::queue::Action;
use crate::engine::reason::Account as Reason;
use crate::engine::verdict::{Truth, stalls};
use crate::engine::wake::{Dependency, Dependent, Wakes};
use crate::remote::{AccountFacts, Cloud, Fault, RemoteError};
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use k8s_openapi::jiff::Timestamp;
use kube::api::{Patch, PatchParams};
use kube::core::{DeserializeGuard, PartialObjectMeta};
use kube::{Api, Client, CustomResourceExt, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often credentials that work are proved again.
const PROOF: Duration = Duration::from_hours(1);
/// How soon an account that is on its way out is looked at again while jobs need it.
const IN_USE: Duration = Duration::from_secs(5);

/// Whether any job object refers to an account; `None` while that is not known yet.
pub type Uses = Arc<dyn Fn(&AccountKey) -> Option<bool> + Send + Sync>;

/// An account object of either kind.
pub trait AccountResource:
    Resource<DynamicType = ()> + CustomResourceExt + Clone + Debug + DeserializeOwned + Send + Sync + 'static
{
    /// What a connection needs of it.
    fn account(&self, finalizer: &str) -> AccountSpec;
    /// Its status.
    fn account_status(&self) -> Option<&AccountStatus>;
    /// The API that serves it.
    fn api(client: Client, namespace: &str) -> Api<Self>;
}

impl AccountResource for CloudAccount {
    fn account(&self, finalizer: &str) -> AccountSpec {
        AccountSpec::of(self, finalizer)
    }
    fn account_status(&self) -> Option<&AccountStatus> {
        self.status.as_ref()
    }
    fn api(client: Client, namespace: &str) -> Api<Self> {
        Api::namespaced(client, namespace)
    }
}

impl AccountResource for ClusterCloudAccount {
    fn account(&self, finalizer: &str) -> AccountSpec {
        AccountSpec::of_cluster(self, finalizer)
    }
    fn account_status(&self) -> Option<&AccountStatus> {
        self.status.as_ref()
    }
    fn api(client: Client, _: &str) -> Api<Self> {
        Api::all(client)
    }
}

/// What a pass over an account needs.
pub struct Context {
    /// The API server.
    pub client: Client,
    /// The registry.
    pub accounts: Arc<Accounts>,
    /// The Secrets.
    pub secrets: Arc<Secrets>,
    /// Who is woken by what.
    pub wakes: Arc<Wakes>,
    /// One answer for each kind of job.
    pub users: Vec<Uses>,
    /// Failed proofs in a row, by account.
    pub attempts: Mutex<HashMap<AccountKey, u32>>,
    /// The connection whose credentials were proved last, and when.
    pub proved: Mutex<HashMap<AccountKey, (u64, AccountFacts, Instant)>>,
    /// What jobs were last told of an account: its connection, and whether it is held for them.
    pub told: Mutex<HashMap<AccountKey, (Option<u64>, bool)>>,
}

/// Why a pass over an account ended early.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The object cannot be read.
    #[error("the object cannot be read: {0}")]
    Unreadable(#[source] Box<kube::core::error_boundary::InvalidObject>),
    /// The API server refused or could not be reached.
    #[error("the API server: {0}")]
    Kube(#[source] Box<kube::Error>),
}

impl From<kube::Error> for Error {
    fn from(error: kube::Error) -> Self {
        Self::Kube(Box::new(error))
    }
}

/// One pass over one account.
pub async fn reconcile<A: AccountResource>(
    object: Arc<DeserializeGuard<A>>,
    context: Arc<Context>,
) -> Result<Action, Error> {
    let account = object
        .0
        .as_ref()
        .map_err(|invalid| Error::Unreadable(Box::new(invalid.clone())))?;
    let spec = account.account(context.finalizer());
    let api = A::api(context.client.clone(), &spec.key.namespace);
    context.depend(&spec);
    let used = context.is_used(&spec.key);
    if spec.terminating {
        return context.let_go(&api, account, &spec, used).await;
    }
    match used {
        Some(true) => context.hold(&api, account, &spec).await?,
        Some(false) => context.release(&api, account, &spec).await?,
        None => {}
    }
    let (status, next) = context.prove(account, &spec).await;
    report(&api, account, status).await?;
    Ok(Action::requeue(if used.is_none() { IN_USE } else { next }))
}

impl Context {
    fn finalizer(&self) -> &str {
        self.accounts.finalizer()
    }

    fn depend(&self, spec: &AccountSpec) {
        let needs = spec
            .secret
            .iter()
            .map(|(ns, name)| Dependency::Secret(ns.clone(), name.clone()))
            .collect();
        self.wakes.depend(&dependent(&spec.key), needs);
    }

    fn is_used(&self, key: &AccountKey) -> Option<bool> {
        let answers: Vec<_> = self.users.iter().map(|uses| uses(key)).collect();
        if answers.contains(&Some(true)) {
            return Some(true);
        }
        (!answers.contains(&None)).then_some(false)
    }

    /// The Secret first: a guarded account then always has a guarded Secret.
    async fn hold<A: AccountResource>(
        &self,
        api: &Api<A>,
        account: &A,
        spec: &AccountSpec,
    ) -> Result<(), Error> {
        if let Some((namespace, name)) = &spec.secret {
            self.mark_secret(namespace, name, true).await?;
        }
        if !spec.guarded {
            finalizer::put_on(api, account, self.finalizer()).await?;
        }
        Ok(())
    }

    /// Wakes the jobs of an account whose connection or guard changed, and no job for anything less.
    fn tell(&self, spec: &AccountSpec, connection: Option<u64>, held: bool) {
        let news = (connection, held);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(spec.key.clone(), news) != Some(news) {
            drop(told);
            self.wakes.changed(&Dependency::Account(spec.key.clone()));
        }
    }

    async fn release<A: AccountResource>(
        &self,
        api: &Api<A>,
        account: &A,
        spec: &AccountSpec,
    ) -> Result<(), Error> {
        if !spec.guarded {
            return Ok(());
        }
        if let Some((namespace, name)) = &spec.secret
            && !self.accounts.is_secret_shared(spec)
        {
            self.mark_secret(namespace, name, false).await?;
        }
        finalizer::take_off(api, account, self.finalizer()).await?;
        Ok(())
    }

    async fn let_go<A: AccountResource>(
        &self,
        api: &Api<A>,
        account: &A,
        spec: &AccountSpec,
        used: Option<bool>,
    ) -> Result<Action, Error> {
        if used != Some(false) {
            return Ok(Action::requeue(IN_USE));
        }
        self.release(api, account, spec).await?;
        self.accounts.forget(&spec.key);
        self.wakes.forget(&dependent(&spec.key));
        Ok(Action::await_change())
    }

    async fn mark_secret(&self, namespace: &str, name: &str, hold: bool) -> Result<(), Error> {
        let api = Api::<Secret>::namespaced(self.client.clone(), namespace);
        let Some(meta) = api.get_metadata_opt(name).await? else {
            return Ok(());
        };
        if finalizer::is_on(&meta, self.finalizer()) == hold
            || (hold && meta.metadata.deletion_timestamp.is_some())
        {
            return Ok(());
        }
        let metas = Api::<PartialObjectMeta<Secret>>::namespaced(self.client.clone(), namespace);
        if hold {
            finalizer::put_on(&metas, &meta, self.finalizer()).await?;
        } else {
            finalizer::take_off(&metas, &meta, self.finalizer()).await?;
        }
        Ok(())
    }

    async fn prove<A: AccountResource>(&self, account: &A, spec: &AccountSpec) -> (AccountStatus, Duration) {
        let opened = self.accounts.open(spec).await;
        self.tell(
            spec,
            opened.as_ref().ok().map(|(_, connection)| *connection),
            spec.guarded,
        );
        let proof = match opened {
            Ok((cloud, connection)) => self.proof(spec, &cloud, connection).await,
            Err(reason) => Err(Refusal::NotReady(reason)),
        };
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let next = match &proof {
            Ok(_) => {
                attempts.remove(&spec.key);
                PROOF
            }
            Err(refusal) => {
                let attempt = attempts.entry(spec.key.clone()).or_default();
                *attempt = attempt.saturating_add(1);
                backoff::delay(*attempt, Failed::Read, refusal.fault(), rand::random())
            }
        };
        (status(account, &proof), next)
    }
}

impl Context {
    /// A proof of this connection that is young enough, or a new one.
    async fn proof(
        &self,
        spec: &AccountSpec,
        cloud: &Cloud,
        connection: u64,
    ) -> Result<AccountFacts, Refusal> {
        if let Some((of, facts, at)) = self.proofs().get(&spec.key)
            && *of == connection
            && at.elapsed() < PROOF.mul_f64(0.9)
        {
            return Ok(facts.clone());
        }
        let facts = cloud.verify().await.map_err(Refusal::Remote)?;
        self.proofs()
            .insert(spec.key.clone(), (connection, facts.clone(), Instant::now()));
        Ok(facts)
    }

    fn proofs(&self) -> MutexGuard<'_, HashMap<AccountKey, (u64, AccountFacts, Instant)>> {
        self.proved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Refusal {
    NotReady(NotReady),
    Remote(RemoteError),
}

impl Refusal {
    const fn fault(&self) -> Fault {
        match self {
            Self::NotReady(_) => Fault::Transient,
            Self::Remote(error) => error.fault,
        }
    }

    fn reason(&self) -> Reason {
        match self {
            Self::NotReady(NotReady::SecretMissing { .. }) => Reason::SecretNotFound,
            Self::NotReady(NotReady::Kube(_)) => Reason::Unknown,
            Self::NotReady(
                NotReady::Missing(_) | NotReady::NotAllowed { .. } | NotReady::Unusable { .. },
            ) => Reason::InvalidSettings,
            Self::Remote(error) => match error.fault {
                Fault::Unauthorized => Reason::CredentialsRefused,
                Fault::Forbidden => Reason::Forbidden,
                Fault::Throttled { .. } => Reason::Throttled,
                Fault::Transient
                | Fault::Ambiguous
                | Fault::Conflict
                | Fault::Exists
                | Fault::NotFound
                | Fault::Rejected
                | Fault::Exhausted
                | Fault::NotEnabled
                | Fault::Malformed => Reason::RemoteError,
            },
        }
    }

    /// What is known of the credentials after this: what passes proves nothing against them.
    fn truth(&self) -> Truth {
        if self.passes() { Truth::Unknown } else { Truth::No }
    }

    /// Whether waiting cures it.
    fn passes(&self) -> bool {
        match self {
            Self::NotReady(reason) => matches!(reason, NotReady::Kube(_)),
            Self::Remote(error) => stalls(error.fault).is_none(),
        }
    }

    fn shown(&self, before: &AccountStatus, now: Timestamp) -> Option<LastError> {
        match self {
            Self::NotReady(_) => None,
            Self::Remote(error) => Some(LastError::of(error, before.last_error.as_ref(), now)),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotReady(reason) => reason.to_string(),
            Self::Remote(error) => error.to_string(),
        }
    }
}

fn dependent(key: &AccountKey) -> Dependent {
    Dependent {
        controller: key.controller(),
        namespace: key.namespace.clone(),
        name: key.name.clone(),
    }
}

/// Whether the spec changed since the status was written.
fn is_new<A: AccountResource>(account: &A, before: &AccountStatus) -> bool {
    before.observed_generation != account.meta().generation
}

fn status<A: AccountResource>(account: &A, proof: &Result<AccountFacts, Refusal>) -> AccountStatus {
    let before = account.account_status().cloned().unwrap_or_default();
    let now = Timestamp::now();
    let passing = matches!(proof, Err(refusal) if refusal.passes());
    if passing
        && before.conditions.iter().any(|c| c.status == Truth::Yes.as_str())
        && !is_new(account, &before)
    {
        // Credentials that worked do not stop working because one proof was lost on the way.
        return AccountStatus {
            last_error: proof.as_ref().err().and_then(|r| r.shown(&before, now)),
            ..before
        };
    }
    let (truth, reason, message) = match proof {
        Ok(_) => (Truth::Yes, Reason::CredentialsWork, String::new()),
        Err(refusal) => (refusal.truth(), refusal.reason(), refusal.message()),
    };
    let since = before
        .conditions
        .iter()
        .find(|c| c.status == truth.as_str())
        .map(|c| c.last_transition_time.clone());
    let ready = Condition {
        type_: "Ready".into(),
        status: truth.as_str().into(),
        reason: reason.as_str().into(),
        message,
        observed_generation: account.meta().generation,
        last_transition_time: since.unwrap_or(Time(now)),
    };
    let facts = proof.as_ref().ok();
    AccountStatus {
        observed_generation: account.meta().generation,
        conditions: vec![ready],
        account_id: facts.and_then(|f| f.account_id.clone()).or(before.account_id),
        project_id: facts.and_then(|f| f.project_id.clone()).or(before.project_id),
        last_error: proof.as_ref().err().and_then(|refusal| {
            refusal.shown(account.account_status().unwrap_or(&AccountStatus::default()), now)
        }),
    }
}

async fn report<A: AccountResource>(api: &Api<A>, account: &A, status: AccountStatus) -> Result<(), Error> {
    if account.account_status() == Some(&status) {
        return Ok(());
    }
    let patch = Patch::Apply(serde_json::json!({
        "apiVersion": A::api_version(&()),
        "kind": A::kind(&()),
        "status": status,
    }));
    api.patch_status(
        &account.name_any(),
        &PatchParams::apply(FIELD_MANAGER).force(),
        &patch,
    )
    .await?;
    Ok(())
}
