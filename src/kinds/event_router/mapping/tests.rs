//! The examples are the fixtures; each test changes one thing about them.
mod effects;
mod invalid;
mod progress;
mod quirks;
mod round_trip;
mod walk;

use super::{Definition, Facts, body, desired, observed};
use crate::api::status::FieldChange;
use crate::engine::difference::difference;
use crate::engine::kind::Desired;
use crate::engine::kind::Observed;
use crate::engine::kind::Parcel;
use crate::engine::kind::SecretValues;
use crate::kinds::event_router::EventRouter;
use crate::kinds::event_router::EventRouterJob;
use serde_json::{Value, json};

const KAFKA: &str = include_str!("../../../../examples/eventrouterjob-kafka.yaml");
const ROCKETMQ: &str = include_str!("../../../../examples/eventrouterjob-rocketmq.yaml");
const DCS: &str = include_str!("../../../../examples/eventrouterjob-dcs.yaml");
const MARK: &str = "0123456789abcdef";

fn manifest(text: &str) -> Value {
    let job = text.split("\n---\n").last().unwrap();
    serde_saphyr::from_str(job).unwrap()
}

/// The example with one field of `forProvider` replaced.
fn job_with(text: &str, pointer: &str, value: Value) -> EventRouterJob {
    let mut manifest = manifest(text);
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = manifest
        .pointer_mut(&format!("/spec/forProvider{parent}"))
        .unwrap();
    parent.as_object_mut().unwrap().insert(field.into(), value);
    serde_json::from_value(manifest).unwrap()
}

fn job(text: &str) -> EventRouterJob {
    serde_json::from_value(manifest(text)).unwrap()
}

fn wish(text: &str) -> Desired<Definition> {
    desired(&job(text)).unwrap()
}

fn wish_with(text: &str, pointer: &str, value: Value) -> Desired<Definition> {
    desired(&job_with(text, pointer, value)).unwrap()
}

fn secrets() -> SecretValues {
    [
        ("source.kafka.passwordSecretRef", "kafka-secret"),
        ("source.rocketmq.passwordSecretRef", "source-secret"),
        ("sink.rocketmq.passwordSecretRef", "sink-secret"),
        ("source.dcs.passwordSecretRef", "source-secret"),
        ("sink.dcs.passwordSecretRef", "sink-secret"),
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
        mark: MARK,
    };
    serde_json::to_value(body(&wish.definition, &parcel).unwrap()).unwrap()
}

/// What the service answers to a request body, once the job rests.
fn echo(mut body: Value) -> Value {
    let job = body.as_object_mut().unwrap();
    job.insert("job_id".into(), json!("1a959958-06f9-0000-0013-0bcb5b2cb356"));
    job.insert("status".into(), json!("WAIT_START"));
    body
}

fn seen(answer: Value) -> Observed<Definition, Facts> {
    observed(serde_json::from_value(answer).unwrap()).unwrap()
}

fn changes(wish: &Desired<Definition>, seen: &Observed<Definition, Facts>) -> Vec<FieldChange> {
    let present = seen.definition.as_ref().unwrap();
    difference::<EventRouter>(&wish.definition, present, &[], &[])
        .unwrap()
        .changes
}

fn set(answer: &mut Value, pointer: &str, value: Value) {
    *answer.pointer_mut(pointer).unwrap() = value;
}
