//! The other Kafka cluster, and how topics are copied from or to it.
use super::ConsumerStrategy;
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The other Kafka cluster of a Kafka to Kafka task, whatever its direction, and how topics are copied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.instanceId) != has(self.bootstrapServers)")
        .message("source.kafka needs exactly one of instanceId and bootstrapServers: name the other cluster's instance or list its servers as host:port"),
    validation = Rule::new("!has(self.securityProtocol) || self.securityProtocol == 'PLAINTEXT' || (has(self.saslMechanism) && has(self.userName) && has(self.passwordSecretRef))")
        .message("source.kafka.saslMechanism, userName and passwordSecretRef are required when securityProtocol is SASL_SSL or SASL_PLAINTEXT"),
    validation = Rule::new("!has(self.securityProtocol) || self.securityProtocol != 'PLAINTEXT' || (!has(self.saslMechanism) && !has(self.userName) && !has(self.passwordSecretRef))")
        .message("source.kafka.saslMechanism, userName and passwordSecretRef mean nothing when securityProtocol is PLAINTEXT: take them out"),
    validation = Rule::new("has(self.userName) == has(self.passwordSecretRef)")
        .message("source.kafka.userName and source.kafka.passwordSecretRef go together: set both or none"),
    validation = Rule::new("!has(self.currentClusterName) || !has(self.clusterName) || self.currentClusterName != self.clusterName")
        .message("source.kafka.clusterName must differ from currentClusterName: the aliases tell the two clusters apart"),
    validation = Rule::new("!has(self.renameTopic) || !self.renameTopic || !has(self.topicMappings)")
        .message("source.kafka.renameTopic and source.kafka.topicMappings exclude each other: drop one of them"),
    validation = Rule::new("self.direction != 'two-way' || (has(self.renameTopic) && self.renameTopic) || (has(self.provenanceHeader) && self.provenanceHeader)")
        .message("source.kafka.direction two-way needs provenanceHeader or renameTopic to be true, else messages go round for ever")
)]
pub struct KafkaSourceParameters {
    /// A name for the cluster that the task runs on, 1 to 20 letters, digits, '_' and '-'. When absent the service
    /// chooses one. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^[A-Za-z0-9_-]+$"))]
    pub current_cluster_name: Option<String>,
    /// A name for the other cluster, which must differ. When absent the service chooses one. Changing it replaces the
    /// task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^[A-Za-z0-9_-]+$"))]
    pub cluster_name: Option<String>,
    /// The id of the other cluster, where that is a DMS for Kafka instance in the same VPC. Exactly one of this and
    /// `bootstrapServers`. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub instance_id: Option<String>,
    /// The servers of the other cluster, each as `host:port`, in any order. Exactly one of this and `instanceId`.
    /// Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 64),
        inner(length(min = 1, max = 256), regex(pattern = r"^[^,\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub bootstrap_servers: Option<Vec<String>>,
    /// How the task logs in to the other cluster: `PLAINTEXT`, `SASL_SSL` or `SASL_PLAINTEXT`. When absent the service
    /// takes it from the instance. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_protocol: Option<SecurityProtocol>,
    /// `PLAIN` or `SCRAM-SHA-512`; required with the two SASL protocols. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sasl_mechanism: Option<SaslMechanism>,
    /// The user name; required with the two SASL protocols. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub user_name: Option<String>,
    /// The Secret that holds the password; required with the two SASL protocols. The service cannot take another
    /// password later, so a changed value replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret_ref: Option<SecretKeyRef>,
    /// `pull` copies from the other cluster, `push` to it, `two-way` both. Changing it replaces the task.
    pub direction: Direction,
    /// Whether the offsets of consumer groups are copied too, every minute. When absent the service decides, which is
    /// not to. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_consumer_offsets: Option<bool>,
    /// How many replicas topics get that the task creates: 1 or more, at most the number of brokers there. A change is
    /// made in place, and the service restarts a running task.
    #[schemars(range(min = 1))]
    pub replication_factor: i32,
    /// How many tasks copy side by side; default 2, and twice as many when the direction is `two-way`. A change is made
    /// in place, and the service restarts a running task.
    #[serde(default = "two")]
    #[schemars(range(min = 1))]
    pub task_count: i32,
    /// Whether copied topics are prefixed with the name of the cluster that they come from. Excludes `topicMappings`.
    /// When absent the service decides, which is not to. A change is made in place, and the service restarts a running
    /// task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rename_topic: Option<bool>,
    /// Whether a header naming the source is added to every message, which keeps messages of a `two-way` task from
    /// going round. When absent the service decides, which is not to. A change is made in place, and the service
    /// restarts a running task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance_header: Option<bool>,
    /// Where a new task starts to read: `latest` or `earliest`. A change is made in place, and the service restarts a
    /// running task.
    pub consumer_strategy: ConsumerStrategy,
    /// How messages are compressed: `none`, `gzip`, `snappy`, `lz4` or `zstd`. A change is made in place, and the
    /// service restarts a running task.
    pub compression: Compression,
    /// Topics that have another name where they are copied to, in any order, at most 20. Absent means none. Excludes
    /// `renameTopic`. A change is made in place, and the service restarts a running task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20))]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["source".into()]))]
    pub topic_mappings: Option<Vec<TopicMapping>>,
}

/// A topic that has another name where it is copied to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
pub struct TopicMapping {
    /// The topic where it comes from.
    #[schemars(length(min = 1, max = 249), regex(pattern = r"^[^,:\s]+$"))]
    pub source: String,
    /// Its name where it goes to.
    #[schemars(length(min = 1, max = 249), regex(pattern = r"^[^,:\s]+$"))]
    pub sink: String,
}

/// How a task logs in to the other cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SecurityProtocol {
    /// Not at all, and unencrypted.
    Plaintext,
    /// With a user, encrypted.
    SaslSsl,
    /// With a user, unencrypted.
    SaslPlaintext,
}

/// How a user proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SaslMechanism {
    /// By the password itself.
    #[serde(rename = "PLAIN")]
    Plain,
    /// By a challenge.
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
}

/// Which way topics are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the other cluster to the one that the task runs on.
    Pull,
    /// From the one that the task runs on to the other cluster.
    Push,
    /// Both.
    TwoWay,
}

/// How messages are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Not at all.
    None,
    /// Gzip.
    Gzip,
    /// Snappy.
    Snappy,
    /// LZ4.
    Lz4,
    /// Zstandard.
    Zstd,
}

fn two() -> i32 {
    2
}
