//! The operator's own identity against scripted sources.
use super::*;
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const ROLES: &str = "/latest/meta-data/cam/security-credentials/";
const DATE: &str = "Wed, 01 Jan 2025 00:00:00 GMT";

fn transport() -> Transport {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Transport::local(Duration::from_secs(1)).unwrap()
}

fn answer(body: &serde_json::Value) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .insert_header("date", DATE)
        .set_body_raw(body.to_string(), "application/json")
}

fn keys() -> serde_json::Value {
    json!({ "TmpSecretId": "ID1", "TmpSecretKey": "KEYVALUE", "Token": "TOKENVALUE" })
}

fn machine(server: &MockServer) -> Own {
    Own::Machine {
        base: server.uri().parse().unwrap(),
        transport: transport(),
    }
}

async fn roles(server: &MockServer, text: &str) {
    Mock::given(method("GET"))
        .and(path(ROLES))
        .respond_with(ResponseTemplate::new(200).set_body_string(text))
        .mount(server)
        .await;
}

#[tokio::test]
async fn a_machine_is_asked_for_its_role_and_the_role_for_keys() {
    let server = MockServer::start().await;
    roles(&server, "replication\n").await;
    let mut body = keys();
    body["ExpiredTime"] = 1_735_693_200.into();
    body["Code"] = "Success".into();
    Mock::given(path(format!("{ROLES}replication")))
        .respond_with(answer(&body))
        .expect(1)
        .mount(&server)
        .await;
    let fetched = machine(&server).fetch().await.unwrap();
    assert_eq!(fetched.value.secret_id.expose_secret(), "ID1");
    assert_eq!(fetched.value.secret_key.expose_secret(), "KEYVALUE");
    assert_eq!(fetched.value.token.unwrap().expose_secret(), "TOKENVALUE");
    // By the clock of the source, not by ours.
    assert_eq!(fetched.lifetime.unwrap().as_secs(), 3600);
}

#[tokio::test]
async fn a_machine_without_a_role_is_refused() {
    let server = MockServer::start().await;
    roles(&server, "\n").await;
    let error = machine(&server).fetch().await.unwrap_err();
    assert_eq!(error.fault, Fault::Unauthorized);
    let bare = MockServer::start().await;
    let error = machine(&bare).fetch().await.unwrap_err();
    assert_eq!(error.fault, Fault::Unauthorized);
    assert!(error.message.contains("role"));
}

fn pod(server: &MockServer, token_file: PathBuf) -> Own {
    Own::Pod(Pod {
        sts: server.uri().parse().unwrap(),
        region: "ap-guangzhou".into(),
        provider_id: "OIDC".into(),
        role_arn: "qcs::cam::uin/100000000001:roleName/replication".into(),
        token_file,
        transport: transport(),
    })
}

#[tokio::test]
async fn a_pod_shows_the_token_of_its_file_each_time_and_signs_nothing() {
    let server = MockServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let body =
        json!({ "Response": { "Credentials": keys(), "ExpiredTime": 1_735_696_800, "RequestId": "r" } });
    for token in ["first", "second"] {
        let sent = json!({ "WebIdentityToken": token, "ProviderId": "OIDC", "DurationSeconds": 7200,
            "RoleArn": "qcs::cam::uin/100000000001:roleName/replication", "RoleSessionName": "replication-operator" });
        Mock::given(method("POST"))
            .and(path("/"))
            .and(header("authorization", "SKIP"))
            .and(header("x-tc-action", "AssumeRoleWithWebIdentity"))
            .and(header("x-tc-version", "2018-08-13"))
            .and(header("x-tc-region", "ap-guangzhou"))
            .and(body_partial_json(sent))
            .respond_with(answer(&body))
            .expect(1)
            .mount(&server)
            .await;
    }
    let own = pod(&server, file.clone());
    std::fs::write(&file, "first\n").unwrap();
    own.fetch().await.unwrap();
    std::fs::write(&file, "second\n").unwrap();
    let fetched = own.fetch().await.unwrap();
    assert_eq!(fetched.value.secret_id.expose_secret(), "ID1");
    assert_eq!(fetched.lifetime.unwrap().as_secs(), 7200);
}

#[tokio::test]
async fn a_refused_role_is_told_by_its_code_alone() {
    let server = MockServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "TOKENVALUE").unwrap();
    let body = json!({ "Response": { "Error": { "Code": "InvalidParameter.WebIdentityTokenError",
        "Message": "TOKENVALUE is spent" }, "RequestId": "r" } });
    Mock::given(method("POST"))
        .respond_with(answer(&body))
        .mount(&server)
        .await;
    let error = pod(&server, file).fetch().await.unwrap_err();
    assert_eq!(error.fault, Fault::Unauthorized);
    assert_eq!(
        error.code.as_deref(),
        Some("InvalidParameter.WebIdentityTokenError")
    );
    assert!(!format!("{error:?}{error}").contains("TOKENVALUE"));
}

#[tokio::test]
async fn an_answer_without_keys_is_not_shown() {
    let server = MockServer::start().await;
    roles(&server, "r").await;
    Mock::given(path(format!("{ROLES}r")))
        .respond_with(answer(
            &json!({ "TmpSecretId": "ID1", "TmpSecretKey": "KEYVALUE" }),
        ))
        .mount(&server)
        .await;
    let error = machine(&server).fetch().await.unwrap_err();
    assert_eq!(error.fault, Fault::Malformed);
    assert!(!format!("{error:?}{error}").contains("VALUE"));
}

#[test]
fn the_environment_is_read() {
    let variables = BTreeMap::from(
        [
            ("TENCENTCLOUD_SECRET_ID", "i"),
            ("TENCENTCLOUD_SECRET_KEY", "k"),
            ("TENCENTCLOUD_SECURITY_TOKEN", "t"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let Ok(Credentials::TencentKeys(keys)) = from_environment(&variables) else {
        panic!("no keys");
    };
    assert_eq!(keys.secret_id.expose_secret(), "i");
    assert_eq!(keys.token.unwrap().expose_secret(), "t");
    assert!(from_environment(&BTreeMap::new()).is_err());
}
