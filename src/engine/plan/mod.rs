//! The pure core: what is wanted and what was seen in, one step and one verdict out. No clock, no I/O, no async.
mod changes;
mod keep;
mod permission;
mod quiet;
mod remove;

use crate::api::policy::{DeletionPolicy, ManagementPolicy, ReplacePolicy};
use crate::api::shown::Shown;
use crate::api::status::{Act, FieldPlan, PlanAction};
use crate::engine::acts::{Announced, News};
use crate::engine::kind::{Asked, Desired, Finished, JobKind, MoveKind, Seen};
use crate::engine::reason::Ready;
use crate::engine::sight::Sight;
use crate::engine::verdict::Verdict;
use crate::remote::Fault;
use keep::Keep;
pub use permission::may_ever_write;
pub use quiet::blind;
use remove::remove;

/// What the custom resource asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent<D> {
    /// That the remote job is like this.
    Keep(Desired<D>),
    /// That there be no remote job on account of this object any more.
    Remove(DeletionPolicy),
}

/// What the object allows, and what was promised before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// How far the operator may go.
    pub management: ManagementPolicy,
    /// What a change does that cannot be made in place.
    pub replace: ReplacePolicy,
    /// The hash in the approval annotation.
    pub approved: Option<String>,
    /// The action whose approval for this generation of the spec is being carried out.
    pub carrying: Option<PlanAction>,
    /// Names the object and the generation of its spec, for the hashes of plans.
    pub subject: String,
    /// Paths that are neither compared nor updated.
    pub ignored: Vec<String>,
}

/// What the driver remembers of the passes before this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory<M> {
    /// Secrets whose values changed since they were last sent, by path.
    pub rotated: Vec<String>,
    /// What our last request set going, while it is not yet seen to have ended.
    pub under_way: Option<Ready>,
    /// Our last request, while it is so young that the service may not show its effect yet.
    pub sent: Option<Sent>,
    /// The hash of an update that was accepted long ago and is still not to be seen: sending it again would stop and
    /// start the job for ever.
    pub futile: Option<String>,
    /// What our own create made the job with, of all that cannot be changed in place; none where it did not make it.
    pub made_with: Option<Shown>,
    /// Whether a delete was sent and the job was not seen at rest since.
    pub deleting: bool,
    /// The value of the restart annotation that was not answered yet.
    pub restart: Option<String>,
    /// What else the object asks for once.
    pub asked: Vec<Asked<M>>,
    /// The requests that were announced.
    pub acts: Vec<Act>,
    /// What a job that is gone has done, where that was all that was wished.
    pub finished: Option<Finished>,
    /// Whether the announcement that is open is so young that its request may still be on its way.
    pub act_is_young: bool,
}

/// A request that was accepted, and the state in which it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What was sent.
    pub request: Request,
    /// The vendor's word for the state that the job was in.
    pub state: String,
}

/// The requests that must not be repeated while the service has not shown the effect of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// A move.
    Move(MoveKind),
    /// The delete.
    Delete,
}

/// The one thing that this pass does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<D, M> {
    /// Nothing is sent.
    Nothing,
    /// Put the finalizer on before anything exists that would need it.
    Guard,
    /// Write down that a create is about to be sent, so that a crash cannot hide it, then send it.
    Create(Desired<D>),
    /// Send one request that is legal in the state the job was seen in.
    Move(M),
    /// Send the delete.
    Delete,
    /// Take the finalizer off.
    Release,
}

/// When to look again if nothing else wakes the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// At once.
    Now,
    /// As soon as what is under way may have ended.
    Soon,
    /// Soon, at the state of the run that is under way: what we asked for has been seen, and it ends by itself.
    Watch,
    /// After the sync interval.
    Interval,
    /// When the back-off for this fault says so.
    Backoff(Fault),
}

/// What a pass does and says.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan<D, M> {
    /// The one effect.
    pub step: Step<D, M>,
    /// How matters stand.
    pub verdict: Verdict,
    /// The difference, for `.status.plan`.
    pub shown: Option<FieldPlan>,
    /// The approved plan that has to be written down before the step.
    pub announce: Option<FieldPlan>,
    /// The request that must not be repeated and has to be written down before the step.
    pub act: Option<Announced>,
    /// What was found out of such requests.
    pub news: Vec<News>,
    /// When to look again.
    pub again: Again,
}

type MemoryOf<K> = Memory<<K as JobKind>::Move>;

type PlanOf<K> = Plan<<K as JobKind>::Definition, <K as JobKind>::Move>;

type StepOf<K> = Step<<K as JobKind>::Definition, <K as JobKind>::Move>;

/// Decides. Total and deterministic.
pub fn plan<K: JobKind>(
    intent: &Intent<K::Definition>,
    guarded: bool,
    sight: &Sight<Seen<K>>,
    memory: &MemoryOf<K>,
    policy: &Policy,
) -> PlanOf<K> {
    match intent {
        Intent::Keep(desired) => Keep::<K> {
            desired,
            guarded,
            memory,
            policy,
        }
        .plan(sight),
        Intent::Remove(deletion) => remove::<K>(*deletion, guarded, sight, memory, policy),
    }
}

impl<M> Default for Memory<M> {
    fn default() -> Self {
        Self {
            rotated: vec![],
            under_way: None,
            sent: None,
            futile: None,
            made_with: None,
            deleting: false,
            restart: None,
            asked: vec![],
            acts: vec![],
            finished: None,
            act_is_young: false,
        }
    }
}

/// Whether the same request was accepted in the same state a short while ago: the service takes its time.
fn was_sent<M>(memory: &Memory<M>, request: Request, state: &str) -> bool {
    memory
        .sent
        .as_ref()
        .is_some_and(|sent| sent.request == request && sent.state == state)
}

const fn go<D, M>(step: Step<D, M>, verdict: Verdict, again: Again) -> Plan<D, M> {
    Plan {
        step,
        verdict,
        shown: None,
        announce: None,
        act: None,
        news: vec![],
        again,
    }
}

const fn action(kind: MoveKind) -> PlanAction {
    match kind {
        MoveKind::Start => PlanAction::Start,
        MoveKind::Stop => PlanAction::Stop,
        MoveKind::Update => PlanAction::Update,
        MoveKind::Restart => PlanAction::Restart,
    }
}

const fn under_way(kind: MoveKind) -> Ready {
    match kind {
        MoveKind::Start => Ready::Starting,
        MoveKind::Stop => Ready::Stopping,
        MoveKind::Update => Ready::Updating,
        MoveKind::Restart => Ready::Restarting,
    }
}
