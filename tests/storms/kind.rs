//! The kinds of the storms: the event router's mapping, with what other vendors add to it or lack.
use crate::service::Sort;
use replication_operator::api::reference::SecretKeyRef;
use replication_operator::api::status::Effect;
use replication_operator::engine::kind::{
    Desired, Invalid, JobKind, MoveKind, Next, Parcel, Phase, Progress, RemoteJobs, Resolved, Rest, Restart,
    Seen, Wish,
};
use replication_operator::engine::plan::{self, Intent, Memory, Plan, Policy};
use replication_operator::engine::sight::{Identity, Sight};
use replication_operator::kinds::event_router::mapping::{self, Definition, Facts, Move};
use replication_operator::kinds::event_router::{EventRouter, EventRouterJob};
use replication_operator::remote::{Cloud, RemoteError, WritePermit};
use serde_json::Value;

/// The secret of the example.
pub const SECRET: &str = "source.kafka.passwordSecretRef";

/// A job as it is seen, the same for every kind of the storms.
pub type SeenJob = Seen<Marked>;
/// A look, the same for every kind of the storms.
pub type SightOf = Sight<SeenJob>;
/// A plan, the same for every kind of the storms.
pub type PlanOf = Plan<Definition, Step>;

/// One request besides create and delete.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Start,
    Stop,
    Restart,
    Update {
        definition: Box<Definition>,
        /// The new id, where the name is the id and changes.
        rename: Option<String>,
    },
}

/// What a service lets be known of its jobs.
pub trait Ways: Send + Sync + 'static {
    const SORT: Sort;
}

/// A kind with a place for the mark.
pub struct WithMark;
/// A kind without a place for the mark.
pub struct WithoutMark;
/// A kind without mark and without list, whose name is its id.
pub struct ByName;

impl Ways for WithMark {
    const SORT: Sort = Sort::Marked;
}
impl Ways for WithoutMark {
    const SORT: Sort = Sort::Unmarked;
}
impl Ways for ByName {
    const SORT: Sort = Sort::Named;
}

/// A kind of the storms.
pub struct Kind<W>(std::marker::PhantomData<W>);

pub type Marked = Kind<WithMark>;
pub type Unmarked = Kind<WithoutMark>;
pub type Named = Kind<ByName>;

impl<W: Ways> JobKind for Kind<W> {
    type Resource = EventRouterJob;
    type Definition = Definition;
    type Facts = Facts;
    type Move = Step;
    type Remote = Nowhere;

    const CONTROLLER: &'static str = "storm";
    const MARKED: bool = matches!(W::SORT, Sort::Marked);

    fn desired(resource: &EventRouterJob, resolved: &Resolved) -> Result<Desired<Definition>, Invalid> {
        EventRouter::desired(resource, resolved)
    }

    fn secrets(resource: &EventRouterJob) -> Vec<(String, SecretKeyRef)> {
        EventRouter::secrets(resource)
    }

    fn remote(_: &EventRouterJob, _: &Cloud) -> Result<Nowhere, Invalid> {
        unreachable!("storms have no cloud")
    }

    fn phase(seen: &SeenJob) -> Phase {
        mapping::phase(seen)
    }

    fn effect(path: &str) -> Effect {
        if path == SECRET && !Self::MARKED {
            return Effect::Replace;
        }
        mapping::effect(path)
    }

    fn next(wish: &Wish<'_, Definition>, seen: &SeenJob) -> Next<Step> {
        match mapping::next(wish, seen) {
            Next::Do(Move::Start) => Next::Do(Step::Start),
            Next::Do(Move::Stop) => Next::Do(Step::Stop),
            Next::Do(Move::Update { definition }) => {
                let renamed = W::SORT == Sort::Named && definition.name != seen.id;
                let rename = renamed.then(|| definition.name.clone());
                Next::Do(Step::Update { definition, rename })
            }
            Next::Agreed => Next::Agreed,
            Next::Switched(text) => Next::Switched(text),
            Next::Busy(text) => Next::Busy(text),
        }
    }

    fn is_switched(desired: &Definition, seen: &Definition) -> bool {
        mapping::is_switched(desired, seen)
    }

    fn restart(seen: &SeenJob) -> Restart<Step> {
        match seen.state.as_str() {
            "RUNNING" | "STOPPED" => Restart::Do(Step::Restart),
            "WAIT_START" => Restart::NeverStarted,
            _ => Restart::NotNow,
        }
    }

