//! What the tables do not say: types and their params, and rules across fields (Datahub API notes, cross-field rules).

use serde_json::{Map, Value};

use crate::ckafka::structure::Defect;
use crate::schema::text;
use crate::world::{CkafkaSwitches, ExtraParams};

/// The documented types, each with its param; empty for none.
const TYPES: [(&str, &str); 27] = [
    ("KAFKA", "KafkaParam"),
    ("TOPIC", "TopicParam"),
    ("EB_", "EventBusParam"),
    ("EB_ES", "EventBusParam"),
    ("EB_COS", "EventBusParam"),
    ("EB_CLS", "EventBusParam"),
    ("MONGODB", "MongoDBParam"),
    ("ES", "EsParam"),
    ("TDW", "TdwParam"),
    ("DTS", "DtsParam"),
    ("CLICKHOUSE", "ClickHouseParam"),
    ("CLS", "ClsParam"),
    ("COS", "CosParam"),
    ("MARIADB", "MariaDBParam"),
    ("SQLSERVER", "SQLServerParam"),
    ("CTSDB", "CtsdbParam"),
    ("SCF", "ScfParam"),
    ("MQTT", "MqttParam"),
    ("MYSQL", "MySQLParam"),
    ("TDSQL_C_MYSQL", "MySQLParam"),
    ("MYSQL_DATA", "MySQLParam"),
    ("POSTGRESQL", "PostgreSQLParam"),
    ("TDSQL_C_POSTGRESQL", "PostgreSQLParam"),
    ("TDSQL_POSTGRESQL", "PostgreSQLParam"),
    ("WAREHOUSE_POSTGRESQL", "PostgreSQLParam"),
    ("HTTP", ""),
    ("DORIS", ""),
];

/// Types that are in no enumeration, each with its param; a switch lets them in.
const UNDOCUMENTED: [(&str, &str); 2] = [("EB", "EventBusParam"), ("ICEBERG", "IcebergParam")];

/// The types that a task reads from or writes to inside the service.
const KAFKA_TYPES: [&str; 2] = ["KAFKA", "TOPIC"];
/// Unix seconds have fewer digits than this; milliseconds have more.
const MILLIS: u64 = 100_000_000_000;
const NAME_LENGTH: usize = 64;

/// The param that a type decides, empty for none; `None` when there is no such type.
pub(super) fn param(kind: &str, switches: &CkafkaSwitches) -> Option<&'static str> {
    let lets_in = switches.undocumented_types.iter().any(|known| known == kind);
    let undocumented = UNDOCUMENTED.iter().filter(|_| lets_in);
    let (_, param) = TYPES.iter().chain(undocumented).find(|(name, _)| *name == kind)?;
    Some(*param)
}

/// Which end of a task.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// `SourceResource`.
    Source,
    /// `TargetResource`.
    Target,
}

impl End {
    /// Its name on the wire.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Source => "SourceResource",
            Self::Target => "TargetResource",
        }
    }
}

/// Letters, digits, `-`, `.`, `_`, a letter first.
pub(super) fn check_name(name: &str) -> Result<(), Defect> {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    let rest = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    if first && rest && name.len() <= NAME_LENGTH {
        return Ok(());
    }
    wrong(
        "TaskName",
        "a letter, then letters, digits, hyphens, dots and underscores, at most 64 in all",
    )
}

/// Checks one end: its type, the param that the type decides, and no other one.
pub(super) fn check_end(
    end: End,
    resource: &mut Map<String, Value>,
    switches: &CkafkaSwitches,
) -> Result<(), Defect> {
    let at = end.name();
    let kind = text(resource, "Type").to_owned();
    let Some(param) = param(&kind, switches) else {
        return wrong(&format!("{at}.Type"), &format!("a known type, and not {kind}"));
    };
    resource.retain(|_, value| !value.is_null());
    if !param.is_empty() && !resource.contains_key(param) {
        return Err(Defect::Empty(format!("{at}.{param}")));
    }
    let is_extra = |name: &String| name != "Type" && name != param;
    if switches.extra_params == ExtraParams::Ignore {
        resource.retain(|name, _| !is_extra(name));
    }
    match resource.keys().find(|name| is_extra(name)) {
        Some(extra) => wrong(&format!("{at}.{extra}"), &format!("left out of type {kind}")),
        None => Ok(()),
    }
}

