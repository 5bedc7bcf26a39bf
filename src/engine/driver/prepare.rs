//! What a pass needs before it looks: a finalizer, an account, Secrets, and a spec that can be carried out; sends nothing to the vendor.
use super::{Error, Pass};
use crate::api::keys;
use crate::api::policy::{DeletionPolicy, ManagementPolicy};
use crate::engine::account::{AccountKey, NotReady};
use crate::engine::digest::Digests;
use crate::engine::finalizer;
use crate::engine::kind::{Invalid, JobKind, JobResource, Reference, RemoteJobs, Resolved, SecretValues};
use crate::engine::look::ScopeKey;
use crate::engine::peer::{PeerKey, Unresolved};
use crate::engine::plan::{Again, Intent, may_ever_write};
use crate::engine::queue::Action;
use crate::engine::reason::{Stalled, Synced};
use crate::engine::verdict::Verdict;
use crate::engine::wake::Dependency;
use kube::{Resource, ResourceExt};
use std::time::Duration;

/// How soon a pass that needs every object is tried again while caches are being filled.
const CACHES: Duration = Duration::from_secs(1);

/// How many of those that refer to an object are named.
const SHOWN: usize = 5;

/// What a pass works with once account, Secrets and spec are known to be good.
pub(super) struct Prepared<K: JobKind> {
    pub(super) intent: Intent<K::Definition>,
    pub(super) remote: K::Remote,
    pub(super) connection: u64,
    pub(super) guarded_account: bool,
    pub(super) secrets: SecretValues,
    pub(super) digests: Digests,
}

impl<K: JobKind> Prepared<K> {
    /// What lists of this object's jobs are shared by; `None` where the service has no list.
    pub(super) fn scope(&self) -> Option<ScopeKey> {
        let connection = self.connection;
        self.remote.scope().map(|scope| ScopeKey { connection, scope })
    }
}

