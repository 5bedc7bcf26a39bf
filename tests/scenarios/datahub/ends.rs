//! States that are failures or that nobody knows: they wait with a clear condition, and cause no request by themselves.
use super::{DELETE, KIND, WELL, count, es, plain, restart, stage, switched, the_task};
use crate::harness::{Object, Stage};
use serde_json::json;

async fn edit(stage: &Stage, patch: serde_json::Value) {
    stage.edit(es().name(), json!({ "spec": patch })).await;
}

/// Waits until the task is shown as failed, with the vendor's word and ours.
async fn until_failed(stage: &Stage, vendors: &str, ours: [&str; 2]) -> Object {
    let task = stage
        .until_says(es().name(), "Ready", "False", "RemoteFailed")
        .await;
    assert_eq!(task["status"]["state"], vendors, "{task}");
    let message = task.condition("Ready").message;
    assert!(ours.iter().all(|word| message.contains(word)), "{message}");
    task
}

#[tokio::test]
async fn a_failed_creation_waits_for_a_person_and_can_be_corrected() {
    let stage = switched(json!({"forcedEnds": {"create": ["orders-to-es"]}})).await;
    stage.put(&es()).await;
    until_failed(&stage, "CREATE_FAILED", ["forcedEnds", "could not be created"]).await;
    let task = stage.stays_silent(es().name()).await;
    assert!(task.is("Synced", "False", "Drifted"), "{task}");
    assert!(task.condition("Synced").message.contains("waits"), "{task}");
    assert_eq!(stage.simulator.writes().await, ["create"]);
    let corrected = json!({"name": "orders-again", "sourceResource": {"kafkaParam": {"topic": "payments"}}});
    edit(
        &stage,
        json!({"replacePolicy": "Recreate", "forProvider": corrected}),
    )
    .await;
    stage
        .until_job(es().name(), "to be ready", Object::is_ready)
        .await;
    let writes = stage.simulator.writes().await;
    assert_eq!(writes, ["create", "delete", "create", "update"]);
}

#[tokio::test]
async fn a_task_that_could_not_be_paused_waits_for_a_person() {
    let stage = stage().await;
    stage.settle(&plain()).await;
    let busy = json!({"fail": {"message": "a partition is busy"}});
    stage.simulator.fault("PauseDatahubTask", 1, busy).await;
    edit(&stage, json!({"runState": "Stopped"})).await;
    until_failed(&stage, "PAUSE_FAILED", ["a partition is busy", "spec.runState"]).await;
    edit(&stage, json!({"forProvider": {"syncThrottleLimit": 60}})).await;
    let task = stage.until_says(es().name(), "Synced", "False", "Drifted").await;
    let message = task.condition("Synced").message;
    assert!(
        message.contains("syncThrottleLimit") && message.contains("PAUSE_FAILED"),
        "{message}"
    );
    assert_eq!(task["status"]["plan"]["changes"][0]["path"], "syncThrottleLimit");
    stage.stays_silent(es().name()).await;
    edit(&stage, json!({"runState": "Running"})).await;
    stage
        .until_job(es().name(), "to be ready", Object::is_ready)
        .await;
    assert_eq!(the_task(&stage).await["SyncThrottleLimit"], 60);
    let writes = stage.simulator.writes().await;
    assert_eq!(writes, ["create", "pause", "resume", "update"]);
}

#[tokio::test]
async fn a_task_that_could_not_be_resumed_is_restarted_when_somebody_asks() {
    let stage = stage().await;
    stage.settle(&plain().spec(json!({"runState": "Stopped"}))).await;
    let away = json!({"fail": {"message": "the target is away"}});
    stage.simulator.fault("ResumeDatahubTask", 1, away).await;
    edit(&stage, json!({"runState": "Running"})).await;
    until_failed(
        &stage,
        "RESUME_FAILED",
        ["the target is away", "ask for a restart"],
    )
    .await;
    stage.stays_silent(es().name()).await;
    restart(&stage, es().name(), "now").await;
    stage
        .until_job(es().name(), "to be ready", Object::is_ready)
        .await;
    let writes = stage.simulator.writes().await;
    assert_eq!(writes, ["create", "pause", "resume", "restart"]);
}

