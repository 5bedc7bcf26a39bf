//! The client sends what the vendor's pages say, byte for byte where it matters, and takes every answer for what it is.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use replication_operator::engine::kind::{Desired, JobKind, Parcel, Phase, RemoteJobs, SecretValues, Seen};
use replication_operator::kinds::event_router::client::EventRouterJobs;
use replication_operator::kinds::event_router::mapping::{Definition, Move, desired, observed};
use replication_operator::kinds::event_router::{EventRouter, EventRouterJob};
use replication_operator::remote::credentials::HuaweiKeys;
use replication_operator::remote::huawei::HuaweiCloud;
use replication_operator::remote::{
    CredentialSource, Credentials, Fault, Gate, Rate, RemoteError, RemoteOptions, Settings, WritePermit,
};
use rstest::rstest;
use serde_json::{Value, json};
use std::sync::Arc;
use wiremock::matchers::{body_json, header_exists, method, path, query_param};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

const JOBS: &str = "/v1/p0/eventrouter/jobs";
const JOB: &str = "/v1/p0/eventrouter/jobs/j1";
const MARK: &str = "0123456789abcdef";
const PASSWORD: &str = "hunter-2";

fn client(server: &MockServer, options: RemoteOptions) -> EventRouterJobs {
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
        .insert("eg".into(), server.uri().parse().unwrap());
    let rate = Rate {
        requests_per_second: 1000.0,
        burst: 1000,
    };
    settings.rate_limit.insert("eg".into(), rate);
    settings.options = options;
    EventRouterJobs::new(Arc::new(HuaweiCloud::open(settings).unwrap()))
}

async fn world() -> (MockServer, EventRouterJobs) {
    let server = MockServer::start().await;
    let client = client(&server, RemoteOptions::default());
    (server, client)
}

fn permit() -> WritePermit {
    Gate::Open.permit().unwrap()
}

fn wish() -> Desired<Definition> {
    let example = include_str!("../examples/eventrouterjob-kafka.yaml");
    let job: EventRouterJob = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
    desired(&job).unwrap()
}

fn secrets() -> SecretValues {
    [("source.kafka.passwordSecretRef".to_owned(), PASSWORD.into())].into()
}

fn body() -> Value {
    json!({
        "cluster_id": "0b8e6a3c-91d7-0000-0013-7d2e5a4b1c39",
        "name": "orders-dr",
        "description": "orders to standby site [rd:0123456789abcdef]",
        "scene_type": "DISASTER_BACKUP",
        "source_config": {"source_kafka": {
            "config_type": "CLOUD", "region": "cn-south-1", "project_id": "5a1f0c2b77d94a6c8b1e90d3c4f7a210",
            "instance_id": "c3d1e9a2-44f0-4b0e-8a65-0f9a3b7d6e12", "cluster_alias": "site-a",
            "address": "10.1.0.11:9093,10.1.0.12:9093,10.1.0.13:9093", "authenticate_mode": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512", "user_name": "sync", "password": PASSWORD,
        }},
        "sink_config": {"sink_kafka": {
            "config_type": "CLOUD", "region": "cn-east-3", "project_id": "9e77b1aa03c6425fb4d08c15e6f2d3a8",
            "instance_id": "f0a7c6d5-2b18-4f3a-9d4e-6c5b4a392817", "cluster_alias": "site-b",
            "address": "10.2.0.21:9092", "authenticate_mode": "PLAINTEXT",
            "sasl_mechanism": null, "user_name": null, "password": null,
        }},
        "advance_config": {"kafka2kafka": {
            "topics": "orders,payments", "topic_regex": "", "replica_cnt": 3, "seek_to": "earliest",
            "compress_alg": "lz4", "is_sync_progress": true, "is_add_header": false, "rename_topic": false,
            "topic_mappings": [{"source_topic": "orders", "sink_topic": "orders_dr"}],
        }},
    })
}

fn answer(state: &str) -> Value {
    let mut answer = body();
    answer["job_id"] = json!("j1");
    answer["status"] = json!(state);
    answer["source_config"]["source_kafka"]["password"] = Value::Null;
    answer
}

