//! The normal form of a task: two definitions agree if and only if they are equal, field by field.
use super::structure::Structure;
use crate::kinds::datahub::resource::Tag;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A task in the words of `forProvider`. A field that is `None` is not compared: the user left it to the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of DatahubTaskParameters, which documents them"
)]
pub struct Definition {
    pub name: String,
    pub task_type: String,
    pub description: Option<String>,
    pub source_resource: Option<Structure>,
    pub target_resource: Option<Structure>,
    pub transform_param: Option<Structure>,
    pub transforms_param: Option<Structure>,
    pub schema_id: Option<String>,
    pub tags: Option<Vec<Tag>>,
    pub max_tasks: Option<i64>,
    pub sync_throttle_limit: Option<i64>,
    pub auto_expand: Option<bool>,
    /// The structures as the user wrote them, which is how a create sends them; empty in what was observed.
    #[serde(skip)]
    pub written: Written,
}

/// Structures in our names of fields, with references to Secrets, and with null for what is unset.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields of DatahubTaskParameters, which documents them"
)]
pub struct Written {
    pub source_resource: Option<Value>,
    pub target_resource: Option<Value>,
    pub transform_param: Option<Value>,
    pub transforms_param: Option<Value>,
}
