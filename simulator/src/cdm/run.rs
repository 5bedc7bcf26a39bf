//! One run of a job: its steps in simulated time, and what it copies.

use serde::{Deserialize, Serialize};

use super::job::Job;
use super::state::Context;
use super::tables;
use super::values::text;
use crate::clock::Sim;
use crate::ledger::Change;
use crate::service::Bend;
use crate::world::Outcome;

/// What a step does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Goal {
    /// To `BOOTING`.
    Boot,
    /// To `RUNNING`.
    Run,
    /// To its end.
    End,
    /// To the status after a stop.
    Stop,
    /// The timer begins a run.
    Fire,
}

/// How long the steps take, in simulated milliseconds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Pace {
    pending: Sim,
    boot: Sim,
    run: Sim,
    /// The fault that the first step waits for.
    stuck_by: Option<String>,
}

/// Who begins a run, and how.
#[derive(Clone, Debug)]
pub(super) struct Starter<'a> {
    user: &'a str,
    auto: bool,
    waits: bool,
    bend: Bend,
    pace: Option<Pace>,
}

impl<'a> Starter<'a> {
    /// A start call; `waits` when there is no room yet.
    pub(super) fn call(user: &'a str, bend: &Bend, waits: bool) -> Self {
        Self {
            bend: bend.clone(),
            waits,
            ..Self::hand(user)
        }
    }

    /// Someone else's hand.
    pub(super) fn hand(user: &'a str) -> Self {
        Self {
            user,
            auto: false,
            waits: false,
            bend: Bend::default(),
            pace: None,
        }
    }

    /// The timer.
    pub(super) fn timer(user: &'a str) -> Self {
        Self {
            auto: true,
            ..Self::hand(user)
        }
    }

    /// A retry, at the pace of the run that failed.
    pub(super) fn again(user: &'a str, pace: &Pace) -> Self {
        let unheld = Pace {
            stuck_by: None,
            ..pace.clone()
        };
        Self {
            auto: true,
            pace: Some(unheld),
            ..Self::hand(user)
        }
    }
}

/// What a run copies; -1 where it does not apply.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Load {
    /// Rows.
    pub(super) rows: i64,
    /// Bytes.
    pub(super) bytes: i64,
    /// Files.
    pub(super) files: i64,
}

/// One run.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a member of the answer or independent of them"
)]
pub(super) struct Run {
    /// Submission id.
    pub(super) id: u64,
    /// Status as answered.
    pub(super) status: String,
    /// The step to come.
    pub(super) change: Option<Change<Goal>>,
    /// How long its steps take.
    pub(super) pace: Pace,
    /// How it ends.
    pub(super) outcome: Outcome,
    /// Begun by the timer or as a retry.
    pub(super) auto: bool,
    /// Whether it reads what was added only.
    pub(super) incremental: bool,
    /// Whether the job may be gone with it.
    pub(super) disposes: bool,
    /// Whether it never ends by itself.
    pub(super) lasting: bool,
    /// Whether it waits for room on the cluster.
    pub(super) waits: bool,
    /// Retries that are left.
    pub(super) retries: u32,
    /// How often it began to copy.
    pub(super) attempts: u32,
    /// Who began it.
    pub(super) user: String,
    /// Who changed its status last.
    pub(super) changer: String,
    /// Wall time of the start, in milliseconds.
    pub(super) created: i64,
    /// Wall time of the last change, in milliseconds.
    pub(super) updated: i64,
    /// Simulated time since which it copies.
    pub(super) since: Option<Sim>,
    /// Simulated time at which it ended.
    pub(super) ended: Option<Sim>,
    /// The engine's id.
    pub(super) external: Option<String>,
    /// What it copies in all.
    pub(super) load: Load,
    /// `error-summary` and `error-details`.
    pub(super) error: Option<(String, String)>,
}

impl Run {
    /// A run of a job that begins.
    pub(super) fn begun(job: &Job, starter: &Starter<'_>, at: Sim, context: &Context<'_>) -> Self {
        let switches = context.switches();
        let stamp = context
            .stamp(at)
            .max(job.run().map_or(job.created, |run| run.updated));
        let disposal = text(&job.driver, "schedulerConfig.disposableType");
        let triple = text(&job.driver, "retryJobConfig.retryJobType") == "RETRY_TRIPLE";
        let pace = starter
            .pace
            .clone()
            .unwrap_or_else(|| pace(context, &starter.bend));
        let (outcome, error) = context.outcome(job);
        let mut run = Self {
            id: context.submission(job),
            status: switches.first_state.clone(),
            change: None,
            outcome,
            auto: starter.auto,
            incremental: text(&job.from.values, "fromJobConfig.incrMigration") == "true",
            disposes: matches!(disposal, "DELETE" | "DELETE_AFTER_SUCCEED"),
            lasting: text(&job.from.values, "fromJobConfig.isPermanency") == "true",
            waits: starter.waits,
            retries: if triple { 3 } else { 0 },
            attempts: 0,
            user: starter.user.to_owned(),
            changer: starter.user.to_owned(),
            created: stamp,
            updated: stamp,
            since: None,
            ended: None,
            external: None,
            load: load(job, context),
            error,
            pace,
        };
        run.first(at);
        run
    }

    /// Whether it is under way.
    pub(super) fn is_active(&self) -> bool {
        matches!(self.status.as_str(), "PENDING" | "BOOTING" | "RUNNING")
    }

