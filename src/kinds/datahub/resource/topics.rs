//! Topics as one side of a task: of a CKafka instance or another Kafka cluster, and stand-alone DIP topics.
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// Topics of a Kafka cluster, page `KafkaParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.offsetType) || self.offsetType != 'timestamp' || has(self.startTime)")
        .message("kafkaParam.startTime is required when offsetType is timestamp: set it to seconds since 1970"),
    validation = Rule::new("!has(self.startTime) || (has(self.offsetType) && self.offsetType == 'timestamp')")
        .message("kafkaParam.startTime means nothing without offsetType timestamp: set offsetType, or leave startTime out"),
    validation = Rule::new("!has(self.useTableMapping) || !self.useTableMapping || (has(self.tableMappings) && size(self.tableMappings) > 0)")
        .message("kafkaParam.tableMappings is required when useTableMapping is true: list the tables and their topics"),
    validation = Rule::new("!has(self.useAutoCreateTopic) || !self.useAutoCreateTopic || (has(self.useTableMapping) && self.useTableMapping) || (has(self.topic) && self.topic != '')")
        .message("kafkaParam.topic is required when useAutoCreateTopic is true and useTableMapping is not: name the topic to create")
)]
pub struct KafkaParam {
    /// Whether the cluster is one that the user runs, not a CKafka instance.
    pub self_built: bool,
    /// The id of the CKafka instance (`ckafka-…`), or of the connection (`resource-…`) to a cluster of one's own.
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// The topic; several are joined by commas, in any order.
    #[schemars(length(max = 4096))]
    pub topic: Option<String>,
    /// Where a new task begins to read: `earliest`, `latest` or `timestamp`. Only in `sourceResource`.
    #[schemars(extend("enum" = ["earliest", "latest", "timestamp"]))]
    pub offset_type: Option<String>,
    /// The time to begin at, in seconds since 1970; with `offsetType` `timestamp`.
    #[schemars(range(min = 0, max = 9_999_999_999_i64))]
    pub start_time: Option<i64>,
    /// The name under which the instance is shown. The service fills it; it is not compared.
    #[schemars(length(max = 256))]
    pub resource_name: Option<String>,
    /// The number of the availability zone, such as 100006. The service fills it; it is not compared.
    pub zone_id: Option<i64>,
    /// The id of the topic (`topic-…`). The service fills it; it is not compared.
    #[schemars(length(max = 256))]
    pub topic_id: Option<String>,
    /// The number of partitions. The service fills it; it is not compared.
    #[schemars(range(min = 0))]
    pub partition_num: Option<i64>,
    /// Whether messages that cannot be processed are tolerated.
    pub enable_toleration: Option<bool>,
    /// The most messages per second.
    #[schemars(range(min = 0))]
    pub qps_limit: Option<i64>,
    /// Which table goes to which topic; with `useTableMapping`. In any order.
    #[schemars(length(max = 1000))]
    pub table_mappings: Option<Vec<TableMapping>>,
    /// Whether data is spread over several topics as `tableMappings` says; false by default.
    pub use_table_mapping: Option<bool>,
    /// Whether the service creates the topic; false by default, and only in tasks of type `SOURCE`. The name is that in
    /// `topic`, unless `useTableMapping` is true.
    pub use_auto_create_topic: Option<bool>,
    /// Compression of what is written: `none` (default) or `open`.
    #[schemars(extend("enum" = ["none", "open"]))]
    pub compression_type: Option<String>,
    /// Into how many messages one message becomes; only from CKafka to CKafka.
    #[schemars(range(min = 1))]
    pub msg_multiple: Option<i64>,
    /// What a synchronisation of instances carries: `META_SYNC_INSTANCE_TYPE`, `META_AND_DATA_SYNC_INSTANCE_TYPE` or
    /// `DATA_SYNC_TYPE`. Absent for ordinary tasks.
    #[schemars(length(max = 64))]
    pub connector_sync_type: Option<String>,
    /// Whether messages keep the number of their partition; false by default. The target needs as many partitions.
    pub keep_partition: Option<bool>,
    /// A regular expression that chooses topics.
    #[schemars(length(max = 4096))]
    pub topic_regular_expression: Option<String>,
    /// What is put before the names of target topics.
    #[schemars(length(max = 256))]
    pub prefix: Option<String>,
    /// What stands between prefix and name: `.`, `-` or `_`.
    #[schemars(length(max = 16))]
    pub separator: Option<String>,
    /// The topics one by one, in any order.
    #[schemars(length(max = 1000), inner(length(min = 1, max = 256)))]
    pub topic_list: Option<Vec<String>>,
}

/// A table and the topic that it goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableMapping {
    /// The database.
    #[schemars(length(min = 1, max = 256))]
    pub database: String,
    /// The table; several are joined by commas.
    #[schemars(length(min = 1, max = 4096))]
    pub table: String,
    /// The name of the topic.
    #[schemars(length(min = 1, max = 256))]
    pub topic: String,
    /// The id of the topic (`topic-…`).
    #[schemars(length(min = 1, max = 256))]
    pub topic_id: String,
}

/// A stand-alone DIP topic, page `TopicParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.offsetType) || self.offsetType != 'timestamp' || has(self.startTime)")
        .message("topicParam.startTime is required when offsetType is timestamp: set it to seconds since 1970"),
    validation = Rule::new("!has(self.startTime) || (has(self.offsetType) && self.offsetType == 'timestamp')")
        .message("topicParam.startTime means nothing without offsetType timestamp: set offsetType, or leave startTime out")
)]
pub struct TopicParam {
    /// The name of the topic, `<AppId>-<name>`.
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// Where a new task begins to read: `earliest`, `latest` or `timestamp`. Only in `sourceResource`.
    #[schemars(extend("enum" = ["earliest", "latest", "timestamp"]))]
    pub offset_type: Option<String>,
    /// The time to begin at, in seconds since 1970; with `offsetType` `timestamp`.
    #[schemars(range(min = 0, max = 9_999_999_999_i64))]
    pub start_time: Option<i64>,
    /// Compression of what is written: `none`, `gzip`, `snappy` or `lz4`.
    #[schemars(extend("enum" = ["none", "gzip", "snappy", "lz4"]))]
    pub compression_type: Option<String>,
    /// Whether the service creates the topic; false by default, and only in tasks of type `SOURCE`.
    pub use_auto_create_topic: Option<bool>,
    /// Into how many messages one message becomes; only from CKafka to CKafka.
    #[schemars(range(min = 1))]
    pub msg_multiple: Option<i64>,
}
