//! Faults, each kind, in Tencent Cloud's envelope.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::send;
use crate::{Letter, sink, still};

fn on(operation: &str, effect: &Value) -> Value {
    json!({"match": {"service": "ckafka", "operation": format!("{operation}DatahubTask")}, "effect": effect})
}

#[tokio::test]
async fn answers_are_lost_before_and_after_the_effect() {
    let sim = still(json!({})).await;
    let create = || Letter::new("CreateDatahubTask", &sink("a")).to(&sim);
    sim.fault(on("Create", &json!({"dropBeforeEffect": {}}))).await;
    assert!(send(create()).await.is_err());
    assert_eq!(sim.tc_total().await, 0);
    sim.fault(on("Create", &json!({"dropAfterEffect": {}}))).await;
    assert!(send(create()).await.is_err());
    assert_eq!(sim.tc_total().await, 1);
    let log = sim.requests().await;
    let outcomes: Vec<&str> = log
        .iter()
        .filter(|entry| entry["operation"] == "CreateDatahubTask")
        .map(|entry| entry["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["droppedBeforeEffect", "droppedAfterEffect"]);
}

#[tokio::test]
async fn refusals_come_in_the_envelope_and_pages_do_not() {
    let sim = still(json!({})).await;
    for (effect, code) in [
        (json!({"throttle": {}}), "RequestLimitExceeded"),
        (json!({"refuseCredentials": {}}), "AuthFailure.SignatureFailure"),
        (json!({"refuseToken": {}}), "AuthFailure.TokenFailure"),
        (json!({"deny": {}}), "AuthFailure.UnauthorizedOperation"),
        (
            json!({"error": {"status": 200, "code": "InternalError", "message": "m"}}),
            "InternalError",
        ),
    ] {
        sim.fault(json!({ "effect": effect })).await;
        let answer = sim.tc("DescribeDatahubTasks", &json!({})).await;
        assert_eq!((answer.status.as_u16(), answer.tc_code().as_str()), (200, code));
        assert!(answer.json()["Response"]["RequestId"].is_string());
        assert_eq!(sim.requests().await.pop().unwrap()["errorCode"], code);
    }
    sim.fault(json!({"effect": {"status": {"code": 502}}})).await;
    let page = sim.tc("DescribeDatahubTasks", &json!({})).await;
    assert_eq!(
        (
            page.status.as_u16(),
            page.headers["content-type"].to_str().unwrap()
        ),
        (502, "text/html")
    );
}

#[tokio::test]
async fn a_key_is_refused_alone() {
    let sim = still(json!({})).await;
    sim.fault(
        json!({"match": {"principal": crate::OPERATOR.id}, "count": 0, "effect": {"refuseCredentials": {}}}),
    )
    .await;
    assert_eq!(
        sim.tc("DescribeDatahubTasks", &json!({})).await.tc_code(),
        "AuthFailure.SignatureFailure"
    );
    let other = Letter {
        key: crate::AUDITOR,
        ..Letter::new("DescribeDatahubTasks", &json!({}))
    };
    assert_eq!(other.send(&sim).await.tc_code(), "");
}

#[tokio::test]
async fn a_delay_is_waited_for_and_a_held_request_has_its_effect_when_released() {
    let sim = still(json!({})).await;
    sim.fault(json!({"effect": {"delay": {"ms": 150}}})).await;
    let begun = Instant::now();
    assert_eq!(sim.tc_total().await, 0);
    assert!(begun.elapsed() >= Duration::from_millis(150));
    let fault = sim.fault(on("Create", &json!({"holdBefore": {}}))).await;
    let request = tokio::spawn(send(Letter::new("CreateDatahubTask", &sink("a")).to(&sim)));
    sim.until_held(&fault, 1).await;
    assert_eq!(sim.tc_total().await, 0);
    sim.admin(Method::POST, &format!("/faults/{fault}/release"), &Value::Null)
        .await;
    assert_eq!(request.await.unwrap().unwrap().tc_code(), "");
    assert_eq!(sim.tc_total().await, 1);
}

#[tokio::test]
async fn a_stale_list_tells_what_was_there_before() {
    let sim = still(json!({})).await;
    let old = sim.tc_running(&sink("old")).await;
    sim.advance(10).await;
    let stale =
        json!({"match": {"operation": "DescribeDatahubTasks"}, "count": 0, "effect": {"staleList": {}}});
    let fault = sim.fault(stale).await;
    sim.advance(10).await;
    sim.tc_made(&sink("new")).await;
    sim.tc_act("Pause", &old).await.result();
    let list = sim.tc_list(&json!({})).await;
    assert_eq!(list["TotalCount"], 1);
    assert_eq!(
        (&list["TaskList"][0]["TaskName"], &list["TaskList"][0]["Status"]),
        (&json!("old"), &json!(1))
    );
    assert_eq!(sim.tc_status(&old).await, 5);
    sim.admin(Method::DELETE, &format!("/faults/{fault}"), &Value::Null)
        .await;
    assert_eq!(sim.tc_total().await, 2);
}

#[tokio::test]
async fn a_stuck_transition_ends_when_the_fault_does_and_a_slow_one_takes_longer() {
    let sim = still(json!({})).await;
    let fault = sim.fault(on("Create", &json!({"stuck": {}}))).await;
    let id = sim.tc_made(&sink("a")).await;
    sim.advance(1_000_000).await;
    assert_eq!(sim.tc_status(&id).await, 0);
    let row = sim.tc_list(&json!({})).await["TaskList"][0].clone();
    assert_eq!(row["TaskProgress"].as_f64(), Some(99.0));
    sim.admin(Method::DELETE, &format!("/faults/{fault}"), &Value::Null)
        .await;
    assert_eq!(sim.tc_status(&id).await, 1);
    sim.fault(on("Delete", &json!({"slow": {"factor": 10}}))).await;
    sim.tc_act("Delete", &id).await.result();
    sim.advance(19_999).await;
    assert_eq!(sim.tc_status(&id).await, 2);
    sim.advance(1).await;
    assert_eq!(sim.tc_status(&id).await, 3);
}
