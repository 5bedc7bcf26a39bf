//! The ends of a task, but for databases (Datahub API notes, resource structures).

use super::databases::{CLICKHOUSE, MARIADB, MONGODB, MYSQL, POSTGRESQL, SQLSERVER};
use crate::ckafka::structure::{Out, Shape, Table, may, must};

const OFFSET: &[&str] = &["earliest", "latest", "timestamp"];

/// One end of a task.
pub(in crate::ckafka) const RESOURCE: &Table = &[
    must("Type", Shape::Text, Out::Always),
    may("KafkaParam", Shape::Struct(KAFKA), Out::Null),
    may("EventBusParam", Shape::Struct(EVENT_BUS), Out::Null),
    may("MongoDBParam", Shape::Struct(MONGODB), Out::Null),
    may("EsParam", Shape::Struct(ES), Out::Null),
    may("TdwParam", Shape::Struct(TDW), Out::Null),
    may("DtsParam", Shape::Struct(DTS), Out::Null),
    may("ClickHouseParam", Shape::Struct(CLICKHOUSE), Out::Null),
    may("ClsParam", Shape::Struct(CLS), Out::Null),
    may("CosParam", Shape::Struct(COS), Out::Null),
    may("MySQLParam", Shape::Struct(MYSQL), Out::Null),
    may("PostgreSQLParam", Shape::Struct(POSTGRESQL), Out::Null),
    may("TopicParam", Shape::Struct(TOPIC), Out::Null),
    may("MariaDBParam", Shape::Struct(MARIADB), Out::Null),
    may("SQLServerParam", Shape::Struct(SQLSERVER), Out::Null),
    may("CtsdbParam", Shape::Struct(CTSDB), Out::Null),
    may("ScfParam", Shape::Struct(SCF), Out::Null),
    may("MqttParam", Shape::Struct(MQTT), Out::Null),
    may("IcebergParam", Shape::Struct(ICEBERG), Out::Absent),
];

/// Topics of an instance.
pub(super) const KAFKA: &Table = &[
    must("SelfBuilt", Shape::Boolean, Out::Always),
    must("Resource", Shape::Text, Out::Always),
    may("Topic", Shape::Text, Out::Always),
    may("OffsetType", Shape::Word(OFFSET), Out::Null),
    may("StartTime", Shape::Unsigned, Out::Null),
    may("ResourceName", Shape::Text, Out::Null),
    may("ZoneId", Shape::Integer, Out::Null),
    may("TopicId", Shape::Text, Out::Null),
    may("PartitionNum", Shape::Integer, Out::Null),
    may("EnableToleration", Shape::Boolean, Out::Null),
    may("QpsLimit", Shape::Unsigned, Out::Always),
    may("TableMappings", Shape::List(TABLE_MAPPING), Out::Null),
    may("UseTableMapping", Shape::Boolean, Out::Always),
    may("UseAutoCreateTopic", Shape::Boolean, Out::Always),
    may(
        "CompressionType",
        Shape::Word(&["none", "open"]),
        Out::Word("none"),
    ),
    may("MsgMultiple", Shape::Integer, Out::Number(1)),
    may(
        "ConnectorSyncType",
        Shape::Word(&[
            "META_SYNC_INSTANCE_TYPE",
            "META_AND_DATA_SYNC_INSTANCE_TYPE",
            "DATA_SYNC_TYPE",
        ]),
        Out::Always,
    ),
    may("KeepPartition", Shape::Boolean, Out::Always),
    may("TopicRegularExpression", Shape::Text, Out::Absent),
    may("Prefix", Shape::Text, Out::Absent),
    may("Separator", Shape::Text, Out::Absent),
    may("TopicList", Shape::Texts, Out::Absent),
];

const TABLE_MAPPING: &Table = &[
    must("Database", Shape::Text, Out::Absent),
    must("Table", Shape::Text, Out::Absent),
    must("Topic", Shape::Text, Out::Absent),
    must("TopicId", Shape::Text, Out::Absent),
];

