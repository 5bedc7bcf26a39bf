//! Faults, each kind.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::time::{Duration, Instant};

use common::{Sim, job, send};
use reqwest::Method;
use serde_json::{Value, json};

const CREATE: &str = "/v1/5a1f0c2b77d94a6c8b1e90d3c4f7a210/eventrouter/jobs";

fn on_create(effect: &Value) -> Value {
    json!({"match": {"service": "eventgrid", "operation": "CreateEventRouterJob"}, "effect": effect})
}

#[tokio::test]
async fn a_dropped_answer_leaves_the_job_and_says_nothing() {
    let sim = Sim::start();
    sim.fault(on_create(&json!({"dropAfterEffect": {}}))).await;
    let lost = send(sim.signed(&Method::POST, CREATE, &job("a").to_string())).await;
    assert!(lost.unwrap_err().is_request());
    assert_eq!(sim.total().await, 1);
    let log = sim.requests().await;
    assert_eq!(log[0]["outcome"], "droppedAfterEffect");
    assert_eq!(log[0]["status"], Value::Null);
    assert_eq!(log[0]["effect"]["act"], "create");
}

#[tokio::test]
async fn a_dropped_request_leaves_nothing() {
    let sim = Sim::start();
    sim.fault(on_create(&json!({"dropBeforeEffect": {}}))).await;
    assert!(
        send(sim.signed(&Method::POST, CREATE, &job("a").to_string()))
            .await
            .is_err()
    );
    assert_eq!(sim.total().await, 0);
    assert_eq!(sim.requests().await[0]["outcome"], "droppedBeforeEffect");
    sim.create("a").await;
}

#[tokio::test]
async fn a_throttled_request_is_told_the_window_and_perhaps_when_to_return() {
    let sim = Sim::start();
    sim.fault(json!({"effect": {"throttle": {"retryAfter": 2}}}))
        .await;
    sim.fault(json!({"effect": {"throttle": {}}})).await;
    let told = sim.eg(Method::GET, "/jobs", &Value::Null).await;
    assert_eq!((told.status.as_u16(), told.code().as_str()), (429, "APIGW.0308"));
    assert_eq!(told.headers["retry-after"], "2");
    assert!(
        told.text
            .contains("policy user over ratelimit,limit:10,time:1 second"),
        "{told:?}"
    );
    let untold = sim.eg(Method::GET, "/jobs", &Value::Null).await;
    assert_eq!(untold.status, 429);
    assert!(!untold.headers.contains_key("retry-after"));
    assert_eq!(sim.eg(Method::GET, "/jobs", &Value::Null).await.status, 200);
}

#[tokio::test]
async fn pages_of_load_balancers_errors_of_services_and_refused_credentials_are_answered() {
    let sim = Sim::start();
    sim.fault(json!({"effect": {"status": {"code": 502}}})).await;
    sim.fault(json!({"effect": {"error": {"status": 500, "code": "EG.00015000", "message": "m"}}}))
        .await;
    sim.fault(json!({"effect": {"refuseCredentials": {}}})).await;
    let page = sim.eg(Method::GET, "/jobs", &Value::Null).await;
    assert_eq!(
        (
            page.status.as_u16(),
            page.headers["content-type"].to_str().unwrap()
        ),
        (502, "text/html")
    );
    assert!(page.text.contains("502 Bad Gateway"));
    let error = sim.eg(Method::GET, "/jobs", &Value::Null).await;
    assert_eq!(
        error.json(),
        json!({"error_code": "EG.00015000", "error_msg": "m"})
    );
    assert_eq!(
        sim.eg(Method::GET, "/jobs", &Value::Null).await.code(),
        "APIGW.0301"
    );
}

