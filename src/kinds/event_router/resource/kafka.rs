//! The Kafka end and the options of a Kafka to Kafka job.
use super::cloud;
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Kafka cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("self.configType != 'CLOUD' || has(self.instanceId)")
        .message("kafka.instanceId is required when configType is CLOUD: set it to the id of the DMS for Kafka instance"),
    validation = Rule::new("self.configType == 'CLOUD' || (has(self.addresses) && size(self.addresses) > 0)")
        .message("kafka.addresses is required when configType is not CLOUD: list the bootstrap servers as host:port"),
    validation = Rule::new("!has(self.authenticateMode) || self.authenticateMode != 'SASL_SSL' || (has(self.userName) && self.userName != '' && has(self.passwordSecretRef) && has(self.saslMechanism) && self.saslMechanism != '')")
        .message("kafka.userName, kafka.passwordSecretRef and kafka.saslMechanism are required when authenticateMode is SASL_SSL")
)]
pub struct KafkaParameters {
    /// How the cluster is given. `CLOUD` (default) is a DMS for Kafka instance and the only documented value. Changing
    /// it replaces the remote job.
    #[serde(default = "cloud")]
    #[schemars(length(min = 1, max = 64))]
    pub config_type: String,
    /// The region of the cluster, such as `cn-north-4`. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 64))]
    pub region: String,
    /// The id of the project that owns the cluster. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 64))]
    pub project_id: String,
    /// The id of the DMS for Kafka instance; required when `configType` is `CLOUD`. Changing it replaces the remote
    /// job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub instance_id: Option<String>,
    /// A name that tells this end from the other; the two must differ. Changing it replaces the remote job.
    #[schemars(length(min = 1, max = 128))]
    pub cluster_alias: String,
    /// The bootstrap servers, each as `host:port`, in any order. When absent, the service finds them by the instance
    /// and they are not compared. A change stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 64),
        inner(length(min = 1, max = 256), regex(pattern = r"^[^,\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub addresses: Option<Vec<String>>,
    /// How the job logs in: `PLAINTEXT`, which absent means, or `SASL_SSL`; the vendor documents no complete list. A
    /// change stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub authenticate_mode: Option<String>,
    /// The SASL mechanism, such as `PLAIN` or `SCRAM-SHA-512`; required with `SASL_SSL`. When absent, what is there
    /// stays. A change stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub sasl_mechanism: Option<String>,
    /// The user name; required with `SASL_SSL`. When absent, what is there stays. A change stops the job and starts it
    /// again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub user_name: Option<String>,
    /// The Secret that holds the password; required with `SASL_SSL`. A changed value stops the job, updates it and
    /// starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret_ref: Option<SecretKeyRef>,
}

/// How a Kafka to Kafka job synchronises.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("(has(self.topics) && size(self.topics) > 0) != (has(self.topicRegex) && self.topicRegex != '')")
        .message("kafkaToKafka needs exactly one of topics and topicRegex: list topic names or give one expression"),
    validation = Rule::new("!self.renameTopic || !has(self.topicMappings) || size(self.topicMappings) == 0")
        .message("kafkaToKafka.renameTopic and kafkaToKafka.topicMappings exclude each other: drop one of them")
)]
pub struct KafkaToKafka {
    /// The names of the topics to synchronise, in any order. Exactly one of this and `topicRegex`. A change stops the
    /// job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 1000),
        inner(length(min = 1, max = 249), regex(pattern = r"^[^,\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub topics: Option<Vec<String>>,
    /// A regular expression over topic names, such as `.*` or `orders-.*`. Exactly one of this and `topics`. A change
    /// stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub topic_regex: Option<String>,
    /// How many replicas topics get that the job creates at the sink: 1 or more, at most the number of brokers there.
    /// A change stops the job and starts it again.
    #[schemars(range(min = 1))]
    pub replica_count: i32,
    /// Where a new job starts to read: `earliest` or `latest`. Changing it replaces the remote job.
    pub seek_to: KafkaSeek,
    /// How messages are compressed: `none`, `gzip`, `snappy`, `lz4` or `zstd`. A change stops the job and starts it
    /// again.
    pub compression: KafkaCompression,
    /// Whether the progress of consumer groups is synchronised too. A change stops the job and starts it again.
    pub sync_progress: bool,
    /// Whether a header naming the source is added to every message; needed where two jobs replicate in both
    /// directions, else messages go round. A change stops the job and starts it again.
    pub add_header: bool,
    /// Whether topics at the sink are prefixed with the alias of the source. Default false. Excludes `topicMappings`. A
    /// change stops the job and starts it again.
    #[serde(default)]
    pub rename_topic: bool,
    /// Topics that have another name at the sink, in any order. Absent means none. Excludes `renameTopic`. A change
    /// stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["source".into()]))]
    pub topic_mappings: Option<Vec<TopicMapping>>,
}

/// A topic that has another name at the sink.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
pub struct TopicMapping {
    /// The topic at the source.
    #[schemars(length(min = 1, max = 249))]
    pub source: String,
    /// Its name at the sink.
    #[schemars(length(min = 1, max = 249))]
    pub sink: String,
}

/// Where a Kafka job starts to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KafkaSeek {
    /// At the oldest message.
    Earliest,
    /// At the newest message.
    Latest,
}

impl KafkaSeek {
    /// The vendor's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Earliest => "earliest",
            Self::Latest => "latest",
        }
    }
}

/// How a Kafka job compresses messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KafkaCompression {
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

impl KafkaCompression {
    /// The vendor's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}
