//! Databases as the ends of a task (Datahub API notes, resource structures).

use super::ends::DROP_CLS;
use crate::ckafka::structure::{Out, Shape, Table, may, must};

const SNAPSHOT: &[&str] = &["initial", "schema_only"];
const INSERT: &[&str] = &["INSERT", "UPSERT"];
const OUTPUT: &[&str] = &["DEFAULT", "CANAL_1", "CANAL_2"];
const CHANGES: &[&str] = &["all", "dml"];

/// `MongoDB`.
pub(super) const MONGODB: &Table = &[
    must("Database", Shape::Text, Out::Absent),
    must("Collection", Shape::Text, Out::Absent),
    must("CopyExisting", Shape::Boolean, Out::Absent),
    must("Resource", Shape::Text, Out::Absent),
    may("Ip", Shape::Text, Out::Absent),
    may("Port", Shape::Integer, Out::Absent),
    may("UserName", Shape::Text, Out::Absent),
    may("Password", Shape::Secret, Out::Absent),
    may("ListeningEvent", Shape::Text, Out::Absent),
    may("ReadPreference", Shape::Text, Out::Absent),
    may("Pipeline", Shape::Text, Out::Absent),
    may("SelfBuilt", Shape::Boolean, Out::Absent),
];

/// `ClickHouse`.
pub(super) const CLICKHOUSE: &Table = &[
    must("Cluster", Shape::Text, Out::Absent),
    must("Database", Shape::Text, Out::Absent),
    must("Table", Shape::Text, Out::Absent),
    must("Schema", Shape::List(CLICKHOUSE_COLUMN), Out::Absent),
    must("Resource", Shape::Text, Out::Absent),
    may("Ip", Shape::Text, Out::Absent),
    may("Port", Shape::Integer, Out::Absent),
    may("UserName", Shape::Text, Out::Absent),
    may("Password", Shape::Secret, Out::Absent),
    may("ServiceVip", Shape::Text, Out::Absent),
    may("UniqVpcId", Shape::Text, Out::Absent),
    may("SelfBuilt", Shape::Boolean, Out::Absent),
    may("DropInvalidMessage", Shape::Boolean, Out::Absent),
    may("Type", Shape::Word(&["emr", "cdwch"]), Out::Absent),
    may("DropCls", Shape::Struct(DROP_CLS), Out::Absent),
    may("BatchSize", Shape::Integer, Out::Absent),
    may("ConsumerFetchMinBytes", Shape::Integer, Out::Absent),
    may("ConsumerFetchMaxWaitMs", Shape::Integer, Out::Absent),
];

const CLICKHOUSE_COLUMN: &Table = &[
    must("ColumnName", Shape::Text, Out::Absent),
    must("JsonKey", Shape::Text, Out::Absent),
    must("Type", Shape::Text, Out::Absent),
    must("AllowNull", Shape::Boolean, Out::Absent),
];

