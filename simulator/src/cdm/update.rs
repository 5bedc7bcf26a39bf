//! Update of jobs: what may change, and what happens to what is left out.

use jiff::Timestamp;
use serde_json::json;

use super::given::Given;
use super::job::{End, Job};
use super::operations::{check_state, taken};
use super::rules;
use super::state::State;
use super::values::Values;
use super::{NAME, Work, error};
use crate::reply::{Refusal, Reply};
use crate::world::{CdmAct, Merge, MissingOnUpdate, StatusAfterUpdate};

/// `PUT .../cdm/job/{job_name}`.
pub(super) fn update(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let Some(job) = state.job(&work.cluster, work.id) else {
        return Err(missing(work));
    };
    let mut job = Job::clone(job);
    check_state(work, &job, CdmAct::Update)?;
    let given = Given::read(&work.only("jobs")?, work.switches())?;
    check_changes(state, work, &job, &given)?;
    let before = job.id.clone();
    apply(&mut job, given, work);
    let whole = Given {
        name: job.name.clone(),
        kind: None,
        enabled: None,
        from: job.from.clone(),
        to: job.to.clone(),
        driver: job.driver.clone(),
    };
    let found = rules::check(state, work, &whole, &job.kind)?;
    if !found.is_empty() {
        return found.answer(work.switches());
    }
    let (_, context) = state.parts(work.cloud);
    job.arm(work.cloud.now(), &context);
    job.acts.note("update");
    if job.id != before {
        work.cloud.store.remove(NAME, &before, work.cloud.now());
    }
    state.jobs.keep(work.cloud, job);
    let answer = json!({"validation-result": found.written()});
    Ok(Reply::json(200, &answer).with_effect("update", work.id))
}

fn missing(work: &Work<'_>) -> Refusal {
    let text = format!("A job with the name {} does not exist.", work.id);
    match work.switches().missing_on_update {
        MissingOnUpdate::Padded => error::padded("Cdm.0095", &text),
        MissingOnUpdate::Equal => error::catalogued("Cdm.0095", &text),
    }
}

/// Type and connectors stay; links where the switch says so.
fn check_changes(state: &State, work: &Work<'_>, job: &Job, given: &Given) -> Result<(), Refusal> {
    if given.kind.as_ref().is_some_and(|kind| *kind != job.kind) {
        return Err(error::invalid("job_type cannot be changed"));
    }
    for (old, new, side) in [(&job.from, &given.from, "from"), (&job.to, &given.to, "to")] {
        if old.connector != new.connector {
            let text = format!("{side}-connector-name cannot be changed.");
            return Err(error::catalogued("Cdm.0327", &text));
        }
        if old.link != new.link && !work.switches().relink {
            return Err(error::invalid(&format!("{side}-link-name cannot be changed")));
        }
    }
    if state.jobs.is_taken(&work.cluster, &given.name, Some(job.seq)) {
        return Err(taken());
    }
    Ok(())
}

fn apply(job: &mut Job, given: Given, work: &Work<'_>) {
    let merge = work.switches().update == Merge::Merge;
    job.rename(&given.name);
    job.enabled = given.enabled.unwrap_or(job.enabled);
    put_end(&mut job.from, given.from, merge);
    put_end(&mut job.to, given.to, merge);
    put(&mut job.driver, given.driver, merge);
    job.updated = Timestamp::now().as_millisecond();
    work.user.clone_into(&mut job.updater);
    if work.switches().status_after_update == StatusAfterUpdate::Reset {
        job.status = Some("NEW".to_owned());
    }
}

fn put_end(old: &mut End, new: End, merge: bool) {
    old.link = new.link;
    old.extended = new.extended;
    put(&mut old.values, new.values, merge);
}

fn put(old: &mut Values, new: Values, merge: bool) {
    if !merge {
        old.clear();
    }
    old.extend(new);
}
