//! Runs as they are asked for: the latest, and the history.

use serde_json::{Value, json};

use super::job::{self, Job};
use super::listing::{self, Page};
use super::start::missing;
use super::state::State;
use super::{Work, error, wire};
use crate::clock::Sim;
use crate::reply::{Refusal, Reply};
use crate::world::DeletedHistory;

const DAY: Sim = 86_400_000;

/// `GET .../cdm/job/{job_name}/status`.
pub(super) fn status(state: &State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let view = match state.job(&work.cluster, work.id) {
        Some(job) => latest(job, work),
        None => sub_job(state, work).ok_or_else(|| missing(work))?,
    };
    Ok(Reply::json(200, &json!({"submissions": [view]})))
}

fn latest(job: &Job, work: &Work<'_>) -> Value {
    match job.run() {
        Some(run) => wire::submission(job, run, work.switches(), work.cloud.now()),
        None => wire::never(job),
    }
}

/// One table of an entire-database job is asked for as `JOB_TABLE`.
fn sub_job(state: &State, work: &Work<'_>) -> Option<Value> {
    let all = state.jobs.rows(&work.cluster)?;
    let job = all.values().find(|job| {
        let table = work
            .id
            .strip_prefix(job.name.as_str())
            .and_then(|rest| rest.strip_prefix('_'));
        job.kind == "BATCH_JOB" && table.is_some_and(|table| !table.is_empty())
    })?;
    let mut view = latest(job, work);
    *view.get_mut("job-name")? = json!(work.id);
    Some(view)
}

/// `GET .../cdm/submissions?jname=`.
pub(super) fn submissions(state: &State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let name = work.call.parameter("jname").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| error::invalid("jname is mandatory"))?;
    let switches = work.switches();
    let grave = || {
        let kept = switches.deleted_history == DeletedHistory::Keep;
        let grave = state.jobs.grave(&work.cluster, &job::id(&work.cluster, &name));
        grave.filter(|_| kept)
    };
    let job = state.job(&work.cluster, &name).or_else(grave);
    let job =
        job.ok_or_else(|| error::coded(&switches.missing_run, &format!("Job[{name}] doesn't exist.")))?;
    let page = if switches.history_paging {
        listing::page(work.call)?
    } else {
        Page { number: 1, size: 10 }
    };
    let now = work.cloud.now();
    let told = |ended: Option<Sim>| ended.is_none_or(|ended| now - ended <= switches.history_days * DAY);
    let all: Vec<Value> = job
        .runs
        .iter()
        .rev()
        .filter(|run| told(run.ended))
        .map(|run| wire::submission(job, run, switches, now))
        .collect();
    let total = all.len();
    let rows: Vec<Value> = all.into_iter().skip(page.first()).take(page.size).collect();
    Ok(Reply::json(
        200,
        &json!({"total": total, "page_no": page.number, "page_size": page.size, "submissions": rows}),
    ))
}
