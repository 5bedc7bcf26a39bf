//! From a manifest to a running remote job.
use crate::harness::{Manifest, Object, Stage};
use serde_json::json;

const FINALIZER: &str = "replication.dev/remote-job";

async fn is_created_and_started_once(manifest: Manifest) {
    let stage = Stage::open().await;
    let job = stage.settle(&manifest).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
    let remote = stage.simulator.job().await;
    assert_eq!(remote["status"], "RUNNING", "{remote:#}");
    tells_of_the_job(&job, &remote);
    assert!(job.is_held_by(FINALIZER), "{job}");
    assert_eq!(reasons(&stage, manifest.name()).await, ["Created"]);
    stage.stays_silent(manifest.name()).await;
}

fn tells_of_the_job(job: &Object, remote: &serde_json::Value) {
    let status = &job["status"];
    assert_eq!(status["id"], remote["job_id"], "{job}");
    assert_eq!(status["state"], "RUNNING", "{job}");
    assert_eq!(status["reason"], "Running", "{job}");
    assert!(
        job.is("Ready", "True", "Running") && job.is("Stalled", "False", "Progressing"),
        "{job}"
    );
    assert_eq!(status["observedGeneration"], 1, "{job}");
    for absent in ["plan", "lastError", "retry", "approvedPlan", "adoptedId"] {
        assert!(status.get(absent).is_none(), "{absent}: {job}");
    }
    assert_eq!(
        status["atProvider"]["clusterId"], job["spec"]["forProvider"]["clusterId"],
        "{job}"
    );
    assert_eq!(status["atProvider"]["advanced"], wished(job), "{job}");
}

/// The options as the status words them: those of the spec, and defaults.
fn wished(job: &Object) -> serde_json::Value {
    let mut wished = job["spec"]["forProvider"]["advanced"].clone();
    let at = job["status"]["atProvider"]["advanced"].as_object().unwrap();
    for (kind, options) in at {
        for (name, value) in options.as_object().unwrap() {
            let given = wished[kind].as_object_mut().unwrap();
            given.entry(name).or_insert_with(|| value.clone());
        }
    }
    wished
}

async fn reasons(stage: &Stage, name: &str) -> Vec<String> {
    stage
        .events(name)
        .await
        .into_iter()
        .map(|(reason, _)| reason)
        .collect()
}

#[tokio::test]
async fn a_kafka_job_is_created_started_and_ready() {
    is_created_and_started_once(Manifest::kafka()).await;
}

#[tokio::test]
async fn a_rocketmq_job_is_created_started_and_ready() {
    is_created_and_started_once(Manifest::rocketmq()).await;
}

#[tokio::test]
async fn a_dcs_job_is_created_started_and_ready() {
    is_created_and_started_once(Manifest::dcs()).await;
}

#[tokio::test]
async fn a_job_that_should_be_stopped_is_created_and_never_started() {
    let stage = Stage::open().await;
    let job = stage
        .settle(&Manifest::kafka().spec(json!({"runState": "Stopped"})))
        .await;
    assert!(job.is("Ready", "True", "Stopped"), "{job}");
    assert_eq!(stage.simulator.writes().await, ["create"]);
}

#[tokio::test]
async fn the_description_that_others_see_carries_the_mark_and_the_status_does_not() {
    let stage = Stage::open().await;
    let job = stage.settle(&Manifest::kafka()).await;
    let remote = stage.simulator.job().await["description"]
        .as_str()
        .unwrap()
        .to_owned();
    let mark = remote.strip_prefix("orders to standby site [rd:").unwrap();
    assert_eq!(mark.len(), 17, "{remote}");
    assert_eq!(
        job["status"]["atProvider"]["description"],
        "orders to standby site"
    );
}
