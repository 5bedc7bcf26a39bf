//! The custom resource `DatahubTask`: its fields, their documentation and the rules that admission holds. No I/O.
mod chain;
mod databases;
mod end;
mod failure;
mod services;
mod stores;
mod topics;
mod transform;

pub use chain::{
    AnalyseParam, DateParam, FieldParam, JsonPathReplaceParam, KvParam, LowercaseParam, RegexReplaceParam,
    ReplaceParam, SecondaryAnalyseParam, SmtParam, SplitParam, SubstrParam, UrlDecodeParam, ValueParam,
};
pub use databases::{MariaDbParam, MongoDbParam, MySqlParam, PostgreSqlParam, RecordMapping, SqlServerParam};
pub use end::DatahubResource;
pub use failure::{DropCls, FailureParam};
pub use services::{DtsParam, EventBusParam, MqttParam, ScfParam};
pub use stores::{
    ClickHouseParam, ClickHouseSchema, ClsParam, CosParam, CtsdbParam, EsParam, EsRecordMapping,
    IcebergParam, TdwParam,
};
pub use topics::{KafkaParam, TableMapping, TopicParam};
pub use transform::{BatchAnalyseParam, FilterMapParam, MapParam, RowParam, TransformParam, TransformsParam};

use crate::api::policy::{JobPolicy, RunState};
use crate::api::status::JobStatus;
use crate::engine::kind::JobResource;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A connector task of Tencent Cloud CKafka (Datahub, DIP): it carries messages into Kafka or out of it.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "replication.dev",
    version = "v1alpha1",
    kind = "DatahubTask",
    shortname = "dht",
    category = "replication",
    namespaced,
    status = "JobStatus",
    derive = "PartialEq",
    doc = "A connector task of Tencent Cloud CKafka (Datahub, DIP): it carries messages into Kafka or out of it.",
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
    validation = Rule::new("has(self.spec.forProvider.name) || self.metadata.name.matches('^[a-z][a-z0-9.-]{0,63}$')")
        .message("metadata.name must start with a letter and be at most 64 characters long, as Tencent Cloud wants the names of tasks: change it or set spec.forProvider.name")
)]
#[serde(rename_all = "camelCase")]
pub struct DatahubTaskSpec {
    /// What all kinds of job share.
    #[serde(flatten)]
    pub policy: JobPolicy,
    /// Whether the task should run: `Running` (default) or `Stopped`, which pauses it. A resumed task goes on where it
    /// stopped. Can be changed at any time.
    #[serde(default)]
    pub run_state: RunState,
    /// The task itself, in the vendor's words.
    pub for_provider: Box<DatahubTaskParameters>,
}

/// The direction of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TaskType {
    /// Into Kafka.
    #[serde(rename = "SOURCE")]
    Source,
    /// Out of Kafka.
    #[serde(rename = "SINK")]
    Sink,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, KubeSchema)]
pub struct Tag {
    /// The key.
    #[schemars(length(min = 1, max = 127))]
    pub key: String,
    /// The value.
    #[schemars(length(max = 255))]
    pub value: String,
}

