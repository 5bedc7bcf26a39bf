//! Faults, denials, limits and foreign hands.

use reqwest::Method;
use serde_json::{Value, json};

use super::common::{PROJECT, Sim, send};
use super::{CLUSTER, inputs, orders};

fn on(operation: &str, effect: &Value) -> Value {
    json!({"match": {"service": "cdm", "operation": operation}, "effect": effect})
}

fn path(rest: &str) -> String {
    format!("/v1.1/{PROJECT}/clusters/{CLUSTER}/cdm{rest}")
}

#[tokio::test]
async fn a_start_whose_answer_is_lost_has_begun_a_run() {
    let sim = Sim::start();
    sim.cdm_job("a").await;
    sim.fault(on("StartJob", &json!({"dropAfterEffect": {}}))).await;
    assert!(
        send(sim.signed(&Method::PUT, &path("/job/a/start"), ""))
            .await
            .is_err()
    );
    let log = sim.requests().await.pop().unwrap();
    assert_eq!(
        (&log["outcome"], &log["effect"]["act"]),
        (&json!("droppedAfterEffect"), &json!("start"))
    );
    assert_eq!(sim.cdm_status("a").await["submission-id"], 1);
    assert_eq!(sim.cdm_put("/job/a/start").await.cdm().1, "Cdm.0052");
    assert_eq!(
        sim.admin(Method::GET, "/jobs/cdm/a", &Value::Null).await["started"],
        1
    );
}

#[tokio::test]
async fn a_request_that_is_lost_has_done_nothing() {
    let sim = Sim::start();
    sim.fault(on("CreateJob", &json!({"dropBeforeEffect": {}}))).await;
    let body = orders("a").to_string();
    assert!(
        send(sim.signed(&Method::POST, &path("/job"), &body))
            .await
            .is_err()
    );
    assert_eq!(sim.cdm_get("/job/all").await.json()["total"], 0);
}

#[tokio::test]
async fn errors_throttling_and_credentials_are_answered_in_their_envelopes() {
    let sim = Sim::start();
    sim.fault(on(
        "ShowJobs",
        &json!({"error": {"status": 400, "code": "Cdm.0031", "message": "m"}}),
    ))
    .await;
    sim.fault(on("ShowJobs", &json!({"throttle": {"retryAfter": 3}})))
        .await;
    sim.fault(on("ShowJobs", &json!({"refuseCredentials": {}}))).await;
    sim.fault(on("ShowJobs", &json!({"deny": {}}))).await;
    sim.fault(on("ShowJobs", &json!({"refuseToken": {}}))).await;
    let list = async || sim.cdm_get("/job/all").await;
    let error = list().await;
    assert_eq!(
        error.json(),
        json!({"code": "Cdm.0031", "errCode": "Cdm.0031", "message": "m", "externalMessage": "m"})
    );
    let throttled = list().await;
    assert_eq!(
        (throttled.status.as_u16(), throttled.code().as_str()),
        (429, "APIGW.0308")
    );
    assert_eq!(throttled.headers["retry-after"], "3");
    assert!(throttled.text.contains("limit:120,time:1 minute"));
    assert_eq!(list().await.code(), "APIGW.0301");
    assert_eq!(list().await.cdm(), (403, "Cdm.0032".to_owned()));
    assert_eq!(list().await.cdm(), (401, "Cdm.0001".to_owned()));
    assert_eq!(list().await.status, 200);
}

#[tokio::test]
async fn a_list_may_lag_behind_what_is_read_singly() {
    let sim = Sim::start();
    sim.cdm_job("a").await;
    sim.fault(json!({"match": {"pathContains": "/job/all"}, "count": 0, "effect": {"staleList": {}}}))
        .await;
    sim.cdm_start("a").await;
    sim.cdm_job("b").await;
    let stale = sim.cdm_get("/job/all").await.json();
    assert_eq!(
        (&stale["total"], &stale["jobs"][0]["status"]),
        (&json!(1), &json!("NEW"))
    );
    assert_eq!(sim.cdm_show("a").await["status"], "BOOTING");
    let log = sim.requests().await;
    assert!(log.iter().any(|entry| entry["action"] == "ListJobs"));
}

