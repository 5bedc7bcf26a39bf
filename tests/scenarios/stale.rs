//! Lists that lag behind.
use crate::harness::{Cast, Manifest, Object, Stage};
use serde_json::json;

const LIST: &str = "ListEventRouterJobs";

#[tokio::test]
async fn lists_that_lag_cause_no_duplicate_and_no_repeated_act() {
    let stage = Stage::open().await;
    stage
        .simulator
        .fault(LIST, 0, json!({"staleList": {"seconds": 4}}))
        .await;
    stage.settle(&Manifest::kafka()).await;
    stage
        .settle(&Manifest::kafka().option("compression", json!("zstd")))
        .await;
    let stopped = Manifest::kafka()
        .option("compression", json!("zstd"))
        .spec(json!({"runState": "Stopped"}));
    stage.settle(&stopped).await;
    stage.settle(&stopped.spec(json!({"runState": "Running"}))).await;
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    let made = [
        "create", "start", "stop", "update", "start", "stop", "start", "stop", "delete",
    ];
    assert_eq!(stage.simulator.writes().await, made);
    assert!(stage.simulator.jobs().await.is_empty());
}

#[tokio::test]
async fn a_lost_create_is_found_although_the_list_lags() {
    let flags = vec!["--request-timeout=1s", "--settle-window=8s"];
    let stage = Stage::with(Cast {
        flags,
        ..Cast::default()
    })
    .await;
    stage
        .simulator
        .fault(LIST, 0, json!({"staleList": {"seconds": 4}}))
        .await;
    stage
        .simulator
        .fault("CreateEventRouterJob", 1, json!({"dropAfterEffect": {}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn a_stuck_transition_is_waited_for_and_nothing_is_repeated() {
    let stage = Stage::open().await;
    let stuck = stage
        .simulator
        .fault("ExecuteEventRouterJobOperation", 1, json!({"stuck": {}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    stage.simulator.until_written("start").await;
    let job = stage.stays_silent("orders-dr").await;
    assert_eq!(job.condition("Ready").status, "False", "{job}");
    stage.simulator.mend(&stuck).await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}
