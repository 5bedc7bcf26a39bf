//! Creates whose answer never comes, and operators that die around them: always one job in the end.
use crate::harness::{Cast, Manifest, Object, Stage};
use serde_json::{Value, json};

const CREATE: &str = "CreateEventRouterJob";

/// A short settle window, so that it passes within a test, and no lease to wait for.
async fn impatient() -> Stage {
    let flags = vec![
        "--request-timeout=1s",
        "--settle-window=5s",
        "--leader-elect=false",
    ];
    Stage::with(Cast {
        flags,
        ..Cast::default()
    })
    .await
}

fn has_a_claim(job: &Object) -> bool {
    job["status"]["claim"]["nonce"].is_string() && job.id().is_empty()
}

async fn ends_in_one_job(stage: &Stage) -> Value {
    let job = stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    let remote = stage.simulator.job().await;
    assert_eq!(remote["job_id"], job.id().as_str());
    stage.stays_silent("orders-dr").await;
    remote
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_is_found_again_and_not_repeated() {
    let stage = impatient().await;
    stage
        .simulator
        .fault(CREATE, 1, json!({"dropAfterEffect": {}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    ends_in_one_job(&stage).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn a_create_that_never_arrived_is_sent_once_more_after_the_settle_window() {
    let stage = impatient().await;
    stage
        .simulator
        .fault(CREATE, 1, json!({"dropBeforeEffect": {}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    stage.until_says("orders-dr", "Synced", "Unknown", "Unsure").await;
    ends_in_one_job(&stage).await;
    assert_eq!(stage.simulator.writes().await, ["create", "create", "start"]);
    assert!(stage.simulator.seconds_between(CREATE).await >= 4.0);
}

#[tokio::test]
async fn a_create_that_the_cloud_was_too_slow_for_ends_in_one_job() {
    let stage = impatient().await;
    stage
        .simulator
        .fault(CREATE, 1, json!({"delay": {"ms": 2500}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    ends_in_one_job(&stage).await;
}

#[tokio::test]
async fn an_operator_killed_between_claim_and_request_leaves_one_job() {
    let mut stage = impatient().await;
    let held = stage.simulator.fault(CREATE, 1, json!({"holdBefore": {}})).await;
    stage.put(&Manifest::kafka()).await;
    stage.simulator.until_holding(&held).await;
    let job = stage.job("orders-dr").await.unwrap();
    assert!(has_a_claim(&job), "the claim comes before the request: {job}");
    stage.restart();
    stage.simulator.mend(&held).await;
    ends_in_one_job(&stage).await;
}

#[tokio::test]
async fn an_operator_killed_between_request_and_status_leaves_one_job() {
    let mut stage = impatient().await;
    let held = stage.simulator.fault(CREATE, 1, json!({"holdAfter": {}})).await;
    stage.put(&Manifest::kafka()).await;
    stage.simulator.until_holding(&held).await;
    stage.restart();
    stage.simulator.mend(&held).await;
    ends_in_one_job(&stage).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn an_object_deleted_while_its_create_is_unsure_leaves_no_job() {
    let stage = impatient().await;
    let held = stage.simulator.fault(CREATE, 1, json!({"holdBefore": {}})).await;
    stage.put(&Manifest::kafka()).await;
    stage.simulator.until_holding(&held).await;
    stage.delete("orders-dr").await;
    stage.simulator.mend(&held).await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert!(stage.simulator.jobs().await.is_empty());
}

#[tokio::test]
async fn lost_answers_of_every_other_write_repeat_nothing_that_took_effect() {
    let stage = impatient().await;
    stage.settle(&Manifest::kafka()).await;
    for operation in [
        "ExecuteEventRouterJobOperation",
        "UpdateEventRouterJob",
        "DeleteEventRouterJob",
    ] {
        stage
            .simulator
            .fault(operation, 1, json!({"dropAfterEffect": {}}))
            .await;
    }
    stage
        .settle(&Manifest::kafka().option("compression", json!("zstd")))
        .await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    let writes = stage.simulator.writes().await;
    assert_eq!(writes[5..], ["stop", "delete"]);
}

#[tokio::test]
async fn a_killed_operator_is_taken_over_in_every_step_of_a_change() {
    let mut stage = impatient().await;
    stage.settle(&Manifest::kafka()).await;
    let mut faults = vec![];
    for operation in ["ExecuteEventRouterJobOperation", "UpdateEventRouterJob"] {
        faults.push(
            stage
                .simulator
                .fault(operation, 1, json!({"holdAfter": {}}))
                .await,
        );
    }
    stage
        .put(&Manifest::kafka().option("compression", json!("zstd")))
        .await;
    for fault in &faults {
        stage.simulator.until_holding(fault).await;
        stage.restart();
        stage.simulator.mend(fault).await;
    }
    let good = |job: &Object| job.is_ready() && job["metadata"]["generation"] == 2;
    stage.until_job("orders-dr", "to be ready", good).await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
}
