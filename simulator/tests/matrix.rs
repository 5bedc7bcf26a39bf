//! The operation matrix, cell by cell.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Sim, job};
use reqwest::Method;
use serde_json::{Value, json};

// Rows: UPDATE, START, STOP, SWITCH, DELETE, LOG. Columns: CREATING, WAIT_START, RUNNING, STOPPED, ERROR, and START
// under way. `y` is carried out, `-` answered 200 without effect, `n` refused.
const MATRIX: [(&str, &str); 6] = [
    ("UPDATE", "nynyyn"),
    ("START", "nynyyn"),
    ("STOP", "nny-yn"),
    ("SWITCH", "nnyyyn"),
    ("DELETE", "nyyyyy"),
    ("LOG", "nyyyyn"),
];

async fn in_state(sim: &Sim, column: usize, name: &str) -> String {
    let id = sim.create(name).await;
    if column > 0 {
        sim.advance(2000).await;
    }
    let status = [
        "CREATING",
        "WAIT_START",
        "RUNNING",
        "STOPPED",
        "ERROR",
        "WAIT_START",
    ][column];
    if (2..5).contains(&column) {
        sim.admin(
            Method::PATCH,
            &format!("/jobs/eventgrid/{id}"),
            &json!({"status": status}),
        )
        .await;
    }
    if column == 5 {
        assert_eq!(sim.act(&id, "START").await.status, 200);
    }
    assert_eq!(sim.status(&id).await, status);
    id
}

#[tokio::test]
async fn every_cell_holds() {
    let sim = Sim::start();
    sim.admin(Method::POST, "/clock", &json!({"speed": 0})).await;
    for (row, cells) in MATRIX {
        for (column, cell) in cells.chars().enumerate() {
            let name = format!("{row}-{column}");
            let id = in_state(&sim, column, &name).await;
            let answer = match row {
                "UPDATE" => sim.eg(Method::PUT, &format!("/jobs/{id}"), &job(&name)).await,
                "DELETE" => sim.eg(Method::DELETE, &format!("/jobs/{id}"), &Value::Null).await,
                "LOG" => {
                    sim.eg(Method::PUT, &format!("/jobs/{id}/log"), &json!({"enabled": true}))
                        .await
                }
                operation => sim.act(&id, operation).await,
            };
            let last = sim.requests().await.pop().unwrap();
            match cell {
                'n' => {
                    assert_eq!(
                        (answer.status.as_u16(), answer.code().as_str()),
                        (403, "EG.00514004"),
                        "{name}"
                    );
                }
                _ => assert_eq!(answer.status, 200, "{name}: {answer:?}"),
            }
            assert_eq!(last["effect"].is_object(), cell == 'y', "{name}: {last}");
        }
    }
}

#[tokio::test]
async fn a_cell_is_a_switch() {
    let sim = Sim::with(&json!({"switches": {"eventGrid": {
        "matrix": {"START": {"RUNNING": "noop"}, "UPDATE": {"RUNNING": "allow"}},
        "forbiddenState": {"status": 400, "code": "EG.00513002"}}}}));
    let id = in_state(&sim, 2, "a").await;
    assert_eq!(sim.act(&id, "START").await.status, 200);
    let put = sim
        .eg(Method::PUT, &format!("/jobs/{id}"), &job("a"))
        .await
        .json();
    assert_eq!(put["status"], "STOPPED");
    sim.act(&id, "START").await;
    let busy = sim.act(&id, "START").await;
    assert_eq!((busy.status.as_u16(), busy.code().as_str()), (400, "EG.00513002"));
}