#[tokio::test]
async fn a_run_and_a_stop_may_be_stuck_or_slow() {
    let sim = Sim::start();
    sim.still().await;
    sim.cdm_job("a").await;
    let stuck = sim.fault(on("StartJob", &json!({"stuck": {}}))).await;
    sim.cdm_start("a").await;
    sim.advance(1_000_000).await;
    assert_eq!(sim.cdm_show("a").await["status"], "BOOTING");
    sim.admin(Method::DELETE, &format!("/faults/{stuck}"), &Value::Null)
        .await;
    assert_eq!(sim.cdm_show("a").await["status"], "RUNNING");
    let stuck = sim.fault(on("StopJob", &json!({"stuck": {}}))).await;
    sim.cdm_put("/job/a/stop").await;
    sim.advance(1_000_000).await;
    assert_eq!(sim.cdm_show("a").await["status"], "RUNNING");
    sim.admin(Method::DELETE, &format!("/faults/{stuck}"), &Value::Null)
        .await;
    assert_eq!(sim.cdm_show("a").await["status"], "STOPPED");
    sim.fault(on("StartJob", &json!({"slow": {"factor": 10}}))).await;
    sim.cdm_start("a").await;
    sim.advance(19_999).await;
    assert_eq!(sim.cdm_show("a").await["status"], "BOOTING");
    sim.advance(1).await;
    assert_eq!(sim.cdm_show("a").await["status"], "RUNNING");
}

#[tokio::test]
async fn a_denied_action_is_refused_in_the_words_of_the_service() {
    let mut sim = Sim::start();
    sim.key = (
        "HPUASIMAUDITOR000002".to_owned(),
        "SimAuditorSecretKey000000000000000000002".to_owned(),
    );
    let denied = sim.cdm(Method::POST, "/job", &orders("a")).await;
    assert_eq!(denied.cdm(), (403, "Cdm.0032".to_owned()));
    assert_eq!(sim.cdm_get("/job/all").await.status, 200);
}

#[tokio::test]
async fn the_published_limits_can_be_enforced() {
    let sim = Sim::with(&json!({"switches": {"cdm": {"enforceLimits": true}}}));
    let mut answers = Vec::new();
    for _ in 0..125 {
        answers.push(sim.cdm_get("/job/all").await.status.as_u16());
    }
    assert!(answers.contains(&429), "{answers:?}");
    assert!(answers[..120].iter().all(|status| *status == 200));
    // Each API has a limit of its own.
    assert_eq!(sim.cdm_get("/link/all").await.status, 200);
}

#[tokio::test]
async fn a_foreign_hand_makes_changes_runs_and_takes_jobs() {
    let sim = Sim::start();
    sim.still().await;
    sim.cdm_job("a").await;
    let change = json!({"inputs": {"toJobConfig.outputDirectory": "/elsewhere/", "fromJobConfig.columnList": null,
        "throttlingConfig.numExtractors": "9"}, "start": true});
    let changed = sim.cdm_patch("a", change).await;
    assert_eq!(changed["inputs"]["toJobConfig.outputDirectory"], "/elsewhere/");
    assert_eq!(
        (&changed["started"], &changed["submissions"][0]["creation-user"]),
        (&json!(1), &json!("someone"))
    );
    let job = sim.cdm_show("a").await;
    assert_eq!(
        inputs(&job["driver-config-values"])["throttlingConfig.numExtractors"],
        "9"
    );
    assert!(!inputs(&job["from-config-values"]).contains_key("fromJobConfig.columnList"));
    let mut foreign = orders("theirs")["jobs"][0].clone();
    foreign["status"] = json!("RUNNING");
    let made = sim.admin(Method::POST, "/jobs/cdm", &foreign).await;
    assert_eq!(made["acts"][0]["operation"], "foreign");
    assert_eq!(
        sim.cdm(Method::POST, "/job", &orders("theirs")).await.cdm().1,
        "Cdm.0104"
    );
    sim.cdm_patch("theirs", json!({"name": "ours"})).await;
    assert_eq!(sim.cdm_show("ours").await["status"], "RUNNING");
    sim.admin(Method::DELETE, "/jobs/cdm/a", &Value::Null).await;
    assert_eq!(sim.cdm_get("/job/a").await.cdm().1, "Cdm.0100");
    let held = sim.admin(Method::GET, "/jobs/cdm", &Value::Null).await;
    assert_eq!(
        (&held["created"], &held["deleted"], &held["started"]),
        (&json!(2), &json!(1), &json!(2))
    );
}
