//! Manifests that cannot work: each is refused at the right place, in words that say what to do.
use crate::harness::{Manifest, Stage};
use serde_json::json;

async fn refusal(stage: &Stage, manifest: Manifest) -> String {
    stage
        .cluster
        .apply(&stage.namespace, &manifest.job)
        .await
        .expect_err("it should be refused")
}

#[tokio::test]
async fn a_misspelt_field_is_refused_at_once() {
    let stage = Stage::open().await;
    let text = refusal(&stage, Manifest::kafka().provider(json!({"clusterID": "x"}))).await;
    assert!(text.contains("clusterID"), "{text}");
}

#[tokio::test]
async fn a_word_that_does_not_exist_is_refused_with_those_that_do() {
    let stage = Stage::open().await;
    let text = refusal(&stage, Manifest::kafka().option("compression", json!("brotli"))).await;
    assert!(text.contains("brotli") && text.contains("zstd"), "{text}");
}

#[tokio::test]
async fn contradictory_fields_are_refused_with_a_fix() {
    let stage = Stage::open().await;
    let text = refusal(&stage, Manifest::kafka().option("topicRegex", json!(".*"))).await;
    assert!(
        text.contains("needs exactly one of topics and topicRegex"),
        "{text}"
    );
}

#[tokio::test]
async fn a_short_interval_and_another_account_are_refused() {
    let stage = Stage::open().await;
    let text = refusal(&stage, Manifest::kafka().spec(json!({"syncInterval": "5s"}))).await;
    assert!(text.contains("30s or more"), "{text}");
    stage.put(&Manifest::kafka()).await;
    let text = refusal(
        &stage,
        Manifest::kafka().spec(json!({"accountRef": {"name": "other"}})),
    )
    .await;
    assert!(text.contains("accountRef cannot be changed"), "{text}");
}

#[tokio::test]
async fn what_only_the_cloud_can_refuse_is_shown_with_its_code_and_request_id() {
    let stage = Stage::open().await;
    let unknown = Manifest::kafka().provider(json!({"clusterId": "00000000-0000-0000-0000-000000000000"}));
    stage.put(&unknown).await;
    let refused = |job: &crate::harness::Object| job["status"]["lastError"]["requestId"].is_string();
    let job = stage.until_job("orders-dr", "to show the refusal", refused).await;
    assert_eq!(
        job["status"]["lastError"]["operation"], "CreateEventRouterJob",
        "{job}"
    );
    assert!(job["status"]["lastError"]["code"].is_string(), "{job}");
    assert!(job.condition("Synced").status != "True", "{job}");
    stage.settle(&Manifest::kafka()).await;
}

#[tokio::test]
async fn a_rejected_request_stalls_and_a_changed_spec_tries_again() {
    let stage = Stage::open().await;
    let refusal =
        json!({"error": {"status": 400, "code": "EG.00513000", "message": "replica_cnt is too large"}});
    let refused = stage.simulator.fault("CreateEventRouterJob", 0, refusal).await;
    stage.put(&Manifest::kafka()).await;
    let job = stage.until_says("orders-dr", "Stalled", "True", "Rejected").await;
    let message = job.condition("Stalled").message;
    assert!(message.contains("replica_cnt is too large"), "{message}");
    assert_eq!(job["status"]["lastError"]["code"], "EG.00513000", "{job}");
    stage.simulator.mend(&refused).await;
    stage
        .settle(&Manifest::kafka().option("replicaCount", json!(1)))
        .await;
    assert_eq!(stage.simulator.jobs().await.len(), 1);
}

#[tokio::test]
async fn kubectl_refuses_an_unknown_field_and_waits_for_ready() {
    let stage = Stage::open().await;
    let mut wrong = Manifest::kafka().job;
    wrong["spec"]["forProvider"]["topic"] = json!("orders");
    let (ok, text) = stage.kubectl(&["apply", "--server-side", "-f", "-"], &wrong);
    assert!(!ok && text.contains("spec.forProvider.topic"), "{text}");
    stage.put(&Manifest::kafka()).await;
    let wait = [
        "wait",
        "--for=condition=Ready",
        "--timeout=60s",
        "eventrouterjob/orders-dr",
    ];
    let (ok, text) = stage.kubectl(&wait, &json!({}));
    assert!(ok, "{text}");
    let (_, table) = stage.kubectl(&["get", "replication"], &json!({}));
    assert!(
        table.contains("orders-dr") && table.contains("RUNNING") && table.contains("huawei"),
        "{table}"
    );
}
