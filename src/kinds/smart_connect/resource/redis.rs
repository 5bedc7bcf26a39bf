//! The two ends of a Redis to Redis task.
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The Redis that is read, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.addresses) || has(self.dcsInstanceId)")
    .message("source.redis.addresses or source.redis.dcsInstanceId is required: list the nodes as host:port or name the DCS instance"))]
pub struct RedisSourceParameters {
    /// The nodes, each as `host:port`, in any order; all nodes of a cluster. Required unless `dcsInstanceId` names the
    /// instance, and not compared when absent. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 64),
        inner(length(min = 1, max = 256), regex(pattern = r"^[^,\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub addresses: Option<Vec<String>>,
    /// The type of the instance, such as `standalone` or `cluster`; the vendor documents no complete list. Changing it
    /// replaces the task.
    #[schemars(length(min = 1, max = 64))]
    pub r#type: String,
    /// The id of the DCS instance. Not compared when absent. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub dcs_instance_id: Option<String>,
    /// The Secret that holds the password. The service cannot take another password later, so a changed value replaces
    /// the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret_ref: Option<SecretKeyRef>,
    /// `RDB_ONLY` copies everything once, `CUSTOM_OFFSET` goes on with what changes. Changing it replaces the task.
    pub sync_mode: SyncMode,
    /// How often a failed full copy is tried again. Changing it replaces the task.
    #[schemars(range(min = 0))]
    pub full_sync_max_retry: i32,
    /// How many milliseconds pass before a failed full copy is tried again. Changing it replaces the task.
    #[schemars(range(min = 0))]
    pub full_sync_wait_ms: i32,
    /// The most kilobytes per second. Absent or -1 means no limit. Changing it replaces the task.
    #[serde(rename = "rateLimitKBps", default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -1))]
    #[x_kube(validation = Rule::new("self != 0").message("rateLimitKBps must not be 0: leave it out for no limit"))]
    pub rate_limit_kbps: Option<i32>,
}

/// The Redis that is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.addresses) || has(self.dcsInstanceId)")
    .message("sink.redis.addresses or sink.redis.dcsInstanceId is required: list the nodes as host:port or name the DCS instance"))]
pub struct RedisSinkParameters {
    /// The nodes, each as `host:port`, in any order; all nodes of a cluster. Required unless `dcsInstanceId` names the
    /// instance, and not compared when absent. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 64),
        inner(length(min = 1, max = 256), regex(pattern = r"^[^,\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub addresses: Option<Vec<String>>,
    /// The type of the instance, such as `standalone` or `cluster`; the vendor documents no complete list. Changing it
    /// replaces the task.
    #[schemars(length(min = 1, max = 64))]
    pub r#type: String,
    /// The id of the DCS instance. Not compared when absent. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub dcs_instance_id: Option<String>,
    /// The Secret that holds the password. The service cannot take another password later, so a changed value replaces
    /// the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret_ref: Option<SecretKeyRef>,
}

/// How much of a Redis is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SyncMode {
    /// Everything, once.
    RdbOnly,
    /// Everything, and then what changes.
    CustomOffset,
}
