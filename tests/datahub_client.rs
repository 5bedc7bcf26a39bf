//! The client against scripted answers: what it sends, and what it makes of what comes back.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "a failed test says where"
)]
use replication_operator::engine::kind::{Desired, Parcel, RemoteJobs, SecretValues, Seen};
use replication_operator::kinds::datahub::client::DatahubTasks;
use replication_operator::kinds::datahub::mapping::{Definition, Move, desired, observed};
use replication_operator::kinds::datahub::{Datahub, DatahubTask};
use replication_operator::remote::credentials::TencentKeys;
use replication_operator::remote::tencent::TencentCloud;
use replication_operator::remote::{
    CredentialSource, Credentials, Fault, Gate, Rate, RemoteError, Settings, WritePermit,
};
use rstest::rstest;
use serde_json::{Value, json};
use std::sync::Arc;
use wiremock::matchers::{body_json, header};
use wiremock::{Mock, MockServer, ResponseTemplate};

const MARK: &str = "0123456789abcdef";
const PASSWORD: &str = "hunter-2";
const CREATE: &str = "CreateDatahubTask";
const SHOW: &str = "DescribeDatahubTask";
const LIST: &str = "DescribeDatahubTasks";

async fn world() -> (MockServer, DatahubTasks) {
    let rate = Rate {
        requests_per_second: 1000.0,
        burst: 1000,
    };
    paced(rate).await
}

async fn paced(rate: Rate) -> (MockServer, DatahubTasks) {
    let server = MockServer::start().await;
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let keys = TencentKeys {
        secret_id: "ID".into(),
        secret_key: "KEY".into(),
        token: None,
    };
    let source = CredentialSource::Given(Credentials::TencentKeys(keys));
    let mut settings = Settings::new("ap-guangzhou", source);
    let address = server.uri().parse().unwrap();
    settings.endpoints.insert("ckafka".into(), address);
    settings.rate_limit.insert("ckafka".into(), rate);
    let cloud = TencentCloud::open(settings).unwrap();
    (server, DatahubTasks::new(Arc::new(cloud)))
}

fn permit() -> WritePermit {
    Gate::Open.permit().unwrap()
}

fn wish() -> Desired<Definition> {
    let example = include_str!("../examples/datahubtask-mongodb.yaml");
    let task: DatahubTask = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
    desired(&task).unwrap()
}

fn secrets() -> SecretValues {
    [(
        "sourceResource.mongoDBParam.passwordSecretRef".to_owned(),
        PASSWORD.into(),
    )]
    .into()
}

fn task(id: &str, status: i64) -> Value {
    json!({"TaskId": id, "DatahubId": "datahub-1", "TaskName": "orders", "TaskType": "SINK", "Status": status,
        "SourceResource": {"Type": "KAFKA", "KafkaParam": {"SelfBuilt": false, "Resource": "ckafka-1", "Topic": "t"}},
        "TargetResource": {"Type": "ES", "KafkaParam": null, "EsParam": {"Resource": "resource-1"}},
        "CreateTime": "2025-01-01 08:00:00", "ErrorMessage": "运行中", "Description": " [rd:0123456789abcdef]"})
}

fn seen(status: i64) -> Seen<Datahub> {
    observed(serde_json::from_value(task("task-1", status)).unwrap()).unwrap()
}

fn result(result: Value) -> ResponseTemplate {
    let body = json!({"Response": {"Result": result, "RequestId": "r1"}});
    ResponseTemplate::new(200).set_body_json(body)
}

fn refusal(code: &str) -> ResponseTemplate {
    let error = json!({"Code": code, "Message": format!("no, not with {PASSWORD}")});
    ResponseTemplate::new(200).set_body_json(json!({"Response": {"Error": error, "RequestId": "r1"}}))
}

async fn on(server: &MockServer, action: &str, body: Value, answer: ResponseTemplate) {
    Mock::given(header("x-tc-action", action))
        .and(body_json(body))
        .respond_with(answer)
        .expect(1)
        .mount(server)
        .await;
}

async fn create(client: &DatahubTasks) -> Result<Seen<Datahub>, RemoteError> {
    let secrets = secrets();
    let parcel = Parcel {
        secrets: &secrets,
        mark: MARK,
    };
    client.create(&permit(), &wish(), parcel).await
}

