//! The scripted vendor and accounts that call it.
use replication_operator::remote::credentials::TencentKeys;
use replication_operator::remote::tencent::{CKAFKA, TencentCloud};
use replication_operator::remote::{
    Call, CredentialSource, Credentials, Fault, Gate, PathSegments, Rate, Settings, Surroundings, VendorError,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use wiremock::matchers::{any, header};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const ID: &str = "AKIDEXAMPLE0000000000000000000000000";
pub const KEY: &str = "SecretKeyExample00000000000000000";

pub fn keys(token: Option<&str>) -> CredentialSource {
    CredentialSource::Given(Credentials::TencentKeys(TencentKeys {
        secret_id: ID.into(),
        secret_key: KEY.into(),
        token: token.map(Into::into),
    }))
}

/// Settings whose services are all at this address, with room for many calls.
pub fn settings(address: &str, credentials: CredentialSource) -> Settings {
    let wide = Rate {
        requests_per_second: 1000.0,
        burst: 1000,
    };
    let mut settings = Settings::new("ap-guangzhou", credentials);
    settings.endpoints = [CKAFKA, "sts"]
        .map(|service| (service.to_owned(), address.parse().unwrap()))
        .into();
    settings.rate_limit = BTreeMap::from([(CKAFKA.to_owned(), wide)]);
    settings.options.request_timeout = Duration::from_secs(10);
    settings
}

pub fn surroundings(variables: &[(&str, &str)]) -> Surroundings {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Surroundings {
        variables: variables.collect(),
        metadata: None,
    }
}

pub fn open(settings: Settings) -> TencentCloud {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    TencentCloud::open_in(settings, &surroundings(&[])).unwrap()
}

pub fn cloud(server: &MockServer) -> TencentCloud {
    open(settings(&server.uri(), keys(None)))
}

pub const fn no_view(_: &VendorError) -> Option<Fault> {
    None
}

pub fn describe() -> Call {
    Call::read(
        CKAFKA,
        "DescribeDatahubTask",
        "POST",
        PathSegments::default(),
        no_view,
    )
    .json(&json!({ "TaskId": "task-0a1b2c3d" }))
    .unwrap()
}

pub fn create() -> Call {
    let permit = Gate::Open.permit().unwrap();
    let action = "CreateDatahubTask";
    Call::write(&permit, CKAFKA, action, "POST", PathSegments::default(), no_view)
        .json(&json!({ "TaskName": "orders", "Description": "订单入库" }))
        .unwrap()
}

/// What an answer looks like, whatever is in it.
pub fn enveloped(inside: Value) -> ResponseTemplate {
    let mut inside = inside;
    inside["RequestId"] = "r-1".into();
    ResponseTemplate::new(200).set_body_json(json!({ "Response": inside }))
}

pub fn failed(code: &str, message: &str) -> ResponseTemplate {
    enveloped(json!({ "Error": { "Code": code, "Message": message } }))
}

pub async fn answering(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(template).mount(&server).await;
    server
}

pub async fn on_action(server: &MockServer, action: &str, template: ResponseTemplate) {
    Mock::given(header("x-tc-action", action))
        .respond_with(template)
        .mount(server)
        .await;
}

pub async fn arrived(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

pub fn sent<'a>(request: &'a Request, name: &str) -> &'a str {
    request
        .headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}