    /// The first step of what begins.
    fn first(&mut self, at: Sim) {
        if self.outcome == Outcome::FailOnSubmit {
            "FAILURE_ON_SUBMIT".clone_into(&mut self.status);
            self.ended = Some(at);
            return;
        }
        if self.waits {
            "PENDING".clone_into(&mut self.status);
            return;
        }
        let (to, millis) = if self.status == "PENDING" {
            (Goal::Boot, self.pace.pending)
        } else {
            (Goal::Run, self.pace.boot)
        };
        self.change = Some(change(to, at + millis)).filter(|_| !self.hangs());
        if let Some(first) = &mut self.change {
            first.stuck_by.clone_from(&self.pace.stuck_by);
        }
    }

    /// There is room now.
    pub(super) fn admit(&mut self, at: Sim) {
        self.waits = false;
        "BOOTING".clone_into(&mut self.status);
        self.first(at);
    }

    /// Copies once more after a failure.
    pub(super) fn again(&mut self, left: u32, at: Sim) {
        "BOOTING".clone_into(&mut self.status);
        self.retries = left;
        self.ended = None;
        self.since = None;
        self.change = Some(change(Goal::Run, at + self.pace.boot));
    }

    /// Takes one step; false when it ended by itself.
    pub(super) fn step(&mut self, goal: Goal, at: Sim, context: &Context<'_>) -> bool {
        self.updated = context.stamp(at).max(self.updated);
        match goal {
            Goal::Boot => {
                "BOOTING".clone_into(&mut self.status);
                self.change = Some(change(Goal::Run, at + self.pace.boot)).filter(|_| !self.hangs());
                true
            }
            Goal::Run => {
                "RUNNING".clone_into(&mut self.status);
                self.attempts += 1;
                self.since = Some(at);
                self.external = Some(format!("job_local1127970451_{:04}", self.id));
                self.change = Some(change(Goal::End, at + self.pace.run)).filter(|_| !self.lasting);
                true
            }
            Goal::End => {
                self.ended = Some(at);
                let (status, error) = end(self.outcome);
                status.clone_into(&mut self.status);
                if self.error.is_none() {
                    self.error = error;
                }
                false
            }
            Goal::Fire => true,
            Goal::Stop => {
                self.ended = Some(at);
                self.status.clone_from(&context.switches().after_stop);
                if self.status == "FAILED" && self.error.is_none() {
                    self.error = Some((
                        "The job was stopped.".to_owned(),
                        "The job was stopped.".to_owned(),
                    ));
                }
                true
            }
        }
    }

    fn hangs(&self) -> bool {
        self.outcome == Outcome::Hang
    }

    /// Ends it at once with a status of someone else's choice.
    pub(super) fn set(&mut self, status: &str, at: Sim, context: &Context<'_>) {
        status.clone_into(&mut self.status);
        self.updated = context.stamp(at).max(self.updated);
        self.waits = false;
        self.change = None;
        self.ended = (!self.is_active()).then_some(at);
        match status {
            "RUNNING" => self.since = self.since.or(Some(at)),
            "FAILED" | "FAILURE_ON_SUBMIT" => self.error = self.error.take().or_else(|| end(Outcome::Fail).1),
            _ => {}
        }
    }

    /// The share of the load that is copied, from 0 to 1.
    pub(super) fn share(&self, now: Sim) -> f64 {
        let Some(since) = self.since else { return 0.0 };
        if self.status == "SUCCEEDED" {
            return 1.0;
        }
        let upto = self.ended.unwrap_or(now);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds stay far below 2^52")]
        let share = (upto - since).max(0) as f64 / self.pace.run.max(1) as f64;
        // What never ends by itself goes on copying.
        if self.lasting { share } else { share.min(1.0) }
    }
}

/// A step that no fault holds.
pub(super) fn change(to: Goal, due: Sim) -> Change<Goal> {
    Change {
        to,
        due,
        stuck_by: None,
    }
}

/// Status and texts of an end.
fn end(outcome: Outcome) -> (&'static str, Option<(String, String)>) {
    let error = || {
        let text = "Table [shop.orders] unavailable.";
        Some((
            text.to_owned(),
            format!("Cdm.0900: {text}\n\tat org.apache.sqoop.job.mr.SqoopMapper.runInternal"),
        ))
    };
    match outcome {
        Outcome::Succeed | Outcome::Hang | Outcome::Vanish => ("SUCCEEDED", None),
        Outcome::Fail => ("FAILED", error()),
        Outcome::FailOnSubmit => ("FAILURE_ON_SUBMIT", error()),
        Outcome::Unknown => ("UNKNOWN", None),
    }
}

fn pace(context: &Context<'_>, bend: &Bend) -> Pace {
    let runs = &context.switches().runs;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "milliseconds"
    )]
    let slowed = |millis: Sim| (millis as f64 * bend.slow.unwrap_or(1.0)) as Sim;
    Pace {
        pending: slowed(runs.pending),
        boot: slowed(runs.boot),
        run: slowed(runs.run),
        stuck_by: bend.stuck_by.clone(),
    }
}

/// File sources count files, the others rows.
fn load(job: &Job, context: &Context<'_>) -> Load {
    let runs = &context.switches().runs;
    let files = tables::connector(&job.from.connector).is_some_and(|connector| connector.files);
    Load {
        rows: if files { -1 } else { runs.rows },
        bytes: runs.bytes,
        files: if files { runs.files } else { -1 },
    }
}
