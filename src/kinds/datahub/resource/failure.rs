//! What becomes of messages that fail.
#![allow(clippy::struct_field_names, reason = "the vendor's names")]
use super::{KafkaParam, TopicParam};
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// Where messages that cannot be read are logged, page `DropCls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct DropCls {
    /// Whether they are logged; then `dropInvalidMessage` beside it means nothing.
    pub drop_invalid_message_to_cls: Option<bool>,
    /// The region of the log service.
    #[schemars(length(max = 4096))]
    pub drop_cls_region: Option<String>,
    /// The account that owns the log topic.
    #[schemars(length(max = 4096))]
    pub drop_cls_owneruin: Option<String>,
    /// The id of the log topic.
    #[schemars(length(max = 4096))]
    pub drop_cls_topic_id: Option<String>,
    /// The id of the log set.
    #[schemars(length(max = 4096))]
    pub drop_cls_log_set: Option<String>,
}

/// What becomes of messages that fail, page `FailureParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("self.type != 'DLQ' || has(self.dlqType)")
        .message("dlqType is required when the type of a failure is DLQ: set CKAFKA or TOPIC"),
    validation = Rule::new("self.type != 'DLQ' || !has(self.dlqType) || (self.dlqType == 'CKAFKA' ? has(self.kafkaParam) : has(self.topicParam))")
        .message("the dead-letter queue needs its topic: set kafkaParam for dlqType CKAFKA, topicParam for dlqType TOPIC")
)]
pub struct FailureParam {
    /// `DLQ` sends them to a dead-letter queue, `IGNORE_ERROR` keeps them, `DROP` drops them.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["DLQ", "IGNORE_ERROR", "DROP"]))]
    pub type_: String,
    /// The dead-letter topic of a CKafka instance; with `dlqType` `CKAFKA`.
    pub kafka_param: Option<Box<KafkaParam>>,
    /// How many milliseconds pass before another attempt.
    #[schemars(range(min = 0))]
    pub retry_interval: Option<i64>,
    /// How many attempts are made.
    #[schemars(range(min = 0))]
    pub max_retry_attempts: Option<i64>,
    /// The dead-letter DIP topic; with `dlqType` `TOPIC`.
    pub topic_param: Option<Box<TopicParam>>,
    /// What the dead-letter queue is: `CKAFKA` or `TOPIC`.
    #[schemars(extend("enum" = ["CKAFKA", "TOPIC"]))]
    pub dlq_type: Option<String>,
}
