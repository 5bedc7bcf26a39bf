//! The client sends what the vendor's pages say, byte for byte where it matters, and takes every answer for what it is.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use replication_operator::api::policy::RunState;
use replication_operator::engine::kind::{Desired, JobKind, Parcel, Phase, RemoteJobs, SecretValues, Seen};
use replication_operator::kinds::smart_connect::client::SmartConnectTasks;
use replication_operator::kinds::smart_connect::mapping::{Definition, Move, desired, observed};
use replication_operator::kinds::smart_connect::{SmartConnect, SmartConnectTask};
use replication_operator::remote::credentials::HuaweiKeys;
use replication_operator::remote::huawei::HuaweiCloud;
use replication_operator::remote::{
    CredentialSource, Credentials, Fault, Gate, Rate, RemoteError, Settings, WritePermit,
};
use rstest::rstest;
use serde_json::{Value, json};
use std::sync::Arc;
use wiremock::matchers::{body_json, body_string, header, header_exists, method, path, query_param};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

const TASKS: &str = "/v2/p0/instances/i0/connector/tasks";
const TASK: &str = "/v2/p0/instances/i0/connector/tasks/t1";
const RESTART: &str = "/v2/p0/kafka/instances/i0/connector/tasks/t1/restart";
const PASSWORD: &str = "hunter-2";

fn client(server: &MockServer) -> SmartConnectTasks {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let keys = HuaweiKeys {
        access_key: "AK".into(),
        secret_key: "SK".into(),
        security_token: None,
    };
    let source = CredentialSource::Given(Credentials::HuaweiKeys(keys));
    let mut settings = Settings::new("cn-south-1", source);
    settings.project_id = Some("p0".into());
    settings
        .endpoints
        .insert("dms".into(), server.uri().parse().unwrap());
    let rate = Rate {
        requests_per_second: 1000.0,
        burst: 1000,
    };
    settings.rate_limit.insert("dms".into(), rate);
    SmartConnectTasks::new(Arc::new(HuaweiCloud::open(settings).unwrap()), "i0")
}

async fn world() -> (MockServer, SmartConnectTasks) {
    let server = MockServer::start().await;
    let client = client(&server);
    (server, client)
}

fn permit() -> WritePermit {
    Gate::Open.permit().unwrap()
}

fn wish() -> Desired<Definition> {
    let example = include_str!("../examples/smartconnecttask-kafka.yaml");
    let task: SmartConnectTask = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
    desired(&task).unwrap()
}

fn secrets() -> SecretValues {
    [("source.kafka.passwordSecretRef".to_owned(), PASSWORD.into())].into()
}

fn body() -> Value {
    json!({
        "task_name": "payments-mirror",
        "start_later": false,
        "topics": "payments,refunds",
        "source_type": "KAFKA_REPLICATOR_SOURCE",
        "source_task": {
            "current_cluster_name": "site-a", "cluster_name": "site-b",
            "instance_id": peer(), "security_protocol": "SASL_SSL", "sasl_mechanism": "SCRAM-SHA-512",
            "user_name": "mirror", "password": PASSWORD, "direction": "two-way",
            "sync_consumer_offsets_enabled": true, "replication_factor": 3, "task_num": 2,
            "rename_topic_enabled": false, "provenance_header_enabled": true,
            "consumer_strategy": "earliest", "compression_type": "lz4",
            "topics_mapping": "payments:payments_dr",
        },
    })
}

/// The other cluster of the example.
fn peer() -> String {
    let definition = serde_json::to_value(wish().definition).unwrap();
    let id = definition.pointer("/source/kafka/instanceId").unwrap();
    id.as_str().unwrap().to_owned()
}

fn answer(state: &str) -> Value {
    let mut answer = body();
    let members = answer.as_object_mut().unwrap();
    members.remove("start_later");
    members.insert("sink_type".into(), json!("NONE"));
    members.insert("sink_task".into(), Value::Null);
    members.insert("id".into(), json!("t1"));
    members.insert("status".into(), json!(state));
    members.insert("create_time".into(), json!(1_767_225_600_123_i64));
    let source = answer["source_task"].as_object_mut().unwrap();
    source.remove("password");
    source.insert("bootstrap_servers".into(), json!("10.2.0.21:9093"));
    answer
}

fn seen(state: &str) -> Seen<SmartConnect> {
    observed("i0", serde_json::from_value(answer(state)).unwrap()).unwrap()
}

fn refusal(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("X-Request-Id", "r1")
        .set_body_json(json!({"error_code": code, "error_msg": format!("no, not with {PASSWORD}")}))
}

