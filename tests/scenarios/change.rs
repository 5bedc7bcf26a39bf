//! Changes of the spec, and the end of a job.
use crate::harness::{Manifest, Object, Stage};
use serde_json::json;

#[tokio::test]
async fn a_changed_option_stops_updates_and_starts_the_job_once_each() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let job = stage
        .settle(&Manifest::kafka().option("compression", json!("zstd")))
        .await;
    assert!(job.is("Ready", "True", "Running"), "{job}");
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
    let remote = stage.simulator.job().await;
    assert_eq!(remote["status"], "RUNNING");
    assert_eq!(
        remote["advance_config"]["kafka2kafka"]["compress_alg"], "zstd",
        "{remote:#}"
    );
    assert!(job["status"].get("plan").is_none(), "{job}");
    stage.stays_silent("orders-dr").await;
}

#[tokio::test]
async fn a_change_of_a_stopped_job_is_one_update() {
    let stage = Stage::open().await;
    let stopped = Manifest::kafka().spec(json!({"runState": "Stopped"}));
    stage.settle(&stopped).await;
    stage.settle(&stopped.option("topics", json!(["orders"]))).await;
    assert_eq!(stage.simulator.writes().await, ["create", "update"]);
    let remote = stage.simulator.job().await;
    assert_eq!(remote["advance_config"]["kafka2kafka"]["topics"], "orders");
}

#[tokio::test]
async fn run_state_stops_a_job_and_starts_it_again() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let stopped = stage
        .settle(&Manifest::kafka().spec(json!({"runState": "Stopped"})))
        .await;
    assert!(stopped.is("Ready", "True", "Stopped"), "{stopped}");
    assert_eq!(stage.simulator.job().await["status"], "STOPPED");
    stage
        .settle(&Manifest::kafka().spec(json!({"runState": "Running"})))
        .await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "start"]
    );
    let told: Vec<String> = stage
        .events("orders-dr")
        .await
        .into_iter()
        .map(|(reason, _)| reason)
        .collect();
    assert!(
        told.contains(&"Stopped".into()) && told.contains(&"Started".into()),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_deleted_object_stops_and_deletes_its_job_and_goes_last() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let stuck = stage
        .simulator
        .fault("DeleteEventRouterJob", 1, json!({"holdAfter": {}}))
        .await;
    stage.delete("orders-dr").await;
    stage.simulator.until_holding(&stuck).await;
    let waiting = stage.job("orders-dr").await.unwrap();
    assert!(waiting.is_held_by("replication.dev/remote-job"), "{waiting}");
    stage.simulator.mend(&stuck).await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert!(stage.simulator.jobs().await.is_empty());
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "delete"]
    );
}

#[tokio::test]
async fn an_object_whose_secret_is_gone_is_deleted_all_the_same() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    stage
        .cluster
        .delete("Secret", &stage.namespace, "orders-kafka")
        .await;
    stage
        .until_says("orders-dr", "Synced", "Unknown", "SecretNotFound")
        .await;
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert!(stage.simulator.jobs().await.is_empty());
}

#[tokio::test]
async fn a_renamed_job_keeps_its_identity() {
    let stage = Stage::open().await;
    let before = stage.settle(&Manifest::kafka()).await;
    let after = stage
        .settle(&Manifest::kafka().provider(json!({"name": "orders-renamed"})))
        .await;
    assert_eq!(before.id(), after.id());
    assert_eq!(stage.simulator.job().await["name"], "orders-renamed");
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
}

#[tokio::test]
async fn a_change_while_the_job_is_being_created_ends_in_one_job_that_has_it() {
    let stage = Stage::open().await;
    let held = stage
        .simulator
        .fault("CreateEventRouterJob", 1, json!({"delay": {"ms": 1000}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    stage.simulator.until_hits(&held, 1).await;
    stage
        .put(&Manifest::kafka().option("compression", json!("gzip")))
        .await;
    let good = |job: &Object| job.is_ready() && job["metadata"]["generation"] == 2;
    stage
        .until_job("orders-dr", "to be ready with its change", good)
        .await;
    let remote = stage.simulator.job().await;
    assert_eq!(
        remote["advance_config"]["kafka2kafka"]["compress_alg"], "gzip",
        "{remote:#}"
    );
}
