//! From the custom resource to the normal form, and the secrets that it names.
use super::definition::{Definition, Written};
use super::structure::Structure;
use crate::api::reference::SecretKeyRef;
use crate::engine::kind::{Desired, Invalid};
use crate::kinds::datahub::resource::{DatahubResource, DatahubTask, TaskType};
use serde::Serialize;
use serde_json::Value;

/// The vendor's rule for names, page `CreateDatahubTask`.
const NAME_MAX: usize = 64;
const SECRET_REF: &str = "SecretRef";

/// The wish.
///
/// # Errors
/// When the spec breaks a rule that admission holds too: an object may be older than the rule.
pub fn desired(resource: &DatahubTask) -> Result<Desired<Definition>, Invalid> {
    let spec = &resource.spec.for_provider;
    let name = name(resource)?;
    direction(
        spec.task_type,
        spec.source_resource.as_deref(),
        spec.target_resource.as_deref(),
    )?;
    let written = Written {
        source_resource: json("sourceResource", spec.source_resource.as_ref())?,
        target_resource: json("targetResource", spec.target_resource.as_ref())?,
        transform_param: json("transformParam", spec.transform_param.as_ref())?,
        transforms_param: json("transformsParam", spec.transforms_param.as_ref())?,
    };
    let mut tags = spec.tags.clone();
    if let Some(tags) = &mut tags {
        tags.sort();
    }
    let plain = |name: &str, value: &Option<Value>| Structure::wished(name, value.as_ref()?);
    Ok(Desired {
        name: name.clone(),
        run_state: Some(resource.spec.run_state),
        definition: Definition {
            name,
            task_type: word(spec.task_type).into(),
            description: spec.description.clone(),
            source_resource: plain("sourceResource", &written.source_resource),
            target_resource: plain("targetResource", &written.target_resource),
            transform_param: plain("transformParam", &written.transform_param),
            transforms_param: plain("transformsParam", &written.transforms_param),
            schema_id: spec.schema_id.clone(),
            tags: tags.filter(|tags| !tags.is_empty()),
            max_tasks: spec.max_tasks,
            sync_throttle_limit: spec.sync_throttle_limit,
            auto_expand: spec.auto_expand,
            written,
        },
    })
}

/// Every secret that the spec names, by its path below `forProvider`.
pub fn secrets(resource: &DatahubTask) -> Vec<(String, SecretKeyRef)> {
    let mut found = vec![];
    if let Ok(spec) = serde_json::to_value(&resource.spec.for_provider) {
        collect("", &spec, &mut found);
    }
    found
}

fn collect(path: &str, value: &Value, found: &mut Vec<(String, SecretKeyRef)>) {
    let Some(fields) = value.as_object() else { return };
    for (name, value) in fields {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{name}");
        match serde_json::from_value(value.clone()) {
            Ok(reference) if name.ends_with(SECRET_REF) => found.push((path, reference)),
            Ok(_) | Err(_) => collect(&path, value, found),
        }
    }
}

fn json<T: Serialize>(field: &str, value: Option<&T>) -> Result<Option<Value>, Invalid> {
    let json = value.map(serde_json::to_value).transpose();
    json.map_err(|error| invalid(&format!("forProvider.{field}"), &error.to_string()))
}

const fn word(task_type: TaskType) -> &'static str {
    match task_type {
        TaskType::Source => "SOURCE",
        TaskType::Sink => "SINK",
    }
}

fn name(resource: &DatahubTask) -> Result<String, Invalid> {
    let (field, name) = match &resource.spec.for_provider.name {
        Some(name) => ("forProvider.name", name.clone()),
        None => (
            "metadata.name",
            resource.metadata.name.clone().unwrap_or_default(),
        ),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well && name.len() <= NAME_MAX && name.chars().all(legal) {
        return Ok(name);
    }
    Err(invalid(
        field,
        "must start with a letter, hold only letters, digits, '.', '_' and '-', and be at most 64 long",
    ))
}

/// A task carries data into Kafka or out of it.
fn direction(
    task_type: TaskType,
    source: Option<&DatahubResource>,
    target: Option<&DatahubResource>,
) -> Result<(), Invalid> {
    let (side, end) = match task_type {
        TaskType::Source => ("targetResource", target),
        TaskType::Sink => ("sourceResource", source),
    };
    match end {
        Some(end) if !matches!(end.type_.as_str(), "KAFKA" | "TOPIC") => Err(invalid(
            &format!("forProvider.{side}.type"),
            "must be KAFKA or TOPIC: a SOURCE carries data into Kafka, a SINK out of it",
        )),
        Some(_) | None => Ok(()),
    }
}

fn invalid(field: &str, message: &str) -> Invalid {
    Invalid {
        field: field.into(),
        message: message.into(),
    }
}
