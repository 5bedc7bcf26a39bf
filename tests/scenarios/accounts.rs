//! Accounts: missing, let in or not, and kept while jobs need them.
use crate::harness::{Cast, Manifest, Object, Plane, Stage, own_plane};
use serde_json::{Value, json};

const IN_USE: &str = "replication.dev/account-in-use";

#[tokio::test]
async fn an_unknown_account_is_named_and_its_coming_is_noticed() {
    let stage = Stage::open().await;
    stage
        .put(&Manifest::kafka().spec(json!({"accountRef": {"name": "later"}})))
        .await;
    let job = stage
        .until_says("orders-dr", "Synced", "Unknown", "AccountNotReady")
        .await;
    let message = job.condition("Synced").message;
    assert!(
        message.contains("later") && message.contains("does not exist"),
        "{message}"
    );
    let mut account = stage.account(json!({}));
    account["metadata"]["name"] = json!("later");
    stage.apply(&account).await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
}

#[tokio::test]
async fn the_secret_of_an_account_may_come_later() {
    let stage = Stage::open().await;
    stage
        .apply(&stage.account(json!({"credentials": {"secretRef": {"name": "later"}}})))
        .await;
    stage.put(&Manifest::kafka()).await;
    let job = stage
        .until_says("orders-dr", "Synced", "Unknown", "SecretNotFound")
        .await;
    assert!(job.condition("Synced").message.contains("later"), "{job}");
    let unready = |account: &Object| account.is("Ready", "False", "SecretNotFound");
    stage
        .until("CloudAccount", "huawei", "to miss its Secret", unready)
        .await;
    let mut secret = stage.credentials();
    secret["metadata"]["name"] = json!("later");
    stage.apply(&secret).await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
}

#[tokio::test]
async fn an_account_and_its_secret_stay_until_the_last_job_is_gone() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let held = |object: &Object| object.is_held_by(IN_USE);
    for (kind, name) in [("CloudAccount", "huawei"), ("Secret", "huawei")] {
        stage.until(kind, name, "to be held", held).await;
        stage.cluster.delete(kind, &stage.namespace, name).await;
    }
    stage.look("orders-dr").await;
    stage
        .until("CloudAccount", "huawei", "to be held still", held)
        .await;
    stage.until("Secret", "huawei", "to be held still", held).await;
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    stage.until_gone("CloudAccount", "huawei").await;
    stage.until_gone("Secret", "huawei").await;
    assert!(stage.simulator.jobs().await.is_empty());
}

#[tokio::test]
async fn an_account_that_nobody_uses_any_more_is_let_go() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    let free = |object: &Object| !object.is_held_by(IN_USE);
    stage.until("CloudAccount", "huawei", "to be let go", free).await;
    stage.until("Secret", "huawei", "to be let go", free).await;
}

/// It has no finalizer, so that nothing but its disappearance tells that it is gone.
#[tokio::test]
async fn an_account_is_let_go_when_an_object_is_gone_that_never_wrote() {
    let stage = Stage::open().await;
    let manifest = Manifest::kafka().spec(json!({"managementPolicy": "DetectOnly"}));
    stage.put(&manifest).await;
    let held = |object: &Object| object.is_held_by(IN_USE);
    stage.until("CloudAccount", "huawei", "to be held", held).await;
    stage.delete(manifest.name()).await;
    stage.until_gone("EventRouterJob", manifest.name()).await;
    let free = |object: &Object| !object.is_held_by(IN_USE);
    stage.until("CloudAccount", "huawei", "to be let go", free).await;
    stage.until("Secret", "huawei", "to be let go", free).await;
}

#[tokio::test]
async fn a_namespace_is_deleted_with_all_that_is_in_it_and_its_remote_jobs() {
    // Its lease and its roles would go with the namespace.
    let stage = Stage::with(Cast {
        cluster_wide: true,
        ..Cast::default()
    })
    .await;
    stage.settle(&Manifest::kafka()).await;
    stage.settle(&Manifest::dcs()).await;
    stage.cluster.delete("Namespace", "", &stage.namespace).await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    stage.until_gone("EventRouterJob", "sessions-dr").await;
    stage.until_gone("CloudAccount", "huawei").await;
    assert!(stage.simulator.jobs().await.is_empty());
}

/// A cluster-wide account, which every operator of the plane sees and which therefore needs a plane of its own.
async fn cluster_account(stage: &Stage, allowed: Value) -> String {
    let mut account = stage.account(json!({"allowedNamespaces": allowed}));
    account["kind"] = json!("ClusterCloudAccount");
    account["metadata"]["name"] = json!(stage.namespace);
    account["spec"]["credentials"]["secretRef"]["namespace"] = json!(stage.namespace);
    stage.cluster.apply("", &account).await.unwrap();
    stage.namespace.clone()
}

fn under(account: &str) -> Manifest {
    Manifest::kafka().spec(json!({"accountRef": {"kind": "ClusterCloudAccount", "name": account}}))
}

#[tokio::test]
async fn a_cluster_wide_account_lets_in_by_name_and_nobody_else() {
    let plane = own_plane().await;
    let stage = Stage::on(Plane::of(&plane), Cast::default()).await;
    let account = cluster_account(&stage, json!({"names": ["elsewhere"]})).await;
    stage.put(&under(&account)).await;
    let job = stage
        .until_says("orders-dr", "Synced", "Unknown", "AccountNotReady")
        .await;
    assert!(
        job.condition("Synced").message.contains("allowedNamespaces"),
        "{job}"
    );
    assert!(stage.simulator.writes().await.is_empty());
    cluster_account(&stage, json!({"names": ["elsewhere", stage.namespace]})).await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
}

#[tokio::test]
async fn a_cluster_wide_account_lets_in_by_label() {
    let plane = own_plane().await;
    let stage = Stage::on(Plane::of(&plane), Cast::default()).await;
    let labels = json!({"metadata": {"labels": {"replication": stage.namespace}}});
    stage
        .cluster
        .patch("Namespace", "", &stage.namespace, &labels)
        .await;
    let selector = json!({"selector": {"matchLabels": {"replication": stage.namespace}}});
    let account = cluster_account(&stage, selector).await;
    stage.settle(&under(&account)).await;
}

#[tokio::test]
async fn two_releases_do_not_take_a_shared_account_from_each_other() {
    let plane = own_plane().await;
    let first = Stage::on(Plane::of(&plane), Cast::default()).await;
    let second = Stage::on(Plane::of(&plane), Cast::default()).await;
    let account = cluster_account(&first, json!({"names": [first.namespace]})).await;
    first.settle(&under(&account)).await;
    let held = async || {
        first
            .cluster
            .get("ClusterCloudAccount", "", &account)
            .await
            .unwrap()
    };
    let before = held().await;
    assert!(before.is_held_by(IN_USE), "{before}");
    second.settle(&Manifest::kafka()).await;
    second
        .cluster
        .patch(
            "ClusterCloudAccount",
            "",
            &account,
            &json!({"metadata": {"labels": {"a": "b"}}}),
        )
        .await;
    second.settle(&Manifest::dcs()).await;
    second.look("sessions-dr").await;
    let after = held().await;
    assert_eq!(after["metadata"]["finalizers"], before["metadata"]["finalizers"]);
}