fn seen(state: &str) -> Seen<EventRouter> {
    observed(serde_json::from_value(answer(state)).unwrap()).unwrap()
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

async fn create(client: &EventRouterJobs) -> Result<Seen<EventRouter>, RemoteError> {
    let secrets = secrets();
    let parcel = Parcel {
        secrets: &secrets,
        mark: MARK,
    };
    client.create(&permit(), &wish(), parcel).await
}

async fn perform(client: &EventRouterJobs, state: &str, step: &Move) -> Result<(), RemoteError> {
    let secrets = secrets();
    let parcel = Parcel {
        secrets: &secrets,
        mark: MARK,
    };
    client.perform(&permit(), &seen(state), step, parcel).await
}

#[tokio::test]
async fn create_sends_the_whole_job_signed() {
    let (server, client) = world().await;
    let created = include_str!("fixtures/event_router/create-answer.json");
    Mock::given(method("POST"))
        .and(path(JOBS))
        .and(header_exists("Authorization"))
        .and(body_json(body()))
        .respond_with(ResponseTemplate::new(200).set_body_raw(created, "application/json"))
        .expect(1)
        .mount(&server)
        .await;
    let seen = create(&client).await.unwrap();
    assert_eq!(seen.id, "fac59513-6c18-4266-bc81-5d412dfc1925");
    assert_eq!(EventRouter::phase(&seen), Phase::Moving);
    assert_eq!(seen.definition, None);
}

#[tokio::test]
async fn a_create_that_answers_no_id_is_looked_for() {
    let (server, client) = world().await;
    on(
        &server,
        "POST",
        JOBS,
        ResponseTemplate::new(200).set_body_json(json!({})),
    )
    .await;
    assert_eq!(create(&client).await.unwrap_err().fault, Fault::Ambiguous);
}

#[rstest]
#[case(400, "EG.00513000", Fault::Rejected)]
#[case(400, "EG.00513001", Fault::Exists)]
#[case(403, "EG.00514003", Fault::Exhausted)]
#[case(403, "EG.00514004", Fault::Conflict)]
#[case(400, "EG.00513002", Fault::Conflict)]
#[case(403, "EG.00512000", Fault::Forbidden)]
#[case(403, "EG.00014030", Fault::Forbidden)]
#[case(404, "EG.00014040", Fault::NotFound)]
#[case(500, "EG.00015000", Fault::Ambiguous)]
#[tokio::test]
async fn a_refused_create_is_sent_once_and_says_why(
    #[case] status: u16,
    #[case] code: &str,
    #[case] fault: Fault,
) {
    let (server, client) = world().await;
    on(&server, "POST", JOBS, refusal(status, code)).await;
    let error = create(&client).await.unwrap_err();
    assert_eq!(error.fault, fault);
    assert_eq!(error.code.as_deref(), Some(code));
    assert_eq!(error.request_id.as_deref(), Some("r1"));
    assert_eq!(error.operation, "CreateEventRouterJob");
    assert!(!error.message.contains(PASSWORD), "{}", error.message);
}

#[tokio::test]
async fn a_secret_that_the_vendor_forbids_is_not_sent() {
    let (server, client) = world().await;
    let example = include_str!("../examples/eventrouterjob-dcs.yaml");
    let job: EventRouterJob = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
    let secrets: SecretValues = [("sink.dcs.passwordSecretRef".to_owned(), "it's".into())].into();
    let parcel = Parcel {
        secrets: &secrets,
        mark: MARK,
    };
    let error = client
        .create(&permit(), &desired(&job).unwrap(), parcel)
        .await
        .unwrap_err();
    assert_eq!(error.fault, Fault::Rejected);
    assert!(
        error.message.contains("forProvider.sink.dcs.passwordSecretRef"),
        "{}",
        error.message
    );
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn show_reads_the_definition() {
    let (server, client) = world().await;
    on(
        &server,
        "GET",
        JOB,
        ResponseTemplate::new(200).set_body_json(answer("RUNNING")),
    )
    .await;
    let seen = client.show("j1").await.unwrap().unwrap();
    assert_eq!(seen.definition.unwrap().cluster_id, wish().definition.cluster_id);
    assert_eq!(seen.mark.as_deref(), Some(MARK));
}

#[tokio::test]
async fn only_the_service_can_say_that_a_job_does_not_exist() {
    for (code, absent) in [("EG.00014040", true), ("APIGW.0101", false)] {
        let (server, client) = world().await;
        on(&server, "GET", JOB, refusal(404, code)).await;
        match client.show("j1").await {
            Ok(None) => assert!(absent, "{code}"),
            Err(_) => assert!(!absent, "{code}"),
            Ok(Some(seen)) => panic!("{seen:?}"),
        }
    }
    let (server, client) = world().await;
    on(
        &server,
        "GET",
        JOB,
        ResponseTemplate::new(404).set_body_string("<html>"),
    )
    .await;
    assert_eq!(client.show("j1").await.unwrap_err().fault, Fault::Malformed);
}

#[tokio::test]
async fn a_deleted_job_may_still_be_shown() {
    let (server, client) = world().await;
    on(
        &server,
        "GET",
        JOB,
        ResponseTemplate::new(200).set_body_json(answer("DELETED")),
    )
    .await;
    let seen = client.show("j1").await.unwrap().unwrap();
    assert_eq!(EventRouter::phase(&seen), Phase::Gone);
}

#[tokio::test]
async fn an_answer_that_is_no_job_is_no_absence() {
    let (server, client) = world().await;
    on(&server, "GET", JOB, ResponseTemplate::new(200)).await;
    assert_eq!(client.show("j1").await.unwrap_err().fault, Fault::Malformed);
}

/// A list of this many jobs that loses some after so many requests; past its end it answers as the gateway does.
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
        if offset > 0 && offset >= total {
            return refusal(400, "APIGW.0106");
        }
        let items: Vec<_> = (offset..total.min(offset + limit))
            .map(|index| json!({"job_id": format!("j{index}"), "name": format!("n{index}"), "status": "RUNNING"}))
            .collect();
        ResponseTemplate::new(200).set_body_json(json!({"total": total, "size": items.len(), "items": items}))
    }
}

