//! Both sides of the operator going away, and objects that an older API server let in.
use crate::harness::{Cast, Cluster, Manifest, Object, PATIENCE, Plane, Stage, own_plane, until};
use serde_json::{Value, json};

#[tokio::test]
async fn the_operator_outlives_a_restart_of_the_api_server() {
    let mut plane = own_plane().await;
    let mut stage = Stage::on(Plane::of(&plane), Cast::default()).await;
    let job = stage.settle(&Manifest::kafka()).await;
    stage.expect_denials();
    plane.stop_apiserver();
    let patch = json!({"advance_config": {"kafka2kafka": {"compress_alg": "gzip"}}});
    stage.simulator.edit(&job.id(), patch).await;
    plane.start_apiserver().await.unwrap();
    stage.look("orders-dr").await;
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    stage.settle(&Manifest::dcs()).await;
    assert!(stage.operator.runs());
    let (status, text) = stage.operator.page("health", "/readyz").await;
    assert_eq!(status, 200, "{text}");
    let writes = stage.simulator.writes_to(&job.id()).await;
    assert_eq!(writes, ["start", "stop", "update", "start"]);
}

#[tokio::test]
async fn an_api_server_that_goes_away_between_claim_and_status_costs_no_second_job() {
    let mut plane = own_plane().await;
    let flags = vec!["--lease-duration=30s"];
    let mut stage = Stage::on(
        Plane::of(&plane),
        Cast {
            flags,
            ..Cast::default()
        },
    )
    .await;
    let held = stage
        .simulator
        .fault("CreateEventRouterJob", 1, json!({"holdAfter": {}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    stage.simulator.until_holding(&held).await;
    stage.expect_denials();
    plane.stop_apiserver();
    stage.simulator.mend(&held).await;
    plane.start_apiserver().await.unwrap();
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn an_object_that_breaks_a_newer_rule_says_so_and_can_be_deleted() {
    let plane = own_plane().await;
    let stage = Stage::on(Plane::of(&plane), Cast::default()).await;
    stage.settle(&Manifest::kafka()).await;
    without_rules(&stage.cluster).await;
    let both = Manifest::kafka().provider(json!({"source": {"dcs": {"region": "r", "projectId": "p",
        "instanceId": "i", "configType": "CLOUD"}}}));
    until(
        "the definition without its rules to be served",
        PATIENCE,
        async || stage.cluster.apply(&stage.namespace, &both.job).await,
    )
    .await;
    let job = stage
        .until_says("orders-dr", "Stalled", "True", "InvalidSpec")
        .await;
    assert!(
        job.condition("Stalled")
            .message
            .contains("spec.forProvider.source"),
        "{job}"
    );
    stage.delete("orders-dr").await;
    stage.until_gone("EventRouterJob", "orders-dr").await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "delete"]
    );
}

/// Takes every rule out of the definition, as if it were older.
async fn without_rules(cluster: &Cluster) {
    let name = "eventrouterjobs.replication.dev";
    let mut definition = cluster.get("CustomResourceDefinition", "", name).await.unwrap().0;
    strip(&mut definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]);
    let patch = json!({"spec": {"versions": definition["spec"]["versions"]}});
    cluster.patch("CustomResourceDefinition", "", name, &patch).await;
}

fn strip(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.remove("x-kubernetes-validations");
            fields.values_mut().for_each(strip);
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

#[tokio::test]
async fn a_cloud_that_answers_503_for_a_while_is_waited_for() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let mut outage = vec![];
    for operation in [
        "ListEventRouterJobs",
        "ShowEventRouterJob",
        "CreateEventRouterJob",
    ] {
        outage.push(
            stage
                .simulator
                .fault(operation, 0, json!({"status": {"code": 503}}))
                .await,
        );
    }
    stage
        .put(&Manifest::kafka().option("compression", json!("zstd")))
        .await;
    let job = stage
        .until_says("orders-dr", "Synced", "Unknown", "RemoteError")
        .await;
    assert!(
        job.is("Stalled", "False", "Progressing") && job.is("Ready", "True", "Running"),
        "{job}"
    );
    assert!(job["status"]["retry"]["nextRetryTime"].is_string(), "{job}");
    for fault in outage {
        stage.simulator.mend(&fault).await;
    }
    stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update", "start"]
    );
}
