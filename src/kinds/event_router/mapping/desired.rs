//! From the custom resource to the normal form, and the secrets that it names.
use super::definition::{Advanced, DcsEnd, DcsSync, Definition, End, KafkaEnd, KafkaSync, Mapping};
use super::definition::{RocketmqEnd, RocketmqSync, mappings, names, seek};
use crate::api::reference::SecretKeyRef;
use crate::engine::kind::Desired;
use crate::engine::kind::Invalid;
use crate::kinds::event_router::resource::{
    DcsParameters, DcsToDcs, EventRouterAdvanced, EventRouterEnd, EventRouterJob, KafkaParameters,
    KafkaToKafka, RocketmqParameters, RocketmqToRocketmq,
};

/// The vendor's rule for names, page `CreateEventRouterJob`.
const NAME_MAX: usize = 128;

/// The wish.
///
/// # Errors
/// When the spec breaks a rule that admission holds too: an object may be older than the rule.
pub fn desired(resource: &EventRouterJob) -> Result<Desired<Definition>, Invalid> {
    let spec = &resource.spec.for_provider;
    let name = name(resource)?;
    let source = end("forProvider.source", &spec.source)?;
    let sink = end("forProvider.sink", &spec.sink)?;
    let advanced = advanced(&spec.advanced)?;
    matching(&source, &sink, &advanced)?;
    Ok(Desired {
        name: name.clone(),
        run_state: Some(resource.spec.run_state),
        definition: Definition {
            cluster_id: spec.cluster_id.clone(),
            name,
            description: spec.description.clone(),
            scene_type: spec.scene_type.clone(),
            source,
            sink,
            advanced,
        },
    })
}

/// Every secret that the spec names, by its path below `forProvider`.
pub fn secrets(resource: &EventRouterJob) -> Vec<(String, SecretKeyRef)> {
    let spec = &resource.spec.for_provider;
    [("source", &spec.source), ("sink", &spec.sink)]
        .into_iter()
        .flat_map(|(side, end)| {
            let kafka = end
                .kafka
                .as_ref()
                .and_then(|end| end.password_secret_ref.as_ref());
            let rocketmq = end
                .rocketmq
                .as_ref()
                .and_then(|end| end.password_secret_ref.as_ref());
            let dcs = end.dcs.as_ref().and_then(|end| end.password_secret_ref.as_ref());
            [("kafka", kafka), ("rocketmq", rocketmq), ("dcs", dcs)].map(|(kind, secret)| {
                secret.map(|secret| (format!("{side}.{kind}.passwordSecretRef"), secret.clone()))
            })
        })
        .flatten()
        .collect()
}

