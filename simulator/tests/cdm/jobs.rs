//! Jobs: bodies, codes, values, pages, secrets.

use reqwest::Method;
use serde_json::{Value, json};

use super::common::{Sim, but};
use super::{configs, driver, files, inputs, orders};

/// The create request of the page `CreateJob` of the API reference.
const SAMPLE: &str = r#"{"jobs": [{
    "job_type": "NORMAL_JOB", "from-connector-name": "elasticsearch-connector",
    "to-config-values": {"configs": [{"inputs": [
        {"name": "toJobConfig.streamName", "value": "dis-lkGm"}, {"name": "toJobConfig.separator", "value": "|"},
        {"name": "toJobConfig.columnList", "value": "1&2&3"}], "name": "toJobConfig"}]},
    "to-link-name": "dis",
    "driver-config-values": {"configs": [
        {"inputs": [{"name": "throttlingConfig.numExtractors", "value": "1"},
            {"name": "throttlingConfig.submitToCluster", "value": "false"},
            {"name": "throttlingConfig.numLoaders", "value": "1"},
            {"name": "throttlingConfig.recordDirtyData", "value": "false"}], "name": "throttlingConfig"},
        {"inputs": {}, "name": "jarConfig"},
        {"inputs": [{"name": "schedulerConfig.isSchedulerJob", "value": "false"},
            {"name": "schedulerConfig.disposableType", "value": "NONE"}], "name": "schedulerConfig"},
        {"inputs": {}, "name": "transformConfig"},
        {"inputs": [{"name": "retryJobConfig.retryJobType", "value": "NONE"}], "name": "retryJobConfig"}]},
    "from-config-values": {"configs": [{"inputs": [
        {"name": "fromJobConfig.index", "value": "52est"}, {"name": "fromJobConfig.type", "value": "est_array"},
        {"name": "fromJobConfig.columnList", "value": "array_f1_int:long&array_f2_text:string"},
        {"name": "fromJobConfig.splitNestedField", "value": "false"}], "name": "fromJobConfig"}]},
    "to-connector-name": "dis-connector", "name": "es_css", "from-link-name": "css"}]}"#;

fn with(body: Value, member: &str, value: Value) -> Value {
    but(body, &format!("/jobs/0/{member}"), value)
}

#[tokio::test]
async fn the_sample_of_the_page_is_saved_and_answered() {
    let sim = Sim::start();
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();
    let made = sim.cdm(Method::POST, "/job", &sample).await;
    assert_eq!(
        made.json(),
        json!({"name": "es_css", "validation-result": [{}, {}, {}]})
    );
    let answer = sim.cdm_get("/job/es_css").await.json();
    assert_eq!(
        (
            &answer["total"],
            &answer["simple"],
            &answer["page_no"],
            &answer["page_size"]
        ),
        (&json!(0), &json!(true), &json!(1), &json!(10))
    );
    let job = &answer["jobs"][0];
    assert_eq!(
        (&job["status"], &job["creation-user"], &job["type"]),
        (
            &json!("NEW"),
            &json!("replication-operator"),
            &json!("NORMAL_JOB")
        )
    );
    assert!(job["creation-date"].as_i64().unwrap() > 1_700_000_000_000);
    assert_eq!(inputs(&job["to-config-values"])["toJobConfig.separator"], "%7C");
    let empty = json!({"name": "jarConfig", "inputs": []});
    let configs = job["driver-config-values"]["configs"].as_array().unwrap();
    assert!(configs.contains(&empty), "{configs:?}");
    // What was answered can be sent again.
    let again = sim.cdm(Method::PUT, "/job/es_css", &json!({"jobs": [job]})).await;
    assert_eq!(again.json(), json!({"validation-result": [{}, {}, {}]}));
}

