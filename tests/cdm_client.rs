//! The clients send what the vendor's pages say, and take every answer for what it is: codes decide, not statuses.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use replication_operator::engine::kind::{JobKind, Parcel, RemoteJobs, Resolved, SecretValues, Seen, Watch};
use replication_operator::kinds::cdm::cluster::Cluster;
use replication_operator::kinds::cdm_job::client::Jobs;
use replication_operator::kinds::cdm_job::mapping::{Move, desired, observed};
use replication_operator::kinds::cdm_job::resource::JobType;
use replication_operator::kinds::cdm_job::{CdmJob, CdmJobs};
use replication_operator::kinds::cdm_link;
use replication_operator::kinds::cdm_link::client::Links;
use replication_operator::kinds::cdm_link::{CdmLink, CdmLinks};
use replication_operator::remote::credentials::HuaweiKeys;
use replication_operator::remote::huawei::HuaweiCloud;
use replication_operator::remote::{
    CredentialSource, Credentials, Fault, Gate, Rate, RemoteError, Settings, WritePermit,
};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const CLUSTER: &str = "/v1.1/p0/clusters/c0";
const PASSWORD: &str = "hunter-2";

fn cluster(server: &MockServer) -> Cluster {
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
        .insert("cdm".into(), server.uri().parse().unwrap());
    let rate = Rate {
        requests_per_second: 1000.0,
        burst: 1000,
    };
    settings.rate_limit.insert("cdm".into(), rate);
    Cluster::new(Arc::new(HuaweiCloud::open(settings).unwrap()), "c0")
}

async fn jobs() -> (MockServer, Jobs) {
    let server = MockServer::start().await;
    let client = Jobs::new(cluster(&server), JobType::Normal);
    (server, client)
}

async fn links() -> (MockServer, Links) {
    let server = MockServer::start().await;
    let client = Links::new(cluster(&server));
    (server, client)
}

fn permit() -> WritePermit {
    Gate::Open.permit().unwrap()
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn refusal(status: u16, code: &str) -> ResponseTemplate {
    let text = format!("no, not with {PASSWORD}");
    ResponseTemplate::new(status)
        .insert_header("X-Request-Id", "r1")
        .set_body_json(json!({"errCode": code, "externalMessage": text}))
}

async fn on(server: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb))
        .and(path(format!("{CLUSTER}{at}")))
        .and(header("x-language", "en-us"))
        .respond_with(answer)
        .expect(1)
        .mount(server)
        .await;
}

async fn cluster_is(server: &MockServer, status: &str) {
    on(server, "GET", "", ok(json!({"id": "c0", "status": status}))).await;
}

fn job_object() -> CdmJob {
    serde_saphyr::from_str(include_str!("../examples/cdmjob-seed-create.yaml")).unwrap()
}

fn printed() -> Value {
    serde_json::from_str(include_str!("fixtures/cdm/create-request.json")).unwrap()
}

fn job_answer(status: &str) -> Value {
    let mut job = printed()["jobs"][0].clone();
    job["status"] = json!(status);
    job["creation-date"] = json!(1_764_230_400_123_i64);
    job
}

fn seen(status: &str) -> Seen<CdmJobs> {
    observed(&serde_json::from_value(job_answer(status)).unwrap()).unwrap()
}

fn secrets() -> SecretValues {
    [("secretConfig.password".to_owned(), PASSWORD.into())].into()
}

fn parcel(secrets: &SecretValues) -> Parcel<'_> {
    Parcel { secrets, mark: "" }
}

async fn create_job(client: &Jobs) -> Result<Seen<CdmJobs>, RemoteError> {
    let wish = desired(&job_object(), &Resolved::new()).unwrap();
    let secrets = secrets();
    client.create(&permit(), &wish, parcel(&secrets)).await
}

async fn perform(client: &Jobs, status: &str, step: Move) -> Result<(), RemoteError> {
    let secrets = secrets();
    client
        .perform(&permit(), &seen(status), &step, parcel(&secrets))
        .await
}

