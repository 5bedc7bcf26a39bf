//! The request tables (`api-kafka/CreateConnectorTask`, `ModifyConnectorTask`, `ValidateConnectorConnectivity`).

use crate::schema::{Field, Shape, may, must};

const ANY: Shape = Shape::Text(65_535);
const COUNT: Shape = Shape::Integer(0, i64::MAX);

/// Create.
pub(super) const CREATE: &[Field] = &[
    must("task_name", Shape::Text(64)),
    may("start_later", Shape::Boolean),
    may("topics", ANY),
    may("topics_regex", ANY),
    may("source_type", Shape::Word(SOURCES)),
    may("source_task", Shape::Object(SOURCE)),
    may("sink_type", Shape::Word(SINKS)),
    may("sink_task", Shape::Object(SINK)),
];

/// Modify, whose body is shaped like the answers, without [`SERVER_OWNED`].
pub(super) const MODIFY: &[Field] = &[
    may("task_name", Shape::Text(64)),
    may("topics", ANY),
    may("topics_regex", ANY),
    may("source_type", Shape::Word(SOURCES)),
    may("source_task", Shape::Object(SOURCE)),
    may("sink_type", Shape::Word(SINKS)),
    may("sink_task", Shape::Object(SINK)),
    may("id", ANY),
    may("status", ANY),
    may("create_time", COUNT),
];

/// Validate; the member of an OBS task is in no page, so both sides are taken.
pub(super) const VALIDATE: &[Field] = &[
    may("type", Shape::Word(&["KAFKA_REPLICATOR_SOURCE", "OBS_SINK"])),
    may("task", Shape::Any),
];

const SOURCES: &[&str] = &["NONE", "KAFKA_REPLICATOR_SOURCE", "REDIS_REPLICATOR_SOURCE"];
const SINKS: &[&str] = &["NONE", "OBS_SINK", "REDIS_REPLICATOR_SINK"];
const STRATEGIES: &[&str] = &["latest", "earliest"];

/// The source of a task, Kafka or Redis.
pub(super) const SOURCE: &[Field] = &[
    may("current_cluster_name", ANY),
    may("cluster_name", ANY),
    may("user_name", ANY),
    may("password", ANY),
    may("sasl_mechanism", Shape::Word(&["PLAIN", "SCRAM-SHA-512"])),
    may("instance_id", ANY),
    may("bootstrap_servers", ANY),
    may(
        "security_protocol",
        Shape::Word(&["PLAINTEXT", "SASL_SSL", "SASL_PLAINTEXT"]),
    ),
    may("direction", Shape::Word(&["pull", "push", "two-way"])),
    may("sync_consumer_offsets_enabled", Shape::Boolean),
    may("replication_factor", Shape::Integer(1, i64::MAX)),
    may("task_num", Shape::Integer(1, i64::MAX)),
    may("rename_topic_enabled", Shape::Boolean),
    may("provenance_header_enabled", Shape::Boolean),
    may("consumer_strategy", Shape::Word(STRATEGIES)),
    may(
        "compression_type",
        Shape::Word(&["none", "gzip", "snappy", "lz4", "zstd"]),
    ),
    may("topics_mapping", ANY),
    may("redis_address", ANY),
    may("redis_type", ANY),
    may("dcs_instance_id", ANY),
    may("redis_password", ANY),
    may("sync_mode", Shape::Word(&["RDB_ONLY", "CUSTOM_OFFSET"])),
    may("full_sync_max_retry", COUNT),
    may("full_sync_wait_ms", COUNT),
    may("ratelimit", Shape::Integer(-1, i64::MAX)),
];

/// The sink of a task, OBS or Redis.
pub(super) const SINK: &[Field] = &[
    may("consumer_strategy", Shape::Word(STRATEGIES)),
    may("destination_file_type", Shape::Word(&["TEXT"])),
    may("deliver_time_interval", Shape::Integer(30, 900)),
    may("access_key", ANY),
    may("secret_key", ANY),
    may("agency_name", ANY),
    may("obs_bucket_name", ANY),
    may("obs_path", Shape::Text(64)),
    may("partition_format", Shape::Word(PARTITIONS)),
    may("record_delimiter", ANY),
    may("store_keys", Shape::Boolean),
    may("redis_address", ANY),
    may("redis_type", ANY),
    may("dcs_instance_id", ANY),
    may("redis_password", ANY),
];

const PARTITIONS: &[&str] = &[
    "yyyy",
    "yyyy/MM",
    "yyyy/MM/dd",
    "yyyy/MM/dd/HH",
    "yyyy/MM/dd/HH/mm",
];

/// What the service adds to a sink, and modify leaves as it is.
pub(super) const SERVER_OWNED: [&str; 12] = [
    "obs_part_size",
    "flush_size",
    "timezone",
    "schema_generator_class",
    "partitioner_class",
    "value_converter",
    "key_converter",
    "kv_delimiter",
    "connector_class",
    "storage_class",
    "format_class",
    "target_db",
];

/// What no answer ever holds.
pub(super) const SECRETS: [&str; 4] = ["password", "redis_password", "access_key", "secret_key"];
