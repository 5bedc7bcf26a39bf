//! What every kind of failure means to the caller, and what is shown of it.
use super::vendor::*;
use replication_operator::remote::{Call, Fault, RemoteError};
use rstest::rstest;
use serde_json::Value;
use std::fmt::Write as _;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn failing(status: u16, body: &str) -> MockServer {
    let server = vendor().await;
    let template = ResponseTemplate::new(status)
        .insert_header("X-Request-Id", "r-1")
        .set_body_string(body);
    Mock::given(any()).respond_with(template).mount(&server).await;
    server
}

async fn failure(server: &MockServer, call: Call) -> RemoteError {
    cloud(server, keys()).call::<Value>(call).await.unwrap_err()
}

/// Everything that anyone could print of an error.
fn shown(error: &RemoteError) -> String {
    let mut text = format!("{error} {error:?} {}", error.message);
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text
}

#[rstest]
#[case::gateway(
    404,
    r#"{"error_msg":"The API does not exist.","error_code":"APIGW.0101","request_id":"g"}"#,
    Fault::Rejected,
    Some("APIGW.0101"),
    "The API does not exist."
)]
#[case::service(
    400,
    r#"{"error_code":"EG.00513000","error_msg":"Parameter error"}"#,
    Fault::Rejected,
    Some("EG.00513000"),
    "Parameter error"
)]
#[case::missing(
    404,
    r#"{"error_code":"EG.00014040","error_msg":"Not request resource found"}"#,
    Fault::NotFound,
    Some("EG.00014040"),
    "Not request resource found"
)]
#[case::keystone(
    403,
    r#"{"error":{"code":403,"message":"You are not authorized","title":"Forbidden"}}"#,
    Fault::Forbidden,
    Some("403"),
    "You are not authorized"
)]
#[case::cdm(
    500,
    r#"{"errCode":"Cdm.0100","externalMessage":"Job does not exist"}"#,
    Fault::Transient,
    Some("Cdm.0100"),
    "Job does not exist"
)]
#[case::nested(
    409,
    r#"{"error":{"code":"XXX.0001","message":"busy"}}"#,
    Fault::Conflict,
    Some("XXX.0001"),
    "busy"
)]
#[case::page(
    404,
    "<html>\n<h1>404</h1></html>",
    Fault::Malformed,
    None,
    "answered 404: <html> <h1>404</h1></html>"
)]
#[case::silent(401, "", Fault::Unauthorized, None, "answered 401 without a word")]
#[tokio::test]
async fn every_error_body_is_understood(
    #[case] status: u16,
    #[case] body: &str,
    #[case] fault: Fault,
    #[case] code: Option<&str>,
    #[case] message: &str,
) {
    let error = failure(&failing(status, body).await, list()).await;
    assert_eq!(
        (error.fault, error.code.as_deref(), error.message.as_str()),
        (fault, code, message)
    );
    assert_eq!(error.request_id.as_deref(), Some("r-1"));
    assert_eq!(error.operation, "ListEventRouterJobs");
}

#[rstest]
#[case(502, 3)]
#[case(503, 3)]
#[case(504, 3)]
#[case(500, 1)]
#[case(409, 1)]
#[tokio::test]
async fn a_read_is_repeated_twice_at_most(#[case] status: u16, #[case] sent: usize) {
    let server = failing(status, "").await;
    failure(&server, list()).await;
    assert_eq!(arrived(&server, "").await, sent);
}

#[rstest]
#[case(500, Fault::Ambiguous)]
#[case(502, Fault::Ambiguous)]
#[case(503, Fault::Transient)]
#[case(504, Fault::Ambiguous)]
#[tokio::test]
async fn a_write_is_never_repeated(#[case] status: u16, #[case] fault: Fault) {
    let server = failing(status, "").await;
    assert_eq!(failure(&server, create()).await.fault, fault);
    assert_eq!(arrived(&server, "").await, 1);
}

#[tokio::test]
async fn a_read_that_recovers_is_a_success() {
    let server = vendor().await;
    let away = ResponseTemplate::new(503);
    Mock::given(any())
        .respond_with(away)
        .up_to_n_times(2)
        .with_priority(1)
        .mount(&server)
        .await;
    let well = ResponseTemplate::new(200).set_body_string("{}");
    Mock::given(any()).respond_with(well).mount(&server).await;
    cloud(&server, keys()).call::<Value>(list()).await.unwrap();
}

