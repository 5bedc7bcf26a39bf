//! What arrives at the vendor, byte for byte.
use super::vendor::*;
use replication_operator::remote::huawei::sign::{self, Unsigned};
use replication_operator::remote::{Call, Gate};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

async fn answering(template: ResponseTemplate) -> MockServer {
    let server = vendor().await;
    Mock::given(any()).respond_with(template).mount(&server).await;
    server
}

async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request
        .headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// Signs what arrived once more, with the headers that the signature names, and compares.
fn assert_signed(request: &Request, expected_names: &str) {
    let authorization = header(request, "authorization");
    let names = authorization.split("SignedHeaders=").nth(1).unwrap();
    let names = names.split(',').next().unwrap();
    assert_eq!(names, expected_names);
    let headers: Vec<(&str, &str)> = names
        .split(';')
        .map(|name| (name, header(request, name)))
        .collect();
    let pairs: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let again = Unsigned {
        method: request.method.as_str(),
        path: request.url.path(),
        query: &pairs,
        headers: &headers,
        body: &request.body,
    };
    assert_eq!(
        authorization,
        sign::authorization(&again, &AK.into(), &SK.into()).unwrap()
    );
}

#[tokio::test]
async fn a_read_is_signed_and_carries_the_project() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let call = list()
        .query("offset", "0")
        .query("limit", "100")
        .query("fuzzy_name", "a b/é");
    cloud(&server, keys()).call::<Value>(call).await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.method.as_str(), "GET");
    assert_eq!(request.url.path(), format!("/v1/{PID}/eventrouter/jobs"));
    assert_eq!(
        request.url.query(),
        Some("fuzzy_name=a%20b%2F%C3%A9&limit=100&offset=0")
    );
    assert_signed(&request, "content-type;host;x-project-id;x-sdk-date");
    assert_eq!(header(&request, "content-type"), "application/json");
    assert_eq!(header(&request, "x-project-id"), PID);
    assert_eq!(header(&request, "host"), server.address().to_string());
    assert_eq!(header(&request, "x-sdk-date").len(), "20260102T030405Z".len());
    assert!(!request.headers.contains_key("content-length"));
    assert!(!request.headers.contains_key("x-auth-token"));
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn a_write_is_signed_with_its_body() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({ "id": "j" }))).await;
    let answer = cloud(&server, keys()).call::<Value>(create()).await.unwrap();
    assert_eq!(answer.body["id"], "j");
    let request = only_request(&server).await;
    assert_eq!(request.method.as_str(), "POST");
    assert_eq!(request.body, br#"{"name":"orders"}"#);
    assert_signed(&request, "content-type;host;x-project-id;x-sdk-date");
}

#[tokio::test]
async fn a_request_without_a_body_says_so() {
    for method in ["DELETE", "PUT", "POST"] {
        let server = answering(ResponseTemplate::new(204)).await;
        let call = Call::write(
            &permit(),
            "dms",
            "PauseTask",
            method,
            ["v2", PID, "task", "pause"],
            no_view,
        );
        cloud(&server, keys()).call::<()>(call).await.unwrap();
        let request = only_request(&server).await;
        assert_eq!(header(&request, "content-length"), "0", "{method}");
        assert_signed(&request, "content-type;host;x-project-id;x-sdk-date");
    }
}

#[tokio::test]
async fn every_segment_is_escaped_by_itself() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let path = [
        "v1.1",
        PID,
        "clusters",
        "cl-1",
        "cdm",
        "job",
        "my job:one/two%20ü?#;",
    ];
    let call = Call::read("cdm", "ShowJobs", "GET", path, no_view);
    cloud(&server, keys()).call::<Value>(call).await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(
        request.url.path(),
        format!("/v1.1/{PID}/clusters/cl-1/cdm/job/my%20job%3Aone%2Ftwo%2520%C3%BC%3F%23%3B")
    );
    assert_signed(&request, "content-type;host;x-project-id;x-sdk-date");
}

#[tokio::test]
async fn an_empty_segment_never_leaves() {
    let server = answering(ResponseTemplate::new(200)).await;
    let call = Call::write(
        &permit(),
        "eg",
        "Delete",
        "DELETE",
        ["v1", PID, "jobs", ""],
        no_view,
    );
    let error = cloud(&server, keys()).call::<()>(call).await.unwrap_err();
    assert_eq!(error.fault.as_str(), "Rejected");
    assert_eq!(arrived(&server, "").await, 0);
}

#[tokio::test]
async fn temporary_keys_sign_their_token() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let cloud = cloud(&server, temporary_keys("STexample-token/0001"));
    cloud.call::<Value>(list()).await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(header(&request, "x-security-token"), "STexample-token/0001");
    assert_signed(
        &request,
        "content-type;host;x-project-id;x-sdk-date;x-security-token",
    );
}

#[tokio::test]
async fn calls_to_the_identity_service_carry_no_project() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let call = Call::read("iam", "List", "GET", ["v3", "auth", "domains"], no_view);
    cloud(&server, keys()).call::<Value>(call).await.unwrap();
    let request = only_request(&server).await;
    assert_signed(&request, "content-type;host;x-sdk-date");
    assert!(!request.headers.contains_key("x-project-id"));
}

#[tokio::test]
async fn an_answer_keeps_the_request_id_and_the_vendors_clock() {
    let template = ResponseTemplate::new(200)
        .insert_header("X-Request-Id", "r-1")
        .insert_header("Date", "Thu, 08 Jan 2026 03:20:07 GMT")
        .set_body_json(json!({ "total": 3 }));
    let server = answering(template).await;
    let answer = cloud(&server, keys()).call::<Value>(list()).await.unwrap();
    assert_eq!(answer.request_id.as_deref(), Some("r-1"));
    assert_eq!(answer.server_time.unwrap().to_string(), "2026-01-08T03:20:07Z");
    assert_eq!(answer.body["total"], 3);
}

#[test]
fn a_closed_gate_gives_no_permit() {
    assert!(Gate::Closed.permit().is_none());
    assert!(Gate::Open.permit().is_some());
}
