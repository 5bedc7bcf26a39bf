//! From creation to deletion, and every change on the way.
use super::{
    DELETE, KIND, RESTART, WELL, count, es, impatient, plain, restart, stage, switched, tasks, the_task,
};
use crate::harness::{Manifest, Object, time};
use serde_json::{Value, json};

#[tokio::test]
async fn every_example_is_applied_and_goes_again() {
    let stage = stage().await;
    for file in ["es", "mongodb", "seed-es", "seed-eventbus", "seed-topic"] {
        let manifest = Manifest::example(&format!("datahubtask-{file}.yaml"));
        let task = stage.settle(&manifest).await;
        let stopped = manifest.job["spec"]["runState"] == "Stopped";
        let (word, reason) = if stopped {
            ("PAUSED", "Stopped")
        } else {
            ("RUNNING", "Running")
        };
        assert_eq!(task["status"]["state"], word, "{file}");
        assert!(task.is("Ready", "True", reason), "{file}: {task}");
        assert!(!task.to_string().contains(WELL), "{file}: {task}");
        stage.stays_silent(manifest.name()).await;
        stage.delete(manifest.name()).await;
        stage.until_gone(KIND, manifest.name()).await;
        assert!(tasks(&stage).await.is_empty(), "{file}");
    }
}

#[tokio::test]
async fn what_modify_takes_is_changed_in_place() {
    let stage = stage().await;
    let manifest = es();
    let name = manifest.name();
    let before = stage.settle(&manifest).await;
    assert_eq!(stage.simulator.writes().await, ["create", "update"]);
    let changes = [
        (
            json!({"name": "orders-to-search"}),
            "TaskName",
            json!("orders-to-search"),
        ),
        (json!({"syncThrottleLimit": 60}), "SyncThrottleLimit", json!(60)),
        (json!({"maxTasks": 3}), "TaskMax", json!(3)),
        (
            json!({"maxTasks": null, "autoExpand": true}),
            "AutoExpandFlag",
            json!(true),
        ),
        (
            json!({"description": "newer"}),
            "Description",
            json!(format!("newer{}", super::mark(&before))),
        ),
    ];
    for (made, (patch, field, value)) in changes.into_iter().enumerate() {
        stage.edit(name, json!({"spec": {"forProvider": patch}})).await;
        let after = stage.until_job(name, "to be ready", Object::is_ready).await;
        assert_eq!(after.id(), before.id(), "{field}");
        assert_eq!(the_task(&stage).await[field], value);
        assert_eq!(count(&stage, "update").await, made + 2, "{field}");
    }
    assert_eq!(count(&stage, "create").await, 1);
}

#[tokio::test]
async fn a_task_is_paused_and_resumed() {
    let stage = stage().await;
    let manifest = plain();
    stage.settle(&manifest).await;
    for (wish, reason) in [("Stopped", "Stopped"), ("Running", "Running")] {
        stage
            .edit(manifest.name(), json!({"spec": {"runState": wish}}))
            .await;
        stage.until_says(manifest.name(), "Ready", "True", reason).await;
    }
    assert_eq!(stage.simulator.writes().await, ["create", "pause", "resume"]);
}

#[tokio::test]
async fn a_restart_that_is_asked_for_is_sent_once() {
    let stage = switched(json!({"restartHealthy": true})).await;
    let manifest = plain();
    stage.settle(&manifest).await;
    for (times, token) in ["first", "second"].into_iter().enumerate() {
        restart(&stage, manifest.name(), token).await;
        stage
            .until_job(manifest.name(), "to be ready", Object::is_ready)
            .await;
        stage.stays_silent(manifest.name()).await;
        assert_eq!(count(&stage, "restart").await, times + 1);
    }
}