async fn perform(client: &DatahubTasks, status: i64, step: &Move) -> Result<(), RemoteError> {
    let secrets = SecretValues::new();
    let parcel = Parcel {
        secrets: &secrets,
        mark: MARK,
    };
    client.perform(&permit(), &seen(status), step, parcel).await
}

fn body() -> Value {
    json!({
        "TaskName": "customers-cdc",
        "TaskType": "SOURCE",
        "SourceResource": {"Type": "MONGODB", "MongoDBParam": {
            "Database": "crm", "Collection": "customers", "CopyExisting": true, "Resource": "resource-5m6o7n8g",
            "Ip": "10.0.0.5", "Port": 27017, "UserName": "sync", "Password": PASSWORD,
            "ListeningEvent": "insert,update,replace,delete",
        }},
        "TargetResource": {"Type": "KAFKA", "KafkaParam": {
            "SelfBuilt": false, "Resource": "ckafka-0a1b2c3d", "Topic": "customers", "CompressionType": "none",
            "UseAutoCreateTopic": true,
        }},
        "Description": " [rd:0123456789abcdef]",
    })
}

#[tokio::test]
async fn a_create_sends_the_task_and_takes_its_id() {
    let (server, client) = world().await;
    let answer = json!({"TaskId": "task-y9799wbn", "DatahubId": "datahub-y9799wbn"});
    on(&server, CREATE, body(), result(answer)).await;
    let made = create(&client).await.unwrap();
    assert_eq!(
        (made.id.as_str(), made.state.as_str()),
        ("task-y9799wbn", "CREATING")
    );
    assert_eq!(made.definition, None);
}

#[rstest]
#[case(result(json!({})), Fault::Ambiguous)]
#[case(result(Value::Null), Fault::Ambiguous)]
#[case(refusal("InternalError"), Fault::Ambiguous)]
#[case(refusal("FailedOperation"), Fault::Ambiguous)]
#[case(refusal("InvalidParameterValue.RepetitionValue"), Fault::Exists)]
#[case(refusal("InvalidParameterValue.InstanceNotExist"), Fault::NotFound)]
#[case(refusal("ResourceNotFound"), Fault::NotFound)]
#[case(refusal("InvalidParameterValue"), Fault::Rejected)]
#[case(refusal("UnknownParameter"), Fault::Rejected)]
#[case(refusal("LimitExceeded"), Fault::Exhausted)]
#[tokio::test]
async fn a_create_that_fails_says_whether_it_may_have_worked(
    #[case] answer: ResponseTemplate,
    #[case] fault: Fault,
) {
    let (server, client) = world().await;
    on(&server, CREATE, body(), answer).await;
    let error = create(&client).await.unwrap_err();
    assert_eq!(error.fault, fault);
    assert!(!format!("{error:?}{error}").contains(PASSWORD));
}

#[tokio::test]
async fn a_list_is_read_in_pages_of_a_hundred() {
    let (server, client) = world().await;
    for (offset, ids) in [(0, 0..100), (100, 100..150)] {
        let rows: Vec<Value> = ids.map(|n| task(&format!("task-{n}"), 1)).collect();
        let page = json!({"TotalCount": 150, "TaskList": rows});
        on(
            &server,
            LIST,
            json!({"Limit": 100, "Offset": offset}),
            result(page),
        )
        .await;
    }
    let rows = client.list().await.unwrap();
    assert_eq!(rows.len(), 150);
    assert!(
        rows.iter()
            .all(|row| row.definition.is_none() && row.mark.as_deref() == Some(MARK))
    );
}

#[tokio::test]
async fn a_list_that_does_not_hold_still_is_none() {
    let (server, client) = world().await;
    let rows = |ids: std::ops::Range<u32>| ids.map(|n| task(&format!("task-{n}"), 1)).collect::<Vec<_>>();
    for (offset, total, ids) in [(0, 101, 0..100), (100, 100, 0..0)] {
        let page = json!({"TotalCount": total, "TaskList": rows(ids)});
        Mock::given(header("x-tc-action", LIST))
            .and(body_json(json!({"Limit": 100, "Offset": offset})))
            .respond_with(result(page))
            .expect(3)
            .mount(&server)
            .await;
    }
    let error = client.list().await.unwrap_err();
    assert_eq!(error.fault, Fault::Transient);
}

