//! Faults, limits and permissions, in the service's own words.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, PROJECT, Sim, send};
use crate::{NOBODY, SITE_A, archive, mirror, no, told};

fn on(operation: &str, effect: &Value) -> Value {
    json!({"match": {"service": "dms", "operation": operation}, "effect": effect})
}

async fn list(sim: &Sim) -> Answer {
    sim.sc(Method::GET, "?limit=50", &Value::Null).await
}

async fn total(sim: &Sim) -> Value {
    list(sim).await.json()["total_number"].clone()
}

#[tokio::test]
async fn flow_control_is_a_429_of_the_gateway_or_a_404_of_the_service() {
    let sim = Sim::start();
    sim.fault(json!({"match": {"service": "dms"}, "effect": {"throttle": {"retryAfter": 2}}}))
        .await;
    let flow = |status: u16| json!({"error": {"status": status, "code": "DMS.10240407", "message": "Too many requests."}});
    sim.fault(on("ListConnectorTasks", &flow(404))).await;
    sim.fault(on("ListConnectorTasks", &flow(429))).await;
    let gateway = list(&sim).await;
    assert_eq!(told(&gateway), no(429, "APIGW.0308"));
    assert_eq!(gateway.headers["retry-after"], "2");
    let service = list(&sim).await;
    assert_eq!(told(&service), no(404, "DMS.10240407"));
    assert_eq!(
        service.json(),
        json!({"error_code": "DMS.10240407", "error_msg": "Too many requests."})
    );
    assert_eq!(told(&list(&sim).await), no(429, "DMS.10240407"));
    assert_eq!(list(&sim).await.status, 200);
}

