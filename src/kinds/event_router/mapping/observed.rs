//! From an answer to the normal form. What cannot be read as a whole definition is none, never a half one.
use super::definition::{Advanced, DcsEnd, DcsSync, Definition, End, KafkaEnd, KafkaSync, Mapping};
use super::definition::{RocketmqEnd, RocketmqSync, mappings, names, seek};
use super::desired::mode;
use super::progress::Sync;
use crate::engine::kind::Failure;
use crate::engine::kind::Observed;
use crate::engine::mark::take_mark;
use crate::kinds::event_router::wire::{
    AdvanceConfig, Dcs2Dcs, DcsConfig, JobInfo, Kafka2Kafka, KafkaConfig, Rocketmq2Rocketmq, RocketmqConfig,
    SinkConfig, SourceConfig,
};

/// What only this kind observes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Connectivity of the source, in the vendor's word, and what the vendor says about it.
    pub source: (Option<String>, Option<String>),
    /// Connectivity of the sink.
    pub sink: (Option<String>, Option<String>),
    /// The log group and the log stream that the job writes to.
    pub log: (Option<String>, Option<String>),
    /// Progress, once it was read.
    pub sync: Option<Sync>,
}

/// One job as the service shows it; `None` when it does not even say which.
pub fn observed(job: JobInfo) -> Option<Observed<Definition, Facts>> {
    let (description, mark) = take_mark(job.description.as_deref().unwrap_or_default());
    let name = job.name.clone().unwrap_or_default();
    Some(Observed {
        id: job.job_id.clone()?,
        definition: definition(&job, &name, description).map(Box::new),
        name,
        mark,
        created_at: job.created_time.as_deref().and_then(|time| time.parse().ok()),
        state: job.status.unwrap_or_default(),
        failure: failure(job.err_code, job.err_message),
        facts: Facts {
            source: (job.source_status, job.source_status_info),
            sink: (job.sink_status, job.sink_status_info),
            log: (job.log_group_id, job.log_stream_id),
            sync: None,
        },
    })
}

fn failure(code: Option<String>, message: Option<String>) -> Option<Failure> {
    if code.is_none() && message.is_none() {
        return None;
    }
    Some(Failure {
        code,
        message: message.unwrap_or_default(),
    })
}

/// The answer of create and some rows of the list carry no configs: that means "not echoed", not "empty".
fn definition(job: &JobInfo, name: &str, description: String) -> Option<Definition> {
    Some(Definition {
        cluster_id: job.cluster_id.clone()?,
        name: name.to_owned(),
        description: Some(description),
        scene_type: job.scene_type.clone()?,
        source: source(job.source_config.as_ref()?)?,
        sink: sink(job.sink_config.as_ref()?)?,
        advanced: advanced(job.advance_config.as_ref()?)?,
    })
}

fn source(config: &SourceConfig) -> Option<End> {
    end(
        config.source_kafka.as_ref(),
        config.source_rocketmq.as_ref(),
        config.source_dcs.as_ref(),
    )
}

fn sink(config: &SinkConfig) -> Option<End> {
    end(
        config.sink_kafka.as_ref(),
        config.sink_rocketmq.as_ref(),
        config.sink_dcs.as_ref(),
    )
}

fn end(
    kafka_config: Option<&KafkaConfig>,
    rocketmq_config: Option<&RocketmqConfig>,
    dcs_config: Option<&DcsConfig>,
) -> Option<End> {
    match (kafka_config, rocketmq_config, dcs_config) {
        (Some(config), _, _) => kafka(config).map(End::Kafka),
        (None, Some(config), _) => rocketmq(config).map(End::Rocketmq),
        (None, None, Some(config)) => dcs(config).map(End::Dcs),
        (None, None, None) => None,
    }
}

/// The type of an end that was echoed as a whole: a cloud end without an instance was not.
fn config_type(config_type: Option<&String>, instance: Option<&String>) -> Option<String> {
    config_type
        .filter(|kind| *kind != "CLOUD" || instance.is_some())
        .cloned()
}