fn name(resource: &EventRouterJob) -> Result<String, Invalid> {
    let (field, name) = match &resource.spec.for_provider.name {
        Some(name) => ("forProvider.name", name.clone()),
        None => (
            "metadata.name",
            resource.metadata.name.clone().unwrap_or_default(),
        ),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if starts_well && name.len() <= NAME_MAX && name.chars().all(legal) {
        return Ok(name);
    }
    Err(invalid(
        field,
        "must start with a letter or digit, hold only letters, digits, '.', '_' and '-', and be at most 128 long",
    ))
}

fn end(field: &str, end: &EventRouterEnd) -> Result<End, Invalid> {
    match (&end.kafka, &end.rocketmq, &end.dcs) {
        (Some(end), None, None) => Ok(End::Kafka(kafka(end))),
        (None, Some(end), None) => Ok(End::Rocketmq(rocketmq(end))),
        (None, None, Some(end)) => Ok(End::Dcs(dcs(end))),
        (None, None, None) | (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => {
            Err(invalid(field, "set exactly one of kafka, rocketmq and dcs"))
        }
    }
}

fn kafka(end: &KafkaParameters) -> KafkaEnd {
    KafkaEnd {
        config_type: end.config_type.clone(),
        region: end.region.clone(),
        project_id: end.project_id.clone(),
        instance_id: end.instance_id.clone(),
        cluster_alias: end.cluster_alias.clone(),
        addresses: addresses(end.addresses.as_ref()),
        authenticate_mode: Some(mode(end.authenticate_mode.as_deref().unwrap_or_default())),
        sasl_mechanism: end.sasl_mechanism.clone(),
        user_name: end.user_name.clone(),
    }
}

/// An empty mode is the vendor's default, as it is when it is read.
pub(super) fn mode(mode: &str) -> String {
    if mode.is_empty() {
        "PLAINTEXT".into()
    } else {
        mode.into()
    }
}

fn rocketmq(end: &RocketmqParameters) -> RocketmqEnd {
    RocketmqEnd {
        config_type: end.config_type.clone(),
        region: end.region.clone(),
        project_id: end.project_id.clone(),
        instance_id: end.instance_id.clone(),
        cluster_alias: end.cluster_alias.clone(),
        addresses: addresses(end.addresses.as_ref()),
        ssl_enabled: end.ssl_enabled,
        acl_enabled: end.acl_enabled,
        user_name: end.user_name.clone(),
    }
}

fn dcs(end: &DcsParameters) -> DcsEnd {
    DcsEnd {
        config_type: end.config_type.clone(),
        region: end.region.clone(),
        project_id: end.project_id.clone(),
        instance_id: end.instance_id.clone(),
        addresses: addresses(end.addresses.as_ref()),
    }
}

/// An empty list is as good as none: the service finds the addresses.
fn addresses(list: Option<&Vec<String>>) -> Option<Vec<String>> {
    list.map(|list| names(list.iter().map(String::as_str)))
        .filter(|list| !list.is_empty())
}

fn topics(list: Option<&Vec<String>>) -> Vec<String> {
    list.map(|list| names(list.iter().map(String::as_str)))
        .unwrap_or_default()
}

fn advanced(advanced: &EventRouterAdvanced) -> Result<Advanced, Invalid> {
    match (
        &advanced.kafka_to_kafka,
        &advanced.rocketmq_to_rocketmq,
        &advanced.dcs_to_dcs,
    ) {
        (Some(sync), None, None) => Ok(Advanced::KafkaToKafka(kafka_sync(sync))),
        (None, Some(sync), None) => Ok(Advanced::RocketmqToRocketmq(rocketmq_sync(sync))),
        (None, None, Some(sync)) => Ok(Advanced::DcsToDcs(dcs_sync(sync))),
        (None, None, None) | (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => {
            Err(invalid(
                "forProvider.advanced",
                "set exactly one of kafkaToKafka, rocketmqToRocketmq and dcsToDcs",
            ))
        }
    }
}

fn kafka_sync(sync: &KafkaToKafka) -> KafkaSync {
    let listed = sync.topic_mappings.iter().flatten();
    KafkaSync {
        topics: topics(sync.topics.as_ref()),
        topic_regex: sync.topic_regex.clone().unwrap_or_default(),
        replica_count: Some(sync.replica_count.into()),
        seek_to: sync.seek_to.as_str().into(),
        compression: Some(sync.compression.as_str().into()),
        sync_progress: Some(sync.sync_progress),
        add_header: Some(sync.add_header),
        rename_topic: sync.rename_topic,
        topic_mappings: mappings(listed.map(|one| Mapping {
            source: one.source.clone(),
            sink: one.sink.clone(),
        })),
    }
}

fn rocketmq_sync(sync: &RocketmqToRocketmq) -> RocketmqSync {
    RocketmqSync {
        topics: topics(sync.topics.as_ref()),
        topic_regex: sync.topic_regex.clone().unwrap_or_default(),
        seek_to: seek(&sync.seek_to),
        compression: Some(sync.compression.as_str().into()),
        sync_progress: Some(sync.sync_progress),
    }
}

fn dcs_sync(sync: &DcsToDcs) -> DcsSync {
    DcsSync {
        synchronize_type: sync.synchronize_type.clone(),
        connect_retry_seconds: Some(sync.connect_retry_seconds.into()),
        other_retry_seconds: Some(sync.other_retry_seconds.into()),
        rate_limit_mbps: Some(sync.rate_limit_mbps.unwrap_or_default().into()),
        use_standby_node: sync.use_standby_node,
    }
}

fn matching(source: &End, sink: &End, advanced: &Advanced) -> Result<(), Invalid> {
    match (source, sink) {
        (End::Kafka(_), End::Kafka(_))
        | (End::Rocketmq(_), End::Rocketmq(_))
        | (End::Dcs(_), End::Dcs(_)) => {}
        (End::Kafka(_) | End::Rocketmq(_) | End::Dcs(_), _) => {
            return Err(invalid("forProvider.sink", "must be of the same kind as source"));
        }
    }
    match (source, advanced) {
        (End::Kafka(_), Advanced::KafkaToKafka(_))
        | (End::Rocketmq(_), Advanced::RocketmqToRocketmq(_))
        | (End::Dcs(_), Advanced::DcsToDcs(_)) => Ok(()),
        (End::Kafka(_) | End::Rocketmq(_) | End::Dcs(_), _) => Err(invalid(
            "forProvider.advanced",
            "must match source: kafkaToKafka for kafka, rocketmqToRocketmq for rocketmq, dcsToDcs for dcs",
        )),
    }
}

fn invalid(field: &str, message: &str) -> Invalid {
    Invalid {
        field: field.into(),
        message: message.into(),
    }
}
