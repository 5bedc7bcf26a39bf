//! The process: how it ends, what it tells about itself, and that a rest costs nothing.
use crate::harness::{Cast, Manifest, Object, Stage};
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn sigterm_in_the_middle_of_a_create_ends_it_in_time_and_the_job_is_one() {
    let mut stage = Stage::open().await;
    let held = stage
        .simulator
        .fault("CreateEventRouterJob", 1, json!({"delay": {"ms": 1000}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    stage.simulator.until_hits(&held, 1).await;
    let asked = Instant::now();
    let status = stage.operator.terminate().await;
    assert_eq!(status.code(), Some(0), "{}", stage.operator.log());
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "it took {:?}",
        asked.elapsed()
    );
    let made = stage.simulator.job().await["job_id"].as_str().unwrap().to_owned();
    stage.restart();
    let job = stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert_eq!(job.id(), made, "{job}");
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn a_given_back_lease_is_taken_at_once() {
    let mut stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    stage.operator.terminate().await;
    let asked = Instant::now();
    stage.restart();
    stage.operator.says("leading").await;
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "it took {:?}",
        asked.elapsed()
    );
}

#[tokio::test]
async fn probes_and_metrics_tell_how_it_is() {
    let stage = Stage::open().await;
    stage.settle(&Manifest::kafka()).await;
    let (status, ready) = stage.operator.page("health", "/readyz").await;
    assert_eq!(status, 200, "{ready}");
    assert_eq!(stage.operator.page("health", "/livez").await.0, 200);
    let (status, metrics) = stage.operator.page("metrics", "/metrics").await;
    assert_eq!(status, 200);
    for part in [
        "replication_operator_leader 1",
        "replication_operator_remote_calls_total{service=\"eg\",operation=\"CreateEventRouterJob\",fault=\"None\"} 1",
        "replication_operator_reconciles_total{kind=\"eventrouterjob\",outcome=\"ok\"}",
    ] {
        assert!(metrics.contains(part), "{part} is not in:\n{metrics}");
    }
    assert!(!metrics.contains("orders-dr"), "names are no labels");
}

#[tokio::test]
async fn a_restart_with_nothing_to_do_writes_nothing_anywhere() {
    let flags = vec!["--leader-elect=false"];
    let mut stage = Stage::with(Cast {
        flags,
        ..Cast::default()
    })
    .await;
    for manifest in [Manifest::kafka(), Manifest::rocketmq(), Manifest::dcs()] {
        stage.settle(&manifest).await;
        // Its first single read brings progress, which is news.
        stage.look(manifest.name()).await;
    }
    let before = versions(&stage).await;
    let writes = stage.simulator.writes().await;
    let calls = stage.simulator.requests().await.len();
    stage.restart();
    stage.simulator.until_called(calls, "ShowEventRouterJob", 3).await;
    let passed = async || {
        let (_, metrics) = stage.operator.page("metrics", "/metrics").await;
        let line = "replication_operator_reconciles_total{kind=\"eventrouterjob\",outcome=\"ok\"} ";
        let count = metrics
            .lines()
            .find_map(|l| l.strip_prefix(line))
            .unwrap_or("0")
            .to_owned();
        if count.parse::<u32>().unwrap() >= 3 {
            Ok(())
        } else {
            Err(count)
        }
    };
    crate::harness::until("three passes", crate::harness::PATIENCE, passed).await;
    assert_eq!(versions(&stage).await, before);
    assert_eq!(stage.simulator.writes().await, writes);
}

async fn versions(stage: &Stage) -> Vec<(String, String)> {
    let mut versions = vec![];
    for kind in ["EventRouterJob", "CloudAccount"] {
        for object in stage.cluster.list(kind, &stage.namespace).await {
            let text = |field: &str| object["metadata"][field].as_str().unwrap().to_owned();
            versions.push((text("name"), text("resourceVersion")));
        }
    }
    versions
}
