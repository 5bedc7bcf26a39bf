//! One job as it is held.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::Sim;
use crate::ledger::{Acts, Record};
use crate::world::{Column, EventGridSwitches};

/// What a job connects.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Kind {
    /// Kafka to Kafka.
    Kafka,
    /// `RocketMQ` to `RocketMQ`.
    Rocketmq,
    /// DCS to DCS.
    Dcs,
}

impl Kind {
    /// All kinds.
    pub(super) const ALL: [Self; 3] = [Self::Kafka, Self::Rocketmq, Self::Dcs];

    /// The word in member names: `source_kafka`, `kafka2kafka`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Kafka => "kafka",
            Self::Rocketmq => "rocketmq",
            Self::Dcs => "dcs",
        }
    }

    /// The member of `advance_config`.
    pub(super) fn advance(self) -> String {
        format!("{0}2{0}", self.word())
    }

    /// Whether a cluster type means this kind; the pages spell `RocketMQ` in two ways.
    pub(super) fn is(self, cluster_type: &str) -> bool {
        match self {
            Self::Kafka => cluster_type == "KAFKA",
            Self::Rocketmq => matches!(cluster_type, "ROCKETMQ" | "DMS_ROCKETMQ"),
            Self::Dcs => cluster_type == "DCS",
        }
    }

    /// The word of `source_type` and `sink_type`.
    pub(super) fn spelt(self, switches: &EventGridSwitches) -> String {
        match self {
            Self::Kafka => "KAFKA".to_owned(),
            Self::Rocketmq => switches.rocketmq_type.clone(),
            Self::Dcs => "DCS".to_owned(),
        }
    }
}

/// Where a job rests.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Phase {
    /// Being made.
    Creating,
    /// Never started.
    WaitStart,
    /// Syncing.
    Running,
    /// Disabled.
    Stopped,
    /// Failed.
    Error,
    /// Put there by someone else's hand.
    Other(String),
}

/// A transition under way.
pub(super) type Change = crate::ledger::Change<Goal>;

/// What a transition does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Goal {
    /// `CREATING` to `WAIT_START`.
    Ready,
    /// To `RUNNING`.
    Run,
    /// To `STOPPED`.
    Stop,
    /// Ends exchanged.
    Swap,
    /// To being gone.
    Gone,
}

/// One job.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Job {
    /// Order of creation.
    pub(super) seq: u64,
    /// Job id.
    pub(super) id: String,
    /// Project it is in.
    pub(super) project: String,
    /// Cluster it runs on.
    pub(super) cluster: String,
    /// Name.
    pub(super) name: String,
    /// Description.
    pub(super) description: Option<String>,
    /// Scene.
    pub(super) scene: String,
    /// What it connects.
    pub(super) kind: Kind,
    /// Parameters of the source.
    pub(super) source: Map<String, Value>,
    /// Parameters of the sink.
    pub(super) sink: Map<String, Value>,
    /// Parameters of the sync.
    pub(super) advance: Map<String, Value>,
    /// Where it rests.
    pub(super) phase: Phase,
    /// The transition under way.
    pub(super) change: Option<Change>,
    /// Wall time of creation.
    pub(super) created: Timestamp,
    /// Wall time of the last update.
    pub(super) updated: Timestamp,
    /// Simulated time of creation.
    pub(super) born: Sim,
    /// Simulated milliseconds that it ran before `since`.
    pub(super) ran: Sim,
    /// Simulated time since which it runs.
    pub(super) since: Option<Sim>,
    /// Log group and stream.
    pub(super) log: Option<(String, String)>,
    /// Members put there by someone else's hand: `err_code`, `source_status` and the like.
    pub(super) extra: Map<String, Value>,
    /// What was done to it.
    pub(super) acts: Acts,
}

impl Job {
    /// The column of the operation matrix.
    pub(super) fn column(&self) -> Column {
        match (&self.change, &self.phase) {
            (Some(Change { to: Goal::Gone, .. }), _) => Column::Deleting,
            (_, Phase::Creating) => Column::Creating,
            (Some(_), _) => Column::Busy,
            (None, Phase::WaitStart) => Column::WaitStart,
            (None, Phase::Running) => Column::Running,
            (None, Phase::Stopped) => Column::Stopped,
            (None, Phase::Error | Phase::Other(_)) => Column::Error,
        }
    }

    /// The status as answered.
    pub(super) fn status(&self, switches: &EventGridSwitches) -> String {
        let passing = self
            .change
            .as_ref()
            .filter(|_| switches.transitional_states)
            .and_then(|change| {
                Some(match change.to {
                    Goal::Ready => return None,
                    Goal::Run => "STARTING",
                    Goal::Stop => "STOPPING",
                    Goal::Swap => "SWITCHING",
                    Goal::Gone => "DELETING",
                })
            });
        let meaning = passing.unwrap_or(match &self.phase {
            Phase::Creating => "CREATING",
            Phase::WaitStart => "WAIT_START",
            Phase::Running => "RUNNING",
            Phase::Stopped => "STOPPED",
            Phase::Error => "ERROR",
            Phase::Other(word) => word,
        });
        switches
            .statuses
            .get(meaning)
            .map_or_else(|| meaning.to_owned(), Clone::clone)
    }

    /// Moves to another phase, keeping count of the time that it runs.
    pub(super) fn rest(&mut self, phase: Phase, at: Sim) {
        self.ran = self.run_time(at);
        self.since = (phase == Phase::Running).then_some(at);
        self.phase = phase;
    }

    /// Simulated milliseconds that it has run.
    pub(super) fn run_time(&self, at: Sim) -> Sim {
        self.ran + self.since.map_or(0, |since| (at - since).max(0))
    }
}

impl Record for Job {
    type Goal = Goal;
    type Context<'a> = ();

    fn seq(&self) -> u64 {
        self.seq
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn scope(&self) -> &str {
        &self.project
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn host(&self) -> &str {
        &self.cluster
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
        match change.to {
            Goal::Ready => self.rest(Phase::WaitStart, change.due),
            Goal::Run => self.rest(Phase::Running, change.due),
            Goal::Stop => self.rest(Phase::Stopped, change.due),
            Goal::Swap => std::mem::swap(&mut self.source, &mut self.sink),
            Goal::Gone => return false,
        }
        true
    }
}

/// The phase that a status word means.
pub(super) fn phase(word: &str, switches: &EventGridSwitches) -> Phase {
    let meaning = switches
        .statuses
        .iter()
        .find(|(_, spelt)| *spelt == word)
        .map_or(word, |(m, _)| m);
    match meaning {
        "CREATING" => Phase::Creating,
        "WAIT_START" => Phase::WaitStart,
        "RUNNING" => Phase::Running,
        "STOPPED" => Phase::Stopped,
        "ERROR" => Phase::Error,
        other => Phase::Other(other.to_owned()),
    }
}
