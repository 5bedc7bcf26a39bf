//! From an answer to the normal form. What cannot be read as a whole definition is none, never a half one.
use super::definition::{
    Definition, KafkaSource, Mapping, ObsSink, RedisSink, RedisSource, Set, Sink, Source, directory, names,
};
use crate::engine::kind::Observed;
use crate::kinds::smart_connect::wire::{Entity, SinkConfig, SourceConfig, Task, TaskInfo, TaskPage};
use k8s_openapi::jiff::Timestamp;

/// What only this kind observes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The task as it came, for the request that sends it back changed.
    pub entity: Entity,
    /// How many tasks the instance has and may have, where a list told.
    pub quota: Option<Quota>,
}

/// How many tasks an instance has, and how many it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many there are.
    pub used: i64,
    /// How many there may be.
    pub allowed: i64,
}

impl Quota {
    /// That of a page of the list: the lower one of its two bounds.
    pub fn of(page: &TaskPage) -> Option<Self> {
        let bounds = [page.quota_tasks, page.max_tasks];
        Some(Self {
            used: page.total_number?,
            allowed: bounds.into_iter().flatten().min()?,
        })
    }

    /// Whether there is none left.
    pub const fn is_used_up(self) -> bool {
        self.used >= self.allowed
    }
}

/// One task as an instance shows it; `None` when it does not even say which.
pub fn observed(instance_id: &str, task: Task) -> Option<Observed<Definition, Facts>> {
    let Task { info, entity } = task;
    let created = info
        .create_time
        .and_then(|time| Timestamp::from_millisecond(time).ok());
    Some(Observed {
        id: info.id.clone()?,
        definition: definition(instance_id, &info).map(Box::new),
        name: info.task_name.unwrap_or_default(),
        mark: None,
        created_at: created,
        state: info.status.unwrap_or_default(),
        failure: None,
        facts: Facts { entity, quota: None },
    })
}

/// A side whose type is named and whose settings are missing was not echoed, which is not the same as empty.
fn definition(instance_id: &str, info: &TaskInfo) -> Option<Definition> {
    Some(Definition {
        instance_id: instance_id.to_owned(),
        name: info.task_name.clone()?,
        topics: list(info.topics.as_deref()).unwrap_or_default(),
        topics_regex: info.topics_regex.clone().unwrap_or_default(),
        source: match info.source_type.as_deref() {
            Some("KAFKA_REPLICATOR_SOURCE") => Some(Source::Kafka(kafka(info.source_task.as_ref()?)?)),
            Some("REDIS_REPLICATOR_SOURCE") => Some(Source::Redis(redis_source(info.source_task.as_ref()?)?)),
            Some(_) | None => None,
        },
        sink: match info.sink_type.as_deref() {
            Some("OBS_SINK") => Some(Sink::Obs(obs(info.sink_task.as_ref()?)?)),
            Some("REDIS_REPLICATOR_SINK") => Some(Sink::Redis(redis_sink(info.sink_task.as_ref()?)?)),
            Some(_) | None => None,
        },
    })
}

fn kafka(config: &SourceConfig) -> Option<KafkaSource> {
    let peer = config.instance_id.as_ref().or(config.bootstrap_servers.as_ref());
    peer?;
    Some(KafkaSource {
        current_cluster_name: config.current_cluster_name.clone(),
        cluster_name: config.cluster_name.clone(),
        instance_id: config.instance_id.clone(),
        bootstrap_servers: list(config.bootstrap_servers.as_deref()),
        security_protocol: config.security_protocol.clone(),
        sasl_mechanism: config.sasl_mechanism.clone(),
        user_name: config.user_name.clone().unwrap_or_default(),
        direction: config.direction.clone(),
        sync_consumer_offsets: config.sync_consumer_offsets_enabled,
        replication_factor: config.replication_factor,
        task_count: config.task_num,
        rename_topic: config.rename_topic_enabled,
        provenance_header: config.provenance_header_enabled,
        consumer_strategy: config.consumer_strategy.clone(),
        compression: config.compression_type.clone(),
        topic_mappings: mappings(config.topics_mapping.as_deref().unwrap_or_default()),
    })
}

fn redis_source(config: &SourceConfig) -> Option<RedisSource> {
    Some(RedisSource {
        addresses: list(config.redis_address.as_deref()),
        r#type: config.redis_type.clone()?,
        dcs_instance_id: config.dcs_instance_id.clone(),
        // A sample of the vendor has a comma at its end.
        sync_mode: config.sync_mode.as_deref()?.trim_end_matches(',').to_owned(),
        full_sync_max_retry: config.full_sync_max_retry,
        full_sync_wait_ms: config.full_sync_wait_ms,
        rate_limit_kbps: config.ratelimit,
    })
}

fn redis_sink(config: &SinkConfig) -> Option<RedisSink> {
    Some(RedisSink {
        addresses: list(config.redis_address.as_deref()),
        r#type: config.redis_type.clone()?,
        dcs_instance_id: config.dcs_instance_id.clone(),
    })
}

/// What the service leaves out has the value that its pages give as the default.
fn obs(config: &SinkConfig) -> Option<ObsSink> {
    let file_type = config.destination_file_type.as_deref().unwrap_or("TEXT");
    Some(ObsSink {
        bucket: config.obs_bucket_name.clone()?,
        path: directory(config.obs_path.as_deref().unwrap_or_default()),
        consumer_strategy: config.consumer_strategy.clone()?,
        file_type: file_type.to_ascii_uppercase(),
        deliver_interval_seconds: config.deliver_time_interval.unwrap_or(300),
        agency_name: config.agency_name.clone(),
        partition_format: config.partition_format.clone()?,
        record_delimiter: delimiter(config.record_delimiter.as_deref()),
        store_keys: config.store_keys.unwrap_or_default(),
    })
}

/// A line feed comes as itself or as backslash and n, and nothing as `NULL`, as the empty text or not at all.
fn delimiter(written: Option<&str>) -> String {
    match written {
        Some("\\n") => "\n",
        Some(other) => other,
        None => "NULL",
    }
    .to_owned()
}

fn list(joined: Option<&str>) -> Option<Set<String>> {
    joined
        .map(|joined| names(joined.split(',')))
        .filter(|list| !list.is_empty())
}

fn mappings(joined: &str) -> Set<Mapping> {
    names(joined.split(','))
        .iter()
        .map(|pair| {
            let (source, sink) = pair.split_once(':').unwrap_or((pair, ""));
            Mapping {
                source: source.trim().to_owned(),
                sink: sink.trim().to_owned(),
            }
        })
        .collect()
}
