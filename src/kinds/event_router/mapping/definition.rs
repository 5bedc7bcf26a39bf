//! The normal form of a job: two definitions agree if and only if they are equal, field by field.
//!
//! A field that is `None` is not compared: the user left it to the service. Lists are sorted, because the vendor joins
//! them by commas and may reorder them. Words that the vendor may extend are text.
use serde::{Deserialize, Serialize};

/// A job in the words of `forProvider`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of EventRouterParameters, which documents them"
)]
pub struct Definition {
    pub cluster_id: String,
    pub name: String,
    pub description: Option<String>,
    pub scene_type: String,
    pub source: End,
    pub sink: End,
    pub advanced: Advanced,
}

/// One end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "EndFields")]
pub enum End {
    /// A Kafka cluster.
    Kafka(KafkaEnd),
    /// A RocketMQ cluster.
    Rocketmq(RocketmqEnd),
    /// A DCS instance.
    Dcs(DcsEnd),
}

/// A Kafka cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields of KafkaParameters, which documents them")]
pub struct KafkaEnd {
    pub config_type: String,
    pub region: String,
    pub project_id: String,
    pub instance_id: Option<String>,
    pub cluster_alias: String,
    pub addresses: Option<Vec<String>>,
    pub authenticate_mode: Option<String>,
    pub sasl_mechanism: Option<String>,
    pub user_name: Option<String>,
}

/// A RocketMQ cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of RocketmqParameters, which documents them"
)]
pub struct RocketmqEnd {
    pub config_type: String,
    pub region: String,
    pub project_id: String,
    pub instance_id: Option<String>,
    pub cluster_alias: String,
    pub addresses: Option<Vec<String>>,
    pub ssl_enabled: Option<bool>,
    pub acl_enabled: Option<bool>,
    pub user_name: Option<String>,
}

/// A DCS instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields of DcsParameters, which documents them")]
pub struct DcsEnd {
    pub config_type: String,
    pub region: String,
    pub project_id: String,
    pub instance_id: Option<String>,
    pub addresses: Option<Vec<String>>,
}

/// How the data is synchronised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "AdvancedFields")]
pub enum Advanced {
    /// From Kafka to Kafka.
    KafkaToKafka(KafkaSync),
    /// From RocketMQ to RocketMQ.
    RocketmqToRocketmq(RocketmqSync),
    /// From DCS to DCS.
    DcsToDcs(DcsSync),
}

/// From Kafka to Kafka. Of topics and expression the unused one is empty, so that both are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields of KafkaToKafka, which documents them")]
pub struct KafkaSync {
    pub topics: Vec<String>,
    pub topic_regex: String,
    pub replica_count: Option<i64>,
    pub seek_to: String,
    pub compression: Option<String>,
    pub sync_progress: Option<bool>,
    pub add_header: Option<bool>,
    pub rename_topic: bool,
    pub topic_mappings: Vec<Mapping>,
}

/// A topic that has another name at the sink.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields of TopicMapping, which documents them")]
pub struct Mapping {
    pub source: String,
    pub sink: String,
}

/// From RocketMQ to RocketMQ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "the fields of RocketmqToRocketmq, which documents them"
)]
pub struct RocketmqSync {
    pub topics: Vec<String>,
    pub topic_regex: String,
    pub seek_to: String,
    pub compression: Option<String>,
    pub sync_progress: Option<bool>,
}

/// From DCS to DCS. No limit is 0, so that dropping a limit is a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields of DcsToDcs, which documents them")]
pub struct DcsSync {
    pub synchronize_type: String,
    pub connect_retry_seconds: Option<i64>,
    pub other_retry_seconds: Option<i64>,
    #[serde(rename = "rateLimitMBps")]
    pub rate_limit_mbps: Option<i64>,
    pub use_standby_node: Option<bool>,
}

/// Whether source and sink are the wished ones exchanged: someone carried out a switchover, which the vendor does
/// inside the same job. What is not the identity of an end may differ.
pub fn is_switched(wished: &Definition, seen: &Definition) -> bool {
    let straight = wished.source.is(&seen.source) && wished.sink.is(&seen.sink);
    !straight && wished.source.is(&seen.sink) && wished.sink.is(&seen.source)
}

