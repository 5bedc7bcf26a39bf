//! The only place where plans meet effects: one pass observes, plans, acts and reports.
mod act;
mod announce;
mod attend;
mod memory;
mod observe;
mod prepare;
mod report;
mod rows;

use super::account::{Accounts, Secrets};
use super::backoff::{self, Failed};
use super::digest::DigestKey;
use super::events::Events;
use super::finalizer;
use super::kind::{JobKind, JobResource, SecretValues, Seen};
use super::look::Looks;
use super::peer::{Face, PeerKey, Peers};
use super::plan::{Again, Intent, Plan, Step, may_ever_write, plan};
use super::queue::Action;
use super::reason::{Ready, Synced};
use super::sight::Sight;
use super::track::{Made, Track, Tracks, WriteKind};
use super::verdict::Verdict;
use super::wake::{Dependency, Dependent, Wakes};
use crate::api::keys;
use crate::api::policy::ManagementPolicy;
use crate::api::status::{Claim, JobStatus};
use crate::remote::{Gate, RemoteError};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;
use kube::core::DeserializeGuard;
use kube::core::error_boundary::InvalidObject;
use kube::{Api, Client, Resource, ResourceExt};
use observe::Source;
use prepare::Prepared;
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// How long a pass that lost a race waits for the watch to bring the newer object.
const OVERTAKEN: Duration = Duration::from_secs(2);

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

/// What a step sets going, for the passes that follow it.
const fn doing<D, M>(step: &Step<D, M>, verdict: &Verdict) -> Option<Ready> {
    match (step, &verdict.ready) {
        (Step::Create(_), _) => Some(Ready::Creating),
        (Step::Delete, _) => Some(Ready::Deleting),
        (Step::Move(_), Some(finding)) => Some(finding.reason),
        (Step::Move(_) | Step::Nothing | Step::Guard | Step::Release, _) => None,
    }
}
