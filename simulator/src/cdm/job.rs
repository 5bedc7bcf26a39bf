//! One job as it is held, and how it goes on by itself.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::run::{Goal, Run, Starter};
use super::schedule::{Plan, Timer};
use super::state::Context;
use super::values::Values;
use crate::clock::Sim;
use crate::ledger::{Acts, Change, Record};
use crate::world::{CdmAct, CdmColumn, CdmSwitches, Outcome};

/// How many runs are remembered per job.
const HELD: usize = 500;

/// One side of a job.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(super) struct End {
    /// Link name.
    pub(super) link: String,
    /// Connector name.
    pub(super) connector: String,
    /// Values by full input name.
    pub(super) values: Values,
    /// `extended-configs`, passed through.
    pub(super) extended: Option<Value>,
}

/// One job.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Job {
    /// Order of creation, answered as `id`.
    pub(super) seq: u64,
    /// Cluster and name.
    pub(super) id: String,
    /// Cluster it is in.
    pub(super) cluster: String,
    /// Name.
    pub(super) name: String,
    /// `NORMAL_JOB`, `BATCH_JOB` or `SCENARIO_JOB`.
    pub(super) kind: String,
    /// Whether it may be started.
    pub(super) enabled: bool,
    /// Source.
    pub(super) from: End,
    /// Destination.
    pub(super) to: End,
    /// Values of the driver by full input name.
    pub(super) driver: Values,
    /// Wall time of creation, in milliseconds.
    pub(super) created: i64,
    /// Who made it.
    pub(super) creator: String,
    /// Wall time of the last update, in milliseconds.
    pub(super) updated: i64,
    /// Who changed it last.
    pub(super) updater: String,
    /// Runs, the latest at the end.
    pub(super) runs: VecDeque<Run>,
    /// How many runs were begun.
    pub(super) started: u64,
    /// A status that stands for that of the latest run.
    pub(super) status: Option<String>,
    /// When it runs by itself.
    pub(super) timer: Option<Timer>,
    /// How its runs end, when someone's hand decided it.
    pub(super) outcome: Option<Outcome>,
    /// Members put there by someone else's hand.
    pub(super) extra: Map<String, Value>,
    /// What was done to it.
    pub(super) acts: Acts,
}

/// The id of a job: what it is kept and found by.
pub(super) fn id(cluster: &str, name: &str) -> String {
    format!("job/{cluster}/{name}")
}

impl Job {
    /// The latest run.
    pub(super) fn run(&self) -> Option<&Run> {
        self.runs.back()
    }

    /// Whether a run is under way.
    pub(super) fn is_active(&self) -> bool {
        self.run().is_some_and(Run::is_active)
    }

    /// The column of the operation matrix.
    pub(super) fn column(&self) -> CdmColumn {
        match self.run() {
            Some(run) if run.is_active() => CdmColumn::Active,
            None => CdmColumn::New,
            Some(_) => CdmColumn::Ended,
        }
    }

    /// The status as answered.
    pub(super) fn status(&self) -> &str {
        let latest = self.run().map_or("NEW", |run| run.status.as_str());
        self.status.as_deref().unwrap_or(latest)
    }

    /// Takes another name.
    pub(super) fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.id = id(&self.cluster, name);
    }

    /// Sets the timer as the driver's values say.
    pub(super) fn arm(&mut self, now: Sim, context: &Context<'_>) {
        let plan = Plan::of(&self.driver).ok().flatten();
        self.timer = plan.map(|plan| Timer::armed(plan, now, context.local(&self.cluster)));
    }

    /// Begins a run.
    pub(super) fn begin(&mut self, starter: &Starter<'_>, at: Sim, context: &Context<'_>) {
        self.started += 1;
        self.status = None;
        let run = Run::begun(self, starter, at, context);
        self.push(run);
    }

    fn push(&mut self, run: Run) {
        if self.runs.len() >= HELD {
            self.runs.pop_front();
        }
        self.runs.push_back(run);
    }

    /// Takes the latest run a step further; false when the job is gone with it.
    fn step(&mut self, goal: Goal, at: Sim, context: &Context<'_>) -> bool {
        let disposal = super::values::text(&self.driver, "schedulerConfig.disposableType").to_owned();
        let Some(run) = self.runs.back_mut() else {
            return true;
        };
        if run.step(goal, at, context) {
            return true;
        }
        if run.outcome == Outcome::Vanish {
            return false;
        }
        if run.retries > 0 && run.status == "FAILED" {
            self.retry(at, context);
            return true;
        }
        match disposal.as_str() {
            "DELETE" => !matches!(run.status.as_str(), "SUCCEEDED" | "FAILED"),
            "DELETE_AFTER_SUCCEED" => run.status != "SUCCEEDED",
            _ => true,
        }
    }

    /// Runs what failed once more, as the same submission or as the next.
    fn retry(&mut self, at: Sim, context: &Context<'_>) {
        let Some(run) = self.runs.back_mut() else { return };
        let left = run.retries - 1;
        if context.switches().retry_submissions {
            let user = run.user.clone();
            let starter = Starter::again(&user, &run.pace.clone());
            self.begin(&starter, at, context);
            if let Some(run) = self.runs.back_mut() {
                run.retries = left;
            }
        } else {
            run.again(left, at);
        }
    }

    /// Begins a run by the timer, unless one is under way or none may be.
    fn fire(&mut self, at: Sim, context: &Context<'_>) {
        if !self.is_active() && self.enabled && context.is_up(&self.cluster) {
            let user = self.updater.clone();
            self.begin(&Starter::timer(&user), at, context);
        }
    }
}

impl Record for Job {
    type Goal = Goal;
    type Context<'a> = Context<'a>;

    fn seq(&self) -> u64 {
        self.seq
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn scope(&self) -> &str {
        &self.cluster
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn change(&self) -> Option<&Change<Goal>> {
        let run = self.run().and_then(|run| run.change.as_ref());
        let timer = self.timer.as_ref().and_then(|timer| timer.change.as_ref());
        match (run, timer) {
            (Some(run), Some(timer)) if run.stuck_by.is_none() && timer.due < run.due => Some(timer),
            (run, timer) => run.or(timer),
        }
    }

    fn change_mut(&mut self) -> Option<&mut Change<Goal>> {
        self.runs.back_mut().and_then(|run| run.change.as_mut())
    }

    fn arrive(&mut self, at: Sim, context: &Context<'_>) -> bool {
        if self.change().is_some_and(|change| change.to == Goal::Fire) {
            if let Some(timer) = &mut self.timer {
                timer.wind(at);
            }
            self.fire(at, context);
            return true;
        }
        let change = self.runs.back_mut().and_then(|run| run.change.take());
        change.is_none_or(|change| self.step(change.to, at, context))
    }
}

/// The code by which the matrix refuses, if it does.
pub(super) fn refused<'a>(switches: &'a CdmSwitches, job: &Job, act: CdmAct) -> Option<&'a str> {
    let row = switches.matrix.get(&act)?;
    let cell = row.get(&job.column())?;
    (cell != "allow").then_some(cell.as_str())
}
