//! Links: create with its test, show, update, delete.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::given::{truth, word};
use super::link::Link;
use super::rules::no_input;
use super::state::State;
use super::tables;
use super::values::{self, Block, Values, is_secret, text};
use super::{Work, error};
use crate::ledger::Acts;
use crate::reply::{Refusal, Reply};
use crate::world::{CdmSwitches, LinkInUse, LinkTest, LinkUpdateAnswer, OmittedSecret, Strictness, World};

/// A link as a request gives it.
struct Given {
    name: String,
    connector: String,
    values: Values,
    extended: Option<Value>,
    enabled: Option<bool>,
}

impl Given {
    fn read(link: &Map<String, Value>, switches: &CdmSwitches) -> Result<Self, Refusal> {
        let name = word(link, "name")?;
        if name.chars().count() > 240 {
            return Err(error::catalogued(
                "Cdm.0109",
                "The link name contains more than 240 characters.",
            ));
        }
        let connector = word(link, "connector-name")?;
        let values = values::read(Block::Link, link, switches)?;
        let strict = switches.unknown_inputs == Strictness::Refuse;
        if strict && tables::connector(&connector).is_none() {
            let text = format!("The connector {connector} does not exist.");
            return Err(error::catalogued("Cdm.0102", &text));
        }
        if let Some(name) = values
            .keys()
            .find(|name| strict && !Block::Link.knows(&connector, name))
        {
            return Err(no_input(name));
        }
        let extended = link
            .get(Block::Link.member())
            .and_then(|held| held.get("extended-configs"));
        Ok(Self {
            name,
            connector,
            values,
            extended: extended.filter(|extended| !extended.is_null()).cloned(),
            enabled: truth(link, "enabled")?,
        })
    }

    fn link(self, work: &Work<'_>, seq: u64) -> Link {
        let now = Timestamp::now().as_millisecond();
        Link {
            seq,
            cluster: work.cluster.clone(),
            name: self.name,
            connector: self.connector,
            values: self.values,
            extended: self.extended,
            enabled: self.enabled.unwrap_or(true),
            reachable: None,
            created: now,
            creator: work.user.to_owned(),
            updated: now,
            updater: work.user.to_owned(),
            acts: Acts::default(),
        }
    }
}

/// `POST .../cdm/link`.
pub(super) fn create(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let given = Given::read(&work.only("links")?, work.switches())?;
    if state.link(&work.cluster, &given.name).is_some() {
        let text = format!("Link name [{}] already exist or created by other.", given.name);
        return Err(error::catalogued("Cdm.0315", &text));
    }
    let seq = state.next_link();
    let mut link = given.link(work, seq);
    if let Some(findings) = tested(&link, &work.world) {
        return Ok(findings);
    }
    let name = link.name.clone();
    let reply = Reply::json(200, &json!({"name": name, "validation-result": [{}]}));
    if work.call.parameter("validate").as_deref() == Some("true") {
        return Ok(reply);
    }
    link.acts.note("create");
    state.keep_link(work.cloud, link);
    Ok(reply.with_effect("create link", &name))
}

/// 500 with findings and no code, when a link is incomplete or its data source cannot be reached.
fn tested(link: &Link, world: &World) -> Option<Reply> {
    let failed = |input: &str, message: &str| {
        let finding = json!({input: [{"message": message, "status": "ERROR"}]});
        Reply::json(500, &json!({"validation-result": [finding]}))
    };
    let table = tables::connector(&link.connector).map_or("", |known| known.link);
    let missing = tables::inputs(table)
        .filter(|input| input.mandatory)
        .map(|input| format!("linkConfig.{}", input.name))
        .find(|name| text(&link.values, name).is_empty());
    if let Some(name) = missing {
        return Some(failed(&name, "The value must not be blank."));
    }
    let broken = match world.switches.cdm.link_test {
        LinkTest::World => !link.is_reachable(world),
        LinkTest::Fail => true,
        LinkTest::Skip => false,
    };
    broken.then(|| {
        failed(
            "linkConfig",
            "Cannot reach the data source with the given credentials.",
        )
    })
}

