//! What is shown of progress and connectivity, and how coarsely it is watched, so that a busy job writes no status
//! at every look.
use super::definition::{Advanced, Definition};
use super::lifecycle::State;
use super::observed::Facts;
use crate::engine::kind::Observed;
use crate::engine::kind::Progress;
use crate::kinds::event_router::wire::{SyncDetail, SyncItem, SyncMetadata};
use serde_json::{Map, Value, json};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// How many topics or node pairs are shown.
const SHOWN: usize = 20;

/// What `syncDetail` answered, reduced to what is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sync {
    totals: Map<String, Value>,
    topics: Vec<Value>,
    nodes: Vec<Value>,
    class: String,
}

/// Whether a job in this state has progress to read: one that was never started has none.
pub fn reports_progress(seen: &Observed<Definition, Facts>) -> bool {
    match State::of(&seen.state) {
        State::Running | State::Broken => true,
        State::Idle => !matches!(seen.state.as_str(), "WAIT_START" | "CREATED"),
        State::Moving | State::Gone => false,
    }
}

/// Reduces an answer of `syncDetail`.
pub fn sync(detail: SyncDetail) -> Sync {
    let metadata = detail.metadata.unwrap_or_default();
    let (mut topics, mut nodes): (Vec<SyncItem>, Vec<SyncItem>) =
        detail.items.into_iter().partition(|item| item.topic.is_some());
    topics
        .sort_by(|a, b| (Reverse(a.sync_remain_num), &a.topic).cmp(&(Reverse(b.sync_remain_num), &b.topic)));
    nodes.sort_by(|a, b| a.source_addr.cmp(&b.source_addr));
    let class = class(&metadata, &nodes);
    topics.truncate(SHOWN);
    nodes.truncate(SHOWN);
    Sync {
        totals: totals(&metadata, detail.total),
        topics: topics.iter().map(topic).collect(),
        nodes: nodes.iter().map(node).collect(),
        class,
    }
}

/// Progress as shown, once it was read.
pub fn progress(seen: &Observed<Definition, Facts>) -> Option<Progress> {
    let sync = seen.facts.sync.as_ref()?;
    let mut detail = sync.totals.clone();
    for (key, list) in [("topics", &sync.topics), ("nodes", &sync.nodes)] {
        if !list.is_empty() {
            detail.insert(key.into(), Value::Array(list.clone()));
        }
    }
    (!detail.is_empty()).then(|| Progress {
        detail: Value::Object(detail),
        class: sync.class.clone(),
    })
}

/// Connectivity of the ends, where the service says anything.
pub fn endpoints(seen: &Observed<Definition, Facts>) -> Option<Value> {
    let end = |(status, info): &(Option<String>, Option<String>)| {
        let mut shown = Map::new();
        set(&mut shown, "status", status.clone());
        set(&mut shown, "info", info.clone());
        (!shown.is_empty()).then_some(Value::Object(shown))
    };
    let mut shown = Map::new();
    set(&mut shown, "source", end(&seen.facts.source));
    set(&mut shown, "sink", end(&seen.facts.sink));
    (!shown.is_empty()).then_some(Value::Object(shown))
}

/// What a replacement loses or repeats.
pub fn replacement_note(definition: &Definition) -> String {
    match &definition.advanced {
        Advanced::KafkaToKafka(sync) => start_note(&sync.seek_to),
        Advanced::RocketmqToRocketmq(sync) => start_note(&sync.seek_to),
        Advanced::DcsToDcs(sync) => format!(
            "the new job forgets how far the old one came and synchronises anew as {} says",
            sync.synchronize_type
        ),
    }
}

fn start_note(seek_to: &str) -> String {
    let consequence = match seek_to {
        "earliest" | "first" => "messages that were already synchronised are sent again",
        "latest" | "last" => "messages that arrive between the two jobs are skipped",
        _ => "messages after that time are sent again",
    };
    format!("the new job forgets how far the old one came and starts at {seek_to}: {consequence}")
}

fn totals(metadata: &SyncMetadata, items: Option<i64>) -> Map<String, Value> {
    let mut shown = Map::new();
    set(&mut shown, "remaining", metadata.sync_remain_total);
    set(&mut shown, "sourceKeys", metadata.source_key_num);
    set(&mut shown, "sinkKeys", metadata.sink_key_num);
    set(&mut shown, "sourceExpiredKeys", metadata.source_expired_key_num);
    set(&mut shown, "sinkExpiredKeys", metadata.sink_expired_key_num);
    if !shown.is_empty() {
        set(&mut shown, "count", items);
    }
    shown
}

fn topic(item: &SyncItem) -> Value {
    json!({ "topic": item.topic, "remaining": item.sync_remain_num })
}

fn node(item: &SyncItem) -> Value {
    let mut shown = Map::new();
    set(&mut shown, "source", item.source_addr.clone());
    set(&mut shown, "sink", item.sink_addr.clone());
    set(&mut shown, "phase", item.sync_phase.clone());
    set(&mut shown, "status", item.task_status.clone());
    set(&mut shown, "progress", item.task_progress.clone());
    set(&mut shown, "sourceOffset", item.source_offset);
    set(&mut shown, "sinkOffset", item.sink_offset);
    Value::Object(shown)
}

/// Orders of magnitude, and the words of phase and status: what a person would act on.
fn class(metadata: &SyncMetadata, nodes: &[SyncItem]) -> String {
    let words: BTreeSet<String> = nodes
        .iter()
        .map(|node| {
            let phase = node.sync_phase.as_deref().unwrap_or("-");
            let status = node.task_status.as_deref().unwrap_or("-");
            format!("{phase}/{status}")
        })
        .collect();
    let words: Vec<String> = words.into_iter().collect();
    format!(
        "remaining {} keys {}/{} {}",
        magnitude(metadata.sync_remain_total),
        magnitude(metadata.source_key_num),
        magnitude(metadata.sink_key_num),
        words.join(" ")
    )
}

/// The number of digits; 0 for nothing.
fn magnitude(number: Option<i64>) -> String {
    number.map_or_else(
        || "-".into(),
        |number| {
            number
                .max(0)
                .checked_ilog10()
                .map_or(0, |digits| digits + 1)
                .to_string()
        },
    )
}

fn set(shown: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        shown.insert(key.into(), value.into());
    }
}
