//! The scripted vendor and accounts that call it.
use replication_operator::remote::credentials::{HuaweiKeys, HuaweiPassword};
use replication_operator::remote::huawei::HuaweiCloud;
use replication_operator::remote::{
    Call, CredentialSource, Credentials, Fault, Gate, Rate, Settings, Surroundings, VendorError, WritePermit,
};
use std::collections::BTreeMap;
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const AK: &str = "AKEXAMPLE00000000001";
pub const SK: &str = "SKexample/Secret+Key0000000000000000=001";
pub const PID: &str = "0123456789abcdef0123456789abcdef";
pub const PASSWORD: &str = "pass \"word\" 1";

/// A server that answers 500 with the request's own text to whatever is not scripted.
pub async fn vendor() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(|request: &Request| {
            let text = format!("not scripted: {} {}", request.method, request.url);
            ResponseTemplate::new(500).set_body_string(text)
        })
        .with_priority(255)
        .mount(&server)
        .await;
    server
}

pub fn keys() -> CredentialSource {
    CredentialSource::Given(Credentials::HuaweiKeys(HuaweiKeys {
        access_key: AK.into(),
        secret_key: SK.into(),
        security_token: None,
    }))
}

pub fn temporary_keys(token: &str) -> CredentialSource {
    CredentialSource::Given(Credentials::HuaweiKeys(HuaweiKeys {
        access_key: AK.into(),
        secret_key: SK.into(),
        security_token: Some(token.into()),
    }))
}

pub fn password() -> CredentialSource {
    CredentialSource::Given(Credentials::HuaweiPassword(HuaweiPassword {
        user_name: "operator".into(),
        password: PASSWORD.into(),
        domain_name: "account".into(),
    }))
}

/// Settings whose services are all at this address, with room for many calls.
pub fn settings(address: &str, credentials: CredentialSource) -> Settings {
    let services = ["eg", "dms", "cdm", "iam"];
    let wide = Rate {
        requests_per_second: 1000.0,
        burst: 1000,
    };
    let mut settings = Settings::new("cn-north-4", credentials);
    settings.project_id = Some(PID.into());
    settings.endpoints = services.map(|s| (s.to_owned(), address.parse().unwrap())).into();
    settings.rate_limit = services.map(|s| (s.to_owned(), wide)).into();
    settings.options.request_timeout = Duration::from_secs(10);
    settings
}

pub fn open(settings: Settings) -> HuaweiCloud {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let surroundings = Surroundings {
        variables: BTreeMap::new(),
        metadata: None,
    };
    HuaweiCloud::open_in(settings, &surroundings).unwrap()
}

pub fn cloud(server: &MockServer, credentials: CredentialSource) -> HuaweiCloud {
    open(settings(&server.uri(), credentials))
}

pub const fn no_view(_: &VendorError) -> Option<Fault> {
    None
}

pub fn permit() -> WritePermit {
    Gate::Open.permit().unwrap()
}

pub fn list() -> Call {
    Call::read(
        "eg",
        "ListEventRouterJobs",
        "GET",
        ["v1", PID, "eventrouter", "jobs"],
        no_view,
    )
}

pub fn create() -> Call {
    let path = ["v1", PID, "eventrouter", "jobs"];
    Call::write(&permit(), "eg", "CreateEventRouterJob", "POST", path, no_view)
        .json(&serde_json::json!({ "name": "orders" }))
        .unwrap()
}

/// How many requests arrived at paths that hold this text.
pub async fn arrived(server: &MockServer, path: &str) -> usize {
    let requests = server.received_requests().await.unwrap();
    requests
        .iter()
        .filter(|request| request.url.path().contains(path))
        .count()
}
