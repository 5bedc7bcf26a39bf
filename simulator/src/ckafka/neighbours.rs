//! Instances, connections, topics and schemas that a task names.

use serde_json::{Map, Value, json};

use crate::reply::Refusal;
use crate::schema::text;
use crate::world::{Unknown, World};

/// Whose neighbours, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// Account number.
    pub(super) account: &'a str,
    /// Region.
    pub(super) region: &'a str,
}

impl Place<'_> {
    fn is(self, app_id: u64, region: &str) -> bool {
        self.account == app_id.to_string() && self.region == region
    }
}

/// Checks what a param names.
pub(super) fn check(
    world: &World,
    place: Place<'_>,
    name: &str,
    param: &Map<String, Value>,
) -> Result<(), Refusal> {
    if world.switches.ckafka.unknown_references == Unknown::Accept {
        return Ok(());
    }
    let resource = text(param, "Resource");
    let creates = param.get("UseAutoCreateTopic") == Some(&Value::Bool(true));
    match name {
        _ if resource.starts_with("resource-") => connection(world, place, resource),
        "KafkaParam" if param.get("SelfBuilt") != Some(&Value::Bool(true)) => {
            instance(world, place, resource, param, creates)
        }
        "TopicParam" if !creates => topic(world, place, resource),
        _ => Ok(()),
    }
}

/// Checks the schema that a task is bound to.
pub(super) fn check_schema(world: &World, place: Place<'_>, id: &str) -> Result<(), Refusal> {
    let known = schema_name(world, place, id).is_some();
    if id.is_empty() || known || world.switches.ckafka.unknown_references == Unknown::Accept {
        return Ok(());
    }
    Err(missing("schema", id))
}

/// The name of a schema.
pub(super) fn schema_name<'a>(world: &'a World, place: Place<'_>, id: &str) -> Option<&'a str> {
    let mut all = world.ckafka.schemas.iter();
    let found = all.find(|schema| schema.id == id && schema.app_id.to_string() == place.account);
    found.map(|schema| schema.name.as_str())
}

fn connection(world: &World, place: Place<'_>, id: &str) -> Result<(), Refusal> {
    let mut all = world.ckafka.connections.iter();
    if all.any(|known| known.id == id && place.is(known.app_id, &known.region)) {
        return Ok(());
    }
    Err(missing("connection", id))
}

fn instance(
    world: &World,
    place: Place<'_>,
    id: &str,
    param: &Map<String, Value>,
    creates: bool,
) -> Result<(), Refusal> {
    let mut all = world.ckafka.instances.iter();
    let Some(instance) = all.find(|known| known.id == id && place.is(known.app_id, &known.region)) else {
        let text = format!("The instance `{id}` does not exist.");
        return Err(Refusal::tencent("InvalidParameterValue.InstanceNotExist", text));
    };
    let unknown = topics(param).find(|name| instance.topics.iter().all(|topic| topic.name != *name));
    match unknown.filter(|_| !creates) {
        Some(name) => Err(missing("topic", name)),
        None => Ok(()),
    }
}

fn topic(world: &World, place: Place<'_>, name: &str) -> Result<(), Refusal> {
    let mut all = world.ckafka.topics.iter();
    if all.any(|known| known.name == name && place.is(known.app_id, &known.region)) {
        return Ok(());
    }
    Err(missing("topic", name))
}

fn missing(what: &str, id: &str) -> Refusal {
    Refusal::tencent("ResourceNotFound", format!("The {what} `{id}` does not exist."))
}

/// The topics that a param names.
pub(super) fn topics(param: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let names = text(param, "Topic").split(',').map(str::trim);
    names.filter(|name| !name.is_empty())
}

/// What the service fills in: names and numbers of instance and topic.
pub(super) fn fill(world: &World, place: Place<'_>, name: &str, param: &mut Map<String, Value>) {
    let resource = text(param, "Resource").to_owned();
    match name {
        "KafkaParam" => {
            let mut all = world.ckafka.instances.iter();
            let instance = all.find(|known| known.id == resource && place.is(known.app_id, &known.region));
            let topic = {
                let mut names = topics(param);
                let only = names.next().filter(|_| names.next().is_none());
                instance.and_then(|i| i.topics.iter().find(|topic| Some(topic.name.as_str()) == only))
            };
            param.insert("ResourceName".to_owned(), json!(instance.map(|i| &i.name)));
            param.insert("ZoneId".to_owned(), json!(instance.map(|i| i.zone_id)));
            param.insert("TopicId".to_owned(), json!(topic.map(|t| &t.id)));
            param.insert("PartitionNum".to_owned(), json!(topic.map(|t| t.partitions)));
        }
        "TopicParam" => {
            let mut all = world.ckafka.topics.iter();
            let topic = all.find(|known| known.name == resource && place.is(known.app_id, &known.region));
            param.insert("TopicId".to_owned(), json!(topic.map(|t| &t.id)));
        }
        _ => {}
    }
}
