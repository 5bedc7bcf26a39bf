//! List and show.

use std::sync::Arc;

use serde_json::{Value, json};

use super::task::Task;
use super::wire::{self, Form};
use super::{Ledger, Work, instances, refusals};
use crate::call::Call;
use crate::reply::{Refusal, Reply};
use crate::world::{ListOrder, Past, World};

/// `GET .../connector/tasks/{task_id}`.
pub(super) fn show(ledger: &Ledger, work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    instances::readable(&work, world)?;
    let task = work.task(ledger, world)?;
    Ok(Reply::json(200, &wire::entity(&task, world, Form::Single)))
}

/// `GET .../connector/tasks`.
pub(super) fn list(ledger: &Ledger, work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    let instance = instances::readable(&work, world)?;
    let switches = &world.switches.dms;
    let limit = number(work.call, "limit", switches.default_limit, world)?;
    let offset = number(work.call, "offset", 0, world)?;
    if limit == 0 || limit > switches.max_limit {
        let why = format!("limit must be from 1 to {}", switches.max_limit);
        return Err(refusals::code(&switches.codes.paging, &why));
    }
    let stale = work.bend.as_of.map(|at| ledger.as_of(&instance.id, at));
    let rows = stale.as_ref().or_else(|| ledger.rows(&instance.id));
    let mut tasks: Vec<&Arc<Task>> = rows.into_iter().flat_map(|rows| rows.values()).collect();
    tasks.sort_by(|a, b| (b.created, &a.id).cmp(&(a.created, &b.id)));
    if switches.list_order == ListOrder::OldestFirst {
        tasks.reverse();
    }
    if offset > 0 && offset >= tasks.len() && switches.offset_past_total == Past::Refuse {
        let why = "The offset is outside the result set.";
        return Err(refusals::code(&switches.codes.past_total, why));
    }
    let page: Vec<Value> = tasks
        .iter()
        .skip(offset)
        .take(limit)
        .map(|task| wire::entity(task, world, Form::Row))
        .collect();
    Ok(Reply::json(
        200,
        &json!({
            "tasks": page,
            "total_number": tasks.len(),
            "max_tasks": switches.max_tasks,
            "quota_tasks": instance.quota_tasks,
        }),
    ))
}

fn number(call: &Call, name: &str, absent: usize, world: &World) -> Result<usize, Refusal> {
    let given = call.parameter(name).filter(|text| !text.is_empty());
    given.map_or(Ok(absent), |text| {
        text.parse().map_err(|_| {
            let why = format!("{name} must be a number from 0");
            refusals::code(&world.switches.dms.codes.paging, &why)
        })
    })
}
