//! The life of event-router jobs: transitions, switchover, logs, pre-check, progress, foreign hands.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Sim, but, dcs_job, job, rocketmq_job};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_job_lives_as_the_clock_says() {
    let sim = Sim::start();
    sim.admin(Method::POST, "/clock", &json!({"speed": 0})).await;
    let id = sim.create("a").await;
    assert_eq!(sim.status(&id).await, "CREATING");
    sim.advance(1999).await;
    assert_eq!(sim.status(&id).await, "CREATING");
    sim.advance(1).await;
    assert_eq!(sim.status(&id).await, "WAIT_START");
    assert_eq!(sim.act(&id, "START").await.json(), json!({"job_id": id}));
    assert_eq!(sim.status(&id).await, "WAIT_START");
    sim.advance(1000).await;
    assert_eq!(sim.status(&id).await, "RUNNING");
    sim.act(&id, "PAUSE").await;
    sim.advance(1000).await;
    assert_eq!(sim.status(&id).await, "STOPPED");
    let gone = sim.eg(Method::DELETE, &format!("/jobs/{id}"), &Value::Null).await;
    assert_eq!(gone.json(), json!({"job_id": id}));
    assert_eq!(sim.show(&id).await.status, 200);
    sim.advance(1000).await;
    assert_eq!(sim.show(&id).await.code(), "EG.00014040");
    assert_eq!(
        sim.eg(Method::DELETE, &format!("/jobs/{id}"), &Value::Null)
            .await
            .status,
        404
    );
    let totals = sim.admin(Method::GET, "/jobs/eventgrid", &Value::Null).await;
    assert_eq!(totals, json!({"jobs": [], "created": 1, "deleted": 1}));
}

#[tokio::test]
async fn other_words_and_a_lingering_deleted_job_are_switches() {
    let sim = Sim::with(&json!({"switches": {"eventGrid": {
        "transitionalStates": true, "afterDelete": "deleted", "statuses": {"STOPPED": "PAUSED"},
        "operations": {"stop": ["HALT"]}, "style": "full", "passwordEcho": "masked"}}}));
    sim.admin(Method::POST, "/clock", &json!({"speed": 0})).await;
    let id = sim.eg(Method::POST, "/jobs", &rocketmq_job("a")).await.json()["job_id"]
        .as_str()
        .unwrap()
        .to_owned();
    sim.advance(2000).await;
    sim.act(&id, "START").await;
    assert_eq!(sim.status(&id).await, "STARTING");
    sim.advance(1000).await;
    assert_eq!(sim.act(&id, "PAUSE").await.code(), "EG.00513000");
    sim.act(&id, "HALT").await;
    sim.advance(1000).await;
    assert_eq!(sim.status(&id).await, "PAUSED");
    let shown = sim.show(&id).await.json();
    assert_eq!(shown["source_config"]["source_rocketmq"]["password"], "******");
    assert_eq!(shown["source_status_info"], "");
    sim.eg(Method::DELETE, &format!("/jobs/{id}"), &Value::Null).await;
    assert_eq!(sim.status(&id).await, "DELETING");
    sim.advance(1000).await;
    assert_eq!(sim.status(&id).await, "DELETED");
    assert_eq!(sim.total().await, 0);
}

#[tokio::test]
async fn a_switch_exchanges_the_ends_once() {
    let sim = Sim::start();
    let id = sim.create("a").await;
    sim.advance(2000).await;
    sim.act(&id, "START").await;
    sim.advance(1000).await;
    let switch = async |address: &str| {
        let config = json!({"switch_now": true, "sink_address": address});
        sim.eg(
            Method::POST,
            &format!("/jobs/{id}/action"),
            &json!({"operation": "SWITCH", "config": config}),
        )
        .await
    };
    assert_eq!(switch("9.9.9.9:1").await.code(), "EG.00513000");
    assert_eq!(switch("21.22.0.175:9092").await.status, 200);
    assert_eq!(
        sim.show(&id).await.json()["sink_config"]["sink_kafka"]["cluster_alias"],
        "bb"
    );
    assert_eq!(switch("21.22.0.58:9092").await.status, 200);
    let shown = sim.show(&id).await.json();
    assert_eq!(shown["sink_config"]["sink_kafka"]["cluster_alias"], "aa");
    assert_eq!(shown["source_config"]["source_kafka"]["cluster_alias"], "bb");
    assert_eq!(switch("21.22.0.58:9092").await.status, 200);
    assert_eq!(
        sim.show(&id).await.json()["sink_config"]["sink_kafka"]["cluster_alias"],
        "aa"
    );
}

#[tokio::test]
async fn the_log_switch_gives_and_takes_ids() {
    let sim = Sim::start();
    let id = sim.create("a").await;
    sim.advance(2000).await;
    let put = async |body: Value| sim.eg(Method::PUT, &format!("/jobs/{id}/log"), &body).await;
    let on = put(json!({"enabled": true, "log_group_id": "g"})).await.json();
    assert_eq!(on["log_group_id"], "g");
    assert!(on["log_stream_id"].is_string());
    assert_eq!(sim.show(&id).await.json()["log_group_id"], "g");
    assert!(
        put(json!({"enabled": false}))
            .await
            .json()
            .get("log_group_id")
            .is_none()
    );
    assert_eq!(put(json!({})).await.code(), "EG.00513000");
}

