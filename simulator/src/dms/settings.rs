//! What the source and the sink of each kind of task must hold (DMS for Kafka API reference, Smart Connect).

use serde_json::{Map, Value};

use super::task::{Definition, Kind};
use super::{peer, refusals};
use crate::reply::Refusal;
use crate::schema::text;
use crate::world::{Code, Instance, Omitted, World};

/// What may be left out although the page asks for it, by kind; `true` for the source.
const MANDATORY: [(Kind, bool, &[&str]); 4] = [
    (Kind::Obs, false, &["consumer_strategy"]),
    (
        Kind::Kafka,
        true,
        &[
            "direction",
            "replication_factor",
            "consumer_strategy",
            "compression_type",
        ],
    ),
    (
        Kind::Redis,
        true,
        &[
            "redis_type",
            "sync_mode",
            "full_sync_max_retry",
            "full_sync_wait_ms",
        ],
    ),
    (Kind::Redis, false, &["redis_type"]),
];

/// Checks both sides.
pub(super) fn check(definition: &Definition, own: &Instance, world: &World) -> Result<(), Refusal> {
    mandatory(definition, world)?;
    match definition.kind {
        Kind::Obs => obs(&definition.sink, world),
        Kind::Kafka => {
            peer::check(&definition.source, own, world)?;
            kafka(&definition.source, world)
        }
        Kind::Redis => redis(definition, world),
    }
}

fn mandatory(definition: &Definition, world: &World) -> Result<(), Refusal> {
    if world.switches.dms.omitted_mandatory == Omitted::Fill {
        return Ok(());
    }
    for (kind, is_source, names) in MANDATORY {
        let side = if is_source {
            &definition.source
        } else {
            &definition.sink
        };
        let absent = |name: &&&str| matches!(side.get(**name), None | Some(Value::Null));
        if kind == definition.kind
            && let Some(name) = names.iter().find(absent)
        {
            return Err(refusals::parameter(world, &format!("{name} is mandatory")));
        }
    }
    Ok(())
}

/// The sink of an OBS task.
pub(super) fn obs(sink: &Map<String, Value>, world: &World) -> Result<(), Refusal> {
    let switches = &world.switches.dms;
    let wrong = |why: &str| Err(refusals::parameter(world, &format!("sink_task.{why}")));
    for name in ["obs_bucket_name", "partition_format"] {
        if text(sink, name).is_empty() {
            return wrong(&format!("{name} is mandatory when sink_type is OBS_SINK"));
        }
    }
    let by_agency = switches.accept_agency && !text(sink, "agency_name").is_empty();
    if !by_agency
        && ["access_key", "secret_key"]
            .iter()
            .any(|name| text(sink, name).is_empty())
    {
        return wrong("access_key and secret_key are mandatory when sink_type is OBS_SINK");
    }
    let path = text(sink, "obs_path");
    if !path
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'/'))
    {
        return wrong("obs_path can contain letters, digits, underscores, hyphens and slashes");
    }
    let delimiter = text(sink, "record_delimiter");
    if !switches.record_delimiters.iter().any(|known| known == delimiter) {
        return wrong("record_delimiter is not known");
    }
    Ok(())
}

/// Whether OBS lets the key in.
pub(super) fn check_obs_key(sink: &Map<String, Value>, world: &World) -> Result<(), Refusal> {
    let (access, secret) = (text(sink, "access_key"), text(sink, "secret_key"));
    let users = &world.huawei.users;
    let known = users
        .iter()
        .any(|user| user.access_key == access && user.secret_key == secret);
    if !world.switches.dms.check_obs_keys || access.is_empty() || known {
        return Ok(());
    }
    Err(Refusal::service(400, "DMS.00500960", "The AK or SK is invalid."))
}

fn kafka(source: &Map<String, Value>, world: &World) -> Result<(), Refusal> {
    let switches = &world.switches.dms;
    let fail = |code: &Code, why: &str| Err(refusals::code(code, &format!("source_task: {why}")));
    aliases(source, world)?;
    if number(source, "task_num") > switches.max_task_num {
        let why = format!("task_num must be from 1 to {}", switches.max_task_num);
        return fail(&switches.codes.parameter, &why);
    }
    let is = |name: &str| source.get(name) == Some(&Value::Bool(true));
    if is("rename_topic_enabled") && !text(source, "topics_mapping").is_empty() {
        return fail(
            &switches.codes.parameter,
            "rename_topic_enabled and topics_mapping exclude each other",
        );
    }
    let guarded = is("rename_topic_enabled") || is("provenance_header_enabled");
    if switches.strict_two_way && text(source, "direction") == "two-way" && !guarded {
        return fail(
            &switches.codes.two_way,
            "two-way needs rename_topic_enabled or provenance_header_enabled",
        );
    }
    match peer::of(source, world) {
        Some(peer) if number(source, "replication_factor") > peer.brokers => fail(
            &switches.codes.replicas,
            "replication_factor is greater than the number of brokers",
        ),
        _ => Ok(()),
    }
}

fn aliases(source: &Map<String, Value>, world: &World) -> Result<(), Refusal> {
    let filled = &world.switches.dms.filled;
    let alias = |name: &str, absent: &str| {
        let given = text(source, name);
        if given.is_empty() { absent } else { given }.to_owned()
    };
    let own = alias("current_cluster_name", &filled.current_cluster_name);
    let other = alias("cluster_name", &filled.cluster_name);
    if !is_alias(&own) || !is_alias(&other) {
        let why = "source_task: aliases have 1 to 20 letters, digits, underscores and hyphens";
        return Err(refusals::parameter(world, why));
    }
    if own == other {
        let why = "source_task: current_cluster_name and cluster_name must differ";
        return Err(refusals::parameter(world, why));
    }
    Ok(())
}

fn is_alias(text: &str) -> bool {
    (1..=20).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

fn number(side: &Map<String, Value>, name: &str) -> i64 {
    side.get(name).and_then(Value::as_i64).unwrap_or_default()
}

fn redis(definition: &Definition, world: &World) -> Result<(), Refusal> {
    let switches = &world.switches.dms;
    let wrong = |why: &str| Err(refusals::parameter(world, why));
    if !switches.redis_tasks {
        return wrong("Redis tasks are no longer offered");
    }
    for (at, side) in [
        ("source_task", &definition.source),
        ("sink_task", &definition.sink),
    ] {
        let address = text(side, "redis_address");
        if address.is_empty() && text(side, "dcs_instance_id").is_empty() {
            return wrong(&format!("{at} needs redis_address or dcs_instance_id"));
        }
        if !address.is_empty() && !address.split(',').all(|one| one.contains(':')) {
            return wrong(&format!("{at}.redis_address must be ip:port, joined by commas"));
        }
        let kind = text(side, "redis_type");
        let known = switches.redis_types.is_empty() || switches.redis_types.iter().any(|word| word == kind);
        if !kind.is_empty() && !known {
            return wrong(&format!("{at}.redis_type is not known"));
        }
    }
    for name in ["full_sync_max_retry", "full_sync_wait_ms", "ratelimit"] {
        if number(&definition.source, name) > switches.max_redis_number {
            return wrong(&format!("source_task.{name} is too large"));
        }
    }
    let differ = text(&definition.source, "redis_type") != text(&definition.sink, "redis_type");
    if switches.strict_redis_types && differ {
        return Err(Refusal::service(
            400,
            "DMS.00400875",
            "The Redis types of source and sink are inconsistent.",
        ));
    }
    Ok(())
}
