//! One bad call at most, no call above the budget, and everyone hears of a complaint.
use super::vendor::*;
use futures::future::join_all;
use replication_operator::remote::huawei::HuaweiCloud;
use replication_operator::remote::{CallObserver, Cloud, CredentialSource, Fault, Rate, Standings};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

type Event = (&'static str, &'static str, Result<(), Fault>);

#[derive(Debug, Default)]
struct Heard(Mutex<Vec<Event>>);

impl CallObserver for Heard {
    fn called(
        &self,
        service: &'static str,
        operation: &'static str,
        outcome: Result<(), Fault>,
        _: Duration,
    ) {
        self.0.lock().unwrap().push((service, operation, outcome));
    }
}

/// What one process opens: accounts with the same credential share its standing.
#[derive(Default)]
struct Process(Arc<Standings>);

impl Process {
    fn open(&self, address: &str, credentials: CredentialSource, pace: Option<Rate>) -> HuaweiCloud {
        let mut settings = settings(address, credentials);
        settings.standings = self.0.clone();
        settings.rate_limit = pace.map(|pace| ("eg".to_owned(), pace)).into_iter().collect();
        open(settings)
    }
}

async fn refusing() -> MockServer {
    let body = json!({ "error_code": "APIGW.0301", "error_msg": "ak not exist", "request_id": "r-1" });
    answering(ResponseTemplate::new(401).set_body_json(body)).await
}

async fn answering(template: ResponseTemplate) -> MockServer {
    let server = vendor().await;
    Mock::given(any()).respond_with(template).mount(&server).await;
    server
}

fn slow(requests_per_second: f64, burst: u32) -> Rate {
    Rate {
        requests_per_second,
        burst,
    }
}

#[tokio::test]
async fn a_wrong_key_makes_exactly_one_bad_call() {
    let server = refusing().await;
    let cloud = cloud(&server, keys());
    let outcomes = join_all((0..32).map(|n| {
        let call = if n % 2 == 0 { list() } else { create() };
        cloud.call::<Value>(call)
    }))
    .await;
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(
            (error.fault, error.code.as_deref()),
            (Fault::Unauthorized, Some("APIGW.0301"))
        );
        assert_eq!(error.request_id.as_deref(), Some("r-1"));
    }
    cloud.call::<Value>(list()).await.unwrap_err();
    assert_eq!(arrived(&server, "").await, 1);
}

#[tokio::test]
async fn accounts_with_one_wrong_key_make_one_bad_call_together() {
    let server = refusing().await;
    let process = Process::default();
    let accounts = [(); 3].map(|()| process.open(&server.uri(), keys(), None));
    let outcomes = join_all((0..30).map(|n| accounts[n % 3].call::<Value>(list()))).await;
    for outcome in outcomes {
        assert_eq!(outcome.unwrap_err().fault, Fault::Unauthorized);
    }
    let late = process.open(&server.uri(), keys(), None);
    late.call::<Value>(list()).await.unwrap_err();
    assert_eq!(arrived(&server, "").await, 1);
}

#[tokio::test]
async fn other_values_or_another_address_are_another_credential() {
    let (server, elsewhere) = (refusing().await, refusing().await);
    let process = Process::default();
    let others = [
        process.open(&server.uri(), keys(), None),
        process.open(&server.uri(), temporary_keys("token"), None),
        process.open(&elsewhere.uri(), keys(), None),
    ];
    for _ in 0..2 {
        for cloud in &others {
            cloud.call::<Value>(list()).await.unwrap_err();
        }
    }
    assert_eq!(
        (arrived(&server, "").await, arrived(&elsewhere, "").await),
        (2, 1)
    );
}

#[tokio::test]
async fn an_account_that_was_changed_has_a_refused_key_tried_once_more() {
    let server = refusing().await;
    let process = Process::default();
    let account = || Arc::new(process.open(&server.uri(), keys(), None));
    let (first, other) = (account(), account());
    let tried = async || {
        for cloud in [&first, &other] {
            cloud.call::<Value>(list()).await.unwrap_err();
        }
        arrived(&server, "").await
    };
    assert_eq!(tried().await, 1);
    Cloud::Huawei(account()).succeed(&Cloud::Huawei(first.clone()));
    assert_eq!(tried().await, 2);
    let renewed = Arc::new(process.open(&server.uri(), temporary_keys("token"), None));
    Cloud::Huawei(account()).succeed(&Cloud::Huawei(renewed));
    assert_eq!(
        tried().await,
        2,
        "a changed Secret is no reason to try the earlier one"
    );
}