    fn renames(step: &Step) -> Option<String> {
        match step {
            Step::Update { rename, .. } => rename.clone(),
            Step::Start | Step::Stop | Step::Restart => None,
        }
    }

    fn before_delete(seen: &SeenJob) -> Option<Step> {
        mapping::before_delete(seen).map(|_| Step::Stop)
    }

    fn rest(seen: &SeenJob) -> Rest {
        mapping::rest(seen)
    }

    fn describe(step: &Step) -> MoveKind {
        match step {
            Step::Start => MoveKind::Start,
            Step::Stop => MoveKind::Stop,
            Step::Restart => MoveKind::Restart,
            Step::Update { .. } => MoveKind::Update,
        }
    }

    fn progress(_: &SeenJob) -> Option<Progress> {
        None
    }

    fn endpoints(_: &SeenJob) -> Option<Value> {
        None
    }

    fn replacement_note(_: &Definition) -> String {
        String::new()
    }
}

/// Nobody: the service of the storms is asked without a driver.
pub enum Nowhere {}

impl<W: Ways> RemoteJobs<Kind<W>> for Nowhere {
    fn scope(&self) -> Option<String> {
        match *self {}
    }
    async fn list(&self) -> Result<Vec<SeenJob>, RemoteError> {
        match *self {}
    }
    async fn show(&self, _: &str) -> Result<Option<SeenJob>, RemoteError> {
        match *self {}
    }
    async fn enrich(&self, _: &mut SeenJob) -> Result<(), RemoteError> {
        match *self {}
    }
    fn room_for_create(&self) -> Result<(), RemoteError> {
        match *self {}
    }
    async fn create(
        &self,
        _: &WritePermit,
        _: &Desired<Definition>,
        _: Parcel<'_>,
    ) -> Result<SeenJob, RemoteError> {
        match *self {}
    }
    async fn perform(
        &self,
        _: &WritePermit,
        _: &SeenJob,
        _: &Step,
        _: Parcel<'_>,
    ) -> Result<(), RemoteError> {
        match *self {}
    }
    async fn delete(&self, _: &WritePermit, _: &str) -> Result<(), RemoteError> {
        match *self {}
    }
}

impl Sort {
    /// The plan of a kind of this sort.
    pub fn plan(
        self,
        intent: &Intent<Definition>,
        guarded: bool,
        sight: &SightOf,
        memory: &Memory<Step>,
        policy: &Policy,
    ) -> PlanOf {
        match self {
            Self::Marked => plan::plan::<Marked>(intent, guarded, sight, memory, policy),
            Self::Unmarked => plan::plan::<Unmarked>(intent, guarded, sight, memory, policy),
            Self::Named => plan::plan::<Named>(intent, guarded, sight, memory, policy),
        }
    }

    /// What one job is to an object of this sort.
    pub fn judge_one(self, identity: &Identity, found: Option<SeenJob>) -> Option<SightOf> {
        match self {
            Self::Marked => identity.judge_one::<Marked>(found),
            Self::Unmarked | Self::Named => identity.judge_one::<Unmarked>(found),
        }
    }

    /// What several jobs are to an object of this sort.
    pub fn judge_all(self, identity: &Identity, candidates: Vec<SeenJob>) -> SightOf {
        match self {
            Self::Marked => identity.judge_all::<Marked>(candidates),
            Self::Unmarked | Self::Named => identity.judge_all::<Unmarked>(candidates),
        }
    }

    /// Whether a listed job has to be judged by an object of this sort.
    pub fn is_candidate(self, identity: &Identity, job: &SeenJob) -> bool {
        match self {
            Self::Marked => identity.is_candidate::<Marked>(job),
            Self::Unmarked | Self::Named => identity.is_candidate::<Unmarked>(job),
        }
    }

    /// Whether a listed job has to be read singly before it is judged.
    pub fn needs_single_read(self, identity: &Identity, job: &SeenJob) -> bool {
        match self {
            Self::Marked => identity.needs_single_read::<Marked>(job),
            Self::Unmarked | Self::Named => identity.needs_single_read::<Unmarked>(job),
        }
    }

    /// What changing the secret costs.
    pub fn replaces_for_secret(self) -> bool {
        self != Self::Marked
    }
}
