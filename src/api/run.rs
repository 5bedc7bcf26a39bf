//! Runs of jobs that are acts and not states: what is wished and what is known of the last one. Types only.
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// When a job is run by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RunPolicy {
    /// Only when `requestedAt` asks for it.
    Never,
    /// Once in the life of the object, also when the remote job had to be made again.
    #[default]
    Once,
    /// Whenever the definition is another one than that of the last run.
    OnChange,
}

/// When a job is run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunSpec {
    /// When the job is run by itself: `Once` (default) in the life of this object, `OnChange` whenever the definition is
    /// another one than that of the last run, `Never`. Name and description do not count as definition. Can be changed
    /// at any time.
    #[serde(default)]
    pub policy: RunPolicy,
    /// Any new value runs the job once more, whatever the policy; a time is a good one. Can be changed at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub requested_at: Option<String>,
    /// Any new value stops the run that is under way; what it has written stays. It is how a job ends that runs until
    /// it is stopped. Can be changed at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub stop_requested_at: Option<String>,
    /// Values of the variables that the definition uses, for the runs that this object starts. Can be changed at any
    /// time; a change alone does not run the job.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "variables")]
    pub variables: BTreeMap<String, String>,
}

fn variables(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "maxProperties": 64,
        "additionalProperties": { "type": "string", "maxLength": 1024 },
    })
}

/// The last run of a job, whoever started it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunStatus {
    /// The vendor's number of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission_id: Option<i64>,
    /// The state of the run in the vendor's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When it was started, by the vendor's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// When it ended, by the vendor's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Time>,
    /// Rows read; absent where the job has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_read: Option<i64>,
    /// Rows written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_written: Option<i64>,
    /// Bytes read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_read: Option<i64>,
    /// Bytes written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_written: Option<i64>,
    /// Files read; absent where the job has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_read: Option<i64>,
    /// Files written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_written: Option<i64>,
    /// Why it failed, in the vendor's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
