//! Answers. Every field may be missing, null or empty, and unknown fields are kept for the way back only. Secrets are
//! not read at all, whatever the service echoes.
use crate::kinds::lenient;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt;

/// Members that no answer is documented to hold; should one do so, it goes no further.
const SECRETS: [&str; 4] = ["password", "redis_password", "access_key", "secret_key"];

/// A task as it came, for the request that sends it back changed. Not printed: it may be large, and nobody reads it.
#[derive(Clone, Default, PartialEq)]
pub struct Entity(Map<String, Value>);

impl Entity {
    /// The members, without secrets.
    pub fn members(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl From<Map<String, Value>> for Entity {
    fn from(mut members: Map<String, Value>) -> Self {
        for side in ["source_task", "sink_task"] {
            if let Some(Value::Object(config)) = members.get_mut(side) {
                config.retain(|name, _| !SECRETS.contains(&name.as_str()));
            }
        }
        Self(members)
    }
}

impl fmt::Debug for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entity")
    }
}

/// The answer of create, show and modify, and an item of list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Task {
    /// What of it is known.
    pub info: TaskInfo,
    /// All of it.
    pub entity: Entity,
}

impl TryFrom<Map<String, Value>> for Task {
    type Error = serde_json::Error;

    fn try_from(members: Map<String, Value>) -> Result<Self, Self::Error> {
        Ok(Self {
            info: TaskInfo::deserialize(&members)?,
            entity: members.into(),
        })
    }
}

/// The members of a task, page `ShowConnectorTask`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page ShowConnectorTask")]
pub struct TaskInfo {
    #[serde(deserialize_with = "lenient::text")]
    pub task_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub topics: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub topics_regex: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub source_type: Option<String>,
    #[serde(deserialize_with = "lenient::one")]
    pub source_task: Option<SourceConfig>,
    #[serde(deserialize_with = "lenient::text")]
    pub sink_type: Option<String>,
    #[serde(deserialize_with = "lenient::one")]
    pub sink_task: Option<SinkConfig>,
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub status: Option<String>,
    /// Milliseconds since 1970.
    #[serde(deserialize_with = "lenient::number")]
    pub create_time: Option<i64>,
}

/// A page of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TaskPage {
    /// The tasks of this page.
    #[serde(deserialize_with = "lenient::list")]
    pub tasks: Vec<Task>,
    /// How many tasks the instance has on all pages.
    #[serde(deserialize_with = "lenient::number")]
    pub total_number: Option<i64>,
    /// How many it can have at most.
    #[serde(deserialize_with = "lenient::number")]
    pub max_tasks: Option<i64>,
    /// How many it may have.
    #[serde(deserialize_with = "lenient::number")]
    pub quota_tasks: Option<i64>,
}

/// `source_task`, of Kafka or of Redis.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page ShowConnectorTask")]
pub struct SourceConfig {
    #[serde(deserialize_with = "lenient::text")]
    pub current_cluster_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub user_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sasl_mechanism: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub instance_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub bootstrap_servers: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub security_protocol: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub direction: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub sync_consumer_offsets_enabled: Option<bool>,
    #[serde(deserialize_with = "lenient::number")]
    pub replication_factor: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub task_num: Option<i64>,
    /// Older answers leave off the last letter.
    #[serde(alias = "rename_topic_enable", deserialize_with = "lenient::flag")]
    pub rename_topic_enabled: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    pub provenance_header_enabled: Option<bool>,
    #[serde(deserialize_with = "lenient::text")]
    pub consumer_strategy: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub compression_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub topics_mapping: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub redis_address: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub redis_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub dcs_instance_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub sync_mode: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub full_sync_wait_ms: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub full_sync_max_retry: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub ratelimit: Option<i64>,
}

/// `sink_task`, of OBS or of Redis. What the service adds of its own is not read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the vendor's names; page ShowConnectorTask")]
pub struct SinkConfig {
    #[serde(deserialize_with = "lenient::text")]
    pub consumer_strategy: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub destination_file_type: Option<String>,
    /// One sample of the vendor leaves off the last letter.
    #[serde(alias = "deliver_time_interva", deserialize_with = "lenient::number")]
    pub deliver_time_interval: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    pub obs_bucket_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub obs_path: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub partition_format: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub record_delimiter: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub store_keys: Option<bool>,
    #[serde(deserialize_with = "lenient::text")]
    pub agency_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub redis_address: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub redis_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub dcs_instance_id: Option<String>,
}