async fn on(server: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb))
        .and(path(at))
        .respond_with(answer)
        .expect(1)
        .mount(server)
        .await;
}

async fn create(client: &SmartConnectTasks, run_state: RunState) -> Result<Seen<SmartConnect>, RemoteError> {
    let secrets = secrets();
    let parcel = Parcel {
        secrets: &secrets,
        mark: "",
    };
    let mut wish = wish();
    wish.run_state = Some(run_state);
    client.create(&permit(), &wish, parcel).await
}

async fn perform(client: &SmartConnectTasks, state: &str, step: &Move) -> Result<(), RemoteError> {
    let secrets = secrets();
    let parcel = Parcel {
        secrets: &secrets,
        mark: "",
    };
    client.perform(&permit(), &seen(state), step, parcel).await
}

#[rstest]
#[case(RunState::Running, false, "CREATING", Phase::Moving)]
#[case(RunState::Stopped, true, "WAITING", Phase::Resting)]
#[tokio::test]
async fn create_sends_the_whole_task_signed(
    #[case] run_state: RunState,
    #[case] start_later: bool,
    #[case] state: &str,
    #[case] phase: Phase,
) {
    let (server, client) = world().await;
    let mut body = body();
    body["start_later"] = json!(start_later);
    Mock::given(method("POST"))
        .and(path(TASKS))
        .and(header_exists("Authorization"))
        .and(header("X-Project-Id", "p0"))
        .and(body_json(body))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer(state)))
        .expect(1)
        .mount(&server)
        .await;
    let seen = create(&client, run_state).await.unwrap();
    assert_eq!(seen.id, "t1");
    assert_eq!(SmartConnect::phase(&seen), phase);
    assert_eq!(seen.created_at, Some("2026-01-01T00:00:00.123Z".parse().unwrap()));
}

#[tokio::test]
async fn a_create_that_answers_no_id_is_looked_for() {
    let (server, client) = world().await;
    let nothing = ResponseTemplate::new(200).set_body_json(json!({}));
    on(&server, "POST", TASKS, nothing).await;
    let error = create(&client, RunState::Running).await.unwrap_err();
    assert_eq!(error.fault, Fault::Ambiguous);
}

#[rstest]
#[case(404, "DMS.00404024", Fault::NotEnabled, "enable it")]
#[case(404, "DMS.00404029", Fault::Exhausted, "as many tasks as it may have")]
#[case(404, "DMS.00404022", Fault::Rejected, "spec.forProvider.instanceId")]
#[case(404, "DMS.10240407", Fault::Throttled { retry_after: None }, "")]
#[case(404, "DMS.00404001", Fault::Rejected, "")]
#[case(400, "DMS.00400017", Fault::Conflict, "")]
#[case(400, "DMS.00400026", Fault::Conflict, "")]
#[case(400, "CBC.99003651", Fault::Conflict, "")]
#[case(400, "DMS.00400867", Fault::Transient, "")]
#[case(400, "DMS.00400861", Fault::Rejected, "replicationFactor")]
#[case(400, "DMS.00400870", Fault::Rejected, "")]
#[case(400, "DMS.00400874", Fault::Rejected, "choose another topic")]
#[case(400, "DMS.00400875", Fault::Rejected, "")]
#[case(400, "DMS.00400876", Fault::Rejected, "create it")]
#[case(400, "DMS.40001016", Fault::Rejected, "")]
#[case(400, "DMS.00500960", Fault::Rejected, "Secrets")]
#[case(401, "DMS.10240104", Fault::Unauthorized, "")]
#[case(403, "DMS.00403007", Fault::Forbidden, "")]
#[case(500, "DMS.00501002", Fault::Ambiguous, "")]
#[case(500, "DMS.00500000", Fault::Ambiguous, "")]
#[case(429, "APIGW.0308", Fault::Throttled { retry_after: None }, "")]
#[tokio::test]
async fn a_refused_create_is_sent_once_and_says_why(
    #[case] status: u16,
    #[case] code: &str,
    #[case] fault: Fault,
    #[case] advice: &str,
) {
    let (server, client) = world().await;
    on(&server, "POST", TASKS, refusal(status, code)).await;
    let error = create(&client, RunState::Running).await.unwrap_err();
    assert_eq!(error.fault.as_str(), fault.as_str());
    assert_eq!(error.code.as_deref(), Some(code));
    assert_eq!(error.request_id.as_deref(), Some("r1"));
    assert_eq!(error.operation, "CreateConnectorTask");
    assert!(error.message.contains(advice), "{}", error.message);
    assert!(!error.message.contains(PASSWORD), "{}", error.message);
}

