//! Databases as one side of a task: MySQL, PostgreSQL, SQL Server, MariaDB and MongoDB.
use super::DropCls;
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// Tables of MySQL or TDSQL-C for MySQL, page `MySQLParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.dataTargetInsertMode) || self.dataTargetInsertMode != 'UPSERT' || (has(self.dataTargetPrimaryKeyField) && self.dataTargetPrimaryKeyField != '')")
        .message("mySQLParam.dataTargetPrimaryKeyField is required when dataTargetInsertMode is UPSERT: name the primary key"),
    validation = Rule::new("!has(self.dropInvalidMessage) || !has(self.dropCls) || !has(self.dropCls.dropInvalidMessageToCls) || !self.dropCls.dropInvalidMessageToCls")
        .message("mySQLParam.dropInvalidMessage means nothing while dropCls.dropInvalidMessageToCls is true: leave it out")
)]
pub struct MySqlParam {
    /// The database; `*` for all.
    #[schemars(length(min = 1, max = 4096))]
    pub database: String,
    /// The table: `*` for all, several as `database.table` joined by commas, or a regular expression.
    #[schemars(length(min = 1, max = 4096))]
    pub table: String,
    /// The id of the connection (`resource-…`).
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// What is copied at the beginning: `initial` (default) for what is there, `schema_only` for nothing.
    #[schemars(extend("enum" = ["initial", "schema_only"]))]
    pub snapshot_mode: Option<String>,
    /// The topic that keeps changes of tables themselves; absent, they are not kept.
    #[schemars(length(max = 4096))]
    pub ddl_topic: Option<String>,
    /// How the data source is watched: `TABLE` or `QUERY`.
    #[schemars(extend("enum" = ["TABLE", "QUERY"]))]
    pub data_source_monitor_mode: Option<String>,
    /// The table, or the query, that is watched.
    #[schemars(length(max = 65_536))]
    pub data_source_monitor_resource: Option<String>,
    /// How new rows are found: `TIMESTAMP` or `INCREMENT`.
    #[schemars(extend("enum" = ["TIMESTAMP", "INCREMENT"]))]
    pub data_source_increment_mode: Option<String>,
    /// The column by which new rows are found.
    #[schemars(length(max = 4096))]
    pub data_source_increment_column: Option<String>,
    /// Where reading begins: `HEAD` or `TAIL`.
    #[schemars(extend("enum" = ["HEAD", "TAIL"]))]
    pub data_source_start_from: Option<String>,
    /// How rows are written: `INSERT` or `UPSERT`.
    #[schemars(extend("enum" = ["INSERT", "UPSERT"]))]
    pub data_target_insert_mode: Option<String>,
    /// The primary key of the target table; required for `UPSERT`.
    #[schemars(length(max = 4096))]
    pub data_target_primary_key_field: Option<String>,
    /// Which field of a message goes to which column, in this order.
    #[schemars(length(max = 1000))]
    pub data_target_record_mapping: Option<Vec<RecordMapping>>,
    /// Which names of topics are replaced; `(.*)` by default.
    #[schemars(length(max = 4096))]
    pub topic_regex: Option<String>,
    /// What they are replaced by, such as `$1`.
    #[schemars(length(max = 4096))]
    pub topic_replacement: Option<String>,
    /// Columns that make the key of a message, as `db1.t1:f1,f2;db2.t2:f3`; the primary key by default.
    #[schemars(length(max = 4096))]
    pub key_columns: Option<String>,
    /// Whether messages that cannot be read are dropped; true by default.
    pub drop_invalid_message: Option<bool>,
    /// Where messages that cannot be read are logged; wins over `dropInvalidMessage`.
    pub drop_cls: Option<Box<DropCls>>,
    /// The form of messages: `DEFAULT`, `CANAL_1` or `CANAL_2`.
    #[schemars(extend("enum" = ["DEFAULT", "CANAL_1", "CANAL_2"]))]
    pub output_format: Option<String>,
    /// Whether `table` holds beginnings of names.
    pub is_table_prefix: Option<bool>,
    /// Which changes are carried: `all` or `dml`.
    #[schemars(extend("enum" = ["all", "dml"]))]
    pub include_content_changes: Option<String>,
    /// Whether messages hold the statement; the database needs `binlog_rows_query_log_events`.
    pub include_query: Option<bool>,
    /// Whether messages hold their schema.
    pub record_with_schema: Option<bool>,
    /// The database of the signal table.
    #[schemars(length(max = 4096))]
    pub signal_database: Option<String>,
    /// Whether `table` is a regular expression; wins over `isTablePrefix`.
    pub is_table_regular: Option<bool>,
    /// The signal table.
    #[schemars(length(max = 4096))]
    pub signal_table: Option<String>,
    /// The time zone of dates, such as `UTC+8`.
    #[schemars(length(max = 4096))]
    pub date_time_zone: Option<String>,
    /// Whether the database is one that the user runs.
    pub self_built: Option<bool>,
}