async fn list_of(sizes: &[usize]) -> (Result<usize, Fault>, usize) {
    let (server, client) = world().await;
    Mock::given(method("GET"))
        .and(path(JOBS))
        .and(query_param("limit", "100"))
        .respond_with(Listing {
            sizes: sizes.to_vec(),
            asked: 0.into(),
        })
        .mount(&server)
        .await;
    let found = client.list().await;
    let asked = server.received_requests().await.unwrap().len();
    (found.map(|jobs| jobs.len()).map_err(|error| error.fault), asked)
}

#[rstest]
#[case::none(&[0], Ok(0), 1)]
#[case::one_page(&[3], Ok(3), 1)]
#[case::a_full_page(&[100], Ok(100), 1)]
#[case::three_pages(&[250], Ok(250), 3)]
#[case::one_job_less_on_the_way(&[150, 149, 149, 149], Ok(149), 4)]
#[case::one_job_more_on_the_way(&[150, 151, 151, 151], Ok(151), 4)]
#[case::shrunk_below_the_offset(&[150, 90, 90], Ok(90), 3)]
#[case::never_at_rest(&[150, 149, 150, 149, 150, 149, 150], Err(Fault::Transient), 6)]
#[tokio::test]
async fn a_list_is_whole_or_an_error(
    #[case] sizes: &[usize],
    #[case] found: Result<usize, Fault>,
    #[case] asked: usize,
) {
    assert_eq!(list_of(sizes).await, (found, asked));
}

#[tokio::test]
async fn an_empty_answer_is_no_empty_list() {
    let (server, client) = world().await;
    on(&server, "GET", JOBS, ResponseTemplate::new(200)).await;
    assert_eq!(client.list().await.unwrap_err().fault, Fault::Malformed);
}

#[tokio::test]
async fn a_refused_first_page_is_no_empty_list() {
    let (server, client) = world().await;
    on(&server, "GET", JOBS, refusal(400, "APIGW.0106")).await;
    assert!(client.list().await.is_err());
}