#[tokio::test]
async fn values_are_answered_escaped_with_what_the_connectors_add() {
    let sim = Sim::start();
    sim.cdm_job("a").await;
    let job = sim.cdm_show("a").await;
    let (from, to) = (
        inputs(&job["from-config-values"]),
        inputs(&job["to-config-values"]),
    );
    let driver = inputs(&job["driver-config-values"]);
    assert_eq!(from["fromJobConfig.columnList"], "id%26customer%26total");
    assert_eq!(from["fromJobConfig.incrMigration"], "false");
    assert_eq!(to["toJobConfig.outputDirectory"], "%2Forders%2F");
    assert_eq!(to["toJobConfig.duplicateFileOpType"], "REPLACE");
    assert_eq!(driver["throttlingConfig.numExtractors"], "2");
    assert_eq!(driver["throttlingConfig.numLoaders"], "1");
    assert_eq!(driver["groupJobConfig.groupName"], "DEFAULT");
    let switches =
        json!({"switches": {"cdm": {"encoding": "raw", "addedInputs": "none", "emptyInputs": "object"}}});
    sim.admin(Method::PATCH, "/world", &switches).await;
    let job = sim.cdm_show("a").await;
    assert_eq!(inputs(&job["from-config-values"]).len(), 4);
    assert_eq!(
        inputs(&job["to-config-values"])["toJobConfig.outputDirectory"],
        "/orders/"
    );
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"cdm": {"fullInputs": true}}}),
    )
    .await;
    let full = sim.cdm_show("a").await["from-config-values"]["configs"][0].clone();
    assert_eq!(full["type"], "JOB");
    assert_eq!(
        (&full["inputs"][0]["type"], &full["inputs"][0]["size"]),
        (&json!("STRING"), &json!(1024))
    );
}

#[tokio::test]
async fn raw_values_come_back_as_texts_and_escapes_are_escaped_again() {
    let sim = Sim::start();
    let mut body = orders("a");
    let inputs_of = &mut body["jobs"][0]["to-config-values"]["configs"][0]["inputs"];
    let more = [
        ("lineSeparator", json!("%0A")),
        ("quoteChar", json!(true)),
        ("writeFileSize", json!(64)),
    ];
    for (name, value) in more {
        let input = json!({"name": format!("toJobConfig.{name}"), "value": value});
        inputs_of.as_array_mut().unwrap().push(input);
    }
    assert_eq!(sim.cdm(Method::POST, "/job", &body).await.status, 200);
    let to = inputs(&sim.cdm_show("a").await["to-config-values"]);
    assert_eq!(
        (
            &to["toJobConfig.lineSeparator"],
            &to["toJobConfig.quoteChar"],
            &to["toJobConfig.writeFileSize"]
        ),
        (&json!("%250A"), &json!("true"), &json!("64"))
    );
}

#[tokio::test]
async fn bad_jobs_are_refused_by_the_codes_of_the_catalogue() {
    let sim = Sim::start();
    sim.cdm_job("taken").await;
    sim.admin(
        Method::PATCH,
        "/jobs/cdm-links/dws_link",
        &json!({"enabled": false}),
    )
    .await;
    let long = "a".repeat(241);
    let disabled = with(orders("a"), "from-link-name", json!("dws_link"));
    let dli = json!({"name": "dli", "connector-name": "dli-connector"});
    sim.admin(Method::POST, "/jobs/cdm-links", &dli).await;
    let mut directed = with(orders("a"), "from-link-name", json!("dli"));
    directed["jobs"][0]["from-connector-name"] = json!("dli-connector");
    let mut stranger = orders("a");
    stranger["jobs"][0]["from-config-values"]["configs"][0]["inputs"][0]["name"] = json!("fromJobConfig.x");
    let mut config = orders("a");
    config["jobs"][0]["to-config-values"]["configs"][0]["name"] = json!("fromJobConfig");
    let mut binary = orders("a");
    binary["jobs"][0]["to-config-values"]["configs"][0]["inputs"][2]["value"] = json!("BINARY_FILE");
    let dirty = driver(orders("a"), "throttlingConfig.writeToLink", "none");
    let cases = [
        (json!({"jobs": []}), "Cdm.0014"),
        (json!({"jobs": {}}), "Cdm.0014"),
        (with(orders("a"), "name", Value::Null), "Cdm.0014"),
        (with(orders("a"), "name", json!(1)), "Cdm.0004"),
        (orders("taken"), "Cdm.0104"),
        (orders(&long), "Cdm.0109"),
        (orders("-a"), "Cdm.0110"),
        (orders("all"), "Cdm.0110"),
        (with(orders("a"), "job_type", json!("OTHER")), "Cdm.0055"),
        (with(orders("a"), "from-link-name", json!("none")), "Cdm.0101"),
        (with(orders("a"), "from-link-name", json!("obs_link")), "Cdm.0327"),
        (
            with(orders("a"), "from-connector-name", json!("none")),
            "Cdm.0102",
        ),
        (with(orders("a"), "driver-config-values", Value::Null), "Cdm.0014"),
        (disabled, "Cdm.0060"),
        (directed, "Cdm.0061"),
        (stranger, "Cdm.0089"),
        (config, "Cdm.0088"),
        (binary, "Cdm.0062"),
        (dirty, "Cdm.0101"),
        (
            driver(orders("a"), "throttlingConfig.numExtractors", "many"),
            "Cdm.0009",
        ),
        (
            driver(orders("a"), "schedulerConfig.disposableType", "SOON"),
            "Cdm.0014",
        ),
        (
            driver(orders("a"), "schedulerConfig.isSchedulerJob", "true"),
            "Cdm.0014",
        ),
    ];
    for (body, code) in cases {
        let answer = sim.cdm(Method::POST, "/job", &body).await;
        assert_eq!(answer.cdm(), (400, code.to_owned()), "{body}");
        let error = answer.json();
        assert_eq!(
            (&error["code"], &error["message"]),
            (&error["errCode"], &error["externalMessage"])
        );
    }
    let held = sim.admin(Method::GET, "/jobs/cdm", &Value::Null).await;
    assert_eq!(held["created"], 1);
    let tail = json!({"switches": {"cdm": {"createErrorTail": "ternalMessage"}}});
    sim.admin(Method::PATCH, "/world", &tail).await;
    let clipped = sim.cdm(Method::POST, "/job", &orders("taken")).await.json();
    assert_eq!(
        clipped["ternalMessage"],
        "Job name already exist or created by other."
    );
    assert!(clipped.get("externalMessage").is_none());
}

