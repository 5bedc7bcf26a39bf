//! List and show.

use std::sync::Arc;

use serde_json::{Value, json};

use super::job::Job;
use super::wire::{self, Form};
use super::{Ledger, Work, parameter, unknown};
use crate::call::Call;
use crate::ledger::Rows;
use crate::reply::{Refusal, Reply};
use crate::schema::text;
use crate::world::{EventGridSwitches, Gone, Past, World};

/// `GET .../jobs/{job_id}`.
pub(super) fn show(ledger: &Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    if let Some(job) = ledger.job(work.project, work.id) {
        return Ok(Reply::json(200, &wire::info(job, &world, Form::Whole)));
    }
    let grave = ledger.grave(work.project, work.id);
    let grave = grave
        .filter(|_| world.switches.event_grid.after_delete == Gone::Deleted)
        .ok_or_else(unknown)?;
    let mut answer = wire::info(grave, &world, Form::Whole);
    if let Some(status) = answer.get_mut("status") {
        let spelt = world.switches.event_grid.statuses.get("DELETED");
        *status = json!(spelt.map_or("DELETED", String::as_str));
    }
    Ok(Reply::json(200, &answer))
}

/// `GET .../jobs`.
pub(super) fn list(ledger: &Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let page = Page::of(work.call, &world.switches.event_grid)?;
    let filter = Filter::of(work.call);
    let stale = work.bend.as_of.map(|at| ledger.as_of(work.project, at));
    let rows = stale.as_ref().or_else(|| ledger.rows(work.project));
    let (total, jobs) = select(rows, &filter, &page, &world);
    page.check(total, &world.switches.event_grid)?;
    let items: Vec<Value> = jobs
        .iter()
        .map(|job| wire::info(job, &world, Form::Row))
        .collect();
    Ok(Reply::json(
        200,
        &json!({"total": total, "size": items.len(), "items": items}),
    ))
}

/// The matches in all and those of the page, the youngest first.
fn select(rows: Option<&Rows<Job>>, filter: &Filter, page: &Page, world: &World) -> (usize, Vec<Arc<Job>>) {
    let Some(rows) = rows else {
        return (0, Vec::new());
    };
    let youngest = rows.values().rev();
    if filter.is_empty() {
        let jobs = youngest.skip(page.offset).take(page.limit).cloned().collect();
        return (rows.len(), jobs);
    }
    let mut total = 0;
    let mut jobs = Vec::new();
    for job in youngest.filter(|job| filter.holds(job, &world.switches.event_grid)) {
        if total >= page.offset && jobs.len() < page.limit {
            jobs.push(Arc::clone(job));
        }
        total += 1;
    }
    (total, jobs)
}

/// What to leave out.
#[derive(Debug, Default)]
struct Filter {
    fuzzy_name: Option<String>,
    cluster: Option<String>,
    status: Option<String>,
    sink: Vec<(&'static str, String)>,
}

impl Filter {
    fn of(call: &Call) -> Self {
        let mut filter = Self::default();
        for (name, value) in call.parameters() {
            // An empty value filters nothing.
            if value.is_empty() {
                continue;
            }
            match name.as_str() {
                "fuzzy_name" => filter.fuzzy_name = Some(value),
                "cluster_id" => filter.cluster = Some(value),
                "status" => filter.status = Some(value),
                "sink_region" => filter.sink.push(("region", value)),
                "sink_instance_id" => filter.sink.push(("instance_id", value)),
                "sink_address" => filter.sink.push(("address", value)),
                _ => {}
            }
        }
        filter
    }

    fn is_empty(&self) -> bool {
        self.fuzzy_name.is_none() && self.cluster.is_none() && self.status.is_none() && self.sink.is_empty()
    }

    fn holds(&self, job: &Job, switches: &EventGridSwitches) -> bool {
        self.cluster
            .as_ref()
            .is_none_or(|cluster| job.cluster == *cluster)
            && self
                .fuzzy_name
                .as_ref()
                .is_none_or(|part| job.name.contains(part.as_str()))
            && self
                .status
                .as_ref()
                .is_none_or(|status| job.status(switches) == *status)
            && self
                .sink
                .iter()
                .all(|(name, value)| text(&job.sink, name) == value)
    }
}

/// Which records of a list.
#[derive(Debug)]
pub(super) struct Page {
    /// Record index of the first.
    pub(super) offset: usize,
    /// How many at most.
    pub(super) limit: usize,
}

impl Page {
    /// Reads `offset` and `limit`, which are strings on the wire.
    pub(super) fn of(call: &Call, switches: &EventGridSwitches) -> Result<Self, Refusal> {
        let number = |name: &str, absent: usize| {
            let text = call.parameter(name).filter(|text| !text.is_empty());
            text.map_or(Ok(absent), |text| {
                text.parse()
                    .map_err(|_| parameter(&format!("{name} must be a number from 0")))
            })
        };
        let page = Self {
            offset: number("offset", 0)?,
            limit: number("limit", switches.default_limit)?,
        };
        if page.limit == 0 || page.limit > switches.max_limit {
            return Err(parameter(&format!(
                "limit must be from 1 to {}",
                switches.max_limit
            )));
        }
        Ok(page)
    }

    /// An offset at or past the total is refused by the gateway (API Gateway error codes).
    pub(super) fn check(&self, total: usize, switches: &EventGridSwitches) -> Result<(), Refusal> {
        if self.offset > 0 && self.offset >= total && switches.offset_past_total == Past::Refuse {
            return Err(Refusal::gateway(400, "APIGW.0106", "Orchestration error."));
        }
        Ok(())
    }
}
