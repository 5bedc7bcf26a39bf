//! The RocketMQ end and the options of a RocketMQ to RocketMQ job.
use super::cloud;
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A RocketMQ cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("self.configType != 'CLOUD' || has(self.instanceId)")
        .message("rocketmq.instanceId is required when configType is CLOUD: set it to the id of the DMS for RocketMQ instance"),
    validation = Rule::new("self.configType == 'CLOUD' || (has(self.addresses) && size(self.addresses) > 0)")
        .message("rocketmq.addresses is required when configType is not CLOUD: list the addresses as host:port"),
    validation = Rule::new("!has(self.aclEnabled) || !self.aclEnabled || (has(self.userName) && self.userName != '' && has(self.passwordSecretRef))")
        .message("rocketmq.userName and rocketmq.passwordSecretRef are required when aclEnabled is true")
)]
pub struct RocketmqParameters {
    /// How the cluster is given. `CLOUD` (default) is a DMS for RocketMQ instance and the only documented value.
    /// Changing it replaces the remote job.
    #[serde(default = "cloud")]
    #[schemars(length(min = 1, max = 64))]
    pub config_type: String,
    /// The region of the cluster, such as `cn-north-4`. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 64))]
    pub region: String,
    /// The id of the project that owns the cluster. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 64))]
    pub project_id: String,
    /// The id of the DMS for RocketMQ instance; required when `configType` is `CLOUD`. Changing it replaces the remote
    /// job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub instance_id: Option<String>,
    /// A name that tells this end from the other; the two must differ. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 128))]
    pub cluster_alias: String,
    /// The addresses of the cluster, in any order. When absent, the service finds them by the instance and they are not
    /// compared. A change stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 64),
        inner(length(min = 1, max = 256), regex(pattern = r"^[^,\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub addresses: Option<Vec<String>>,
    /// Whether the connection is encrypted. When absent, what is there stays. A change stops the job and starts it
    /// again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_enabled: Option<bool>,
    /// Whether the cluster asks for a user name and password. When absent, what is there stays. A change stops the job
    /// and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acl_enabled: Option<bool>,
    /// The user name; required when `aclEnabled` is true. When absent, what is there stays. A change stops the job and
    /// starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub user_name: Option<String>,
    /// The Secret that holds the password; required when `aclEnabled` is true. A changed value stops the job, updates
    /// it and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret_ref: Option<SecretKeyRef>,
}

/// How a RocketMQ to RocketMQ job synchronises. Only normal and ordered messages are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("(has(self.topics) && size(self.topics) > 0) != (has(self.topicRegex) && self.topicRegex != '')")
        .message("rocketmqToRocketmq needs exactly one of topics and topicRegex: list topic names or give one expression")
)]
pub struct RocketmqToRocketmq {
    /// The names of the topics to synchronise, in any order. Exactly one of this and `topicRegex`. A change stops the
    /// job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 1000),
        inner(length(min = 1, max = 255), regex(pattern = r"^[^,\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub topics: Option<Vec<String>>,
    /// A regular expression over topic names, such as `^biz_.*`. Exactly one of this and `topics`. A change stops the
    /// job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub topic_regex: Option<String>,
    /// Where a new job starts to read: `first`, `last`, or a time in milliseconds since 1970 written in quotes.
    /// Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 19))]
    #[x_kube(validation = Rule::new("self.matches('^(first|last|[0-9]+)$')").message("rocketmqToRocketmq.seekTo must be first, last or a timestamp of digits in quotes"))]
    pub seek_to: String,
    /// How messages are compressed: `none`, `gzip`, `lz4` or `zstd`. A change stops the job and starts it again.
    pub compression: RocketmqCompression,
    /// Whether the progress of consumer groups is synchronised too. A change stops the job and starts it again.
    pub sync_progress: bool,
}

/// How a RocketMQ job compresses messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RocketmqCompression {
    /// Not at all.
    None,
    /// Gzip.
    Gzip,
    /// LZ4.
    Lz4,
    /// Zstandard.
    Zstd,
}

impl RocketmqCompression {
    /// The vendor's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}