#[tokio::test]
async fn an_answer_with_findings_has_no_name_and_saves_nothing() {
    let sim = Sim::start();
    let mut body = orders("a");
    body["jobs"][0]["to-config-values"] = configs(
        "toJobConfig",
        &[("bucketName", "lake"), ("outputFormat", "CSV_FILE")],
    );
    body["jobs"][0]["from-config-values"] = configs(
        "fromJobConfig",
        &[("useSql", "true"), ("sql", "select 1"), ("tableName", "t")],
    );
    let answer = sim.cdm(Method::POST, "/job", &body).await;
    assert_eq!(answer.status, 200);
    let answer = answer.json();
    assert!(answer.get("name").is_none(), "{answer}");
    let found = &answer["validation-result"];
    assert_eq!(found[1]["toJobConfig.outputDirectory"][0]["status"], "ERROR");
    assert!(
        found[0]["fromJobConfig.tableName"][0]["message"]
            .as_str()
            .unwrap()
            .contains("Cdm.0913")
    );
    assert_eq!(found[2], json!({}));
    assert_eq!(sim.cdm_get("/job/a").await.cdm(), (400, "Cdm.0100".to_owned()));
    assert!(sim.requests().await[0]["effect"].is_null());
    // An update with findings changes nothing either.
    sim.cdm_job("a").await;
    let answer = sim.cdm(Method::PUT, "/job/a", &body).await.json();
    assert_eq!(answer["validation-result"][2], json!({}));
    assert_eq!(
        inputs(&sim.cdm_show("a").await["from-config-values"])["fromJobConfig.tableName"],
        "orders"
    );
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"cdm": {"findings": "refuse"}}}),
    )
    .await;
    let refused = sim.cdm(Method::PUT, "/job/a", &body).await;
    assert_eq!(refused.cdm(), (400, "Cdm.0018".to_owned()));
}

