//! Someone else's hand on clusters: their status.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::object;
use crate::cdm::Shared;
use crate::cdm::clusters::{self, Power};
use crate::cdm::state::State;
use crate::cloud::Cloud;
use crate::service::{Hand, Slip};
use crate::world::{CdmCluster, World};

/// The clusters, under `/_sim/jobs/cdm-clusters`.
#[derive(Debug)]
pub(in crate::cdm) struct Clusters(pub(in crate::cdm) Shared);

impl Hand for Clusters {
    fn list(&self, cloud: &Cloud) -> Value {
        let state = self.0.settled(cloud);
        let world = cloud.world();
        let all = world.cdm.clusters.iter();
        json!({"clusters": all.map(|cluster| cluster_view(&state, cluster, cloud)).collect::<Vec<_>>()})
    }

    fn show(&self, cloud: &Cloud, id: &str) -> Result<Value, Slip> {
        let state = self.0.settled(cloud);
        let world = cloud.world();
        Ok(cluster_view(&state, find_cluster(&world, id)?, cloud))
    }

    fn create(&self, _cloud: &Cloud, _given: Value) -> Result<Value, Slip> {
        Err(Slip::Wrong("clusters are made in the world".to_owned()))
    }

    fn patch(&self, cloud: &Cloud, id: &str, patch: &Value) -> Result<Value, Slip> {
        let mut state = self.0.settled(cloud);
        let world = cloud.world();
        let cluster = find_cluster(&world, id)?;
        let patch = object(patch.clone())?;
        let status = patch.get("status").and_then(Value::as_str);
        let (Some(status), 1) = (status, patch.len()) else {
            return Err(Slip::Wrong("status is expected, and nothing else".to_owned()));
        };
        let power = Power {
            world: cluster.status.clone(),
            passing: status.to_owned(),
            then: status.to_owned(),
            due: cloud.now(),
            settled: false,
        };
        clusters::switch(&mut state, cloud, &cluster.id, power);
        clusters::settle(&mut state, cloud);
        Ok(cluster_view(&state, cluster, cloud))
    }

    fn delete(&self, _cloud: &Cloud, _id: &str) -> Result<(), Slip> {
        Err(Slip::Wrong("clusters are taken away in the world".to_owned()))
    }
}

fn find_cluster<'a>(world: &'a World, id: &str) -> Result<&'a CdmCluster, Slip> {
    world
        .cdm
        .clusters
        .iter()
        .find(|cluster| cluster.id == id)
        .ok_or(Slip::Unknown)
}

fn cluster_view(state: &State, cluster: &CdmCluster, cloud: &Cloud) -> Value {
    let jobs = state.jobs.rows(&cluster.id).map_or(0, BTreeMap::len);
    json!({
        "id": cluster.id,
        "name": cluster.name,
        "status": clusters::word(&state.powers, cluster, cloud.now()),
        "jobs": jobs,
        "running": state.running(&cluster.id),
    })
}