fn start() -> Move {
    Move::Start {
        variables: BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_created_job_is_known_by_its_name() {
    let (server, client) = jobs().await;
    let answer = json!({"name": "es_css", "validation-result": [{}, {}, {}]});
    on(&server, "POST", "/cdm/job", ok(answer)).await;
    let made = create_job(&client).await.unwrap();
    assert_eq!((made.id.as_str(), made.definition), ("es_css", None));
}

#[tokio::test]
async fn a_create_without_a_name_made_nothing() {
    let (server, client) = jobs().await;
    let check = json!([{"fromJobConfig.index": [{"message": "no such index", "status": "ERROR"}]}, {}, {}]);
    on(
        &server,
        "POST",
        "/cdm/job",
        ok(json!({"validation-result": check})),
    )
    .await;
    let error = create_job(&client).await.unwrap_err();
    assert_eq!(error.fault, Fault::Rejected);
    assert!(
        error.message.contains("fromJobConfig.index: no such index"),
        "{error}"
    );
}

#[rstest]
#[case(400, "Cdm.0104", Fault::Exists)]
#[case(500, "Cdm.0101", Fault::NotFound)]
#[case(400, "Cdm.0089", Fault::Rejected)]
#[case(500, "Cdm.0000", Fault::Ambiguous)]
#[case(400, "Cdm.0038", Fault::Ambiguous)]
#[tokio::test]
async fn a_refused_create_is_what_its_code_says(
    #[case] status: u16,
    #[case] code: &str,
    #[case] fault: Fault,
) {
    let (server, client) = jobs().await;
    on(&server, "POST", "/cdm/job", refusal(status, code)).await;
    let error = create_job(&client).await.unwrap_err();
    assert_eq!((error.fault, error.code.as_deref()), (fault, Some(code)));
    assert_eq!(error.request_id.as_deref(), Some("r1"));
    assert!(!error.message.contains(PASSWORD), "{error}");
}

#[tokio::test]
async fn a_list_is_read_by_type_and_to_the_end() {
    let (server, client) = jobs().await;
    let page = |from: usize, to: usize| {
        let jobs: Vec<Value> = (from..to)
            .map(|number| {
                let mut job = job_answer("NEW");
                job["name"] = json!(format!("j{number}"));
                job
            })
            .collect();
        ok(json!({"total": 150, "jobs": jobs}))
    };
    for (number, answer) in [("1", page(0, 100)), ("2", page(100, 150))] {
        Mock::given(method("GET"))
            .and(path(format!("{CLUSTER}/cdm/job/all")))
            .and(query_param("jobType", "NORMAL_JOB"))
            .and(query_param("page_no", number))
            .and(query_param("page_size", "100"))
            .respond_with(answer)
            .expect(1)
            .mount(&server)
            .await;
    }
    let rows = client.list().await.unwrap();
    assert_eq!(rows.len(), 150);
    assert!(rows.iter().all(|row| row.definition.is_some()));
}

#[tokio::test]
async fn an_empty_list_is_believed_of_a_working_cluster_only() {
    for (status, fault) in [("200", None), ("910", Some(Fault::Transient))] {
        let (server, client) = jobs().await;
        on(
            &server,
            "GET",
            "/cdm/job/all",
            ok(json!({"total": 0, "jobs": []})),
        )
        .await;
        cluster_is(&server, status).await;
        let answer = client.list().await;
        assert_eq!(answer.err().map(|error| error.fault), fault);
    }
}

#[rstest]
#[case::code(refusal(400, "Cdm.0100"))]
#[case::other_code(refusal(400, "Cdm.0054"))]
#[case::with_500(refusal(500, "Cdm.0100"))]
#[case::one_zero_more(refusal(400, "Cdm.00095"))]
#[case::empty(ok(json!({"total": 0, "jobs": []})))]
#[tokio::test]
async fn a_job_that_is_gone_is_gone_when_the_cluster_works(#[case] answer: ResponseTemplate) {
    let (server, client) = jobs().await;
    on(&server, "GET", "/cdm/job/es_css", answer).await;
    cluster_is(&server, "200").await;
    assert!(client.show("es_css").await.unwrap().is_none());
}

#[tokio::test]
async fn a_stopped_cluster_tells_nothing_of_its_jobs() {
    let (server, client) = jobs().await;
    on(&server, "GET", "/cdm/job/es_css", refusal(400, "Cdm.0100")).await;
    cluster_is(&server, "900").await;
    let error = client.show("es_css").await.unwrap_err();
    assert_eq!(error.fault, Fault::Transient);
    assert!(error.message.contains("start it"), "{error}");
}

#[tokio::test]
async fn a_bare_404_is_no_absence_of_a_job() {
    let (server, client) = jobs().await;
    on(&server, "GET", "/cdm/job/es_css", ResponseTemplate::new(404)).await;
    assert_eq!(client.show("es_css").await.unwrap_err().fault, Fault::Malformed);
}

#[tokio::test]
async fn a_shown_job_is_read_whole() {
    let (server, client) = jobs().await;
    on(
        &server,
        "GET",
        "/cdm/job/es_css",
        ok(json!({"total": 0, "jobs": [job_answer("RUNNING")]})),
    )
    .await;
    let shown = client.show("es_css").await.unwrap().unwrap();
    assert_eq!(shown.state, "RUNNING");
    assert_eq!(
        shown.created_at,
        Some("2025-11-27T08:00:00.123Z".parse().unwrap())
    );
    let wish = desired(&job_object(), &Resolved::new()).unwrap();
    assert_eq!(
        shown.definition.unwrap().from.link_name,
        wish.definition.from.link_name
    );
}

#[tokio::test]
async fn a_start_without_variables_has_no_body() {
    let (server, client) = jobs().await;
    Mock::given(method("PUT"))
        .and(path(format!("{CLUSTER}/cdm/job/es_css/start")))
        .and(|request: &wiremock::Request| request.body.is_empty())
        .respond_with(ok(
            json!({"submissions": [{"submission-id": 1, "status": "BOOTING"}]}),
        ))
        .expect(1)
        .mount(&server)
        .await;
    perform(&client, "NEW", start()).await.unwrap();
}

#[tokio::test]
async fn variables_go_with_the_start() {
    let (server, client) = jobs().await;
    Mock::given(method("PUT"))
        .and(path(format!("{CLUSTER}/cdm/job/es_css/start")))
        .and(body_json(json!({"variables": {"day": "1"}})))
        .respond_with(ok(json!({"submissions": []})))
        .expect(1)
        .mount(&server)
        .await;
    let variables = BTreeMap::from([("day".to_owned(), "1".to_owned())]);
    perform(&client, "NEW", Move::Start { variables }).await.unwrap();
}

#[rstest]
#[case::running(refusal(400, "Cdm.0052"), Fault::Conflict)]
#[case::limit(refusal(400, "Cdm.0070"), Fault::Conflict)]
#[case::submit_failed(refusal(400, "Cdm.0037"), Fault::Ambiguous)]
#[case::plain_503(ResponseTemplate::new(503), Fault::Ambiguous)]
#[case::plain_500(ResponseTemplate::new(500), Fault::Ambiguous)]
#[case::disabled(refusal(400, "Cdm.0059"), Fault::Rejected)]
#[tokio::test]
async fn a_start_that_may_have_begun_a_run_is_never_called_undone(
    #[case] answer: ResponseTemplate,
    #[case] fault: Fault,
) {
    let (server, client) = jobs().await;
    on(&server, "PUT", "/cdm/job/es_css/start", answer).await;
    assert_eq!(perform(&client, "NEW", start()).await.unwrap_err().fault, fault);
}

#[tokio::test]
async fn a_job_that_does_not_run_is_stopped() {
    let (server, client) = jobs().await;
    on(&server, "PUT", "/cdm/job/es_css/stop", refusal(400, "Cdm.0053")).await;
    perform(&client, "RUNNING", Move::Stop).await.unwrap();
}

#[tokio::test]
async fn an_update_goes_to_the_old_name_and_carries_the_new_one() {
    let (server, client) = jobs().await;
    let mut wish = desired(&job_object(), &Resolved::new()).unwrap().definition;
    wish.name = "es_css_2".into();
    Mock::given(method("PUT"))
        .and(path(format!("{CLUSTER}/cdm/job/es_css")))
        .and(|request: &wiremock::Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            body["jobs"][0]["name"] == "es_css_2"
                && body["jobs"][0]["to-config-values"]["extended-configs"]["name"] == "x"
        })
        .respond_with(ok(json!({"validation-result": [{}, {}, {}]})))
        .expect(1)
        .mount(&server)
        .await;
    let mut job = job_answer("NEW");
    job["to-config-values"]["extended-configs"] = json!({"name": "x", "value": "y"});
    let seen = observed(&serde_json::from_value(job).unwrap()).unwrap();
    let secrets = SecretValues::new();
    let step = Move::Update {
        definition: Box::new(wish),
        renames: true,
    };
    assert_eq!(CdmJobs::renames(&step).as_deref(), Some("es_css_2"));
    client
        .perform(&permit(), &seen, &step, parcel(&secrets))
        .await
        .unwrap();
}

#[rstest]
#[case(refusal(500, "Cdm.0100"))]
#[case(refusal(400, "Cdm.0320"))]
#[case(ResponseTemplate::new(200))]
#[case(ok(json!({})))]
#[tokio::test]
async fn a_delete_of_what_is_gone_is_done(#[case] answer: ResponseTemplate) {
    let (server, client) = jobs().await;
    on(&server, "DELETE", "/cdm/job/es_css", answer).await;
    client.delete(&permit(), "es_css").await.unwrap();
}

#[tokio::test]
async fn a_running_job_is_not_deleted() {
    let (server, client) = jobs().await;
    on(&server, "DELETE", "/cdm/job/es_css", refusal(500, "Cdm.0322")).await;
    let error = client.delete(&permit(), "es_css").await.unwrap_err();
    assert_eq!(error.fault, Fault::Conflict);
}

fn runs() -> Value {
    json!({"submissions": [
        {"submission-id": 4, "status": "SUCCEEDED", "is-execute-auto": false, "progress": 1.0,
            "creation-date": 1_764_230_990_101_i64, "execute-date": "1764230990101", "last-update-date": 1_764_231_004_211_i64,
            "last-udpate-user": "ops", "isStopingIncrement": "",
            "counters": {"org.apache.sqoop.submission.counter.SqoopCounters": {"BYTES_WRITTEN": 7, "BYTES_READ": 8,
                "FILES_READ": 1, "FILES_WRITTEN": 1, "ROWS_READ": -1, "ROWS_WRITTEN": -1}}},
        {"submission-id": 3, "status": "FAILED", "progress": -1, "error-summary": "Table [a] unavailable."},
    ], "total": 2})
}

#[tokio::test]
async fn the_status_of_a_run_is_read_with_its_counters() {
    let (server, client) = jobs().await;
    on(&server, "GET", "/cdm/job/es_css/status", ok(runs())).await;
    let mut seen = seen("RUNNING");
    client.watch(&mut seen, Watch::Latest).await.unwrap();
    assert_eq!(seen.state, "SUCCEEDED");
    let run = serde_json::to_value(CdmJobs::run(&seen).unwrap()).unwrap();
    assert_eq!(
        run,
        json!({"submissionId": 4, "status": "SUCCEEDED", "startedAt": "2025-11-27T08:09:50Z",
            "finishedAt": "2025-11-27T08:10:04Z", "bytesRead": 8, "bytesWritten": 7, "filesRead": 1, "filesWritten": 1})
    );
}

#[tokio::test]
async fn the_history_is_asked_for_by_name() {
    let (server, client) = jobs().await;
    Mock::given(method("GET"))
        .and(path(format!("{CLUSTER}/cdm/submissions")))
        .and(query_param("jname", "es_css"))
        .respond_with(ok(runs()))
        .expect(1)
        .mount(&server)
        .await;
    let mut seen = seen("FAILED");
    client.watch(&mut seen, Watch::History).await.unwrap();
    assert_eq!(seen.facts.runs.unwrap().len(), 2);
}

#[tokio::test]
async fn a_job_that_never_ran_stays_new() {
    let (server, client) = jobs().await;
    let never = json!({"submissions": [{"status": "NEVER_EXECUTED"}]});
    on(&server, "GET", "/cdm/job/es_css/status", ok(never)).await;
    let mut seen = seen("NEW");
    client.watch(&mut seen, Watch::Latest).await.unwrap();
    assert_eq!(seen.state, "NEW");
    assert!(CdmJobs::run(&seen).is_none());
}

fn link_object() -> CdmLink {
    let example = include_str!("../examples/cdmlink-mysql.yaml");
    serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap()
}

async fn create_link(client: &Links) -> Result<Seen<CdmLinks>, RemoteError> {
    let wish = cdm_link::mapping::desired(&link_object()).unwrap();
    let secrets = secrets();
    client.create(&permit(), &wish, parcel(&secrets)).await
}

#[tokio::test]
async fn a_link_is_created_with_its_password() {
    let (server, client) = links().await;
    Mock::given(method("POST"))
        .and(path(format!("{CLUSTER}/cdm/link")))
        .and(body_json(
            json!({"links": [{"name": "orders-mysql", "connector-name": "generic-jdbc-connector",
            "link-config-values": {"configs": [{"name": "linkConfig", "inputs": [
                {"name": "linkConfig.database", "value": "shop"},
                {"name": "linkConfig.databaseType", "value": "MYSQL"},
                {"name": "dialect.identifierEnclose", "value": "`"},
                {"name": "linkConfig.fetchSize", "value": "1000"},
                {"name": "linkConfig.host", "value": "10.0.0.5"},
                {"name": "linkConfig.port", "value": "3306"},
                {"name": "linkConfig.username", "value": "cdm"},
                {"name": "linkConfig.usingNative", "value": "false"},
                {"name": "linkConfig.jdbcProperties", "value": {"socketTimeout": "300"}},
                {"name": "linkConfig.password", "value": PASSWORD},
            ]}]}}]}),
        ))
        .respond_with(ok(json!({"name": "orders-mysql", "validation-result": [{}]})))
        .expect(1)
        .mount(&server)
        .await;
    assert_eq!(create_link(&client).await.unwrap().id, "orders-mysql");
}

#[tokio::test]
async fn what_the_test_of_a_connection_found_is_a_refusal() {
    let (server, client) = links().await;
    let found = json!({"validation-result": [{"linkConfig": [
        {"message": format!("Cannot reach the database with {PASSWORD}."), "status": "ERROR"}]}]});
    on(
        &server,
        "POST",
        "/cdm/link",
        ResponseTemplate::new(500).set_body_json(found),
    )
    .await;
    let error = create_link(&client).await.unwrap_err();
    assert_eq!(error.fault, Fault::Rejected);
    assert!(
        error.message.starts_with("linkConfig: Cannot reach the database"),
        "{error}"
    );
    assert!(!error.message.contains(PASSWORD), "{error}");
}

#[rstest]
#[case::status(ResponseTemplate::new(404))]
#[case::code(refusal(400, "Cdm.0101"))]
#[case::other_code(refusal(500, "Cdm.0316"))]
#[case::empty(ok(json!({"links": []})))]
#[tokio::test]
async fn a_link_that_is_gone_is_gone_when_the_cluster_works(#[case] answer: ResponseTemplate) {
    for (status, fault) in [("200", None), ("900", Some(Fault::Transient))] {
        let (server, client) = links().await;
        on(&server, "GET", "/cdm/link/l", answer.clone()).await;
        cluster_is(&server, status).await;
        assert_eq!(client.show("l").await.err().map(|error| error.fault), fault);
    }
}

#[tokio::test]
async fn a_link_in_use_stays() {
    for code in ["Cdm.0021", "Cdm.0321"] {
        let (server, client) = links().await;
        on(&server, "DELETE", "/cdm/link/l", refusal(500, code)).await;
        let error = client.delete(&permit(), "l").await.unwrap_err();
        assert_eq!(error.fault, Fault::Conflict, "{code}");
    }
}