#[tokio::test]
async fn a_missing_job_answers_each_call_in_its_own_way() {
    let sim = Sim::start();
    let delete = sim.cdm(Method::DELETE, "/job/nope", &Value::Null).await;
    assert_eq!(delete.status, 500);
    assert_eq!(
        delete.json(),
        json!({"errCode": "Cdm.0100", "externalMessage": "Job[nope] doesn't exist."})
    );
    let put = sim.cdm(Method::PUT, "/job/nope", &orders("nope")).await;
    assert_eq!(put.status, 400);
    let text = "A job with the name nope does not exist.";
    assert_eq!(
        put.json(),
        json!({"code": "Cdm.0095", "errCode": "Cdm.00095", "message": text, "externalMessage": text})
    );
    assert_eq!(sim.cdm_get("/job/nope").await.cdm(), (400, "Cdm.0100".to_owned()));
    for rest in ["/job/nope/start", "/job/nope/stop"] {
        assert_eq!(sim.cdm_put(rest).await.cdm(), (400, "Cdm.0054".to_owned()));
    }
    for rest in ["/job/nope/status", "/submissions?jname=nope"] {
        assert_eq!(sim.cdm_get(rest).await.cdm(), (400, "Cdm.0054".to_owned()));
    }
    assert_eq!(
        sim.cdm_get("/submissions").await.cdm(),
        (400, "Cdm.0014".to_owned())
    );
    let switches =
        json!({"missingOnDelete": "whole", "missingOnUpdate": "equal", "missingJob": {"code": "Cdm.0054"}});
    sim.admin(Method::PATCH, "/world", &json!({"switches": {"cdm": switches}}))
        .await;
    assert_eq!(
        sim.cdm(Method::DELETE, "/job/nope", &Value::Null).await.cdm(),
        (400, "Cdm.0100".to_owned())
    );
    assert_eq!(
        sim.cdm(Method::PUT, "/job/nope", &orders("n")).await.cdm().1,
        "Cdm.0095"
    );
    assert_eq!(sim.cdm_get("/job/nope").await.cdm().1, "Cdm.0054");
}

#[tokio::test]
async fn jobs_are_listed_by_type_in_pages() {
    let sim = Sim::start();
    for n in 0..12 {
        sim.cdm_job(&format!("orders_{n:02}")).await;
    }
    let batch = with(orders("batch"), "job_type", json!("BATCH_JOB"));
    assert_eq!(sim.cdm(Method::POST, "/job", &batch).await.status, 200);
    let names = |page: &Value| -> Vec<String> {
        let jobs = page["jobs"].as_array().unwrap();
        jobs.iter()
            .map(|job| job["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = sim.cdm_get("/job/all").await.json();
    assert_eq!((first["total"].as_u64(), names(&first).len()), (Some(12), 10));
    let second = sim
        .cdm_get("/job/all?page_no=2&page_size=10&jobType=NORMAL_JOB")
        .await
        .json();
    assert_eq!(names(&second), ["orders_10", "orders_11"]);
    assert_eq!(
        (second["page_no"].as_u64(), second["page_size"].as_u64()),
        (Some(2), Some(10))
    );
    assert_eq!(sim.cdm_get("/job/all?page_no=3").await.json()["jobs"], json!([]));
    let batches = sim
        .cdm_get("/job/all?jobType=BATCH_JOB&page_size=100")
        .await
        .json();
    assert_eq!(names(&batches), ["batch"]);
    assert_eq!(
        names(&sim.cdm_get("/job/all?filter=_03").await.json()),
        ["orders_03"]
    );
    for (query, code) in [
        ("page_size=9", "Cdm.0010"),
        ("page_size=101", "Cdm.0010"),
        ("page_no=0", "Cdm.0010"),
        ("page_no=x", "Cdm.0009"),
        ("jobType=x", "Cdm.0055"),
    ] {
        let refused = sim.cdm_get(&format!("/job/all?{query}")).await;
        assert_eq!(refused.cdm(), (400, code.to_owned()), "{query}");
    }
}

#[tokio::test]
async fn an_update_replaces_renames_and_keeps_what_cannot_change() {
    let sim = Sim::start();
    sim.cdm_job("a").await;
    sim.cdm_job("b").await;
    let mut shorter = orders("c");
    shorter["jobs"][0]["from-config-values"]["configs"][0]["inputs"]
        .as_array_mut()
        .unwrap()
        .pop();
    let renamed = sim.cdm(Method::PUT, "/job/a", &shorter).await;
    assert_eq!(renamed.json(), json!({"validation-result": [{}, {}, {}]}));
    assert_eq!(sim.cdm_get("/job/a").await.cdm().1, "Cdm.0100");
    let from = inputs(&sim.cdm_show("c").await["from-config-values"]);
    assert!(!from.contains_key("fromJobConfig.columnList"));
    assert_eq!(
        sim.cdm(Method::PUT, "/job/c", &orders("b")).await.cdm().1,
        "Cdm.0104"
    );
    let batch = with(orders("c"), "job_type", json!("BATCH_JOB"));
    assert_eq!(sim.cdm(Method::PUT, "/job/c", &batch).await.cdm().1, "Cdm.0014");
    let connector = files("c");
    assert_eq!(
        sim.cdm(Method::PUT, "/job/c", &connector).await.cdm().1,
        "Cdm.0327"
    );
    let relinked = with(orders("c"), "from-link-name", json!("dws_link"));
    assert_eq!(sim.cdm(Method::PUT, "/job/c", &relinked).await.status, 200);
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"cdm": {"relink": false, "update": "merge"}}}),
    )
    .await;
    assert_eq!(
        sim.cdm(Method::PUT, "/job/c", &orders("c")).await.cdm().1,
        "Cdm.0014"
    );
    let merged = with(shorter, "from-link-name", json!("mysql_link"));
    assert_eq!(
        sim.cdm(Method::PUT, "/job/b", &with(merged, "name", json!("b")))
            .await
            .status,
        200
    );
    let from = inputs(&sim.cdm_show("b").await["from-config-values"]);
    assert!(from.contains_key("fromJobConfig.columnList"));
}

