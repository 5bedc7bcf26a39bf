//! Tasks as they are answered.

use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value, json};

use super::neighbours::{self, Place};
use super::rules::{self, End};
use super::structure::shown;
use super::tables::{RESOURCE, TRANSFORM, TRANSFORMS};
use super::task::{Task, status};
use crate::clock::Sim;
use crate::schema::text;
use crate::world::{CkafkaSwitches, World};

/// What a task goes through while it is created (Datahub API notes, the steps of a connection).
const STEPS: [&str; 3] = [
    "WAIT_CREATE_PRIVATELINK",
    "WAIT_CONNECT_PORT",
    "WAIT_CONNECT_RESOURCE",
];
/// The step of a task that was created.
const FINISH: &str = "FINISH";
/// The default limit of a task with an HTTP source.
const HTTP_QPS: u64 = 2000;

/// Which answer a task is in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    Detail,
    Row,
}

/// The `Result` of `DescribeDatahubTask`.
pub(super) fn detail(task: &Task, world: &World) -> Value {
    let mut all = common(task, world, Form::Detail);
    let secrets = world.switches.ckafka.secrets;
    let rules = |rules: &Option<Map<String, Value>>, table| match rules {
        Some(rules) => shown(rules, table, secrets),
        None => Value::Null,
    };
    let place = place(task);
    let schema = neighbours::schema_name(world, place, &task.schema).unwrap_or_default();
    let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
    put("Connections", connections(task, world));
    put("TransformParam", rules(&task.transform, TRANSFORM));
    put("TransformsParam", rules(&task.transforms, TRANSFORMS));
    put("SchemaId", json!(task.schema));
    put("SchemaName", json!(schema));
    put("Tags", task.tags.clone());
    put("IsolateStatus", json!(task.isolated));
    Value::Object(all)
}

/// One row of `DescribeDatahubTasks`.
pub(super) fn row(task: &Task, world: &World, now: Sim) -> Value {
    let switches = &world.switches.ckafka;
    let mut all = common(task, world, Form::Row);
    let (progress, begun) = progress(task, switches, now);
    let current = if task.status == status::CREATING || task.status == status::CREATE_FAILED {
        STEPS.get(begun.saturating_sub(1)).copied().unwrap_or(FINISH)
    } else {
        FINISH
    };
    let listed = if switches.list_steps { begun } else { 0 };
    let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
    put("TaskProgress", json!(progress));
    put("TaskCurrentStep", json!(current));
    put(
        "StepList",
        STEPS.iter().take(listed).map(|step| json!(step)).collect(),
    );
    Value::Object(all)
}

fn common(task: &Task, world: &World, form: Form) -> Map<String, Value> {
    let switches = &world.switches.ckafka;
    let ends = [(End::Source, &task.source), (End::Target, &task.target)];
    let mut all: Map<String, Value> = ends
        .into_iter()
        .map(|(end, resource)| {
            (
                end.name().to_owned(),
                resource_of(task, end, resource, world, form),
            )
        })
        .collect();
    let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
    put("TaskId", json!(task.id));
    put("DatahubId", json!(task.datahub));
    put("TaskName", json!(task.name));
    put("TaskType", json!(task.side));
    put("Status", json!(task.status));
    put("CreateTime", json!(create_time(task, switches)));
    put("ErrorMessage", json!(error_message(task, switches)));
    put("Description", json!(task.description));
    put("TaskMax", json!(task.workers));
    put("SyncThrottleLimit", json!(task.throttle));
    put("AutoExpandFlag", json!(task.expands));
    if let Some(warning) = &task.warning {
        put("WarnMessage", json!(warning));
    }
    all
}

fn resource_of(task: &Task, end: End, resource: &Map<String, Value>, world: &World, form: Form) -> Value {
    let switches = &world.switches.ckafka;
    let mut resource = resource.clone();
    let name = rules::param(text(&resource, "Type"), switches);
    if let Some((name, param)) = name.and_then(|name| Some((name, resource.get_mut(name)?.as_object_mut()?)))
    {
        neighbours::fill(world, place(task), name, param);
        if end == End::Target {
            // They belong to the side that is read.
            param.remove("OffsetType");
            param.remove("StartTime");
        }
        if name == "KafkaParam" && form == Form::Row {
            param.remove("TopicId");
            param.remove("PartitionNum");
        }
        if name == "KafkaParam" && text(&task.source, "Type") == "HTTP" && !param.contains_key("QpsLimit") {
            param.insert("QpsLimit".to_owned(), json!(HTTP_QPS));
        }
        param.retain(|member, _| !switches.unechoed.contains(member));
    }
    shown(&resource, RESOURCE, switches.secrets)
}

fn place(task: &Task) -> Place<'_> {
    Place {
        account: &task.account,
        region: &task.region,
    }
}

fn error_message(task: &Task, switches: &CkafkaSwitches) -> String {
    match &task.error {
        Some(message) => message.clone(),
        // Not empty when all is well.
        None if task.status == status::RUNNING => switches.running_message.clone(),
        None => String::new(),
    }
}

fn create_time(task: &Task, switches: &CkafkaSwitches) -> String {
    let zone = Offset::constant(switches.time_zone_hours.clamp(-12, 14));
    let local = task.created.to_zoned(TimeZone::fixed(zone));
    local.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// One consumer per topic that is read.
fn connections(task: &Task, world: &World) -> Value {
    let read = rules::own(&task.source, &world.switches.ckafka);
    let Some((_, param)) = read.filter(|(name, _)| *name == "KafkaParam") else {
        return json!([]);
    };
    let mut param = param.clone();
    neighbours::fill(world, place(task), "KafkaParam", &mut param);
    let group = format!("datahub-{}", task.id);
    neighbours::topics(&param)
        .map(|topic| json!({"TopicName": topic, "GroupId": group, "TopicId": text(&param, "TopicId")}))
        .collect()
}

/// The percentage, and how many steps have begun.
fn progress(task: &Task, switches: &CkafkaSwitches, now: Sim) -> (f64, usize) {
    let done = match (&task.change, task.status) {
        (Some(change), status::CREATING) => {
            let whole = change.due.saturating_sub(task.born).max(1);
            (now - task.born).clamp(0, whole) * 100 / whole
        }
        (_, status::CREATING | status::CREATE_FAILED) => 99,
        _ => return (switches.finished_progress, 0),
    };
    // 99 at most, so that the last step has begun and has not ended.
    let done = i32::try_from(done.min(99)).unwrap_or_default();
    let begun = usize::try_from(done * 3 / 100 + 1).unwrap_or_default();
    (f64::from(done), begun)
}
