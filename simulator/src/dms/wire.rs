//! Answers about tasks: no secret, what was left out filled, the unused side as a switch says.

use serde_json::{Map, Value, json};

use super::peer;
use super::task::{Definition, Kind, Task};
use crate::ids;
use crate::schema::text;
use crate::world::{Newline, Unused, World};

/// What an answer is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    /// Create, show, modify.
    Single,
    /// A row of a list.
    Row,
}

/// What earlier versions answered of OBS tasks.
const LEGACY_CLASSES: [(&str, &str); 3] = [
    ("connector_class", "com.huawei.dms.connector.obs.OBSSinkConnector"),
    ("storage_class", "com.huawei.dms.connector.obs.storage.OBSStorage"),
    (
        "format_class",
        "com.huawei.dms.connector.obs.format.bytearray.ByteArrayFormat",
    ),
];

/// A task as answered.
pub(super) fn entity(task: &Task, world: &World, form: Form) -> Value {
    let definition = &task.definition;
    let mut answer = Map::new();
    let mut put = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    put("task_name", json!(task.name));
    for (name, selector) in [
        ("topics", &definition.topics),
        ("topics_regex", &definition.topics_regex),
    ] {
        if !selector.is_empty() {
            put(name, json!(selector));
        }
    }
    put("source_type", json!(definition.kind.source()));
    put("sink_type", json!(definition.kind.sink()));
    put("id", json!(task.id));
    put("status", json!(task.status(&world.switches.dms)));
    put("create_time", json!(task.created));
    let sides = [
        ("source_task", source(definition, world)),
        ("sink_task", sink(definition, world, form)),
    ];
    for (name, side) in sides {
        match (side, world.switches.dms.unused_side) {
            (Some(side), _) => put(name, side),
            (None, Unused::Null) => put(name, Value::Null),
            (None, Unused::Object) => put(name, json!({})),
            (None, Unused::Absent) => None,
        };
    }
    Value::Object(answer)
}

/// A member as it was given, or what stands for it.
fn or(side: &Map<String, Value>, name: &str, absent: impl Into<Value>) -> Value {
    match side.get(name) {
        None | Some(Value::Null) => absent.into(),
        Some(Value::String(text)) if text.is_empty() => absent.into(),
        Some(value) => value.clone(),
    }
}

/// A number, which an earlier version answered as a string.
fn number(value: Value, world: &World) -> Value {
    if world.switches.dms.oddities.numbers_as_text {
        json!(value.to_string())
    } else {
        value
    }
}

fn source(definition: &Definition, world: &World) -> Option<Value> {
    match definition.kind {
        Kind::Obs => None,
        Kind::Kafka => Some(kafka(&definition.source, world)),
        Kind::Redis => Some(redis_source(&definition.source, world)),
    }
}

fn kafka(source: &Map<String, Value>, world: &World) -> Value {
    let filled = &world.switches.dms.filled;
    let resolved = peer::of(source, world).map_or("", |peer| peer.address.as_str());
    let flag = |name: &str| or(source, name, false);
    json!({
        "current_cluster_name": or(source, "current_cluster_name", filled.current_cluster_name.as_str()),
        "cluster_name": or(source, "cluster_name", filled.cluster_name.as_str()),
        "user_name": or(source, "user_name", ""),
        "sasl_mechanism": or(source, "sasl_mechanism", "PLAIN"),
        "instance_id": or(source, "instance_id", ""),
        "bootstrap_servers": or(source, "bootstrap_servers", resolved),
        "security_protocol": peer::protocol(source, world),
        "direction": or(source, "direction", filled.direction.as_str()),
        "sync_consumer_offsets_enabled": flag("sync_consumer_offsets_enabled"),
        "replication_factor": number(or(source, "replication_factor", filled.replication_factor), world),
        "task_num": number(or(source, "task_num", 2), world),
        "rename_topic_enabled": flag("rename_topic_enabled"),
        "provenance_header_enabled": flag("provenance_header_enabled"),
        "consumer_strategy": or(source, "consumer_strategy", filled.consumer_strategy.as_str()),
        "compression_type": or(source, "compression_type", "none"),
        "topics_mapping": or(source, "topics_mapping", ""),
    })
}