#[tokio::test]
async fn show_reads_the_definition() {
    let (server, client) = world().await;
    let task = ResponseTemplate::new(200).set_body_json(answer("RUNNING"));
    on(&server, "GET", TASK, task).await;
    let seen = client.show("t1").await.unwrap().unwrap();
    assert_eq!(seen.definition.unwrap().instance_id, "i0");
    assert_eq!(seen.name, "payments-mirror");
}

#[tokio::test]
async fn a_404_is_absence_only_where_its_code_says_so() {
    for (code, absent) in [
        ("DMS.00404026", true),
        ("DMS.00404024", false),
        ("DMS.00404029", false),
        ("DMS.00404022", false),
        ("DMS.10240407", false),
        ("DMS.00404001", false),
        ("APIGW.0101", false),
    ] {
        let (server, client) = world().await;
        Mock::given(method("GET"))
            .and(path(TASK))
            .respond_with(refusal(404, code))
            .mount(&server)
            .await;
        match client.show("t1").await {
            Ok(None) => assert!(absent, "{code}"),
            Err(error) => {
                assert!(!absent, "{code}");
                assert_ne!(error.fault, Fault::NotFound, "{code}");
            }
            Ok(Some(seen)) => panic!("{seen:?}"),
        }
    }
}

/// No page says with which code a single read answers for a task that is gone.
#[rstest]
#[case::unknown_code(refusal(404, "DMS.00404999"))]
#[case::no_code(ResponseTemplate::new(404).set_body_string("<html>"))]
#[case::nothing(ResponseTemplate::new(200))]
#[tokio::test]
async fn what_a_single_read_leaves_open_the_list_decides(#[case] unclear: ResponseTemplate) {
    for (rows, found) in [(json!([answer("RUNNING")]), true), (json!([]), false)] {
        let (server, client) = world().await;
        on(&server, "GET", TASK, unclear.clone()).await;
        let total = rows.as_array().unwrap().len();
        let page = ResponseTemplate::new(200).set_body_json(json!({"tasks": rows, "total_number": total}));
        on(&server, "GET", TASKS, page).await;
        assert_eq!(client.show("t1").await.unwrap().is_some(), found);
    }
    let (server, client) = world().await;
    on(&server, "GET", TASK, unclear).await;
    on(&server, "GET", TASKS, ResponseTemplate::new(404)).await;
    assert!(client.show("t1").await.is_err());
}

/// A list of this many tasks, of which some come or go after so many requests.
struct Listing {
    sizes: Vec<usize>,
    asked: std::sync::atomic::AtomicUsize,
}

impl Respond for Listing {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let turn = self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let total = self.sizes[turn.min(self.sizes.len() - 1)];
        let number = |key| -> usize {
            let pair = request.url.query_pairs().find(|(name, _)| name == key);
            pair.unwrap().1.parse().unwrap()
        };
        let (offset, limit) = (number("offset"), number("limit"));
        let tasks: Vec<_> = (offset..total.min(offset + limit))
            .map(|index| json!({"id": format!("t{index}"), "task_name": format!("n{index}"), "status": "RUNNING"}))
            .collect();
        let page = json!({"tasks": tasks, "total_number": total, "max_tasks": 18, "quota_tasks": 18});
        ResponseTemplate::new(200).set_body_json(page)
    }
}

#[rstest]
#[case::none(&[0], Ok(0), 1)]
#[case::a_full_instance(&[18], Ok(18), 1)]
#[case::a_full_page(&[50], Ok(50), 1)]
#[case::three_pages(&[120], Ok(120), 3)]
#[case::one_task_less_on_the_way(&[60, 59], Ok(59), 4)]
#[case::fewer_than_were_read(&[60, 40], Ok(40), 3)]
#[case::never_the_same(&[60, 59, 60, 59, 60, 59], Err(Fault::Transient), 6)]
#[tokio::test]
async fn a_list_is_whole_or_an_error(
    #[case] sizes: &[usize],
    #[case] found: Result<usize, Fault>,
    #[case] asked: usize,
) {
    let (server, client) = world().await;
    Mock::given(method("GET"))
        .and(path(TASKS))
        .and(query_param("limit", "50"))
        .respond_with(Listing {
            sizes: sizes.to_vec(),
            asked: 0.into(),
        })
        .mount(&server)
        .await;
    let listed = client.list().await;
    assert_eq!(
        listed.map(|tasks| tasks.len()).map_err(|error| error.fault),
        found
    );
    assert_eq!(server.received_requests().await.unwrap().len(), asked);
}