/// A field of a message and the column that it goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordMapping {
    /// The field of the message.
    #[schemars(length(max = 4096))]
    pub json_key: Option<String>,
    /// The type of the column.
    #[serde(rename = "type")]
    #[schemars(length(max = 4096))]
    pub type_: Option<String>,
    /// Whether the column may be null.
    pub allow_null: Option<bool>,
    /// The column.
    #[schemars(length(max = 4096))]
    pub column_name: Option<String>,
    /// Further properties of the column.
    #[schemars(length(max = 4096))]
    pub extra_info: Option<String>,
    /// The size of the column: a number, written as text.
    #[schemars(length(max = 4096))]
    pub column_size: Option<String>,
    /// The digits after the point: a number, written as text.
    #[schemars(length(max = 4096))]
    pub decimal_digits: Option<String>,
    /// Whether the column counts by itself.
    pub auto_increment: Option<bool>,
    /// The default of the column.
    #[schemars(length(max = 4096))]
    pub default_value: Option<String>,
}

/// Tables of PostgreSQL or its relatives, page `PostgreSQLParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.dataTargetInsertMode) || self.dataTargetInsertMode != 'UPSERT' || (has(self.dataTargetPrimaryKeyField) && self.dataTargetPrimaryKeyField != '')")
        .message("postgreSQLParam.dataTargetPrimaryKeyField is required when dataTargetInsertMode is UPSERT: name the primary key")
)]
pub struct PostgreSqlParam {
    /// The database.
    #[schemars(length(min = 1, max = 4096))]
    pub database: String,
    /// The table: `*` for all, several as `schema.table` joined by commas, or a regular expression.
    #[schemars(length(min = 1, max = 4096))]
    pub table: String,
    /// The id of the connection (`resource-…`).
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// The plug-in that reads the log: `decoderbufs` or `pgoutput`.
    #[schemars(extend("enum" = ["decoderbufs", "pgoutput"]))]
    pub plugin_name: String,
    /// What is copied at the beginning: `initial` (default) for what is there, `never` for nothing.
    #[schemars(extend("enum" = ["initial", "never"]))]
    pub snapshot_mode: Option<String>,
    /// The form of messages: `JSON` or `Debezium`; needed where fields are matched by name.
    #[schemars(extend("enum" = ["JSON", "Debezium"]))]
    pub data_format: Option<String>,
    /// How rows are written: `INSERT` or `UPSERT`.
    #[schemars(extend("enum" = ["INSERT", "UPSERT"]))]
    pub data_target_insert_mode: Option<String>,
    /// The primary key of the target table; required for `UPSERT`.
    #[schemars(length(max = 4096))]
    pub data_target_primary_key_field: Option<String>,
    /// Which field of a message goes to which column, in this order.
    #[schemars(length(max = 1000))]
    pub data_target_record_mapping: Option<Vec<RecordMapping>>,
    /// Whether messages that cannot be read are dropped; true by default.
    pub drop_invalid_message: Option<bool>,
    /// Whether `table` is a regular expression.
    pub is_table_regular: Option<bool>,
    /// Columns that make the key of a message, as `s1.t1:f1,f2;s2.t2:f3`; the primary key by default.
    #[schemars(length(max = 4096))]
    pub key_columns: Option<String>,
    /// Whether messages hold their schema.
    pub record_with_schema: Option<bool>,
}