#[rstest]
#[case(list(), Fault::Transient)]
#[case(create(), Fault::Ambiguous)]
#[tokio::test]
async fn no_answer_in_time(#[case] call: Call, #[case] fault: Fault) {
    let server = vendor().await;
    let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    Mock::given(any()).respond_with(late).mount(&server).await;
    let mut settings = settings(&server.uri(), keys());
    settings.options.request_timeout = Duration::from_millis(300);
    let error = open(settings).call::<Value>(call).await.unwrap_err();
    assert_eq!(error.fault, fault);
    assert_eq!(arrived(&server, "").await, 1);
}

#[rstest]
#[case(list())]
#[case(create())]
#[tokio::test]
async fn a_connection_that_was_never_made_had_no_effect(#[case] call: Call) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let cloud = open(settings(&address, keys()));
    assert_eq!(
        cloud.call::<Value>(call).await.unwrap_err().fault,
        Fault::Transient
    );
}

#[rstest]
#[case(list(), Fault::Transient, 3)]
#[case(create(), Fault::Ambiguous, 1)]
#[tokio::test]
async fn a_connection_that_breaks_after_the_request(
    #[case] call: Call,
    #[case] fault: Fault,
    #[case] connections: usize,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for _ in 0..connections {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await.unwrap();
            let _ = stream.shutdown().await;
        }
        listener
    });
    let error = open(settings(&address, keys()))
        .call::<Value>(call)
        .await
        .unwrap_err();
    assert_eq!(error.fault, fault);
    let listener = server.await.unwrap();
    let more = tokio::time::timeout(Duration::from_millis(20), listener.accept()).await;
    assert!(more.is_err(), "another connection was made");
}

#[rstest]
#[case(list(), Fault::Malformed)]
#[case(create(), Fault::Ambiguous)]
#[tokio::test]
async fn a_success_that_is_not_understood(#[case] call: Call, #[case] fault: Fault) {
    let server = failing(200, "<html>").await;
    let error = failure(&server, call).await;
    assert_eq!(error.fault, fault);
    assert_eq!(error.request_id.as_deref(), Some("r-1"));
}

#[tokio::test]
async fn an_endless_answer_is_not_read() {
    let server = vendor().await;
    let long = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 17 * 1024 * 1024]);
    Mock::given(any()).respond_with(long).mount(&server).await;
    assert_eq!(failure(&server, list()).await.fault, Fault::Malformed);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = vendor().await;
    let server = vendor().await;
    let away = ResponseTemplate::new(307).insert_header("location", other.uri());
    Mock::given(any()).respond_with(away).mount(&server).await;
    assert_eq!(failure(&server, create()).await.fault, Fault::Malformed);
    assert_eq!(arrived(&other, "").await, 0);
}

#[tokio::test]
async fn an_echo_of_what_was_signed_is_not_shown() {
    let token = "STexample-token/0001";
    let body = format!(
        r#"{{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:GET|/v1/|x-security-token:{token}|","request_id":"r"}}"#
    );
    let server = failing(401, &body).await;
    let cloud = cloud(&server, temporary_keys(token));
    let error = cloud.call::<Value>(list()).await.unwrap_err();
    assert_eq!(
        (error.fault, error.code.as_deref()),
        (Fault::Unauthorized, Some("APIGW.0301"))
    );
    assert!(error.message.contains("check that the key"));
    let shown = format!("{} {cloud:?}", shown(&error));
    for hidden in [token, SK, "canonicalRequest"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[tokio::test]
async fn secrets_of_the_body_and_of_ours_are_not_shown() {
    let body = format!(r#"{{"error_code":"EG.00513000","error_msg":"bad: kafka-pass-1 and {SK}"}}"#);
    let server = failing(400, &body).await;
    let call = create().hiding("kafka-pass-1".into());
    assert!(!format!("{call:?}").contains("kafka-pass-1"));
    let error = failure(&server, call).await;
    assert_eq!(error.message, "bad: [hidden] and [hidden]");
}

#[tokio::test]
async fn a_long_text_is_cut() {
    let server = failing(400, &"x".repeat(100_000)).await;
    assert!(failure(&server, list()).await.message.len() <= 1024);
}

#[tokio::test]
async fn the_calls_own_view_is_strongest() {
    let server = failing(400, r#"{"error_code":"DMS.00400026","error_msg":"busy"}"#).await;
    let call = Call::read("dms", "Show", "GET", ["v2", PID], |error| {
        (error.code.as_deref() == Some("DMS.00400026")).then_some(Fault::Conflict)
    });
    assert_eq!(failure(&server, call).await.fault, Fault::Conflict);
}