/// A stand-alone topic.
pub(super) const TOPIC: &Table = &[
    must("Resource", Shape::Text, Out::Always),
    may("OffsetType", Shape::Word(OFFSET), Out::Null),
    may("StartTime", Shape::Unsigned, Out::Null),
    may("TopicId", Shape::Text, Out::Absent),
    may(
        "CompressionType",
        Shape::Word(&["none", "gzip", "snappy", "lz4"]),
        Out::Word("none"),
    ),
    may("UseAutoCreateTopic", Shape::Boolean, Out::Always),
    may("MsgMultiple", Shape::Integer, Out::Number(1)),
];

/// An event bus.
const EVENT_BUS: &Table = &[
    must(
        "Type",
        Shape::Word(&["COS", "ES", "CLS", "EB_COS", "EB_ES", "EB_CLS"]),
        Out::Always,
    ),
    must("SelfBuilt", Shape::Boolean, Out::Always),
    must("Resource", Shape::Text, Out::Always),
    may("Namespace", Shape::Text, Out::Always),
    may("FunctionName", Shape::Text, Out::Always),
    may("Qualifier", Shape::Text, Out::Always),
];

/// TDW.
const TDW: &Table = &[
    must("Bid", Shape::Text, Out::Absent),
    must("Tid", Shape::Text, Out::Absent),
    may("IsDomestic", Shape::Boolean, Out::Absent),
    may("TdwHost", Shape::Text, Out::Absent),
    may("TdwPort", Shape::Integer, Out::Absent),
];

/// A DTS subscription.
const DTS: &Table = &[
    must("Resource", Shape::Text, Out::Absent),
    may("Ip", Shape::Text, Out::Absent),
    may("Port", Shape::Integer, Out::Absent),
    may("Topic", Shape::Text, Out::Absent),
    may("GroupId", Shape::Text, Out::Absent),
    may("GroupUser", Shape::Text, Out::Absent),
    may("GroupPassword", Shape::Secret, Out::Absent),
    may("TranSql", Shape::Boolean, Out::Absent),
];

/// A log topic.
const CLS: &Table = &[
    must("DecodeJson", Shape::Boolean, Out::Absent),
    must("Resource", Shape::Text, Out::Absent),
    may("LogSet", Shape::Text, Out::Absent),
    may("ContentKey", Shape::Text, Out::Absent),
    may("TimeField", Shape::Text, Out::Absent),
];

/// A bucket.
const COS: &Table = &[
    must("BucketName", Shape::Text, Out::Absent),
    must("Region", Shape::Text, Out::Absent),
    may("ObjectKey", Shape::Text, Out::Absent),
    may("AggregateBatchSize", Shape::Unsigned, Out::Absent),
    may("AggregateInterval", Shape::Unsigned, Out::Absent),
    may("FormatOutputType", Shape::Word(&["csv", "json"]), Out::Absent),
    may("ObjectKeyPrefix", Shape::Text, Out::Absent),
    may("DirectoryTimeFormat", Shape::Text, Out::Absent),
    may("Timezone", Shape::Text, Out::Absent),
    may(
        "SourceDataFormat",
        Shape::Word(&["JSON", "Debezium"]),
        Out::Absent,
    ),
];

/// CTSDB.
const CTSDB: &Table = &[
    may("Resource", Shape::Text, Out::Absent),
    may("CtsdbMetric", Shape::Text, Out::Absent),
];

/// A function.
const SCF: &Table = &[
    must("FunctionName", Shape::Text, Out::Absent),
    may("Namespace", Shape::Text, Out::Absent),
    may("Qualifier", Shape::Text, Out::Absent),
    may("BatchSize", Shape::Integer, Out::Absent),
    may("MaxRetries", Shape::Integer, Out::Absent),
];

