//! One task as it is held.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::Sim;
use crate::ledger::Record;

/// How many acts are remembered per task.
const ACTS: usize = 500;

/// The integers of `Status` (Datahub API notes, state machine).
pub(super) mod status {
    /// Create failed.
    pub(in super::super) const CREATE_FAILED: i64 = -1;
    /// Creating.
    pub(in super::super) const CREATING: i64 = 0;
    /// Running.
    pub(in super::super) const RUNNING: i64 = 1;
    /// Deleting.
    pub(in super::super) const DELETING: i64 = 2;
    /// Deleted.
    pub(in super::super) const DELETED: i64 = 3;
    /// Delete failed.
    pub(in super::super) const DELETE_FAILED: i64 = 4;
    /// Pausing.
    pub(in super::super) const PAUSING: i64 = 5;
    /// Paused.
    pub(in super::super) const PAUSED: i64 = 6;
    /// Pause failed.
    pub(in super::super) const PAUSE_FAILED: i64 = 7;
    /// Resuming.
    pub(in super::super) const RESUMING: i64 = 8;
    /// Resume failed.
    pub(in super::super) const RESUME_FAILED: i64 = 9;
}

/// A transition under way.
pub(super) type Change = crate::ledger::Change<Goal>;

/// What a transition does.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Goal {
    /// To a status that is as wished.
    Rest(i64),
    /// To a failed one, with what `ErrorMessage` says.
    Fail(i64, String),
    /// To 3, and gone after so many milliseconds; never when none.
    Delete(Option<Sim>),
    /// To being gone.
    Vanish,
}

/// Something that was done to a task.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Act {
    /// `create`, `update`, `pause`, `resume`, `restart`, `delete`; `foreign` for the admin API.
    pub(super) operation: String,
    /// Wall time.
    pub(super) time: String,
}

/// One task.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Task {
    /// Order of creation.
    pub(super) seq: u64,
    /// `task-` and eight letters or digits.
    pub(super) id: String,
    /// `datahub-` and eight others.
    pub(super) datahub: String,
    /// Account number.
    pub(super) account: String,
    /// Region.
    pub(super) region: String,
    /// Account number and region.
    pub(super) scope: String,
    /// `TaskName`.
    pub(super) name: String,
    /// `TaskType`.
    pub(super) side: String,
    /// `Description`.
    pub(super) description: String,
    /// `SourceResource`.
    pub(super) source: Map<String, Value>,
    /// `TargetResource`.
    pub(super) target: Map<String, Value>,
    /// `TransformParam`.
    pub(super) transform: Option<Map<String, Value>>,
    /// `TransformsParam`.
    pub(super) transforms: Option<Map<String, Value>>,
    /// `SchemaId`.
    pub(super) schema: String,
    /// `Tags`.
    pub(super) tags: Value,
    /// `Status`.
    pub(super) status: i64,
    /// The transition under way.
    pub(super) change: Option<Change>,
    /// What went wrong.
    pub(super) error: Option<String>,
    /// `WarnMessage`.
    pub(super) warning: Option<String>,
    /// `IsolateStatus`.
    pub(super) isolated: i64,
    /// `TaskMax`.
    pub(super) workers: i64,
    /// `SyncThrottleLimit`.
    pub(super) throttle: i64,
    /// `AutoExpandFlag`.
    pub(super) expands: bool,
    /// Wall time of creation.
    pub(super) created: Timestamp,
    /// Simulated time of creation.
    pub(super) born: Sim,
    /// What was done to it.
    pub(super) acts: Vec<Act>,
}

impl Task {
    /// Whether it failed while running.
    pub(super) fn is_abnormal(&self, abnormal: Option<i64>) -> bool {
        self.status == status::RUNNING && self.error.is_some() || Some(self.status) == abnormal
    }

    /// Moves to a status that is not under way to another one.
    pub(super) fn rest(&mut self, status: i64, error: Option<String>) {
        self.change = None;
        self.status = status;
        self.error = error;
    }

    /// Remembers an act.
    pub(super) fn note(&mut self, operation: &str) {
        if self.acts.len() >= ACTS {
            self.acts.remove(0);
        }
        self.acts.push(Act {
            operation: operation.to_owned(),
            time: format!("{:.3}", Timestamp::now()),
        });
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
        &self.scope
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn host(&self) -> &str {
        // The quota counts by account, and deleted tasks do not count.
        if self.status == status::DELETED {
            ""
        } else {
            &self.account
        }
    }

    fn change(&self) -> Option<&Change> {
        self.change.as_ref()
    }

    fn change_mut(&mut self) -> Option<&mut Change> {
        self.change.as_mut()
    }

    fn arrive(&mut self, at: Sim, (): &()) -> bool {
        let Some(change) = self.change.take() else {
            return true;
        };
        match change.to {
            Goal::Rest(status) => self.rest(status, None),
            Goal::Fail(status, message) => self.rest(status, Some(message)),
            Goal::Delete(readable) => {
                self.rest(status::DELETED, None);
                self.change = readable.map(|millis| Change {
                    to: Goal::Vanish,
                    due: at + millis,
                    stuck_by: None,
                });
            }
            Goal::Vanish => return false,
        }
        true
    }
}