/// `MySQL`.
pub(super) const MYSQL: &Table = &[
    must("Database", Shape::Text, Out::Absent),
    must("Table", Shape::Text, Out::Absent),
    must("Resource", Shape::Text, Out::Absent),
    may("SnapshotMode", Shape::Word(SNAPSHOT), Out::Absent),
    may("DdlTopic", Shape::Text, Out::Absent),
    may(
        "DataSourceMonitorMode",
        Shape::Word(&["TABLE", "QUERY"]),
        Out::Absent,
    ),
    may("DataSourceMonitorResource", Shape::Text, Out::Absent),
    may(
        "DataSourceIncrementMode",
        Shape::Word(&["TIMESTAMP", "INCREMENT"]),
        Out::Absent,
    ),
    may("DataSourceIncrementColumn", Shape::Text, Out::Absent),
    may("DataSourceStartFrom", Shape::Word(&["HEAD", "TAIL"]), Out::Absent),
    may("DataTargetInsertMode", Shape::Word(INSERT), Out::Absent),
    may("DataTargetPrimaryKeyField", Shape::Text, Out::Absent),
    may(
        "DataTargetRecordMapping",
        Shape::List(RECORD_MAPPING),
        Out::Absent,
    ),
    may("TopicRegex", Shape::Text, Out::Absent),
    may("TopicReplacement", Shape::Text, Out::Absent),
    may("KeyColumns", Shape::Text, Out::Absent),
    may("DropInvalidMessage", Shape::Boolean, Out::Absent),
    may("DropCls", Shape::Struct(DROP_CLS), Out::Absent),
    may("OutputFormat", Shape::Word(OUTPUT), Out::Absent),
    may("IsTablePrefix", Shape::Boolean, Out::Absent),
    may("IncludeContentChanges", Shape::Word(CHANGES), Out::Absent),
    may("IncludeQuery", Shape::Boolean, Out::Absent),
    may("RecordWithSchema", Shape::Boolean, Out::Absent),
    may("SignalDatabase", Shape::Text, Out::Absent),
    may("IsTableRegular", Shape::Boolean, Out::Absent),
    may("SignalTable", Shape::Text, Out::Absent),
    may("DateTimeZone", Shape::Text, Out::Absent),
    may("SelfBuilt", Shape::Boolean, Out::Absent),
];

const RECORD_MAPPING: &Table = &[
    may("JsonKey", Shape::Text, Out::Absent),
    may("Type", Shape::Text, Out::Absent),
    may("AllowNull", Shape::Boolean, Out::Absent),
    may("ColumnName", Shape::Text, Out::Absent),
    may("ExtraInfo", Shape::Text, Out::Absent),
    may("ColumnSize", Shape::Text, Out::Absent),
    may("DecimalDigits", Shape::Text, Out::Absent),
    may("AutoIncrement", Shape::Boolean, Out::Absent),
    may("DefaultValue", Shape::Text, Out::Absent),
];

/// `PostgreSQL`.
pub(super) const POSTGRESQL: &Table = &[
    must("Database", Shape::Text, Out::Absent),
    must("Table", Shape::Text, Out::Absent),
    must("Resource", Shape::Text, Out::Absent),
    must(
        "PluginName",
        Shape::Word(&["decoderbufs", "pgoutput"]),
        Out::Absent,
    ),
    may("SnapshotMode", Shape::Word(&["initial", "never"]), Out::Absent),
    may("DataFormat", Shape::Word(&["JSON", "Debezium"]), Out::Absent),
    may("DataTargetInsertMode", Shape::Word(INSERT), Out::Absent),
    may("DataTargetPrimaryKeyField", Shape::Text, Out::Absent),
    may(
        "DataTargetRecordMapping",
        Shape::List(RECORD_MAPPING),
        Out::Absent,
    ),
    may("DropInvalidMessage", Shape::Boolean, Out::Absent),
    may("IsTableRegular", Shape::Boolean, Out::Absent),
    may("KeyColumns", Shape::Text, Out::Absent),
    may("RecordWithSchema", Shape::Boolean, Out::Absent),
];

/// SQL Server.
pub(super) const SQLSERVER: &Table = &[
    must("Database", Shape::Text, Out::Absent),
    must("Table", Shape::Text, Out::Absent),
    must("Resource", Shape::Text, Out::Absent),
    may("SnapshotMode", Shape::Word(SNAPSHOT), Out::Absent),
];

/// `MariaDB`.
pub(super) const MARIADB: &Table = &[
    must("Database", Shape::Text, Out::Absent),
    must("Table", Shape::Text, Out::Absent),
    must("Resource", Shape::Text, Out::Absent),
    may("SnapshotMode", Shape::Word(SNAPSHOT), Out::Absent),
    may("KeyColumns", Shape::Text, Out::Absent),
    may("IsTablePrefix", Shape::Boolean, Out::Absent),
    may("OutputFormat", Shape::Word(OUTPUT), Out::Absent),
    may("IncludeContentChanges", Shape::Word(CHANGES), Out::Absent),
    may("IncludeQuery", Shape::Boolean, Out::Absent),
    may("RecordWithSchema", Shape::Boolean, Out::Absent),
];
