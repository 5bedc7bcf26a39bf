//! Start and stop of jobs.

use serde_json::{Value, json};

use super::job::{Job, refused};
use super::operations::check_state;
use super::run::{Goal, Starter};
use super::state::State;
use super::{Work, error, wire};
use crate::ledger::Change;
use crate::reply::{Refusal, Reply};
use crate::world::{CdmAct, OverRunningTasks, StopAnswer};

/// `PUT .../cdm/job/{job_name}/start`.
pub(super) fn start(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    check_variables(work)?;
    let mut job = Job::clone(state.job(&work.cluster, work.id).ok_or_else(|| missing(work))?);
    check_state(work, &job, CdmAct::Start)?;
    if !job.enabled {
        return Err(error::catalogued(
            "Cdm.0059",
            &format!("Job [{}] is disabled.", job.name),
        ));
    }
    check_links(state, work, &job)?;
    let room = work.cluster()?.running_tasks;
    let full = state.running(&work.cluster) >= room;
    if full && work.switches().over_running_tasks == OverRunningTasks::Refuse {
        let text = "The number of concurrently running tasks has reached the upper limit.";
        return Err(error::catalogued("Cdm.0070", text));
    }
    let (_, context) = state.parts(work.cloud);
    let starter = Starter::call(work.user, work.bend, full);
    job.begin(&starter, work.cloud.now(), &context);
    job.acts.note("start");
    let view = job.run().map(|run| wire::started(&job, run, work.switches()));
    let answer = json!({"submissions": view.into_iter().collect::<Vec<Value>>()});
    state.jobs.keep(work.cloud, job);
    Ok(Reply::json(200, &answer).with_effect("start", work.id))
}

/// The body is optional, and its only member maps names to texts.
fn check_variables(work: &Work<'_>) -> Result<(), Refusal> {
    if work.call.body.is_empty() {
        return Ok(());
    }
    let body = work
        .call
        .json()
        .map_err(|why| error::invalid(&format!("the body is not JSON: {why}")))?;
    match body.get("variables") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Object(all)) if all.values().all(Value::is_string) => Ok(()),
        Some(_) => Err(error::mistyped("variables")),
    }
}

fn check_links(state: &State, work: &Work<'_>, job: &Job) -> Result<(), Refusal> {
    for name in [&job.from.link, &job.to.link] {
        match state.link(&work.cluster, name) {
            None => {
                return Err(error::catalogued(
                    "Cdm.0094",
                    &format!("Link [{name}] doesn't exist."),
                ));
            }
            Some(link) if !link.enabled => {
                return Err(error::catalogued(
                    "Cdm.0060",
                    &format!("Link [{name}] is disabled."),
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The job does not exist.
pub(super) fn missing(work: &Work<'_>) -> Refusal {
    error::coded(
        &work.switches().missing_run,
        &format!("Job[{}] doesn't exist.", work.id),
    )
}

/// `PUT .../cdm/job/{job_name}/stop`.
pub(super) fn stop(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let mut job = Job::clone(state.job(&work.cluster, work.id).ok_or_else(|| missing(work))?);
    check_state(work, &job, CdmAct::Stop)?;
    let is_stopping = |change: &Change<Goal>| change.to == Goal::Stop;
    let stopping = job
        .run()
        .and_then(|run| run.change.as_ref())
        .is_some_and(is_stopping);
    // The matrix may let a stop pass that has nothing to stop.
    if stopping || !job.is_active() || refused(work.switches(), &job, CdmAct::Stop).is_some() {
        return Ok(stopped(work, &job));
    }
    let (millis, now) = (work.switches().runs.stop, work.cloud.now());
    let ending = Change::begin(Goal::Stop, millis, now, work.bend);
    if let Some(run) = job.runs.back_mut() {
        work.user.clone_into(&mut run.changer);
        run.waits = false;
        run.change = Some(ending);
    }
    job.acts.note("stop");
    let reply = stopped(work, &job);
    state.jobs.keep(work.cloud, job);
    Ok(reply.with_effect("stop", work.id))
}

fn stopped(work: &Work<'_>, job: &Job) -> Reply {
    match work.switches().stop_answer {
        StopAnswer::Object => Reply::json(200, &json!({})),
        StopAnswer::ValidationResult => Reply::json(200, &json!({"validation-result": [{}]})),
        StopAnswer::Submissions => {
            let all: Vec<Value> = job
                .run()
                .map(|run| wire::started(job, run, work.switches()))
                .into_iter()
                .collect();
            Reply::json(200, &json!({ "submissions": all }))
        }
        StopAnswer::Empty => {
            let mut reply = Reply::json(200, &Value::Null);
            reply.body.clear();
            reply
        }
    }
}
