//! Requests. What is not set is not written, as in the vendor's samples; whatever holds a secret has no `Debug`.
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};

/// The body of create, page `CreateConnectorTask`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateConnectorTask")]
pub struct TaskBody<'a> {
    pub task_name: &'a str,
    pub start_later: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topics: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topics_regex: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_task: Option<SourceBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sink_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sink_task: Option<SinkBody<'a>>,
}

/// `source_task`.
#[derive(Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the vendor's names; page CreateConnectorTask")]
pub enum SourceBody<'a> {
    Kafka(KafkaBody<'a>),
    Redis(RedisSourceBody<'a>),
}

/// `sink_task`.
#[derive(Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the vendor's names; page CreateConnectorTask")]
pub enum SinkBody<'a> {
    Obs(ObsBody<'a>),
    Redis(RedisSinkBody<'a>),
}

/// A password or key, or none. Exposed only while the body is written.
pub struct Password<'a>(pub Option<&'a SecretString>);

impl Password<'_> {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl Serialize for Password<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.map(ExposeSecret::expose_secret).serialize(to)
    }
}

/// `source_task` of `KAFKA_REPLICATOR_SOURCE`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateConnectorTask")]
pub struct KafkaBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_cluster_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Password::is_none")]
    pub password: Password<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sasl_mechanism: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap_servers: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_protocol: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_consumer_offsets_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replication_factor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_num: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename_topic_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance_header_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_strategy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topics_mapping: Option<String>,
}

/// `source_task` of `REDIS_REPLICATOR_SOURCE`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateConnectorTask")]
pub struct RedisSourceBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redis_address: Option<String>,
    pub redis_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dcs_instance_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Password::is_none")]
    pub redis_password: Password<'a>,
    pub sync_mode: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_sync_max_retry: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_sync_wait_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratelimit: Option<i64>,
}

/// `sink_task` of `REDIS_REPLICATOR_SINK`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateConnectorTask")]
pub struct RedisSinkBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redis_address: Option<String>,
    pub redis_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dcs_instance_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Password::is_none")]
    pub redis_password: Password<'a>,
}

/// `sink_task` of `OBS_SINK`.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateConnectorTask")]
pub struct ObsBody<'a> {
    pub consumer_strategy: &'a str,
    pub destination_file_type: &'a str,
    pub deliver_time_interval: i64,
    #[serde(skip_serializing_if = "Password::is_none")]
    pub access_key: Password<'a>,
    #[serde(skip_serializing_if = "Password::is_none")]
    pub secret_key: Password<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency_name: Option<&'a str>,
    pub obs_bucket_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub obs_path: &'a str,
    pub partition_format: &'a str,
    pub record_delimiter: &'a str,
    pub store_keys: bool,
}
