//! What arrives at the vendor, byte for byte.
use super::vendor::*;
use replication_operator::remote::Call;
use replication_operator::remote::tencent::sign::{self, Unsigned};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::Request;

/// Signs what arrived once more and compares.
fn assert_signed(request: &Request) {
    let headers = [
        ("content-type", sent(request, "content-type")),
        ("host", sent(request, "host")),
    ];
    let again = Unsigned {
        service: "ckafka",
        timestamp: sent(request, "x-tc-timestamp").parse().unwrap(),
        headers: &headers,
        body: &request.body,
    };
    assert_eq!(
        sent(request, "authorization"),
        sign::authorization(&again, &ID.into(), &KEY.into()).unwrap()
    );
}

#[rstest]
#[case(describe(), "DescribeDatahubTask", r#"{"TaskId":"task-0a1b2c3d"}"#)]
#[case(
    create(),
    "CreateDatahubTask",
    r#"{"Description":"订单入库","TaskName":"orders"}"#
)]
#[tokio::test]
async fn a_request_is_signed_for_its_service_whatever_the_host(
    #[case] call: Call,
    #[case] action: &str,
    #[case] body: &str,
) {
    let server = answering(enveloped(json!({ "Result": {} }))).await;
    cloud(&server).call::<Value>(call).await.unwrap();
    let requests = arrived(&server).await;
    let request = &requests[0];
    assert_eq!((request.method.as_str(), request.url.path()), ("POST", "/"));
    assert_eq!(sent(request, "content-type"), "application/json");
    assert_eq!(sent(request, "host"), server.address().to_string());
    assert_eq!(sent(request, "x-tc-action"), action);
    assert_eq!(sent(request, "x-tc-version"), "2019-08-19");
    assert_eq!(sent(request, "x-tc-region"), "ap-guangzhou");
    assert_eq!(sent(request, "x-tc-language"), "en-US");
    assert!(!request.headers.contains_key("x-tc-token"));
    assert_eq!(std::str::from_utf8(&request.body).unwrap(), body);
    assert_signed(request);
}

#[tokio::test]
async fn a_token_is_sent_and_not_signed() {
    let server = answering(enveloped(json!({ "Result": {} }))).await;
    let cloud = open(settings(&server.uri(), keys(Some("TOKENVALUE"))));
    cloud.call::<Value>(describe()).await.unwrap();
    let requests = arrived(&server).await;
    assert_eq!(sent(&requests[0], "x-tc-token"), "TOKENVALUE");
    assert_signed(&requests[0]);
    assert!(!format!("{cloud:?}").contains("VALUE"));
}

#[tokio::test]
async fn an_answer_is_what_its_envelope_holds() {
    let template = enveloped(json!({ "Result": { "TaskId": "task-0a1b2c3d" } }))
        .insert_header("Date", "Thu, 08 Jan 2026 03:20:07 GMT");
    let server = answering(template).await;
    let answer = cloud(&server).call::<Value>(describe()).await.unwrap();
    assert_eq!(answer.body, json!({ "TaskId": "task-0a1b2c3d" }));
    assert_eq!(answer.request_id.as_deref(), Some("r-1"));
    assert_eq!(answer.server_time.unwrap().to_string(), "2026-01-08T03:20:07Z");
}

#[tokio::test]
async fn a_result_may_be_null() {
    let server = answering(enveloped(json!({ "Result": null }))).await;
    let answer = cloud(&server).call::<Option<Value>>(create()).await.unwrap();
    assert_eq!(answer.body, None);
}
