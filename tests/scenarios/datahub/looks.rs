//! What looks cost and tell: one list for all tasks, details where they are due, and never more than the vendor allows.
use super::{CREATE, DESCRIBE, LIST, cast, plain, simple, stage, switched, tasks};
use crate::harness::{Cast, Object, Stage, time};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// As many tasks as an account may have.
const QUOTA: usize = 150;
/// What the vendor lets through of one action in a second.
const ALLOWED: usize = 20;

#[tokio::test]
async fn what_the_vendor_tells_of_a_creation_is_shown() {
    let stage = switched(json!({"listSteps": true})).await;
    let stuck = stage.simulator.fault(CREATE, 1, json!({"stuck": {}})).await;
    stage.put(&simple()).await;
    let steps = json!([
        "WAIT_CREATE_PRIVATELINK",
        "WAIT_CONNECT_PORT",
        "WAIT_CONNECT_RESOURCE"
    ]);
    let last = |task: &Object| task["status"]["progress"]["steps"] == steps;
    let task = stage.until_job(simple().name(), "to show the steps", last).await;
    assert_eq!(task["status"]["state"], "CREATING", "{task}");
    assert_eq!(
        task["status"]["progress"]["step"], "WAIT_CONNECT_RESOURCE",
        "{task}"
    );
    assert!(task["status"]["progress"]["percent"].is_number(), "{task}");
    assert!(task.is("Ready", "False", "Creating"), "{task}");
    stage.simulator.mend(&stuck).await;
    let made = |task: &Object| task.is_ready() && task["status"]["progress"]["step"] == "FINISH";
    stage.until_job(simple().name(), "to be made", made).await;
}

/// One task is looked at often, the others once an hour: they share its list, and cost nothing until their row changes.
#[tokio::test]
async fn details_are_read_where_a_row_changed() {
    let stage = stage().await;
    let often = simple().named("often").spec(json!({"syncInterval": "30s"}));
    stage.settle(&often).await;
    for number in 0..5 {
        let seldom = simple()
            .named(&format!("seldom-{number}"))
            .spec(json!({"syncInterval": "1h"}));
        stage.settle(&seldom).await;
    }
    let before = stage.simulator.requests().await.len();
    stage.simulator.until_called(before, LIST, 2).await;
    let since = stage.simulator.requests().await.split_off(before);
    let details = since.iter().filter(|r| r["operation"] == DESCRIBE).count();
    assert!(
        details <= 3,
        "{details} details for one task that was due: {since:#?}"
    );
    let hours = stage.job("seldom-3").await.unwrap();
    stage.simulator.edit(&hours.id(), json!({"Status": 6})).await;
    stage.simulator.until_written("resume").await;
    stage
        .until_job("seldom-3", "to run again", Object::is_ready)
        .await;
    let writes = stage.simulator.writes().await;
    assert_eq!(
        writes
            .iter()
            .filter(|write| *write != "create")
            .collect::<Vec<_>>(),
        ["resume"]
    );
}

#[tokio::test]
async fn a_wrong_clock_is_called_that_and_trips_nothing() {
    let stage = stage().await;
    stage.settle(&simple()).await;
    let wrong =
        json!({"error": {"status": 200, "code": "AuthFailure.SignatureExpire", "message": "expired"}});
    let fault = stage.simulator.fault(DESCRIBE, 0, wrong).await;
    stage.ask_to_look(simple().name(), "now").await;
    let task = stage
        .until_says(simple().name(), "Synced", "Unknown", "RemoteError")
        .await;
    let message = task.condition("Synced").message;
    assert!(message.contains("clock"), "{message}");
    assert_eq!(
        task["status"]["lastError"]["code"], "AuthFailure.SignatureExpire",
        "{task}"
    );
    assert!(task["status"]["lastError"]["requestId"].is_string(), "{task}");
    assert!(task.is("Stalled", "False", "Progressing"), "{task}");
    let account = stage.object("CloudAccount", "tencent").await;
    assert_eq!(account.condition("Ready").status, "True", "{account}");
    stage.simulator.mend(&fault).await;
    stage
        .until_job(simple().name(), "to be ready", Object::is_ready)
        .await;
}

/// A full account, made at once: no second sees more calls of an action than the vendor lets through, and one task more
/// is told why it is not made.
#[tokio::test]
async fn a_full_account_is_made_within_the_vendors_pace() {
    let stage = Stage::with(Cast {
        flags: vec!["--concurrency=16"],
        ..cast()
    })
    .await;
    for number in 0..QUOTA {
        stage.put(&plain().named(&format!("orders-{number}"))).await;
    }
    for number in 0..QUOTA {
        let name = format!("orders-{number}");
        stage.until_job(&name, "to be ready", Object::is_ready).await;
    }
    assert_eq!(tasks(&stage).await.len(), QUOTA);
    let requests = stage.simulator.requests().await;
    let refused = |r: &&Value| r["errorCode"] == "RequestLimitExceeded";
    assert_eq!(requests.iter().filter(refused).count(), 0);
    let busiest = busiest_seconds(&requests);
    assert!(busiest.contains_key(CREATE), "{busiest:?}");
    for (action, calls) in busiest {
        assert!(calls <= ALLOWED, "{action}: {calls} calls in one second");
    }
    stage.put(&plain().named("one-more")).await;
    let task = stage
        .until_says("one-more", "Stalled", "True", "QuotaExceeded")
        .await;
    assert_eq!(task["status"]["lastError"]["code"], "LimitExceeded", "{task}");
    assert_eq!(stage.simulator.writes().await.len(), QUOTA + 1);
}

/// The most calls of each action within any one second.
fn busiest_seconds(requests: &[Value]) -> BTreeMap<String, usize> {
    let mut times: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for request in requests.iter().filter(|r| r["service"] == "ckafka") {
        let action = request["operation"].as_str().unwrap_or_default().to_owned();
        times
            .entry(action)
            .or_default()
            .push(time(request).as_millisecond());
    }
    let busiest = |times: &mut Vec<i64>| {
        times.sort_unstable();
        let within = |from: &i64| times.iter().filter(|t| (*from..*from + 1000).contains(t)).count();
        times.iter().map(within).max().unwrap_or_default()
    };
    times
        .into_iter()
        .map(|(action, mut times)| (action, busiest(&mut times)))
        .collect()
}
