//! Leader election as the API server sees it: which requests leave, when, and what ends leadership.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
use http::{Method, Request, Response};
use k8s_openapi::api::coordination::v1::Lease as LeaseObject;
use kube::Client;
use kube::client::Body;
use replication_operator::runtime::lease::{
    Decision, Leadership, Lease, LeaseError, LeaseOptions, decide, guard,
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tower_test::mock::{self, Handle, SendResponse};

const DURATION: Duration = Duration::from_secs(15);
type Answer = SendResponse<Response<Body>>;

/// The API server as the test plays it.
struct Server(Handle<Request<Body>, Response<Body>>);

impl Server {
    async fn expect(&mut self, method: Method, path: &str) -> (Value, Answer) {
        let (request, answer) = self.0.next_request().await.expect("a request");
        assert_eq!((request.method(), request.uri().path()), (&method, path));
        let bytes = request.into_body().collect_bytes().await.unwrap();
        (serde_json::from_slice(&bytes).unwrap_or_default(), answer)
    }

    async fn expect_look(&mut self) -> Answer {
        self.expect(Method::GET, ONE).await.1
    }
}

const ALL: &str = "/apis/coordination.k8s.io/v1/namespaces/ops/leases";
const ONE: &str = "/apis/coordination.k8s.io/v1/namespaces/ops/leases/operator";

fn answer(to: Answer, status: u16, body: &Value) {
    let body = Body::from(serde_json::to_vec(body).unwrap());
    to.send_response(Response::builder().status(status).body(body).unwrap());
}

fn refuse(to: Answer, code: u16, reason: &str) {
    answer(
        to,
        code,
        &json!({"kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": reason}),
    );
}

fn start(duration: Duration) -> (JoinHandle<Leadership>, Server) {
    let (service, handle) = mock::pair::<Request<Body>, Response<Body>>();
    let options = LeaseOptions {
        name: "operator".into(),
        namespace: "ops".into(),
        identity: "me".into(),
        duration,
    };
    let lease = Lease::new(Client::new(service, "ops"), options);
    (tokio::spawn(lease.acquire()), Server(handle))
}

fn stored(holder: &str, version: &str) -> Value {
    json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "operator", "namespace": "ops", "uid": "u", "resourceVersion": version,
            "labels": {"kept": "yes"}},
        "spec": {"holderIdentity": holder, "leaseDurationSeconds": 15, "leaseTransitions": 3,
            "acquireTime": "2026-01-01T00:00:00.000000Z", "renewTime": "2026-01-01T00:00:05.000000Z"},
    })
}

/// A leader by way of a missing lease, the API server of which still listens.
async fn leader() -> (Leadership, Server) {
    leader_for(DURATION).await
}

async fn leader_for(duration: Duration) -> (Leadership, Server) {
    let (acquiring, mut server) = start(duration);
    refuse(server.expect_look().await, 404, "NotFound");
    let (body, created) = server.expect(Method::POST, ALL).await;
    answer(created, 201, &body);
    (acquiring.await.unwrap(), server)
}

