//! The request tables (`api-eg/CreateEventRouterJob`, `UpdateEventRouterJob` and their siblings).

use crate::schema::{Field, Shape, may, must};

/// Create and update, whose tables are identical.
pub(super) const JOB: &[Field] = &[
    must("cluster_id", Shape::Text(64)),
    must("name", Shape::Name(128)),
    may("description", Shape::Text(256)),
    must("scene_type", Shape::Word(&["DISASTER_BACKUP"])),
    may("source_config", Shape::Object(SOURCE)),
    may("sink_config", Shape::Object(SINK)),
    may("advance_config", Shape::Object(ADVANCE)),
];

/// Pre-check.
pub(super) const VALIDATION: &[Field] = &[
    must("cluster_id", Shape::Text(64)),
    may("source_config", Shape::Object(SOURCE)),
    may("sink_config", Shape::Object(SINK)),
];

/// Action.
pub(super) const ACTION: &[Field] = &[
    must("operation", Shape::Text(64)),
    may("config", Shape::Object(OPERATE)),
];

const OPERATE: &[Field] = &[
    may("switch_now", Shape::Boolean),
    may("sink_address", Shape::Text(4096)),
];

/// Sync detail.
pub(super) const DETAIL: &[Field] = &[
    must("offset", Shape::Integer(0, 10_000)),
    must("limit", Shape::Integer(10, 1000)),
    may("conditions", Shape::Array(CONDITION)),
];

const CONDITION: &[Field] = &[
    must("key", Shape::Word(&["topic"])),
    must("operate", Shape::Word(&["EQUAL", "LIKE"])),
    must("value", Shape::Any),
];

/// Log switch.
pub(super) const LOG: &[Field] = &[
    must("enabled", Shape::Boolean),
    may("log_group_id", Shape::Text(64)),
    may("log_stream_id", Shape::Text(64)),
];

const SOURCE: &[Field] = &[
    may("source_kafka", Shape::Object(KAFKA)),
    may("source_rocketmq", Shape::Object(ROCKETMQ)),
    may("source_dcs", Shape::Object(DCS)),
];

const SINK: &[Field] = &[
    may("sink_kafka", Shape::Object(KAFKA)),
    may("sink_rocketmq", Shape::Object(ROCKETMQ)),
    may("sink_dcs", Shape::Object(DCS)),
];

const ADVANCE: &[Field] = &[
    may("kafka2kafka", Shape::Object(KAFKA_TO_KAFKA)),
    may("rocketmq2rocketmq", Shape::Object(ROCKETMQ_TO_ROCKETMQ)),
    may("dcs2dcs", Shape::Object(DCS_TO_DCS)),
];

/// Kafka end.
pub(super) const KAFKA: &[Field] = &[
    must("config_type", Shape::Text(64)),
    must("region", Shape::Text(64)),
    must("project_id", Shape::Text(64)),
    may("instance_id", Shape::Text(64)),
    must("cluster_alias", Shape::Text(256)),
    may("address", Shape::Text(4096)),
    may("authenticate_mode", Shape::Text(64)),
    may("sasl_mechanism", Shape::Text(64)),
    may("user_name", Shape::Text(256)),
    may("password", Shape::Text(256)),
];

/// `RocketMQ` end; `ssl_open` is a string and `acl_open` a boolean.
pub(super) const ROCKETMQ: &[Field] = &[
    must("config_type", Shape::Text(64)),
    must("region", Shape::Text(64)),
    must("project_id", Shape::Text(64)),
    may("instance_id", Shape::Text(64)),
    must("cluster_alias", Shape::Text(256)),
    may("address", Shape::Text(4096)),
    may("ssl_open", Shape::Word(&["true", "false"])),
    may("acl_open", Shape::Boolean),
    may("user_name", Shape::Text(256)),
    may("password", Shape::Text(256)),
];

/// DCS end.
pub(super) const DCS: &[Field] = &[
    must("config_type", Shape::Text(64)),
    must("region", Shape::Text(64)),
    must("project_id", Shape::Text(64)),
    may("instance_id", Shape::Text(64)),
    may("address", Shape::Text(4096)),
    may("password", Shape::Text(256)),
];

/// Kafka to Kafka; `task_cnt` is in the sample only.
pub(super) const KAFKA_TO_KAFKA: &[Field] = &[
    may("topics", Shape::Text(65_535)),
    may("topic_regex", Shape::Text(4096)),
    must("replica_cnt", Shape::Integer(1, 1000)),
    must("seek_to", Shape::Word(&["earliest", "latest"])),
    must(
        "compress_alg",
        Shape::Word(&["none", "gzip", "snappy", "lz4", "zstd"]),
    ),
    must("is_sync_progress", Shape::Boolean),
    must("is_add_header", Shape::Boolean),
    may("rename_topic", Shape::Boolean),
    may("topic_mappings", Shape::Array(MAPPING)),
    may("task_cnt", Shape::Integer(1, 1000)),
];

const MAPPING: &[Field] = &[
    may("source_topic", Shape::Text(256)),
    may("sink_topic", Shape::Text(256)),
];

/// `RocketMQ` to `RocketMQ`; `seek_to` is checked with the rules.
pub(super) const ROCKETMQ_TO_ROCKETMQ: &[Field] = &[
    may("topics", Shape::Text(65_535)),
    may("topic_regex", Shape::Text(4096)),
    must("is_sync_progress", Shape::Boolean),
    must("seek_to", Shape::Text(64)),
    must("compress_alg", Shape::Word(&["none", "gzip", "lz4", "zstd"])),
];

/// DCS to DCS; `use_salve_node` is spelt so on the wire.
pub(super) const DCS_TO_DCS: &[Field] = &[
    must("synchronize_type", Shape::Text(64)),
    must("connect_retry_time", Shape::Digits),
    must("other_retry_time", Shape::Digits),
    may("use_rate_limit", Shape::Boolean),
    may("rate_limit", Shape::Text(32)),
    may("use_salve_node", Shape::Boolean),
];