#[tokio::test]
async fn a_restart_that_the_vendor_refuses_says_why_and_is_tried_ever_more_rarely() {
    let stage = stage().await;
    let manifest = plain();
    stage.settle(&manifest).await;
    let ask = |token| json!({"metadata": {"annotations": {RESTART: token}}});
    stage.edit(manifest.name(), ask(json!("now"))).await;
    let refused = |task: &Object| {
        task.condition("Synced")
            .message
            .contains("restarts a task that failed")
    };
    let task = stage
        .until_job(manifest.name(), "to tell the refusal", refused)
        .await;
    assert!(
        task.is("Ready", "True", "Running"),
        "the task itself is well: {task}"
    );
    assert!(task["status"]["lastHandledRestartAt"].is_null(), "{task}");
    let again = |task: &Object| task["status"]["retry"]["attempt"].as_u64() >= Some(4);
    stage
        .until_job(manifest.name(), "to be refused four times", again)
        .await;
    // Whoever takes the wish back is left alone.
    stage.edit(manifest.name(), ask(Value::Null)).await;
    stage
        .until_job(manifest.name(), "to be ready", Object::is_ready)
        .await;
    let task = stage.stays_silent(manifest.name()).await;
    assert!(task.is_ready(), "{task}");
    let requests = stage.simulator.requests().await;
    let restarts = requests
        .iter()
        .filter(|request| request["operation"] == "RestartDatahubTask");
    let times: Vec<_> = restarts.map(time).collect();
    assert!(times.len() >= 4, "{times:?}");
    for (doublings, pair) in times.windows(2).enumerate() {
        let pause = pair[1].duration_since(pair[0]).as_secs_f64();
        assert!(pause > 0.9 * f64::from(1 << doublings), "{times:?}");
    }
}

#[tokio::test]
async fn a_restart_whose_answer_was_lost_is_not_sent_again() {
    let stage = impatient(json!({"restartHealthy": true})).await;
    let manifest = plain();
    stage.settle(&manifest).await;
    stage
        .simulator
        .fault("RestartDatahubTask", 1, json!({"dropAfterEffect": {}}))
        .await;
    restart(&stage, manifest.name(), "now").await;
    let task = stage.stays_silent(manifest.name()).await;
    assert!(task.is_ready(), "{task}");
    let message = task.condition("Synced").message;
    assert!(message.contains("the answer to the restart"), "{message}");
    let events = stage.events(manifest.name()).await;
    assert!(
        events.iter().any(|(reason, _)| reason == "RestartUnknown"),
        "{events:?}"
    );
    assert_eq!(stage.simulator.writes().await, ["create", "restart"]);
}

#[tokio::test]
async fn a_deleted_task_that_is_shown_for_ever_is_gone() {
    let stage = switched(json!({"deletedReadable": 1_000_000_000, "deletedInLists": true})).await;
    let manifest = plain();
    stage.settle(&manifest).await;
    stage.delete(manifest.name()).await;
    stage.until_gone(KIND, manifest.name()).await;
    assert_eq!(stage.simulator.job().await["Status"], super::DELETED);
    assert_eq!(stage.simulator.writes().await, ["create", "delete"]);
}

/// No page says how a read answers for a task that is not there.
async fn goes_when_it_is_not_shown(code: &str) {
    let stage = switched(json!({"deletedReadable": 0, "unknownDescribed": code})).await;
    let manifest = plain();
    stage.settle(&manifest).await;
    stage.delete(manifest.name()).await;
    stage.until_gone(KIND, manifest.name()).await;
    assert!(stage.simulator.jobs().await.is_empty());
    assert_eq!(stage.simulator.writes().await, ["create", "delete"]);
}

#[tokio::test]
async fn a_deleted_task_that_is_not_shown_is_gone() {
    goes_when_it_is_not_shown("InvalidParameterValue").await;
}

#[tokio::test]
async fn a_deleted_task_that_is_an_empty_answer_is_gone() {
    goes_when_it_is_not_shown("null").await;
}

#[tokio::test]
async fn an_object_waits_until_its_task_is_deleted() {
    let stage = stage().await;
    let manifest = plain();
    stage.settle(&manifest).await;
    let stuck = stage.simulator.fault(DELETE, 1, json!({"stuck": {}})).await;
    stage.delete(manifest.name()).await;
    let task = stage
        .until_says(manifest.name(), "Ready", "False", "Deleting")
        .await;
    assert!(task["metadata"]["finalizers"].is_array());
    stage.simulator.until_written("delete").await;
    stage.stays_silent(manifest.name()).await;
    stage.simulator.mend(&stuck).await;
    stage.until_gone(KIND, manifest.name()).await;
    assert_eq!(stage.simulator.writes().await, ["create", "delete"]);
}
