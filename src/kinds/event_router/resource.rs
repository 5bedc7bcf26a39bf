//! The custom resource `EventRouterJob`: its fields, their documentation and the rules that admission holds. No I/O.
mod dcs;
mod kafka;
mod rocketmq;

pub use dcs::{DcsParameters, DcsToDcs};
pub use kafka::{KafkaCompression, KafkaParameters, KafkaSeek, KafkaToKafka, TopicMapping};
pub use rocketmq::{RocketmqCompression, RocketmqParameters, RocketmqToRocketmq};

use crate::api::policy::JobPolicy;
use crate::api::policy::RunState;
use crate::api::status::JobStatus;
use crate::engine::kind::JobResource;
use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};

/// A professional event stream job of Huawei Cloud EventGrid: a one-way synchronisation from Kafka to Kafka, from
/// RocketMQ to RocketMQ or from DCS to DCS that runs on an event stream cluster.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "replication.dev",
    version = "v1alpha1",
    kind = "EventRouterJob",
    shortname = "erj",
    category = "replication",
    namespaced,
    status = "JobStatus",
    derive = "PartialEq",
    doc = "A professional event stream job of Huawei Cloud EventGrid: Kafka to Kafka, RocketMQ to RocketMQ or DCS to DCS.",
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
    validation = Rule::new("has(self.spec.forProvider.name) || size(self.metadata.name) <= 128")
        .message("metadata.name is longer than the 128 characters that EventGrid allows: shorten it or set spec.forProvider.name")
)]
#[serde(rename_all = "camelCase")]
pub struct EventRouterJobSpec {
    /// What all kinds of job share.
    #[serde(flatten)]
    pub policy: JobPolicy,
    /// Whether the job should run: `Running` (default) or `Stopped`. Can be changed at any time.
    #[serde(default)]
    pub run_state: RunState,
    /// The job itself, in the vendor's words.
    pub for_provider: EventRouterParameters,
}

/// The job itself, in the vendor's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.source.kafka) == has(self.sink.kafka) && has(self.source.rocketmq) == has(self.sink.rocketmq) && has(self.source.dcs) == has(self.sink.dcs)")
        .message("sink must be of the same kind as source: set the same one of kafka, rocketmq and dcs in both"),
    validation = Rule::new("has(self.source.kafka) == has(self.advanced.kafkaToKafka) && has(self.source.rocketmq) == has(self.advanced.rocketmqToRocketmq) && has(self.source.dcs) == has(self.advanced.dcsToDcs)")
        .message("advanced must match source: set kafkaToKafka for kafka, rocketmqToRocketmq for rocketmq, dcsToDcs for dcs, and nothing else"),
    validation = Rule::new("(!has(self.source.kafka) || !has(self.sink.kafka) || self.source.kafka.clusterAlias != self.sink.kafka.clusterAlias) && (!has(self.source.rocketmq) || !has(self.sink.rocketmq) || self.source.rocketmq.clusterAlias != self.sink.rocketmq.clusterAlias)")
        .message("sink clusterAlias must differ from source clusterAlias: the aliases tell the two ends apart, so give each its own"),
    validation = Rule::new("(!has(self.source.kafka) || !has(self.sink.kafka) || !has(self.source.kafka.instanceId) || !has(self.sink.kafka.instanceId) || self.source.kafka.instanceId != self.sink.kafka.instanceId) && (!has(self.source.rocketmq) || !has(self.sink.rocketmq) || !has(self.source.rocketmq.instanceId) || !has(self.sink.rocketmq.instanceId) || self.source.rocketmq.instanceId != self.sink.rocketmq.instanceId) && (!has(self.source.dcs) || !has(self.sink.dcs) || !has(self.source.dcs.instanceId) || !has(self.sink.dcs.instanceId) || self.source.dcs.instanceId != self.sink.dcs.instanceId)")
        .message("sink instanceId must differ from source instanceId: a job cannot replicate an instance into itself")
)]
pub struct EventRouterParameters {
    /// The id of the event stream cluster that the job runs on. Its kind must be that of source and sink. Changing it
    /// replaces the remote job.
    #[schemars(length(min = 1, max = 64))]
    pub cluster_id: String,
    /// The name of the remote job; by default the name of this object. Starts with a letter or digit and holds only
    /// letters, digits, '.', '_' and '-', at most 128. A change stops the job, renames it and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    #[x_kube(validation = Rule::new("self.matches('^[A-Za-z0-9][A-Za-z0-9._-]*$')").message("name must start with a letter or digit and hold only letters, digits, '.', '_' and '-'"))]
    pub name: Option<String>,
    /// The description of the remote job, at most 234 characters; the operator adds its mark of 22 characters. When
    /// absent, what is there stays. A change stops the job and starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 234))]
    #[x_kube(validation = Rule::new("!self.matches('\\\\[rd:[0-9a-f]{16}\\\\]\\\\s*$')").message("description must not end in a mark such as [rd:0123456789abcdef]: leave it out, the operator writes its own"))]
    pub description: Option<String>,
    /// The scenario. `DISASTER_BACKUP` (default), a lasting synchronisation, is the only documented one. Changing it
    /// replaces the remote job.
    #[serde(default = "disaster_backup")]
    #[schemars(length(min = 1, max = 64))]
    pub scene_type: String,
    /// Where the data comes from: exactly one of `kafka`, `rocketmq` and `dcs`.
    pub source: EventRouterEnd,
    /// Where the data goes to: the same one of `kafka`, `rocketmq` and `dcs` as in `source`. A sink is always an
    /// instance of the cloud.
    #[x_kube(validation = Rule::new("(!has(self.kafka) || self.kafka.configType == 'CLOUD') && (!has(self.rocketmq) || self.rocketmq.configType == 'CLOUD') && (!has(self.dcs) || self.dcs.configType == 'CLOUD')").message("sink configType must be CLOUD: only a source may be given by its addresses alone"))]
    pub sink: EventRouterEnd,
    /// How the data is synchronised: the one that matches the ends.
    pub advanced: EventRouterAdvanced,
}

/// One end of a job: exactly one of the three kinds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[x_kube(validation = Rule::new("(has(self.kafka) ? 1 : 0) + (has(self.rocketmq) ? 1 : 0) + (has(self.dcs) ? 1 : 0) == 1")
    .message("set exactly one of kafka, rocketmq and dcs in source and in sink"))]
// Boxed here and below: caches hold thousands of objects, each of which has one of the three.
pub struct EventRouterEnd {
    /// A Kafka cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kafka: Option<Box<KafkaParameters>>,
    /// A RocketMQ cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rocketmq: Option<Box<RocketmqParameters>>,
    /// A DCS (Redis) instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dcs: Option<Box<DcsParameters>>,
}

/// How the data is synchronised: exactly the one that matches the ends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventRouterAdvanced {
    /// From Kafka to Kafka.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kafka_to_kafka: Option<Box<KafkaToKafka>>,
    /// From RocketMQ to RocketMQ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rocketmq_to_rocketmq: Option<Box<RocketmqToRocketmq>>,
    /// From DCS to DCS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dcs_to_dcs: Option<Box<DcsToDcs>>,
}

impl JobResource for EventRouterJob {
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

fn disaster_backup() -> String {
    "DISASTER_BACKUP".into()
}

fn cloud() -> String {
    "CLOUD".into()
}
