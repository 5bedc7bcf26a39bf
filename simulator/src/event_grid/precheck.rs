//! The pre-check, which is advisory only (EventGrid API reference, professional event stream jobs).

use serde_json::{Map, Value, json};

use super::job::Kind;
use super::operations::cluster;
use super::rules::{self, Parts};
use super::tables::VALIDATION;
use super::{Work, parameter};
use crate::reply::{Refusal, Reply};
use crate::schema::{check, text};
use crate::world::World;

/// The checks by `check_item_name`; the names are ours, no page gives them.
const CHECKS: [(&str, &str, &str); 4] = [
    (
        "VERSION_CHECK",
        "Instance versions",
        "Whether the source and target versions match.",
    ),
    (
        "SOURCE_CONNECTIVITY",
        "Source connectivity",
        "Whether the runtime can reach the source.",
    ),
    (
        "SINK_CONNECTIVITY",
        "Target connectivity",
        "Whether the runtime can reach the target.",
    ),
    (
        "SPECIFICATION_CHECK",
        "Instance specifications",
        "Whether the source and target specifications match.",
    ),
];

/// `POST .../jobs/validation`.
pub(super) fn validate(work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let mut body = work.body()?;
    if world.switches.event_grid.accept_arrays {
        rules::unwrap_arrays(&mut body);
    }
    check(&body, VALIDATION, "").map_err(|why| parameter(&why))?;
    let cluster = cluster(&world, work.project, text(&body, "cluster_id"))?;
    let parts = rules::parts(&body).map_err(|why| parameter(&why))?;
    rules::check(&parts, cluster, &world).map_err(|why| parameter(&why))?;
    let results: Vec<Value> = CHECKS
        .iter()
        .map(|check| result(*check, &parts, &world))
        .collect();
    Ok(Reply::json(200, &json!({"results": results})))
}

fn result((item, name, content): (&str, &str, &str), parts: &Parts, world: &World) -> Value {
    let set = world.event_grid.pre_check.get(item).map(String::as_str);
    let found = match item {
        "VERSION_CHECK" if versions_differ(parts, world) => "WARNING",
        _ => "SUCCESS",
    };
    let status = set.unwrap_or(found);
    let bad = status != "SUCCESS";
    json!({
        "check_item_name": item,
        "name": name,
        "content": content,
        "status": status,
        "error_code": bad.then_some("EG.00514004"),
        "reason": bad.then_some("The check did not pass."),
        "solution": bad.then_some("Check the instances, the VPC and the security group."),
    })
}

fn versions_differ(parts: &Parts, world: &World) -> bool {
    let version = |part: &Option<(Kind, Map<String, Value>)>| {
        let (_, end) = part.as_ref()?;
        let known = world
            .kafka
            .instances
            .iter()
            .find(|i| i.id == text(end, "instance_id"))?;
        Some(known.version.clone())
    };
    match (version(&parts.source), version(&parts.sink)) {
        (Some(source), Some(sink)) => source != sink,
        _ => false,
    }
}
