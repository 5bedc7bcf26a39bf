//! Every rule that admission holds, as data: what a real API server takes, what it refuses, and what it says then.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    reason = "a failed test says where; the cases are a table"
)]
mod admission;

use admission::{Admission, Case, case, job, merge};
use replication_operator::kinds::datahub::DatahubTask;
use serde_json::{Value, json};

const ES: &str = include_str!("../examples/datahubtask-es.yaml");
const MONGODB: &str = include_str!("../examples/datahubtask-mongodb.yaml");
const EVENT_BUS: &str = include_str!("../examples/datahubtask-seed-eventbus.yaml");
const EXAMPLES: [&str; 5] = [
    ES,
    MONGODB,
    EVENT_BUS,
    include_str!("../examples/datahubtask-seed-es.yaml"),
    include_str!("../examples/datahubtask-seed-topic.yaml"),
];

/// All rules.
pub fn cases() -> Vec<Case> {
    [types(), directions(), topics(), params(), chains(), texts()]
        .into_iter()
        .flatten()
        .collect()
}

/// A structure that is whole, by the type that it goes with.
fn whole(type_: &str) -> Value {
    let relational = || json!({"database": "d", "table": "t", "resource": "resource-1"});
    let with = |mut base: Value, patch: Value| {
        merge(&mut base, patch);
        base
    };
    match type_ {
        "kafkaParam" => json!({"selfBuilt": false, "resource": "ckafka-1", "topic": "t"}),
        "topicParam" => json!({"resource": "1250000000-t"}),
        "eventBusParam" => json!({"type": "ES", "selfBuilt": false, "resource": "r"}),
        "mongoDBParam" => {
            json!({"database": "d", "collection": "c", "copyExisting": true, "resource": "resource-1"})
        }
        "esParam" | "ctsdbParam" | "icebergParam" => json!({"resource": "resource-1"}),
        "tdwParam" => json!({"bid": "b", "tid": "t"}),
        "dtsParam" => json!({"resource": "dts-1"}),
        "clickHouseParam" => json!({"cluster": "c", "database": "d", "table": "t", "resource": "resource-1",
            "schema": [{"columnName": "c", "jsonKey": "k", "type": "String", "allowNull": false}],
            "passwordSecretRef": {"name": "n", "key": "k"}}),
        "clsParam" => json!({"decodeJson": true, "resource": "topic-1"}),
        "cosParam" => json!({"bucketName": "b", "region": "ap-guangzhou", "aggregateInterval": 1}),
        "mySQLParam" | "sqlServerParam" | "mariaDBParam" => relational(),
        "postgreSQLParam" => with(relational(), json!({"pluginName": "pgoutput"})),
        "scfParam" => json!({"functionName": "f"}),
        "mqttParam" => json!({"topics": "a,b", "cleanSession": true}),
        _ => json!({}),
    }
}

/// A sink of this type with this structure, changed a little.
fn sink(type_: &str, param: &str, patch: Value) -> Value {
    let mut inner = whole(param);
    merge(&mut inner, patch);
    job(
        EVENT_BUS,
        json!({"targetResource": {"type": type_, "eventBusParam": null, param: inner}}),
    )
}

/// A source of this type with this structure, into Kafka.
fn source(type_: &str, param: &str, patch: Value) -> Value {
    let mut inner = whole(param);
    merge(&mut inner, patch);
    job(
        MONGODB,
        json!({"sourceResource": {"type": type_, "mongoDBParam": null, param: inner}}),
    )
}

