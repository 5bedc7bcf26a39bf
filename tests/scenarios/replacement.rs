//! Changes that the vendor cannot make in place.
use crate::harness::{Manifest, Object, Stage};
use serde_json::json;

fn latest() -> Manifest {
    Manifest::kafka().option("seekTo", json!("latest"))
}

#[tokio::test]
async fn without_leave_to_recreate_nothing_is_sent_and_the_plan_tells_the_price() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    stage.put(&latest()).await;
    let job = stage
        .until_says("orders-dr", "Stalled", "True", "ReplacementRequired")
        .await;
    assert!(
        job.condition("Stalled")
            .message
            .contains("advanced.kafkaToKafka.seekTo"),
        "{job}"
    );
    let plan = &job["status"]["plan"];
    assert_eq!(plan["action"], "Replace", "{job}");
    assert_eq!(plan["changes"][0]["effect"], "Replace", "{job}");
    assert!(plan["note"].is_string(), "{job}");
    assert_eq!(job.condition("Ready").status, "True", "{job}");
    stage.stays_silent("orders-dr").await;
    let job = stage.settle(&Manifest::kafka()).await;
    assert!(job["status"].get("plan").is_none(), "{job}");
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn with_leave_to_recreate_the_job_is_deleted_and_once_created_anew() {
    let stage = Stage::open().await;
    let before = stage.settle(&Manifest::kafka()).await;
    stage
        .put(&latest().spec(json!({"replacePolicy": "Recreate"})))
        .await;
    let good = |job: &Object| job.is_ready() && job.id() != before.id();
    let job = stage.until_job("orders-dr", "to be ready anew", good).await;
    let writes = stage.simulator.writes().await;
    assert_eq!(writes, ["create", "start", "stop", "delete", "create", "start"]);
    let remote = stage.simulator.job().await;
    assert_eq!(remote["job_id"], job.id().as_str());
    assert_eq!(remote["advance_config"]["kafka2kafka"]["seek_to"], "latest");
    stage.stays_silent("orders-dr").await;
}

#[tokio::test]
async fn a_replacement_waits_until_the_old_job_is_gone() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let stuck = stage
        .simulator
        .fault("DeleteEventRouterJob", 1, json!({"stuck": {}}))
        .await;
    stage
        .put(&latest().spec(json!({"replacePolicy": "Recreate"})))
        .await;
    stage.simulator.until_written("delete").await;
    stage.stays_silent("orders-dr").await;
    stage.simulator.mend(&stuck).await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    let writes = stage.simulator.writes().await;
    assert_eq!(writes, ["create", "start", "stop", "delete", "create", "start"]);
}

#[tokio::test]
async fn what_can_be_changed_in_place_is_changed_in_place_under_recreate_too() {
    let stage = Stage::open().await;
    let recreate = Manifest::kafka().spec(json!({"replacePolicy": "Recreate"}));
    let before = stage.settle(&recreate).await;
    let after = stage.settle(&recreate.option("compression", json!("zstd"))).await;
    assert_eq!(before.id(), after.id());
}