/// The path of the same field at the other end.
pub fn exchanged(path: &str) -> String {
    match path.split_once('.') {
        Some(("source", field)) => format!("sink.{field}"),
        Some(("sink", field)) => format!("source.{field}"),
        _ => path.to_owned(),
    }
}

/// What tells one end from another.
struct Identity<'a> {
    kind: &'static str,
    region: &'a str,
    project: &'a str,
    alias: Option<&'a str>,
    instance: Option<&'a str>,
    addresses: Option<&'a [String]>,
}

impl End {
    /// Whether the other is the same place: by the instance, or by the addresses where no instance is wished.
    fn is(&self, seen: &Self) -> bool {
        let (wished, seen) = (self.identity(), seen.identity());
        let place = match wished.instance {
            Some(_) => wished.instance == seen.instance,
            None => wished.addresses.is_some() && wished.addresses == seen.addresses,
        };
        place
            && wished.kind == seen.kind
            && wished.region == seen.region
            && wished.project == seen.project
            && wished.alias == seen.alias
    }

    fn identity(&self) -> Identity<'_> {
        match self {
            Self::Kafka(end) => Identity {
                kind: "kafka",
                region: &end.region,
                project: &end.project_id,
                alias: Some(&end.cluster_alias),
                instance: end.instance_id.as_deref(),
                addresses: end.addresses.as_deref(),
            },
            Self::Rocketmq(end) => Identity {
                kind: "rocketmq",
                region: &end.region,
                project: &end.project_id,
                alias: Some(&end.cluster_alias),
                instance: end.instance_id.as_deref(),
                addresses: end.addresses.as_deref(),
            },
            Self::Dcs(end) => Identity {
                kind: "dcs",
                region: &end.region,
                project: &end.project_id,
                alias: None,
                instance: end.instance_id.as_deref(),
                addresses: end.addresses.as_deref(),
            },
        }
    }
}

/// The names in a normal form: trimmed, each once, sorted.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = names
        .into_iter()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(Into::into)
        .collect();
    // The shorter first, so that numbered hosts keep the order in which people write them.
    names.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    names.dedup();
    names
}

/// The mappings in a normal form: sorted by source.
pub(super) fn mappings(mappings: impl IntoIterator<Item = Mapping>) -> Vec<Mapping> {
    let mut mappings: Vec<Mapping> = mappings.into_iter().collect();
    mappings.sort();
    mappings.dedup();
    mappings
}

/// A start point in a normal form: a timestamp loses leading zeros.
pub(super) fn seek(word: &str) -> String {
    word.trim()
        .parse::<u64>()
        .map_or_else(|_| word.to_owned(), |time| time.to_string())
}

/// An end as it is read back: when what is merged from wish and sight holds two kinds, the first one stands.
#[derive(Deserialize)]
struct EndFields {
    kafka: Option<KafkaEnd>,
    rocketmq: Option<RocketmqEnd>,
    dcs: Option<DcsEnd>,
}

impl TryFrom<EndFields> for End {
    type Error = &'static str;

    fn try_from(fields: EndFields) -> Result<Self, Self::Error> {
        let EndFields { kafka, rocketmq, dcs } = fields;
        kafka
            .map(Self::Kafka)
            .or(rocketmq.map(Self::Rocketmq))
            .or(dcs.map(Self::Dcs))
            .ok_or("an end needs one of kafka, rocketmq and dcs")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AdvancedFields {
    kafka_to_kafka: Option<KafkaSync>,
    rocketmq_to_rocketmq: Option<RocketmqSync>,
    dcs_to_dcs: Option<DcsSync>,
}

impl TryFrom<AdvancedFields> for Advanced {
    type Error = &'static str;

    fn try_from(fields: AdvancedFields) -> Result<Self, Self::Error> {
        let AdvancedFields {
            kafka_to_kafka,
            rocketmq_to_rocketmq,
            dcs_to_dcs,
        } = fields;
        kafka_to_kafka
            .map(Self::KafkaToKafka)
            .or(rocketmq_to_rocketmq.map(Self::RocketmqToRocketmq))
            .or(dcs_to_dcs.map(Self::DcsToDcs))
            .ok_or("advanced needs one of kafkaToKafka, rocketmqToRocketmq and dcsToDcs")
    }
}