/// The param of an end.
pub(super) fn own<'a>(
    resource: &'a Map<String, Value>,
    switches: &CkafkaSwitches,
) -> Option<(&'static str, &'a Map<String, Value>)> {
    let name = param(text(resource, "Type"), switches)?;
    Some((name, resource.get(name)?.as_object()?))
}

/// The rules that need the whole task.
pub(super) fn check_task(
    body: &Map<String, Value>,
    source: &Map<String, Value>,
    target: &Map<String, Value>,
    region: &str,
    switches: &CkafkaSwitches,
) -> Result<(), Defect> {
    let side = text(body, "TaskType");
    check_sides(side, text(source, "Type"), text(target, "Type"))?;
    for (end, resource) in [(End::Source, source), (End::Target, target)] {
        if let Some((name, param)) = own(resource, switches) {
            let at = format!("{}.{name}", end.name());
            check_param(&Place { end, side, region }, name, param, &at)?;
        }
    }
    let is_set = |name: &str| body.get(name).is_some_and(|value| !value.is_null());
    if is_set("TransformParam") && is_set("TransformsParam") {
        return wrong("TransformParam", "left out where TransformsParam is set");
    }
    if let Some(rules) = body.get("TransformParam").and_then(Value::as_object) {
        check_failure(rules, "TransformParam.FailureParam")?;
    }
    match body.get("TransformsParam").and_then(Value::as_object) {
        Some(rules) => check_transforms(rules),
        None => Ok(()),
    }
}

fn check_sides(side: &str, source: &str, target: &str) -> Result<(), Defect> {
    let (inner, outer, name) = match side {
        "SOURCE" => (target, source, "TargetResource.Type"),
        _ => (source, target, "SourceResource.Type"),
    };
    if !KAFKA_TYPES.contains(&inner) {
        return wrong(name, &format!("KAFKA or TOPIC in a {side} task"));
    }
    if side == "SOURCE" && KAFKA_TYPES.contains(&outer) {
        return wrong("TaskType", "SINK from Kafka to Kafka");
    }
    Ok(())
}

/// Where a param stands.
struct Place<'a> {
    end: End,
    side: &'a str,
    region: &'a str,
}