/// The task itself, in the vendor's words: the structures are the vendor's own, field by field, so that the vendor's
/// pages document them. Names have their first letter small, and passwords are references to Secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("self.taskType != 'SOURCE' || !has(self.targetResource) || self.targetResource.type in ['KAFKA', 'TOPIC']")
        .message("targetResource.type must be KAFKA or TOPIC when taskType is SOURCE: such a task carries data into Kafka"),
    validation = Rule::new("self.taskType != 'SINK' || !has(self.sourceResource) || self.sourceResource.type in ['KAFKA', 'TOPIC']")
        .message("sourceResource.type must be KAFKA or TOPIC when taskType is SINK: such a task carries data out of Kafka"),
    validation = Rule::new("self.taskType != 'SOURCE' || !has(self.sourceResource) || self.sourceResource.type != 'KAFKA'")
        .message("taskType must be SINK when sourceResource.type is KAFKA: a task from Kafka to Kafka is a SINK whose target is KAFKA"),
    validation = Rule::new("!has(self.targetResource) || !has(self.targetResource.kafkaParam) || !has(self.targetResource.kafkaParam.offsetType)")
        .message("targetResource.kafkaParam.offsetType must be left out: it belongs to the side that is read"),
    validation = Rule::new("!has(self.targetResource) || !has(self.targetResource.topicParam) || !has(self.targetResource.topicParam.offsetType)")
        .message("targetResource.topicParam.offsetType must be left out: it belongs to the side that is read"),
    validation = automatic("sourceResource", "kafkaParam"),
    validation = automatic("sourceResource", "topicParam"),
    validation = automatic("targetResource", "kafkaParam"),
    validation = automatic("targetResource", "topicParam"),
    validation = Rule::new("!has(self.targetResource) || !has(self.targetResource.cosParam) || has(self.targetResource.cosParam.aggregateBatchSize) || has(self.targetResource.cosParam.aggregateInterval)")
        .message("targetResource.cosParam needs aggregateBatchSize or aggregateInterval: set one of them or both"),
    validation = Rule::new("!has(self.targetResource) || !has(self.targetResource.clickHouseParam) || has(self.targetResource.clickHouseParam.passwordSecretRef)")
        .message("targetResource.clickHouseParam.passwordSecretRef is required: the service writes with a password only"),
    validation = Rule::new("!has(self.transformParam) || !has(self.transformsParam)")
        .message("set only one of transformParam and transformsParam: transformsParam is the newer one"),
    validation = multiple("sourceResource"),
    validation = multiple("targetResource"),
    validation = Rule::new("!has(self.maxTasks) || (has(self.autoExpand) && !self.autoExpand)")
        .message("maxTasks needs autoExpand false: while autoscaling is on, the service sets the number of workers itself"),
    validation = Rule::new("!has(self.maxTasks) || self.maxTasks <= 20 || !has(self.sourceResource) || !has(self.targetResource) || self.sourceResource.type != 'KAFKA' || self.targetResource.type != 'KAFKA'")
        .message("maxTasks must be at most 20 for a task from Kafka to Kafka")
)]
pub struct DatahubTaskParameters {
    /// The name of the remote task; by default the name of this object. Starts with a letter and holds only letters,
    /// digits, '.', '_' and '-', at most 64. Is changed in place.
    #[schemars(length(min = 1, max = 64))]
    #[x_kube(validation = Rule::new("self.matches('^[A-Za-z][A-Za-z0-9._-]*$')").message("name must start with a letter and hold only letters, digits, '.', '_' and '-'"))]
    pub name: Option<String>,
    /// The direction: `SOURCE` carries data into Kafka, `SINK` out of it. From Kafka to Kafka is `SINK`. Changing it
    /// replaces the remote task.
    pub task_type: TaskType,
    /// The description of the remote task, at most 106 characters; the operator adds its mark of 22 characters. When
    /// absent, what is there stays. Is changed in place.
    #[schemars(length(max = 106))]
    #[x_kube(validation = Rule::new("!self.matches('\\\\[rd:[0-9a-f]{16}\\\\]\\\\s*$')").message("description must not end in a mark such as [rd:0123456789abcdef]: leave it out, the operator writes its own"))]
    pub description: Option<String>,
    /// Where the data comes from. Changing anything in it replaces the remote task, which then reads anew from where
    /// `offsetType` says.
    pub source_resource: Option<Box<DatahubResource>>,
    /// Where the data goes to. Changing anything in it replaces the remote task.
    pub target_resource: Option<Box<DatahubResource>>,
    /// The older processing rules; not together with `transformsParam`. Changing anything in it replaces the remote task.
    pub transform_param: Option<Box<TransformParam>>,
    /// The processing rules; not together with `transformParam`. Changing anything in it replaces the remote task.
    pub transforms_param: Option<Box<TransformsParam>>,
    /// The schema (`schema-…`) that the task is bound to. Changing it replaces the remote task.
    #[schemars(length(min = 1, max = 64))]
    pub schema_id: Option<String>,
    /// Tags of the remote task, in any order. This service can set them at creation only: changing them replaces the
    /// remote task.
    #[schemars(length(max = 50))]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["key".into()]))]
    pub tags: Option<Vec<Tag>>,
    /// How many workers the task has; only with `autoExpand` false. The service takes it once the task exists; it is
    /// changed in place.
    #[schemars(range(min = 1, max = 10_000))]
    pub max_tasks: Option<i64>,
    /// The most megabytes per second; 20 by default. The service takes it once the task exists; it is changed in place.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub sync_throttle_limit: Option<i64>,
    /// Whether the service sets the number of workers by itself; true by default. The service takes it once the task
    /// exists; it is changed in place.
    pub auto_expand: Option<bool>,
}

impl JobResource for DatahubTask {
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

/// Topics are created for tasks that carry data into Kafka only.
fn automatic(side: &str, param: &str) -> kube::core::Rule {
    let field = format!("self.{side}.{param}.useAutoCreateTopic");
    kube::core::Rule::new(format!(
        "self.taskType == 'SOURCE' || !has(self.{side}) || !has(self.{side}.{param}) || !has({field}) || !{field}"
    ))
    .message(kube::core::Message::Message(format!(
        "{side}.{param}.useAutoCreateTopic needs taskType SOURCE: set it to false, and create the topic beforehand"
    )))
}

/// Messages are multiplied between instances only.
fn multiple(side: &str) -> kube::core::Rule {
    let field = format!("self.{side}.kafkaParam.msgMultiple");
    kube::core::Rule::new(format!(
        "!has(self.{side}) || !has(self.{side}.kafkaParam) || !has({field}) || (has(self.sourceResource) && has(self.targetResource) && self.sourceResource.type == 'KAFKA' && self.targetResource.type == 'KAFKA')"
    ))
    .message(kube::core::Message::Message(format!(
        "{side}.kafkaParam.msgMultiple is for tasks from CKafka to CKafka only: leave it out"
    )))
}
