//! What is sent. Absent, null and `""` are three things on this wire: what is unset is left out.
use super::to_wire;
use crate::engine::kind::SecretValues;
use secrecy::ExposeSecret;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// `CreateDatahubTask`. Workers, throttle and autoscaling are not accepted here.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the vendor's names; page CreateDatahubTask")]
pub struct CreateBody<'a> {
    pub task_name: &'a str,
    pub task_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_resource: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_resource: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transform_param: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transforms_param: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagBody<'a>>,
    pub description: String,
}

/// `Tag`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the vendor's names; page Tag")]
pub struct TagBody<'a> {
    pub tag_key: &'a str,
    pub tag_value: &'a str,
}

/// `ModifyDatahubTask`: what is left out stays as it is. `TasksMax` reads back as `TaskMax`.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the vendor's names; page ModifyDatahubTask")]
pub struct ModifyBody<'a> {
    pub task_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tasks_max: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_throttle_limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_expand_flag: Option<bool>,
}

/// The body of every action on one task.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the vendor's names; page DescribeDatahubTask")]
pub struct TaskBody<'a> {
    pub task_id: &'a str,
}

/// `DescribeDatahubTasks`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the vendor's names; page DescribeDatahubTasks")]
pub struct ListBody {
    pub limit: usize,
    pub offset: usize,
}

/// A structure in our names, written with the vendor's. References to Secrets become their values, which are borrowed
/// and exposed only while the body is written.
#[derive(Clone)]
pub struct Named<'a> {
    value: &'a Value,
    /// Where it stands below `forProvider`.
    path: String,
    secrets: &'a SecretValues,
}

impl<'a> Named<'a> {
    /// A structure at this path below `forProvider`.
    pub fn new(value: &'a Value, path: &str, secrets: &'a SecretValues) -> Self {
        Self {
            value,
            path: path.to_owned(),
            secrets,
        }
    }
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(fields) => {
                let mut map = to.serialize_map(None)?;
                for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    let path = format!("{}.{name}", self.path);
                    let Some(secret) = name.strip_suffix("SecretRef") else {
                        let inner = Named::new(value, &path, self.secrets);
                        map.serialize_entry(&to_wire(name), &inner)?;
                        continue;
                    };
                    if let Some(value) = self.secrets.get(&path) {
                        map.serialize_entry(&to_wire(secret), value.expose_secret())?;
                    }
                }
                map.end()
            }
            Value::Array(list) => {
                let mut seq = to.serialize_seq(Some(list.len()))?;
                for element in list {
                    seq.serialize_element(&Named::new(element, &self.path, self.secrets))?;
                }
                seq.end()
            }
            leaf => leaf.serialize(to),
        }
    }
}
