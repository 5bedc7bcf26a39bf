//! The operation matrix, cell by cell.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::Sim;
use crate::{mirror, no, told};

// Columns: WAITING, CREATING, RUNNING, PAUSED, RESTARTING, a status of a foreign hand, starting (seen as WAITING), pausing
// (seen as RUNNING). `y` is carried out, `-` answered without effect, `n` refused with the code.
const MATRIX: [(&str, &str, &str); 6] = [
    ("pause", "nny-nny-", "DMS.00400868"),
    ("resume", "nn-ynn-y", "DMS.00400869"),
    ("restart", "ynyynyyy", "DMS.00400872"),
    ("plain restart", "ynyynyyy", "DMS.00400872"),
    ("modify", "ynyynnyy", "DMS.00400873"),
    ("delete", "yyyyyyyy", ""),
];

const STATES: [&str; 8] = [
    "WAITING",
    "CREATING",
    "RUNNING",
    "PAUSED",
    "RESTARTING",
    "FAILED",
    "WAITING",
    "RUNNING",
];

async fn in_state(sim: &Sim, column: usize, name: &str) -> String {
    let mut body = mirror(name);
    body["start_later"] = json!(column != 1);
    let id = sim.made(&body).await;
    let foreign = match column {
        2..=5 => Some(STATES[column]),
        7 => Some("RUNNING"),
        _ => None,
    };
    if let Some(status) = foreign {
        let path = format!("/jobs/dms/{id}");
        sim.admin(Method::PATCH, &path, &json!({"status": status})).await;
    }
    match column {
        6 => assert_eq!(sim.put(&id, "restart").await.status, 204),
        7 => assert_eq!(sim.put(&id, "pause").await.status, 204),
        _ => {}
    }
    assert_eq!(sim.state(&id).await, STATES[column], "{name}");
    id
}

#[tokio::test]
async fn every_cell_holds() {
    let sim = Sim::start();
    sim.stopped_clock().await;
    for (row, cells, code) in MATRIX {
        for (column, cell) in cells.chars().enumerate() {
            let name = format!("{}-{column}", row.replace(' ', "-"));
            let id = in_state(&sim, column, &name).await;
            let (answer, good) = match row {
                "delete" => (sim.sc(Method::DELETE, &format!("/{id}"), &Value::Null).await, 204),
                "modify" => {
                    let body = json!({"source_task": {"task_num": 5}});
                    (sim.sc(Method::PUT, &format!("/{id}"), &body).await, 200)
                }
                act => (sim.put(&id, act).await, 204),
            };
            let last = sim.requests().await.pop().unwrap();
            if cell == 'n' {
                assert_eq!(told(&answer), no(400, code), "{name}");
            } else {
                assert_eq!(answer.status, good, "{name}: {answer:?}");
            }
            assert_eq!(last["effect"].is_object(), cell == 'y', "{name}: {last}");
            if row != "delete" {
                sim.sc(Method::DELETE, &format!("/{id}"), &Value::Null).await;
            }
        }
    }
}

#[tokio::test]
async fn a_cell_is_a_switch() {
    let sim = Sim::with(&json!({"switches": {"dms": {
        "matrix": {"PAUSE": {"WAITING": "noop", "PAUSED": "refuse"}, "DELETE": {"RUNNING": "refuse"}},
        "codes": {"pause": {"status": 409, "code": "DMS.9"}}}}}));
    let waiting = in_state(&sim, 0, "waiting").await;
    assert_eq!(sim.put(&waiting, "pause").await.status, 204);
    let paused = in_state(&sim, 3, "paused").await;
    assert_eq!(told(&sim.put(&paused, "pause").await), no(409, "DMS.9"));
    let running = in_state(&sim, 2, "running").await;
    let kept = sim.sc(Method::DELETE, &format!("/{running}"), &Value::Null).await;
    assert_eq!(told(&kept), no(400, "DMS.00400026"));
}
