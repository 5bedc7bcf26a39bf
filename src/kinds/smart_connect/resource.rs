//! The custom resource `SmartConnectTask`: its fields, their documentation and the rules that admission holds. No I/O.
mod kafka;
mod obs;
mod redis;

pub use kafka::{
    Compression, Direction, KafkaSourceParameters, SaslMechanism, SecurityProtocol, TopicMapping,
};
pub use obs::{FileType, ObsSinkParameters, PartitionFormat, RecordDelimiter};
pub use redis::{RedisSinkParameters, RedisSourceParameters, SyncMode};

use crate::api::policy::JobPolicy;
use crate::api::policy::RunState;
use crate::api::status::JobStatus;
use crate::engine::kind::JobResource;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Smart Connect task of a Huawei Cloud DMS for Kafka instance: it copies topics to or from another Kafka cluster,
/// dumps topics into OBS, or synchronises Redis with Redis through a topic.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "replication.dev",
    version = "v1alpha1",
    kind = "SmartConnectTask",
    shortname = "sct",
    category = "replication",
    namespaced,
    status = "JobStatus",
    derive = "PartialEq",
    doc = "A Smart Connect task of Huawei Cloud DMS for Kafka: Kafka to Kafka, Kafka to OBS or Redis to Redis.",
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Ready\")].status"
    ),
    printcolumn(
        name = "Synced",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Synced\")].status"
    ),
    printcolumn(name = "State", type_ = "string", json_path = ".status.state"),
    printcolumn(
        name = "Reason",
        type_ = "string",
        json_path = ".status.reason"
    ),
    printcolumn(name = "ID", type_ = "string", json_path = ".status.id", priority = "1"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    validation = Rule::new("has(self.spec.forProvider.name) || (size(self.metadata.name) >= 4 && size(self.metadata.name) <= 64 && !self.metadata.name.contains('.'))")
        .message("metadata.name cannot be the name of a Smart Connect task, which has 4 to 64 letters, digits, '_' and '-' and no '.': choose another one or set spec.forProvider.name")
)]
#[serde(rename_all = "camelCase")]
pub struct SmartConnectTaskSpec {
    /// What all kinds of job share.
    #[serde(flatten)]
    pub policy: JobPolicy,
    /// Whether the task should run: `Running` (default) or `Stopped`. A new task that is `Stopped` is created and not
    /// started; a running one is paused, which keeps its progress. Can be changed at any time.
    #[serde(default)]
    pub run_state: RunState,
    /// The task itself, in the vendor's words.
    pub for_provider: SmartConnectParameters,
}

