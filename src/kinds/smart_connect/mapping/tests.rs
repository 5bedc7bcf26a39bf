//! The examples are the fixtures; each test changes one thing about them.
mod effects;
mod invalid;
mod modification;
mod quirks;
mod round_trip;
mod walk;

use super::{Definition, Facts, body, desired, observed};
use crate::api::policy::RunState;
use crate::api::status::FieldChange;
use crate::engine::difference::difference;
use crate::engine::kind::Desired;
use crate::engine::kind::Observed;
use crate::engine::kind::Parcel;
use crate::engine::kind::SecretValues;
use crate::kinds::smart_connect::SmartConnect;
use crate::kinds::smart_connect::SmartConnectTask;
use serde_json::{Map, Value, json};

const KAFKA: &str = include_str!("../../../../examples/smartconnecttask-kafka.yaml");
const OBS: &str = include_str!("../../../../examples/smartconnecttask-obs.yaml");
const REDIS: &str = include_str!("../../../../examples/smartconnecttask-redis.yaml");
const ALL: [&str; 3] = [KAFKA, OBS, REDIS];

fn manifest(text: &str) -> Value {
    let task = text.split("\n---\n").last().unwrap();
    serde_saphyr::from_str(task).unwrap()
}

/// The example with one field of `forProvider` replaced; null takes it out.
fn task_with(text: &str, pointer: &str, value: Value) -> SmartConnectTask {
    let mut manifest = manifest(text);
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = manifest
        .pointer_mut(&format!("/spec/forProvider{parent}"))
        .unwrap();
    let parent = parent.as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(field);
    } else {
        parent.insert(field.into(), value);
    }
    serde_json::from_value(manifest).unwrap()
}

fn task(text: &str) -> SmartConnectTask {
    serde_json::from_value(manifest(text)).unwrap()
}

fn wish(text: &str) -> Desired<Definition> {
    desired(&task(text)).unwrap()
}

fn wish_with(text: &str, pointer: &str, value: Value) -> Desired<Definition> {
    desired(&task_with(text, pointer, value)).unwrap()
}

fn secrets() -> SecretValues {
    [
        ("source.kafka.passwordSecretRef", "kafka-secret"),
        ("source.redis.passwordSecretRef", "source-secret"),
        ("sink.redis.passwordSecretRef", "sink-secret"),
        ("sink.obs.accessKeySecretRef", "access-secret"),
        ("sink.obs.secretKeySecretRef", "key-secret"),
    ]
    .into_iter()
    .map(|(path, value)| (path.to_owned(), value.into()))
    .collect()
}

/// The request body, as it goes out.
fn sent(wish: &Desired<Definition>) -> Value {
    let secrets = secrets();
    let parcel = Parcel {
        secrets: &secrets,
        mark: "",
    };
    let start_later = wish.run_state == Some(RunState::Stopped);
    serde_json::to_value(body(&wish.definition, start_later, &parcel)).unwrap()
}

/// What the service shows of a task that was created with this body: everything but secrets, and what it fills in.
fn echo(mut body: Value) -> Value {
    let task = body.as_object_mut().unwrap();
    task.remove("start_later");
    for side in ["source", "sink"] {
        task.entry(format!("{side}_type")).or_insert(json!("NONE"));
        let config = task.entry(format!("{side}_task")).or_insert(Value::Null);
        for secret in ["password", "redis_password", "access_key", "secret_key"] {
            config.as_object_mut().map(|config| config.remove(secret));
        }
    }
    task.insert("id".into(), json!("0a7c2f5e-8b0d-4f0c-9a38-6a1f1f0d77c2"));
    task.insert("status".into(), json!("RUNNING"));
    task.insert("create_time".into(), json!(1_767_225_600_123_i64));
    body
}

fn shown(text: &str) -> Value {
    echo(sent(&wish(text)))
}

fn seen(answer: Value) -> Observed<Definition, Facts> {
    let instance = wish(OBS).definition.instance_id;
    observed(&instance, serde_json::from_value(answer).unwrap()).unwrap()
}

fn changes(wish: &Desired<Definition>, seen: &Observed<Definition, Facts>) -> Vec<FieldChange> {
    let present = seen.definition.as_ref().unwrap();
    difference::<SmartConnect>(&wish.definition, present, &[], &[])
        .unwrap()
        .changes
}

fn paths(wish: &Desired<Definition>, seen: &Observed<Definition, Facts>) -> Vec<String> {
    changes(wish, seen)
        .into_iter()
        .map(|change| change.path)
        .collect()
}

fn set(answer: &mut Value, pointer: &str, value: Value) {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    answer.pointer_mut(parent).unwrap()[field] = value;
}

fn remove(answer: &mut Value, pointer: &str) {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent: &mut Map<String, Value> = answer.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent.remove(field);
}
