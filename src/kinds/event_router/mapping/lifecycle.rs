//! The vendor's states, operation matrix and mutability as data, and the one request that comes next.
use super::definition::Definition;
use super::observed::Facts;
use crate::api::policy::RunState;
use crate::api::status::Effect;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Observed;
use crate::engine::kind::Phase;
use crate::engine::kind::Rest;
use crate::engine::kind::Wish;

/// What the vendor's word for a state means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// At work on an earlier request, or a word that we do not know: nothing may be sent.
    Moving,
    /// Created and never started, or stopped.
    Idle,
    /// Synchronising.
    Running,
    /// Failed.
    Broken,
    /// Deleted.
    Gone,
}

/// The words that are known. The vendor enumerates none: the first three are in the samples of the pages
/// `CreateEventRouterJob` and `UpdateEventRouterJob`, the others in those of sibling APIs of the same service.
const STATES: [(&str, State); 17] = [
    ("CREATING", State::Moving),
    ("WAIT_START", State::Idle),
    ("RUNNING", State::Running),
    ("RUNNING_PARTIALLY", State::Running),
    ("CREATED", State::Idle),
    ("STOPPED", State::Idle),
    ("PAUSED", State::Idle),
    ("ERROR", State::Broken),
    ("FAILED", State::Broken),
    ("DELETED_FAILED", State::Broken),
    ("FREEZE_FAILED", State::Broken),
    ("COMPACT_FAILED", State::Broken),
    ("UPGRADE_FAILED", State::Broken),
    ("EXTENDED_FAILED", State::Broken),
    ("ROLLBACK_FAILED", State::Broken),
    ("DELETING", State::Moving),
    ("DELETED", State::Gone),
];

impl State {
    /// The meaning of the vendor's word.
    pub fn of(word: &str) -> Self {
        STATES
            .iter()
            .find(|(known, _)| *known == word)
            .map_or(Self::Moving, |(_, state)| *state)
    }
}

/// One request besides create and delete.
#[derive(Clone, Debug, PartialEq)]
pub enum Move {
    /// Starts the job.
    Start,
    /// Stops the job.
    Stop,
    /// Replaces the definition as a whole.
    Update {
        /// What is sent.
        definition: Box<Definition>,
    },
}

impl Move {
    /// The vendor's operation matrix: an update needs a job that does not run, and nothing is sent to a busy one.
    pub const fn allowed(&self, state: State) -> bool {
        match self {
            Self::Start | Self::Update { .. } => matches!(state, State::Idle | State::Broken),
            Self::Stop => matches!(state, State::Running | State::Broken),
        }
    }
}

/// Where a job in this state stands.
pub fn phase(seen: &Observed<Definition, Facts>) -> Phase {
    match State::of(&seen.state) {
        State::Moving => Phase::Moving,
        State::Idle | State::Running => Phase::Resting,
        State::Broken => Phase::Broken,
        State::Gone => Phase::Gone,
    }
}

/// What to do next.
///
/// A broken job that agrees with the spec is left alone: starting it over and over would hide the failure. A broken
/// job whose spec was changed is stopped first when it should run, because a stopped job is what the next look can
/// tell from a failed one: update and one start follow. When it should not run, the update alone is enough.
pub fn next(wish: &Wish<'_, Definition>, seen: &Observed<Definition, Facts>) -> Next<Move> {
    let run = wish.run_state;
    match (State::of(&seen.state), wish.changes.is_empty()) {
        (State::Running, false) => Next::Do(Move::Stop),
        (State::Broken, false) if run == Some(RunState::Running) => Next::Do(Move::Stop),
        (State::Idle | State::Broken, false) => Next::Do(Move::Update {
            definition: Box::new(wish.definition.clone()),
        }),
        (State::Idle, true) if run == Some(RunState::Running) => Next::Do(Move::Start),
        (State::Running, true) if run == Some(RunState::Stopped) => Next::Do(Move::Stop),
        (State::Idle | State::Running | State::Broken, true) | (State::Moving | State::Gone, _) => {
            Next::Agreed
        }
    }
}

/// The conservative order: no page demands it, but a running job is stopped before it is deleted.
pub fn before_delete(seen: &Observed<Definition, Facts>) -> Option<Move> {
    match State::of(&seen.state) {
        State::Running => Some(Move::Stop),
        State::Moving | State::Idle | State::Broken | State::Gone => None,
    }
}

/// How a job that agrees is called.
pub fn rest(seen: &Observed<Definition, Facts>) -> Rest {
    match State::of(&seen.state) {
        State::Running => Rest::Running,
        State::Moving | State::Idle | State::Broken | State::Gone => Rest::Stopped,
    }
}

/// What a move is, for plans.
pub const fn describe(step: &Move) -> MoveKind {
    match step {
        Move::Start => MoveKind::Start,
        Move::Stop => MoveKind::Stop,
        Move::Update { .. } => MoveKind::Update,
    }
}

/// What cannot be changed in place, by the end of its path; everything else needs the job stopped. The user guide's
/// page on configuring a job names the start point; the identity of cluster and ends is nowhere said to be mutable.
pub const EFFECTS: [(&str, Effect); 15] = [
    ("clusterId", Effect::Replace),
    ("sceneType", Effect::Replace),
    ("region", Effect::Replace),
    ("projectId", Effect::Replace),
    ("instanceId", Effect::Replace),
    ("configType", Effect::Replace),
    ("clusterAlias", Effect::Replace),
    ("seekTo", Effect::Replace),
    ("synchronizeType", Effect::Replace),
    // An end, or the options, of another kind as a whole.
    ("kafka", Effect::Replace),
    ("rocketmq", Effect::Replace),
    ("dcs", Effect::Replace),
    ("kafkaToKafka", Effect::Replace),
    ("rocketmqToRocketmq", Effect::Replace),
    ("dcsToDcs", Effect::Replace),
];

/// What changing the field at this path costs.
pub fn effect(path: &str) -> Effect {
    let field = path.rsplit('.').next().unwrap_or(path);
    EFFECTS
        .iter()
        .find(|(known, _)| *known == field)
        .map_or(Effect::Restart, |(_, effect)| *effect)
}
