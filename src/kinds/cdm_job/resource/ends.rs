//! Rules about the inputs of source and destination, from the vendor's pages Source and Destination Job Parameters and
//! its error codes. No I/O.
use crate::kinds::cdm::resource::list;
use kube::core::{Message, Rule};

/// Guard of rules that hold for table and file jobs only.
pub(super) const NOT_NORMAL: &str = "self.jobType != 'NORMAL_JOB'";

/// The inputs of both ends that hold `true` or `false`.
pub(super) const BOOLEANS: [&str; 40] = [
    "useSql",
    "usePartition",
    "incrMigration",
    "createOutTable",
    "keyAtLeastOneZero",
    "allowNullValueInPartitionColumn",
    "cdc",
    "usePattern",
    "regexSeparator",
    "quoteChar",
    "firstRowAsHeader",
    "useMarkerFile",
    "listTextFile",
    "useTimeFilter",
    "useWildCard",
    "nonexistentPathDisregard",
    "createSnapshot",
    "isSplit",
    "useQuery",
    "isBatchMigration",
    "isPermanency",
    "splitNestedField",
    "isCompress",
    "useStageTable",
    "extendCharLength",
    "useNullable",
    "shouldClearTable",
    "shouldClearStageTable",
    "writeToTempFile",
    "validateMD5",
    "recordMD5Result",
    "copyContentType",
    "useCustomDirectory",
    "appendMode",
    "isOverride",
    "isRowkeyRedundancy",
    "writeToWAL",
    "transType",
    "shouldClearType",
    "shouldClearDatabase",
];

/// The inputs that the pages mark as mandatory, by source.
pub(super) const SOURCES: [(&str, &[&str]); 15] = [
    ("obs-connector", &["bucketName", "inputDirectory", "inputFormat"]),
    (
        "thirdparty-obs-connector",
        &["bucketName", "inputDirectory", "inputFormat"],
    ),
    ("ftp-connector", &["inputDirectory", "inputFormat"]),
    ("sftp-connector", &["inputDirectory", "inputFormat"]),
    ("hdfs-connector", &["inputDirectory", "inputFormat"]),
    ("http-connector", &["inputDirectory", "inputFormat"]),
    ("hive-connector", &["table"]),
    ("hbase-connector", &["table"]),
    ("mongodb-connector", &["database", "collectionName"]),
    (
        "redis-connector",
        &["keyPrefix", "keySeparator", "valueStoreType"],
    ),
    (
        "dis-connector",
        &[
            "streamName",
            "disConsumerStrategy",
            "isPermanency",
            "shardId",
            "dataFormat",
        ],
    ),
    (
        "kafka-connector",
        &[
            "topicsList",
            "kafkaConsumerStrategy",
            "isPermanency",
            "dataFormat",
        ],
    ),
    (
        "dms-kafka-connector",
        &[
            "topicsList",
            "kafkaConsumerStrategy",
            "isPermanency",
            "dataFormat",
        ],
    ),
    ("elasticsearch-connector", &["index", "type"]),
    ("opentsdb-connector", &["start", "metric", "aggregator"]),
];

/// The same by destination.
pub(super) const DESTINATIONS: [(&str, &[&str]); 12] = [
    (
        "generic-jdbc-connector",
        &["schemaName", "tablePreparation", "tableName"],
    ),
    (
        "obs-connector",
        &["bucketName", "outputDirectory", "outputFormat"],
    ),
    ("hdfs-connector", &["outputDirectory", "outputFormat"]),
    ("ftp-connector", &["outputDirectory", "outputFormat"]),
    ("sftp-connector", &["outputDirectory", "outputFormat"]),
    ("hive-connector", &["table", "tablePreparation"]),
    ("hbase-connector", &["table", "storageType", "rowKeyColumn"]),
    ("mongodb-connector", &["database", "collectionName"]),
    ("dli-connector", &["queue", "database", "table"]),
    ("dis-connector", &["streamName"]),
    ("elasticsearch-connector", &["index", "type"]),
    (
        "redis-connector",
        &["keyPrefix", "keySeparator", "primaryKeyList", "valueStoreType"],
    ),
];

