//! One task as it is held: its definition with secrets, its state and its transition.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::Sim;
use crate::ledger::{Acts, Record};
use crate::world::{DmsSwitches, TaskColumn};

/// What a task copies.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Kind {
    /// Kafka to OBS.
    Obs,
    /// Kafka to Kafka, either way or both.
    Kafka,
    /// Redis to Redis through a topic.
    Redis,
}

impl Kind {
    /// `source_type`.
    pub(super) fn source(self) -> &'static str {
        match self {
            Self::Obs => "NONE",
            Self::Kafka => "KAFKA_REPLICATOR_SOURCE",
            Self::Redis => "REDIS_REPLICATOR_SOURCE",
        }
    }

    /// `sink_type`.
    pub(super) fn sink(self) -> &'static str {
        match self {
            Self::Obs => "OBS_SINK",
            Self::Kafka => "NONE",
            Self::Redis => "REDIS_REPLICATOR_SINK",
        }
    }
}

/// What a task was asked to do, secrets and all.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Definition {
    /// What it copies.
    pub(super) kind: Kind,
    /// Topics, joined by commas.
    pub(super) topics: String,
    /// Pattern of topics.
    pub(super) topics_regex: String,
    /// Parameters of the source.
    pub(super) source: Map<String, Value>,
    /// Parameters of the sink.
    pub(super) sink: Map<String, Value>,
}

/// Where a task rests.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Phase {
    /// Being made.
    Creating,
    /// Never started.
    Waiting,
    /// Copying.
    Running,
    /// Paused.
    Paused,
    /// Being restarted.
    Restarting,
    /// Put there by someone else's hand.
    Other(String),
}

impl Phase {
    fn meaning(&self) -> &str {
        match self {
            Self::Creating => "CREATING",
            Self::Waiting => "WAITING",
            Self::Running => "RUNNING",
            Self::Paused => "PAUSED",
            Self::Restarting => "RESTARTING",
            Self::Other(word) => word,
        }
    }

    /// The phase that a status word means.
    pub(super) fn of(word: &str, switches: &DmsSwitches) -> Self {
        let spelt = switches.statuses.iter().find(|(_, spelt)| *spelt == word);
        match spelt.map_or(word, |(meaning, _)| meaning) {
            "CREATING" => Self::Creating,
            "WAITING" => Self::Waiting,
            "RUNNING" => Self::Running,
            "PAUSED" => Self::Paused,
            "RESTARTING" => Self::Restarting,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A transition under way.
pub(super) type Change = crate::ledger::Change<Goal>;

/// What a transition does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Goal {
    /// To `WAITING`.
    Wait,
    /// To `RUNNING`.
    Run,
    /// To `PAUSED`.
    Pause,
    /// To being gone.
    Gone,
}

/// One task.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Task {
    /// Order of creation.
    pub(super) seq: u64,
    /// Task id.
    pub(super) id: String,
    /// Project it is in.
    pub(super) project: String,
    /// Instance it runs on.
    pub(super) instance: String,
    /// Name.
    pub(super) name: String,
    /// Whether it was to be started later.
    pub(super) start_later: bool,
    /// What it was asked to do.
    pub(super) definition: Definition,
    /// Where it rests.
    pub(super) phase: Phase,
    /// The transition under way.
    pub(super) change: Option<Change>,
    /// Wall time of creation, in milliseconds since 1970.
    pub(super) created: i64,
    /// Simulated milliseconds that it ran before `since`; a restart forgets them.
    pub(super) ran: Sim,
    /// Simulated time since which it runs.
    pub(super) since: Option<Sim>,
    /// What was done to it.
    pub(super) acts: Acts,
}

impl Task {
    /// The column of the operation matrix: where it is, or will be without a word being said about the way.
    pub(super) fn column(&self) -> TaskColumn {
        match (self.change.as_ref().map(|change| change.to), &self.phase) {
            (Some(Goal::Gone), _) => TaskColumn::Deleting,
            (_, Phase::Creating) => TaskColumn::Creating,
            (_, Phase::Restarting) => TaskColumn::Restarting,
            (Some(Goal::Run), _) | (None, Phase::Running) => TaskColumn::Running,
            (Some(Goal::Pause), _) | (None, Phase::Paused) => TaskColumn::Paused,
            (Some(Goal::Wait), _) | (None, Phase::Waiting) => TaskColumn::Waiting,
            (None, Phase::Other(_)) => TaskColumn::Other,
        }
    }

    /// The status as answered.
    pub(super) fn status(&self, switches: &DmsSwitches) -> String {
        let to = self.change.as_ref().map(|change| change.to);
        let meaning = match (&self.phase, to) {
            (Phase::Creating, Some(Goal::Run)) if !switches.creating_shown => "RUNNING",
            (Phase::Creating, Some(Goal::Wait)) if !switches.creating_shown => "WAITING",
            (phase, _) => phase.meaning(),
        };
        switches
            .statuses
            .get(meaning)
            .map_or_else(|| meaning.to_owned(), Clone::clone)
    }

    /// Begins a transition; one that takes no time is over at once. False when the task is gone.
    pub(super) fn begin(&mut self, change: Change, now: Sim) -> bool {
        let at_once = change.due <= now && change.stuck_by.is_none();
        self.change = Some(change);
        !at_once || self.arrive(now, &())
    }

    /// Moves to another phase, keeping count of the time that it runs.
    pub(super) fn rest(&mut self, phase: Phase, at: Sim) {
        self.ran = self.run_time(at);
        self.since = (phase == Phase::Running).then_some(at);
        self.phase = phase;
    }

    /// Forgets its progress and goes through `RESTARTING`.
    pub(super) fn tear_down(&mut self) {
        self.ran = 0;
        self.since = None;
        self.phase = Phase::Restarting;
    }

    /// Simulated milliseconds that it has run.
    pub(super) fn run_time(&self, at: Sim) -> Sim {
        self.ran + self.since.map_or(0, |since| (at - since).max(0))
    }
}

impl Record for Task {
    type Goal = Goal;
    type Context<'a> = ();

    fn seq(&self) -> u64 {
        self.seq
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn scope(&self) -> &str {
        &self.instance
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn change(&self) -> Option<&Change> {
        self.change.as_ref()
    }

    fn change_mut(&mut self) -> Option<&mut Change> {
        self.change.as_mut()
    }

    fn arrive(&mut self, _at: Sim, _context: &()) -> bool {
        let Some(change) = self.change.take() else {
            return true;
        };
        let phase = match change.to {
            Goal::Wait => Phase::Waiting,
            Goal::Run => Phase::Running,
            Goal::Pause => Phase::Paused,
            Goal::Gone => return false,
        };
        self.rest(phase, change.due);
        true
    }
}