fn types() -> Vec<Case> {
    let pairs = [
        ("KAFKA", "kafkaParam", "needs kafkaParam"),
        ("TOPIC", "topicParam", "needs topicParam"),
        ("EB_ES", "eventBusParam", "needs eventBusParam"),
        ("MONGODB", "mongoDBParam", "needs mongoDBParam"),
        ("ES", "esParam", "needs esParam"),
        ("TDW", "tdwParam", "needs tdwParam"),
        ("DTS", "dtsParam", "needs dtsParam"),
        ("CLICKHOUSE", "clickHouseParam", "needs clickHouseParam"),
        ("CLS", "clsParam", "needs clsParam"),
        ("COS", "cosParam", "needs cosParam"),
        ("TDSQL_C_MYSQL", "mySQLParam", "needs mySQLParam"),
        ("WAREHOUSE_POSTGRESQL", "postgreSQLParam", "needs postgreSQLParam"),
        ("MARIADB", "mariaDBParam", "needs mariaDBParam"),
        ("SQLSERVER", "sqlServerParam", "needs sqlServerParam"),
        ("CTSDB", "ctsdbParam", "needs ctsdbParam"),
        ("SCF", "scfParam", "needs scfParam"),
        ("MQTT", "mqttParam", "needs mqttParam"),
        ("ICEBERG", "icebergParam", "needs icebergParam"),
    ];
    let needed = pairs.map(|(type_, param, message)| {
        let refused = job(
            EVENT_BUS,
            json!({"targetResource": {"type": type_, "eventBusParam": null}}),
        );
        case(
            "a type has its structure",
            sink(type_, param, json!({})),
            refused,
            message,
        )
    });
    let http = job(
        MONGODB,
        json!({"sourceResource": {"type": "HTTP", "mongoDBParam": null}}),
    );
    let mut cases: Vec<Case> = needed.into();
    cases.extend([
        case(
            "a side has one structure",
            sink("A_TYPE_OF_TOMORROW", "esParam", json!({})),
            job(ES, json!({"targetResource": {"ctsdbParam": {"resource": "r"}}})),
            "only the one param that goes with type",
        ),
        case(
            "HTTP has no structure",
            http,
            job(MONGODB, json!({"sourceResource": {"type": "HTTP"}})),
            "type HTTP goes with no param",
        ),
        case(
            "types are in capitals",
            sink("EB", "eventBusParam", json!({})),
            sink("eb", "eventBusParam", json!({})),
            "type is written in capitals",
        ),
    ]);
    cases
}

