//! Requests. Every key that the vendor's tables name is written, null where unset; whatever holds a password has no
//! `Debug`.
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};

/// The body of create and update; the two tables are identical, and an update replaces the whole.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct JobBody<'a> {
    pub cluster_id: &'a str,
    pub name: &'a str,
    pub description: String,
    pub scene_type: &'a str,
    pub source_config: SourceBody<'a>,
    pub sink_config: SinkBody<'a>,
    pub advance_config: AdvanceBody<'a>,
}

/// `EventRouterJobSource`: exactly one key.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub enum SourceBody<'a> {
    SourceKafka(KafkaBody<'a>),
    SourceRocketmq(RocketmqBody<'a>),
    SourceDcs(DcsBody<'a>),
}

/// `EventRouterJobSink`: exactly one key.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub enum SinkBody<'a> {
    SinkKafka(KafkaBody<'a>),
    SinkRocketmq(RocketmqBody<'a>),
    SinkDcs(DcsBody<'a>),
}

/// `EventRouterAdvanceConfig`: exactly one key.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub enum AdvanceBody<'a> {
    Kafka2Kafka(Kafka2KafkaBody<'a>),
    Rocketmq2Rocketmq(Rocketmq2RocketmqBody<'a>),
    Dcs2Dcs(Dcs2DcsBody<'a>),
}

/// A password, or null. Exposed only while the body is written.
pub struct Password<'a>(pub Option<&'a SecretString>);

impl Serialize for Password<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.map(ExposeSecret::expose_secret).serialize(to)
    }
}

/// `KafkaParameters`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct KafkaBody<'a> {
    pub config_type: &'a str,
    pub region: &'a str,
    pub project_id: &'a str,
    pub instance_id: Option<&'a str>,
    pub cluster_alias: &'a str,
    pub address: Option<String>,
    pub user_name: Option<&'a str>,
    pub password: Password<'a>,
    pub authenticate_mode: Option<&'a str>,
    pub sasl_mechanism: Option<&'a str>,
}

/// `RocketmqParameters`. The vendor types `ssl_open` as text and `acl_open` as a boolean.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct RocketmqBody<'a> {
    pub config_type: &'a str,
    pub region: &'a str,
    pub project_id: &'a str,
    pub instance_id: Option<&'a str>,
    pub cluster_alias: &'a str,
    pub address: Option<String>,
    pub ssl_open: Option<String>,
    pub acl_open: Option<bool>,
    pub user_name: Option<&'a str>,
    pub password: Password<'a>,
}

/// `DcsParameters`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct DcsBody<'a> {
    pub config_type: &'a str,
    pub region: &'a str,
    pub project_id: &'a str,
    pub instance_id: Option<&'a str>,
    pub address: Option<String>,
    pub password: Password<'a>,
}

/// `Kafka2KafkaAdvanceConfig`. The unused one of `topics` and `topic_regex` is `""`, as in both samples.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct Kafka2KafkaBody<'a> {
    pub topics: String,
    pub topic_regex: &'a str,
    pub topic_mappings: Vec<MappingBody<'a>>,
    pub rename_topic: bool,
    pub is_add_header: Option<bool>,
    pub is_sync_progress: Option<bool>,
    pub replica_cnt: Option<i64>,
    pub seek_to: &'a str,
    pub compress_alg: Option<&'a str>,
}

/// `KafkaTopicMapping`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct MappingBody<'a> {
    pub source_topic: &'a str,
    pub sink_topic: &'a str,
}

/// `Rocketmq2RocketmqAdvanceConfig`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct Rocketmq2RocketmqBody<'a> {
    pub topics: String,
    pub topic_regex: &'a str,
    pub is_sync_progress: Option<bool>,
    pub seek_to: &'a str,
    pub compress_alg: Option<&'a str>,
}

/// `Dcs2DcsAdvanceConfig`. The vendor types the numbers as text.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateEventRouterJob")]
pub struct Dcs2DcsBody<'a> {
    pub synchronize_type: &'a str,
    pub connect_retry_time: Option<String>,
    pub other_retry_time: Option<String>,
    pub use_rate_limit: bool,
    pub rate_limit: Option<String>,
    /// The vendor misspells its own word.
    #[serde(rename = "use_salve_node")]
    pub use_slave_node: Option<bool>,
}

/// The body of an action. `config` belongs to the switchover, which this operator never asks for.
#[derive(Debug, Serialize)]
pub struct ActionBody<'a> {
    /// The vendor's word for what is to be done.
    pub operation: &'a str,
}

/// The body of `syncDetail`, a read.
#[derive(Debug, Serialize)]
pub struct SyncDetailBody {
    /// The index of the first item, 0 to 10000.
    pub offset: u32,
    /// How many items, 10 to 1000.
    pub limit: u32,
}
