//! Rules across fields (EventGrid API reference, professional event stream jobs).

use serde_json::{Map, Value};

use super::job::Kind;
use crate::schema::text;
use crate::world::{Cluster, EventGridSwitches, World};

/// The configurations of a request, taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    /// Kind and parameters of the source.
    pub(super) source: Option<(Kind, Map<String, Value>)>,
    /// Kind and parameters of the sink.
    pub(super) sink: Option<(Kind, Map<String, Value>)>,
    /// Kind and parameters of the sync.
    pub(super) advance: Option<(Kind, Map<String, Value>)>,
}

/// One-element arrays stand for objects in the create page's sample.
pub(super) fn unwrap_arrays(body: &mut Map<String, Value>) {
    for name in ["source_config", "sink_config", "advance_config"] {
        let Some(config) = body.get_mut(name) else {
            continue;
        };
        unwrap(config);
        if let Some(children) = config.as_object_mut() {
            children.values_mut().for_each(unwrap);
        }
    }
}

fn unwrap(value: &mut Value) {
    if let Value::Array(items) = value
        && items.len() == 1
        && let Some(only) = items.pop()
    {
        *value = only;
    }
}

/// Takes the configurations apart: exactly one kind in each (rule 1).
pub(super) fn parts(body: &Map<String, Value>) -> Result<Parts, String> {
    let end = |config: &str, prefix: &str| child(body, config, |kind| format!("{prefix}_{}", kind.word()));
    Ok(Parts {
        source: end("source_config", "source")?,
        sink: end("sink_config", "sink")?,
        advance: child(body, "advance_config", Kind::advance)?,
    })
}

type Child = Option<(Kind, Map<String, Value>)>;

fn child(body: &Map<String, Value>, config: &str, name: impl Fn(Kind) -> String) -> Result<Child, String> {
    let Some(Value::Object(children)) = body.get(config) else {
        return Ok(None);
    };
    let mut given = Kind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, children.get(&name(kind))?.as_object()?.clone())));
    if let (Some(one), None) = (given.next(), given.next()) {
        return Ok(Some(one));
    }
    drop(given);
    Err(format!(
        "{config} must hold exactly one of {}",
        Kind::ALL.map(name).join(", ")
    ))
}

/// Checks rules 2 to 7, 10 to 12 and 16 on what is given.
pub(super) fn check(parts: &Parts, cluster: &Cluster, world: &World) -> Result<(), String> {
    let switches = &world.switches.event_grid;
    let all = [
        ("source_config", &parts.source),
        ("sink_config", &parts.sink),
        ("advance_config", &parts.advance),
    ];
    for (name, part) in all {
        if let Some((kind, _)) = part
            && !(kind.is(&cluster.source_type) && kind.is(&cluster.sink_type))
        {
            return Err(format!(
                "{name} does not match the type of the cluster, {}",
                cluster.source_type
            ));
        }
    }
    for (at, part) in [
        ("source_config.source", &parts.source),
        ("sink_config.sink", &parts.sink),
    ] {
        if let Some((kind, end)) = part {
            check_end(&format!("{at}_{}", kind.word()), *kind, end, switches)?;
        }
    }
    if let Some((_, sink)) = &parts.sink
        && switches.sink_must_be_cloud
        && text(sink, "config_type") != "CLOUD"
    {
        return Err("the config_type of sink_config must be CLOUD".to_owned());
    }
    if let Some((kind, advance)) = &parts.advance {
        check_advance(*kind, advance, switches)?;
        check_replicas(advance, parts, world)?;
    }
    Ok(())
}

fn check_end(
    at: &str,
    kind: Kind,
    end: &Map<String, Value>,
    switches: &EventGridSwitches,
) -> Result<(), String> {
    among(at, "config_type", end, &switches.config_types)?;
    if text(end, "config_type") == "CLOUD" {
        present(at, "instance_id", end, "config_type is CLOUD")?;
    } else {
        present(at, "address", end, "config_type is not CLOUD")?;
    }
    match kind {
        Kind::Kafka => {
            among(at, "authenticate_mode", end, &switches.authenticate_modes)?;
            among(at, "sasl_mechanism", end, &switches.sasl_mechanisms)?;
            if text(end, "authenticate_mode").starts_with("SASL") {
                for name in ["user_name", "password", "sasl_mechanism"] {
                    present(at, name, end, "authenticate_mode is SASL")?;
                }
            }
        }
        Kind::Rocketmq => {
            if end.get("acl_open") == Some(&Value::Bool(true)) {
                for name in ["user_name", "password"] {
                    present(at, name, end, "acl_open is true")?;
                }
            }
        }
        // User guide, DCS to DCS: the password must not contain a single quote.
        Kind::Dcs if text(end, "password").contains('\'') => {
            return Err(format!("{at}.password must not contain a single quote"));
        }
        Kind::Dcs => {}
    }
    Ok(())
}

fn present(at: &str, name: &str, end: &Map<String, Value>, when: &str) -> Result<(), String> {
    if text(end, name).is_empty() {
        return Err(format!("{at}.{name} is mandatory when {when}"));
    }
    Ok(())
}

fn among(at: &str, name: &str, end: &Map<String, Value>, words: &[String]) -> Result<(), String> {
    let given = text(end, name);
    if given.is_empty() || words.is_empty() || words.iter().any(|word| word == given) {
        return Ok(());
    }
    Err(format!("{at}.{name} must be one of {}", words.join(", ")))
}

fn check_advance(
    kind: Kind,
    advance: &Map<String, Value>,
    switches: &EventGridSwitches,
) -> Result<(), String> {
    let at = format!("advance_config.{}", kind.advance());
    if kind == Kind::Dcs {
        let rate = text(advance, "rate_limit");
        if !rate.is_empty() && !rate.bytes().next().is_some_and(|b| b.is_ascii_digit()) {
            return Err(format!("{at}.rate_limit must be a number"));
        }
        return among(&at, "synchronize_type", advance, &switches.synchronize_types);
    }
    if text(advance, "topics").is_empty() == text(advance, "topic_regex").is_empty() {
        return Err(format!("{at}: exactly one of topics and topic_regex must be set"));
    }
    if kind == Kind::Rocketmq {
        let seek = text(advance, "seek_to");
        let is_time = !seek.is_empty() && seek.bytes().all(|b| b.is_ascii_digit());
        if !is_time && !matches!(seek, "first" | "last") {
            return Err(format!("{at}.seek_to must be first, last or a timestamp"));
        }
    }
    let mapped = advance
        .get("topic_mappings")
        .and_then(Value::as_array)
        .is_some_and(|m| !m.is_empty());
    if mapped && advance.get("rename_topic") == Some(&Value::Bool(true)) {
        return Err(format!(
            "{at}: rename_topic and topic_mappings exclude each other"
        ));
    }
    Ok(())
}

/// Replicas are bounded by the brokers of the target (rule 10), where the world knows it.
fn check_replicas(advance: &Map<String, Value>, parts: &Parts, world: &World) -> Result<(), String> {
    let sink = parts
        .sink
        .as_ref()
        .map(|(_, sink)| text(sink, "instance_id"))
        .unwrap_or_default();
    let known = world.kafka.instances.iter().find(|instance| instance.id == sink);
    let wanted = advance
        .get("replica_cnt")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    match known {
        Some(instance) if wanted > instance.brokers => Err(format!(
            "advance_config.kafka2kafka.replica_cnt cannot be greater than the number of brokers, {}",
            instance.brokers
        )),
        _ => Ok(()),
    }
}
