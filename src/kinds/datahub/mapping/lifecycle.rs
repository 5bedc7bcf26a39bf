//! The vendor's states, operation matrix and mutability as data, and the one request that comes next.
use super::definition::Definition;
use super::observed::Facts;
use crate::api::policy::RunState;
use crate::api::status::Effect;
use crate::engine::kind::{MoveKind, Next, Observed, Phase, Rest, Restart, Wish};

/// What the vendor's number of a state means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// At work on an earlier request, or a number that we do not know: nothing may be sent.
    Moving,
    /// Carries data.
    Running,
    /// Paused.
    Paused,
    /// Could not be created, and is of no use any more.
    Unmade,
    /// Could not be paused.
    PauseFailed,
    /// Could not be resumed.
    ResumeFailed,
    /// Could not be deleted.
    DeleteFailed,
    /// Deleted; the service shows it for a while.
    Gone,
}

/// The numbers of page `DatahubTaskInfo`, the words by which they are shown, and what they mean.
pub const STATES: [(i64, &str, State); 11] = [
    (-1, "CREATE_FAILED", State::Unmade),
    (0, "CREATING", State::Moving),
    (1, "RUNNING", State::Running),
    (2, "DELETING", State::Moving),
    (3, "DELETED", State::Gone),
    (4, "DELETE_FAILED", State::DeleteFailed),
    (5, "PAUSING", State::Moving),
    (6, "PAUSED", State::Paused),
    (7, "PAUSE_FAILED", State::PauseFailed),
    (8, "RESUMING", State::Moving),
    (9, "RESUME_FAILED", State::ResumeFailed),
];

impl State {
    /// The meaning of the vendor's number.
    pub fn of(status: Option<i64>) -> Self {
        STATES
            .iter()
            .find(|(known, ..)| Some(*known) == status)
            .map_or(Self::Moving, |(.., state)| *state)
    }

    /// What to do about a state that is a failure.
    pub const fn advice(self) -> Option<&'static str> {
        match self {
            Self::Unmade => Some(
                "the task could not be created, and the vendor cannot mend it: correct the spec with spec.replacePolicy Recreate, or delete this object and make it anew",
            ),
            Self::PauseFailed => Some(
                "the task could not be paused: set spec.runState to Running to have it resumed, or ask for a restart",
            ),
            Self::ResumeFailed => {
                Some("the task could not be resumed: look at its ends, and ask for a restart")
            }
            Self::DeleteFailed => {
                Some("the task could not be deleted: see at the vendor's console what still holds it")
            }
            Self::Moving | Self::Running | Self::Paused | Self::Gone => None,
        }
    }
}

/// The word by which a number is shown; the vendor has none.
pub fn word(status: Option<i64>) -> String {
    let known = STATES.iter().find(|(known, ..)| Some(*known) == status);
    match (known, status) {
        (Some((_, word, _)), _) => (*word).to_owned(),
        (None, Some(number)) => format!("UNKNOWN_{number}"),
        (None, None) => "UNKNOWN".to_owned(),
    }
}

/// One request besides create and delete.
#[derive(Clone, Debug, PartialEq)]
pub enum Move {
    /// Resumes the task.
    Resume,
    /// Pauses the task.
    Pause,
    /// Starts the task over, without touching what was delivered.
    Restart,
    /// Changes what can be changed in place.
    Modify {
        /// The task as it is to be.
        definition: Box<Definition>,
        /// The fields that differ.
        fields: Vec<String>,
    },
}

impl Move {
    /// The vendor's operation matrix; nothing is sent to a busy task.
    pub const fn allowed(&self, state: State) -> bool {
        match self {
            Self::Pause => matches!(state, State::Running),
            Self::Resume => matches!(state, State::Paused | State::PauseFailed | State::ResumeFailed),
            Self::Restart => matches!(state, State::Running | State::PauseFailed | State::ResumeFailed),
            Self::Modify { .. } => matches!(state, State::Running | State::Paused),
        }
    }
}

/// Where a task in this state stands.
pub fn phase(seen: &Observed<Definition, Facts>) -> Phase {
    match State::of(seen.facts.status) {
        State::Moving => Phase::Moving,
        State::Gone => Phase::Gone,
        State::Unmade | State::PauseFailed | State::ResumeFailed | State::DeleteFailed => Phase::Broken,
        State::Running | State::Paused if seen.facts.isolated => Phase::Broken,
        State::Running | State::Paused => Phase::Resting,
    }
}

/// What to do next.
///
/// A change is made first, while the task runs, which is where the vendor is known to accept it; a paused task that
/// should run is resumed before. A failed request is not sent again by itself: doing so over and over would hide the
/// failure. Only a task that could not be paused is resumed, when it should run after all.
pub fn next(wish: &Wish<'_, Definition>, seen: &Observed<Definition, Facts>) -> Next<Move> {
    let run = wish.run_state;
    match (State::of(seen.facts.status), wish.changes.is_empty()) {
        (State::Paused | State::PauseFailed, _) if run == Some(RunState::Running) => Next::Do(Move::Resume),
        (State::Running | State::Paused, false) => Next::Do(Move::Modify {
            definition: Box::new(wish.definition.clone()),
            fields: wish.changes.iter().map(|change| change.path.clone()).collect(),
        }),
        (State::Running, true) if run == Some(RunState::Stopped) => Next::Do(Move::Pause),
        (State::Running | State::Paused, true)
        | (
            State::Moving
            | State::Unmade
            | State::PauseFailed
            | State::ResumeFailed
            | State::DeleteFailed
            | State::Gone,
            _,
        ) => Next::Agreed,
    }
}

/// A task is deleted from any state at rest.
pub const fn before_delete(_seen: &Observed<Definition, Facts>) -> Option<Move> {
    None
}

/// How a task that agrees is called.
pub fn rest(seen: &Observed<Definition, Facts>) -> Rest {
    match State::of(seen.facts.status) {
        State::Running => Rest::Running,
        State::Moving
        | State::Paused
        | State::Unmade
        | State::PauseFailed
        | State::ResumeFailed
        | State::DeleteFailed
        | State::Gone => Rest::Stopped,
    }
}

/// What a move is, for plans.
pub const fn describe(step: &Move) -> MoveKind {
    match step {
        Move::Resume => MoveKind::Start,
        Move::Pause => MoveKind::Stop,
        Move::Restart => MoveKind::Restart,
        Move::Modify { .. } => MoveKind::Update,
    }
}

/// Whether and how a task is restarted. A task that fails while it runs keeps its state, so a running one is restarted too.
pub fn restart(seen: &Observed<Definition, Facts>) -> Restart<Move> {
    if Move::Restart.allowed(State::of(seen.facts.status)) {
        Restart::Do(Move::Restart)
    } else {
        Restart::NotNow
    }
}

/// What can be changed in place; everything else needs a new task. Page `ModifyDatahubTask`.
pub const IN_PLACE: [&str; 5] = [
    "name",
    "description",
    "maxTasks",
    "syncThrottleLimit",
    "autoExpand",
];

/// What changing the field at this path costs.
pub fn effect(path: &str) -> Effect {
    if IN_PLACE.contains(&path) {
        Effect::InPlace
    } else {
        Effect::Replace
    }
}
