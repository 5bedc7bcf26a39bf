//! What is shown of the creation and of the consumer groups, and how coarsely it is watched.
use super::definition::Definition;
use super::lifecycle::State;
use super::observed::Facts;
use crate::engine::kind::{Observed, Progress};
use serde_json::{Map, Value, json};

/// The vendor's word for the step of a task that is made.
const FINISH: &str = "FINISH";

/// Progress as shown, where the look told it: steps and percentage come with rows of the list, and say nothing any more
/// once the task is made.
pub fn progress(seen: &Observed<Definition, Facts>) -> Option<Progress> {
    let creation = seen.facts.creation.as_ref();
    let step = creation.and_then(|(_, step, _)| step.as_deref());
    let is_made = !matches!(State::of(seen.facts.status), State::Moving | State::Unmade);
    let detail = match creation {
        _ if is_made || step == Some(FINISH) => json!({ "step": FINISH }),
        Some((percent, _, steps)) => creating(*percent, step, steps),
        None => return None,
    };
    Some(Progress {
        class: format!("{} {}", detail.get("step").unwrap_or(&Value::Null), seen.state),
        detail,
    })
}

fn creating(percent: Option<f64>, step: Option<&str>, steps: &[String]) -> Value {
    let mut detail = Map::new();
    if let Some(percent) = percent {
        detail.insert("percent".into(), json!(percent));
    }
    if let Some(step) = step {
        detail.insert("step".into(), step.into());
    }
    if !steps.is_empty() {
        detail.insert("steps".into(), json!(steps));
    }
    Value::Object(detail)
}

/// The consumer groups that the task reads by, and what the vendor warns of.
pub fn endpoints(seen: &Observed<Definition, Facts>) -> Option<Value> {
    let mut shown = Map::new();
    let connections: Vec<Value> = seen
        .facts
        .connections
        .iter()
        .map(|connection| json!({ "topic": connection.topic_name, "group": connection.group_id }))
        .collect();
    if !connections.is_empty() {
        shown.insert("connections".into(), connections.into());
    }
    if let Some(warning) = &seen.facts.warning {
        shown.insert("warning".into(), warning.as_str().into());
    }
    (!shown.is_empty()).then_some(Value::Object(shown))
}

/// What a replacement loses or repeats: a new task reads by a consumer group of its own.
pub fn replacement_note(definition: &Definition) -> String {
    let source = definition.source_resource.as_ref();
    let consequence = match source.and_then(|source| source.of_param("offsetType")) {
        Some("earliest") => "earliest: every message that the source still holds is delivered again",
        Some("latest") => "latest: messages that arrive between the two tasks are never delivered",
        Some("timestamp") => "timestamp: messages since startTime are delivered again",
        Some(_) | None => {
            return "the new task forgets how far the old one came and begins as sourceResource says".into();
        }
    };
    format!("the new task has a consumer group of its own and starts over at {consequence}")
}