/// `GET .../cdm/link/{link_name}`, `all` for all of them.
pub(super) fn show(state: &State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let switches = work.switches();
    let links: Vec<Value> = match state.link(&work.cluster, work.id) {
        Some(link) => vec![view(link, switches)],
        None if work.id == "all" && switches.link_list => state
            .links
            .values()
            .filter(|link| link.cluster == work.cluster)
            .map(|link| view(link, switches))
            .collect(),
        None => return Err(missing(work)),
    };
    Ok(Reply::json(
        200,
        &json!({"links": links, "fromTo-unMapping": "", "batchFromTo-mapping": ""}),
    ))
}

fn missing(work: &Work<'_>) -> Refusal {
    error::coded(
        &work.switches().missing_link,
        &format!("Link [{}] doesn't exist.", work.id),
    )
}

/// A link as answered.
pub(super) fn view(link: &Link, switches: &CdmSwitches) -> Value {
    let mut values = values::write(Block::Link, &link.connector, &link.values, switches);
    if let Some(members) = values.as_object_mut() {
        members.insert("validators".to_owned(), json!([]));
        if let Some(extended) = &link.extended {
            members.insert("extended-configs".to_owned(), extended.clone());
        }
    }
    json!({
        "id": link.seq,
        "name": link.name,
        "connector-name": link.connector,
        "enabled": link.enabled,
        "creation-user": link.creator,
        "creation-date": link.created,
        "update-user": link.updater,
        "update-date": link.updated,
        "link-config-values": values,
    })
}

/// `PUT .../cdm/link/{link_name}`.
pub(super) fn update(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    let old = state.link(&work.cluster, work.id).ok_or_else(|| {
        let text = format!("Link [{}] doesn't exist.", work.id);
        error::catalogued("Cdm.0316", &text)
    })?;
    let given = Given::read(&work.only("links")?, work.switches())?;
    if given.name != old.name {
        return Err(error::catalogued("Cdm.0039", "The link name cannot be changed."));
    }
    if given.connector != old.connector {
        return Err(error::catalogued("Cdm.0317", "connector-name cannot be changed."));
    }
    let mut link = old.clone();
    link.enabled = given.enabled.unwrap_or(link.enabled);
    link.extended = given.extended;
    link.values = replaced(&old.values, given.values, work.switches());
    link.updated = Timestamp::now().as_millisecond();
    work.user.clone_into(&mut link.updater);
    if let Some(findings) = tested(&link, &work.world) {
        return Ok(findings);
    }
    link.acts.note("update");
    let answer = match work.switches().link_update_answer {
        LinkUpdateAnswer::List => json!({"validation-result": [{}]}),
        LinkUpdateAnswer::Object => json!({"name": link.name, "validation-result": {}}),
    };
    state.keep_link(work.cloud, link);
    Ok(Reply::json(200, &answer).with_effect("update link", work.id))
}

/// The new values, with the old secrets where the switch keeps them.
fn replaced(old: &Values, mut new: Values, switches: &CdmSwitches) -> Values {
    if switches.omitted_secret == OmittedSecret::Keep {
        for (name, value) in old.iter().filter(|(name, _)| is_secret(name, switches)) {
            new.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    new
}

/// `DELETE .../cdm/link/{link_name}`.
pub(super) fn delete(state: &mut State, work: &Work<'_>) -> Result<Reply, Refusal> {
    if state.link(&work.cluster, work.id).is_none() {
        return Err(missing(work));
    }
    let mut jobs = state
        .jobs
        .rows(&work.cluster)
        .into_iter()
        .flat_map(BTreeMap::values);
    if jobs.any(|job| job.from.link == work.id || job.to.link == work.id) {
        return Err(match work.switches().link_in_use {
            LinkInUse::Documented => error::short("Cdm.0021", "Given link name is in use"),
            LinkInUse::Catalogue => error::catalogued("Cdm.0321", "Given link name is in use"),
        });
    }
    state.drop_link(work.cloud, &work.cluster, work.id);
    Ok(Reply::json(200, &json!({})).with_effect("delete link", work.id))
}
