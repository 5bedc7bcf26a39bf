//! The answers, against the worked examples of the reference.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Sim, but};
use crate::{sink, source, still};

const SLOTS: [&str; 17] = [
    "KafkaParam",
    "EventBusParam",
    "MongoDBParam",
    "EsParam",
    "TdwParam",
    "DtsParam",
    "ClickHouseParam",
    "ClsParam",
    "CosParam",
    "MySQLParam",
    "PostgreSQLParam",
    "TopicParam",
    "MariaDBParam",
    "SQLServerParam",
    "CtsdbParam",
    "ScfParam",
    "MqttParam",
];

fn http() -> Value {
    json!({
        "TaskName": "http-in", "TaskType": "SOURCE", "SourceResource": {"Type": "HTTP"},
        "TargetResource": {"Type": "KAFKA", "KafkaParam": {
            "SelfBuilt": false, "Resource": "ckafka-0a1b2c3d", "Topic": "orders"}}
    })
}

fn keys(value: &Value) -> Vec<String> {
    let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

fn end(kind: &str, param: Option<(&str, Value)>) -> Value {
    let mut end = json!({ "Type": kind });
    for slot in SLOTS {
        end[slot] = Value::Null;
    }
    if let Some((name, param)) = param {
        end[name] = param;
    }
    end
}

#[tokio::test]
async fn a_described_task_is_the_worked_example() {
    let sim = still(json!({})).await;
    let made = sim.tc("CreateDatahubTask", &http()).await.result();
    let id = made["TaskId"].as_str().unwrap();
    let datahub = made["DatahubId"].as_str().unwrap();
    for (id, start) in [(id, "task-"), (datahub, "datahub-")] {
        let end = id.strip_prefix(start).unwrap();
        assert_eq!(end.len(), 8);
        assert!(
            end.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
            "{id}"
        );
    }
    sim.advance(2000).await;
    let mut shown = sim.tc_show(id).await;
    let created = shown["CreateTime"].take();
    let created = created.as_str().unwrap();
    jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", created).unwrap();
    let expected = json!({
        "TaskId": id, "DatahubId": datahub, "TaskName": "http-in", "TaskType": "SOURCE", "Status": 1,
        "SourceResource": end("HTTP", None),
        "TargetResource": end("KAFKA", Some(("KafkaParam", json!({
            "SelfBuilt": false, "Resource": "ckafka-0a1b2c3d", "Topic": "orders", "OffsetType": null,
            "StartTime": null, "ResourceName": "shop", "ZoneId": 100_006, "TopicId": "topic-1a2b3c4d",
            "PartitionNum": 3, "EnableToleration": null, "QpsLimit": 2000, "TableMappings": null,
            "UseTableMapping": false, "UseAutoCreateTopic": false, "CompressionType": "none", "MsgMultiple": 1,
            "ConnectorSyncType": "", "KeepPartition": false})))),
        "Connections": [], "CreateTime": null, "TransformParam": null, "TransformsParam": null, "SchemaId": "",
        "SchemaName": "", "ErrorMessage": "运行中", "Tags": [], "Description": "", "IsolateStatus": 1, "TaskMax": 1,
        "SyncThrottleLimit": 20, "AutoExpandFlag": true
    });
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn a_row_lacks_what_lists_lack_and_has_the_steps() {
    let sim = still(json!({})).await;
    let id = sim.tc_made(&sink("orders-to-es")).await;
    sim.advance(720).await;
    let list = sim
        .tc_list(&json!({"SearchWord": "orders-to-es", "TaskType": "SINK", "Limit": 100, "Offset": 0}))
        .await;
    assert_eq!(list["TotalCount"], 1);
    let row = &list["TaskList"][0];
    assert_eq!(
        keys(row),
        [
            "AutoExpandFlag",
            "CreateTime",
            "DatahubId",
            "Description",
            "ErrorMessage",
            "SourceResource",
            "Status",
            "StepList",
            "SyncThrottleLimit",
            "TargetResource",
            "TaskCurrentStep",
            "TaskId",
            "TaskMax",
            "TaskName",
            "TaskProgress",
            "TaskType"
        ]
    );
    assert_eq!(
        (row["Status"].as_i64(), row["TaskProgress"].as_f64()),
        (Some(0), Some(36.0))
    );
    assert_eq!(row["TaskCurrentStep"], "WAIT_CONNECT_PORT");
    assert_eq!((&row["StepList"], &row["ErrorMessage"]), (&json!([]), &json!("")));
    let kafka = &row["SourceResource"]["KafkaParam"];
    assert_eq!(
        (&kafka["TopicId"], &kafka["PartitionNum"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(kafka["ResourceName"], "shop");
    let shown = sim.tc_show(&id).await;
    let kafka = &shown["SourceResource"]["KafkaParam"];
    assert_eq!(
        (&kafka["TopicId"], &kafka["PartitionNum"]),
        (&json!("topic-1a2b3c4d"), &json!(3))
    );
    assert_eq!(kafka["StartTime"], 1_735_689_600);
    assert_eq!(shown["Tags"], json!([{"TagKey": "env", "TagValue": "test"}]));
    let group = format!("datahub-{id}");
    assert_eq!(
        shown["Connections"],
        json!([{"TopicName": "orders", "GroupId": group, "TopicId": "topic-1a2b3c4d"}])
    );
    sim.advance(2000).await;
    let list = sim.tc_list(&json!({})).await;
    assert_eq!(list["TaskList"][0]["TaskCurrentStep"], "FINISH");
    assert_eq!(list["TaskList"][0]["TaskProgress"].as_f64(), Some(36.0));
}

#[tokio::test]
async fn steps_and_progress_are_switches() {
    let sim = still(json!({"ckafka": {"listSteps": true, "finishedProgress": 100}})).await;
    sim.tc_made(&sink("a")).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let row = sim.tc_list(&json!({})).await["TaskList"][0].clone();
        seen.push((
            row["TaskProgress"].as_f64().unwrap().round().to_string(),
            row["TaskCurrentStep"].as_str().unwrap().to_owned(),
            row["StepList"].as_array().unwrap().len(),
        ));
        sim.advance(700).await;
    }
    let row = |progress: &str, step: &str, steps: usize| (progress.to_owned(), step.to_owned(), steps);
    assert_eq!(
        seen,
        [
            row("0", "WAIT_CREATE_PRIVATELINK", 1),
            row("35", "WAIT_CONNECT_PORT", 2),
            row("70", "WAIT_CONNECT_RESOURCE", 3),
            row("100", "FINISH", 0)
        ]
    );
}

#[tokio::test]
async fn secrets_are_never_read_back_unless_the_switch_says_so() {
    let sim = Sim::start();
    let id = sim.tc_made(&sink("orders")).await;
    let secret = |answer: &Value| answer["TargetResource"]["EsParam"].get("Password").cloned();
    assert_eq!(secret(&sim.tc_show(&id).await), None);
    let texts = [
        sim.tc_act("Describe", &id).await.text,
        sim.tc("DescribeDatahubTasks", &json!({})).await.text,
        sim.admin(Method::GET, "/jobs/ckafka", &Value::Null)
            .await
            .to_string(),
        sim.admin(Method::GET, "/requests", &Value::Null)
            .await
            .to_string(),
        std::fs::read_to_string(sim.log_file()).unwrap(),
    ];
    for text in texts {
        assert!(!text.contains("secret-of-es"), "{text}");
    }
    for (word, expected) in [("empty", ""), ("masked", "******"), ("plain", "secret-of-es")] {
        sim.admin(
            Method::PATCH,
            "/world",
            &json!({"switches": {"ckafka": {"secrets": word}}}),
        )
        .await;
        assert_eq!(secret(&sim.tc_show(&id).await), Some(json!(expected)));
        let held = sim
            .admin(Method::GET, &format!("/jobs/ckafka/{id}"), &Value::Null)
            .await;
        assert!(!held.to_string().contains("secret-of-es"));
        let digest = &held["secretSha256"]["TargetResource.EsParam.Password"];
        assert_eq!(digest.as_str().unwrap().len(), 64);
    }
}

#[tokio::test]
async fn transforms_are_answered_in_order_with_what_is_always_there() {
    let sim = Sim::start();
    let rules = json!({
        "Content": "{}",
        "FieldChain": [
            {"Analyse": {"Format": "JSON"}, "SMT": [
                {"Key": "b", "Operate": "MAPPING", "SchemeType": "STRING", "ValueOperates": [
                    {"Type": "REPLACE", "Replace": {"OldValue": "x", "NewValue": ""}},
                    {"Type": "LOWERCASE", "Lowercase": {}}]},
                {"Key": "a", "Operate": "CUSTOMIZE", "SchemeType": "INT64", "Value": "1"}]},
            {"Analyse": {"Format": "SOURCE"}}]
    });
    let id = sim
        .tc_made(&but(sink("a"), "/TransformsParam", rules.clone()))
        .await;
    let shown = sim.tc_show(&id).await["TransformsParam"].clone();
    assert_eq!(shown["OutputFormat"], "JSON");
    assert_eq!(shown["KeepMetadata"], false);
    let chain = &shown["FieldChain"];
    assert_eq!(chain[0]["SMT"][0]["Key"], "b");
    assert_eq!(chain[0]["SMT"][1]["Key"], "a");
    assert_eq!(chain[1]["Analyse"]["Format"], "SOURCE");
    assert_eq!(
        chain[0]["SMT"][0]["ValueOperates"][0]["Replace"],
        json!({"OldValue": "x", "NewValue": ""})
    );
    assert_eq!(chain[0]["SMT"][0]["ValueOperates"][0]["Substr"], Value::Null);
    assert_eq!(chain[0]["SMT"][0]["ValueOperates"][1]["Lowercase"], json!({}));
    assert_eq!(chain[1]["SMT"], json!([]));
}

#[tokio::test]
async fn the_other_example_and_a_schema_are_read_back() {
    let sim = still(json!({})).await;
    let id = sim
        .tc_made(&but(source("crm-cdc"), "/SchemaId", json!("schema-0a1b2c3d")))
        .await;
    let shown = sim.tc_show(&id).await;
    assert_eq!(
        shown["SourceResource"]["PostgreSQLParam"],
        source("")["SourceResource"]["PostgreSQLParam"]
    );
    assert_eq!(
        shown["TargetResource"]["TopicParam"],
        json!({"Resource": "1300000001-crm", "OffsetType": null, "StartTime": null, "TopicId": "topic-6f7a8b9c",
               "CompressionType": "none", "UseAutoCreateTopic": false, "MsgMultiple": 1})
    );
    assert_eq!(
        (&shown["SchemaId"], &shown["SchemaName"]),
        (&json!("schema-0a1b2c3d"), &json!("orders"))
    );
}

#[tokio::test]
async fn creation_is_told_in_the_zone_of_the_switch() {
    let sim = still(json!({"ckafka": {"timeZoneHours": 0}})).await;
    let id = sim.tc_made(&sink("a")).await;
    let told = sim.tc_show(&id).await["CreateTime"].as_str().unwrap().to_owned();
    let told = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", &told).unwrap();
    let told = told.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let now = jiff::Timestamp::now().as_second();
    assert!((now - 60..=now + 1).contains(&told.as_second()), "{told}");
}

#[tokio::test]
async fn what_is_not_echoed_is_a_switch() {
    let sim = still(json!({"ckafka": {"unechoed": ["Index"]}})).await;
    let id = sim.tc_made(&sink("a")).await;
    let listed = sim.tc_list(&json!({})).await;
    for shown in [sim.tc_show(&id).await, listed["TaskList"][0].clone()] {
        let es = &shown["TargetResource"]["EsParam"];
        assert_eq!(es.get("Index"), None, "{es}");
        assert_eq!(es["Resource"], "resource-0a1b2c3d");
    }
}
