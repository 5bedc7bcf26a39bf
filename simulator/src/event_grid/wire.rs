//! Answers about jobs: which keys they hold, and what stands in place of a password.

use serde_json::{Map, Value, json};

use super::job::{Job, Kind};
use super::tables::{DCS, DCS_TO_DCS, KAFKA, KAFKA_TO_KAFKA, ROCKETMQ, ROCKETMQ_TO_ROCKETMQ};
use crate::schema::{Field, text};
use crate::world::{EventGridSwitches, PasswordEcho, Style, World};

/// What an answer is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    /// Create: configurations null, no connectivity, no log.
    Created,
    /// A row of a list.
    Row,
    /// Show, update, log.
    Whole,
}

/// A job as answered.
pub(super) fn info(job: &Job, world: &World, form: Form) -> Value {
    let switches = &world.switches.event_grid;
    let cluster = world
        .event_grid
        .clusters
        .iter()
        .find(|cluster| cluster.id == job.cluster);
    let kind = job.kind.spelt(switches);
    let mut answer = json!({
        "cluster_id": job.cluster,
        "job_id": job.id,
        "name": job.name,
        "description": job.description,
        "scene_type": job.scene,
        "source_type": kind,
        "sink_type": kind,
        "source_config": null,
        "sink_config": null,
        "advance_config": null,
        "status": job.status(switches),
        "err_code": null,
        "err_message": null,
        "created_time": job.created.to_string(),
        "updated_time": job.updated.to_string(),
        "vpc_id": cluster.map(|c| &c.vpc_id),
        "subnet_id": cluster.map(|c| &c.subnet_id),
    });
    let Some(members) = answer.as_object_mut() else {
        return answer;
    };
    if form == Form::Whole || (form == Form::Row && switches.list_carries_configs) {
        configs(members, job, world);
    }
    if form != Form::Created || switches.style == Style::Full {
        connectivity(members, job, switches);
    }
    members.extend(job.extra.clone());
    answer
}

fn connectivity(members: &mut Map<String, Value>, job: &Job, switches: &EventGridSwitches) {
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("source_status", json!("UNDEFINED"));
    put("sink_status", json!("UNDEFINED"));
    put("sink_status_info", json!(""));
    // In the tables but in no sample.
    if switches.style == Style::Full {
        put("source_status_info", json!(""));
    }
    if switches.style == Style::Full || job.log.is_some() {
        put("log_group_id", json!(job.log.as_ref().map(|(group, _)| group)));
        put("log_stream_id", json!(job.log.as_ref().map(|(_, stream)| stream)));
    }
}

fn configs(members: &mut Map<String, Value>, job: &Job, world: &World) {
    let switches = &world.switches.event_grid;
    let term = job.kind.word();
    for (side, end) in [("source", &job.source), ("sink", &job.sink)] {
        let config = if end.is_empty() {
            Value::Null
        } else {
            json!({ format!("{side}_{term}"): end_view(end, job.kind, world) })
        };
        members.insert(format!("{side}_config"), config);
    }
    let mut advance = Map::new();
    if switches.style == Style::Full {
        advance.extend(Kind::ALL.map(|kind| (kind.advance(), Value::Null)));
    }
    // The update page's sample holds this one as null beside kafka2kafka, and leaves the third out.
    advance.insert(Kind::Dcs.advance(), Value::Null);
    advance.insert(job.kind.advance(), Value::Object(advance_view(job, switches)));
    let config = if job.advance.is_empty() {
        Value::Null
    } else {
        Value::Object(advance)
    };
    members.insert("advance_config".to_owned(), config);
}

fn end_view(end: &Map<String, Value>, kind: Kind, world: &World) -> Map<String, Value> {
    let switches = &world.switches.event_grid;
    let mut view = end.clone();
    if let Some(password) = view.get_mut("password") {
        let real = password.as_str().is_some_and(|text| !text.is_empty());
        match switches.password_echo {
            PasswordEcho::Echo => {}
            PasswordEcho::Masked if real => *password = json!("******"),
            PasswordEcho::Masked | PasswordEcho::Null => *password = Value::Null,
        }
    }
    if switches.fill_address && text(&view, "address").is_empty() {
        let known = world
            .kafka
            .instances
            .iter()
            .find(|i| i.id == text(end, "instance_id"));
        if let Some(instance) = known {
            view.insert("address".to_owned(), json!(instance.address));
        }
    }
    if switches.style == Style::Full {
        fill(&mut view, end_table(kind));
    }
    view
}

fn advance_view(job: &Job, switches: &EventGridSwitches) -> Map<String, Value> {
    let mut view = job.advance.clone();
    if switches.fill_defaults {
        let defaults = match job.kind {
            Kind::Kafka => vec![("rename_topic", json!(false)), ("topic_mappings", json!([]))],
            Kind::Rocketmq => Vec::new(),
            Kind::Dcs => vec![("use_rate_limit", json!(false)), ("rate_limit", json!("5"))],
        };
        for (name, value) in defaults {
            let old = view.entry(name).or_insert(Value::Null);
            if old.is_null() {
                *old = value;
            }
        }
    }
    if switches.style == Style::Full {
        fill(&mut view, advance_table(job.kind));
    }
    view
}

fn fill(view: &mut Map<String, Value>, table: &[Field]) {
    for field in table {
        view.entry(field.name).or_insert(Value::Null);
    }
}

fn end_table(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Kafka => KAFKA,
        Kind::Rocketmq => ROCKETMQ,
        Kind::Dcs => DCS,
    }
}

fn advance_table(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Kafka => KAFKA_TO_KAFKA,
        Kind::Rocketmq => ROCKETMQ_TO_ROCKETMQ,
        Kind::Dcs => DCS_TO_DCS,
    }
}