/// Connectors that hold no files. Those that are not known may.
const NO_FILES: [&str; 11] = [
    "generic-jdbc-connector",
    "hbase-connector",
    "hive-connector",
    "mongodb-connector",
    "redis-connector",
    "kafka-connector",
    "dms-kafka-connector",
    "dis-connector",
    "dli-connector",
    "elasticsearch-connector",
    "opentsdb-connector",
];

const RELATIONAL: &str =
    "self.jobType != 'NORMAL_JOB' || self.from.connectorName != 'generic-jdbc-connector'";

/// The value of an input, or the empty text.
fn value(end: &str, input: &str) -> String {
    format!("self.{end}.?config.?{input}.orValue('')")
}

/// A rule about the value of an input, where it is given. Read by its key, a value has the length that the schema allows,
/// by which costs are estimated.
fn about(end: &str, input: &str, rule: impl Fn(&str) -> String) -> String {
    let config = format!("self.{end}.config");
    let rule = rule(&format!("{config}['{input}']"));
    format!("(!has({config}) || !('{input}' in {config}) || {rule})")
}

/// Whether an input is given, as a text or as a secret.
fn given(end: &str, input: &str) -> String {
    format!(
        "({} != '' || (has(self.{end}.secretConfig) && self.{end}.secretConfig.exists(s, s.input == '{input}')))",
        value(end, input)
    )
}

/// `Cdm.0913`.
pub(super) fn one_query() -> Rule {
    let (sql, schema, table) = (
        value("from", "sql"),
        value("from", "schemaName"),
        value("from", "tableName"),
    );
    Rule::new(format!(
        "{RELATIONAL} || ({sql} != '' ? {schema} == '' && {table} == '' : {schema} != '' && {table} != '')"
    ))
    .message("from.config of a relational source needs exactly one of sql and the pair schemaName and tableName: drop one of them or add what is missing")
}

/// `Cdm.0911`, `Cdm.0912`.
pub(super) fn query_switch() -> Rule {
    let (switch, sql) = (value("from", "useSql"), value("from", "sql"));
    Rule::new(format!(
        "{RELATIONAL} || ({sql} != '' ? {switch} == 'true' : {switch} == 'false')"
    ))
    .message("from.config.useSql must say which is used: \"true\" with sql, \"false\" with schemaName and tableName")
}

/// `Cdm.0915`.
pub(super) fn query_without_columns() -> Rule {
    let (sql, columns) = (value("from", "sql"), value("from", "columnList"));
    Rule::new(format!("{RELATIONAL} || {sql} == '' || {columns} == ''"))
        .message("from.config.sql excludes from.config.columnList: name the columns in the statement")
}

/// `Cdm.0062`.
pub(super) fn binary_source() -> Rule {
    binary("from", &NO_FILES)
}

/// The same; a web server is read from only.
pub(super) fn binary_destination() -> Rule {
    let mut without: Vec<&str> = NO_FILES.into();
    without.push("http-connector");
    binary("to", &without)
}

fn binary(end: &str, without: &[&str]) -> Rule {
    let (source, destination) = (value("from", "inputFormat"), value("to", "outputFormat"));
    let without = list(without);
    Rule::new(format!(
        "({source} != 'BINARY_FILE' && {destination} != 'BINARY_FILE') || !(self.{end}.connectorName in {without})"
    ))
    .message(Message::Message(format!(
        "{end}.connectorName must be one for files, such as obs-connector, hdfs-connector, ftp-connector or sftp-connector, when the format is BINARY_FILE"
    )))
}

/// `Cdm.0931`.
pub(super) fn as_many_fields() -> Rule {
    let fields = |columns: &str| format!("size({columns}.split('&'))");
    let rule = about("from", "columnList", |source| {
        about("to", "columnList", |destination| {
            format!(
                "{source} == '' || {destination} == '' || {} == {}",
                fields(source),
                fields(destination)
            )
        })
    });
    Rule::new(rule)
        .message("from.config.columnList and to.config.columnList must name as many fields, joined by &: add or drop some")
}

/// `Cdm.0918`.
pub(super) fn stage_table() -> Rule {
    let (clear, stage) = (value("to", "shouldClearStageTable"), value("to", "useStageTable"));
    Rule::new(format!("{clear} != 'true' || {stage} == 'true'")).message(
        "to.config.shouldClearStageTable needs a stage table: set to.config.useStageTable to \"true\"",
    )
}

