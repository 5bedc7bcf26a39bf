//! What users ask of an object beside its spec: to pause, to look now, and to be let go of.
use crate::harness::{Manifest, Object, Stage};
use serde_json::json;

const PAUSED: &str = "replication.dev/paused";

#[tokio::test]
async fn a_paused_object_is_neither_read_nor_written_and_says_so() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let paused = Manifest::kafka()
        .option("compression", json!("zstd"))
        .annotated(PAUSED, "true");
    stage.put(&paused).await;
    let job = stage.until_says("orders-dr", "Synced", "Unknown", "Paused").await;
    assert!(job.condition("Synced").message.contains(PAUSED), "{job}");
    let seen = stage.simulator.requests().await.len();
    stage
        .edit("orders-dr", json!({"metadata": {"labels": {"touched": "yes"}}}))
        .await;
    stage.delete("orders-dr").await;
    let deleting = |job: &Object| job["metadata"]["deletionTimestamp"].is_string();
    stage
        .until_job("orders-dr", "to be on its way out", deleting)
        .await;
    assert_eq!(stage.simulator.requests().await.len(), seen);
    stage
        .edit("orders-dr", json!({"metadata": {"annotations": {PAUSED: null}}}))
        .await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "delete"]
    );
}

#[tokio::test]
async fn a_requested_look_asks_the_cloud_and_is_answered() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let before = stage.simulator.requests().await.len();
    stage.look("orders-dr").await;
    assert!(stage.simulator.requests().await.len() > before);
}

async fn is_let_go(manifest: Manifest) {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    stage.put(&manifest).await;
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert_eq!(stage.simulator.job().await["status"], "RUNNING");
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn an_orphaned_job_runs_on() {
    is_let_go(Manifest::kafka().spec(json!({"deletionPolicy": "Orphan"}))).await;
}

#[tokio::test]
async fn deleting_a_watched_only_object_sends_nothing() {
    is_let_go(Manifest::kafka().spec(json!({"managementPolicy": "DetectOnly"}))).await;
}

#[tokio::test]
async fn deleting_an_observed_object_sends_nothing() {
    is_let_go(Manifest::kafka().spec(json!({"managementPolicy": "Observe"}))).await;
}

/// Starts a look that is held at the cloud, so that what follows happens in the middle of a pass.
async fn in_the_middle_of_a_pass(stage: &Stage) -> String {
    let held = stage
        .simulator
        .fault("ShowEventRouterJob", 1, json!({"holdAfter": {}}))
        .await;
    stage.ask_to_look("orders-dr", "now").await;
    stage.simulator.until_holding(&held).await;
    held
}

#[tokio::test]
async fn a_change_in_the_middle_of_a_pass_is_not_overlooked() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let held = in_the_middle_of_a_pass(&stage).await;
    stage
        .put(&Manifest::kafka().option("compression", json!("zstd")))
        .await;
    stage.simulator.mend(&held).await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
}

#[tokio::test]
async fn a_deletion_in_the_middle_of_a_pass_is_not_overlooked() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let held = in_the_middle_of_a_pass(&stage).await;
    stage.delete("orders-dr").await;
    stage.simulator.mend(&held).await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
}
