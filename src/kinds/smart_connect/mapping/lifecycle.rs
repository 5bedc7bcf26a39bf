//! The vendor's states, operation matrix and mutability as data, and the one request that comes next.
use super::definition::{Definition, Sink, Source};
use super::observed::Facts;
use crate::api::policy::RunState;
use crate::api::status::Effect;
use crate::engine::kind::Evidence;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Observed;
use crate::engine::kind::Phase;
use crate::engine::kind::Rest;
use crate::engine::kind::Restart;
use crate::engine::kind::Wish;

/// What the vendor's word for a state means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// At work on an earlier request, or a word that we do not know: nothing may be sent.
    Moving,
    /// Created and never started.
    Waiting,
    /// Copying.
    Running,
    /// Stopped by a request, with its progress kept.
    Paused,
}

/// The words that are known: the enumeration of the page `ShowConnectorTask`, and the one beside it that the vendor's
/// own tools wait for after a create. There is none for a failed task.
const STATES: [(&str, State); 5] = [
    ("CREATING", State::Moving),
    ("WAITING", State::Waiting),
    ("RUNNING", State::Running),
    ("PAUSED", State::Paused),
    ("RESTARTING", State::Moving),
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
    /// Starts a task that never ran: the vendor's restart, for which a waiting task has no progress to lose.
    Start,
    /// Stops a task and keeps its progress.
    Pause,
    /// Goes on where the task was paused.
    Resume,
    /// Tears the task down and starts it again, because somebody asked for it.
    Restart,
    /// Changes fields in place.
    Modify {
        /// The whole definition.
        definition: Box<Definition>,
        /// The fields that differ.
        paths: Vec<String>,
    },
}

impl Move {
    /// The vendor's operation matrix: nothing is sent to a task that is at work on an earlier request.
    pub const fn allowed(&self, state: State) -> bool {
        match self {
            Self::Start => matches!(state, State::Waiting),
            Self::Pause => matches!(state, State::Running),
            Self::Resume => matches!(state, State::Paused),
            Self::Restart => matches!(state, State::Running | State::Paused),
            Self::Modify { .. } => matches!(state, State::Waiting | State::Running | State::Paused),
        }
    }
}

/// Where a task in this state stands.
pub fn phase(seen: &Observed<Definition, Facts>) -> Phase {
    match State::of(&seen.state) {
        State::Moving => Phase::Moving,
        State::Waiting | State::Running | State::Paused => Phase::Resting,
    }
}

/// What to do next. A task that shall rest is paused before it is modified, so that the service does not restart it for
/// nothing; one that shall run is modified before it is started, so that it never runs on with an outdated definition.
pub fn next(wish: &Wish<'_, Definition>, seen: &Observed<Definition, Facts>) -> Next<Move> {
    match (State::of(&seen.state), wish.run_state) {
        (State::Running, Some(RunState::Stopped)) => Next::Do(Move::Pause),
        (State::Waiting | State::Running | State::Paused, _) if !wish.changes.is_empty() => {
            Next::Do(Move::Modify {
                definition: Box::new(wish.definition.clone()),
                paths: wish.changes.iter().map(|change| change.path.clone()).collect(),
            })
        }
        (State::Waiting, Some(RunState::Running)) => Next::Do(Move::Start),
        (State::Paused, Some(RunState::Running)) => Next::Do(Move::Resume),
        (State::Moving, _)
        | (State::Waiting | State::Paused, Some(RunState::Stopped) | None)
        | (State::Running, Some(RunState::Running) | None) => Next::Agreed,
    }
}

/// What a restart costs.
pub const RESTART_NOTE: &str =
    "the vendor's restart resets the progress of the task, which then starts to read as it did at first";

/// The restart of a task that ran. That of a waiting one would be its first start, which `runState` decides about.
pub fn restart(seen: &Observed<Definition, Facts>) -> Restart<Move> {
    match State::of(&seen.state) {
        State::Waiting => Restart::NeverStarted,
        State::Running | State::Paused => Restart::Do(Move::Restart),
        State::Moving => Restart::NotNow,
    }
}

/// What a task shows of a restart whose answer was lost: only while it is at it. A running one may run since long ago or
/// anew, so that a lost restart that was not seen is never sent again.
pub fn evidence(seen: &Observed<Definition, Facts>) -> Evidence {
    if seen.state == "RESTARTING" {
        Evidence::Done(None)
    } else {
        Evidence::Nothing
    }
}

/// A task may be deleted in every state.
pub const fn before_delete(_seen: &Observed<Definition, Facts>) -> Option<Move> {
    None
}

/// How a task that agrees is called.
pub fn rest(seen: &Observed<Definition, Facts>) -> Rest {
    match State::of(&seen.state) {
        State::Running => Rest::Running,
        State::Moving | State::Waiting | State::Paused => Rest::Stopped,
    }
}

/// What a move is, for plans.
pub const fn describe(step: &Move) -> MoveKind {
    match step {
        Move::Start | Move::Resume => MoveKind::Start,
        Move::Pause => MoveKind::Stop,
        Move::Restart => MoveKind::Restart,
        Move::Modify { .. } => MoveKind::Update,
    }
}

/// What can be changed in place, and its name on the wire. The body of page `ModifyConnectorTask` holds these; it holds
/// no secrets, and of the rest nothing says that it is mutable.
pub const MODIFIABLE: [(&str, &str); 14] = [
    ("topics", "topics"),
    ("topicsRegex", "topics_regex"),
    ("source.kafka.taskCount", "source_task.task_num"),
    ("source.kafka.replicationFactor", "source_task.replication_factor"),
    ("source.kafka.consumerStrategy", "source_task.consumer_strategy"),
    ("source.kafka.compression", "source_task.compression_type"),
    ("source.kafka.renameTopic", "source_task.rename_topic_enabled"),
    (
        "source.kafka.provenanceHeader",
        "source_task.provenance_header_enabled",
    ),
    ("source.kafka.topicMappings", "source_task.topics_mapping"),
    (
        "sink.obs.deliverIntervalSeconds",
        "sink_task.deliver_time_interval",
    ),
    ("sink.obs.path", "sink_task.obs_path"),
    ("sink.obs.partitionFormat", "sink_task.partition_format"),
    ("sink.obs.recordDelimiter", "sink_task.record_delimiter"),
    ("sink.obs.storeKeys", "sink_task.store_keys"),
];

/// What changing the field at this path costs: the service restarts a running task that is modified.
pub fn effect(path: &str) -> Effect {
    if MODIFIABLE.iter().any(|(field, _)| *field == path) {
        Effect::Restart
    } else {
        Effect::Replace
    }
}

/// What a replacement loses or repeats.
pub fn replacement_note(definition: &Definition) -> String {
    let (start, again, lost) = match (&definition.source, &definition.sink) {
        (Some(Source::Redis(end)), _) => {
            return format!(
                "the new task forgets how far the old one came and copies anew as {} says",
                end.sync_mode
            );
        }
        (Some(Source::Kafka(end)), _) => (
            end.consumer_strategy.as_deref().unwrap_or_default(),
            "messages that were already copied are copied again",
            "messages that arrive between the two tasks are not copied",
        ),
        (None, Some(Sink::Obs(end))) => (
            end.consumer_strategy.as_str(),
            "messages that were already dumped are dumped again",
            "messages that arrive between the two tasks are not dumped",
        ),
        (None, Some(Sink::Redis(_)) | None) => ("", "", ""),
    };
    let consequence = if start == "earliest" { again } else { lost };
    format!("the new task forgets how far the old one came and starts at {start}: {consequence}")
}