/// MQTT.
const MQTT: &Table = &[
    must("Topics", Shape::Text, Out::Absent),
    must("CleanSession", Shape::Boolean, Out::Absent),
    may("Resource", Shape::Text, Out::Absent),
    may("Ip", Shape::Text, Out::Absent),
    may("Port", Shape::Integer, Out::Absent),
    may("UserName", Shape::Text, Out::Absent),
    may("Password", Shape::Secret, Out::Absent),
    may("Qos", Shape::Integer, Out::Absent),
    may("MaxTasks", Shape::Integer, Out::Absent),
    may("ServiceVip", Shape::Text, Out::Absent),
    may("UniqVpcId", Shape::Text, Out::Absent),
    may("SelfBuilt", Shape::Boolean, Out::Absent),
    may("SqlFilter", Shape::Text, Out::Absent),
];

/// Iceberg.
const ICEBERG: &Table = &[
    may("Resource", Shape::Text, Out::Absent),
    may("Database", Shape::Text, Out::Absent),
    may("TableName", Shape::Text, Out::Absent),
    may("SchemeType", Shape::Word(&["JSON"]), Out::Absent),
    may("EnableFieldExtension", Shape::Boolean, Out::Absent),
    may("UpsertMode", Shape::Word(&["Off", "UPSERT", "CDC"]), Out::Absent),
    may("PrimaryKeys", Shape::Text, Out::Absent),
];

/// Elasticsearch.
const ES: &Table = &[
    must("Resource", Shape::Text, Out::Absent),
    may("Port", Shape::Integer, Out::Absent),
    may("UserName", Shape::Text, Out::Absent),
    may("Password", Shape::Secret, Out::Absent),
    may("SelfBuilt", Shape::Boolean, Out::Absent),
    may("ServiceVip", Shape::Text, Out::Absent),
    may("UniqVpcId", Shape::Text, Out::Absent),
    may("DropInvalidMessage", Shape::Boolean, Out::Absent),
    may("Index", Shape::Text, Out::Absent),
    may("DateFormat", Shape::Text, Out::Absent),
    may("ContentKey", Shape::Text, Out::Absent),
    may("DropInvalidJsonMessage", Shape::Boolean, Out::Absent),
    may("DocumentIdField", Shape::Text, Out::Absent),
    may("IndexType", Shape::Word(&["STRING", "JSONPATH"]), Out::Absent),
    may("DropCls", Shape::Struct(DROP_CLS), Out::Absent),
    may("DatabasePrimaryKey", Shape::Text, Out::Absent),
    may("DropDlq", Shape::Struct(FAILURE), Out::Absent),
    may("RecordMappingList", Shape::List(ES_MAPPING), Out::Absent),
    may("DateField", Shape::Text, Out::Absent),
    may(
        "RecordMappingMode",
        Shape::Word(&["EXIST_MAPPING", "NEW_MAPPING"]),
        Out::Absent,
    ),
    may("Protocol", Shape::Word(&["http", "https"]), Out::Absent),
    may(
        "SourceDataFormat",
        Shape::Word(&["Debezium", "Canal"]),
        Out::Absent,
    ),
];

const ES_MAPPING: &Table = &[
    may("ColumnName", Shape::Text, Out::Absent),
    may("JsonKey", Shape::Text, Out::Absent),
];

/// A log topic for messages that do not parse.
pub(super) const DROP_CLS: &Table = &[
    may("DropInvalidMessageToCls", Shape::Boolean, Out::Always),
    may("DropClsRegion", Shape::Text, Out::Always),
    may("DropClsOwneruin", Shape::Text, Out::Always),
    may("DropClsTopicId", Shape::Text, Out::Always),
    may("DropClsLogSet", Shape::Text, Out::Always),
];

/// What happens to messages that fail.
pub(super) const FAILURE: &Table = &[
    must("Type", Shape::Word(&["DLQ", "IGNORE_ERROR", "DROP"]), Out::Always),
    may("KafkaParam", Shape::Struct(KAFKA), Out::Always),
    may("RetryInterval", Shape::Unsigned, Out::Always),
    may("MaxRetryAttempts", Shape::Unsigned, Out::Always),
    may("TopicParam", Shape::Struct(TOPIC), Out::Always),
    may("DlqType", Shape::Word(&["CKAFKA", "TOPIC"]), Out::Always),
];
