//! The states of a task: transitions, the operation matrix, modify, failures, deletion, restart.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::Sim;
use crate::{sink, source, still};

const STATUSES: [i64; 11] = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

#[tokio::test]
async fn a_task_is_made_paused_resumed_and_deleted_in_its_time() {
    let sim = still(json!({})).await;
    let id = sim.tc_made(&sink("a")).await;
    sim.advance(1999).await;
    assert_eq!(sim.tc_status(&id).await, 0);
    sim.advance(1).await;
    assert_eq!(sim.tc_status(&id).await, 1);
    for (action, during, after) in [("Pause", 5, 6), ("Resume", 8, 1)] {
        let answer = sim.tc_act(action, &id).await;
        assert_eq!(answer.result(), json!({ "TaskId": id }));
        assert_eq!(sim.tc_status(&id).await, during);
        sim.advance(1999).await;
        assert_eq!(sim.tc_status(&id).await, during);
        sim.advance(1).await;
        let shown = sim.tc_show(&id).await;
        assert_eq!(shown["Status"], after);
        assert_eq!(shown["ErrorMessage"], if after == 1 { "运行中" } else { "" });
    }
    assert_eq!(sim.tc_act("Delete", &id).await.result(), json!({ "TaskId": id }));
    assert_eq!(sim.tc_status(&id).await, 2);
    assert_eq!(sim.tc_total().await, 1);
    sim.advance(2000).await;
    assert_eq!(sim.tc_status(&id).await, 3);
    assert_eq!(sim.tc_total().await, 0);
    sim.advance(59_999).await;
    assert_eq!(sim.tc_status(&id).await, 3);
    sim.advance(1).await;
    assert_eq!(
        sim.tc_act("Describe", &id).await.tc_code(),
        "InvalidParameterValue"
    );
    assert_eq!(
        sim.tc_act("Delete", &id).await.tc_code(),
        "InvalidParameterValue.InstanceNotExist"
    );
    let log = sim.requests().await;
    let acts: Vec<&str> = log
        .iter()
        .filter_map(|entry| entry["effect"]["act"].as_str())
        .collect();
    assert_eq!(acts, ["create", "pause", "resume", "delete"]);
}

#[tokio::test]
async fn every_cell_of_the_matrix_holds() {
    let sim = still(json!({"ckafka": {"quota": 1000}})).await;
    let rows: [(&str, &[i64]); 5] = [
        ("Modify", &[1, 6]),
        ("Pause", &[1]),
        ("Resume", &[6, 7, 9]),
        ("Restart", &[4, 7, 9]),
        ("Delete", &[-1, 1, 4, 6, 7, 9]),
    ];
    for (action, allowed) in rows {
        for status in STATUSES {
            let id = sim.tc_made(&sink("a")).await;
            sim.tc_set(&id, &json!({"Status": status})).await;
            let answer = sim.tc_act(action, &id).await;
            let last = sim.requests().await.pop().unwrap();
            let cell = format!("{action} {status}");
            if allowed.contains(&status) {
                assert_eq!(answer.result()["TaskId"], id.as_str(), "{cell}");
                assert_eq!(last["effect"]["id"], id.as_str(), "{cell}");
            } else {
                assert_eq!(answer.tc_code(), "FailedOperation", "{cell}");
                assert_eq!(last["effect"], Value::Null, "{cell}");
                assert_eq!(sim.tc_status(&id).await, status, "{cell}");
            }
            sim.admin(Method::DELETE, &format!("/jobs/ckafka/{id}"), &Value::Null)
                .await;
        }
    }
}

#[tokio::test]
async fn the_matrix_the_codes_and_the_results_are_switches() {
    let sim = still(json!({"ckafka": {
        "matrix": {"pause": [1, 6]}, "wrongState": "InvalidParameter", "nullResults": true,
        "unknownDescribed": "null", "unknownChanged": "ResourceNotFound"}}))
    .await;
    let id = sim.tc_running(&sink("a")).await;
    sim.tc_set(&id, &json!({"Status": 6})).await;
    assert_eq!(sim.tc_act("Pause", &id).await.result(), Value::Null);
    assert_eq!(sim.tc_act("Pause", &id).await.tc_code(), "InvalidParameter");
    let unknown = sim.tc_act("Describe", "task-00000000").await;
    assert_eq!(unknown.result(), Value::Null);
    assert!(
        unknown.json()["Response"]
            .as_object()
            .unwrap()
            .contains_key("Result")
    );
    assert_eq!(
        sim.tc_act("Pause", "task-00000000").await.tc_code(),
        "ResourceNotFound"
    );
    sim.advance(2000).await;
    assert_eq!(sim.tc_act("Delete", &id).await.result(), json!({ "TaskId": id }));
}

