//! Event-router clusters: list and show.

use serde_json::{Value, json};

use super::listing::Page;
use super::operations::cluster;
use super::{Ledger, Work};
use crate::reply::{Refusal, Reply};
use crate::world::Cluster;

/// `GET .../clusters`.
pub(super) fn list(ledger: &Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let page = Page::of(work.call, &world.switches.event_grid)?;
    let part = work.call.parameter("fuzzy_name").unwrap_or_default();
    let own = world.event_grid.clusters.iter();
    let all: Vec<&Cluster> = own
        .filter(|cluster| cluster.project_id == work.project && cluster.name.contains(&part))
        .collect();
    page.check(all.len(), &world.switches.event_grid)?;
    let items: Vec<Value> = all
        .iter()
        .skip(page.offset)
        .take(page.limit)
        .map(|cluster| view(cluster, ledger))
        .collect();
    Ok(Reply::json(
        200,
        &json!({"total": all.len(), "size": items.len(), "items": items}),
    ))
}

/// `GET .../clusters/{cluster_id}`.
pub(super) fn show(ledger: &Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    Ok(Reply::json(
        200,
        &view(cluster(&world, work.project, work.id)?, ledger),
    ))
}

fn view(cluster: &Cluster, ledger: &Ledger) -> Value {
    json!({
        "cluster_id": cluster.id,
        "name": cluster.name,
        "description": "",
        "source_type": cluster.source_type,
        "sink_type": cluster.sink_type,
        "vpc_id": cluster.vpc_id,
        "subnet_id": cluster.subnet_id,
        "flavor": "medium",
        "status": cluster.status,
        "job_count": ledger.used(&cluster.id),
        "charging_mode": "POSTPAID",
        "err_code": null,
        "err_message": null,
        "created_time": "2026-01-05T08:00:00Z",
        "updated_time": "2026-01-05T08:00:00Z",
    })
}
