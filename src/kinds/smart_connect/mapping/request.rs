//! From the normal form to the bodies of create and modify. Secrets are borrowed and never copied.
use super::definition::{
    Definition, KafkaSource, Mapping, ObsSink, RedisSink, RedisSource, Set, Sink, Source,
};
use super::lifecycle::MODIFIABLE;
use crate::engine::kind::Parcel;
use crate::engine::kind::SecretValues;
use crate::kinds::smart_connect::wire::{
    Entity, KafkaBody, ObsBody, Password, RedisSinkBody, RedisSourceBody, SinkBody, SourceBody, TaskBody,
};
use serde_json::{Map, Value};

/// The body that creates a task, started or not.
pub fn body<'a>(definition: &'a Definition, start_later: bool, parcel: &Parcel<'a>) -> TaskBody<'a> {
    let secret = |path: &str| Password(parcel.secrets.get(path));
    let (source_type, source_task) = match &definition.source {
        Some(Source::Kafka(end)) => (
            Some("KAFKA_REPLICATOR_SOURCE"),
            Some(SourceBody::Kafka(kafka(
                end,
                secret("source.kafka.passwordSecretRef"),
            ))),
        ),
        Some(Source::Redis(end)) => (
            Some("REDIS_REPLICATOR_SOURCE"),
            Some(SourceBody::Redis(redis_source(
                end,
                secret("source.redis.passwordSecretRef"),
            ))),
        ),
        None => (Some("NONE"), None),
    };
    let (sink_type, sink_task) = match &definition.sink {
        Some(Sink::Obs(end)) => {
            let (access, key) = ("sink.obs.accessKeySecretRef", "sink.obs.secretKeySecretRef");
            let body = obs(end, secret(access), secret(key));
            (Some("OBS_SINK"), Some(SinkBody::Obs(body)))
        }
        Some(Sink::Redis(end)) => (
            Some("REDIS_REPLICATOR_SINK"),
            Some(SinkBody::Redis(redis_sink(
                end,
                secret("sink.redis.passwordSecretRef"),
            ))),
        ),
        None => (None, None),
    };
    TaskBody {
        task_name: &definition.name,
        start_later,
        topics: joined(&definition.topics),
        topics_regex: text(&definition.topics_regex),
        source_type,
        source_task,
        sink_type,
        sink_task,
    }
}

/// The body that modifies a task: all of it as it came, with the changed fields laid over it. What a change empties is
/// sent as the empty text, because it is not known whether a missing member means "keep" or "clear".
///
/// # Errors
/// When the definition cannot be written as JSON.
pub fn modified(
    entity: &Entity,
    definition: &Definition,
    paths: &[String],
) -> Result<Map<String, Value>, serde_json::Error> {
    let secrets = SecretValues::new();
    let parcel = Parcel {
        secrets: &secrets,
        mark: "",
    };
    let wished = serde_json::to_value(body(definition, false, &parcel))?;
    let mut members = entity.members().clone();
    for (_, member) in MODIFIABLE
        .iter()
        .filter(|(path, _)| paths.iter().any(|p| p == path))
    {
        let value = wished.pointer(&format!("/{}", member.replace('.', "/")));
        set(&mut members, member, value.cloned().unwrap_or_else(|| "".into()));
    }
    Ok(members)
}

fn set(members: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((side, rest)) => {
            if let Some(Value::Object(below)) = members.get_mut(side) {
                set(below, rest, value);
            }
        }
    }
}

fn kafka<'a>(end: &'a KafkaSource, password: Password<'a>) -> KafkaBody<'a> {
    KafkaBody {
        current_cluster_name: end.current_cluster_name.as_deref(),
        cluster_name: end.cluster_name.as_deref(),
        user_name: text(&end.user_name),
        password,
        sasl_mechanism: end.sasl_mechanism.as_deref(),
        instance_id: end.instance_id.as_deref(),
        bootstrap_servers: end.bootstrap_servers.as_ref().and_then(joined),
        security_protocol: end.security_protocol.as_deref(),
        direction: end.direction.as_deref(),
        sync_consumer_offsets_enabled: end.sync_consumer_offsets,
        replication_factor: end.replication_factor,
        task_num: end.task_count,
        rename_topic_enabled: end.rename_topic,
        provenance_header_enabled: end.provenance_header,
        consumer_strategy: end.consumer_strategy.as_deref(),
        compression_type: end.compression.as_deref(),
        topics_mapping: mapped(&end.topic_mappings),
    }
}

fn redis_source<'a>(end: &'a RedisSource, redis_password: Password<'a>) -> RedisSourceBody<'a> {
    RedisSourceBody {
        redis_address: end.addresses.as_ref().and_then(joined),
        redis_type: &end.r#type,
        dcs_instance_id: end.dcs_instance_id.as_deref(),
        redis_password,
        sync_mode: &end.sync_mode,
        full_sync_max_retry: end.full_sync_max_retry,
        full_sync_wait_ms: end.full_sync_wait_ms,
        ratelimit: end.rate_limit_kbps,
    }
}

fn redis_sink<'a>(end: &'a RedisSink, redis_password: Password<'a>) -> RedisSinkBody<'a> {
    RedisSinkBody {
        redis_address: end.addresses.as_ref().and_then(joined),
        redis_type: &end.r#type,
        dcs_instance_id: end.dcs_instance_id.as_deref(),
        redis_password,
    }
}

fn obs<'a>(end: &'a ObsSink, access_key: Password<'a>, secret_key: Password<'a>) -> ObsBody<'a> {
    ObsBody {
        consumer_strategy: &end.consumer_strategy,
        destination_file_type: &end.file_type,
        deliver_time_interval: end.deliver_interval_seconds,
        access_key,
        secret_key,
        agency_name: end.agency_name.as_deref(),
        obs_bucket_name: &end.bucket,
        obs_path: &end.path,
        partition_format: &end.partition_format,
        record_delimiter: delimiter(&end.record_delimiter),
        store_keys: end.store_keys,
    }
}

/// The vendor's samples write a line feed as backslash and n.
fn delimiter(delimiter: &str) -> &str {
    if delimiter == "\n" { "\\n" } else { delimiter }
}

fn text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn joined(list: &Set<String>) -> Option<String> {
    let members: Vec<&str> = list.iter().map(String::as_str).collect();
    (!members.is_empty()).then(|| members.join(","))
}

fn mapped(mappings: &Set<Mapping>) -> Option<String> {
    let pairs: Vec<String> = mappings
        .iter()
        .map(|one| format!("{}:{}", one.source, one.sink))
        .collect();
    (!pairs.is_empty()).then(|| pairs.join(","))
}