#[tokio::test]
async fn modify_sets_what_is_given_and_leaves_the_rest() {
    let sim = still(json!({})).await;
    let id = sim.tc_running(&sink("orders-to-es")).await;
    let modify = async |body: Value| {
        let mut body = body;
        body["TaskId"] = json!(id);
        sim.tc("ModifyDatahubTask", &body).await
    };
    let all = json!({"TaskName": "orders-to-es-v2", "AutoExpandFlag": false, "TasksMax": 2, "SyncThrottleLimit": 40});
    assert_eq!(modify(all).await.result(), json!({ "TaskId": id }));
    let shown = sim.tc_show(&id).await;
    let seen = [
        "TaskName",
        "AutoExpandFlag",
        "TaskMax",
        "SyncThrottleLimit",
        "Description",
        "Status",
    ];
    let seen = seen.map(|name| shown[name].clone());
    assert_eq!(
        json!(seen),
        json!(["orders-to-es-v2", false, 2, 40, "k8s/shop/orders", 1])
    );
    modify(json!({"Description": "other"})).await.result();
    assert_eq!(sim.tc_show(&id).await["Description"], "other");
    assert_eq!(sim.tc_show(&id).await["TaskName"], "orders-to-es-v2");
    modify(json!({"Description": ""})).await.result();
    assert_eq!(sim.tc_show(&id).await["Description"], "");
    for (body, code) in [
        (json!({"TasksMax": 0}), "InvalidParameterValue"),
        (json!({"TasksMax": "2"}), "InvalidParameter"),
        (json!({"TaskMax": 2}), "UnknownParameter"),
        (json!({"TaskName": "1"}), "InvalidParameterValue"),
        (json!({"Tags": []}), "UnknownParameter"),
        (json!({"SourceResource": {"Type": "HTTP"}}), "UnknownParameter"),
    ] {
        assert_eq!(modify(body.clone()).await.tc_code(), code, "{body}");
    }
    let unnamed = sim.tc("ModifyDatahubTask", &json!({"TaskName": "a"})).await;
    assert_eq!(unnamed.tc_code(), "MissingParameter");
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"ckafka": {"emptyDescription": "keep"}}}),
    )
    .await;
    modify(json!({"Description": "kept"})).await.result();
    modify(json!({"Description": ""})).await.result();
    assert_eq!(sim.tc_show(&id).await["Description"], "kept");
}

#[tokio::test]
async fn transitions_end_badly_by_name_and_by_fault() {
    let sim = still(json!({"ckafka": {"forcedEnds": {"create": ["never"], "pause": ["held"]}}})).await;
    let never = sim.tc_made(&sink("never")).await;
    let held = sim.tc_made(&sink("held")).await;
    sim.advance(2000).await;
    let shown = sim.tc_show(&never).await;
    assert_eq!(shown["Status"], -1);
    assert!(shown["ErrorMessage"].as_str().unwrap().contains("forcedEnds"));
    sim.tc_act("Pause", &held).await.result();
    sim.advance(2000).await;
    assert_eq!(sim.tc_status(&held).await, 7);
    for (action, bad) in [("Resume", 9), ("Delete", 4)] {
        sim.fault(json!({"match": {"operation": format!("{action}DatahubTask")}, "effect": {"fail": {"message": "no route"}}}))
            .await;
        sim.tc_act(action, &held).await.result();
        sim.advance(2000).await;
        let shown = sim.tc_show(&held).await;
        assert_eq!(
            (&shown["Status"], &shown["ErrorMessage"]),
            (&json!(bad), &json!("no route"))
        );
    }
    sim.tc_act("Delete", &held).await.result();
    sim.advance(2000).await;
    assert_eq!(sim.tc_status(&held).await, 3);
}