#[tokio::test]
async fn secrets_of_jobs_are_left_out_of_answers() {
    let sim = Sim::start();
    let mut body = files("a");
    let dek = "ab".repeat(32);
    let inputs_of = &mut body["jobs"][0]["to-config-values"]["configs"][0]["inputs"];
    inputs_of
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "toJobConfig.dek", "value": dek}));
    assert_eq!(sim.cdm(Method::POST, "/job", &body).await.json()["name"], "a");
    let shown = sim.cdm_get("/job/a").await.text;
    assert!(
        shown.contains("toJobConfig.dek") && !shown.contains(&dek),
        "{shown}"
    );
    let held = sim.admin(Method::GET, "/jobs/cdm/a", &Value::Null).await;
    assert!(held["inputs"]["toJobConfig.dek"]["sha256"].is_string());
    assert!(!held.to_string().contains(&dek));
}

#[tokio::test]
async fn unknown_names_are_ignored_or_refused_as_switched() {
    let sim = Sim::start();
    let odd = with(orders("a"), "odd", json!(1));
    assert_eq!(sim.cdm(Method::POST, "/job", &odd).await.json()["name"], "a");
    let strict = json!({"switches": {"cdm": {"unknownMembers": "refuse", "unknownInputs": "ignore"}}});
    sim.admin(Method::PATCH, "/world", &strict).await;
    assert_eq!(
        sim.cdm(Method::POST, "/job", &with(orders("b"), "odd", json!(1)))
            .await
            .cdm()
            .1,
        "Cdm.0014"
    );
    let mut stranger = orders("b");
    let inputs_of = &mut stranger["jobs"][0]["to-config-values"]["configs"][0]["inputs"];
    inputs_of
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "toJobConfig.newest", "value": "1"}));
    assert_eq!(sim.cdm(Method::POST, "/job", &stranger).await.json()["name"], "b");
}

#[tokio::test]
async fn other_answers_about_jobs_are_switches() {
    let sim = Sim::with(&json!({"switches": {"cdm": {
        "createAnswer": "name", "singleTotal": 1, "decodeValues": true, "addedInputs": "older"}}}));
    let mut body = orders("a");
    body["jobs"][0]["to-config-values"]["configs"][0]["inputs"][1]["value"] = json!("%2Forders%2F");
    assert_eq!(
        sim.cdm(Method::POST, "/job", &body).await.json(),
        json!({"name": "a"})
    );
    let answer = sim.cdm_get("/job/a").await.json();
    assert_eq!(answer["total"], 1);
    let job = &answer["jobs"][0];
    assert_eq!(
        inputs(&job["to-config-values"])["toJobConfig.outputDirectory"],
        "%2Forders%2F"
    );
    let driver = inputs(&job["driver-config-values"]);
    assert!(
        driver.contains_key("groupJobConfig.groupName") && !driver.contains_key("groupJobConfig.groupId")
    );
}
