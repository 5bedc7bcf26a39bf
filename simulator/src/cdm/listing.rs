//! Jobs as they are asked for: one, and pages of all.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::given::check_kind;
use super::job::Job;
use super::state::State;
use super::{Work, error, wire};
use crate::call::Call;
use crate::reply::{Refusal, Reply};

/// `GET .../cdm/job/{job_name}`.
pub(super) fn show(state: &State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let Some(job) = state.job(&work.cluster, work.id) else {
        let text = format!("Job[{}] doesn't exist.", work.id);
        return Err(error::coded(&work.switches().missing_job, &text));
    };
    let page = Page { number: 1, size: 10 };
    Ok(answer(
        work,
        work.switches().single_total,
        &page,
        &[Arc::clone(job)],
    ))
}

/// `GET .../cdm/job/all`.
pub(super) fn list(state: &State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let page = page(work.call)?;
    let given = |name: &str| work.call.parameter(name).filter(|text| !text.is_empty());
    let kind = given("jobType").unwrap_or_else(|| "NORMAL_JOB".to_owned());
    check_kind(&kind)?;
    let part = given("filter").unwrap_or_default();
    let earlier = work.bend.as_of.map(|at| state.jobs.as_of(&work.cluster, at));
    let rows = earlier.as_ref().or_else(|| state.jobs.rows(&work.cluster));
    let all: Vec<&Arc<Job>> = rows
        .into_iter()
        .flat_map(BTreeMap::values)
        .filter(|job| job.kind == kind && job.name.contains(&part))
        .collect();
    let jobs: Vec<Arc<Job>> = all
        .iter()
        .skip(page.first())
        .take(page.size)
        .map(|job| Arc::clone(job))
        .collect();
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    Ok(answer(work, total, &page, &jobs))
}

fn answer(work: &Work<'_>, total: u64, page: &Page, jobs: &[Arc<Job>]) -> Reply {
    let now = work.cloud.now();
    let jobs: Vec<Value> = jobs
        .iter()
        .map(|job| wire::job(job, work.switches(), now))
        .collect();
    Reply::json(
        200,
        &json!({
            "total": total,
            "simple": !work.switches().full_inputs,
            "page_no": page.number,
            "page_size": page.size,
            "jobs": jobs,
        }),
    )
}

/// Which rows.
#[derive(Debug)]
pub(super) struct Page {
    /// From 1.
    pub(super) number: usize,
    /// How many at most.
    pub(super) size: usize,
}

impl Page {
    /// How many rows come before it.
    pub(super) fn first(&self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }
}

/// Reads `page_no` and `page_size`.
pub(super) fn page(call: &Call) -> Result<Page, Refusal> {
    Ok(Page {
        number: number(call, "page_no", 1, 1, 2_147_483_647)?,
        size: number(call, "page_size", 10, 10, 100)?,
    })
}

fn number(call: &Call, name: &str, absent: usize, low: usize, high: usize) -> Result<usize, Refusal> {
    let Some(text) = call.parameter(name).filter(|text| !text.is_empty()) else {
        return Ok(absent);
    };
    let number: usize = text.parse().map_err(|_| {
        error::catalogued(
            "Cdm.0009",
            &format!("{name} must be an integer from 0 to 2147483647."),
        )
    })?;
    if !(low..=high).contains(&number) {
        let text = format!("{name} must be from {low} to {high}.");
        return Err(error::catalogued("Cdm.0010", &text));
    }
    Ok(number)
}