#[tokio::test]
async fn a_single_read_shows_the_definition() {
    let (server, client) = world().await;
    on(
        &server,
        SHOW,
        json!({"TaskId": "task-1"}),
        result(task("task-1", 1)),
    )
    .await;
    let seen = client.show("task-1").await.unwrap().unwrap();
    assert_eq!((seen.state.as_str(), seen.name.as_str()), ("RUNNING", "orders"));
    assert_eq!(seen.failure, None);
    assert!(seen.definition.is_some());
}

#[rstest]
#[case("ResourceNotFound")]
#[case("InvalidParameterValue.InstanceNotExist")]
#[tokio::test]
async fn a_task_is_gone_when_the_service_says_so(#[case] code: &str) {
    let (server, client) = world().await;
    on(&server, SHOW, json!({"TaskId": "task-1"}), refusal(code)).await;
    assert_eq!(client.show("task-1").await.unwrap(), None);
}

/// Nothing documents what the service answers for a task that it does not know.
#[rstest]
#[case(refusal("InvalidParameterValue"))]
#[case(refusal("InvalidParameter"))]
#[case(refusal("FailedOperation"))]
#[case(result(Value::Null))]
#[tokio::test]
async fn what_could_mean_that_a_task_is_gone_is_left_to_the_list(#[case] answer: ResponseTemplate) {
    let (server, client) = world().await;
    on(&server, SHOW, json!({"TaskId": "task-1"}), answer).await;
    assert_eq!(client.show("task-1").await.unwrap_err().fault, Fault::NotFound);
}

#[rstest]
#[case("ResumeDatahubTask", Move::Resume, json!({"TaskId": "task-1"}))]
#[case("RestartDatahubTask", Move::Restart, json!({"TaskId": "task-1"}))]
#[case("PauseDatahubTask", Move::Pause, json!({"TaskId": "task-1"}))]
#[case(
    "ModifyDatahubTask",
    Move::Modify { definition: Box::new(wish().definition), fields: vec!["name".into()] },
    json!({"TaskId": "task-1", "TaskName": "customers-cdc"})
)]
#[tokio::test]
async fn every_move_is_one_request(#[case] action: &str, #[case] step: Move, #[case] sent: Value) {
    for answer in [json!({"TaskId": "another-id"}), Value::Null] {
        let (server, client) = world().await;
        on(&server, action, sent.clone(), result(answer)).await;
        perform(&client, 1, &step).await.unwrap();
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_state_that_does_not_allow_a_request_is_a_conflict() {
    let (server, client) = world().await;
    let refused = refusal("FailedOperation");
    on(&server, "PauseDatahubTask", json!({"TaskId": "task-1"}), refused).await;
    assert_eq!(
        perform(&client, 1, &Move::Pause).await.unwrap_err().fault,
        Fault::Conflict
    );
}

#[rstest]
#[case(result(json!({"TaskId": "task-1"})))]
#[case(refusal("InvalidParameterValue.InstanceNotExist"))]
#[tokio::test]
async fn a_delete_of_what_is_gone_is_a_success(#[case] answer: ResponseTemplate) {
    let (server, client) = world().await;
    on(&server, "DeleteDatahubTask", json!({"TaskId": "task-1"}), answer).await;
    client.delete(&permit(), "task-1").await.unwrap();
}

#[tokio::test]
async fn a_read_that_can_wait_leaves_turns_to_those_that_cannot() {
    let seldom = Rate {
        requests_per_second: 0.001,
        burst: 4,
    };
    let (server, client) = paced(seldom).await;
    Mock::given(header("x-tc-action", SHOW))
        .respond_with(result(task("task-1", 1)))
        .mount(&server)
        .await;
    let mut spared = vec![];
    for _ in 0..4 {
        spared.push((client.spares_read(false), client.spares_read(true)));
        client.show("task-1").await.unwrap();
    }
    assert_eq!(spared, [(true, true), (true, true), (false, true), (false, true)]);
    assert!(!client.spares_read(true), "nothing is left");
}
