//! What a create refuses, and with which code.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Sim, but};
use crate::{sink, source, still};

const UNKNOWN: &str = "UnknownParameter";
const MISSING: &str = "MissingParameter";
const EMPTY: &str = "InvalidParameterValue.NotAllowedEmpty";
const KIND: &str = "InvalidParameter";
const VALUE: &str = "InvalidParameterValue";
const NOT_FOUND: &str = "ResourceNotFound";
const NO_INSTANCE: &str = "InvalidParameterValue.InstanceNotExist";

async fn refuses(sim: &Sim, cases: Vec<(Value, &str, &str)>) {
    for (body, code, says) in cases {
        let answer = sim.tc("CreateDatahubTask", &body).await;
        assert_eq!(answer.tc_code(), code, "{says}: {answer:?}");
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
    }
    assert_eq!(sim.tc_total().await, 0);
}

/// The value with a null, which `but` would take for taking away.
fn null(mut value: Value, pointer: &str) -> Value {
    *value.pointer_mut(pointer).unwrap() = Value::Null;
    value
}

fn with(kind: &str, name: &str, param: &Value) -> Value {
    but(sink("a"), "/TargetResource", json!({"Type": kind, name: param}))
}

#[tokio::test]
async fn members_types_words_and_lengths_are_checked() {
    let sim = still(json!({})).await;
    let (kafka, es) = ("/SourceResource/KafkaParam", "/TargetResource/EsParam");
    let at = |base: &str, name: &str| format!("{base}/{name}");
    let a = || sink("a");
    let cases = vec![
        (but(a(), "/TasksMax", json!(1)), UNKNOWN, "`TasksMax`"),
        (
            but(a(), &at(es, "Passwort"), json!("x")),
            UNKNOWN,
            "`TargetResource.EsParam.Passwort`",
        ),
        (
            but(a(), "/Tags", json!([{"TagKey": "a", "TagValue": "b", "x": 1}])),
            UNKNOWN,
            "`Tags.0.x`",
        ),
        (but(a(), "/TaskName", Value::Null), MISSING, "`TaskName`"),
        (null(a(), "/TaskType"), MISSING, "`TaskType`"),
        (
            but(a(), &at(kafka, "Resource"), Value::Null),
            MISSING,
            "`SourceResource.KafkaParam.Resource`",
        ),
        (but(a(), "/TaskName", json!("")), EMPTY, "`TaskName`"),
        (
            but(a(), &at(es, "Resource"), json!("")),
            EMPTY,
            "`TargetResource.EsParam.Resource`",
        ),
        (
            but(a(), "/TargetResource", Value::Null),
            EMPTY,
            "`TargetResource`",
        ),
        (but(a(), es, Value::Null), EMPTY, "`TargetResource.EsParam`"),
        (
            but(a(), "/TaskName", json!(1)),
            KIND,
            "`TaskName` must be a string",
        ),
        (
            but(a(), &at(kafka, "SelfBuilt"), json!("false")),
            KIND,
            "must be a boolean",
        ),
        (
            but(a(), &at(kafka, "StartTime"), json!(-1)),
            KIND,
            "must be an integer from 0",
        ),
        (
            but(a(), &at(kafka, "StartTime"), json!("1735689600")),
            KIND,
            "must be an integer from 0",
        ),
        (but(a(), "/Tags", json!({})), KIND, "must be an array"),
        (but(a(), "/TaskType", json!("sink")), VALUE, "one of SOURCE, SINK"),
        (
            but(a(), &at(kafka, "CompressionType"), json!("gzip")),
            VALUE,
            "one of none, open",
        ),
        (
            but(a(), "/Description", json!("x".repeat(129))),
            VALUE,
            "at most 128 characters",
        ),
        (but(a(), "/TaskName", json!("1a")), VALUE, "a letter, then"),
        (but(a(), "/TaskName", json!("订单")), VALUE, "a letter, then"),
        (
            but(a(), "/TaskName", json!("a".repeat(65))),
            VALUE,
            "a letter, then",
        ),
    ];
    refuses(&sim, cases).await;
    sim.tc_made(&but(a(), "/TaskName", json!("a".repeat(64)))).await;
    sim.tc_made(&but(a(), "/Description", json!("订".repeat(128))))
        .await;
    // Accepted without a word on what they do.
    sim.tc_made(&but(
        a(),
        "/PrivateLinkParam",
        json!({"ServiceVip": "1.2.3.4", "UniqVpcId": "v"}),
    ))
    .await;
    sim.tc_made(&but(a(), "/TaskId", json!("task-0a1b2c3d"))).await;
    sim.tc_made(&but(a(), &at(es, "IndexType"), json!(""))).await;
}