impl<K: JobKind> Pass<'_, K> {
    /// What can be decided without calling anyone: paused, nothing to guard, nothing ever sent.
    pub(super) async fn without_account(&mut self) -> Result<Option<Action>, Error> {
        let guarded = finalizer::is_on(&self.resource, keys::JOB_FINALIZER);
        if self.deleting && !guarded {
            self.context.tracks.forget(&self.uid);
            self.context.wakes.forget(&self.dependent());
            return Ok(Some(Action::await_change()));
        }
        if self.annotation(keys::PAUSED).is_some_and(|value| value == "true") {
            let waits = if self.deleting {
                ", and the deletion waits"
            } else {
                ""
            };
            let text = format!(
                "paused by annotation {}: nothing is read or sent{waits}",
                keys::PAUSED
            );
            return self
                .say(Verdict::unseen(Synced::Paused, text), Again::Interval)
                .await
                .map(Some);
        }
        if self.deleting
            && let Some(waits) = self.held().await?
        {
            return Ok(Some(waits));
        }
        let references = K::references(&self.resource);
        let unknown = |reference: &Reference| {
            self.context.peers.resolve(reference, &self.namespace) == Err(Unresolved::NotKnown)
        };
        if !self.deleting && references.iter().any(unknown) {
            return Ok(Some(self.rest_for(CACHES)));
        }
        let policy = self.resource.policy();
        let sent = self.status.claim.as_ref().is_some_and(|claim| !claim.void);
        let untouched = self.status.id.is_none() && !sent && policy.adopt.is_none();
        let let_go =
            policy.deletion_policy == DeletionPolicy::Orphan || !may_ever_write(policy.management_policy);
        if self.deleting && (untouched || let_go) {
            return self.release().await.map(Some);
        }
        Ok(None)
    }

    /// An object outlives those that refer to it, which need its remote side and its name.
    pub(super) async fn held(&mut self) -> Result<Option<Action>, Error> {
        let Some(holders) = self.context.peers.holders(&PeerKey::object::<K>(&self.resource)) else {
            return Ok(Some(self.rest_for(CACHES)));
        };
        if holders.is_empty() {
            return Ok(None);
        }
        let verdict = Verdict::unseen(Synced::InUse, in_use(&holders));
        self.say(verdict, Again::Soon).await.map(Some)
    }

    /// The finalizer goes on before anything exists that would need it.
    pub(super) async fn guard(&mut self) -> Result<(), Error> {
        let on = finalizer::is_on(&self.resource, keys::JOB_FINALIZER);
        if self.deleting || on || !may_ever_write(self.resource.policy().management_policy) {
            return Ok(());
        }
        let meta = finalizer::put_on(&self.api, &self.resource, keys::JOB_FINALIZER).await?;
        *self.resource.meta_mut() = meta.metadata;
        self.track.version = self.resource.resource_version();
        Ok(())
    }

    pub(super) async fn prepare(&mut self) -> Result<Prepared<K>, (Verdict, Again)> {
        self.register();
        let intent = if self.deleting {
            Intent::Remove(self.resource.policy().deletion_policy)
        } else {
            let resolved = self.resolve()?;
            Intent::Keep(K::desired(&self.resource, &resolved).map_err(|error| invalid(&error))?)
        };
        let reference = self.resource.policy().account_ref.clone();
        let connected = self
            .context
            .accounts
            .connect(&reference, &self.namespace)
            .await
            .map_err(|error| not_ready(&error))?;
        let remote = K::remote(&self.resource, &connected.cloud).map_err(|error| invalid(&error))?;
        let reads_only =
            self.deleting || self.resource.policy().management_policy == ManagementPolicy::Observe;
        let secrets = if reads_only {
            SecretValues::new()
        } else {
            self.secret_values().await?
        };
        if !connected.guarded {
            let key = AccountKey::of(&reference, &self.namespace);
            self.context
                .wakes
                .wake(key.controller(), &key.namespace, &key.name);
        }
        let digests = self.context.digest_key.digests(&secrets);
        Ok(Prepared {
            intent,
            remote,
            connection: connected.connection,
            guarded_account: connected.guarded,
            secrets,
            digests,
        })
    }

    /// The remote ids of what the object refers to.
    pub(super) fn resolve(&self) -> Result<Resolved, (Verdict, Again)> {
        let mut resolved = Resolved::new();
        for reference in K::references(&self.resource) {
            let found = self.context.peers.resolve(&reference, &self.namespace);
            let id = found.map_err(|error| not_resolved(&reference, &error))?;
            resolved.insert(reference.path, id);
        }
        Ok(resolved)
    }

    /// Notes what this object has to be woken for.
    pub(super) fn register(&self) {
        let reference = &self.resource.policy().account_ref;
        let mut needs = self.context.accounts.dependencies(reference, &self.namespace);
        needs.extend(
            K::secrets(&self.resource)
                .into_iter()
                .map(|(_, s)| Dependency::Secret(self.namespace.clone(), s.name)),
        );
        needs.extend(
            K::references(&self.resource)
                .iter()
                .map(|reference| Dependency::Object(PeerKey::of(reference, &self.namespace))),
        );
        self.context.wakes.depend(&self.dependent(), needs);
    }

    pub(super) async fn secret_values(&self) -> Result<SecretValues, (Verdict, Again)> {
        let mut values = SecretValues::new();
        for (path, reference) in K::secrets(&self.resource) {
            let missing = |what: String| {
                let text = format!("spec.forProvider.{path}: {what}");
                (Verdict::unseen(Synced::SecretNotFound, text), Again::Interval)
            };
            let place = format!("Secret {}/{}", self.namespace, reference.name);
            let data = self.context.secrets.get(&self.namespace, &reference.name).await;
            let data = data
                .map_err(|e| (missing(format!("{place} could not be read: {e}")).0, Again::Soon))?
                .ok_or_else(|| missing(format!("{place} does not exist: create it")))?;
            let value = data.text(&reference.key).ok_or_else(|| {
                missing(format!(
                    "{place} has no key {} that holds text: add it",
                    reference.key
                ))
            })?;
            values.insert(path, value);
        }
        Ok(values)
    }
}

fn invalid(error: &Invalid) -> (Verdict, Again) {
    let text = format!("spec.{error}");
    let verdict = Verdict::unseen(Synced::Drifted, text.clone()).stalled(Stalled::InvalidSpec, text);
    (verdict, Again::Interval)
}

fn not_resolved(reference: &Reference, error: &Unresolved) -> (Verdict, Again) {
    let text = format!("spec.forProvider.{}: {error}", reference.path);
    // What changes wakes the object; only caches that are being filled have to be asked again.
    let again = if *error == Unresolved::NotKnown {
        Again::Soon
    } else {
        Again::Interval
    };
    (Verdict::unseen(Synced::ReferenceNotReady, text), again)
}

fn in_use(holders: &[String]) -> String {
    let shown = holders.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>();
    let more = match holders.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "the deletion waits, because this object is referred to by {}{more}: delete them, or have them refer to another",
        shown.join(", ")
    )
}

fn not_ready(error: &NotReady) -> (Verdict, Again) {
    let reason = match error {
        NotReady::SecretMissing { .. } => Synced::SecretNotFound,
        NotReady::Missing(_)
        | NotReady::NotAllowed { .. }
        | NotReady::Unusable { .. }
        | NotReady::Kube(_) => Synced::AccountNotReady,
    };
    // What is missing wakes the object when it comes; only an API server that does not answer has to be asked again.
    let again = if matches!(error, NotReady::Kube(_)) {
        Again::Soon
    } else {
        Again::Interval
    };
    (Verdict::unseen(reason, error.to_string()), again)
}