fn kafka(config: &KafkaConfig) -> Option<KafkaEnd> {
    Some(KafkaEnd {
        config_type: config_type(config.config_type.as_ref(), config.instance_id.as_ref())?,
        instance_id: config.instance_id.clone(),
        region: config.region.clone()?,
        project_id: config.project_id.clone()?,
        cluster_alias: config.cluster_alias.clone()?,
        addresses: addresses(config.address.as_deref()),
        authenticate_mode: Some(mode(config.authenticate_mode.as_deref().unwrap_or_default())),
        sasl_mechanism: Some(config.sasl_mechanism.clone().unwrap_or_default()),
        user_name: Some(config.user_name.clone().unwrap_or_default()),
    })
}

fn rocketmq(config: &RocketmqConfig) -> Option<RocketmqEnd> {
    Some(RocketmqEnd {
        config_type: config_type(config.config_type.as_ref(), config.instance_id.as_ref())?,
        instance_id: config.instance_id.clone(),
        region: config.region.clone()?,
        project_id: config.project_id.clone()?,
        cluster_alias: config.cluster_alias.clone()?,
        addresses: addresses(config.address.as_deref()),
        ssl_enabled: Some(config.ssl_open.unwrap_or_default()),
        acl_enabled: Some(config.acl_open.unwrap_or_default()),
        user_name: Some(config.user_name.clone().unwrap_or_default()),
    })
}

fn dcs(config: &DcsConfig) -> Option<DcsEnd> {
    Some(DcsEnd {
        config_type: config_type(config.config_type.as_ref(), config.instance_id.as_ref())?,
        instance_id: config.instance_id.clone(),
        region: config.region.clone()?,
        project_id: config.project_id.clone()?,
        addresses: addresses(config.address.as_deref()),
    })
}

fn addresses(joined: Option<&str>) -> Option<Vec<String>> {
    joined
        .map(|joined| names(joined.split(',')))
        .filter(|list| !list.is_empty())
}

fn topics(joined: Option<&String>) -> Vec<String> {
    joined.map(|joined| names(joined.split(','))).unwrap_or_default()
}

fn advanced(config: &AdvanceConfig) -> Option<Advanced> {
    match (&config.kafka2kafka, &config.rocketmq2rocketmq, &config.dcs2dcs) {
        (Some(sync), _, _) => kafka_sync(sync).map(Advanced::KafkaToKafka),
        (None, Some(sync), _) => rocketmq_sync(sync).map(Advanced::RocketmqToRocketmq),
        (None, None, Some(sync)) => dcs_sync(sync).map(Advanced::DcsToDcs),
        (None, None, None) => None,
    }
}

fn kafka_sync(sync: &Kafka2Kafka) -> Option<KafkaSync> {
    Some(KafkaSync {
        topics: topics(sync.topics.as_ref()),
        topic_regex: sync.topic_regex.clone().unwrap_or_default(),
        replica_count: sync.replica_cnt,
        seek_to: sync.seek_to.clone()?,
        compression: sync.compress_alg.clone(),
        sync_progress: sync.is_sync_progress,
        add_header: sync.is_add_header,
        rename_topic: sync.rename_topic.unwrap_or_default(),
        topic_mappings: mappings(sync.topic_mappings.iter().map(|one| Mapping {
            source: one.source_topic.clone().unwrap_or_default(),
            sink: one.sink_topic.clone().unwrap_or_default(),
        })),
    })
}

fn rocketmq_sync(sync: &Rocketmq2Rocketmq) -> Option<RocketmqSync> {
    Some(RocketmqSync {
        topics: topics(sync.topics.as_ref()),
        topic_regex: sync.topic_regex.clone().unwrap_or_default(),
        seek_to: seek(sync.seek_to.as_deref()?),
        compression: sync.compress_alg.clone(),
        sync_progress: sync.is_sync_progress,
    })
}

/// The rate counts only while its switch is on; a service that is on and says no rate applies its documented 5.
fn dcs_sync(sync: &Dcs2Dcs) -> Option<DcsSync> {
    let limited = sync.use_rate_limit.unwrap_or_default();
    Some(DcsSync {
        synchronize_type: sync.synchronize_type.clone()?,
        connect_retry_seconds: Some(sync.connect_retry_time.unwrap_or(60)),
        other_retry_seconds: Some(sync.other_retry_time.unwrap_or(60)),
        rate_limit_mbps: Some(if limited { sync.rate_limit.unwrap_or(5) } else { 0 }),
        use_standby_node: Some(sync.use_slave_node.unwrap_or_default()),
    })
}
