//! Kafka instances: whether they take a call, and what show answers of them.

use serde_json::json;

use super::Work;
use crate::ids;
use crate::reply::{Refusal, Reply};
use crate::world::{Instance, World};

/// The instance that the path names, in the caller's project.
fn named<'a>(work: &Work<'_>, world: &'a World) -> Result<&'a Instance, Refusal> {
    if !ids::is_uuid(work.place.instance) {
        return Err(Refusal::service(
            400,
            "DMS.00400030",
            "The instance ID is not a valid UUID.",
        ));
    }
    let all = &world.kafka.instances;
    all.iter()
        .find(|i| i.id == work.place.instance && i.project_id == work.place.project)
        .ok_or_else(|| Refusal::service(404, "DMS.00404022", "This instance does not exist."))
}

/// The instance of a call on tasks, which has Smart Connect and is running.
pub(super) fn ready<'a>(work: &Work<'_>, world: &'a World) -> Result<&'a Instance, Refusal> {
    let instance = connected(work, world)?;
    if instance.status == "RUNNING" {
        return Ok(instance);
    }
    Err(Refusal::service(
        400,
        "DMS.00400026",
        format!(
            "This operation is not allowed due to the instance status {}.",
            instance.status
        ),
    ))
}

/// The instance of a call that only reads.
pub(super) fn readable<'a>(work: &Work<'_>, world: &'a World) -> Result<&'a Instance, Refusal> {
    if world.switches.dms.reads_need_running {
        ready(work, world)
    } else {
        connected(work, world)
    }
}

fn connected<'a>(work: &Work<'_>, world: &'a World) -> Result<&'a Instance, Refusal> {
    if work.place.task.is_some_and(|id| !ids::is_uuid(id)) {
        return Err(Refusal::service(400, "DMS.00400070", "The task ID is malformed."));
    }
    let instance = named(work, world)?;
    if !instance.smart_connect {
        return Err(Refusal::service(
            404,
            "DMS.00404024",
            "Smart Connect is not enabled for this instance.",
        ));
    }
    Ok(instance)
}

/// `GET .../instances/{instance_id}`.
pub(super) fn show(work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    let instance = named(&work, world)?;
    let on = instance.smart_connect;
    Ok(Reply::json(
        200,
        &json!({
            "instance_id": instance.id,
            "name": instance.name,
            "engine": "kafka",
            "engine_version": instance.version,
            "type": if instance.brokers > 1 { "cluster" } else { "single" },
            "status": instance.status,
            "connect_address": instance.address,
            "broker_num": instance.brokers,
            "connector_enable": on,
            "connector_id": if on { ids::uuid_of(&instance.id) } else { String::new() },
            "connector_node_num": if on { instance.connector_nodes } else { 0 },
        }),
    ))
}