#[tokio::test]
async fn a_pre_check_is_advisory() {
    let sim = Sim::with(&json!({"eventGrid": {"preCheck": {"SOURCE_CONNECTIVITY": "FAILED"}}}));
    let whole = job("a");
    let body = json!({"cluster_id": common::KAFKA, "source_config": whole["source_config"], "sink_config": whole["sink_config"]});
    let answer = sim
        .eg(Method::POST, "/jobs/validation?validate_type=x", &body)
        .await
        .json();
    assert_eq!(answer["results"].as_array().unwrap().len(), 4);
    assert_eq!(answer["results"][1]["status"], "FAILED");
    assert_eq!(answer["results"][0]["status"], "SUCCESS");
    let named = but(body, "/name", json!("a"));
    assert_eq!(
        sim.eg(Method::POST, "/jobs/validation", &named).await.code(),
        "EG.00513000"
    );
    assert_eq!(sim.eg(Method::POST, "/jobs", &job("a")).await.status, 200);
}

#[tokio::test]
async fn progress_moves_with_the_clock_while_the_job_runs() {
    let sim = Sim::start();
    sim.admin(Method::POST, "/clock", &json!({"speed": 0})).await;
    let id = sim.create("a").await;
    sim.advance(2000).await;
    let detail = async |id: &str, body: Value| {
        sim.eg(Method::POST, &format!("/jobs/{id}/syncDetail"), &body)
            .await
    };
    let ask = json!({"offset": 0, "limit": 10});
    assert_eq!(detail(&id, ask.clone()).await.json()["total"], 0);
    sim.act(&id, "START").await;
    sim.advance(1100).await;
    let one = detail(&id, ask.clone()).await.json();
    let place = |answer: &Value| answer["items"][0]["offset_details"][0].clone();
    assert_eq!(
        place(&one)["partition"],
        json!({"cluter": "aa", "topic": "t01", "partition": 0})
    );
    assert_eq!(place(&one)["offset"], json!({"offset": 100, "max_offset": 310}));
    assert_eq!(one["metadata"]["sync_remain_total"], 210);
    sim.advance(1000).await;
    assert_eq!(
        place(&detail(&id, ask.clone()).await.json())["offset"],
        json!({"offset": 410, "max_offset": 410})
    );
    assert_eq!(
        detail(&id, json!({"offset": 0, "limit": 9})).await.code(),
        "EG.00513000"
    );
    let other =
        json!({"offset": 0, "limit": 10, "conditions": [{"key": "topic", "operate": "EQUAL", "value": "x"}]});
    assert_eq!(detail(&id, other).await.json()["total"], 0);
    let dcs = sim.eg(Method::POST, "/jobs", &dcs_job("d")).await.json()["job_id"]
        .as_str()
        .unwrap()
        .to_owned();
    sim.advance(2000).await;
    sim.act(&dcs, "START").await;
    sim.advance(2000).await;
    let redis = detail(&dcs, ask).await.json();
    assert_eq!(redis["type"], "DCS");
    assert_eq!(redis["items"][0]["sync_phase"], "incremental");
}

#[tokio::test]
async fn clusters_are_listed_and_shown() {
    let sim = Sim::start();
    sim.create("a").await;
    let all = sim
        .eg(Method::GET, "/clusters?limit=1000&offset=0", &Value::Null)
        .await
        .json();
    assert_eq!(all["total"], 3);
    let one = sim
        .eg(Method::GET, &format!("/clusters/{}", common::KAFKA), &Value::Null)
        .await
        .json();
    assert_eq!(
        (one["source_type"].as_str(), one["job_count"].as_u64()),
        (Some("KAFKA"), Some(1))
    );
    assert_eq!(
        sim.eg(Method::GET, "/clusters/none", &Value::Null).await.code(),
        "EG.00014040"
    );
}

#[tokio::test]
async fn a_foreign_hand_edits_makes_and_takes_jobs() {
    let sim = Sim::start();
    let id = sim.create("a").await;
    let patch = json!({"description": "hand", "status": "ERROR", "err_code": "EG.1",
        "advance_config": {"kafka2kafka": {"topics": "t02"}}});
    let patched = sim
        .admin(Method::PATCH, &format!("/jobs/eventgrid/{id}"), &patch)
        .await;
    assert_eq!(patched["advance_config"]["kafka2kafka"]["seek_to"], "earliest");
    let shown = sim.show(&id).await.json();
    assert_eq!(shown["description"], "hand");
    assert_eq!(
        (shown["status"].as_str(), shown["err_code"].as_str()),
        (Some("ERROR"), Some("EG.1"))
    );
    assert_eq!(shown["advance_config"]["kafka2kafka"]["topics"], "t02");
    let mut foreign = job("foreign");
    foreign["status"] = json!("RUNNING");
    let made = sim.admin(Method::POST, "/jobs/eventgrid", &foreign).await;
    assert_eq!(sim.status(made["id"].as_str().unwrap()).await, "RUNNING");
    sim.admin(Method::DELETE, &format!("/jobs/eventgrid/{id}"), &Value::Null)
        .await;
    assert_eq!(sim.show(&id).await.status, 404);
    let held = sim.admin(Method::GET, "/jobs/eventgrid", &Value::Null).await;
    assert_eq!(held["jobs"][0]["acts"][0]["operation"], "foreign");
}