#[tokio::test]
async fn the_type_decides_the_param() {
    let sim = still(json!({})).await;
    let es = &sink("a")["TargetResource"]["EsParam"];
    let cases = vec![
        (with("es", "EsParam", es), VALUE, "`TargetResource.Type`"),
        (with("CLS", "EsParam", es), EMPTY, "`TargetResource.ClsParam`"),
        (
            but(
                sink("a"),
                "/TargetResource/CtsdbParam",
                json!({"Resource": "resource-4c5t6s7d"}),
            ),
            VALUE,
            "`TargetResource.CtsdbParam`",
        ),
        (with("HTTP", "EsParam", es), VALUE, "left out of type HTTP"),
        (
            but(sink("a"), "/TaskType", json!("SOURCE")),
            VALUE,
            "KAFKA or TOPIC in a SOURCE task",
        ),
        (
            but(source("a"), "/TaskType", json!("SINK")),
            VALUE,
            "KAFKA or TOPIC in a SINK task",
        ),
    ];
    refuses(&sim, cases).await;
    let ignoring = still(json!({"ckafka": {"extraParams": "ignore", "undocumentedTypes": []}})).await;
    let extra = but(
        sink("a"),
        "/TargetResource/CtsdbParam",
        json!({"Resource": "resource-4c5t6s7d"}),
    );
    let id = ignoring.tc_made(&extra).await;
    assert_eq!(
        ignoring.tc_show(&id).await["TargetResource"]["CtsdbParam"],
        Value::Null
    );
    let iceberg = json!({"Resource": "resource-9i0c1e2b", "Database": "db"});
    let answer = ignoring
        .tc("CreateDatahubTask", &with("ICEBERG", "IcebergParam", &iceberg))
        .await;
    assert_eq!(answer.tc_code(), VALUE);
}

