//! The project of a region, the account, and the proof that the credentials work.
use super::identity::{JOBS, issuing};
use super::vendor::*;
use futures::future::join_all;
use replication_operator::remote::huawei::HuaweiCloud;
use replication_operator::remote::{CredentialSource, Fault};
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn without_project(server: &MockServer, credentials: CredentialSource) -> HuaweiCloud {
    let mut settings = settings(&server.uri(), credentials);
    settings.project_id = None;
    open(settings)
}

async fn projects(server: &MockServer, at: &str, template: ResponseTemplate) {
    Mock::given(method("GET"))
        .and(path(at))
        .respond_with(template)
        .mount(server)
        .await;
}

fn rows(names: &[&str]) -> ResponseTemplate {
    let rows: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(n, name)| json!({ "id": format!("p{n}"), "name": name, "domain_id": "d1", "enabled": true }))
        .collect();
    ResponseTemplate::new(200).set_body_json(json!({ "projects": rows, "links": {} }))
}

#[tokio::test]
async fn the_project_is_looked_up_by_region_once() {
    let server = vendor().await;
    projects(
        &server,
        "/v3/projects",
        rows(&["cn-north-4_sub", "cn-north-4", "MOS"]),
    )
    .await;
    let cloud = without_project(&server, keys());
    let ids = join_all((0..8).map(|_| cloud.project_id())).await;
    assert!(ids.into_iter().all(|id| id.unwrap() == "p1"));
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].url.query(), Some("name=cn-north-4"));
    assert!(!requests[0].headers.contains_key("x-project-id"));
}

#[rstest]
#[case::forbidden(ResponseTemplate::new(403).set_body_json(json!({ "error": { "code": 403, "message": "no" } })))]
#[case::empty(rows(&[]))]
#[tokio::test]
async fn the_list_of_ones_own_projects_stands_in(#[case] first: ResponseTemplate) {
    let server = vendor().await;
    projects(&server, "/v3/projects", first).await;
    projects(&server, "/v3/auth/projects", rows(&["MOS", "cn-north-4"])).await;
    assert_eq!(without_project(&server, keys()).project_id().await.unwrap(), "p1");
}

#[tokio::test]
async fn a_region_without_a_project_is_not_enabled() {
    let server = vendor().await;
    projects(&server, "/v3/projects", rows(&[])).await;
    projects(&server, "/v3/auth/projects", rows(&["eu-west-0"])).await;
    let error = without_project(&server, keys()).project_id().await.unwrap_err();
    assert_eq!(error.fault, Fault::NotEnabled);
    assert!(error.message.contains("cn-north-4"));
}

#[tokio::test]
async fn several_projects_of_one_name_are_not_chosen_from() {
    let server = vendor().await;
    projects(&server, "/v3/projects", rows(&["cn-north-4", "cn-north-4"])).await;
    let error = without_project(&server, keys()).project_id().await.unwrap_err();
    assert_eq!(error.fault, Fault::Rejected);
}

#[tokio::test]
async fn a_token_knows_its_project() {
    let server = vendor().await;
    issuing(&server).await;
    let cloud = without_project(&server, password());
    let facts = cloud.verify().await.unwrap();
    assert_eq!(
        (facts.project_id.as_deref(), facts.account_id.as_deref()),
        (Some(PID), Some("d1"))
    );
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    let body: Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(body["auth"]["scope"]["project"], json!({ "name": "cn-north-4" }));
}

#[tokio::test]
async fn verifying_takes_one_call() {
    let server = vendor().await;
    projects(&server, "/v3/projects", rows(&["cn-north-4"])).await;
    let domains =
        ResponseTemplate::new(200).set_body_json(json!({ "domains": [{ "id": "d1", "name": "account" }] }));
    projects(&server, "/v3/auth/domains", domains).await;
    let cloud = without_project(&server, keys());
    for calls in [1, 2, 3] {
        let facts = cloud.verify().await.unwrap();
        assert_eq!(
            (facts.project_id.as_deref(), facts.account_id.as_deref()),
            (Some("p0"), Some("d1"))
        );
        assert_eq!(arrived(&server, "").await, calls);
    }
}

#[rstest]
#[case(403, true)]
#[case(401, false)]
#[case(503, false)]
#[tokio::test]
async fn only_a_recognised_caller_is_verified(#[case] status: u16, #[case] verified: bool) {
    let server = vendor().await;
    projects(&server, "/v3/auth/domains", ResponseTemplate::new(status)).await;
    let facts = cloud(&server, keys()).verify().await;
    assert_eq!(facts.is_ok(), verified);
}

#[tokio::test]
async fn a_write_whose_way_was_too_long_does_not_leave() {
    let server = vendor().await;
    let slow = |template: ResponseTemplate| template.set_delay(Duration::from_millis(250));
    projects(&server, "/v3/projects", slow(rows(&[]))).await;
    projects(&server, "/v3/auth/projects", slow(rows(&["cn-north-4"]))).await;
    let mut settings = settings(&server.uri(), keys());
    settings.project_id = None;
    settings.options.request_timeout = Duration::from_millis(400);
    let error = open(settings).call::<Value>(create()).await.unwrap_err();
    assert_eq!(error.fault, Fault::Transient);
    assert_eq!(arrived(&server, JOBS).await, 0);
}
