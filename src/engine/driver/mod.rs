//! The only place where plans meet effects: one pass observes, plans, acts and reports.
mod act;
mod observe;
mod report;

use super::account::{AccountKey, Accounts, NotReady, Secrets};
use super::acts::{self, REQUESTED_AT};
use super::backoff::{self, Failed};
use super::difference::removable;
use super::digest::{DigestKey, Digests};
use super::events::Events;
use super::finalizer;
use super::kind::{
    Asked, Finished, Invalid, JobKind, JobResource, Reference, RemoteJobs, Resolved, SecretValues, Seen,
};
use super::look::{Looks, ScopeKey};
use super::mark;
use super::peer::{Face, PeerKey, Peers, Unresolved};
use super::plan::{Again, Intent, Memory, Plan, Policy, Step, may_ever_write, plan};
use super::queue::Action;
use super::reason::{Ready, Stalled, Synced};
use super::sight::{Claimed, Identity, Sight};
use super::track::{LastWrite, Made, Track, Tracks, WriteKind};
use super::verdict::Verdict;
use super::wake::{Dependency, Dependent, Wakes};
use crate::api::keys;
use crate::api::policy::{DeletionPolicy, ManagementPolicy};
use crate::api::shown::Shown;
use crate::api::status::{Act, ActKind, Claim, JobStatus, Previous};
use crate::remote::{Gate, RemoteError};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, Time};
use k8s_openapi::jiff::{SignedDuration, Timestamp};
use kube::core::DeserializeGuard;
use kube::core::error_boundary::InvalidObject;
use kube::{Api, Client, Resource, ResourceExt};
use observe::Source;
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// How long a pass that lost a race waits for the watch to bring the newer object.
const OVERTAKEN: Duration = Duration::from_secs(2);

