//! The normal form of a task: two definitions agree if and only if they are equal, field by field.
//!
//! A field that is `None` is not compared: the user left it to the service. Lists are sets, because the vendor joins
//! them by commas and may reorder them. Words that the vendor may extend are text.
use serde::{Deserialize, Serialize, Serializer};

/// A list whose order means nothing: it is sent as it was written, and compared and shown as a set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Set<T>(Vec<T>);

impl<T: Ord> Set<T> {
    /// The members in the order in which they were written.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn sorted(&self) -> Vec<&T> {
        let mut members: Vec<&T> = self.0.iter().collect();
        members.sort();
        members.dedup();
        members
    }
}

impl<T> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

impl<T: Ord> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.sorted() == other.sorted()
    }
}

impl<T: Ord + Serialize> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.sorted().serialize(to)
    }
}

/// A task in the words of `forProvider`. Of topics and expression the unused one is empty, so that both are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of SmartConnectParameters, which documents them"
)]
pub struct Definition {
    pub instance_id: String,
    pub name: String,
    pub topics: Set<String>,
    pub topics_regex: String,
    pub source: Option<Source>,
    pub sink: Option<Sink>,
}

/// Where the data comes from, where that is not the instance itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "SourceFields")]
pub enum Source {
    /// The other Kafka cluster, whatever the direction.
    Kafka(KafkaSource),
    /// A Redis.
    Redis(RedisSource),
}

/// Where the data goes to, where that is not Kafka.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "SinkFields")]
pub enum Sink {
    /// A bucket.
    Obs(ObsSink),
    /// A Redis.
    Redis(RedisSink),
}

/// The other Kafka cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of KafkaSourceParameters, which documents them"
)]
pub struct KafkaSource {
    pub current_cluster_name: Option<String>,
    pub cluster_name: Option<String>,
    pub instance_id: Option<String>,
    pub bootstrap_servers: Option<Set<String>>,
    pub security_protocol: Option<String>,
    pub sasl_mechanism: Option<String>,
    /// Nobody is the empty name.
    pub user_name: String,
    pub direction: Option<String>,
    pub sync_consumer_offsets: Option<bool>,
    pub replication_factor: Option<i64>,
    pub task_count: Option<i64>,
    pub rename_topic: Option<bool>,
    pub provenance_header: Option<bool>,
    pub consumer_strategy: Option<String>,
    pub compression: Option<String>,
    pub topic_mappings: Set<Mapping>,
}

/// A topic that has another name where it is copied to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields of TopicMapping, which documents them")]
pub struct Mapping {
    pub source: String,
    pub sink: String,
}

/// The Redis that is read. No limit is -1, the vendor's word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of RedisSourceParameters, which documents them"
)]
pub struct RedisSource {
    pub addresses: Option<Set<String>>,
    pub r#type: String,
    pub dcs_instance_id: Option<String>,
    pub sync_mode: String,
    pub full_sync_max_retry: Option<i64>,
    pub full_sync_wait_ms: Option<i64>,
    #[serde(rename = "rateLimitKBps")]
    pub rate_limit_kbps: Option<i64>,
}

/// The Redis that is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of RedisSinkParameters, which documents them"
)]
pub struct RedisSink {
    pub addresses: Option<Set<String>>,
    pub r#type: String,
    pub dcs_instance_id: Option<String>,
}

/// The bucket. No directory is the empty one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of ObsSinkParameters, which documents them"
)]
pub struct ObsSink {
    pub bucket: String,
    pub path: String,
    pub consumer_strategy: String,
    pub file_type: String,
    pub deliver_interval_seconds: i64,
    pub agency_name: Option<String>,
    pub partition_format: String,
    pub record_delimiter: String,
    pub store_keys: bool,
}

/// The names without what surrounds them.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Set<String> {
    names
        .into_iter()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(Into::into)
        .collect()
}

/// A directory in a normal form: slashes at its ends mean nothing.
pub(super) fn directory(path: &str) -> String {
    path.trim_matches('/').to_owned()
}

/// A source as it is read back: when what is merged from wish and sight holds both, the first one stands.
#[derive(Deserialize)]
struct SourceFields {
    kafka: Option<KafkaSource>,
    redis: Option<RedisSource>,
}

impl TryFrom<SourceFields> for Source {
    type Error = &'static str;

    fn try_from(SourceFields { kafka, redis }: SourceFields) -> Result<Self, Self::Error> {
        kafka
            .map(Self::Kafka)
            .or(redis.map(Self::Redis))
            .ok_or("a source needs one of kafka and redis")
    }
}

#[derive(Deserialize)]
struct SinkFields {
    obs: Option<ObsSink>,
    redis: Option<RedisSink>,
}

impl TryFrom<SinkFields> for Sink {
    type Error = &'static str;

    fn try_from(SinkFields { obs, redis }: SinkFields) -> Result<Self, Self::Error> {
        obs.map(Self::Obs)
            .or(redis.map(Self::Redis))
            .ok_or("a sink needs one of obs and redis")
    }
}