fn directions() -> Vec<Case> {
    let kafka_to_kafka = sink("KAFKA", "kafkaParam", json!({}));
    let mut from_kafka_as_source = kafka_to_kafka.clone();
    merge(
        &mut from_kafka_as_source["spec"]["forProvider"],
        json!({"taskType": "SOURCE"}),
    );
    let mut into_es_as_source = source("HTTP", "none", json!({}));
    merge(
        &mut into_es_as_source["spec"]["forProvider"],
        json!({"sourceResource": {"none": null},
            "targetResource": {"type": "ES", "kafkaParam": null, "esParam": {"resource": "r"}}}),
    );
    let mut topic = sink("TOPIC", "topicParam", json!({}));
    let mut topic_from = topic.clone();
    merge(
        &mut topic["spec"]["forProvider"],
        json!({"targetResource": {"topicParam": {"compressionType": "lz4"}}}),
    );
    merge(
        &mut topic_from["spec"]["forProvider"],
        json!({"targetResource": {"topicParam": {"offsetType": "latest"}}}),
    );
    vec![
        case(
            "a SOURCE ends in Kafka",
            job(MONGODB, json!({})),
            into_es_as_source,
            "targetResource.type must be KAFKA or TOPIC",
        ),
        case(
            "a SINK begins in Kafka",
            job(ES, json!({})),
            job(MONGODB, json!({"taskType": "SINK"})),
            "sourceResource.type must be KAFKA or TOPIC",
        ),
        case(
            "from Kafka to Kafka is a SINK",
            kafka_to_kafka,
            from_kafka_as_source,
            "taskType must be SINK when sourceResource.type is KAFKA",
        ),
        case(
            "the side that is written has no offset",
            sink("KAFKA", "kafkaParam", json!({"compressionType": "open"})),
            sink("KAFKA", "kafkaParam", json!({"offsetType": "earliest"})),
            "targetResource.kafkaParam.offsetType must be left out",
        ),
        case(
            "a topic that is written has no offset",
            topic,
            topic_from,
            "targetResource.topicParam.offsetType must be left out",
        ),
        case(
            "a SINK creates no topic at its target",
            sink("KAFKA", "kafkaParam", json!({"useAutoCreateTopic": false})),
            sink("KAFKA", "kafkaParam", json!({"useAutoCreateTopic": true})),
            "targetResource.kafkaParam.useAutoCreateTopic needs taskType SOURCE",
        ),
        case(
            "a SINK creates no stand-alone topic",
            sink("TOPIC", "topicParam", json!({"useAutoCreateTopic": false})),
            sink("TOPIC", "topicParam", json!({"useAutoCreateTopic": true})),
            "targetResource.topicParam.useAutoCreateTopic needs taskType SOURCE",
        ),
        case(
            "a SINK creates no topic at its source",
            job(
                ES,
                json!({"sourceResource": {"kafkaParam": {"useAutoCreateTopic": false}}}),
            ),
            job(
                ES,
                json!({"sourceResource": {"kafkaParam": {"useAutoCreateTopic": true}}}),
            ),
            "sourceResource.kafkaParam.useAutoCreateTopic needs taskType SOURCE",
        ),
        case(
            "a SINK creates no stand-alone topic at its source",
            job(
                ES,
                json!({"sourceResource": {"type": "TOPIC", "kafkaParam": null, "topicParam": {"resource": "t"}}}),
            ),
            job(
                ES,
                json!({"sourceResource": {"type": "TOPIC", "kafkaParam": null,
                    "topicParam": {"resource": "t", "useAutoCreateTopic": true}}}),
            ),
            "sourceResource.topicParam.useAutoCreateTopic needs taskType SOURCE",
        ),
        case(
            "messages are multiplied from Kafka to Kafka, at the target",
            sink("KAFKA", "kafkaParam", json!({"msgMultiple": 2})),
            job(
                MONGODB,
                json!({"targetResource": {"kafkaParam": {"msgMultiple": 2}}}),
            ),
            "targetResource.kafkaParam.msgMultiple is for tasks from CKafka to CKafka only",
        ),
        case(
            "messages are multiplied from Kafka to Kafka, at the source",
            job(ES, json!({})),
            job(ES, json!({"sourceResource": {"kafkaParam": {"msgMultiple": 2}}})),
            "sourceResource.kafkaParam.msgMultiple is for tasks from CKafka to CKafka only",
        ),
    ]
}

