//! Rules across members: what is copied from where to where, and which topics (reference, cross-field rules).

use serde_json::{Map, Value};

use super::task::{Definition, Kind};
use super::{Ledger, peer, refusals, settings};
use crate::reply::Refusal;
use crate::schema::text;
use crate::world::{Instance, World};

/// What the rules are checked against.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    /// The world.
    pub(super) world: &'a World,
    /// The instance of the task.
    pub(super) instance: &'a Instance,
    /// All tasks.
    pub(super) ledger: &'a Ledger,
    /// The number of the task itself, when it exists.
    pub(super) except: Option<u64>,
}

/// 4 to 64 letters, digits, underscores and hyphens.
pub(super) fn check_name(name: &str, world: &World) -> Result<(), Refusal> {
    let fits = (4..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if fits {
        return Ok(());
    }
    let why = "task_name has 4 to 64 letters, digits, underscores and hyphens";
    Err(refusals::parameter(world, why))
}

/// Takes a create body apart: only three pairs of source and sink have a meaning.
pub(super) fn definition(body: &Map<String, Value>, world: &World) -> Result<Definition, Refusal> {
    let term = |name: &str| Some(text(body, name)).filter(|term| !term.is_empty());
    let pair = (
        term("source_type").unwrap_or("NONE"),
        term("sink_type").unwrap_or("NONE"),
    );
    let kind = [Kind::Obs, Kind::Kafka, Kind::Redis]
        .into_iter()
        .find(|kind| (kind.source(), kind.sink()) == pair);
    let Some(kind) = kind else {
        let why = format!("source_type {} with sink_type {} has no meaning", pair.0, pair.1);
        return Err(refusals::parameter(world, &why));
    };
    Ok(Definition {
        kind,
        topics: text(body, "topics").to_owned(),
        topics_regex: text(body, "topics_regex").to_owned(),
        source: side(body, "source_task", kind.source(), world)?,
        sink: side(body, "sink_task", kind.sink(), world)?,
    })
}

fn side(
    body: &Map<String, Value>,
    name: &str,
    kind: &str,
    world: &World,
) -> Result<Map<String, Value>, Refusal> {
    let given = body
        .get(name)
        .and_then(Value::as_object)
        .filter(|side| !side.is_empty());
    match (given, kind) {
        (None, "NONE") => Ok(Map::new()),
        (Some(_), "NONE") => Err(refusals::parameter(world, &format!("{name} has no type"))),
        (Some(side), _) => Ok(side.clone()),
        (None, kind) => {
            let why = format!("{name} is mandatory when the type is {kind}");
            Err(refusals::parameter(world, &why))
        }
    }
}

/// Checks a definition whole.
pub(super) fn check(definition: &Definition, scene: Scene<'_>) -> Result<(), Refusal> {
    selector(definition, scene.world)?;
    settings::check(definition, scene.instance, scene.world)?;
    existing(definition, scene)?;
    unused(definition, scene)
}

fn mapping(definition: &Definition) -> &str {
    text(&definition.source, "topics_mapping")
}

/// The parts of a list; a list with an empty part or a blank is no list.
fn parts(list: &str) -> Option<Vec<&str>> {
    if list.is_empty() {
        return Some(Vec::new());
    }
    let parts: Vec<&str> = list.split(',').collect();
    let fits = |part: &&str| !part.is_empty() && !part.contains(char::is_whitespace);
    parts.iter().all(fits).then_some(parts)
}

fn selector(definition: &Definition, world: &World) -> Result<(), Refusal> {
    let switches = &world.switches.dms;
    let wrong = |why: &str| Err(refusals::parameter(world, why));
    let (listed, pattern) = (!definition.topics.is_empty(), !definition.topics_regex.is_empty());
    let mapped = definition.kind == Kind::Kafka && !mapping(definition).is_empty();
    if (listed && pattern) || !(listed || pattern || mapped) {
        let why = "exactly one of topics and topics_regex must be set";
        return Err(refusals::code(&switches.codes.topic_selector, why));
    }
    let Some(topics) = parts(&definition.topics) else {
        return wrong("topics must be names joined by commas, without spaces");
    };
    if topics.len() > switches.max_topics {
        return wrong(&format!("topics can hold {}", switches.max_topics));
    }
    if definition.kind == Kind::Redis && topics.is_empty() {
        return wrong("a Redis task needs topics");
    }
    if switches.refuse_match_all && definition.kind == Kind::Obs && definition.topics_regex == ".*" {
        return wrong("topics_regex must not be .*");
    }
    if mapped {
        pairs(definition, &topics, world)
    } else {
        Ok(())
    }
}

fn pairs(definition: &Definition, topics: &[&str], world: &World) -> Result<(), Refusal> {
    let switches = &world.switches.dms;
    let wrong = |why: &str| Err(refusals::parameter(world, why));
    let pairs = parts(mapping(definition)).unwrap_or_default();
    let fits = |pair: &&str| {
        pair.split_once(':')
            .is_some_and(|(from, to)| !from.is_empty() && !to.is_empty() && !to.contains(':'))
    };
    if pairs.is_empty() || !pairs.iter().all(fits) {
        return wrong("source_task.topics_mapping must be source:target, joined by commas");
    }
    if pairs.len() > switches.max_mappings {
        return wrong(&format!(
            "source_task.topics_mapping can hold {}",
            switches.max_mappings
        ));
    }
    let outside = |pair: &&str| {
        pair.split_once(':')
            .is_some_and(|(from, _)| !topics.contains(&from))
    };
    if switches.mapping_within_topics && !topics.is_empty() && pairs.iter().any(outside) {
        return wrong("source_task.topics_mapping names a topic that is not in topics");
    }
    Ok(())
}

/// The topics that are read, listed or mapped.
fn read(definition: &Definition) -> Vec<&str> {
    let mapped = parts(mapping(definition)).unwrap_or_default();
    let mut topics = parts(&definition.topics).unwrap_or_default();
    topics.extend(mapped.iter().filter_map(|pair| Some(pair.split_once(':')?.0)));
    topics
}

/// Listed topics exist where they are read from, as far as the world knows it.
fn existing(definition: &Definition, scene: Scene<'_>) -> Result<(), Refusal> {
    if !scene.world.switches.dms.topics_must_exist {
        return Ok(());
    }
    let peer = peer::of(&definition.source, scene.world).filter(|_| definition.kind == Kind::Kafka);
    let direction = match text(&definition.source, "direction") {
        "" => scene.world.switches.dms.filled.direction.as_str(),
        given => given,
    };
    let origins = match (definition.kind, direction) {
        (Kind::Kafka, "pull") => vec![peer],
        (Kind::Kafka, "two-way") => vec![Some(scene.instance), peer],
        _ => vec![Some(scene.instance)],
    };
    let has = |topic: &str| {
        origins.iter().any(|origin| {
            origin.is_none_or(|instance| {
                instance.topics.is_empty() || instance.topics.iter().any(|own| own == topic)
            })
        })
    };
    match read(definition).into_iter().find(|topic| !has(topic)) {
        Some(topic) => Err(refusals::unknown_topic(topic)),
        None => Ok(()),
    }
}

/// The relay topic of a Redis task is in no other task; topics of other tasks may be, unless the switch is on.
fn unused(definition: &Definition, scene: Scene<'_>) -> Result<(), Refusal> {
    let strict = scene.world.switches.dms.strict_topics;
    let others = scene.ledger.rows(&scene.instance.id);
    let others = others
        .into_iter()
        .flat_map(|rows| rows.values())
        .filter(|task| Some(task.seq) != scene.except);
    for other in others {
        let matters = strict || definition.kind == Kind::Redis || other.definition.kind == Kind::Redis;
        let theirs = read(&other.definition);
        let mut own = read(definition).into_iter();
        if let Some(topic) = own.find(|topic| matters && theirs.contains(topic)) {
            return Err(refusals::used_topic(topic));
        }
    }
    Ok(())
}
