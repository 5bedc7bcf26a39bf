//! `DescribeDatahubTask` and `DescribeDatahubTasks`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::rules;
use super::tables::{LIST, ONE};
use super::task::{Task, status};
use super::{Ledger, Work, wire};
use crate::reply::{Refusal, Reply};
use crate::schema::text;
use crate::world::{CkafkaSwitches, RowOrder};

/// Page size when none is asked for, and the largest.
const PAGE: (usize, usize) = (20, 100);
/// The word for an answer whose `Result` is null.
const NULL: &str = "null";

/// One task.
pub(super) fn describe(ledger: &Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let body = work.body(ONE)?;
    let id = text(&body, "TaskId");
    let switches = &work.world.switches.ckafka;
    let shows = |task: &&Arc<Task>| task.born + switches.describe_lag <= work.cloud.now();
    if let Some(task) = ledger.job(&work.scope(), id).filter(shows) {
        return Ok(work.answer(wire::detail(task, work.world)));
    }
    if switches.unknown_described == NULL {
        return Ok(work.answer(Value::Null));
    }
    let text = format!("The task `{id}` does not exist.");
    Err(Refusal::tencent(&switches.unknown_described, text))
}

/// Many tasks.
pub(super) fn list(ledger: &Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let body = work.body(LIST)?;
    let switches = &work.world.switches.ckafka;
    let number = |name: &str| {
        body.get(name)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let (offset, limit) = (
        number("Offset").unwrap_or(0),
        number("Limit").unwrap_or(PAGE.0).min(PAGE.1),
    );
    let now = work.cloud.now();
    let stale = work.bend.as_of.map(|at| ledger.as_of(&work.scope(), at));
    let rows = stale.as_ref().or_else(|| ledger.rows(&work.scope()));
    let mut found: Vec<&Arc<Task>> = rows
        .into_iter()
        .flat_map(|rows| rows.values())
        .filter(|task| {
            let deleted = task.status == status::DELETED && !switches.deleted_in_lists;
            !deleted && task.born + switches.list_lag <= now && holds(task, &body, switches)
        })
        .collect();
    if switches.list_order == RowOrder::Newest {
        found.reverse();
    }
    let page = found.iter().skip(offset).take(limit);
    let page: Vec<Value> = page.map(|task| wire::row(task, work.world, now)).collect();
    Ok(work.answer(json!({"TotalCount": found.len(), "TaskList": page})))
}

/// Whether a task is asked for; an empty value filters nothing.
fn holds(task: &Task, body: &Map<String, Value>, switches: &CkafkaSwitches) -> bool {
    let is = |name: &str, own: &str| {
        let wanted = text(body, name);
        wanted.is_empty() || wanted == own
    };
    let resource = text(body, "Resource");
    let names = |end: &Map<String, Value>| {
        rules::own(end, switches).is_some_and(|(_, param)| text(param, "Resource") == resource)
    };
    task.name.contains(text(body, "SearchWord"))
        && is("TaskType", &task.side)
        && is("SourceType", text(&task.source, "Type"))
        && is("TargetType", text(&task.target, "Type"))
        && (resource.is_empty() || names(&task.source) || names(&task.target))
}