fn topics() -> Vec<Case> {
    let kafka = |patch: Value| job(ES, json!({"sourceResource": {"kafkaParam": patch}}));
    let topic = |patch: Value| {
        let mut inner = whole("topicParam");
        merge(&mut inner, patch);
        job(
            ES,
            json!({"sourceResource": {"type": "TOPIC", "kafkaParam": null, "topicParam": inner}}),
        )
    };
    let into = |patch: Value| job(MONGODB, json!({"targetResource": {"kafkaParam": patch}}));
    let mapping = json!({"database": "d", "table": "t", "topic": "t", "topicId": "topic-1"});
    vec![
        case(
            "a timestamp has a time",
            kafka(json!({"offsetType": "timestamp", "startTime": 1_635_339_533})),
            kafka(json!({"offsetType": "timestamp"})),
            "kafkaParam.startTime is required when offsetType is timestamp",
        ),
        case(
            "a time has a timestamp",
            kafka(json!({"offsetType": "latest"})),
            kafka(json!({"offsetType": "latest", "startTime": 1_635_339_533})),
            "kafkaParam.startTime means nothing without offsetType timestamp",
        ),
        case(
            "times are seconds",
            kafka(json!({"offsetType": "timestamp", "startTime": 0})),
            kafka(json!({"offsetType": "timestamp", "startTime": 1_635_339_533_000_i64})),
            "kafkaParam.startTime",
        ),
        case(
            "a stand-alone topic's timestamp has a time",
            topic(json!({"offsetType": "timestamp", "startTime": 1_635_339_533})),
            topic(json!({"offsetType": "timestamp"})),
            "topicParam.startTime is required when offsetType is timestamp",
        ),
        case(
            "a stand-alone topic's time has a timestamp",
            topic(json!({"offsetType": "earliest"})),
            topic(json!({"startTime": 1_635_339_533})),
            "topicParam.startTime means nothing without offsetType timestamp",
        ),
        case(
            "an offset is one of three",
            kafka(json!({"offsetType": "earliest"})),
            kafka(json!({"offsetType": "first"})),
            "kafkaParam.offsetType",
        ),
        case(
            "spreading over topics needs the tables",
            into(json!({"useTableMapping": true, "tableMappings": [mapping]})),
            into(json!({"useTableMapping": true})),
            "kafkaParam.tableMappings is required when useTableMapping is true",
        ),
        case(
            "a mapping is whole",
            into(json!({"useTableMapping": true, "tableMappings": [mapping]})),
            into(
                json!({"useTableMapping": true, "tableMappings": [{"database": "d", "table": "t", "topic": "t"}]}),
            ),
            "topicId",
        ),
        case(
            "a topic that is created has a name",
            into(json!({"useAutoCreateTopic": true})),
            into(json!({"useAutoCreateTopic": true, "topic": ""})),
            "kafkaParam.topic is required when useAutoCreateTopic is true",
        ),
        case(
            "or a mapping",
            into(
                json!({"useAutoCreateTopic": true, "topic": null, "useTableMapping": true, "tableMappings": [mapping]}),
            ),
            into(json!({"useAutoCreateTopic": true, "topic": null})),
            "kafkaParam.topic is required when useAutoCreateTopic is true",
        ),
        case(
            "Kafka compresses in its own way",
            into(json!({"compressionType": "open"})),
            into(json!({"compressionType": "lz4"})),
            "kafkaParam.compressionType",
        ),
        case(
            "stand-alone topics compress in theirs",
            topic(json!({"compressionType": "snappy"})),
            topic(json!({"compressionType": "open"})),
            "topicParam.compressionType",
        ),
    ]
}

