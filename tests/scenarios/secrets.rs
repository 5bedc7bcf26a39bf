//! Values of Secrets: pushed when they change, and shown nowhere.
use crate::harness::{Cast, Manifest, Object, Stage, password_digest};
use serde_json::json;
use sha2::{Digest, Sha256};

fn with_password(manifest: &Manifest, password: &str) -> Manifest {
    let mut manifest = manifest.clone();
    for (_, value) in manifest.secret["stringData"].as_object_mut().unwrap() {
        *value = json!(password);
    }
    manifest
}

async fn holds(stage: &Stage, password: &str) -> bool {
    password_digest(&stage.simulator.job().await, "source") == hex::encode(Sha256::digest(password))
}

async fn rotates(manifest: &Manifest) {
    let stage = Stage::open().await;
    stage.settle(&with_password(manifest, "first")).await;
    assert!(holds(&stage, "first").await, "{:#}", stage.simulator.job().await);
    stage.apply(&with_password(manifest, "second").secret).await;
    stage.simulator.until_written("update").await;
    stage
        .until_job(manifest.name(), "to be ready", Object::is_ready)
        .await;
    assert!(holds(&stage, "second").await);
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
    stage.stays_silent(manifest.name()).await;
}

#[tokio::test]
async fn a_changed_kafka_password_is_pushed() {
    rotates(&Manifest::kafka()).await;
}

#[tokio::test]
async fn a_changed_dcs_password_is_pushed() {
    rotates(&Manifest::dcs()).await;
}

#[tokio::test]
async fn a_secret_that_changes_beside_its_value_is_no_change() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let mut secret = Manifest::kafka().secret;
    secret["metadata"]["labels"] = json!({"touched": "yes"});
    secret["stringData"]["other"] = json!("value");
    stage.apply(&secret).await;
    stage.stays_silent("orders-dr").await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn a_value_that_changed_while_the_operator_was_away_is_pushed() {
    let mut stage = Stage::with(Cast {
        flags: vec!["--leader-elect=false"],
        ..Cast::default()
    })
    .await;
    stage.settle(&with_password(&Manifest::kafka(), "first")).await;
    stage.operator.kill();
    stage
        .apply(&with_password(&Manifest::kafka(), "second").secret)
        .await;
    stage.restart();
    stage.simulator.until_written("update").await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert!(holds(&stage, "second").await);
}

#[tokio::test]
async fn a_missing_secret_is_named_and_its_coming_is_noticed() {
    let stage = Stage::open().await;
    let manifest = Manifest::kafka();
    stage.apply(&manifest.job).await;
    let job = stage
        .until_says("orders-dr", "Synced", "Unknown", "SecretNotFound")
        .await;
    let message = job.condition("Synced").message;
    assert!(
        message.contains("source.kafka.passwordSecretRef") && message.contains("orders-kafka"),
        "{message}"
    );
    let mut wrong = manifest.secret.clone();
    wrong["stringData"] = json!({"other": "value"});
    stage.apply(&wrong).await;
    let lacks_key = |job: &Object| job.condition("Synced").message.contains("no key password");
    stage.until_job("orders-dr", "to miss the key", lacks_key).await;
    assert!(stage.simulator.writes().await.is_empty());
    stage.settle(&manifest).await;
}

#[tokio::test]
async fn no_secret_value_is_ever_shown() {
    let world = json!({"switches": {"eventGrid": {"passwordEcho": "echo"}}});
    let flags = vec![
        "--log-filter=debug,replication_operator=trace",
        "--request-timeout=1s",
        "--settle-window=4s",
    ];
    let stage = Stage::with(Cast {
        flags,
        world,
        ..Cast::default()
    })
    .await;
    let password = "hunter2-is-not-a-password";
    trouble(&stage, password).await;
    stage.settle(&with_password(&Manifest::kafka(), password)).await;
    stage
        .settle(&with_password(
            &Manifest::kafka().option("compression", json!("zstd")),
            password,
        ))
        .await;
    let (_, key) = stage.simulator.key();
    let mut wrong = stage.credentials();
    wrong["stringData"]["secretKey"] = json!("wrong-secret-key");
    stage.apply(&wrong).await;
    stage
        .until_says("orders-dr", "Stalled", "True", "CredentialsRefused")
        .await;
    let shown = everything_shown(&stage).await;
    for value in [password, key.as_str(), "wrong-secret-key"] {
        let at = shown.find(value).map(|at| &shown[at.saturating_sub(300)..at]);
        assert_eq!(at, None, "a secret value follows");
    }
}

/// Faults of every sort, some of which quote what they were sent.
async fn trouble(stage: &Stage, password: &str) {
    let quote = json!({"error": {"status": 500, "code": "EG.00015000", "message": format!("bad password {password}")}});
    for operation in [
        "CreateEventRouterJob",
        "ExecuteEventRouterJobOperation",
        "UpdateEventRouterJob",
    ] {
        for effect in [
            json!({"status": {"code": 503}}),
            json!({"throttle": {"retryAfter": 1}}),
            json!({"dropAfterEffect": {}}),
        ] {
            stage.simulator.fault(operation, 1, effect).await;
        }
    }
    for operation in ["CreateEventRouterJob", "UpdateEventRouterJob"] {
        stage.simulator.fault(operation, 1, quote.clone()).await;
    }
}

async fn everything_shown(stage: &Stage) -> String {
    let mut shown = stage.logs();
    for kind in ["EventRouterJob", "CloudAccount", "Event"] {
        for object in stage.cluster.list(kind, &stage.namespace).await {
            shown.push_str(&object.0.to_string());
        }
    }
    let (_, metrics) = stage.operator.page("metrics", "/metrics").await;
    shown + &metrics
}