/// Tables of SQL Server, page `SQLServerParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SqlServerParam {
    /// The database.
    #[schemars(length(min = 1, max = 4096))]
    pub database: String,
    /// The table: `*` for all, or several as `database.table` joined by commas.
    #[schemars(length(min = 1, max = 4096))]
    pub table: String,
    /// The id of the connection (`resource-…`).
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// What is copied at the beginning: `initial` (default) for what is there, `schema_only` for nothing.
    #[schemars(extend("enum" = ["initial", "schema_only"]))]
    pub snapshot_mode: Option<String>,
}

/// Tables of MariaDB, page `MariaDBParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct MariaDbParam {
    /// The database; `*` for all.
    #[schemars(length(min = 1, max = 4096))]
    pub database: String,
    /// The table: `*` for all, or several as `database.table` joined by commas.
    #[schemars(length(min = 1, max = 4096))]
    pub table: String,
    /// The id of the connection (`resource-…`).
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// What is copied at the beginning: `initial` (default) for what is there, `schema_only` for nothing.
    #[schemars(extend("enum" = ["initial", "schema_only"]))]
    pub snapshot_mode: Option<String>,
    /// Columns that make the key of a message, as `db1.t1:f1,f2;db2.t2:f3`; the primary key by default.
    #[schemars(length(max = 4096))]
    pub key_columns: Option<String>,
    /// Whether `table` holds beginnings of names.
    pub is_table_prefix: Option<bool>,
    /// The form of messages: `DEFAULT`, `CANAL_1` or `CANAL_2`.
    #[schemars(extend("enum" = ["DEFAULT", "CANAL_1", "CANAL_2"]))]
    pub output_format: Option<String>,
    /// Which changes are carried: `all` or `dml`.
    #[schemars(extend("enum" = ["all", "dml"]))]
    pub include_content_changes: Option<String>,
    /// Whether messages hold the statement.
    pub include_query: Option<bool>,
    /// Whether messages hold their schema.
    pub record_with_schema: Option<bool>,
}

/// A collection of MongoDB, page `MongoDBParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct MongoDbParam {
    /// The database.
    #[schemars(length(min = 1, max = 4096))]
    pub database: String,
    /// The collection.
    #[schemars(length(min = 1, max = 4096))]
    pub collection: String,
    /// Whether what is there already is copied first; the vendor advises true.
    pub copy_existing: bool,
    /// The id of the connection (`resource-…`) or of the instance.
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// The address, where there is no connection.
    #[schemars(length(max = 4096))]
    pub ip: Option<String>,
    /// The port, where there is no connection.
    #[schemars(range(min = 1, max = 65_535))]
    pub port: Option<i64>,
    /// The user.
    #[schemars(length(max = 4096))]
    pub user_name: Option<String>,
    /// The Secret that holds the user's password. Vendors do not show passwords: a changed value is told by its digest.
    pub password_secret_ref: Option<SecretKeyRef>,
    /// The events that are carried, joined by commas in any order: `insert`, `update`, `replace`, `delete`,
    /// `invalidate`, `drop`, `dropdatabase`, `rename`; all by default.
    #[schemars(length(max = 4096))]
    pub listening_event: Option<String>,
    /// Which member is read; the primary by default.
    #[schemars(length(max = 4096))]
    pub read_preference: Option<String>,
    /// An aggregation pipeline.
    #[schemars(length(max = 65_536))]
    pub pipeline: Option<String>,
    /// Whether the database is one that the user runs.
    pub self_built: Option<bool>,
}
