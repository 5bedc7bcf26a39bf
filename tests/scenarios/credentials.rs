//! Credentials that the cloud refuses, and how they are mended.
use crate::harness::{Manifest, Object, Stage};
use serde_json::json;

const JOBS: [&str; 3] = ["orders-a", "orders-b", "orders-c"];

async fn set_secret_key(stage: &Stage, key: &str) {
    let mut secret = stage.credentials();
    secret["stringData"]["secretKey"] = json!(key);
    stage.apply(&secret).await;
}

/// A further account, with a Secret of its own that holds the same user's key.
async fn set_twin(stage: &Stage, key: &str) {
    let mut secret = stage.credentials();
    secret["metadata"]["name"] = json!("twin");
    secret["stringData"]["secretKey"] = json!(key);
    stage.apply(&secret).await;
    let mut account = stage.account(json!({"credentials": {"secretRef": {"name": "twin"}}}));
    account["metadata"]["name"] = json!("twin");
    stage.apply(&account).await;
}

async fn refusals(stage: &Stage) -> usize {
    stage
        .simulator
        .requests()
        .await
        .iter()
        .filter(|request| request["status"] == 401)
        .count()
}

async fn all_are_stalled(stage: &Stage) {
    for name in JOBS {
        let job = stage
            .until_says(name, "Stalled", "True", "CredentialsRefused")
            .await;
        let message = job.condition("Stalled").message;
        assert!(
            message.contains("Secret") || message.contains("credentials"),
            "{message}"
        );
    }
    let refused = |account: &Object| account.is("Ready", "False", "CredentialsRefused");
    let account = stage
        .until("CloudAccount", "huawei", "to be refused", refused)
        .await;
    assert!(account["status"]["lastError"]["code"].is_string(), "{account}");
}

async fn all_are_ready(stage: &Stage) {
    for name in JOBS {
        stage.until_job(name, "to be ready", Object::is_ready).await;
    }
    let works = |account: &Object| account.is("Ready", "True", "CredentialsWork");
    stage.until("CloudAccount", "huawei", "to work", works).await;
}

#[tokio::test]
async fn a_wrong_key_is_tried_once_by_all_together_and_a_mended_secret_is_enough() {
    let mut stage = Stage::open().await;
    let works = |account: &Object| account.is("Ready", "True", "CredentialsWork");
    stage.until("CloudAccount", "huawei", "to work", works).await;
    set_secret_key(&stage, "wrong-key").await;
    let refused = |account: &Object| account.is("Ready", "False", "CredentialsRefused");
    stage
        .until("CloudAccount", "huawei", "to be refused", refused)
        .await;
    for name in JOBS {
        stage.put(&Manifest::kafka().named(name)).await;
    }
    all_are_stalled(&stage).await;
    for name in JOBS {
        let attempt = |job: &Object| job["status"]["retry"]["attempt"].as_u64();
        let before = attempt(&stage.job(name).await.unwrap());
        stage.ask_to_look(name, "now").await;
        stage
            .until_job(name, "to have tried again", |job| attempt(job) > before)
            .await;
    }
    assert_eq!(refusals(&stage).await, 1);
    let (_, right) = stage.simulator.key();
    set_secret_key(&stage, &right).await;
    all_are_ready(&stage).await;
    assert_eq!(refusals(&stage).await, 1);
    assert!(stage.operator.runs());
}

#[tokio::test]
async fn two_accounts_with_one_wrong_key_try_it_once_and_both_recover() {
    let stage = Stage::open().await;
    set_secret_key(&stage, "wrong-key").await;
    set_twin(&stage, "wrong-key").await;
    let under = |name: &str, account: &str| {
        let account = json!({"accountRef": {"name": account}});
        Manifest::kafka().named(name).spec(account)
    };
    let jobs = [under("orders-a", "huawei"), under("orders-b", "twin")];
    for job in &jobs {
        stage.put(job).await;
    }
    let refused = |object: &Object| object.is("Ready", "False", "CredentialsRefused");
    let works = |object: &Object| object.is("Ready", "True", "CredentialsWork");
    for account in ["huawei", "twin"] {
        stage
            .until("CloudAccount", account, "to be refused", refused)
            .await;
    }
    for job in &jobs {
        stage
            .until_says(job.name(), "Stalled", "True", "CredentialsRefused")
            .await;
    }
    assert_eq!(refusals(&stage).await, 1);
    let (_, right) = stage.simulator.key();
    set_secret_key(&stage, &right).await;
    set_twin(&stage, &right).await;
    for account in ["huawei", "twin"] {
        stage.until("CloudAccount", account, "to work", works).await;
    }
    for job in &jobs {
        stage.until_job(job.name(), "to be ready", Object::is_ready).await;
    }
    assert_eq!(refusals(&stage).await, 1);
}

#[tokio::test]
async fn jobs_outlive_a_key_that_stops_working() {
    let stage = Stage::open().await;
    for name in JOBS {
        stage.settle(&Manifest::kafka().named(name)).await;
    }
    let writes = stage.simulator.writes().await;
    set_secret_key(&stage, "expired-key").await;
    for name in JOBS {
        stage.ask_to_look(name, "now").await;
    }
    all_are_stalled(&stage).await;
    assert_eq!(refusals(&stage).await, 1);
    let (_, right) = stage.simulator.key();
    set_secret_key(&stage, &right).await;
    all_are_ready(&stage).await;
    assert_eq!(stage.simulator.writes().await, writes);
}

#[tokio::test]
async fn a_user_with_a_password_serves_as_well_as_a_key() {
    let stage = Stage::open().await;
    let user = &stage.simulator.world["huawei"]["users"][0];
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "by-password"},
        "stringData": {"userName": user["userName"], "password": user["password"], "domainName": user["domainName"]}});
    stage.apply(&secret).await;
    stage
        .apply(&stage.account(json!({"credentials": {"secretRef": {"name": "by-password"}}})))
        .await;
    stage.settle(&Manifest::kafka()).await;
}