#[tokio::test]
async fn accounts_with_one_key_keep_one_budget_and_the_lowest_pace() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let process = Process::default();
    let wide = process.open(&server.uri(), keys(), Some(slow(1000.0, 1000)));
    let silent = process.open(&server.uri(), keys(), None);
    let narrow = process.open(&server.uri(), keys(), Some(slow(0.01, 3)));
    let accounts = [&wide, &silent, &narrow];
    let outcomes = join_all((0..30).map(|n| accounts[n % 3].call::<Value>(create()))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
    assert_eq!(arrived(&server, "").await, 3);
    assert_eq!(wide.budgets(), narrow.budgets());
    drop(narrow);
    let outcome = tokio::time::timeout(Duration::from_secs(1), async {
        while wide.call::<Value>(create()).await.is_err() {}
    });
    outcome
        .await
        .expect("the pace of an account that is gone holds no longer");
}

#[tokio::test]
async fn a_good_key_is_tried_alone_and_then_used_by_all() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let cloud = cloud(&server, keys());
    let outcomes = join_all((0..32).map(|_| cloud.call::<Value>(list()))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(arrived(&server, "").await, 32);
}

#[tokio::test]
async fn what_is_above_the_budget_is_not_sent() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let mut settings = settings(&server.uri(), keys());
    settings.rate_limit.insert("eg".into(), slow(0.1, 3));
    let cloud = open(settings);
    let outcomes = join_all((0..50).map(|_| cloud.call::<Value>(create()))).await;
    assert_eq!(arrived(&server, "").await, 3);
    let mut hints: Vec<Duration> = outcomes
        .into_iter()
        .filter_map(Result::err)
        .map(|error| match error.fault {
            Fault::Throttled { retry_after } => retry_after.unwrap(),
            fault => panic!("{fault:?}"),
        })
        .collect();
    hints.sort_unstable();
    assert_eq!(hints.len(), 47);
    for pair in hints.windows(2) {
        assert!(pair[1] >= pair[0] + Duration::from_secs(9), "{pair:?}");
    }
    let budgets = cloud.budgets();
    assert_eq!(budgets.len(), 1);
    assert_eq!(
        (budgets[0].service, budgets[0].operation, budgets[0].left),
        ("eg", "CreateEventRouterJob", 0)
    );
}

#[tokio::test]
async fn without_an_override_ten_writes_leave_at_once() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let mut settings = settings(&server.uri(), keys());
    settings.rate_limit.clear();
    let cloud = open(settings);
    join_all((0..20).map(|_| cloud.call::<Value>(create()))).await;
    assert_eq!(arrived(&server, "").await, 10);
}

#[tokio::test]
async fn a_complaint_stops_everyone_until_retry_after() {
    let body = json!({ "error_code": "APIGW.0308", "error_msg": "policy user over ratelimit,limit:10,time:1 minute" });
    let template = ResponseTemplate::new(429)
        .insert_header("Retry-After", "40")
        .set_body_json(body);
    let server = answering(template).await;
    let heard = Arc::new(Heard::default());
    let mut settings = settings(&server.uri(), keys());
    let observer: Arc<dyn CallObserver> = heard.clone();
    settings.observer = observer;
    let cloud = open(settings);
    let first = cloud.call::<Value>(list()).await.unwrap_err();
    let Fault::Throttled {
        retry_after: Some(wait),
    } = first.fault
    else {
        panic!("{first:?}");
    };
    assert!(wait > Duration::from_secs(39) && wait <= Duration::from_secs(40));
    for _ in 0..5 {
        let error = cloud.call::<Value>(list()).await.unwrap_err();
        assert!(
            matches!(error.fault, Fault::Throttled { retry_after: Some(wait) } if wait > Duration::from_secs(20))
        );
    }
    assert_eq!(arrived(&server, "").await, 1);
    // Only what left is heard of.
    let heard = heard.0.lock().unwrap();
    assert_eq!(heard.len(), 1);
    assert_eq!((heard[0].0, heard[0].1), ("eg", "ListEventRouterJobs"));
    assert!(heard[0].2.is_err());
}

#[tokio::test]
async fn the_window_in_the_text_decides_nothing() {
    let body = json!({ "error_code": "APIGW.0308", "error_msg": "policy user over ratelimit,limit:10,time:1 minute" });
    let server = answering(ResponseTemplate::new(429).set_body_json(body)).await;
    let error = cloud(&server, keys()).call::<Value>(list()).await.unwrap_err();
    let Fault::Throttled {
        retry_after: Some(wait),
    } = error.fault
    else {
        panic!("{error:?}");
    };
    assert!(wait <= Duration::from_secs(5) && wait > Duration::from_secs(4));
}

#[tokio::test]
async fn a_dropped_first_call_leaves_its_place() {
    let server = vendor().await;
    let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    Mock::given(any())
        .respond_with(late)
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    let well = ResponseTemplate::new(200).set_body_json(json!({}));
    Mock::given(any()).respond_with(well).mount(&server).await;
    let cloud = cloud(&server, keys());
    let dropped = tokio::time::timeout(Duration::from_millis(200), cloud.call::<Value>(list())).await;
    assert!(dropped.is_err());
    cloud.call::<Value>(list()).await.unwrap();
}