#[tokio::test]
async fn a_delay_is_waited_for() {
    let sim = Sim::start();
    sim.fault(json!({"effect": {"delay": {"ms": 150}}})).await;
    let begun = Instant::now();
    sim.total().await;
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_request_held_before_has_its_effect_when_released() {
    let sim = Sim::start();
    let fault = sim.fault(on_create(&json!({"holdBefore": {}}))).await;
    let request = tokio::spawn(send(sim.signed(&Method::POST, CREATE, &job("a").to_string())));
    sim.until_held(&fault, 1).await;
    assert_eq!(sim.total().await, 0);
    sim.admin(Method::POST, &format!("/faults/{fault}/release"), &Value::Null)
        .await;
    assert_eq!(request.await.unwrap().unwrap().status, 200);
    assert_eq!(sim.total().await, 1);
}

#[tokio::test]
async fn a_client_that_goes_away_before_the_effect_has_none() {
    let sim = Sim::start();
    let fault = sim.fault(on_create(&json!({"holdBefore": {}}))).await;
    let request = tokio::spawn(send(sim.signed(&Method::POST, CREATE, &job("a").to_string())));
    sim.until_held(&fault, 1).await;
    request.abort();
    sim.until_held(&fault, 0).await;
    sim.admin(Method::DELETE, &format!("/faults/{fault}"), &Value::Null)
        .await;
    assert_eq!(sim.total().await, 0);
    assert_eq!(sim.requests().await[0]["outcome"], "abandoned");
}

#[tokio::test]
async fn a_client_that_goes_away_after_the_effect_leaves_it() {
    let sim = Sim::start();
    let fault = sim.fault(on_create(&json!({"holdAfter": {}}))).await;
    let request = tokio::spawn(send(sim.signed(&Method::POST, CREATE, &job("a").to_string())));
    sim.until_held(&fault, 1).await;
    assert_eq!(sim.total().await, 1);
    request.abort();
    sim.until_held(&fault, 0).await;
    assert_eq!(sim.total().await, 1);
}

#[tokio::test]
async fn a_cleared_fault_lets_go() {
    let sim = Sim::start();
    let fault = sim.fault(on_create(&json!({"holdAfter": {}}))).await;
    let request = tokio::spawn(send(sim.signed(&Method::POST, CREATE, &job("a").to_string())));
    sim.until_held(&fault, 1).await;
    sim.admin(Method::DELETE, "/faults", &Value::Null).await;
    assert_eq!(request.await.unwrap().unwrap().status, 200);
}

#[tokio::test]
async fn a_stale_list_tells_what_was_there_before() {
    let sim = Sim::start();
    let old = sim.create("old").await;
    sim.advance(2000).await;
    assert_eq!(sim.status(&old).await, "WAIT_START");
    sim.advance(10).await;
    let fault =
        json!({"match": {"operation": "ListEventRouterJobs"}, "count": 0, "effect": {"staleList": {}}});
    let fault = sim.fault(fault).await;
    sim.advance(10).await;
    sim.create("new").await;
    sim.eg(Method::DELETE, &format!("/jobs/{old}"), &Value::Null)
        .await;
    sim.advance(5000).await;
    assert_eq!(sim.show(&old).await.status, 404);
    let list = sim.eg(Method::GET, "/jobs", &Value::Null).await.json();
    assert_eq!(list["total"], 1);
    assert_eq!(
        (
            list["items"][0]["name"].as_str(),
            list["items"][0]["status"].as_str()
        ),
        (Some("old"), Some("WAIT_START"))
    );
    sim.admin(Method::DELETE, &format!("/faults/{fault}"), &Value::Null)
        .await;
    let list = sim.eg(Method::GET, "/jobs", &Value::Null).await.json();
    assert_eq!(
        (list["total"].as_u64(), list["items"][0]["name"].as_str()),
        (Some(1), Some("new"))
    );
    let long_ago = json!({"effect": {"staleList": {"seconds": 3600}}});
    sim.fault(long_ago).await;
    assert_eq!(sim.total().await, 0);
}

#[tokio::test]
async fn a_stuck_transition_ends_when_the_fault_does_and_a_slow_one_takes_longer() {
    let sim = Sim::start();
    sim.admin(Method::POST, "/clock", &json!({"speed": 0})).await;
    let fault = sim.fault(on_create(&json!({"stuck": {}}))).await;
    let id = sim.create("a").await;
    sim.advance(1_000_000).await;
    assert_eq!(sim.status(&id).await, "CREATING");
    sim.admin(Method::DELETE, &format!("/faults/{fault}"), &Value::Null)
        .await;
    assert_eq!(sim.status(&id).await, "WAIT_START");
    sim.fault(
        json!({"match": {"operation": "ExecuteEventRouterJobOperation"}, "effect": {"slow": {"factor": 10}}}),
    )
    .await;
    sim.act(&id, "START").await;
    sim.advance(9000).await;
    assert_eq!(sim.status(&id).await, "WAIT_START");
    sim.advance(1000).await;
    assert_eq!(sim.status(&id).await, "RUNNING");
}

#[tokio::test]
async fn counts_skips_and_matches_are_kept() {
    let sim = Sim::start();
    let fault = json!({
        "match": {"method": "GET", "pathContains": "/jobs", "principal": "replication-operator", "queryContains": "limit=7"},
        "skip": 1, "count": 2, "effect": {"status": {"code": 503}}});
    let id = sim.fault(fault).await;
    let ask = async |query: &str| {
        sim.eg(Method::GET, &format!("/jobs?{query}"), &Value::Null)
            .await
            .status
            .as_u16()
    };
    assert_eq!(ask("limit=8").await, 200);
    assert_eq!(
        [
            ask("limit=7").await,
            ask("limit=7").await,
            ask("limit=7").await,
            ask("limit=7").await
        ],
        [200, 503, 503, 200]
    );
    let left = sim
        .admin(Method::GET, &format!("/faults/{id}"), &Value::Null)
        .await;
    assert_eq!(
        (left["remaining"].as_u64(), left["hits"].as_u64()),
        (Some(0), Some(2))
    );
    let wrong = sim
        .http
        .post(format!("{}/_sim/faults", sim.url))
        .json(&json!({"effect": {"explode": {}}}));
    assert_eq!(send(wrong).await.unwrap().status, 400);
}

#[tokio::test]
async fn a_request_limit_is_a_switch() {
    let limit = json!({"requestsPerSecond": 0.001, "burst": 2, "retryAfter": 3});
    let sim = Sim::with(&json!({"switches": {"rateLimit": {"eventgrid": limit}}}));
    let ask = async || sim.eg(Method::GET, "/jobs", &Value::Null).await;
    assert_eq!([ask().await.status, ask().await.status], [200, 200]);
    let over = ask().await;
    assert_eq!(
        (
            over.code().as_str(),
            over.headers["retry-after"].to_str().unwrap()
        ),
        ("APIGW.0308", "3")
    );
}
