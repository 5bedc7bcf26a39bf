//! Answers. Every field may be missing, null or empty, and unknown fields are ignored, as the vendor asks of clients.
//! Passwords are not read at all, whatever the service echoes.
use crate::kinds::lenient;
use serde::Deserialize;

/// `EventRouterJobInfo`: the answer of create, show and update, and an item of list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct JobInfo {
    #[serde(deserialize_with = "lenient::text")]
    pub job_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub description: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub scene_type: Option<String>,
    #[serde(deserialize_with = "lenient::one")]
    pub source_config: Option<SourceConfig>,
    #[serde(deserialize_with = "lenient::one")]
    pub sink_config: Option<SinkConfig>,
    #[serde(deserialize_with = "lenient::one")]
    pub advance_config: Option<AdvanceConfig>,
    #[serde(deserialize_with = "lenient::text")]
    pub status: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub err_code: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub err_message: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub created_time: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub source_status: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub source_status_info: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sink_status: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sink_status_info: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub log_group_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub log_stream_id: Option<String>,
}

/// A page of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct JobPage {
    /// How many jobs match on all pages.
    #[serde(deserialize_with = "lenient::number")]
    pub total: Option<i64>,
    /// The jobs of this page.
    #[serde(deserialize_with = "lenient::list")]
    pub items: Vec<JobInfo>,
}

/// `EventRouterJobSource`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct SourceConfig {
    #[serde(deserialize_with = "lenient::one")]
    pub source_kafka: Option<KafkaConfig>,
    #[serde(deserialize_with = "lenient::one")]
    pub source_rocketmq: Option<RocketmqConfig>,
    #[serde(deserialize_with = "lenient::one")]
    pub source_dcs: Option<DcsConfig>,
}

/// `EventRouterJobSink`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct SinkConfig {
    #[serde(deserialize_with = "lenient::one")]
    pub sink_kafka: Option<KafkaConfig>,
    #[serde(deserialize_with = "lenient::one")]
    pub sink_rocketmq: Option<RocketmqConfig>,
    #[serde(deserialize_with = "lenient::one")]
    pub sink_dcs: Option<DcsConfig>,
}

/// `KafkaParameters`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct KafkaConfig {
    #[serde(deserialize_with = "lenient::text")]
    pub config_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub region: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub project_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub instance_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_alias: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub address: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub authenticate_mode: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sasl_mechanism: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub user_name: Option<String>,
}

/// `RocketmqParameters`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct RocketmqConfig {
    #[serde(deserialize_with = "lenient::text")]
    pub config_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub region: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub project_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub instance_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_alias: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub address: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub ssl_open: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    pub acl_open: Option<bool>,
    #[serde(deserialize_with = "lenient::text")]
    pub user_name: Option<String>,
}

/// `DcsParameters`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct DcsConfig {
    #[serde(deserialize_with = "lenient::text")]
    pub config_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub region: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub project_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub instance_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub address: Option<String>,
}

/// `EventRouterAdvanceConfig`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct AdvanceConfig {
    #[serde(deserialize_with = "lenient::one")]
    pub kafka2kafka: Option<Kafka2Kafka>,
    #[serde(deserialize_with = "lenient::one")]
    pub rocketmq2rocketmq: Option<Rocketmq2Rocketmq>,
    #[serde(deserialize_with = "lenient::one")]
    pub dcs2dcs: Option<Dcs2Dcs>,
}

/// `Kafka2KafkaAdvanceConfig`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct Kafka2Kafka {
    #[serde(deserialize_with = "lenient::text")]
    pub topics: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub topic_regex: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub replica_cnt: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    pub seek_to: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub compress_alg: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub is_sync_progress: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    pub is_add_header: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    pub rename_topic: Option<bool>,
    #[serde(deserialize_with = "lenient::list")]
    pub topic_mappings: Vec<KafkaTopicMapping>,
}

/// `KafkaTopicMapping`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct KafkaTopicMapping {
    #[serde(deserialize_with = "lenient::text")]
    pub source_topic: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sink_topic: Option<String>,
}

/// `Rocketmq2RocketmqAdvanceConfig`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct Rocketmq2Rocketmq {
    #[serde(deserialize_with = "lenient::text")]
    pub topics: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub topic_regex: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub seek_to: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub compress_alg: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub is_sync_progress: Option<bool>,
}

/// `Dcs2DcsAdvanceConfig`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct Dcs2Dcs {
    #[serde(deserialize_with = "lenient::text")]
    pub synchronize_type: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub connect_retry_time: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub other_retry_time: Option<i64>,
    #[serde(deserialize_with = "lenient::flag")]
    pub use_rate_limit: Option<bool>,
    #[serde(deserialize_with = "lenient::number")]
    pub rate_limit: Option<i64>,
    /// The vendor misspells its own word.
    #[serde(rename = "use_salve_node", deserialize_with = "lenient::flag")]
    pub use_slave_node: Option<bool>,
}

/// The answer of `syncDetail`; the page itself says that the real key of the items is `items`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the vendor's names; page ShowEventRouterTaskSyncDetail"
)]
pub struct SyncDetail {
    #[serde(deserialize_with = "lenient::one")]
    pub metadata: Option<SyncMetadata>,
    #[serde(deserialize_with = "lenient::number")]
    pub total: Option<i64>,
    #[serde(deserialize_with = "lenient::list")]
    pub items: Vec<SyncItem>,
}

/// Totals of `syncDetail`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the vendor's names; page ShowEventRouterTaskSyncDetail"
)]
pub struct SyncMetadata {
    #[serde(deserialize_with = "lenient::number")]
    pub sync_remain_total: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub source_key_num: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub sink_key_num: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub source_expired_key_num: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub sink_expired_key_num: Option<i64>,
}

/// A topic (Kafka, RocketMQ) or a pair of nodes (DCS) of `syncDetail`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the vendor's names; page ShowEventRouterTaskSyncDetail"
)]
pub struct SyncItem {
    #[serde(deserialize_with = "lenient::text")]
    pub topic: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub sync_remain_num: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    pub source_addr: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sink_addr: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub task_progress: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sync_phase: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub task_status: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub source_offset: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub sink_offset: Option<i64>,
}