#[tokio::test]
async fn every_type_is_taken_with_its_param() {
    let sim = still(json!({"ckafka": {"unknownReferences": "accept"}})).await;
    let db = json!({"Database": "d", "Table": "t", "Resource": "r"});
    let pg = json!({"Database": "d", "Table": "t", "Resource": "r", "PluginName": "decoderbufs"});
    let bus = json!({"Type": "COS", "SelfBuilt": false, "Resource": "r"});
    let all = [
        (
            "KAFKA",
            "KafkaParam",
            json!({"SelfBuilt": true, "Resource": "r", "Topic": "t"}),
        ),
        ("TOPIC", "TopicParam", json!({"Resource": "1-t"})),
        ("EB", "EventBusParam", bus.clone()),
        ("EB_", "EventBusParam", bus.clone()),
        ("EB_ES", "EventBusParam", bus.clone()),
        ("EB_COS", "EventBusParam", bus.clone()),
        ("EB_CLS", "EventBusParam", bus),
        (
            "MONGODB",
            "MongoDBParam",
            json!({"Database": "d", "Collection": "c", "CopyExisting": true, "Resource": "r"}),
        ),
        ("ES", "EsParam", json!({"Resource": "r"})),
        ("TDW", "TdwParam", json!({"Bid": "b", "Tid": "t"})),
        ("DTS", "DtsParam", json!({"Resource": "r"})),
        (
            "CLICKHOUSE",
            "ClickHouseParam",
            json!({"Cluster": "c", "Database": "d", "Table": "t", "Resource": "r",
            "Type": "", "Schema": [{"ColumnName": "c", "JsonKey": "k", "Type": "Int8", "AllowNull": false}]}),
        ),
        ("CLS", "ClsParam", json!({"DecodeJson": true, "Resource": "r"})),
        (
            "COS",
            "CosParam",
            json!({"BucketName": "b", "Region": "ap-guangzhou", "AggregateInterval": 1}),
        ),
        ("MARIADB", "MariaDBParam", db.clone()),
        ("SQLSERVER", "SQLServerParam", db.clone()),
        ("CTSDB", "CtsdbParam", json!({})),
        ("SCF", "ScfParam", json!({"FunctionName": "f"})),
        ("MQTT", "MqttParam", json!({"Topics": "t", "CleanSession": true})),
        ("MYSQL", "MySQLParam", db.clone()),
        ("TDSQL_C_MYSQL", "MySQLParam", db.clone()),
        ("MYSQL_DATA", "MySQLParam", db),
        ("POSTGRESQL", "PostgreSQLParam", pg.clone()),
        ("TDSQL_C_POSTGRESQL", "PostgreSQLParam", pg.clone()),
        ("TDSQL_POSTGRESQL", "PostgreSQLParam", pg.clone()),
        ("WAREHOUSE_POSTGRESQL", "PostgreSQLParam", pg),
        ("ICEBERG", "IcebergParam", json!({"Database": "d"})),
    ];
    for (kind, name, param) in &all {
        let id = sim.tc_made(&with(kind, name, param)).await;
        let shown = sim.tc_show(&id).await["TargetResource"].clone();
        assert_eq!(shown["Type"], *kind);
        for (field, value) in param.as_object().unwrap() {
            assert_eq!(shown[*name][field], *value, "{kind} {field}");
        }
        let set = shown
            .as_object()
            .unwrap()
            .values()
            .filter(|value| value.is_object());
        assert_eq!(set.count(), 1, "{kind}");
    }
    for kind in ["HTTP", "DORIS"] {
        let body = but(sink("a"), "/TargetResource", json!({"Type": kind}));
        sim.tc_made(&body).await;
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn rules_across_fields_hold() {
    let sim = still(json!({})).await;
    let kafka = "/SourceResource/KafkaParam";
    let db = json!({"Database": "d", "Table": "t", "Resource": "resource-1m2y3s4q"});
    let iceberg = json!({"Resource": "resource-9i0c1e2b", "Database": "d"});
    let cos = json!({"BucketName": "b", "Region": "ap-guangzhou", "AggregateInterval": 1});
    let to_kafka = |param: Value| {
        but(
            source("a"),
            "/TargetResource",
            json!({"Type": "KAFKA", "KafkaParam": param}),
        )
    };
    let rules = |rules: Value| but(sink("a"), "/TransformsParam", rules);
    let step = |operation: Value| {
        rules(
            json!({"Content": "", "FieldChain": [{"Analyse": {"Format": "JSON"}, "SMT": [
            {"Key": "k", "Operate": "MAPPING", "SchemeType": "STRING", "ValueOperates": [operation]}]}]}),
        )
    };
    let auto = |topic: Value, maps: Value| {
        let param = json!({"SelfBuilt": false, "Resource": "ckafka-0a1b2c3d", "UseAutoCreateTopic": true});
        to_kafka(but(but(param, "/Topic", topic), "/UseTableMapping", maps))
    };
    let older = json!({"AnalysisFormat": "JSON", "OutputFormat": "JSON", "FailureParam": {"Type": "DROP"},
        "Content": "", "SourceType": "TOPIC"});
    let both = but(
        rules(json!({"Content": "", "FieldChain": []})),
        "/TransformParam",
        older.clone(),
    );
    let cases = vec![
        (
            but(sink("a"), &format!("{kafka}/StartTime"), Value::Null),
            VALUE,
            "StartTime",
        ),
        (
            but(
                sink("a"),
                &format!("{kafka}/StartTime"),
                json!(1_735_689_600_000_u64),
            ),
            VALUE,
            "unix seconds",
        ),
        (
            but(sink("a"), &format!("{kafka}/UseTableMapping"), json!(true)),
            VALUE,
            "TableMappings",
        ),
        (
            but(sink("a"), &format!("{kafka}/UseAutoCreateTopic"), json!(true)),
            VALUE,
            "UseAutoCreateTopic",
        ),
        (
            auto(Value::Null, Value::Null),
            VALUE,
            "the name of the topic to create",
        ),
        (
            with("CLS", "ClsParam", &json!({"DecodeJson": false, "Resource": "x"})),
            VALUE,
            "ContentKey",
        ),
        (
            with(
                "MYSQL",
                "MySQLParam",
                &but(db.clone(), "/DataTargetInsertMode", json!("UPSERT")),
            ),
            VALUE,
            "DataTargetPrimaryKeyField",
        ),
        (
            with(
                "ICEBERG",
                "IcebergParam",
                &but(iceberg.clone(), "/UpsertMode", json!("CDC")),
            ),
            VALUE,
            "PrimaryKeys",
        ),
        (
            with("ICEBERG", "IcebergParam", &but(iceberg, "/Database", Value::Null)),
            EMPTY,
            "Database",
        ),
        (
            with(
                "MQTT",
                "MqttParam",
                &json!({"Topics": "t", "CleanSession": true, "SelfBuilt": true}),
            ),
            VALUE,
            "SelfBuilt",
        ),
        (
            with(
                "COS",
                "CosParam",
                &but(cos.clone(), "/AggregateInterval", Value::Null),
            ),
            VALUE,
            "AggregateInterval",
        ),
        (
            with("COS", "CosParam", &but(cos, "/Region", json!("ap-beijing"))),
            VALUE,
            "the region of the task",
        ),
        (
            with(
                "ES",
                "EsParam",
                &json!({"Resource": "resource-0a1b2c3d", "DropDlq": {"Type": "DLQ", "DlqType": "TOPIC"}}),
            ),
            VALUE,
            "`TargetResource.EsParam.DropDlq.TopicParam`",
        ),
        (
            rules(json!({"Content": "", "FieldChain": [], "OutputFormat": "ROW"})),
            VALUE,
            "RowParam",
        ),
        (
            step(json!({"Type": "SUBSTR"})),
            VALUE,
            "`TransformsParam.FieldChain.0.SMT.0.ValueOperates.0.Substr`",
        ),
        (
            rules(json!({"Content": "", "FieldChain": [], "FailureParam": {"Type": "DLQ"}})),
            VALUE,
            "FailureParam.DlqType",
        ),
        (both, VALUE, "left out where TransformsParam is set"),
        (
            to_kafka(
                json!({"SelfBuilt": false, "Resource": "ckafka-0a1b2c3d", "UseTableMapping": true,
                "TableMappings": [{"Database": "d", "Table": "t", "Topic": "orders"}]}),
            ),
            MISSING,
            "TableMappings.0.TopicId",
        ),
    ];
    refuses(&sim, cases).await;
    sim.tc_made(&auto(json!("new-topic"), Value::Null)).await;
    sim.tc_made(&step(json!({"Type": "TRIM"}))).await;
    sim.tc_made(&but(sink("a"), "/TransformParam", older)).await;
}

#[tokio::test]
async fn what_a_task_names_must_be_there() {
    let sim = still(json!({})).await;
    let kafka = "/SourceResource/KafkaParam";
    let cases = vec![
        (
            but(sink("a"), &format!("{kafka}/Resource"), json!("ckafka-00000000")),
            NO_INSTANCE,
            "ckafka-00000000",
        ),
        (
            but(sink("a"), &format!("{kafka}/Topic"), json!("orders,nothing")),
            NOT_FOUND,
            "topic `nothing`",
        ),
        (
            but(
                sink("a"),
                "/TargetResource/EsParam/Resource",
                json!("resource-00000000"),
            ),
            NOT_FOUND,
            "connection `resource-00000000`",
        ),
        (
            but(
                source("a"),
                "/TargetResource/TopicParam/Resource",
                json!("1300000001-x"),
            ),
            NOT_FOUND,
            "1300000001-x",
        ),
        (
            but(sink("a"), "/SchemaId", json!("schema-00000000")),
            NOT_FOUND,
            "schema `schema-00000000`",
        ),
    ];
    refuses(&sim, cases.clone()).await;
    sim.tc_made(&but(
        sink("a"),
        &format!("{kafka}/Topic"),
        json!("orders, payments"),
    ))
    .await;
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"ckafka": {"unknownReferences": "accept"}}}),
    )
    .await;
    for (body, _, says) in cases {
        assert_eq!(sim.tc("CreateDatahubTask", &body).await.tc_code(), "", "{says}");
    }
}

