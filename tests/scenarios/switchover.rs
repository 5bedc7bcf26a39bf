//! A job that was switched over to its other site is not drift.
use crate::harness::{Manifest, Object, Stage};
use serde_json::{Value, json};

/// The manifest with its ends exchanged.
fn exchanged(manifest: &Manifest) -> Manifest {
    let mut manifest = manifest.clone();
    let spec = manifest.job["spec"]["forProvider"].as_object_mut().unwrap();
    let (source, sink) = (spec["source"].clone(), spec["sink"].clone());
    spec.insert("source".into(), sink);
    spec.insert("sink".into(), source);
    manifest
}

/// Someone switches the job over.
async fn switch(stage: &Stage) {
    let source = Manifest::remote("")["source_config"]["source_kafka"].clone();
    let sink = Manifest::remote("")["sink_config"]["sink_kafka"].clone();
    let cleared = |end: &Value| {
        let mut end = end.clone();
        for field in ["sasl_mechanism", "user_name", "password"] {
            let fields = end.as_object_mut().unwrap();
            fields.entry(field).or_insert(json!(""));
        }
        end
    };
    let patch = json!({"source_config": {"source_kafka": cleared(&sink)},
        "sink_config": {"sink_kafka": cleared(&source)}});
    let id = stage.simulator.job().await["job_id"].as_str().unwrap().to_owned();
    stage.simulator.edit(&id, patch).await;
}

#[tokio::test]
async fn a_switched_job_is_left_alone_until_the_manifest_follows() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    switch(&stage).await;
    stage.look("orders-dr").await;
    let job = stage.until_says("orders-dr", "Synced", "True", "Switched").await;
    assert_eq!(job.condition("Ready").status, "True", "{job}");
    stage.stays_silent("orders-dr").await;
    let job = stage.settle(&exchanged(&Manifest::kafka())).await;
    assert!(job.is("Ready", "True", "Running"), "{job}");
    stage.stays_silent("orders-dr").await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn other_changes_of_a_switched_job_wait_too() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    switch(&stage).await;
    stage.look("orders-dr").await;
    stage.until_says("orders-dr", "Synced", "True", "Switched").await;
    stage
        .put(&Manifest::kafka().option("compression", json!("zstd")))
        .await;
    let shown = |job: &Object| job["status"]["observedGeneration"] == 2;
    stage.until_job("orders-dr", "to be looked at", shown).await;
    stage.stays_silent("orders-dr").await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}
