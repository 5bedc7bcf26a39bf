//! From the custom resource to the normal form, and the secrets that it names.
use super::definition::{
    Definition, KafkaSource, Mapping, ObsSink, RedisSink, RedisSource, Set, Sink, Source, directory, names,
};
use crate::api::reference::SecretKeyRef;
use crate::engine::kind::Desired;
use crate::engine::kind::Invalid;
use crate::kinds::smart_connect::resource::{
    KafkaSourceParameters, ObsSinkParameters, RedisSinkParameters, RedisSourceParameters,
    SmartConnectParameters, SmartConnectSink, SmartConnectSource, SmartConnectTask,
};
use serde::Serialize;
use serde_json::Value;

/// The vendor's rule for names, user guide.
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 4..=64;
/// No limit, in the vendor's word.
const UNLIMITED: i64 = -1;

/// The wish.
///
/// # Errors
/// When the spec breaks a rule that admission holds too: an object may be older than the rule.
pub fn desired(resource: &SmartConnectTask) -> Result<Desired<Definition>, Invalid> {
    let spec = &resource.spec.for_provider;
    let name = name(resource)?;
    let (source, sink) = pair(spec)?;
    let definition = Definition {
        instance_id: spec.instance_id.clone(),
        name: name.clone(),
        topics: list(spec.topics.as_ref()).unwrap_or_default(),
        topics_regex: spec.topics_regex.clone().unwrap_or_default(),
        source,
        sink,
    };
    selected(&definition)?;
    Ok(Desired {
        name,
        run_state: Some(resource.spec.run_state),
        definition,
    })
}

/// Every secret that the spec names, by its path below `forProvider`.
pub fn secrets(resource: &SmartConnectTask) -> Vec<(String, SecretKeyRef)> {
    let source = resource.spec.for_provider.source.as_ref();
    let sink = resource.spec.for_provider.sink.as_ref();
    let kafka = source.and_then(|source| source.kafka.as_ref());
    let read = source.and_then(|source| source.redis.as_ref());
    let obs = sink.and_then(|sink| sink.obs.as_ref());
    let written = sink.and_then(|sink| sink.redis.as_ref());
    let named = [
        (
            "source.kafka.passwordSecretRef",
            kafka.and_then(|end| end.password_secret_ref.as_ref()),
        ),
        (
            "source.redis.passwordSecretRef",
            read.and_then(|end| end.password_secret_ref.as_ref()),
        ),
        (
            "sink.redis.passwordSecretRef",
            written.and_then(|end| end.password_secret_ref.as_ref()),
        ),
        (
            "sink.obs.accessKeySecretRef",
            obs.and_then(|end| end.access_key_secret_ref.as_ref()),
        ),
        (
            "sink.obs.secretKeySecretRef",
            obs.and_then(|end| end.secret_key_secret_ref.as_ref()),
        ),
    ];
    named
        .into_iter()
        .filter_map(|(path, secret)| Some((path.to_owned(), secret?.clone())))
        .collect()
}

