//! Whose a remote job is: gone, someone else's, taken over, or one of several.
use crate::harness::{Manifest, Object, Stage};
use serde_json::json;
use sha2::{Digest, Sha256};

const PAUSED: &str = "replication.dev/paused";

#[tokio::test]
async fn a_job_deleted_behind_the_operators_back_is_created_again() {
    let stage = Stage::open().await;
    let before = stage.settle(&Manifest::kafka()).await;
    stage.simulator.remove(&before.id()).await;
    stage.look("orders-dr").await;
    let again = |job: &Object| job.is_ready() && job.id() != before.id();
    let after = stage
        .until_job("orders-dr", "to be ready under another id", again)
        .await;
    assert_eq!(stage.simulator.job().await["job_id"], after.id().as_str());
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "create", "start"]
    );
}

#[tokio::test]
async fn a_foreign_job_of_the_same_name_is_left_alone_until_adopt_names_it() {
    let stage = Stage::open().await;
    let id = stage.simulator.add(Manifest::remote("orders-dr")).await;
    stage.put(&Manifest::kafka()).await;
    let job = stage
        .until_says("orders-dr", "Stalled", "True", "NameTaken")
        .await;
    assert!(job.condition("Stalled").message.contains(&id), "{job}");
    stage.stays_silent("orders-dr").await;
    assert!(stage.simulator.writes().await.is_empty());
    let job = stage
        .settle(&Manifest::kafka().spec(json!({"adopt": {"id": id}})))
        .await;
    assert_eq!(job.id(), id);
    assert_eq!(job["status"]["adoptedId"], id.as_str(), "{job}");
    assert_eq!(stage.simulator.writes().await, ["start"]);
}

#[tokio::test]
async fn deleting_an_object_whose_name_is_taken_leaves_the_foreign_job() {
    let stage = Stage::open().await;
    stage.simulator.add(Manifest::remote("orders-dr")).await;
    stage.put(&Manifest::kafka()).await;
    stage
        .until_says("orders-dr", "Stalled", "True", "NameTaken")
        .await;
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert!(stage.simulator.writes().await.is_empty());
}

#[tokio::test]
async fn an_adopted_job_is_changed_and_deleted_like_any_other() {
    let stage = Stage::open().await;
    let mut remote = Manifest::remote("elsewhere");
    remote["advance_config"]["kafka2kafka"]["compress_alg"] = json!("none");
    let id = stage.simulator.add(remote).await;
    let adopting = Manifest::kafka()
        .provider(json!({"name": "elsewhere"}))
        .spec(json!({"adopt": {"id": id}}));
    stage.settle(&adopting).await;
    assert_eq!(stage.simulator.writes().await, ["update", "start"]);
    let description = stage.simulator.job().await["description"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        description.contains("[rd:"),
        "a real update carries the mark: {description}"
    );
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert!(stage.simulator.jobs().await.is_empty());
}

#[tokio::test]
async fn adopting_a_job_that_does_not_exist_creates_none() {
    let stage = Stage::open().await;
    let missing = json!({"adopt": {"id": "1a959958-0000-0000-0000-000000000000"}});
    stage.put(&Manifest::kafka().spec(missing)).await;
    stage
        .until_says("orders-dr", "Stalled", "True", "RemoteMissing")
        .await;
    stage.stays_silent("orders-dr").await;
    stage
        .settle(&Manifest::kafka().spec(json!({"adopt": null})))
        .await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

/// An object that has no status yet, and the description by which its job is known.
async fn unborn(stage: &Stage) -> String {
    let job = stage.put(&Manifest::kafka().annotated(PAUSED, "true")).await;
    let uid = job["metadata"]["uid"].as_str().unwrap();
    let digest = hex::encode(Sha256::digest(uid));
    format!("orders to standby site [rd:{}]", &digest[..16])
}

#[tokio::test]
async fn an_object_restored_without_its_status_finds_its_job_by_the_mark() {
    let stage = Stage::open().await;
    let mut remote = Manifest::remote("orders-dr");
    remote["description"] = json!(unborn(&stage).await);
    let id = stage.simulator.add(remote).await;
    let job = stage.settle(&Manifest::kafka()).await;
    assert_eq!(job.id(), id);
    assert_eq!(stage.simulator.writes().await, ["start"]);
}

#[tokio::test]
async fn two_jobs_with_the_mark_are_a_question_for_a_person() {
    let stage = Stage::open().await;
    let mut ids = vec![];
    let description = unborn(&stage).await;
    for name in ["orders-dr", "orders-dr-copy"] {
        let mut remote = Manifest::remote(name);
        remote["description"] = json!(description);
        ids.push(stage.simulator.add(remote).await);
    }
    stage.put(&Manifest::kafka()).await;
    let job = stage
        .until_says("orders-dr", "Stalled", "True", "Ambiguous")
        .await;
    let message = job.condition("Stalled").message;
    assert!(ids.iter().all(|id| message.contains(id)), "{message}");
    stage.stays_silent("orders-dr").await;
    assert!(stage.simulator.writes().await.is_empty());
    stage.simulator.remove(&ids[1]).await;
    stage.look("orders-dr").await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(stage.simulator.writes().await, ["start"]);
}