/// The task itself, in the vendor's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("(has(self.source) && has(self.source.kafka) && !has(self.sink)) || (!has(self.source) && has(self.sink) && has(self.sink.obs)) || (has(self.source) && has(self.source.redis) && has(self.sink) && has(self.sink.redis))")
        .message("source and sink do not go together: set source.kafka alone (Kafka to Kafka), sink.obs alone (Kafka to OBS), or source.redis and sink.redis (Redis to Redis)"),
    validation = Rule::new("!has(self.topics) || !has(self.topicsRegex)")
        .message("topics and topicsRegex exclude each other: list topic names or give one expression"),
    validation = Rule::new("has(self.topics) || has(self.topicsRegex) || (has(self.source) && has(self.source.kafka) && has(self.source.kafka.topicMappings))")
        .message("the task has no topics: set topics or topicsRegex; only Kafka to Kafka may have source.kafka.topicMappings alone"),
    validation = Rule::new("!has(self.source) || !has(self.source.redis) || has(self.topics)")
        .message("Redis to Redis needs topics, not topicsRegex: name the topic that the data passes through"),
    validation = Rule::new("!has(self.topicsRegex) || !has(self.source) || !has(self.source.kafka) || !has(self.source.kafka.topicMappings)")
        .message("source.kafka.topicMappings cannot stand beside topicsRegex: list the topics, or leave topicsRegex out"),
    validation = Rule::new("!has(self.topics) || !has(self.source) || !has(self.source.kafka) || !has(self.source.kafka.topicMappings) || self.source.kafka.topicMappings.all(m, m.source in self.topics)")
        .message("source.kafka.topicMappings maps a topic that topics does not list: add it to topics, or leave topics out"),
    validation = Rule::new("!has(self.topicsRegex) || !has(self.sink) || !has(self.sink.obs) || self.topicsRegex != '.*'")
        .message("topicsRegex must not be .* for a dump to OBS: name the topics more closely"),
    validation = Rule::new("!has(self.topics) || !has(self.source) || !has(self.source.kafka) || self.topics.all(t, !t.endsWith('internal'))")
        .message("topics holds one that ends in internal, and such topics are never replicated: take it out"),
    validation = Rule::new("!has(self.source) || !has(self.source.kafka) || !has(self.source.kafka.instanceId) || self.source.kafka.instanceId != self.instanceId")
        .message("source.kafka.instanceId must differ from instanceId: it names the other cluster, and instanceId the one that the task runs on")
)]
pub struct SmartConnectParameters {
    /// The id of the DMS for Kafka instance that the task runs on, the *current* cluster. Smart Connect must be
    /// enabled on it. Cannot be changed later: delete the object and make it anew.
    #[schemars(length(min = 1, max = 64))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("instanceId cannot be changed: the task lives in its instance, so delete this object (with deletionPolicy Orphan to keep the task) and make it anew").reason(Reason::FieldValueForbidden))]
    pub instance_id: String,
    /// The name of the task, unique within the instance; by default the name of this object. Holds 4 to 64 letters,
    /// digits, '_' and '-'. Changing it replaces the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 4, max = 64))]
    #[x_kube(validation = Rule::new("self.matches('^[A-Za-z0-9_-]*$')").message("name must hold only letters, digits, '_' and '-'"))]
    pub name: Option<String>,
    /// The topics that the task reads, in any order, at most 20; for Redis to Redis the topic that the data passes
    /// through. This or `topicsRegex`; Kafka to Kafka may have `topicMappings` instead. A change is made in place, and
    /// the service restarts a running task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 20),
        inner(length(min = 1, max = 249), regex(pattern = r"^[^,:\s]+$"))
    )]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub topics: Option<Vec<String>>,
    /// A regular expression over topic names, such as `orders-.*`. This or `topics`; not for Redis to Redis. A change
    /// is made in place, and the service restarts a running task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub topics_regex: Option<String>,
    /// Where the data comes from: exactly one of `kafka` and `redis`. Absent for a dump to OBS, which reads the
    /// instance itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SmartConnectSource>,
    /// Where the data goes to: exactly one of `obs` and `redis`. Absent for Kafka to Kafka.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sink: Option<SmartConnectSink>,
}

/// Where the data comes from: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[x_kube(validation = Rule::new("has(self.kafka) != has(self.redis)").message("set exactly one of kafka and redis in source"))]
pub struct SmartConnectSource {
    /// The other Kafka cluster of a Kafka to Kafka task, whatever its direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kafka: Option<KafkaSourceParameters>,
    /// The Redis that is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redis: Option<RedisSourceParameters>,
}

/// Where the data goes to: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[x_kube(validation = Rule::new("has(self.obs) != has(self.redis)").message("set exactly one of obs and redis in sink"))]
pub struct SmartConnectSink {
    /// The OBS bucket that topics are dumped into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obs: Option<ObsSinkParameters>,
    /// The Redis that is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redis: Option<RedisSinkParameters>,
}

/// Where a task starts to read a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConsumerStrategy {
    /// At the newest message.
    Latest,
    /// At the oldest message.
    Earliest,
}

impl JobResource for SmartConnectTask {
    fn policy(&self) -> &JobPolicy {
        &self.spec.policy
    }

    fn run_state(&self) -> Option<RunState> {
        Some(self.spec.run_state)
    }

    fn job_status(&self) -> Option<&JobStatus> {
        self.status.as_ref()
    }
}
