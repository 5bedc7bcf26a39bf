//! Changes that someone else makes to a remote job, under every management policy.
use crate::harness::{Manifest, Object, Stage};
use serde_json::{Value, json};

const APPROVE: &str = "replication.dev/approve-plan";
const MADE: [&str; 2] = ["create", "start"];

fn policy(policy: &str) -> Manifest {
    Manifest::kafka().spec(json!({"managementPolicy": policy}))
}

/// Someone sets another compression.
async fn meddle(stage: &Stage, compression: &str) {
    let id = stage.simulator.job().await["job_id"].as_str().unwrap().to_owned();
    let patch = json!({"advance_config": {"kafka2kafka": {"compress_alg": compression}}});
    stage.simulator.edit(&id, patch).await;
}

async fn compression(stage: &Stage) -> Value {
    stage.simulator.job().await["advance_config"]["kafka2kafka"]["compress_alg"].clone()
}

fn shows_the_compression(job: &Object, from: &str) -> bool {
    job["status"]["plan"]["changes"]
        == json!([{"path": "advanced.kafkaToKafka.compression", "from": from, "to": "lz4", "effect": "Restart"}])
}

#[tokio::test]
async fn under_apply_a_foreign_change_is_undone() {
    let stage = Stage::open().await;
    let job = stage.settle(&Manifest::kafka()).await;
    let patch = json!({"description": "hacked", "advance_config": {"kafka2kafka": {"compress_alg": "gzip"}}});
    stage.simulator.edit(&job.id(), patch).await;
    stage.look("orders-dr").await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
    assert_eq!(compression(&stage).await, "lz4");
    let description = stage.simulator.job().await["description"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        description.starts_with("orders to standby site [rd:"),
        "{description}"
    );
}

#[tokio::test]
async fn under_apply_a_job_that_someone_stopped_is_started_again() {
    let stage = Stage::open().await;
    let job = stage.settle(&Manifest::kafka()).await;
    stage
        .simulator
        .edit(&job.id(), json!({"status": "STOPPED"}))
        .await;
    stage.look("orders-dr").await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(stage.simulator.writes().await, ["create", "start", "start"]);
}

#[tokio::test]
async fn under_detect_only_a_foreign_change_is_shown_and_left() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    meddle(&stage, "gzip").await;
    stage.put(&policy("DetectOnly")).await;
    stage.look("orders-dr").await;
    let job = stage.until_says("orders-dr", "Synced", "False", "Drifted").await;
    assert!(shows_the_compression(&job, "gzip"), "{job}");
    assert_eq!(job.condition("Ready").status, "True", "{job}");
    stage.stays_silent("orders-dr").await;
    assert_eq!(stage.simulator.writes().await, MADE);
    assert_eq!(compression(&stage).await, "gzip");
}

#[tokio::test]
async fn under_plan_a_foreign_change_waits_for_its_approval_and_is_then_undone_once() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    stage.settle(&policy("Plan")).await;
    meddle(&stage, "gzip").await;
    stage.look("orders-dr").await;
    let job = stage
        .until_says("orders-dr", "Synced", "False", "AwaitingApproval")
        .await;
    assert!(shows_the_compression(&job, "gzip"), "{job}");
    let hash = job["status"]["plan"]["hash"].as_str().unwrap().to_owned();
    assert!(
        job.condition("Synced")
            .message
            .contains(&format!("{APPROVE}={hash}")),
        "{job}"
    );
    annotate(&stage, "somethingelse").await;
    stage.stays_silent("orders-dr").await;
    assert_eq!(stage.simulator.writes().await, MADE);
    annotate(&stage, &hash).await;
    let job = stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
    let status = &job["status"];
    assert!(
        status.get("plan").is_none() && status.get("approvedPlan").is_none(),
        "{job}"
    );
}

async fn annotate(stage: &Stage, hash: &str) {
    stage
        .edit("orders-dr", json!({"metadata": {"annotations": {APPROVE: hash}}}))
        .await;
}

#[tokio::test]
async fn under_plan_nothing_is_created_or_deleted_unasked() {
    let stage = Stage::open().await;
    stage.put(&policy("Plan")).await;
    let plan = asks_for(&stage, "Create").await;
    stage.stays_silent("orders-dr").await;
    assert!(stage.simulator.writes().await.is_empty());
    annotate(&stage, &plan).await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(stage.simulator.writes().await, MADE);
    stage.delete("orders-dr").await;
    let plan = asks_for(&stage, "Delete").await;
    assert_eq!(stage.simulator.writes().await, MADE);
    annotate(&stage, &plan).await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert!(stage.simulator.jobs().await.is_empty());
}

/// Waits until the object asks for the approval of this action; gives the plan's hash.
async fn asks_for(stage: &Stage, action: &str) -> String {
    let asks = |job: &Object| {
        job.condition("Synced").reason == "AwaitingApproval" && job["status"]["plan"]["action"] == action
    };
    let job = stage
        .until_job("orders-dr", "to ask for its approval", asks)
        .await;
    job["status"]["plan"]["hash"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn under_observe_nothing_is_ever_sent() {
    let stage = Stage::open().await;
    stage.put(&policy("Observe")).await;
    let job = stage
        .until_says("orders-dr", "Ready", "False", "RemoteMissing")
        .await;
    assert!(!job.is_held_by("replication.dev/remote-job"), "{job}");
    stage.simulator.add(Manifest::remote("orders-dr")).await;
    stage.look("orders-dr").await;
    let job = stage.until_says("orders-dr", "Ready", "True", "Observed").await;
    assert_eq!(job["status"]["atProvider"]["name"], "orders-dr", "{job}");
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert_eq!(stage.simulator.jobs().await.len(), 1);
    assert!(stage.simulator.writes().await.is_empty());
}

#[tokio::test]
async fn ignored_fields_are_neither_compared_nor_updated() {
    let stage = Stage::open().await;
    let lax = Manifest::kafka().spec(json!({"ignoreFields": ["description"]}));
    let job = stage.settle(&lax).await;
    stage
        .simulator
        .edit(&job.id(), json!({"description": "written by others"}))
        .await;
    let job = stage.stays_silent("orders-dr").await;
    assert!(job.is_ready(), "{job}");
    stage.settle(&lax.option("compression", json!("zstd"))).await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
    let description = stage.simulator.job().await["description"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(description.starts_with("written by others"), "{description}");
}

#[tokio::test]
async fn a_job_that_failed_is_shown_with_the_vendors_cause_and_not_started_over_and_over() {
    let stage = Stage::open().await;
    let job = stage.settle(&Manifest::kafka()).await;
    let failure = json!({"status": "ERROR", "err_code": "EG.4711", "err_message": "broker away"});
    stage.simulator.edit(&job.id(), failure).await;
    stage.look("orders-dr").await;
    let job = stage
        .until_says("orders-dr", "Ready", "False", "RemoteFailed")
        .await;
    let message = job.condition("Ready").message;
    assert!(
        message.contains("EG.4711") && message.contains("broker away"),
        "{message}"
    );
    stage.stays_silent("orders-dr").await;
    assert_eq!(stage.simulator.writes().await, MADE);
}
