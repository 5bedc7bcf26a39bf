//! Throttling, and the pace that an account sets.
use crate::harness::{Cast, Manifest, Object, Stage, time};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const JOBS: usize = 6;

async fn all_settle(stage: &Stage) {
    let names: Vec<String> = (0..JOBS).map(|n| format!("orders-{n}")).collect();
    for name in &names {
        stage.put(&Manifest::kafka().named(name)).await;
    }
    for name in &names {
        stage.until_job(name, "to be ready", Object::is_ready).await;
    }
    assert_eq!(stage.simulator.jobs().await.len(), JOBS);
}

#[tokio::test]
async fn a_storm_of_429_passes_and_every_job_settles() {
    let stage = Stage::open().await;
    // Without a hint a bucket rests for five seconds first, and twice as long with every complaint in a row.
    for (operation, count, retry) in [
        ("ListEventRouterJobs", 4, json!({"retryAfter": 1})),
        ("CreateEventRouterJob", 1, json!({})),
        ("CreateEventRouterJob", 4, json!({"retryAfter": 1})),
        ("ExecuteEventRouterJobOperation", 1, json!({})),
        ("ShowEventRouterJob", 2, json!({"retryAfter": 2})),
    ] {
        stage
            .simulator
            .fault(operation, count, json!({"throttle": retry}))
            .await;
    }
    all_settle(&stage).await;
    let requests = stage.simulator.requests().await;
    let done = |word: &str| {
        requests
            .iter()
            .filter(|r| r["operation"] == word && r["status"] == 200)
            .count()
    };
    assert_eq!(done("CreateEventRouterJob"), JOBS);
    assert_eq!(done("ExecuteEventRouterJobOperation"), JOBS);
}

#[tokio::test]
async fn a_throttled_job_says_so_and_is_not_stalled() {
    let stage = Stage::open().await;
    let storm = stage
        .simulator
        .fault("ListEventRouterJobs", 0, json!({"throttle": {"retryAfter": 3}}))
        .await;
    stage.put(&Manifest::kafka()).await;
    let job = stage
        .until_says("orders-dr", "Synced", "Unknown", "Throttled")
        .await;
    assert!(job.is("Stalled", "False", "Progressing"), "{job}");
    assert_eq!(job["status"]["lastError"]["code"], "APIGW.0308", "{job}");
    assert!(job["status"]["lastError"]["requestId"].is_string(), "{job}");
    stage.simulator.mend(&storm).await;
    let job = stage
        .until_job("orders-dr", "to be ready", Object::is_ready)
        .await;
    assert!(job["status"].get("lastError").is_none(), "{job}");
}

#[tokio::test]
async fn no_operation_is_called_above_the_accounts_pace() {
    let (rate, burst) = (3.0, 2.0);
    let account = json!({"rateLimit": {"eg": {"requestsPerSecond": rate, "burst": burst}}});
    let stage = Stage::with(Cast {
        account,
        ..Cast::default()
    })
    .await;
    all_settle(&stage).await;
    keeps_pace(&stage.simulator.requests().await, rate, burst);
}

#[tokio::test]
async fn two_accounts_with_one_credential_keep_one_pace_the_lower_one() {
    let (rate, burst) = (3.0, 2.0);
    let stage = Stage::open().await;
    let mut slow = stage.account(json!({"rateLimit": {"eg": {"requestsPerSecond": rate, "burst": burst}}}));
    slow["metadata"]["name"] = json!("slow");
    stage.apply(&slow).await;
    let works = |account: &Object| account.is("Ready", "True", "CredentialsWork");
    stage.until("CloudAccount", "slow", "to work", works).await;
    let before = stage.simulator.requests().await.len();
    let names: Vec<String> = (0..JOBS).map(|n| format!("orders-{n}")).collect();
    for (name, account) in names.iter().zip(["huawei", "slow"].into_iter().cycle()) {
        let account = json!({"accountRef": {"name": account}});
        stage.put(&Manifest::kafka().named(name).spec(account)).await;
    }
    for name in &names {
        stage.until_job(name, "to be ready", Object::is_ready).await;
    }
    let requests = stage.simulator.requests().await.split_off(before);
    keeps_pace(&requests, rate, burst);
}

fn keeps_pace(requests: &[Value], rate: f64, burst: f64) {
    let operations: BTreeSet<String> = requests
        .iter()
        .filter_map(|r| r["operation"].as_str())
        .map(str::to_owned)
        .collect();
    for operation in operations.iter().filter(|name| name.contains("EventRouter")) {
        let times = times(requests, operation);
        for (first, from) in times.iter().enumerate() {
            for (last, to) in times.iter().enumerate().skip(first) {
                // A request may be logged a little later than it was sent.
                let allowed = burst + rate * (to - from + 0.35);
                let made = count(last - first + 1);
                assert!(
                    made <= allowed.max(burst + 1.0),
                    "{operation}: {made} calls within {} s",
                    to - from
                );
            }
        }
    }
}

/// When an operation was called, in seconds.
fn times(requests: &[Value], operation: &str) -> Vec<f64> {
    let of = |request: &&Value| request["operation"] == operation;
    let mut times: Vec<i64> = requests
        .iter()
        .filter(of)
        .map(|r| time(r).as_millisecond())
        .collect();
    times.sort_unstable();
    let first = times.first().copied().unwrap_or_default();
    times
        .iter()
        .map(|t| f64::from(i32::try_from(t - first).unwrap()) / 1000.0)
        .collect()
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

#[tokio::test]
async fn jobs_at_rest_share_one_list_and_cost_nothing_else() {
    let stage = Stage::open().await;
    all_settle(&stage).await;
    let before = stage.simulator.requests().await.len();
    for n in 0..JOBS {
        stage.look(&format!("orders-{n}")).await;
    }
    let requests = stage.simulator.requests().await.split_off(before);
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for request in &requests {
        *calls
            .entry(request["operation"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    let shows = calls.get("ShowEventRouterJob").copied().unwrap_or_default();
    assert!(shows <= 2 * JOBS, "{calls:?}");
    assert!(stage.simulator.writes().await.len() == 2 * JOBS);
}