#[tokio::test]
async fn names_may_repeat_unless_the_switch_says_otherwise_and_the_quota_counts_live_tasks() {
    let sim = still(json!({"ckafka": {"quota": 2}})).await;
    let id = sim.tc_running(&sink("a")).await;
    sim.tc_running(&sink("a")).await;
    let over = sim.tc("CreateDatahubTask", &sink("a")).await;
    assert_eq!(over.tc_code(), "LimitExceeded");
    assert_eq!(sim.tc_act("Delete", &id).await.tc_code(), "");
    sim.advance(2000).await;
    let only = json!({"switches": {"ckafka": {"uniqueNames": true}}});
    sim.admin(Method::PATCH, "/world", &only).await;
    let again = sim.tc("CreateDatahubTask", &sink("a")).await;
    assert_eq!(again.tc_code(), "InvalidParameterValue.RepetitionValue");
    let other = sim.tc_running(&sink("b")).await;
    let rename = sim
        .tc("ModifyDatahubTask", &json!({"TaskId": other, "TaskName": "a"}))
        .await;
    assert_eq!(rename.tc_code(), "InvalidParameterValue.RepetitionValue");
    let same = sim
        .tc("ModifyDatahubTask", &json!({"TaskId": other, "TaskName": "b"}))
        .await;
    assert_eq!(same.tc_code(), "");
}
