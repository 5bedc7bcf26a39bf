//! Modify, pause, resume, restart and delete.

use serde_json::{Map, Value};

use super::rules::check_name;
use super::structure::Defect;
use super::tables::{MODIFY, ONE};
use super::task::{Goal, Task, status};
use super::{Ledger, Work, is_taken, refused, repeated, wrong_state};
use crate::clock::Sim;
use crate::reply::{Refusal, Reply};
use crate::schema::text;
use crate::world::{CkafkaSwitches, EmptyText};

/// `ModifyDatahubTask`.
pub(super) fn modify(ledger: &mut Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let switches = &work.world.switches.ckafka;
    let body = work.body(MODIFY)?;
    check_values(&body).map_err(|defect| refused(&defect))?;
    let mut task = find(ledger, &work, text(&body, "TaskId"))?;
    if !switches.matrix.modify.contains(&task.status) {
        return Err(wrong_state(work.world, "ModifyDatahubTask", &task));
    }
    let name = text(&body, "TaskName");
    if switches.unique_names && is_taken(ledger, &task.scope, name, Some(task.seq)) {
        return Err(repeated(name));
    }
    change(&mut task, &body, switches);
    task.note("update");
    let reply = work.answer_id(&task.id).with_effect("update", &task.id);
    ledger.keep(work.cloud, task);
    Ok(reply)
}

fn check_values(body: &Map<String, Value>) -> Result<(), Defect> {
    if body.get("TaskName").is_some_and(Value::is_string) {
        check_name(text(body, "TaskName"))?;
    }
    for name in ["TasksMax", "SyncThrottleLimit"] {
        let number = body.get(name).and_then(Value::as_i64);
        if number.is_some_and(|number| number < 1) {
            return Err(Defect::Value(name.to_owned(), "from 1".to_owned()));
        }
    }
    Ok(())
}

/// Sets what is given; what is left out stays.
fn change(task: &mut Task, body: &Map<String, Value>, switches: &CkafkaSwitches) {
    let number = |name: &str| body.get(name).and_then(Value::as_i64);
    if !text(body, "TaskName").is_empty() {
        text(body, "TaskName").clone_into(&mut task.name);
    }
    if let Some(description) = body.get("Description").and_then(Value::as_str)
        && (!description.is_empty() || switches.empty_description == EmptyText::Clear)
    {
        description.clone_into(&mut task.description);
    }
    task.workers = number("TasksMax").unwrap_or(task.workers);
    task.throttle = number("SyncThrottleLimit").unwrap_or(task.throttle);
    let expands = body.get("AutoExpandFlag").and_then(Value::as_bool);
    task.expands = expands.unwrap_or(task.expands);
}

/// One of the actions that move a task.
struct Move<'a> {
    effect: &'static str,
    allowed: &'a [i64],
    during: Option<i64>,
    goal: Goal,
    bad: i64,
    forced: &'a [String],
    millis: Option<Sim>,
}

impl<'a> Move<'a> {
    fn of(operation: &str, switches: &'a CkafkaSwitches) -> Self {
        let (matrix, delays, ends) = (&switches.matrix, &switches.delays, &switches.forced_ends);
        match operation {
            "PauseDatahubTask" => Self {
                effect: "pause",
                allowed: &matrix.pause,
                during: Some(status::PAUSING),
                goal: Goal::Rest(status::PAUSED),
                bad: status::PAUSE_FAILED,
                forced: &ends.pause,
                millis: delays.pause,
            },
            "ResumeDatahubTask" => Self {
                effect: "resume",
                allowed: &matrix.resume,
                during: Some(status::RESUMING),
                goal: Goal::Rest(status::RUNNING),
                bad: status::RESUME_FAILED,
                forced: &ends.resume,
                millis: delays.resume,
            },
            "RestartDatahubTask" => Self {
                effect: "restart",
                allowed: &matrix.restart,
                during: switches.restarting_status,
                goal: Goal::Rest(status::RUNNING),
                bad: switches.abnormal_status.unwrap_or(status::RUNNING),
                forced: &[],
                millis: delays.restart,
            },
            _ => Self {
                effect: "delete",
                allowed: &matrix.delete,
                during: Some(status::DELETING),
                goal: Goal::Delete(switches.deleted_readable),
                bad: status::DELETE_FAILED,
                forced: &ends.delete,
                millis: delays.delete,
            },
        }
    }

    fn allows(&self, task: &Task, switches: &CkafkaSwitches) -> bool {
        let restartable = task.is_abnormal(switches.abnormal_status)
            || switches.restart_healthy && task.status == status::RUNNING;
        // A restart need not show in the status, so that what is under way counts too.
        let settled = task
            .change
            .as_ref()
            .is_none_or(|change| change.to == Goal::Vanish);
        settled && (self.allowed.contains(&task.status) || self.effect == "restart" && restartable)
    }
}

/// Pause, resume, restart or delete.
pub(super) fn act(ledger: &mut Ledger, work: Work<'_>, operation: &str) -> Result<Reply, Refusal> {
    let switches = &work.world.switches.ckafka;
    let body = work.body(ONE)?;
    let mut task = find(ledger, &work, text(&body, "TaskId"))?;
    let step = Move::of(operation, switches);
    if !step.allows(&task, switches) {
        return Err(wrong_state(work.world, operation, &task));
    }
    let goal = work.goal(step.goal, step.bad, &task.name, step.forced);
    task.change = Some(work.change(goal, step.millis));
    task.status = step.during.unwrap_or(task.status);
    if step.during.is_some() {
        task.error = None;
    }
    task.note(step.effect);
    let is_null = switches.null_results && step.effect != "delete";
    let reply = if is_null {
        work.answer(Value::Null)
    } else {
        work.answer_id(&task.id)
    };
    let reply = reply.with_effect(step.effect, &task.id);
    ledger.keep(work.cloud, task);
    Ok(reply)
}

fn find(ledger: &Ledger, work: &Work<'_>, id: &str) -> Result<Task, Refusal> {
    let found = ledger.job(&work.scope(), id);
    found.map(|task| Task::clone(task)).ok_or_else(|| {
        let code = &work.world.switches.ckafka.unknown_changed;
        Refusal::tencent(code, format!("The task `{id}` does not exist."))
    })
}
