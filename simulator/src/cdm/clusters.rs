//! Clusters: what they are, whether they run, and switching them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::job::Job;
use super::state::State;
use super::{NAME, Work, error};
use crate::call::Call;
use crate::clock::Sim;
use crate::cloud::Cloud;
use crate::ids;
use crate::reply::{Refusal, Reply};
use crate::world::CdmCluster;

/// Status of a cluster that takes jobs.
const RUNNING: &str = "200";
/// Status of one that is switched off.
const STOPPED: &str = "900";

/// A cluster that was switched by the API or someone's hand. It stands until the world says another status.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Power {
    /// What the world said then.
    pub(super) world: String,
    /// Status until it is done.
    pub(super) passing: String,
    /// Status afterwards.
    pub(super) then: String,
    /// When it is done, in simulated time.
    pub(super) due: Sim,
    /// Whether the runs on it were ended.
    pub(super) settled: bool,
}

/// The status of a cluster.
pub(super) fn word<'a>(powers: &'a BTreeMap<String, Power>, cluster: &'a CdmCluster, now: Sim) -> &'a str {
    match powers
        .get(&cluster.id)
        .filter(|power| power.world == cluster.status)
    {
        Some(power) if now < power.due => &power.passing,
        Some(power) => &power.then,
        None => &cluster.status,
    }
}

/// Ends the runs of clusters that are switched off.
pub(super) fn settle(state: &mut State, cloud: &Cloud) {
    let now = cloud.now();
    let off: Vec<String> = state
        .powers
        .iter_mut()
        .filter(|(_, power)| power.then == STOPPED && power.due <= now && !power.settled)
        .map(|(cluster, power)| {
            power.settled = true;
            cluster.clone()
        })
        .collect();
    for cluster in off {
        let all = state.jobs.rows(&cluster).into_iter().flat_map(BTreeMap::values);
        let broken: Vec<Job> = all
            .filter(|job| job.is_active())
            .map(|job| Job::clone(job))
            .collect();
        for mut job in broken {
            let (_, context) = state.parts(cloud);
            if let Some(run) = job.runs.back_mut() {
                run.set("FAILED", now, &context);
            }
            state.jobs.keep(cloud, job);
        }
    }
}

/// Refuses job and link calls on a cluster that is missing or does not run.
pub(super) fn check_running(state: &State, work: &Work<'_>) -> Result<(), Refusal> {
    let cluster = work.cluster()?;
    if word(&state.powers, cluster, work.cloud.now()) == RUNNING {
        return Ok(());
    }
    let code = &work.switches().cluster_not_running;
    Err(error::coded(
        code,
        "Failed to obtain the instance: the cluster is not running.",
    ))
}

/// The operation of an action call.
pub(super) fn action(call: &Call) -> &'static str {
    let body = call.json().unwrap_or_default();
    let has = |name: &str| body.get(name).is_some();
    if has("stop") {
        "StopCluster"
    } else if has("restart") {
        "RestartCluster"
    } else {
        "StartCluster"
    }
}

/// `GET .../clusters`.
pub(super) fn list(state: &State, work: &Work<'_>) -> Reply {
    let own = work.world.cdm.clusters.iter();
    let all: Vec<Value> = own
        .filter(|cluster| cluster.project_id == work.project)
        .map(|cluster| view(state, work, cluster))
        .collect();
    Reply::json(200, &json!({ "clusters": all }))
}

/// `GET .../clusters/{cluster_id}`.
pub(super) fn show(state: &State, work: &Work<'_>) -> Result<Reply, Refusal> {
    Ok(Reply::json(200, &view(state, work, work.cluster()?)))
}

fn view(state: &State, work: &Work<'_>, cluster: &CdmCluster) -> Value {
    let status = word(&state.powers, cluster, work.cloud.now());
    let (detail, progress) = match status {
        "100" => ("Creating", json!({"CREATING": "50%"})),
        "500" => ("Restarting", json!({"REBOOTING": "50%"})),
        "910" => ("Stopping", json!({"STOPPING": "50%"})),
        "920" => ("Starting", json!({"STARTING": "50%"})),
        STOPPED => ("Stopped", Value::Null),
        "800" => ("Frozen", Value::Null),
        RUNNING => ("Normal", Value::Null),
        _ => ("Failed", Value::Null),
    };
    let stamp = "2026-01-05T08:00:00";
    json!({
        "id": cluster.id,
        "name": cluster.name,
        "status": status,
        "statusDetail": detail,
        "actionProgress": progress,
        "flavorName": cluster.flavor,
        "datastore": {"type": "cdm", "version": cluster.version},
        "isAutoOff": false,
        "isScheduleBootOff": false,
        "isFrozen": if status == "800" { "1" } else { "0" },
        "instances": [],
        "created": stamp,
        "updated": stamp,
    })
}

/// `POST .../clusters/{cluster_id}/action`.
pub(super) fn act(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let cluster = work.cluster()?;
    let now = work.cloud.now();
    let body = work
        .call
        .json()
        .map_err(|_| error::invalid("the body is not JSON"))?;
    let status = word(&state.powers, cluster, now);
    let operation = action(work.call);
    let (passing, then, from, act) = match operation {
        "StopCluster" => ("910", STOPPED, RUNNING, "stop"),
        "RestartCluster" => ("500", RUNNING, RUNNING, "restart"),
        _ if body.get("start").is_none() => return Err(error::invalid("no action is known")),
        _ => ("920", RUNNING, STOPPED, "start"),
    };
    if status != from {
        let why = format!("the cluster is in status {status}");
        return Err(error::invalid(&why));
    }
    let power = Power {
        world: cluster.status.clone(),
        passing: passing.to_owned(),
        then: then.to_owned(),
        due: now + work.switches().cluster_action,
        settled: false,
    };
    switch(state, work.cloud, &cluster.id, power);
    let job = ids::hex32();
    let job = if operation == "RestartCluster" {
        json!(job)
    } else {
        json!([job])
    };
    Ok(Reply::json(200, &json!({ "jobId": job })).with_effect(act, &cluster.id))
}

/// Switches a cluster and keeps it.
pub(super) fn switch(state: &mut State, cloud: &Cloud, cluster: &str, power: Power) {
    cloud
        .store
        .put(NAME, &format!("power/{cluster}"), &power, cloud.now());
    state.powers.insert(cluster.to_owned(), power);
}