/// How soon a pass that needs every object is tried again while caches are being filled.
const CACHES: Duration = Duration::from_secs(1);
/// How many of those that refer to an object are named.
const SHOWN: usize = 5;

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The object cannot be read: it was stored under another version of the custom resource definition.
    #[error("the object cannot be read: {0}")]
    Unreadable(#[source] Box<InvalidObject>),
    /// The API server refused or could not be reached.
    #[error("the API server: {0}")]
    Kube(#[source] Box<kube::Error>),
}

impl From<kube::Error> for Error {
    fn from(error: kube::Error) -> Self {
        Self::Kube(Box::new(error))
    }
}

/// Told about passes; for metrics.
pub trait PassObserver: Send + Sync {
    /// A pass ended.
    fn passed(&self, controller: &'static str, outcome: &'static str, took: Duration);
    /// A pass began this long after its object was due.
    fn waited(&self, controller: &'static str, waited: Duration);
}

/// What the passes of one kind share.
pub struct Context<K: JobKind> {
    /// The API server.
    pub client: Client,
    /// The accounts.
    pub accounts: Arc<Accounts>,
    /// The Secrets.
    pub secrets: Arc<Secrets>,
    /// The other objects of the group.
    pub peers: Arc<Peers>,
    /// Who is woken by what.
    pub wakes: Arc<Wakes>,
    /// The shared looks.
    pub looks: Looks<K>,
    /// What is remembered between passes.
    pub tracks: Tracks<K>,
    /// The key of secret digests.
    pub digest_key: Arc<DigestKey>,
    /// Where events go.
    pub events: Events,
    /// How long after a claim absence is not believed.
    pub settle: Duration,
    /// Whether this process may still send a remote write: false once its lease may end before the request does.
    pub tenure: Arc<dyn Fn() -> bool + Send + Sync>,
    /// Told about passes.
    pub observer: Arc<dyn PassObserver>,
}

/// One pass over one object. A failure that concerns the object is in its status; only what could not be written is an
/// error.
pub async fn reconcile<K: JobKind>(
    object: Arc<DeserializeGuard<K::Resource>>,
    context: Arc<Context<K>>,
) -> Result<Action, Error> {
    let resource = object
        .0
        .as_ref()
        .map_err(|invalid| Error::Unreadable(Box::new(invalid.clone())))?;
    let started = Instant::now();
    let span = tracing::info_span!(
        "pass",
        kind = K::CONTROLLER,
        namespace = resource.namespace().unwrap_or_default(),
        name = resource.name_any()
    );
    let uid = resource.uid().unwrap_or_default();
    let slot = context.tracks.of(&uid);
    let mut track = slot.track.lock().await;
    if slot.was_disturbed() {
        track.quiet = None;
    }
    if let Some((_, due)) = &track.quiet {
        context
            .observer
            .waited(K::CONTROLLER, started.saturating_duration_since(*due));
    }
    let result = pass::<K>(resource, &context, &mut track).instrument(span).await;
    let outcome = match &result {
        Ok(_) => "ok",
        Err(Error::Kube(error)) if is_conflict(error) => "overtaken",
        Err(_) => "error",
    };
    context.observer.passed(K::CONTROLLER, outcome, started.elapsed());
    match result {
        Err(Error::Kube(error)) if is_conflict(&error) => Ok(Action::requeue(OVERTAKEN)),
        other => other,
    }
}

fn is_conflict(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if status.is_conflict() || status.is_not_found())
}

async fn pass<K: JobKind>(
    resource: &K::Resource,
    context: &Context<K>,
    track: &mut Track<K>,
) -> Result<Action, Error> {
    tell_dependents::<K>(resource, context, track);
    if let Some(rest) = nothing_to_do(resource, track) {
        return Ok(rest);
    }
    let mut pass = Pass::new(resource, context, track);
    if let Some(done) = pass.without_account().await? {
        return Ok(done);
    }
    pass.guard().await?;
    let prepared = match pass.prepare().await {
        Ok(prepared) => prepared,
        Err((verdict, again)) => return pass.say(verdict, again).await,
    };
    pass.carry_out(prepared).await
}

/// Wakes whoever refers to an object that looks different to others now. They read the cache that this pass came from.
fn tell_dependents<K: JobKind>(resource: &K::Resource, context: &Context<K>, track: &mut Track<K>) {
    let face = Some(Face::of(resource));
    if track.face != face {
        track.face = face;
        let key = PeerKey::object::<K>(resource);
        context.wakes.changed(&Dependency::Object(key));
    }
}

/// Whether this pass was caused by our own write, or came before the watch showed us that write.
fn nothing_to_do<K: JobKind>(resource: &K::Resource, track: &Track<K>) -> Option<Action> {
    let version = resource.resource_version().unwrap_or_default();
    if let Some(written) = &track.version {
        // Resource versions of one resource grow and can be compared as numbers (KEP-5504).
        if let (Ok(ours), Ok(seen)) = (written.parse::<u64>(), version.parse::<u64>())
            && seen < ours
        {
            return Some(Action::requeue(OVERTAKEN));
        }
    }
    let (quiet, until) = track.quiet.as_ref()?;
    let left = until.saturating_duration_since(Instant::now());
    (*quiet == version && left > Duration::from_millis(50)).then(|| Action::requeue(left))
}

/// What a pass works with once account, Secrets and spec are known to be good.
struct Prepared<K: JobKind> {
    intent: Intent<K::Definition>,
    remote: K::Remote,
    connection: u64,
    guarded_account: bool,
    secrets: SecretValues,
    digests: Digests,
}

impl<K: JobKind> Prepared<K> {
    /// What lists of this object's jobs are shared by; `None` where the service has no list.
    fn scope(&self) -> Option<ScopeKey> {
        let connection = self.connection;
        self.remote.scope().map(|scope| ScopeKey { connection, scope })
    }
}

struct Pass<'a, K: JobKind> {
    context: &'a Context<K>,
    track: &'a mut Track<K>,
    api: Api<K::Resource>,
    /// The object; its version follows our own writes.
    resource: K::Resource,
    /// The status as it is being made.
    status: JobStatus,
    /// The status as it was read, or as this pass wrote it last.
    written: JobStatus,
    now: Timestamp,
    uid: String,
    namespace: String,
    name: String,
    deleting: bool,
    /// The failed look of this pass.
    failure: Option<RemoteError>,
    /// The secret values of the object: a vendor may quote them in any answer.
    hidden: SecretValues,
    /// Whether the object was changed by someone else after this pass read it.
    overtaken: bool,
    /// The nonce of the request that this pass announced in `.status.acts`.
    announced: Option<String>,
}