fn params() -> Vec<Case> {
    let logged = json!({"dropCls": {"dropInvalidMessageToCls": true}});
    let both = json!({"dropCls": {"dropInvalidMessageToCls": true}, "dropInvalidMessage": true});
    let failure = |patch: Value| job(ES, json!({"targetResource": {"esParam": {"dropDlq": patch}}}));
    vec![
        case(
            "Elasticsearch drops in one way",
            sink("ES", "esParam", logged.clone()),
            sink("ES", "esParam", both.clone()),
            "esParam.dropInvalidMessage means nothing",
        ),
        case(
            "ClickHouse drops in one way",
            sink("CLICKHOUSE", "clickHouseParam", logged.clone()),
            sink("CLICKHOUSE", "clickHouseParam", both.clone()),
            "clickHouseParam.dropInvalidMessage means nothing",
        ),
        case(
            "MySQL drops in one way",
            source("MYSQL", "mySQLParam", logged),
            source("MYSQL", "mySQLParam", both),
            "mySQLParam.dropInvalidMessage means nothing",
        ),
        case(
            "logs take what is no JSON in a field",
            sink("CLS", "clsParam", json!({"decodeJson": false, "contentKey": "k"})),
            sink("CLS", "clsParam", json!({"decodeJson": false})),
            "clsParam.contentKey is required when decodeJson is false",
        ),
        case(
            "objects are cut by size or time",
            sink(
                "COS",
                "cosParam",
                json!({"aggregateBatchSize": 5, "aggregateInterval": null}),
            ),
            sink("COS", "cosParam", json!({"aggregateInterval": null})),
            "targetResource.cosParam needs aggregateBatchSize or aggregateInterval",
        ),
        case(
            "ClickHouse is written with a password",
            sink("CLICKHOUSE", "clickHouseParam", json!({"type": ""})),
            sink(
                "CLICKHOUSE",
                "clickHouseParam",
                json!({"passwordSecretRef": null}),
            ),
            "targetResource.clickHouseParam.passwordSecretRef is required",
        ),
        case(
            "MySQL is upserted by a key",
            sink(
                "MYSQL_DATA",
                "mySQLParam",
                json!({"dataTargetInsertMode": "UPSERT", "dataTargetPrimaryKeyField": "id"}),
            ),
            sink(
                "MYSQL_DATA",
                "mySQLParam",
                json!({"dataTargetInsertMode": "UPSERT"}),
            ),
            "mySQLParam.dataTargetPrimaryKeyField is required",
        ),
        case(
            "PostgreSQL is upserted by a key",
            sink(
                "POSTGRESQL",
                "postgreSQLParam",
                json!({"dataTargetInsertMode": "INSERT"}),
            ),
            sink(
                "POSTGRESQL",
                "postgreSQLParam",
                json!({"dataTargetInsertMode": "UPSERT"}),
            ),
            "postgreSQLParam.dataTargetPrimaryKeyField is required",
        ),
        case(
            "Iceberg is upserted by keys",
            sink(
                "ICEBERG",
                "icebergParam",
                json!({"upsertMode": "CDC", "primaryKeys": "id"}),
            ),
            sink("ICEBERG", "icebergParam", json!({"upsertMode": "CDC"})),
            "icebergParam.primaryKeys is required",
        ),
        case(
            "MQTT is of the cloud",
            source("MQTT", "mqttParam", json!({"selfBuilt": false})),
            source("MQTT", "mqttParam", json!({"selfBuilt": true})),
            "mqttParam.selfBuilt must be false",
        ),
        case(
            "a dead-letter queue has a type",
            failure(json!({"type": "DROP", "dlqType": null, "kafkaParam": null})),
            failure(json!({"dlqType": null})),
            "dlqType is required when the type of a failure is DLQ",
        ),
        case(
            "a dead-letter queue has its topic",
            failure(json!({"dlqType": "TOPIC", "kafkaParam": null, "topicParam": {"resource": "t"}})),
            failure(json!({"dlqType": "TOPIC"})),
            "the dead-letter queue needs its topic",
        ),
        case(
            "PostgreSQL names its plug-in",
            source("POSTGRESQL", "postgreSQLParam", json!({})),
            source("POSTGRESQL", "postgreSQLParam", json!({"pluginName": null})),
            "pluginName",
        ),
    ]
}

fn chains() -> Vec<Case> {
    let operation = |operation: Value| {
        let field =
            json!({"key": "k", "operate": "MAPPING", "schemeType": "STRING", "valueOperates": [operation]});
        job(
            ES,
            json!({"transformsParam": {"fieldChain": [{"analyse": {"format": "JSON"}, "smt": [field]}]}}),
        )
    };
    let operations = [
        (
            "REPLACE",
            json!({"replace": {"oldValue": "a", "newValue": ""}}),
            "type REPLACE needs replace",
        ),
        (
            "SUBSTR",
            json!({"substr": {"start": 0, "end": 3}}),
            "type SUBSTR needs substr",
        ),
        (
            "DATE",
            json!({"date": {"format": "yyyy"}}),
            "type DATE needs date",
        ),
        (
            "REGEX_REPLACE",
            json!({"regexReplace": {"regex": "a", "newValue": "b"}}),
            "type REGEX_REPLACE needs regexReplace",
        ),
        (
            "SPLIT",
            json!({"split": {"regex": ","}}),
            "type SPLIT needs split",
        ),
        (
            "KV",
            json!({"kv": {"delimiter": "=", "regex": "&", "keepOriginalKey": "true"}}),
            "type KV needs kv",
        ),
        (
            "JSON_PATH_REPLACE",
            json!({"jsonPathReplace": {"oldValue": "$.a", "newValue": "b"}}),
            "type JSON_PATH_REPLACE needs jsonPathReplace",
        ),
        (
            "URL_DECODE",
            json!({"urlDecode": {"charsetName": "UTF-8"}}),
            "type URL_DECODE needs urlDecode",
        ),
        (
            "LOWERCASE",
            json!({"lowercase": {}}),
            "type LOWERCASE needs lowercase",
        ),
    ];
    let mut cases: Vec<Case> = operations
        .into_iter()
        .map(|(type_, mut whole, message)| {
            whole["type"] = type_.into();
            case(
                "an operation has its parameter",
                operation(whole),
                operation(json!({"type": type_})),
                message,
            )
        })
        .collect();
    let old = json!({"analysisFormat": "JSON", "outputFormat": "JSON", "content": "{}", "sourceType": "TOPIC",
        "failureParam": {"type": "IGNORE_ERROR"}});
    cases.extend([
        case(
            "rows are written somehow",
            job(
                ES,
                json!({"transformsParam": {"outputFormat": "ROW", "rowParam": {"rowContent": "VALUE"}}}),
            ),
            job(ES, json!({"transformsParam": {"outputFormat": "ROW"}})),
            "transformsParam.rowParam is required when outputFormat is ROW",
        ),
        case(
            "one kind of processing rules",
            job(ES, json!({"transformsParam": null, "transformParam": old})),
            job(ES, json!({"transformParam": old})),
            "set only one of transformParam and transformsParam",
        ),
        case(
            "an operation without a parameter",
            operation(json!({"type": "TRIM"})),
            operation(json!({"type": ""})),
            "type",
        ),
    ]);
    cases
}