#[tokio::test(start_paused = true)]
async fn a_missing_lease_is_created() {
    let (acquiring, mut server) = start(DURATION);
    refuse(server.expect_look().await, 404, "NotFound");
    let (body, created) = server.expect(Method::POST, ALL).await;
    let spec = &body["spec"];
    assert_eq!(body["metadata"]["name"], "operator");
    assert_eq!(spec["holderIdentity"], "me");
    assert_eq!(spec["leaseDurationSeconds"], 15);
    assert_eq!(spec["leaseTransitions"], 0);
    assert_eq!(spec["acquireTime"], spec["renewTime"]);
    answer(created, 201, &body);
    assert!(acquiring.await.unwrap().tenure().admits_write());
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_stops_changing_is_taken_over_under_its_version() {
    let (acquiring, mut server) = start(DURATION);
    let began = Instant::now();
    let (mut looks, mut request) = (0, server.0.next_request().await.unwrap());
    while request.0.method() == Method::GET {
        looks += 1;
        answer(request.1, 200, &stored("other", "7"));
        request = server.0.next_request().await.unwrap();
    }
    assert!(looks > 2 && began.elapsed() >= DURATION, "{looks} looks");
    assert_eq!((request.0.method(), request.0.uri().path()), (&Method::PUT, ONE));
    let bytes = request.0.into_body().collect_bytes().await.unwrap();
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(body["metadata"]["resourceVersion"], "7");
    assert_eq!(body["metadata"]["labels"]["kept"], "yes");
    assert_eq!(body["spec"]["holderIdentity"], "me");
    assert_eq!(body["spec"]["leaseTransitions"], 4);
    assert_eq!(body["spec"]["acquireTime"], body["spec"]["renewTime"]);
    answer(request.1, 200, &body);
    acquiring.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_keeps_changing_is_never_taken_over() {
    let (_acquiring, mut server) = start(DURATION);
    let began = Instant::now();
    for version in 0.. {
        let (_, to) = server.expect(Method::GET, ONE).await;
        answer(to, 200, &stored("other", &version.to_string()));
        if began.elapsed() > DURATION * 20 {
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_means_that_the_race_is_lost() {
    let (acquiring, mut server) = start(DURATION);
    refuse(server.expect_look().await, 404, "NotFound");
    let (_, created) = server.expect(Method::POST, ALL).await;
    refuse(created, 409, "AlreadyExists");
    let next = server.expect_look().await;
    assert!(!acquiring.is_finished());
    answer(next, 200, &stored("other", "1"));
    server.expect_look().await;
    assert!(!acquiring.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_renewal_is_due_after_a_third_and_keeps_what_it_should() {
    let (leadership, mut server) = leader().await;
    let began = Instant::now();
    let look = server.expect_look().await;
    let third = Duration::from_secs(5);
    assert!(began.elapsed() >= third && began.elapsed() < third + Duration::from_millis(100));
    answer(look, 200, &stored("me", "8"));
    let (body, put) = server.expect(Method::PUT, ONE).await;
    assert_eq!(body["metadata"]["resourceVersion"], "8");
    assert_eq!(body["spec"]["leaseTransitions"], 3);
    assert_eq!(body["spec"]["acquireTime"], "2026-01-01T00:00:00.000000Z");
    assert!(body["spec"]["renewTime"].as_str() > Some("2026-01-01T00:00:05.000000Z"));
    answer(put, 200, &body);
    server.expect_look().await;
    assert!(leadership.tenure().is_valid_for(Duration::from_millis(4_900)));
}

#[tokio::test(start_paused = true)]
async fn leadership_ends_after_two_thirds_without_a_renewal() {
    let (leadership, mut server) = leader().await;
    let began = Instant::now();
    let tenure = leadership.tenure();
    let outage = tokio::spawn(async move {
        while let Some((_, to)) = server.0.next_request().await {
            refuse(to, 503, "ServiceUnavailable");
        }
    });
    leadership.lost().await;
    let held = began.elapsed();
    assert!(held <= DURATION * 2 / 3 && held > DURATION / 2, "{held:?}");
    assert!(!tenure.admits_write() && tenure.remaining().is_zero());
    outage.abort();
}

#[tokio::test(start_paused = true)]
async fn silence_stops_writes_first_and_then_ends_leadership() {
    let (leadership, _silent) = leader().await;
    let (began, gate) = (Instant::now(), leadership.tenure().into_gate());
    tokio::time::advance(Duration::from_millis(7_400)).await;
    assert!(gate());
    tokio::time::advance(Duration::from_millis(200)).await;
    assert!(!gate() && leadership.tenure().is_valid_for(Duration::from_secs(2)));
    leadership.lost().await;
    assert!(began.elapsed() <= DURATION * 2 / 3);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_someone_elses_ends_leadership_at_once() {
    for (status, body) in [
        (200, stored("other", "9")),
        (200, stored("", "9")),
        (
            404,
            json!({"kind": "Status", "status": "Failure", "code": 404, "reason": "NotFound"}),
        ),
    ] {
        let (leadership, mut server) = leader().await;
        answer(server.expect_look().await, status, &body);
        let began = Instant::now();
        leadership.lost().await;
        assert!(began.elapsed() < Duration::from_millis(10));
        assert!(matches!(leadership.release().await, Err(LeaseError::Lost)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_renewal_is_repeated_in_time() {
    let (leadership, mut server) = leader().await;
    refuse(server.expect_look().await, 500, "InternalError");
    answer(server.expect_look().await, 200, &stored("me", "8"));
    let (_, put) = server.expect(Method::PUT, ONE).await;
    refuse(put, 409, "Conflict");
    answer(server.expect_look().await, 200, &stored("me", "9"));
    let (body, put) = server.expect(Method::PUT, ONE).await;
    answer(put, 200, &body);
    server.expect_look().await;
    assert!(leadership.tenure().admits_write());
}

#[tokio::test(start_paused = true)]
async fn a_released_lease_is_free_for_the_next() {
    let (leadership, mut server) = leader().await;
    let tenure = leadership.tenure();
    let releasing = tokio::spawn(leadership.release());
    answer(server.expect_look().await, 200, &stored("me", "8"));
    let (body, put) = server.expect(Method::PUT, ONE).await;
    assert!(
        !tenure.admits_write(),
        "nothing may be written once the lease is being given back"
    );
    assert_eq!(body["metadata"]["resourceVersion"], "8");
    assert_eq!(body["spec"]["holderIdentity"], Value::Null);
    assert_eq!(body["spec"]["leaseDurationSeconds"], 1);
    assert_eq!(body["spec"]["leaseTransitions"], 3);
    answer(put, 200, &body);
    releasing.await.unwrap().unwrap();
    let released: LeaseObject = serde_json::from_value(body).unwrap();
    assert_eq!(
        decide(released.spec.as_ref(), "next", false, Duration::ZERO, DURATION),
        Decision::Acquire
    );
}

#[tokio::test(start_paused = true)]
async fn a_release_is_not_taken_for_a_loss() {
    let (leadership, mut server) = leader().await;
    let tenure = leadership.tenure();
    let releasing = tokio::spawn(leadership.release());
    server.expect_look().await;
    let lost = tokio::time::timeout(DURATION * 10, tenure.lost()).await;
    assert!(lost.is_err());
    assert!(releasing.await.unwrap().is_err());
}

#[tokio::test]
async fn the_loss_is_noticed_while_every_worker_is_blocked() {
    let (leadership, _silent) = leader_for(Duration::from_millis(600)).await;
    let (sender, receiver) = std::sync::mpsc::channel();
    guard(leadership.tenure(), move || sender.send(()).unwrap()).unwrap();
    // Blocks the only worker of this runtime.
    receiver.recv_timeout(Duration::from_mins(1)).unwrap();
    assert!(!leadership.tenure().admits_write());
}

#[tokio::test]
async fn a_release_lets_the_guard_go() {
    let (leadership, mut server) = leader_for(Duration::from_millis(600)).await;
    let (sender, receiver) = std::sync::mpsc::channel();
    let releasing = tokio::spawn({
        let tenure = leadership.tenure();
        let releasing = leadership.release();
        async move {
            let released = releasing.await;
            guard(tenure, move || sender.send(()).unwrap()).unwrap();
            released
        }
    });
    refuse(server.expect_look().await, 500, "InternalError");
    assert!(releasing.await.unwrap().is_err());
    assert!(
        receiver.recv_timeout(Duration::from_mins(1)).is_err(),
        "the guard ended an orderly process"
    );
}