#[tokio::test]
async fn a_request_limit_answers_as_the_switch_says() {
    let limit = |answer: Value| json!({"requestsPerSecond": 0.001, "burst": 1, "answer": answer});
    for (answer, code) in [
        (Value::Null, no(429, "APIGW.0308")),
        (
            json!({"status": 404, "code": "DMS.10240407"}),
            no(404, "DMS.10240407"),
        ),
    ] {
        let sim = Sim::with(&json!({"switches": {"rateLimit": {"dms": limit(answer)}}}));
        assert_eq!(list(&sim).await.status, 200);
        assert_eq!(told(&list(&sim).await), code);
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_the_task_and_a_lost_request_none() {
    let sim = Sim::start();
    let target = format!("/v2/{PROJECT}/instances/{SITE_A}/connector/tasks");
    let lost = async |name: &str| {
        let body = mirror(name).to_string();
        send(sim.signed(&Method::POST, &target, &body)).await.unwrap_err()
    };
    sim.fault(on("CreateConnectorTask", &json!({"dropBeforeEffect": {}})))
        .await;
    lost("mirror").await;
    assert_eq!(total(&sim).await, 0);
    sim.fault(on("CreateConnectorTask", &json!({"dropAfterEffect": {}})))
        .await;
    lost("mirror").await;
    assert_eq!(total(&sim).await, 1);
    let log = sim.requests().await;
    assert_eq!(log[2]["outcome"], "droppedAfterEffect");
    assert_eq!(log[2]["effect"]["act"], "create");
}

#[tokio::test]
async fn a_stale_list_tells_what_was_there_before() {
    let sim = Sim::start();
    let old = sim.made(&mirror("older")).await;
    sim.advance(10).await;
    let fault =
        json!({"match": {"operation": "ListConnectorTasks"}, "count": 0, "effect": {"staleList": {}}});
    let fault = sim.fault(fault).await;
    sim.advance(10).await;
    sim.made(&mirror("younger")).await;
    sim.sc(Method::DELETE, &format!("/{old}"), &Value::Null).await;
    let stale = list(&sim).await.json();
    assert_eq!(
        (&stale["total_number"], &stale["tasks"][0]["task_name"]),
        (&json!(1), &json!("older"))
    );
    sim.admin(Method::DELETE, &format!("/faults/{fault}"), &Value::Null)
        .await;
    assert_eq!(list(&sim).await.json()["tasks"][0]["task_name"], "younger");
}

#[tokio::test]
async fn a_stuck_transition_ends_when_the_fault_does_and_a_slow_one_takes_longer() {
    let sim = Sim::start();
    sim.stopped_clock().await;
    let fault = sim.fault(on("CreateConnectorTask", &json!({"stuck": {}}))).await;
    let id = sim.made(&archive("archive")).await;
    sim.advance(1_000_000).await;
    assert_eq!(sim.state(&id).await, "CREATING");
    sim.admin(Method::DELETE, &format!("/faults/{fault}"), &Value::Null)
        .await;
    assert_eq!(sim.state(&id).await, "RUNNING");
    sim.fault(on("PauseConnectorTask", &json!({"slow": {"factor": 10}})))
        .await;
    sim.put(&id, "pause").await;
    sim.advance(9999).await;
    assert_eq!(sim.state(&id).await, "RUNNING");
    sim.advance(1).await;
    assert_eq!(sim.state(&id).await, "PAUSED");
    let fault = sim.fault(on("DeleteConnectorTask", &json!({"stuck": {}}))).await;
    sim.sc(Method::DELETE, &format!("/{id}"), &Value::Null).await;
    assert_eq!(sim.state(&id).await, "PAUSED");
    sim.admin(Method::DELETE, &format!("/faults/{fault}"), &Value::Null)
        .await;
    assert_eq!(total(&sim).await, 0);
}

#[tokio::test]
async fn refusals_of_callers_are_the_services_own() {
    let mut sim = Sim::start();
    sim.fault(on("ListConnectorTasks", &json!({"refuseCredentials": {}})))
        .await;
    sim.fault(on("ListConnectorTasks", &json!({"refuseToken": {}})))
        .await;
    sim.fault(on("ListConnectorTasks", &json!({"deny": {}}))).await;
    assert_eq!(told(&list(&sim).await), no(401, "APIGW.0301"));
    assert_eq!(told(&list(&sim).await), no(401, "DMS.10240101"));
    assert_eq!(told(&list(&sim).await), no(403, "DMS.00403007"));
    let id = sim.made(&mirror("mirror")).await;
    sim.key = (
        "HPUASIMAUDITOR000002".to_owned(),
        "SimAuditorSecretKey000000000000000000002".to_owned(),
    );
    assert_eq!(list(&sim).await.status, 200);
    let create = sim.sc(Method::POST, "", &mirror("other")).await;
    assert_eq!(told(&create), no(403, "DMS.00403007"));
    for act in ["pause", "resume", "restart", "plain restart"] {
        assert_eq!(told(&sim.put(&id, act).await), no(403, "DMS.00403007"), "{act}");
    }
    let delete = sim.sc(Method::DELETE, &format!("/{id}"), &Value::Null).await;
    assert_eq!(told(&delete), no(403, "DMS.00403007"));
    assert_eq!(total(&sim).await, 1);
}

#[tokio::test]
async fn a_bad_token_is_refused_by_the_gateway_or_by_the_service() {
    for (switch, code) in [("gateway", "APIGW.0301"), ("service", "DMS.10240101")] {
        let sim = Sim::with(&json!({"switches": {"auth": {"tokenRefusal": switch}}}));
        let target = format!("{}/v2/{PROJECT}/instances/{SITE_A}/connector/tasks", sim.url);
        let answer = send(sim.http.get(target).header("x-auth-token", "no-token"))
            .await
            .unwrap();
        assert_eq!(told(&answer), no(401, code));
    }
}

#[tokio::test]
async fn a_page_of_a_load_balancer_is_no_answer_of_the_service() {
    let sim = Sim::start();
    sim.fault(on("ShowConnectorTask", &json!({"status": {"code": 503}})))
        .await;
    let page = sim.sc(Method::GET, &format!("/{NOBODY}"), &Value::Null).await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("503 Service Unavailable"));
}
