//! The operation matrix, cell by cell.

use reqwest::Method;
use serde_json::{Value, json};

use super::common::Sim;
use super::orders;

const COLUMNS: [&str; 8] = [
    "NEW",
    "PENDING",
    "BOOTING",
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    "STOPPED",
    "FAILURE_ON_SUBMIT",
];
/// Code of the refusal of a new, an active and an ended job; empty when it is carried out.
const MATRIX: [(&str, [&str; 3]); 4] = [
    ("UPDATE", ["", "Cdm.0107", ""]),
    ("START", ["", "Cdm.0052", ""]),
    ("STOP", ["Cdm.0053", "", "Cdm.0053"]),
    ("DELETE", ["", "Cdm.0322", ""]),
];

async fn operate(sim: &Sim, operation: &str, name: &str) -> super::Answer {
    match operation {
        "UPDATE" => sim.cdm(Method::PUT, &format!("/job/{name}"), &orders(name)).await,
        "START" => sim.cdm_put(&format!("/job/{name}/start")).await,
        "STOP" => sim.cdm_put(&format!("/job/{name}/stop")).await,
        _ => {
            sim.cdm(Method::DELETE, &format!("/job/{name}"), &Value::Null)
                .await
        }
    }
}

#[tokio::test]
async fn every_cell_holds() {
    let sim = Sim::start();
    sim.still().await;
    for (operation, cells) in MATRIX {
        for status in COLUMNS {
            let name = format!("{operation}_{status}");
            sim.cdm_job(&name).await;
            if status != "NEW" {
                sim.cdm_patch(&name, json!({"status": status})).await;
            }
            assert_eq!(sim.cdm_show(&name).await["status"], status);
            let column = match status {
                "NEW" => 0,
                "PENDING" | "BOOTING" | "RUNNING" => 1,
                _ => 2,
            };
            let answer = operate(&sim, operation, &name).await;
            let last = sim.requests().await.pop().unwrap();
            if cells[column].is_empty() {
                assert_eq!(answer.status, 200, "{name}: {answer:?}");
                let act = operation.to_lowercase();
                assert_eq!(last["effect"], json!({"act": act, "id": name}), "{last}");
            } else {
                assert_eq!(answer.cdm(), (400, cells[column].to_owned()), "{name}");
                assert!(last["effect"].is_null(), "{last}");
                assert_eq!(last["errorCode"], cells[column]);
            }
            sim.admin(Method::POST, "/reset", &Value::Null).await;
            sim.still().await;
        }
    }
}

#[tokio::test]
async fn a_name_that_is_there_is_taken_in_every_state() {
    let sim = Sim::start();
    sim.still().await;
    sim.cdm_job("a").await;
    for status in COLUMNS {
        sim.cdm_patch("a", json!({"status": status})).await;
        let again = sim.cdm(Method::POST, "/job", &orders("a")).await;
        assert_eq!(again.cdm(), (400, "Cdm.0104".to_owned()), "{status}");
    }
}

#[tokio::test]
async fn a_cell_is_a_switch() {
    let sim = Sim::with(&json!({"switches": {"cdm": {"matrix": {
        "DELETE": {"ACTIVE": "allow"}, "STOP": {"NEW": "allow"}, "START": {"ENDED": "Cdm.0056"}}}}}));
    sim.still().await;
    sim.cdm_job("a").await;
    assert_eq!(sim.cdm_put("/job/a/stop").await.status, 200);
    assert!(sim.requests().await.pop().unwrap()["effect"].is_null());
    sim.cdm_patch("a", json!({"status": "SUCCEEDED"})).await;
    assert_eq!(sim.cdm_put("/job/a/start").await.cdm().1, "Cdm.0056");
    sim.cdm_patch("a", json!({"status": "RUNNING"})).await;
    assert_eq!(sim.cdm(Method::DELETE, "/job/a", &Value::Null).await.status, 200);
}
