//! The vendor's states, operation matrix and mutability as data, and the one request that comes next.
use super::definition::Definition;
use super::observed::Facts;
use crate::api::status::Effect;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Observed;
use crate::engine::kind::Phase;
use crate::engine::kind::Rest;
use crate::engine::kind::Wish;
use std::collections::BTreeMap;

/// What the vendor's word for the state of a job or a run means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A word that we do not know: nothing may be sent.
    Unknown,
    /// Never run.
    New,
    /// A run is about to begin.
    Starting,
    /// A run is under way.
    Running,
    /// The last run ended well.
    Succeeded,
    /// The last run ended badly.
    Failed,
    /// The last run was stopped.
    Stopped,
}

/// The words that are known: the enumerations of the pages `ShowJobs` and `ShowSubmissions`, and those that consoles and
/// samples show beyond them.
const STATES: [(&str, State); 10] = [
    ("NEW", State::New),
    ("NEVER_EXECUTED", State::New),
    ("PENDING", State::Starting),
    ("BOOTING", State::Starting),
    ("RUNNING", State::Running),
    ("SUCCEEDED", State::Succeeded),
    ("FAILED", State::Failed),
    ("FAILURE_ON_SUBMIT", State::Failed),
    ("UNKNOWN", State::Failed),
    ("STOPPED", State::Stopped),
];

impl State {
    /// The meaning of the vendor's word.
    pub fn of(word: &str) -> Self {
        STATES
            .iter()
            .find(|(known, _)| *known == word)
            .map_or(Self::Unknown, |(_, state)| *state)
    }

    /// Whether a run is under way.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Starting | Self::Running)
    }

    /// Whether a run has ended.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Stopped)
    }
}

/// One request besides create and delete.
#[derive(Clone, Debug, PartialEq)]
pub enum Move {
    /// Begins a run.
    Start {
        /// Values of the variables.
        variables: BTreeMap<String, String>,
    },
    /// Ends the run that is under way.
    Stop,
    /// Replaces the definition as a whole.
    Update {
        /// What is sent.
        definition: Box<Definition>,
        /// Whether the name is another one.
        renames: bool,
    },
}

impl Move {
    /// The vendor's operation matrix.
    pub const fn allowed(&self, state: State) -> bool {
        match self {
            Self::Stop => state.is_active(),
            Self::Start { .. } | Self::Update { .. } => {
                !state.is_active() && !matches!(state, State::Unknown)
            }
        }
    }
}

/// Where a job in this state stands.
pub fn phase(seen: &Observed<Definition, Facts>) -> Phase {
    match State::of(&seen.state) {
        State::Unknown => Phase::Moving,
        // Older releases call a run that was stopped a failed one.
        State::Failed if seen.facts.stopped => Phase::Resting,
        State::Failed => Phase::Broken,
        State::New | State::Starting | State::Running | State::Succeeded | State::Stopped => Phase::Resting,
    }
}

/// What to do next about the definition. A running job is never stopped for a change: the change waits.
pub fn next(wish: &Wish<'_, Definition>, seen: &Observed<Definition, Facts>) -> Next<Move> {
    if wish.changes.is_empty() {
        return Next::Agreed;
    }
    let update = Move::Update {
        definition: Box::new(wish.definition.clone()),
        renames: wish.definition.name != seen.id,
    };
    if update.allowed(State::of(&seen.state)) {
        return Next::Do(update);
    }
    Next::Busy("the job runs and is not stopped for a change: it is sent when the run has ended; a new value of spec.run.stopRequestedAt ends the run".into())
}

/// The service refuses to delete a running job.
pub fn before_delete(seen: &Observed<Definition, Facts>) -> Option<Move> {
    State::of(&seen.state).is_active().then_some(Move::Stop)
}

/// How a job that agrees is called.
pub fn rest(seen: &Observed<Definition, Facts>) -> Rest {
    match State::of(&seen.state) {
        State::Starting => Rest::Starting,
        State::Running if is_permanent(seen) => Rest::Running,
        State::Running => Rest::AtWork,
        State::Succeeded => Rest::Succeeded,
        State::Stopped | State::Failed => Rest::Stopped,
        State::New | State::Unknown => Rest::Available,
    }
}

/// Whether a run of this job ends only when somebody stops it.
fn is_permanent(seen: &Observed<Definition, Facts>) -> bool {
    let input = seen
        .definition
        .as_ref()
        .and_then(|definition| definition.from.inputs.config.get("isPermanency"));
    matches!(input, Some(Some(value)) if value == "true")
}

/// The id that the job has after a move that renames it.
pub fn renames(step: &Move) -> Option<String> {
    match step {
        Move::Update {
            definition,
            renames: true,
        } => Some(definition.name.clone()),
        Move::Update { renames: false, .. } | Move::Start { .. } | Move::Stop => None,
    }
}

/// What a move is, for plans.
pub const fn describe(step: &Move) -> MoveKind {
    match step {
        Move::Start { .. } => MoveKind::Start,
        Move::Stop => MoveKind::Stop,
        Move::Update { .. } => MoveKind::Update,
    }
}

/// What cannot be changed in place, by path.
pub const EFFECTS: [(&str, Effect); 4] = [
    ("clusterId", Effect::Replace),
    ("jobType", Effect::Replace),
    ("from.connectorName", Effect::Replace),
    ("to.connectorName", Effect::Replace),
];

/// What changing the field at this path costs.
pub fn effect(path: &str) -> Effect {
    EFFECTS
        .iter()
        .find(|(known, _)| *known == path)
        .map_or(Effect::InPlace, |(_, effect)| *effect)
}

/// What goes back to the service's default when the spec does not name it any more.
pub fn is_removable(path: &str) -> bool {
    let inputs = ["config.", "mapConfig.", "secretConfig."];
    let of_end = path.strip_prefix("from.").or_else(|| path.strip_prefix("to."));
    path.starts_with("driver.")
        || of_end.is_some_and(|rest| inputs.iter().any(|block| rest.starts_with(block)))
}