impl<'a, K: JobKind> Pass<'a, K> {
    fn new(resource: &K::Resource, context: &'a Context<K>, track: &'a mut Track<K>) -> Self {
        let namespace = resource.namespace().unwrap_or_default();
        let written = resource.job_status().cloned().unwrap_or_default();
        Self {
            api: Api::namespaced(context.client.clone(), &namespace),
            context,
            resource: resource.clone(),
            status: with_made(written.clone(), track.made.as_ref()),
            written,
            track,
            now: Timestamp::now(),
            uid: resource.uid().unwrap_or_default(),
            name: resource.name_any(),
            deleting: resource.meta().deletion_timestamp.is_some(),
            namespace,
            failure: None,
            hidden: SecretValues::new(),
            overtaken: false,
            announced: None,
        }
    }

    fn annotation(&self, key: &str) -> Option<&String> {
        self.resource.annotations().get(key)
    }

    fn dependent(&self) -> Dependent {
        Dependent {
            controller: K::CONTROLLER,
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }

    /// What can be decided without calling anyone: paused, nothing to guard, nothing ever sent.
    async fn without_account(&mut self) -> Result<Option<Action>, Error> {
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
    async fn held(&mut self) -> Result<Option<Action>, Error> {
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
    async fn guard(&mut self) -> Result<(), Error> {
        let on = finalizer::is_on(&self.resource, keys::JOB_FINALIZER);
        if self.deleting || on || !may_ever_write(self.resource.policy().management_policy) {
            return Ok(());
        }
        let meta = finalizer::put_on(&self.api, &self.resource, keys::JOB_FINALIZER).await?;
        *self.resource.meta_mut() = meta.metadata;
        self.track.version = self.resource.resource_version();
        Ok(())
    }

    async fn prepare(&mut self) -> Result<Prepared<K>, (Verdict, Again)> {
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
    fn resolve(&self) -> Result<Resolved, (Verdict, Again)> {
        let mut resolved = Resolved::new();
        for reference in K::references(&self.resource) {
            let found = self.context.peers.resolve(&reference, &self.namespace);
            let id = found.map_err(|error| not_resolved(&reference, &error))?;
            resolved.insert(reference.path, id);
        }
        Ok(resolved)
    }

    /// Notes what this object has to be woken for.
    fn register(&self) {
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

    async fn secret_values(&self) -> Result<SecretValues, (Verdict, Again)> {
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

    async fn carry_out(mut self, prepared: Prepared<K>) -> Result<Action, Error> {
        self.hidden.clone_from(&prepared.secrets);
        let identity = self.identity(&prepared.intent);
        let (sight, source) = match self.observe(&prepared, &identity).await {
            Ok(look) => look,
            Err(wait) => return Ok(self.rest_for(wait)),
        };
        let mut sight = match self.attend(&prepared, &identity, sight).await {
            Ok(sight) => sight,
            Err(wait) => return Ok(self.rest_for(wait)),
        };
        let mut plan = self.plan(&prepared, &sight);
        let acts = matches!(plan.step, Step::Move(_) | Step::Delete | Step::Release);
        if source == Source::Row && acts && !self.just_created() {
            // A list may lag: it may settle a job, and only a single read may move it or let go of it.
            let single = match self.look_at_one(&prepared, &identity).await {
                Ok(sight) => sight,
                Err(wait) => return Ok(self.rest_for(wait)),
            };
            sight = match self.attend(&prepared, &identity, single).await {
                Ok(sight) => sight,
                Err(wait) => return Ok(self.rest_for(wait)),
            };
            plan = self.plan(&prepared, &sight);
        }
        self.note_sight(&sight, &prepared);
        if matches!(plan.step, Step::Create(_)) && !prepared.guarded_account {
            let text = "the account is being prepared for use, or is on its way out";
            return self
                .say(Verdict::unseen(Synced::AccountNotReady, text), Again::Soon)
                .await;
        }
        self.act(prepared, sight, plan).await
    }

    fn plan(&mut self, prepared: &Prepared<K>, sight: &observe::SightOf<K>) -> Plan<K::Definition, K::Move> {
        self.follow_switch(prepared, sight);
        self.take_over(prepared, sight);
        let guarded = finalizer::is_on(&self.resource, keys::JOB_FINALIZER);
        let (memory, policy) = (self.memory(prepared, sight), self.policy());
        plan::<K>(&prepared.intent, guarded, sight, &memory, &policy)
    }

    fn identity(&self, intent: &Intent<K::Definition>) -> Identity {
        let claim = self.status.claim.as_ref();
        let adopted = self.status.adopted_id.as_ref();
        let adopt = self.resource.policy().adopt.as_ref().map(|adopt| &adopt.id);
        let acts = &self.status.acts;
        let renamed = acts::renamed(acts).filter(|id| Some(*id) != self.status.id.as_ref());
        let created = claim.is_some_and(|claim| !claim.void && self.is_young(&claim.time));
        let identity = Identity {
            name: match intent {
                Intent::Keep(desired) => Some(desired.name.clone()),
                Intent::Remove(_) => None,
            },
            mark: mark::mark(&self.uid),
            adopted: adopted.is_some() && adopted == self.status.id.as_ref(),
            id: self.status.id.clone(),
            renamed: renamed.cloned(),
            adopt: adopt.filter(|id| Some(*id) != adopted).cloned(),
            claim_is_young: created || renamed.is_some() && self.act_is_young(),
            ..Identity::default()
        };
        if K::MARKED {
            return identity;
        }
        Identity {
            born: self.status.created_at.as_ref().map(|at| at.0),
            named: adopt.cloned(),
            claim: claim.and_then(|claim| self.unanswered(claim)),
            claimed_at: claim.map(|claim| claim.time.0),
            previous: claim.and_then(|claim| claim.previous.as_ref()).map(previous),
            ..identity
        }
    }

    /// A claim whose job is not known yet.
    fn unanswered(&self, claim: &Claim) -> Option<Claimed> {
        let carries = claim
            .carries
            .as_ref()
            .filter(|_| !claim.void && self.status.id.is_none())?;
        Some(Claimed {
            name: claim.name.clone(),
            at: claim.time.0,
            definition: serde_json::to_value(carries).ok()?,
        })
    }

    fn act_is_young(&self) -> bool {
        acts::open(&self.status.acts).is_some_and(|open| self.is_young(&open.time))
    }

    /// Whether the request that was announced at this time may still be on its way.
    fn is_young(&self, announced: &Time) -> bool {
        // Times are kept in whole seconds, rounded down: it may be up to a second younger than it looks.
        let age = self.now.duration_since(announced.0) - SignedDuration::from_secs(1);
        age < SignedDuration::try_from(self.context.settle).unwrap_or_default()
    }

    /// A manifest that follows a switchover names the same secrets at exchanged paths: the job has them already, unless
    /// one was changed meanwhile.
    fn follow_switch(&mut self, prepared: &Prepared<K>, sight: &observe::SightOf<K>) {
        let sent = self
            .resource
            .job_status()
            .and_then(|status| status.secret_digests.clone());
        self.status.secret_digests = match sent {
            Some(sent) if !self.only_observes() && self.follows_switch(prepared, sight) => Some(
                self.context
                    .digest_key
                    .moved(&sent, &prepared.secrets, K::exchanged),
            ),
            sent => sent,
        };
    }

    /// Whether the object was shown as switched, and is not any more because the manifest was exchanged.
    fn follows_switch(&self, prepared: &Prepared<K>, sight: &observe::SightOf<K>) -> bool {
        let conditions = &self.status.conditions;
        let was_switched = conditions.iter().any(|c| c.reason == Synced::Switched.as_str());
        let (Intent::Keep(desired), Sight::Ours(seen)) = (&prepared.intent, sight) else {
            return false;
        };
        let Some(now) = seen.definition.as_ref().filter(|_| was_switched) else {
            return false;
        };
        let before = self.status.at_provider.as_ref().and_then(definition::<K>);
        !K::is_switched(&desired.definition, now)
            && before.is_some_and(|before| !K::is_switched(&before, now))
    }

    /// A failure as it may be shown: without any secret value of the object, whoever quoted it.
    fn presentable(&self, error: &RemoteError) -> RemoteError {
        let mut shown = error.repeated();
        for value in self.hidden.values() {
            let value = value.expose_secret();
            if !value.is_empty() {
                shown.message = shown.message.replace(value, "[redacted]");
            }
        }
        shown
    }

    fn memory(&self, prepared: &Prepared<K>, sight: &observe::SightOf<K>) -> Memory<K::Move> {
        let acts = &self.status.acts;
        Memory {
            restart: self.restart_asked(),
            asked: self.asked(prepared),
            acts: acts.clone(),
            finished: self.finished(prepared),
            act_is_young: self.act_is_young(),
            rotated: self.known_changes(prepared),
            under_way: self.track.last_write.as_ref().map(|w| w.doing),
            sent: self.young_write().and_then(|w| w.sent.clone()),
            futile: self.futile_update(),
            made_with: self.made_with(sight).cloned(),
            deleting: self.track.last_write.as_ref().is_some_and(LastWrite::is_delete),
        }
    }

    /// What our own create made the seen job with; none where it was taken over, or made by nobody knows whom.
    fn made_with(&self, sight: &observe::SightOf<K>) -> Option<&Shown> {
        let Sight::Ours(seen) = sight else { return None };
        let adopt = self.resource.policy().adopt.as_ref().map(|adopt| &adopt.id);
        let is_taken = adopt == Some(&seen.id) || self.status.adopted_id.as_ref() == Some(&seen.id);
        let known = [self.status.id.as_ref(), acts::renamed(&self.status.acts)];
        let is_its = self.status.id.is_none() || known.contains(&Some(&seen.id));
        let claim = self.status.claim.as_ref().filter(|claim| !claim.void)?;
        claim.carries.as_ref().filter(|_| is_its && !is_taken)
    }

    /// What the object asks for once.
    fn asked(&self, prepared: &Prepared<K>) -> Vec<Asked<K::Move>> {
        match &prepared.intent {
            Intent::Keep(desired) => K::asked(&self.resource, desired, &self.status.acts),
            Intent::Remove(_) => vec![],
        }
    }

    /// What a job that is gone has done, where that was all that was wished.
    fn finished(&self, prepared: &Prepared<K>) -> Option<Finished> {
        match &prepared.intent {
            Intent::Keep(desired) => K::finished(desired, &self.status.acts, self.status.run.as_ref()),
            Intent::Remove(_) => None,
        }
    }

    /// What differs although no look can show it: secrets that changed since they were sent, and fields that were sent
    /// and are wished no more.
    fn known_changes(&self, prepared: &Prepared<K>) -> Vec<String> {
        let sent = self.status.secret_digests.as_ref();
        let mut changes = self.context.digest_key.rotated(sent, &prepared.digests);
        let applied = self.status.applied.iter().flatten();
        if let Some(wished) = removable_of(prepared) {
            changes.extend(applied.filter(|path| !wished.contains(path)).cloned());
        }
        changes
    }

    /// Notes which fields the remote job has from the spec.
    fn note_applied(&mut self, prepared: &Prepared<K>) {
        let paths = removable_of(prepared).filter(|paths| !paths.is_empty());
        self.status.applied = paths;
    }

    /// Taking a job over repeats nothing that it has done already.
    fn take_over(&mut self, prepared: &Prepared<K>, sight: &observe::SightOf<K>) {
        let (Intent::Keep(desired), Sight::Ours(seen)) = (&prepared.intent, sight) else {
            return;
        };
        let adopt = self.resource.policy().adopt.as_ref();
        let is_new = adopt
            .is_some_and(|adopt| adopt.id == seen.id && self.status.adopted_id.as_ref() != Some(&adopt.id));
        let Some(done) = K::adopted(desired, seen).filter(|_| is_new) else {
            return;
        };
        if !self.status.acts.iter().any(|act| act.act == done.act) {
            self.record(done);
        }
    }

    /// The value of the restart annotation, unless it was answered or its request was announced.
    fn restart_asked(&self) -> Option<String> {
        let token = self.annotation(keys::RESTART_REQUESTED_AT)?;
        let answered = self.status.last_handled_restart_at.as_ref() == Some(token);
        let is_announced =
            |act: &Act| act.act == ActKind::Restart && act.answers.get(REQUESTED_AT) == Some(token);
        (!answered && !self.status.acts.iter().any(is_announced)).then(|| token.clone())
    }

    fn young_write(&self) -> Option<&LastWrite> {
        self.track
            .last_write
            .as_ref()
            .filter(|w| w.at.elapsed() < self.context.settle)
    }

    fn futile_update(&self) -> Option<String> {
        let (hash, at) = self.track.updated.as_ref()?;
        (at.elapsed() >= self.context.settle).then(|| hash.clone())
    }

    fn policy(&self) -> Policy {
        let policy = self.resource.policy();
        let generation = self.resource.meta().generation.unwrap_or_default();
        Policy {
            management: policy.management_policy,
            replace: policy.replace_policy,
            approved: self.annotation(keys::APPROVE_PLAN).cloned(),
            carrying: self
                .status
                .approved_plan
                .as_ref()
                .filter(|a| a.generation == generation)
                .map(|a| a.action),
            subject: format!("{}/{generation}", self.uid),
            ignored: policy.ignore_fields.clone(),
        }
    }

    fn gate(&self) -> Gate {
        if may_ever_write(self.resource.policy().management_policy) {
            Gate::Open
        } else {
            Gate::Closed
        }
    }

    fn just_created(&self) -> bool {
        self.track
            .last_write
            .as_ref()
            .is_some_and(|w| w.kind == WriteKind::Created)
    }

    /// Remembers an adoption, and takes the present secret values as the baseline where nothing is known of them.
    fn note_sight(&mut self, sight: &observe::SightOf<K>, prepared: &Prepared<K>) {
        let Sight::Ours(seen) = sight else {
            return;
        };
        if self
            .resource
            .policy()
            .adopt
            .as_ref()
            .is_some_and(|a| a.id == seen.id)
        {
            self.status.adopted_id = Some(seen.id.clone());
        }
        self.status.id = Some(seen.id.clone());
        self.note_birth(seen);
        self.context
            .tracks
            .own(&seen.id, &self.namespace, &self.name, &self.uid);
        // Whoever only observes reads no Secrets.
        let compares = matches!(prepared.intent, Intent::Keep(_)) && !self.only_observes();
        if self.status.secret_digests.is_none() && compares {
            self.status.secret_digests = Some(prepared.digests.clone());
        }
    }

    /// Keeps the time of creation, by which a job without a mark is told from one that is made anew in its place.
    fn note_birth(&mut self, seen: &Seen<K>) {
        if let (false, Some(at)) = (K::MARKED, seen.created_at) {
            self.status.created_at = Some(MicroTime(at));
        }
    }

    fn only_observes(&self) -> bool {
        self.resource.policy().management_policy == ManagementPolicy::Observe
    }

    fn interval(&self) -> Duration {
        self.resource.policy().interval()
    }

    fn wants_fresh_look(&self) -> bool {
        self.annotation(keys::RECONCILE_REQUESTED_AT) != self.status.last_handled_reconcile_at.as_ref()
            && self.annotation(keys::RECONCILE_REQUESTED_AT).is_some()
    }

    /// Reports a verdict that needs no look and no act.
    async fn say(&mut self, verdict: Verdict, again: Again) -> Result<Action, Error> {
        self.status.retry = None;
        self.report(&verdict).await?;
        Ok(self.rest(again))
    }

    /// Reports a failed call.
    async fn fail(&mut self, failed: Failed, error: &RemoteError) -> Result<Action, Error> {
        let error = &self.presentable(error);
        self.track.attempt = self.track.attempt.saturating_add(1);
        let delay = backoff::delay(self.track.attempt, failed, error.fault, rand::random());
        self.note_failure(error, delay);
        self.report(&Verdict::fault(error.fault, &error.to_string()))
            .await?;
        Ok(self.rest_for(delay))
    }
}

/// A status with the id of the job that the claim in it made.
fn with_made(status: JobStatus, made: Option<&Made>) -> JobStatus {
    let is_of = |claim: &Claim| !claim.void && made.is_some_and(|made| made.nonce == claim.nonce);
    let id = made.filter(|_| status.id.is_none() && status.claim.as_ref().is_some_and(is_of));
    match id {
        Some(made) => JobStatus {
            id: Some(made.id.clone()),
            ..status
        },
        None => status,
    }
}

/// The definition that a status shows.
fn definition<K: JobKind>(shown: &Shown) -> Option<K::Definition> {
    serde_json::from_value(serde_json::to_value(shown).ok()?).ok()
}

fn previous(job: &Previous) -> (String, Option<Timestamp>) {
    (job.id.clone(), job.created_at.as_ref().map(|at| at.0))
}

/// The fields that go back to the vendor's defaults once the spec names them no more.
fn removable_of<K: JobKind>(prepared: &Prepared<K>) -> Option<Vec<String>> {
    match &prepared.intent {
        Intent::Keep(desired) => removable::<K>(&desired.definition, prepared.secrets.keys()).ok(),
        Intent::Remove(_) => None,
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

/// What a step sets going, for the passes that follow it.
const fn doing<D, M>(step: &Step<D, M>, verdict: &Verdict) -> Option<Ready> {
    match (step, &verdict.ready) {
        (Step::Create(_), _) => Some(Ready::Creating),
        (Step::Delete, _) => Some(Ready::Deleting),
        (Step::Move(_), Some(finding)) => Some(finding.reason),
        (Step::Move(_) | Step::Nothing | Step::Guard | Step::Release, _) => None,
    }
}