#[rstest]
#[case(Move::Start, "STOPPED", "PAUSE", "START")]
#[case(Move::Stop, "RUNNING", "PAUSE", "PAUSE")]
#[case(Move::Stop, "RUNNING", "STOP", "STOP")]
#[tokio::test]
async fn actions_use_the_words_of_the_vendor(
    #[case] step: Move,
    #[case] state: &str,
    #[case] stop_word: &str,
    #[case] operation: &str,
) {
    let server = MockServer::start().await;
    let options = RemoteOptions {
        event_grid_stop_operation: stop_word.into(),
        ..RemoteOptions::default()
    };
    let client = client(&server, options);
    Mock::given(method("POST"))
        .and(path(format!("{JOB}/action")))
        .and(body_json(json!({ "operation": operation })))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"job_id": "j1"})))
        .expect(1)
        .mount(&server)
        .await;
    perform(&client, state, &step).await.unwrap();
}

#[tokio::test]
async fn an_update_sends_the_whole_job_and_the_password() {
    let (server, client) = world().await;
    Mock::given(method("PUT"))
        .and(path(JOB))
        .and(body_json(body()))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer("STOPPED")))
        .expect(1)
        .mount(&server)
        .await;
    let step = Move::Update {
        definition: Box::new(wish().definition),
    };
    perform(&client, "STOPPED", &step).await.unwrap();
}

#[tokio::test]
async fn an_update_of_a_running_job_is_a_conflict() {
    let (server, client) = world().await;
    on(&server, "PUT", JOB, refusal(403, "EG.00514004")).await;
    let step = Move::Update {
        definition: Box::new(wish().definition),
    };
    let error = perform(&client, "STOPPED", &step).await.unwrap_err();
    assert_eq!(error.fault, Fault::Conflict);
    assert!(!error.message.contains(PASSWORD));
}

#[tokio::test]
async fn delete_takes_a_missing_job_for_deleted_but_no_missing_service() {
    for (answer, deleted) in [
        (
            ResponseTemplate::new(200).set_body_json(json!({"job_id": "j1"})),
            true,
        ),
        (refusal(404, "EG.00014040"), true),
        (refusal(404, "APIGW.0101"), false),
        (refusal(403, "EG.00514004"), false),
        (ResponseTemplate::new(404), false),
    ] {
        let (server, client) = world().await;
        on(&server, "DELETE", JOB, answer).await;
        assert_eq!(client.delete(&permit(), "j1").await.is_ok(), deleted);
    }
}

#[tokio::test]
async fn progress_is_read_with_a_post() {
    let (server, client) = world().await;
    Mock::given(method("POST"))
        .and(path(format!("{JOB}/syncDetail")))
        .and(body_json(json!({"offset": 0, "limit": 1000})))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "metadata": {"sync_remain_total": 42}, "total": 1, "size": 1, "type": "KAFKA",
            "items": [{"topic": "orders", "number": 1, "sync_remain_num": 42, "offset_details": [
                {"partition": {"cluter": "site-a", "topic": "orders", "partition": 0},
                 "offset": {"offset": 958, "max_offset": 1000}}]}],
        })))
        .expect(1)
        .mount(&server)
        .await;
    let mut seen = seen("RUNNING");
    client.enrich(&mut seen).await.unwrap();
    assert_eq!(
        EventRouter::progress(&seen).unwrap().detail["remaining"],
        json!(42)
    );
}

#[tokio::test]
async fn a_job_that_never_ran_is_not_asked_for_progress() {
    let (server, client) = world().await;
    client.enrich(&mut seen("WAIT_START")).await.unwrap();
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_id_cannot_leave_its_place_in_the_path() {
    let (server, client) = world().await;
    on(
        &server,
        "GET",
        "/v1/p0/eventrouter/jobs/a%2Fb",
        refusal(404, "EG.00014040"),
    )
    .await;
    assert_eq!(client.show("a/b").await.unwrap(), None);
}

#[tokio::test]
async fn an_id_of_dots_does_not_climb() {
    let (server, client) = world().await;
    for id in ["..", "."] {
        assert!(client.show(id).await.is_err(), "{id}");
        assert!(client.delete(&permit(), id).await.is_err(), "{id}");
    }
    for request in server.received_requests().await.unwrap() {
        assert!(
            request.url.path().starts_with(&format!("{JOBS}/")),
            "{}",
            request.url
        );
    }
}
