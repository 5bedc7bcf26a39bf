//! What is answered, inside the envelope. The vendor is loose about null and missing, and so is this.
use super::from_wire;
use crate::kinds::lenient;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A page of `DescribeDatahubTasks`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(missing_docs, reason = "the vendor's names; page DescribeDatahubTasks")]
pub struct TaskPage {
    #[serde(deserialize_with = "lenient::number")]
    pub total_count: Option<i64>,
    #[serde(deserialize_with = "lenient::list")]
    pub task_list: Vec<Task>,
}

/// A task, as a list or a single read shows it: a row lacks tags, connections, schema and processing rules, a single
/// read lacks progress. The service spells the workers `TaskMax` here.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(
    missing_docs,
    reason = "the vendor's names; pages DescribeDatahubTask and DatahubTaskInfo"
)]
pub struct Task {
    #[serde(deserialize_with = "lenient::text")]
    pub task_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub task_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub task_type: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub status: Option<i64>,
    #[serde(deserialize_with = "structure")]
    pub source_resource: Option<Map<String, Value>>,
    #[serde(deserialize_with = "structure")]
    pub target_resource: Option<Map<String, Value>>,
    #[serde(deserialize_with = "structure")]
    pub transform_param: Option<Map<String, Value>>,
    #[serde(deserialize_with = "structure")]
    pub transforms_param: Option<Map<String, Value>>,
    #[serde(deserialize_with = "lenient::list")]
    pub connections: Vec<Connection>,
    #[serde(deserialize_with = "lenient::text")]
    pub schema_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub error_message: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub warn_message: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub tags: Vec<Tag>,
    #[serde(deserialize_with = "lenient::text")]
    pub description: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub isolate_status: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub task_max: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub sync_throttle_limit: Option<i64>,
    #[serde(deserialize_with = "lenient::flag")]
    pub auto_expand_flag: Option<bool>,
    pub task_progress: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    pub task_current_step: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub step_list: Vec<String>,
}

/// `Tag`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(missing_docs, reason = "the vendor's names; page Tag")]
pub struct Tag {
    pub tag_key: String,
    pub tag_value: String,
}

/// `Connection`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(missing_docs, reason = "the vendor's names; page Connection")]
pub struct Connection {
    #[serde(deserialize_with = "lenient::text")]
    pub topic_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub group_id: Option<String>,
}

/// What create, modify, pause, resume, restart and delete answer. The id that they echo is not always the one sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(missing_docs, reason = "the vendor's names; page DatahubTaskIdRes")]
pub struct TaskId {
    #[serde(deserialize_with = "lenient::text")]
    pub task_id: Option<String>,
}

/// A structure, with our names of its fields at every depth.
fn structure<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Map<String, Value>>, D::Error> {
    Ok(match renamed(Value::deserialize(from)?) {
        Value::Object(fields) => Some(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    })
}

fn renamed(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (from_wire(&name), renamed(value)))
            .collect(),
        Value::Array(list) => list.into_iter().map(renamed).collect(),
        leaf => leaf,
    }
}
