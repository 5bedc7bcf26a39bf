//! From the normal form to the body of create and update. Secrets are borrowed and never copied.
use super::definition::{Advanced, DcsEnd, DcsSync, Definition, End, KafkaEnd, KafkaSync};
use super::definition::{RocketmqEnd, RocketmqSync};
use crate::engine::kind::Invalid;
use crate::engine::kind::Parcel;
use crate::engine::mark::with_mark;
use crate::kinds::event_router::wire::{
    AdvanceBody, Dcs2DcsBody, DcsBody, JobBody, Kafka2KafkaBody, KafkaBody, MappingBody, Password,
    Rocketmq2RocketmqBody, RocketmqBody, SinkBody, SourceBody,
};
use secrecy::ExposeSecret;

/// The longest description, page `CreateEventRouterJob`.
const DESCRIPTION_MAX: usize = 256;

/// The body that creates a job, or that replaces its definition as a whole.
///
/// # Errors
/// When a secret value breaks a rule of the vendor; admission cannot see into Secrets.
pub fn body<'a>(definition: &'a Definition, parcel: &Parcel<'a>) -> Result<JobBody<'a>, Invalid> {
    Ok(JobBody {
        cluster_id: &definition.cluster_id,
        name: &definition.name,
        description: description(definition.description.as_deref().unwrap_or_default(), parcel.mark),
        scene_type: &definition.scene_type,
        source_config: match &definition.source {
            End::Kafka(end) => SourceBody::SourceKafka(kafka(end, password(parcel, "source.kafka"))),
            End::Rocketmq(end) => {
                SourceBody::SourceRocketmq(rocketmq(end, password(parcel, "source.rocketmq")))
            }
            End::Dcs(end) => SourceBody::SourceDcs(dcs(end, dcs_password(parcel, "source.dcs")?)),
        },
        sink_config: match &definition.sink {
            End::Kafka(end) => SinkBody::SinkKafka(kafka(end, password(parcel, "sink.kafka"))),
            End::Rocketmq(end) => SinkBody::SinkRocketmq(rocketmq(end, password(parcel, "sink.rocketmq"))),
            End::Dcs(end) => SinkBody::SinkDcs(dcs(end, dcs_password(parcel, "sink.dcs")?)),
        },
        advance_config: match &definition.advanced {
            Advanced::KafkaToKafka(sync) => AdvanceBody::Kafka2Kafka(kafka_sync(sync)),
            Advanced::RocketmqToRocketmq(sync) => AdvanceBody::Rocketmq2Rocketmq(rocketmq_sync(sync)),
            Advanced::DcsToDcs(sync) => AdvanceBody::Dcs2Dcs(dcs_sync(sync)),
        },
    })
}

/// A description of an adopted job may leave no room for the mark; then it stays as its author wrote it.
fn description(text: &str, mark: &str) -> String {
    let marked = with_mark(text, mark);
    if marked.chars().count() > DESCRIPTION_MAX {
        return text.to_owned();
    }
    marked
}

fn password<'a>(parcel: &Parcel<'a>, end: &str) -> Password<'a> {
    Password(parcel.secrets.get(&format!("{end}.passwordSecretRef")))
}

/// The user guide's page on DCS jobs forbids the single quote.
fn dcs_password<'a>(parcel: &Parcel<'a>, end: &str) -> Result<Password<'a>, Invalid> {
    let password = password(parcel, end);
    match password.0 {
        Some(value) if value.expose_secret().contains('\'') => Err(Invalid {
            field: format!("forProvider.{end}.passwordSecretRef"),
            message: "the password must not contain a single quote: choose another one".into(),
        }),
        Some(_) | None => Ok(password),
    }
}

fn kafka<'a>(end: &'a KafkaEnd, password: Password<'a>) -> KafkaBody<'a> {
    KafkaBody {
        config_type: &end.config_type,
        region: &end.region,
        project_id: &end.project_id,
        instance_id: end.instance_id.as_deref(),
        cluster_alias: &end.cluster_alias,
        address: joined(end.addresses.as_ref()),
        user_name: end.user_name.as_deref(),
        password,
        authenticate_mode: end.authenticate_mode.as_deref(),
        sasl_mechanism: end.sasl_mechanism.as_deref(),
    }
}

fn rocketmq<'a>(end: &'a RocketmqEnd, password: Password<'a>) -> RocketmqBody<'a> {
    RocketmqBody {
        config_type: &end.config_type,
        region: &end.region,
        project_id: &end.project_id,
        instance_id: end.instance_id.as_deref(),
        cluster_alias: &end.cluster_alias,
        address: joined(end.addresses.as_ref()),
        ssl_open: end.ssl_enabled.map(|on| on.to_string()),
        acl_open: end.acl_enabled,
        user_name: end.user_name.as_deref(),
        password,
    }
}

fn dcs<'a>(end: &'a DcsEnd, password: Password<'a>) -> DcsBody<'a> {
    DcsBody {
        config_type: &end.config_type,
        region: &end.region,
        project_id: &end.project_id,
        instance_id: end.instance_id.as_deref(),
        address: joined(end.addresses.as_ref()),
        password,
    }
}

fn joined(list: Option<&Vec<String>>) -> Option<String> {
    list.map(|list| list.join(","))
}

fn kafka_sync(sync: &KafkaSync) -> Kafka2KafkaBody<'_> {
    Kafka2KafkaBody {
        topics: sync.topics.join(","),
        topic_regex: &sync.topic_regex,
        topic_mappings: sync
            .topic_mappings
            .iter()
            .map(|one| MappingBody {
                source_topic: &one.source,
                sink_topic: &one.sink,
            })
            .collect(),
        rename_topic: sync.rename_topic,
        is_add_header: sync.add_header,
        is_sync_progress: sync.sync_progress,
        replica_cnt: sync.replica_count,
        seek_to: &sync.seek_to,
        compress_alg: sync.compression.as_deref(),
    }
}

fn rocketmq_sync(sync: &RocketmqSync) -> Rocketmq2RocketmqBody<'_> {
    Rocketmq2RocketmqBody {
        topics: sync.topics.join(","),
        topic_regex: &sync.topic_regex,
        is_sync_progress: sync.sync_progress,
        seek_to: &sync.seek_to,
        compress_alg: sync.compression.as_deref(),
    }
}

fn dcs_sync(sync: &DcsSync) -> Dcs2DcsBody<'_> {
    let limit = sync.rate_limit_mbps.filter(|limit| *limit > 0);
    Dcs2DcsBody {
        synchronize_type: &sync.synchronize_type,
        connect_retry_time: sync.connect_retry_seconds.map(|seconds| seconds.to_string()),
        other_retry_time: sync.other_retry_seconds.map(|seconds| seconds.to_string()),
        use_rate_limit: limit.is_some(),
        rate_limit: limit.map(|limit| limit.to_string()),
        use_slave_node: sync.use_standby_node,
    }
}
