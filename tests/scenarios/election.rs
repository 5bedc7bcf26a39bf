//! Two replicas: one works, the other waits.
use crate::harness::{Cast, Manifest, Object, Operator, Stage};
use serde_json::json;

const FLAGS: [&str; 1] = ["--lease-duration=4s"];

async fn calls(operator: &Operator) -> bool {
    let (_, metrics) = operator.page("metrics", "/metrics").await;
    metrics.contains("replication_operator_remote_calls_total{")
}

#[tokio::test]
async fn the_second_replica_waits_and_takes_over_from_a_killed_leader() {
    let mut stage = Stage::with(Cast {
        flags: FLAGS.to_vec(),
        ..Cast::default()
    })
    .await;
    stage.settle(&Manifest::kafka()).await;
    let second = stage.another(&FLAGS);
    second.says("waiting for the lease").await;
    stage.settle(&Manifest::dcs()).await;
    let (status, text) = second.page("health", "/readyz").await;
    assert_eq!(status, 200, "a standby is ready to take over: {text}");
    assert!(second.lines("leading").is_empty() && !calls(&second).await);
    let held = stage
        .simulator
        .fault("CreateEventRouterJob", 1, json!({"holdAfter": {}}))
        .await;
    stage.put(&Manifest::rocketmq()).await;
    stage.simulator.until_holding(&held).await;
    stage.operator.kill();
    stage.simulator.mend(&held).await;
    second.says("leading").await;
    stage.until_job("biz-dr", "to be ready", Object::is_ready).await;
    stage
        .settle(&Manifest::kafka().option("compression", json!("zstd")))
        .await;
    let creates = stage
        .simulator
        .writes()
        .await
        .into_iter()
        .filter(|write| write == "create")
        .count();
    assert_eq!((creates, stage.simulator.jobs().await.len()), (3, 3));
}
