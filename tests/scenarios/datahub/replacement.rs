//! What the vendor cannot change in place: told with its price, done when it is declared, and never for ever.
use super::{KIND, count, plain, stage, switched, the_task};
use crate::harness::{Manifest, Object, Stage};
use serde_json::json;

const INDEX: &str = "targetResource.esParam.index";

async fn edit(stage: &Stage, patch: serde_json::Value) {
    stage.edit(plain().name(), json!({ "spec": patch })).await;
}

#[tokio::test]
async fn a_replacement_is_told_with_its_price_and_done_when_it_is_declared() {
    let stage = stage().await;
    let name = plain().name().to_owned();
    let before = stage.settle(&plain()).await;
    for (offset, price) in [("latest", "never delivered"), ("earliest", "delivered again")] {
        let kafka = json!({"topic": "payments", "offsetType": offset});
        edit(
            &stage,
            json!({"forProvider": {"sourceResource": {"kafkaParam": kafka}}}),
        )
        .await;
        let told = |task: &Object| {
            let note = task["status"]["plan"]["note"].as_str().unwrap_or_default();
            note.contains("consumer group") && note.contains(price)
        };
        let task = stage.until_job(&name, "to tell the price", told).await;
        assert!(task.is("Stalled", "True", "ReplacementRequired"), "{task}");
        let message = task.condition("Stalled").message;
        assert!(message.contains("sourceResource.kafkaParam.topic"), "{message}");
    }
    stage.stays_silent(&name).await;
    edit(&stage, json!({"replacePolicy": "Recreate"})).await;
    let after = stage.until_job(&name, "to be ready", Object::is_ready).await;
    assert_ne!(after.id(), before.id());
    let remote = the_task(&stage).await;
    assert_eq!(remote["SourceResource"]["KafkaParam"]["Topic"], "payments");
    assert_eq!(stage.simulator.writes().await, ["create", "delete", "create"]);
    let events = stage.events(&name).await;
    let told = |(reason, note): &(String, String)| reason == "Replacing" && note.contains("delivered again");
    assert!(events.iter().any(told), "{events:?}");
    stage.stays_silent(&name).await;
}

/// Whatever is created, the service never shows the index.
#[tokio::test]
async fn a_task_is_not_replaced_for_what_the_service_never_shows() {
    let mut stage = switched(json!({"unechoed": ["Index"]})).await;
    let name = plain().name().to_owned();
    stage
        .put(&plain().spec(json!({"replacePolicy": "Recreate"})))
        .await;
    let task = stage.until_says(&name, "Synced", "False", "Drifted").await;
    let task = if task.is("Ready", "True", "Running") {
        task
    } else {
        stage.until_says(&name, "Ready", "True", "Running").await
    };
    let message = task.condition("Synced").message;
    assert!(
        message.contains(INDEX) && message.contains("spec.ignoreFields"),
        "{message}"
    );
    assert!(task.is("Stalled", "False", "Progressing"), "{task}");
    stage.stays_silent(&name).await;
    stage.restart_and_look(KIND, &name).await;
    stage.stays_silent(&name).await;
    assert_eq!(stage.simulator.writes().await, ["create"]);
    // What can be changed in place still is.
    edit(&stage, json!({"forProvider": {"syncThrottleLimit": 60}})).await;
    let changed = |task: &Object| task.is("Ready", "True", "Running");
    stage.until_job(&name, "to run again", changed).await;
    assert_eq!(the_task(&stage).await["SyncThrottleLimit"], 60);
    assert_eq!(stage.simulator.writes().await, ["create", "update"]);
    // Another index is another wish, and a reason: once.
    edit(
        &stage,
        json!({"forProvider": {"targetResource": {"esParam": {"index": "orders-2"}}}}),
    )
    .await;
    stage.until_job(&name, "to run again", changed).await;
    assert_eq!(the_task(&stage).await["SyncThrottleLimit"], 60);
    stage.stays_silent(&name).await;
    assert_eq!(count(&stage, "create").await, 2);
    assert_eq!(count(&stage, "delete").await, 1);
    // Whoever lets go of the field is left alone.
    edit(&stage, json!({"ignoreFields": [INDEX]})).await;
    stage.until_job(&name, "to be ready", Object::is_ready).await;
    assert_eq!(count(&stage, "create").await, 2);
}

#[tokio::test]
async fn a_changed_secret_is_a_pending_replacement() {
    let stage = stage().await;
    let mut manifest = Manifest::example("datahubtask-mongodb.yaml");
    stage.settle(&manifest).await;
    manifest.secret["stringData"]["password"] = json!("another-one");
    stage.apply(&manifest.secret).await;
    let task = stage
        .until_says(manifest.name(), "Stalled", "True", "ReplacementRequired")
        .await;
    let message = task.condition("Stalled").message;
    assert!(message.contains("mongoDBParam.passwordSecretRef"), "{message}");
    assert!(!task.to_string().contains("another-one"));
    stage.stays_silent(manifest.name()).await;
    stage
        .edit(manifest.name(), json!({"spec": {"replacePolicy": "Recreate"}}))
        .await;
    stage
        .until_job(manifest.name(), "to be ready", Object::is_ready)
        .await;
    let sent = the_task(&stage).await["secretSha256"].to_string();
    let expected = hex::encode(<sha2::Sha256 as sha2::Digest>::digest("another-one"));
    assert!(sent.contains(&expected), "{sent}");
    assert!(!stage.logs().contains("another-one"));
}
