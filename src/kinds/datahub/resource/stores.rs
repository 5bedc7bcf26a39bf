//! Stores as one side of a task: Elasticsearch, ClickHouse, CLS, COS, CTSDB, Iceberg and TDW.
use super::{DropCls, FailureParam};
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// An index of Elasticsearch, page `EsParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.dropInvalidMessage) || !has(self.dropCls) || !has(self.dropCls.dropInvalidMessageToCls) || !self.dropCls.dropInvalidMessageToCls")
        .message("esParam.dropInvalidMessage means nothing while dropCls.dropInvalidMessageToCls is true: leave it out")
)]
pub struct EsParam {
    /// The id of the connection (`resource-…`).
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// The port, where there is no connection.
    #[schemars(range(min = 1, max = 65_535))]
    pub port: Option<i64>,
    /// The user.
    #[schemars(length(max = 4096))]
    pub user_name: Option<String>,
    /// The Secret that holds the user's password. Vendors do not show passwords: a changed value is told by its digest.
    pub password_secret_ref: Option<SecretKeyRef>,
    /// Whether the cluster is one that the user runs.
    pub self_built: Option<bool>,
    /// The address of the cluster within the network.
    #[schemars(length(max = 4096))]
    pub service_vip: Option<String>,
    /// The id of the network.
    #[schemars(length(max = 4096))]
    pub uniq_vpc_id: Option<String>,
    /// Whether messages that cannot be read are dropped.
    pub drop_invalid_message: Option<bool>,
    /// The name of the index, or a JSONPath to it, as `indexType` says.
    #[schemars(length(max = 4096))]
    pub index: Option<String>,
    /// A date that is put after the name of the index, such as `yyyy-MM-dd`.
    #[schemars(length(max = 4096))]
    pub date_format: Option<String>,
    /// The field that takes messages which are no JSON.
    #[schemars(length(max = 4096))]
    pub content_key: Option<String>,
    /// Whether messages that are no JSON are dropped.
    pub drop_invalid_json_message: Option<bool>,
    /// The field that is the id of the document.
    #[schemars(length(max = 4096))]
    pub document_id_field: Option<String>,
    /// What `index` is: `STRING` (default) or `JSONPATH`.
    #[schemars(extend("enum" = ["STRING", "JSONPATH"]))]
    pub index_type: Option<String>,
    /// Where messages that cannot be read are logged; wins over `dropInvalidMessage`.
    pub drop_cls: Option<Box<DropCls>>,
    /// The primary key of the table, where changes of a database are mirrored.
    #[schemars(length(max = 4096))]
    pub database_primary_key: Option<String>,
    /// What becomes of messages that fail.
    pub drop_dlq: Option<Box<FailureParam>>,
    /// Which field of a message goes to which field of the index, in this order; by name where absent.
    #[schemars(length(max = 1000))]
    pub record_mapping_list: Option<Vec<EsRecordMapping>>,
    /// The field for `@timestamp`; the time of the message by default.
    #[schemars(length(max = 4096))]
    pub date_field: Option<String>,
    /// How fields are mapped: `EXIST_MAPPING` or `NEW_MAPPING`.
    #[schemars(extend("enum" = ["EXIST_MAPPING", "NEW_MAPPING"]))]
    pub record_mapping_mode: Option<String>,
    /// `http` (default) or `https`.
    #[schemars(extend("enum" = ["http", "https"]))]
    pub protocol: Option<String>,
    /// The form of messages from a database: `Debezium` or `Canal`.
    #[schemars(extend("enum" = ["Debezium", "Canal"]))]
    pub source_data_format: Option<String>,
}

/// A field of a message and the field of the index that it goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct EsRecordMapping {
    /// The field of the index.
    #[schemars(length(max = 4096))]
    pub column_name: Option<String>,
    /// The field of the message.
    #[schemars(length(max = 4096))]
    pub json_key: Option<String>,
}

/// A table of ClickHouse, page `ClickHouseParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.dropInvalidMessage) || !has(self.dropCls) || !has(self.dropCls.dropInvalidMessageToCls) || !self.dropCls.dropInvalidMessageToCls")
        .message("clickHouseParam.dropInvalidMessage means nothing while dropCls.dropInvalidMessageToCls is true: leave it out")
)]
pub struct ClickHouseParam {
    /// The cluster.
    #[schemars(length(min = 1, max = 256))]
    pub cluster: String,
    /// The database.
    #[schemars(length(min = 1, max = 256))]
    pub database: String,
    /// The table; it must exist.
    #[schemars(length(min = 1, max = 256))]
    pub table: String,
    /// The columns, in this order.
    #[schemars(length(min = 1, max = 1000))]
    pub schema: Vec<ClickHouseSchema>,
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
    /// The Secret that holds the user's password; required in `targetResource`. Vendors do not show passwords: a changed
    /// value is told by its digest.
    pub password_secret_ref: Option<SecretKeyRef>,
    /// The address of the cluster within the network.
    #[schemars(length(max = 4096))]
    pub service_vip: Option<String>,
    /// The id of the network.
    #[schemars(length(max = 4096))]
    pub uniq_vpc_id: Option<String>,
    /// Whether the cluster is one that the user runs.
    pub self_built: Option<bool>,
    /// Whether messages that cannot be read are dropped; true by default.
    pub drop_invalid_message: Option<bool>,
    /// What the cluster is: `emr`, `cdwch`, or empty for one that the user runs.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["emr", "cdwch", ""]))]
    pub type_: Option<String>,
    /// Where messages that cannot be read are logged; wins over `dropInvalidMessage`.
    pub drop_cls: Option<Box<DropCls>>,
    /// How many messages are written at once; 1000 by default.
    #[schemars(range(min = 0))]
    pub batch_size: Option<i64>,
    /// How many bytes are read at once at least; 1 MB by default.
    #[schemars(range(min = 0))]
    pub consumer_fetch_min_bytes: Option<i64>,
    /// How many milliseconds are waited for them.
    #[schemars(range(min = 0))]
    pub consumer_fetch_max_wait_ms: Option<i64>,
}