fn redis_source(source: &Map<String, Value>, world: &World) -> Value {
    let filled = &world.switches.dms.filled;
    let mut view = redis(source, world);
    let mut mode = or(source, "sync_mode", filled.sync_mode.as_str());
    if world.switches.dms.oddities.trailing_comma {
        mode = json!(format!("{},", mode.as_str().unwrap_or_default()));
    }
    let mut put = |name: &str, value: Value| view.insert(name.to_owned(), value);
    put("sync_mode", mode);
    put(
        "full_sync_wait_ms",
        or(source, "full_sync_wait_ms", filled.full_sync_wait_ms),
    );
    put(
        "full_sync_max_retry",
        or(source, "full_sync_max_retry", filled.full_sync_max_retry),
    );
    put("ratelimit", or(source, "ratelimit", -1));
    Value::Object(view)
}

/// What both ends of a Redis task hold.
fn redis(side: &Map<String, Value>, world: &World) -> Map<String, Value> {
    let switches = &world.switches.dms;
    let address = text(side, "redis_address");
    let invented = if switches.fill_dcs_instance && !address.is_empty() {
        ids::uuid_of(address)
    } else {
        String::new()
    };
    Map::from_iter([
        ("redis_address".to_owned(), json!(address)),
        (
            "redis_type".to_owned(),
            or(side, "redis_type", switches.filled.redis_type.as_str()),
        ),
        (
            "dcs_instance_id".to_owned(),
            or(side, "dcs_instance_id", invented),
        ),
    ])
}

fn sink(definition: &Definition, world: &World, form: Form) -> Option<Value> {
    match definition.kind {
        Kind::Kafka => None,
        Kind::Obs => Some(obs(&definition.sink, world, form)),
        Kind::Redis => {
            let mut view = redis(&definition.sink, world);
            view.insert("target_db".to_owned(), number(json!(-1), world));
            Some(Value::Object(view))
        }
    }
}

fn obs(sink: &Map<String, Value>, world: &World, form: Form) -> Value {
    let switches = &world.switches.dms;
    let mut view = json!({
        "consumer_strategy": or(sink, "consumer_strategy", switches.filled.consumer_strategy.as_str()),
        "destination_file_type": or(sink, "destination_file_type", "TEXT"),
        "obs_bucket_name": or(sink, "obs_bucket_name", ""),
        "obs_path": or(sink, "obs_path", ""),
        "partition_format": or(sink, "partition_format", ""),
        "record_delimiter": delimiter(sink, switches.newline_echo),
        "obs_part_size": 5_242_880,
        "flush_size": 1_000_000,
        "timezone": switches.filled.timezone,
        "schema_generator_class": "io.confluent.connect.storage.hive.schema.DefaultSchemaGenerator",
        "partitioner_class": "io.confluent.connect.storage.partitioner.TimeBasedPartitioner",
        "value_converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
        "key_converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
        "store_keys": or(sink, "store_keys", false),
        "kv_delimiter": ":",
    });
    let Some(members) = view.as_object_mut() else {
        return view;
    };
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    let misspelt = form == Form::Row && switches.oddities.misspelt_interval;
    let interval = if misspelt {
        "deliver_time_interva"
    } else {
        "deliver_time_interval"
    };
    put(interval, or(sink, "deliver_time_interval", 300));
    if !text(sink, "agency_name").is_empty() {
        put("agency_name", json!(text(sink, "agency_name")));
    }
    if switches.oddities.legacy_classes {
        for (name, class) in LEGACY_CLASSES {
            put(name, json!(class));
        }
    }
    view
}

/// The delimiter; the service's default is a line feed, which the page's sample writes as backslash and n.
fn delimiter(sink: &Map<String, Value>, echo: Newline) -> Value {
    let Some(Value::String(given)) = sink.get("record_delimiter") else {
        return json!(if echo == Newline::LineFeed { "\n" } else { "\\n" });
    };
    match (echo, given.as_str()) {
        (Newline::Escaped, "\n") => json!("\\n"),
        (Newline::LineFeed, "\\n") => json!("\n"),
        (_, given) => json!(given),
    }
}
