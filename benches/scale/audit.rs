//! The API server's audit log: what was asked to be written, by whom and when.
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// One answered request that writes.
#[derive(Clone, Debug)]
pub struct Write {
    /// The verb.
    pub verb: String,
    /// The resource, with its subresource.
    pub resource: String,
    /// The object's name.
    pub name: String,
    /// When it was answered.
    pub at: Timestamp,
    /// Whether the operator sent it.
    pub is_ours: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    verb: String,
    #[serde(default)]
    user_agent: String,
    object_ref: Option<Object>,
    stage: String,
    stage_timestamp: Timestamp,
}

#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    resource: String,
    #[serde(default)]
    subresource: String,
    #[serde(default)]
    name: String,
}

/// Every write in the log, refused ones as well; renewals of leases are left out.
pub fn writes(log: &Path) -> Vec<Write> {
    let text = std::fs::read_to_string(log).unwrap();
    // The last line may be half written.
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok());
    lines.filter_map(write).collect()
}

fn write(line: Line) -> Option<Write> {
    let writes = ["create", "update", "patch", "delete", "deletecollection"];
    let object = line.object_ref?;
    let counts = line.stage == "ResponseComplete"
        && writes.contains(&line.verb.as_str())
        && object.resource != "leases";
    let resource = if object.subresource.is_empty() {
        object.resource
    } else {
        format!("{}/{}", object.resource, object.subresource)
    };
    counts.then(|| Write {
        verb: line.verb,
        resource,
        name: object.name,
        at: line.stage_timestamp,
        is_ours: line.user_agent.starts_with("replication-operator/"),
    })
}

/// The operator's writes between two moments, by resource.
pub fn count(writes: &[Write], from: Timestamp, to: Timestamp) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for write in writes.iter().filter(|w| w.is_ours && w.at >= from && w.at <= to) {
        *counts.entry(write.resource.clone()).or_default() += 1;
    }
    counts
}

/// The operator's writes between two moments, one by one.
pub fn between(writes: &[Write], from: Timestamp, to: Timestamp) -> Vec<Write> {
    let ours = writes.iter().filter(|w| w.is_ours && w.at >= from && w.at <= to);
    ours.cloned().collect()
}

/// When the creation of each object of this resource was answered, by name.
pub fn applied(writes: &[Write], resource: &str) -> HashMap<String, Timestamp> {
    let of_users = writes
        .iter()
        .filter(|w| !w.is_ours && w.verb == "create" && w.resource == resource);
    of_users.map(|w| (w.name.clone(), w.at)).collect()
}
