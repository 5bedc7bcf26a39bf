//! Tokens, and the operator's own identity.
use super::vendor::*;
use futures::future::join_all;
use replication_operator::remote::huawei::HuaweiCloud;
use replication_operator::remote::{CredentialSource, Fault, OpenError, Surroundings};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TOKENS: &str = "/v3/auth/tokens";
pub const JOBS: &str = "/eventrouter/jobs";

fn issued(token: &str, lifetime: &str) -> ResponseTemplate {
    ResponseTemplate::new(201)
        .insert_header("X-Subject-Token", token)
        .set_body_json(json!({ "token": {
            "expires_at": lifetime, "issued_at": "2026-01-03T09:05:22.701000Z", "methods": ["password"],
            "project": { "id": PID, "name": "cn-north-4", "domain": { "id": "d1", "name": "account" } },
            "user": { "id": "u", "name": "operator", "domain": { "id": "d1", "name": "account" } } } }))
}

/// Issues `T1`, `T2` and so on.
pub async fn issuing(server: &MockServer) {
    let count = AtomicUsize::new(0);
    Mock::given(method("POST"))
        .and(path(TOKENS))
        .respond_with(move |_: &Request| {
            let n = count.fetch_add(1, Ordering::SeqCst) + 1;
            issued(&format!("T{n}"), "2026-01-04T09:05:22.701000Z")
        })
        .mount(server)
        .await;
}

async fn jobs(server: &MockServer, token: &str, template: ResponseTemplate) {
    Mock::given(path(format!("/v1/{PID}{JOBS}")))
        .and(header("x-auth-token", token))
        .respond_with(template)
        .mount(server)
        .await;
}

fn well() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({}))
}

fn refused(code: &str) -> ResponseTemplate {
    ResponseTemplate::new(401).set_body_json(json!({ "error_code": code, "error_msg": "no" }))
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_used_by_all() {
    let server = vendor().await;
    let body = json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": {
            "name": "operator", "password": PASSWORD, "domain": { "name": "account" } } } },
        "scope": { "project": { "id": PID } } } });
    Mock::given(method("POST"))
        .and(path(TOKENS))
        .and(query_param("nocatalog", "true"))
        .and(header("content-type", "application/json"))
        .and(body_json(body))
        .respond_with(issued("T1", "2026-01-04T09:05:22.701000Z"))
        .expect(1)
        .mount(&server)
        .await;
    jobs(&server, "T1", well()).await;
    let cloud = cloud(&server, password());
    let outcomes = join_all((0..16).map(|_| cloud.call::<Value>(list()))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    for request in server.received_requests().await.unwrap() {
        assert!(!request.headers.contains_key("authorization"));
    }
}

#[rstest]
#[case("APIGW.0307")]
#[case("APIGW.0301")]
#[case("IAM.0066")]
#[tokio::test]
async fn a_spent_token_is_renewed_once_for_all_and_the_calls_sent_again(#[case] code: &str) {
    let server = vendor().await;
    issuing(&server).await;
    jobs(&server, "T1", refused(code)).await;
    jobs(&server, "T2", well()).await;
    let cloud = cloud(&server, password());
    let outcomes = join_all((0..8).map(|_| cloud.call::<Value>(create()))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(arrived(&server, TOKENS).await, 2);
}

#[tokio::test]
async fn a_token_that_is_never_accepted_is_renewed_once_and_no_more() {
    let server = vendor().await;
    issuing(&server).await;
    jobs(&server, "T1", refused("APIGW.0301")).await;
    jobs(&server, "T2", refused("APIGW.0301")).await;
    let cloud = cloud(&server, password());
    for _ in 0..3 {
        let error = cloud.call::<Value>(list()).await.unwrap_err();
        assert_eq!(error.fault, Fault::Unauthorized);
    }
    assert_eq!(arrived(&server, TOKENS).await, 2);
    assert_eq!(arrived(&server, JOBS).await, 2);
}

#[tokio::test]
async fn a_wrong_password_is_sent_once_and_never_shown() {
    let server = vendor().await;
    let echo = serde_json::to_string(PASSWORD).unwrap();
    let body = format!(
        r#"{{"error":{{"code":401,"message":"The username or password is wrong: {}","title":"Unauthorized"}}}}"#,
        echo.trim_matches('"').replace('\\', "\\\\").replace('"', "\\\"")
    );
    Mock::given(path(TOKENS))
        .respond_with(ResponseTemplate::new(401).set_body_string(body))
        .mount(&server)
        .await;
    let cloud = cloud(&server, password());
    let outcomes = join_all((0..32).map(|_| cloud.call::<Value>(list()))).await;
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(error.fault, Fault::Unauthorized);
        let shown = format!("{error} {error:?} {cloud:?}");
        assert!(error.message.starts_with("The username or password is wrong"));
        assert!(
            !shown.contains(PASSWORD) && !shown.contains("pass \\\\\\\"word"),
            "{shown}"
        );
    }
    assert_eq!(arrived(&server, "").await, 1);
}

#[tokio::test]
async fn a_login_is_not_repeated_by_itself() {
    let server = vendor().await;
    Mock::given(path(TOKENS))
        .respond_with(ResponseTemplate::new(503))
        .mount(&server)
        .await;
    let error = cloud(&server, password())
        .call::<Value>(list())
        .await
        .unwrap_err();
    assert_eq!(error.fault, Fault::Transient);
    assert_eq!(arrived(&server, TOKENS).await, 1);
}

#[rstest]
#[case(CredentialSource::Environment)]
#[case(CredentialSource::InstanceMetadata)]
#[case(CredentialSource::PodIdentity)]
#[tokio::test]
async fn the_operators_own_identity_is_not_sent_elsewhere(#[case] source: CredentialSource) {
    let settings = settings("http://127.0.0.1:1", source);
    let surroundings = Surroundings {
        variables: BTreeMap::from([
            ("HW_ACCESS_KEY".to_owned(), AK.to_owned()),
            ("HW_SECRET_KEY".to_owned(), SK.to_owned()),
        ]),
        metadata: Some("http://127.0.0.1:1".parse().unwrap()),
    };
    let error = HuaweiCloud::open_in(settings, &surroundings).unwrap_err();
    assert!(matches!(error, OpenError::OwnIdentityElsewhere));
    assert!(!format!("{surroundings:?}").contains(SK));
}

#[tokio::test]
async fn a_bundle_that_is_none_is_refused() {
    let mut settings = settings("http://127.0.0.1:1", keys());
    settings.ca_pem = Some(b"no certificate".to_vec());
    let surroundings = Surroundings {
        variables: BTreeMap::new(),
        metadata: None,
    };
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let error = HuaweiCloud::open_in(settings, &surroundings).unwrap_err();
    assert!(matches!(error, OpenError::Transport(_)));
}
