//! Someone else's hand on links.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{SOMEONE, address, object, only, place, plain, put, wrong};
use crate::cdm::link::Link;
use crate::cdm::state::State;
use crate::cdm::values::{self, Block, Values};
use crate::cdm::{Shared, given, links};
use crate::cloud::Cloud;
use crate::ledger::Acts;
use crate::service::{Hand, Slip};
use crate::world::World;

/// The links, under `/_sim/jobs/cdm-links`.
#[derive(Debug)]
pub(in crate::cdm) struct Links(pub(in crate::cdm) Shared);

impl Hand for Links {
    fn list(&self, cloud: &Cloud) -> Value {
        let state = self.0.settled(cloud);
        let world = cloud.world();
        let mut all: Vec<&Link> = state.links.values().collect();
        all.sort_by_key(|link| link.seq);
        json!({"links": all.into_iter().map(|link| link_view(link, &world)).collect::<Vec<_>>()})
    }

    fn show(&self, cloud: &Cloud, id: &str) -> Result<Value, Slip> {
        let state = self.0.settled(cloud);
        Ok(link_view(find_link(&state, id)?, &cloud.world()))
    }

    fn create(&self, cloud: &Cloud, given: Value) -> Result<Value, Slip> {
        let mut state = self.0.settled(cloud);
        let world = cloud.world();
        let mut given = object(given)?;
        let cluster = place(&mut given, &world)?;
        let own = |name: &str| given::word(&given, name).map_err(wrong);
        let (name, connector) = (own("name")?, own("connector-name")?);
        if state.link(&cluster, &name).is_some() {
            return Err(Slip::Wrong("the name is taken".to_owned()));
        }
        let values = if given.contains_key(Block::Link.member()) {
            values::read(Block::Link, &given, &world.switches.cdm).map_err(wrong)?
        } else {
            Values::new()
        };
        let now = Timestamp::now().as_millisecond();
        let mut link = Link {
            seq: state.next_link(),
            cluster,
            name,
            connector,
            values,
            extended: None,
            enabled: true,
            reachable: None,
            created: now,
            creator: SOMEONE.to_owned(),
            updated: now,
            updater: SOMEONE.to_owned(),
            acts: Acts::default(),
        };
        for name in ["name", "connector-name", "link-config-values"] {
            given.remove(name);
        }
        change_link(&mut link, &given)?;
        let view = link_view(&link, &world);
        state.keep_link(cloud, link);
        Ok(view)
    }

    fn patch(&self, cloud: &Cloud, id: &str, patch: &Value) -> Result<Value, Slip> {
        let mut state = self.0.settled(cloud);
        let mut link = find_link(&state, id)?.clone();
        change_link(&mut link, &object(patch.clone())?)?;
        let view = link_view(&link, &cloud.world());
        state.keep_link(cloud, link);
        Ok(view)
    }

    fn delete(&self, cloud: &Cloud, id: &str) -> Result<(), Slip> {
        let mut state = self.0.settled(cloud);
        let link = find_link(&state, id)?.clone();
        state
            .drop_link(cloud, &link.cluster, &link.name)
            .then_some(())
            .ok_or(Slip::Unknown)
    }
}

fn find_link<'a>(state: &'a State, id: &str) -> Result<&'a Link, Slip> {
    let (cluster, name) = address(id);
    let own = |link: &&Link| link.name == name && cluster.is_none_or(|cluster| link.cluster == cluster);
    only(state.links.values().filter(own))
}

fn change_link(link: &mut Link, patch: &Map<String, Value>) -> Result<(), Slip> {
    for (name, value) in patch {
        match (name.as_str(), value) {
            ("enabled", Value::Bool(enabled)) => link.enabled = *enabled,
            ("reachable", Value::Bool(reachable)) => link.reachable = Some(*reachable),
            ("reachable", Value::Null) => link.reachable = None,
            ("inputs", Value::Object(inputs)) => {
                inputs
                    .iter()
                    .for_each(|(name, value)| put(&mut link.values, name, value));
            }
            _ => return Err(Slip::Wrong(format!("{name} cannot be set so"))),
        }
    }
    link.acts.note("foreign");
    Ok(())
}

fn link_view(link: &Link, world: &World) -> Value {
    let switches = &world.switches.cdm;
    let mut view = links::view(link, switches);
    let Some(members) = view.as_object_mut() else {
        return view;
    };
    members.insert("cluster_id".to_owned(), json!(link.cluster));
    members.insert("reachable".to_owned(), json!(link.is_reachable(world)));
    members.insert("acts".to_owned(), json!(link.acts));
    members.insert("inputs".to_owned(), plain(&link.values, switches));
    view
}
