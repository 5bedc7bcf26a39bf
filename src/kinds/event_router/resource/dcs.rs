//! The DCS end and the options of a DCS to DCS job.
use super::cloud;
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// A DCS (Redis) instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("self.configType != 'CLOUD' || has(self.instanceId)")
        .message("dcs.instanceId is required when configType is CLOUD: set it to the id of the DCS instance"),
    validation = Rule::new("self.configType == 'CLOUD' || (has(self.addresses) && size(self.addresses) > 0)")
        .message("dcs.addresses is required when configType is not CLOUD: list the addresses as host:port")
)]
pub struct DcsParameters {
    /// How the instance is given. `CLOUD` (default) is a DCS instance and the only documented value. Changing it
    /// replaces the remote job.
    #[serde(default = "cloud")]
    #[schemars(length(min = 1, max = 64))]
    pub config_type: String,
    /// The region of the instance, such as `cn-north-4`. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 64))]
    pub region: String,
    /// The id of the project that owns the instance. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 64))]
    pub project_id: String,
    /// The id of the DCS instance; required when `configType` is `CLOUD`. Changing it replaces the remote job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub instance_id: Option<String>,
    /// The addresses of the instance, each as `host:port`, in any order. When absent, the service finds them by the
    /// instance and they are not compared. A change stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 64),
        inner(length(min = 1, max = 256), regex(pattern = r"^[^,\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub addresses: Option<Vec<String>>,
    /// The Secret that holds the password, which must not contain a single quote. A changed value stops the job,
    /// updates it and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret_ref: Option<SecretKeyRef>,
}

/// How a DCS to DCS job synchronises.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct DcsToDcs {
    /// What is synchronised, in the vendor's own word for full, or full and incremental; the vendor documents no list
    /// of words. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 64))]
    pub synchronize_type: String,
    /// How many seconds pass before a failed connection is tried again; default 60. A change stops the job and starts
    /// it again.
    #[serde(default = "sixty")]
    #[schemars(range(min = 1))]
    pub connect_retry_seconds: i32,
    /// How many seconds pass before anything else that failed is tried again; default 60. A change stops the job and
    /// starts it again.
    #[serde(default = "sixty")]
    #[schemars(range(min = 1))]
    pub other_retry_seconds: i32,
    /// The most megabytes per second of the incremental synchronisation. Absent or 0 means no limit. A change stops
    /// the job and starts it again.
    #[serde(rename = "rateLimitMBps", default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub rate_limit_mbps: Option<i32>,
    /// Whether data is read from the standby node instead of the master. When absent, what is there stays. A change
    /// stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_standby_node: Option<bool>,
}

fn sixty() -> i32 {
    60
}