/// A digest of what was encrypted with a key of the service tells nothing, and only files as they are have one.
pub(super) fn checksum() -> Rule {
    let (check, encryption, format) = (
        value("to", "validateMD5"),
        value("to", "encryption"),
        value("to", "outputFormat"),
    );
    Rule::new(format!(
        "{check} != 'true' || ({encryption} != 'KMS' && {format} == 'BINARY_FILE')"
    ))
    .message("to.config.validateMD5 needs outputFormat BINARY_FILE and excludes encryption KMS: change one of them")
}

/// Keys of one's own go with one algorithm and one format.
pub(super) fn encryption(end: &str, algorithm: &str, format: &str) -> Rule {
    let (key, vector) = (given(end, "dek"), given(end, "iv"));
    let (algorithm_value, format_value) = (value(end, algorithm), value(end, format));
    Rule::new(format!(
        "(!{key} && !{vector}) || ({algorithm_value} == 'AES-256-GCM' && {format_value} == 'BINARY_FILE')"
    ))
    .message(Message::Message(format!(
        "dek and iv of {end} need {end}.config.{algorithm} AES-256-GCM and {end}.config.{format} BINARY_FILE: set both"
    )))
}

/// The vendor does not report a wrong one.
pub(super) fn initial_vector(end: &str) -> Rule {
    let rule = about(end, "iv", |vector| {
        format!("{vector}.matches('^([0-9A-Fa-f]{{32}})?$')")
    });
    Rule::new(rule).message(Message::Message(format!(
        "{end}.config.iv must be 32 hexadecimal digits"
    )))
}

/// The index and the type of a search engine are written small.
pub(super) fn small_letters(end: &str) -> Rule {
    let small = |word: &str| about(end, word, |value| format!("!{value}.matches('[A-Z]')"));
    Rule::new(format!(
        "self.{end}.connectorName != 'elasticsearch-connector' || ({} && {})",
        small("index"),
        small("type")
    ))
    .message(Message::Message(format!(
        "{end}.config.index and {end}.config.type must be in small letters at Elasticsearch"
    )))
}

/// `Cdm.1513`.
pub(super) fn typed_columns() -> Rule {
    let typed = about("to", "columnList", |columns| {
        format!("{columns} == '' || !{columns}.matches('(^|&)[^:&]*(&|$)')")
    });
    Rule::new(format!(
        "self.to.connectorName != 'elasticsearch-connector' || {typed}"
    ))
    .message(
        "to.config.columnList must give every field its type at Elasticsearch: write name:type, joined by &",
    )
}

/// `Cdm.1514`.
pub(super) fn primary_key() -> Rule {
    let named = about("to", "columnList", |columns| {
        about("to", "primaryKey", |key| {
            format!(
                "{columns} == '' || {key} == '' || {key}.contains('&') || ('&' + {columns}).contains('&' + {key} + ':')"
            )
        })
    });
    Rule::new(format!("self.to.connectorName != 'elasticsearch-connector' || {named}"))
        .message("to.config.primaryKey must be one of the fields in to.config.columnList at Elasticsearch: add it there")
}

/// `Cdm.1206`.
pub(super) fn value_store(end: &str) -> Rule {
    let store = value(end, "valueStoreType");
    Rule::new(format!(
        "self.{end}.connectorName != 'redis-connector' || {store} in ['', 'string', 'hash']"
    ))
    .message(Message::Message(format!(
        "{end}.config.valueStoreType must be string or hash at Redis"
    )))
}

/// `Cdm.1207`.
pub(super) fn value_separator() -> Rule {
    let (store, separator) = (value("to", "valueStoreType"), value("to", "valueSeparator"));
    Rule::new(format!(
        "self.to.connectorName != 'redis-connector' || {store} != 'string' || {separator} != ''"
    ))
    .message("to.config.valueSeparator is required at Redis when valueStoreType is string")
}

/// The service takes `&` for the end of a field and `%` for an escape.
pub(super) fn plain_columns() -> Rule {
    Rule::new(
        "!has(self.config) || !('columnList' in self.config) || !self.config['columnList'].contains('%')",
    )
    .message("config.columnList must not contain %: the service takes it for an escape, rename the field")
}