/// A column of ClickHouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClickHouseSchema {
    /// The column.
    #[schemars(length(min = 1, max = 256))]
    pub column_name: String,
    /// The field of the message.
    #[schemars(length(min = 1, max = 256))]
    pub json_key: String,
    /// The type of the column.
    #[serde(rename = "type")]
    #[schemars(length(min = 1, max = 256))]
    pub type_: String,
    /// Whether the column may be null.
    pub allow_null: bool,
}

/// A topic of the log service, page `ClsParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("self.decodeJson || (has(self.contentKey) && self.contentKey != '')")
        .message("clsParam.contentKey is required when decodeJson is false: name the field that takes the message")
)]
pub struct ClsParam {
    /// Whether messages are JSON.
    pub decode_json: bool,
    /// The id of the log topic.
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// The id of the log set.
    #[schemars(length(max = 4096))]
    pub log_set: Option<String>,
    /// The field that takes the message; required when `decodeJson` is false.
    #[schemars(length(max = 256))]
    pub content_key: Option<String>,
    /// The field that holds the time, in seconds since 1970.
    #[schemars(length(max = 4096))]
    pub time_field: Option<String>,
}

/// A bucket of object storage, page `CosParam`. As target it needs `aggregateBatchSize` or `aggregateInterval`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct CosParam {
    /// The bucket. As target it must be in the region of the instance.
    #[schemars(length(min = 1, max = 256))]
    pub bucket_name: String,
    /// Its region, such as `ap-guangzhou`.
    #[schemars(length(min = 1, max = 64))]
    pub region: String,
    /// The object to read.
    #[schemars(length(max = 4096))]
    pub object_key: Option<String>,
    /// How many megabytes are put into one object.
    #[schemars(range(min = 0))]
    pub aggregate_batch_size: Option<i64>,
    /// How many hours are put into one object. Of batch size and interval the nearer one counts.
    #[schemars(range(min = 0))]
    pub aggregate_interval: Option<i64>,
    /// The form of objects: `csv` or `json`.
    #[schemars(extend("enum" = ["csv", "json"]))]
    pub format_output_type: Option<String>,
    /// What is put before the names of objects.
    #[schemars(length(max = 4096))]
    pub object_key_prefix: Option<String>,
    /// The folders by time, such as `/%Y/%m/%d/%H`.
    #[schemars(length(max = 4096))]
    pub directory_time_format: Option<String>,
    /// The time zone of folders; `UTC+08:00` by default.
    #[schemars(length(max = 4096))]
    pub timezone: Option<String>,
    /// The form of messages: `JSON` or `Debezium`.
    #[schemars(extend("enum" = ["JSON", "Debezium"]))]
    pub source_data_format: Option<String>,
}

/// A metric of CTSDB, page `CtsdbParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct CtsdbParam {
    /// The id of the connection (`resource-…`).
    #[schemars(length(max = 4096))]
    pub resource: Option<String>,
    /// The metric.
    #[schemars(length(max = 4096))]
    pub ctsdb_metric: Option<String>,
}

/// A table of Iceberg, page `IcebergParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.upsertMode) || self.upsertMode == 'Off' || (has(self.primaryKeys) && self.primaryKeys != '')")
        .message("icebergParam.primaryKeys is required when upsertMode is UPSERT or CDC: name the primary keys")
)]
pub struct IcebergParam {
    /// The id of the connection (`resource-…`).
    #[schemars(length(max = 4096))]
    pub resource: Option<String>,
    /// The namespace.
    #[schemars(length(max = 4096))]
    pub database: Option<String>,
    /// The table.
    #[schemars(length(max = 4096))]
    pub table_name: Option<String>,
    /// The form of messages: `JSON`.
    #[schemars(extend("enum" = ["JSON"]))]
    pub scheme_type: Option<String>,
    /// Whether new fields become columns.
    pub enable_field_extension: Option<bool>,
    /// How rows are written: `Off` (default), `UPSERT` or `CDC`.
    #[schemars(extend("enum" = ["Off", "UPSERT", "CDC"]))]
    pub upsert_mode: Option<String>,
    /// The primary keys, joined by commas in any order; required for `UPSERT` and `CDC`.
    #[schemars(length(max = 4096))]
    pub primary_keys: Option<String>,
}

/// A stream of TDW, page `TdwParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct TdwParam {
    /// The business id.
    #[schemars(length(min = 1, max = 256))]
    pub bid: String,
    /// The table id.
    #[schemars(length(min = 1, max = 256))]
    pub tid: String,
    /// Whether the service is that of mainland China; true by default.
    pub is_domestic: Option<bool>,
    /// The host of its manager.
    #[schemars(length(max = 4096))]
    pub tdw_host: Option<String>,
    /// The port of its manager; 8099 by default.
    #[schemars(range(min = 1, max = 65_535))]
    pub tdw_port: Option<i64>,
}