fn check_param(place: &Place<'_>, name: &str, param: &Map<String, Value>, at: &str) -> Result<(), Defect> {
    let is = |field: &str| param.get(field) == Some(&Value::Bool(true));
    let lacks = |field: &str| is_empty(param.get(field));
    let upserts = |field: &str| text(param, field) == "UPSERT";
    match name {
        "KafkaParam" => check_kafka(place, param, at)?,
        "TopicParam" => check_reading(place, param, at)?,
        "ClsParam" if !is("DecodeJson") && lacks("ContentKey") => {
            return wrong(&format!("{at}.ContentKey"), "set where DecodeJson is false");
        }
        "MySQLParam" | "PostgreSQLParam"
            if upserts("DataTargetInsertMode") && lacks("DataTargetPrimaryKeyField") =>
        {
            return wrong(&format!("{at}.DataTargetPrimaryKeyField"), "set for UPSERT");
        }
        "IcebergParam" if lacks("Database") => return Err(Defect::Empty(format!("{at}.Database"))),
        "IcebergParam" if ["UPSERT", "CDC"].contains(&text(param, "UpsertMode")) && lacks("PrimaryKeys") => {
            return wrong(&format!("{at}.PrimaryKeys"), "set for UPSERT and CDC");
        }
        "MqttParam" if is("SelfBuilt") => return wrong(&format!("{at}.SelfBuilt"), "false"),
        "CosParam" if place.side == "SINK" => check_bucket(place, param, at)?,
        "EsParam" => {
            if let Some(failure) = param.get("DropDlq").and_then(Value::as_object) {
                check_dead_letters(failure, &format!("{at}.DropDlq"))?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn check_kafka(place: &Place<'_>, param: &Map<String, Value>, at: &str) -> Result<(), Defect> {
    check_reading(place, param, at)?;
    let is = |field: &str| param.get(field) == Some(&Value::Bool(true));
    let maps = is("UseTableMapping");
    if maps && is_empty(param.get("TableMappings")) {
        return wrong(
            &format!("{at}.TableMappings"),
            "set where UseTableMapping is true",
        );
    }
    if is("UseAutoCreateTopic") && !maps && text(param, "Topic").is_empty() {
        return wrong(&format!("{at}.Topic"), "the name of the topic to create");
    }
    Ok(())
}

/// What instances and stand-alone topics have in common.
fn check_reading(place: &Place<'_>, param: &Map<String, Value>, at: &str) -> Result<(), Defect> {
    let creates = param.get("UseAutoCreateTopic") == Some(&Value::Bool(true));
    if creates && (place.side != "SOURCE" || place.end != End::Target) {
        return wrong(
            &format!("{at}.UseAutoCreateTopic"),
            "false but at the target of a SOURCE task",
        );
    }
    if text(param, "OffsetType") != "timestamp" {
        return Ok(());
    }
    let start = param.get("StartTime").and_then(Value::as_u64);
    if start.is_some_and(|start| (1..MILLIS).contains(&start)) {
        return Ok(());
    }
    wrong(
        &format!("{at}.StartTime"),
        "unix seconds where OffsetType is timestamp",
    )
}

fn check_bucket(place: &Place<'_>, param: &Map<String, Value>, at: &str) -> Result<(), Defect> {
    let number = |field: &str| param.get(field).and_then(Value::as_u64).unwrap_or_default();
    if number("AggregateBatchSize") == 0 && number("AggregateInterval") == 0 {
        return wrong(
            &format!("{at}.AggregateBatchSize"),
            "set, or AggregateInterval is",
        );
    }
    if text(param, "Region") != place.region {
        return wrong(&format!("{at}.Region"), "the region of the task");
    }
    Ok(())
}

fn check_transforms(rules: &Map<String, Value>) -> Result<(), Defect> {
    if text(rules, "OutputFormat") == "ROW" && is_empty(rules.get("RowParam")) {
        return wrong("TransformsParam.RowParam", "set where OutputFormat is ROW");
    }
    check_failure(rules, "TransformsParam.FailureParam")?;
    for (n, field) in items(rules, "FieldChain").enumerate() {
        for (m, step) in items(field, "SMT").enumerate() {
            let at = format!("TransformsParam.FieldChain.{n}.SMT.{m}");
            let one = step.get("ValueOperate").and_then(Value::as_object);
            if let Some(one) = one {
                check_operation(one, &format!("{at}.ValueOperate"))?;
            }
            for (k, operation) in items(step, "ValueOperates").enumerate() {
                check_operation(operation, &format!("{at}.ValueOperates.{k}"))?;
            }
        }
    }
    Ok(())
}

/// The struct that a `ValueParam` of a type needs.
const OPERATIONS: [(&str, &str); 9] = [
    ("REPLACE", "Replace"),
    ("SUBSTR", "Substr"),
    ("DATE", "Date"),
    ("REGEX_REPLACE", "RegexReplace"),
    ("SPLIT", "Split"),
    ("KV", "KV"),
    ("JSON_PATH_REPLACE", "JsonPathReplace"),
    ("URL_DECODE", "UrlDecode"),
    ("LOWERCASE", "Lowercase"),
];

fn check_operation(operation: &Map<String, Value>, at: &str) -> Result<(), Defect> {
    let kind = text(operation, "Type");
    let needed = OPERATIONS.iter().find(|(name, _)| *name == kind);
    match needed.filter(|(_, field)| operation.get(*field).is_none_or(Value::is_null)) {
        Some((_, field)) => wrong(&format!("{at}.{field}"), &format!("set where Type is {kind}")),
        None => Ok(()),
    }
}

fn check_failure(rules: &Map<String, Value>, at: &str) -> Result<(), Defect> {
    match rules.get("FailureParam").and_then(Value::as_object) {
        Some(failure) => check_dead_letters(failure, at),
        None => Ok(()),
    }
}

fn check_dead_letters(failure: &Map<String, Value>, at: &str) -> Result<(), Defect> {
    if text(failure, "Type") != "DLQ" {
        return Ok(());
    }
    let needed = match text(failure, "DlqType") {
        "CKAFKA" => "KafkaParam",
        "TOPIC" => "TopicParam",
        _ => "DlqType",
    };
    if is_empty(failure.get(needed)) {
        return wrong(&format!("{at}.{needed}"), "set where Type is DLQ");
    }
    Ok(())
}

fn items<'a>(object: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    let all = object.get(name).and_then(Value::as_array);
    all.into_iter().flatten().filter_map(Value::as_object)
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

fn wrong(path: &str, expected: &str) -> Result<(), Defect> {
    Err(Defect::Value(path.to_owned(), expected.to_owned()))
}