#[tokio::test]
async fn an_empty_answer_is_no_empty_list() {
    let (server, client) = world().await;
    on(&server, "GET", TASKS, ResponseTemplate::new(200)).await;
    assert_eq!(client.list().await.unwrap_err().fault, Fault::Malformed);
}

#[tokio::test]
async fn an_instance_without_smart_connect_is_no_empty_list() {
    let (server, client) = world().await;
    on(&server, "GET", TASKS, refusal(404, "DMS.00404024")).await;
    assert_eq!(client.list().await.unwrap_err().fault, Fault::NotEnabled);
}

#[rstest]
#[case(Move::Start, "WAITING", RESTART.to_owned())]
#[case(Move::Restart, "RUNNING", RESTART.to_owned())]
#[case(Move::Pause, "RUNNING", format!("{TASK}/pause"))]
#[case(Move::Resume, "PAUSED", format!("{TASK}/resume"))]
#[tokio::test]
async fn orders_have_a_path_and_no_body(#[case] step: Move, #[case] state: &str, #[case] at: String) {
    let (server, client) = world().await;
    Mock::given(method("PUT"))
        .and(path(at))
        .and(header("Content-Type", "application/json"))
        .and(header("Content-Length", "0"))
        .and(body_string(""))
        .respond_with(ResponseTemplate::new(204))
        .expect(1)
        .mount(&server)
        .await;
    perform(&client, state, &step).await.unwrap();
}

#[rstest]
#[case(Move::Pause, "RUNNING", format!("{TASK}/pause"), "DMS.00400868")]
#[case(Move::Resume, "PAUSED", format!("{TASK}/resume"), "DMS.00400869")]
#[case(Move::Start, "WAITING", RESTART.to_owned(), "DMS.00400872")]
#[tokio::test]
async fn an_order_that_failed_is_looked_at_again(
    #[case] step: Move,
    #[case] state: &str,
    #[case] at: String,
    #[case] code: &str,
) {
    let (server, client) = world().await;
    on(&server, "PUT", &at, refusal(400, code)).await;
    let error = perform(&client, state, &step).await.unwrap_err();
    assert_eq!(error.fault, Fault::Conflict);
}

#[tokio::test]
async fn a_modification_sends_back_what_was_read_with_the_change() {
    let (server, client) = world().await;
    let mut expected = answer("PAUSED");
    expected["source_task"]["compression_type"] = json!("zstd");
    Mock::given(method("PUT"))
        .and(path(TASK))
        .and(body_json(expected.clone()))
        .respond_with(ResponseTemplate::new(200).set_body_json(expected))
        .expect(1)
        .mount(&server)
        .await;
    let mut definition = serde_json::to_value(wish().definition).unwrap();
    definition["source"]["kafka"]["compression"] = json!("zstd");
    let step = Move::Modify {
        definition: Box::new(serde_json::from_value(definition).unwrap()),
        paths: vec!["source.kafka.compression".into()],
    };
    perform(&client, "PAUSED", &step).await.unwrap();
}

#[tokio::test]
async fn delete_takes_a_missing_task_for_deleted_but_no_missing_service() {
    for (answer, deleted) in [
        (ResponseTemplate::new(204), true),
        (refusal(404, "DMS.00404026"), true),
        (refusal(404, "DMS.00404022"), true),
        (refusal(404, "DMS.00404024"), true),
        (refusal(404, "DMS.10240407"), false),
        (refusal(404, "DMS.00404001"), false),
        (refusal(404, "APIGW.0101"), false),
        (refusal(400, "DMS.00400026"), false),
        (ResponseTemplate::new(404), false),
    ] {
        let (server, client) = world().await;
        on(&server, "DELETE", TASK, answer).await;
        assert_eq!(client.delete(&permit(), "t1").await.is_ok(), deleted);
    }
}

#[tokio::test]
async fn an_id_cannot_leave_its_place_in_the_path() {
    let (server, client) = world().await;
    on(
        &server,
        "GET",
        &format!("{TASKS}/a%2Fb"),
        refusal(404, "DMS.00404026"),
    )
    .await;
    assert_eq!(client.show("a/b").await.unwrap(), None);
    for id in ["..", "."] {
        assert!(client.show(id).await.is_err(), "{id}");
        assert!(client.delete(&permit(), id).await.is_err(), "{id}");
    }
    for request in server.received_requests().await.unwrap() {
        assert!(request.url.path().starts_with(TASKS), "{}", request.url);
    }
}