#[tokio::test]
async fn a_task_that_could_not_be_deleted_says_so_and_is_deleted_later() {
    let stage = stage().await;
    stage.settle(&plain()).await;
    let used = json!({"fail": {"message": "still in use"}});
    stage.simulator.fault(DELETE, 1, used).await;
    stage.delete(es().name()).await;
    let task = until_failed(&stage, "DELETE_FAILED", ["still in use", "could not be deleted"]).await;
    let message = task.condition("Synced").message;
    assert!(message.contains("spec.deletionPolicy to Orphan"), "{message}");
    assert_eq!(count(&stage, "delete").await, 1);
    // It is sent again when the interval is over, or somebody asks.
    stage.ask_to_look(es().name(), "again").await;
    stage.until_gone(KIND, es().name()).await;
    assert_eq!(stage.simulator.writes().await, ["create", "delete", "delete"]);
}

#[tokio::test]
async fn a_number_that_nobody_knows_causes_no_request() {
    let stage = stage().await;
    let task = stage.settle(&plain()).await;
    stage.simulator.edit(&task.id(), json!({"Status": 42})).await;
    stage.look(es().name()).await;
    let shown = stage
        .until_says(es().name(), "Ready", "False", "RemoteBusy")
        .await;
    assert_eq!(shown["status"]["state"], "UNKNOWN_42", "{shown}");
    edit(
        &stage,
        json!({"runState": "Stopped", "forProvider": {"syncThrottleLimit": 60}}),
    )
    .await;
    stage.stays_silent(es().name()).await;
    restart_is_not_sent(&stage).await;
    stage.delete(es().name()).await;
    stage.stays_silent(es().name()).await;
    assert_eq!(stage.simulator.writes().await, ["create"]);
    stage.simulator.edit(&task.id(), json!({"Status": 1})).await;
    stage.until_gone(KIND, es().name()).await;
    assert_eq!(stage.simulator.writes().await, ["create", "delete"]);
}

async fn restart_is_not_sent(stage: &Stage) {
    let ask = json!({"metadata": {"annotations": {super::RESTART: "now"}}});
    stage.edit(es().name(), ask).await;
    stage.stays_silent(es().name()).await;
}

#[tokio::test]
async fn the_vendors_word_is_an_error_only_in_a_state_that_is_one() {
    let stage = stage().await;
    let task = stage.settle(&plain()).await;
    assert!(!task.to_string().contains(WELL), "{task}");
    let odd = json!({"ErrorMessage": "RUNNING, more or less"});
    stage.simulator.edit(&task.id(), odd).await;
    let task = stage.stays_silent(es().name()).await;
    assert!(task.is_ready(), "{task}");
    assert!(!task.to_string().contains("more or less"), "{task}");
}

#[tokio::test]
async fn a_task_that_was_cut_off_says_where_to_look() {
    let stage = stage().await;
    let task = stage.settle(&plain()).await;
    stage
        .simulator
        .edit(&task.id(), json!({"IsolateStatus": 2}))
        .await;
    stage.look(es().name()).await;
    let task = stage
        .until_says(es().name(), "Ready", "False", "RemoteFailed")
        .await;
    assert!(task.condition("Ready").message.contains("balance"), "{task}");
    stage.stays_silent(es().name()).await;
    stage
        .simulator
        .edit(&task.id(), json!({"IsolateStatus": 1}))
        .await;
    stage.look(es().name()).await;
    stage
        .until_job(es().name(), "to be ready", Object::is_ready)
        .await;
    assert_eq!(stage.simulator.writes().await, ["create"]);
}
