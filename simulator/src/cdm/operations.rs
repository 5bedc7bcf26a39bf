//! Create and delete of jobs.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::{Map, json};

use super::given::Given;
use super::job::{self, Job, refused};
use super::rules;
use super::state::State;
use super::{Work, error};
use crate::ledger::Acts;
use crate::reply::{Refusal, Reply};
use crate::world::{CdmAct, CreateAnswer, MissingOnDelete};

/// `POST .../cdm/job`.
pub(super) fn create(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let tail = work.switches().create_error_tail;
    made(state, work).map_err(|refusal| error::of_create(refusal, tail))
}

fn made(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let given = Given::read(&work.only("jobs")?, work.switches())?;
    if state.jobs.is_taken(&work.cluster, &given.name, None) {
        return Err(taken());
    }
    let kind = given.kind.clone().unwrap_or_else(|| "NORMAL_JOB".to_owned());
    let found = rules::check(state, work, &given, &kind)?;
    if !found.is_empty() {
        return found.answer(work.switches());
    }
    let answer = match work.switches().create_answer {
        CreateAnswer::Whole => json!({"name": given.name, "validation-result": found.written()}),
        CreateAnswer::Name => json!({"name": given.name}),
    };
    let name = given.name.clone();
    let mut job = new_job(state.jobs.next(), &work.cluster, work.user, given, kind);
    job.acts.note("create");
    let (_, context) = state.parts(work.cloud);
    job.arm(work.cloud.now(), &context);
    state.jobs.created += 1;
    state.jobs.keep(work.cloud, job);
    Ok(Reply::json(200, &answer).with_effect("create", &name))
}

/// A job that was never changed and never ran.
pub(super) fn new_job(seq: u64, cluster: &str, user: &str, given: Given, kind: String) -> Job {
    let now = Timestamp::now().as_millisecond();
    Job {
        seq,
        id: job::id(cluster, &given.name),
        cluster: cluster.to_owned(),
        name: given.name,
        kind,
        enabled: given.enabled.unwrap_or(true),
        from: given.from,
        to: given.to,
        driver: given.driver,
        created: now,
        creator: user.to_owned(),
        updated: now,
        updater: user.to_owned(),
        runs: VecDeque::new(),
        started: 0,
        status: None,
        timer: None,
        outcome: None,
        extra: Map::new(),
        acts: Acts::default(),
    }
}

/// 400: the name is in use.
pub(super) fn taken() -> Refusal {
    error::catalogued("Cdm.0104", "Job name already exist or created by other.")
}

/// Refuses what the matrix refuses.
pub(super) fn check_state(work: &Work<'_>, job: &Job, act: CdmAct) -> Result<(), Refusal> {
    let Some(code) = refused(work.switches(), job, act) else {
        return Ok(());
    };
    let name = &job.name;
    let text = match code {
        "Cdm.0052" => format!("Job [{name}] is running."),
        "Cdm.0053" => format!("Job [{name}] is not running."),
        "Cdm.0107" => format!("Job [{name}] is being executed. Change the configuration later."),
        "Cdm.0322" => format!("Job [{name}] is in use."),
        _ => format!("Job [{name}] is {}.", job.status()),
    };
    Err(error::catalogued(code, &text))
}

/// `DELETE .../cdm/job/{job_name}`.
pub(super) fn delete(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let Some(job) = state.job(&work.cluster, work.id) else {
        let text = format!("Job[{}] doesn't exist.", work.id);
        return Err(match work.switches().missing_on_delete {
            MissingOnDelete::Short => error::short("Cdm.0100", &text),
            MissingOnDelete::Whole => error::catalogued("Cdm.0100", &text),
        });
    };
    check_state(work, job, CdmAct::Delete)?;
    let id = job.id.clone();
    state.jobs.remove(work.cloud, &id);
    Ok(Reply::json(200, &json!({})).with_effect("delete", work.id))
}