fn texts() -> Vec<Case> {
    let long = |length| "a".repeat(length);
    let unnamed = |name: String| {
        let mut manifest = job(ES, json!({"name": null}));
        manifest["metadata"]["name"] = json!(name);
        manifest
    };
    let mut named = unnamed(long(65));
    named["spec"]["forProvider"]["name"] = json!("orders");
    let kafka_to_kafka = |tasks: u32| {
        let mut manifest = sink("KAFKA", "kafkaParam", json!({}));
        merge(
            &mut manifest["spec"]["forProvider"],
            json!({"autoExpand": false, "maxTasks": tasks}),
        );
        manifest
    };
    vec![
        case(
            "the object's name serves as remote name",
            named,
            unnamed(long(65)),
            "change it or set spec.forProvider.name",
        ),
        case(
            "and begins with a letter",
            unnamed("a1.b-c".into()),
            unnamed("1a".into()),
            "metadata.name must start with a letter",
        ),
        case(
            "a name starts with a letter",
            job(ES, json!({"name": "A1.b_c-d"})),
            job(ES, json!({"name": "1A"})),
            "name must start with a letter",
        ),
        case(
            "a name is not longer than the vendor's",
            job(ES, json!({"name": long(64)})),
            job(ES, json!({"name": long(65)})),
            "forProvider.name",
        ),
        case(
            "a description leaves room for the mark",
            job(ES, json!({"description": long(106)})),
            job(ES, json!({"description": long(107)})),
            "forProvider.description",
        ),
        case(
            "a description holds no mark",
            job(ES, json!({"description": "[rd:0123456789abcdef] and more"})),
            job(ES, json!({"description": "orders [rd:0123456789abcdef]"})),
            "description must not end in a mark",
        ),
        case(
            "a direction is one of two",
            job(ES, json!({})),
            job(ES, json!({"taskType": "sink"})),
            "taskType",
        ),
        case(
            "workers are set where the service does not",
            job(ES, json!({"autoExpand": true, "maxTasks": null})),
            job(ES, json!({"autoExpand": null})),
            "maxTasks needs autoExpand false",
        ),
        case(
            "from Kafka to Kafka there are 20 workers at most",
            kafka_to_kafka(20),
            kafka_to_kafka(21),
            "maxTasks must be at most 20",
        ),
    ]
}

#[tokio::test]
async fn a_real_api_server_holds_every_rule() {
    Admission::of::<DatahubTask>().holds(&EXAMPLES, &cases()).await;
}

#[test]
fn every_rule_of_the_definition_has_a_case() {
    Admission::of::<DatahubTask>().every_rule_has_a_case(&cases(), 140);
}

#[test]
fn every_text_and_list_is_bounded() {
    Admission::of::<DatahubTask>().every_text_and_list_is_bounded();
}