fn name(resource: &SmartConnectTask) -> Result<String, Invalid> {
    let (field, name) = match &resource.spec.for_provider.name {
        Some(name) => ("forProvider.name", name.clone()),
        None => (
            "metadata.name",
            resource.metadata.name.clone().unwrap_or_default(),
        ),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if NAME_LENGTH.contains(&name.len()) && name.chars().all(legal) {
        return Ok(name);
    }
    Err(invalid(
        field,
        "must hold 4 to 64 letters, digits, '_' and '-', and nothing else",
    ))
}

/// The three pairs that there are.
fn pair(spec: &SmartConnectParameters) -> Result<(Option<Source>, Option<Sink>), Invalid> {
    let source = spec.source.as_ref().map(source).transpose()?;
    let sink = spec.sink.as_ref().map(sink).transpose()?;
    match (&source, &sink) {
        (Some(Source::Kafka(_)), None)
        | (None, Some(Sink::Obs(_)))
        | (Some(Source::Redis(_)), Some(Sink::Redis(_))) => Ok((source, sink)),
        (None | Some(Source::Kafka(_) | Source::Redis(_)), None | Some(Sink::Obs(_) | Sink::Redis(_))) => {
            Err(invalid(
                "forProvider",
                "source and sink do not go together: set source.kafka alone, sink.obs alone, or source.redis and sink.redis",
            ))
        }
    }
}

fn source(source: &SmartConnectSource) -> Result<Source, Invalid> {
    match (&source.kafka, &source.redis) {
        (Some(end), None) => Ok(Source::Kafka(kafka(end))),
        (None, Some(end)) => Ok(Source::Redis(redis_source(end))),
        (None, None) | (Some(_), Some(_)) => Err(invalid(
            "forProvider.source",
            "set exactly one of kafka and redis",
        )),
    }
}

fn sink(sink: &SmartConnectSink) -> Result<Sink, Invalid> {
    match (&sink.obs, &sink.redis) {
        (Some(end), None) => Ok(Sink::Obs(obs(end))),
        (None, Some(end)) => Ok(Sink::Redis(redis_sink(end))),
        (None, None) | (Some(_), Some(_)) => {
            Err(invalid("forProvider.sink", "set exactly one of obs and redis"))
        }
    }
}

/// A task without topics would be refused, or copy what nobody meant.
fn selected(definition: &Definition) -> Result<(), Invalid> {
    let mapped = match &definition.source {
        Some(Source::Kafka(end)) => !end.topic_mappings.is_empty(),
        Some(Source::Redis(_)) | None => false,
    };
    match (definition.topics.is_empty(), definition.topics_regex.is_empty()) {
        (true, false) | (false, true) => Ok(()),
        (true, true) if mapped => Ok(()),
        (true, true) | (false, false) => Err(invalid(
            "forProvider",
            "set exactly one of topics and topicsRegex; only Kafka to Kafka may have source.kafka.topicMappings alone",
        )),
    }
}

fn kafka(end: &KafkaSourceParameters) -> KafkaSource {
    let mappings = end.topic_mappings.iter().flatten();
    KafkaSource {
        current_cluster_name: end.current_cluster_name.clone(),
        cluster_name: end.cluster_name.clone(),
        instance_id: end.instance_id.clone(),
        bootstrap_servers: list(end.bootstrap_servers.as_ref()),
        security_protocol: end.security_protocol.map(word),
        sasl_mechanism: end.sasl_mechanism.map(word),
        user_name: end.user_name.clone().unwrap_or_default(),
        direction: Some(word(end.direction)),
        sync_consumer_offsets: end.sync_consumer_offsets,
        replication_factor: Some(end.replication_factor.into()),
        task_count: Some(end.task_count.into()),
        rename_topic: end.rename_topic,
        provenance_header: end.provenance_header,
        consumer_strategy: Some(word(end.consumer_strategy)),
        compression: Some(word(end.compression)),
        topic_mappings: mappings
            .map(|one| Mapping {
                source: one.source.clone(),
                sink: one.sink.clone(),
            })
            .collect(),
    }
}

fn redis_source(end: &RedisSourceParameters) -> RedisSource {
    RedisSource {
        addresses: list(end.addresses.as_ref()),
        r#type: end.r#type.clone(),
        dcs_instance_id: end.dcs_instance_id.clone(),
        sync_mode: word(end.sync_mode),
        full_sync_max_retry: Some(end.full_sync_max_retry.into()),
        full_sync_wait_ms: Some(end.full_sync_wait_ms.into()),
        rate_limit_kbps: Some(end.rate_limit_kbps.map_or(UNLIMITED, Into::into)),
    }
}

fn redis_sink(end: &RedisSinkParameters) -> RedisSink {
    RedisSink {
        addresses: list(end.addresses.as_ref()),
        r#type: end.r#type.clone(),
        dcs_instance_id: end.dcs_instance_id.clone(),
    }
}

fn obs(end: &ObsSinkParameters) -> ObsSink {
    ObsSink {
        bucket: end.bucket.clone(),
        path: directory(end.path.as_deref().unwrap_or_default()),
        consumer_strategy: word(end.consumer_strategy),
        file_type: word(end.file_type),
        deliver_interval_seconds: end.deliver_interval_seconds.into(),
        agency_name: end.agency_name.clone(),
        partition_format: word(end.partition_format),
        record_delimiter: word(end.record_delimiter),
        store_keys: end.store_keys,
    }
}

fn list(list: Option<&Vec<String>>) -> Option<Set<String>> {
    list.map(|list| names(list.iter().map(String::as_str)))
        .filter(|list| !list.is_empty())
}

/// The vendor's word for a choice: the one that stands in the manifest.
fn word(choice: impl Serialize) -> String {
    match serde_json::to_value(choice) {
        Ok(Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}

fn invalid(field: &str, message: &str) -> Invalid {
    Invalid {
        field: field.into(),
        message: message.into(),
    }
}
