//! Wish, sight and moves of tasks.
mod plans;
mod structures;
mod walk;

use super::*;
use crate::engine::kind::Observed;
use crate::kinds::datahub::resource::DatahubTask;
use crate::kinds::datahub::wire::Task;
use serde_json::{Value, json};

const ES: &str = include_str!("../../../../examples/datahubtask-es.yaml");
const MONGODB: &str = include_str!("../../../../examples/datahubtask-mongodb.yaml");

/// The task of an example with a merge patch of its spec.
fn task(example: &str, patch: Value) -> DatahubTask {
    let mut manifest: Value = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
    merge(&mut manifest["spec"], patch);
    serde_json::from_value(manifest).unwrap()
}

fn wish(example: &str, patch: &Value) -> Definition {
    desired(&task(example, json!({"forProvider": patch})))
        .unwrap()
        .definition
}

/// What a single read shows.
fn seen(answer: Value) -> Observed<Definition, Facts> {
    let task: Task = serde_json::from_value(answer).unwrap();
    observed(task).unwrap()
}

/// A task in this state.
fn in_state(status: i64) -> Observed<Definition, Facts> {
    seen(json!({"TaskId": "task-1", "TaskName": "orders", "TaskType": "SINK", "Status": status}))
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(&key);
        } else {
            merge(&mut target[key], value);
        }
    }
}