#[tokio::test]
async fn a_restart_is_for_abnormal_tasks() {
    let sim = still(json!({})).await;
    let id = sim.tc_running(&sink("a")).await;
    assert_eq!(sim.tc_act("Restart", &id).await.tc_code(), "FailedOperation");
    sim.tc_set(&id, &json!({"ErrorMessage": "broker is gone"})).await;
    let shown = sim.tc_show(&id).await;
    assert_eq!(
        (&shown["Status"], &shown["ErrorMessage"]),
        (&json!(1), &json!("broker is gone"))
    );
    sim.tc_act("Restart", &id).await.result();
    assert_eq!(sim.tc_show(&id).await["ErrorMessage"], "broker is gone");
    assert_eq!(sim.tc_act("Restart", &id).await.tc_code(), "FailedOperation");
    sim.advance(2000).await;
    assert_eq!(sim.tc_show(&id).await["ErrorMessage"], "运行中");
    let other = json!({"switches": {"ckafka": {"abnormalStatus": 10, "restartingStatus": 11, "restartHealthy": true}}});
    sim.admin(Method::PATCH, "/world", &other).await;
    sim.tc_act("Restart", &id).await.result();
    assert_eq!(sim.tc_status(&id).await, 11);
    sim.advance(2000).await;
    sim.tc_set(&id, &json!({"Status": 10})).await;
    sim.tc_act("Restart", &id).await.result();
    sim.advance(2000).await;
    assert_eq!(sim.tc_status(&id).await, 1);
}

#[tokio::test]
async fn a_transition_without_a_duration_never_ends_and_one_of_none_ends_at_once() {
    let sim = still(
        json!({"ckafka": {"delays": {"create": 0, "pause": null, "delete": 0}, "deletedReadable": null,
        "deletedInLists": true}}),
    )
    .await;
    let id = sim.tc_made(&source("a")).await;
    assert_eq!(sim.tc_status(&id).await, 1);
    sim.tc_act("Pause", &id).await.result();
    sim.advance(1_000_000_000).await;
    assert_eq!(sim.tc_status(&id).await, 5);
    sim.tc_set(&id, &json!({"Status": 6})).await;
    sim.tc_act("Delete", &id).await.result();
    sim.advance(1_000_000_000).await;
    assert_eq!(sim.tc_status(&id).await, 3);
    assert_eq!(sim.tc_total().await, 1);
    assert_eq!(sim.tc_act("Delete", &id).await.tc_code(), "FailedOperation");
}

#[tokio::test]
async fn tasks_outlive_a_restart_of_the_program() {
    let sim = Sim::start();
    let id = sim.tc_made(&sink("a")).await;
    sim.advance(2000).await;
    assert_eq!(sim.tc_status(&id).await, 1);
    let sim = sim.restarted(&json!({"switches": {"ckafka": {"secrets": "plain"}}}));
    let shown = sim.tc_show(&id).await;
    assert_eq!(shown["TargetResource"]["EsParam"]["Password"], "secret-of-es");
    let jobs = sim.admin(Method::GET, "/jobs/ckafka", &Value::Null).await;
    assert_eq!((&jobs["created"], &jobs["deleted"]), (&json!(1), &json!(0)));
    sim.admin(Method::POST, "/reset", &Value::Null).await;
    assert_eq!(sim.tc_total().await, 0);
}

#[tokio::test]
async fn someone_elses_hand_makes_changes_and_takes_away() {
    let sim = still(json!({})).await;
    let mut body = sink("foreign");
    body["Status"] = json!(6);
    body["AppId"] = json!(1_300_000_001);
    let made = sim.admin(Method::POST, "/jobs/ckafka", &body).await;
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        (&made["name"], &made["Region"]),
        (&json!("foreign"), &json!("ap-guangzhou"))
    );
    assert_eq!(sim.tc_status(id).await, 6);
    sim.tc_set(
        id,
        &json!({"TargetResource": {"EsParam": {"Index": "other", "DropInvalidMessage": null}}, "TaskMax": 4}),
    )
    .await;
    let shown = sim.tc_show(id).await;
    let es = &shown["TargetResource"]["EsParam"];
    assert_eq!(
        (&es["Index"], es.get("DropInvalidMessage"), &shown["TaskMax"]),
        (&json!("other"), None, &json!(4))
    );
    assert_eq!(es["Resource"], "resource-0a1b2c3d");
    let wrong = sim
        .http
        .patch(format!("{}/_sim/jobs/ckafka/{id}", sim.url))
        .json(&json!({"Nothing": 1}));
    assert_eq!(crate::send(wrong).await.unwrap().status, 400);
    sim.admin(Method::DELETE, &format!("/jobs/ckafka/{id}"), &Value::Null)
        .await;
    assert_eq!(
        sim.tc_act("Describe", id).await.tc_code(),
        "InvalidParameterValue"
    );
    let jobs = sim.admin(Method::GET, "/jobs/ckafka", &Value::Null).await;
    assert_eq!((&jobs["created"], &jobs["deleted"]), (&json!(1), &json!(1)));
}
