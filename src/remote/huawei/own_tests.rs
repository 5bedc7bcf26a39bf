//! The operator's own identity against scripted sources.
use super::*;
use crate::remote::Fault;
use secrecy::ExposeSecret;
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEYS: &str = "/openstack/latest/securitykey";
const TOKEN: &str = "/meta-data/latest/api/token";

fn transport() -> Transport {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Transport::local(Duration::from_secs(1)).unwrap()
}

fn metadata(server: &MockServer) -> Own {
    Own::metadata(server.uri().parse().unwrap(), transport())
}

fn keys(access: &str) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .insert_header("date", "Thu, 08 Jan 2026 03:20:07 GMT")
        .set_body_raw(
            format!(
                r#"{{"credential":{{"access":"{access}","secret":"SKVALUE","securitytoken":"STVALUE","expires_at":"2026-01-08T03:50:07.574000Z"}}}}"#
            ),
            "application/json",
        )
}

#[tokio::test]
async fn the_second_version_is_asked_with_a_token() {
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .and(path(TOKEN))
        .and(header("x-metadata-token-ttl-seconds", "21600"))
        .respond_with(ResponseTemplate::new(200).set_body_string("the-token\n"))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(KEYS))
        .and(header("x-metadata-token", "the-token"))
        .respond_with(keys("AK1"))
        .expect(2)
        .mount(&server)
        .await;
    let own = metadata(&server);
    own.fetch().await.unwrap();
    let fetched = own.fetch().await.unwrap();
    assert_eq!(fetched.value.access_key.expose_secret(), "AK1");
    assert_eq!(fetched.value.secret_key.expose_secret(), "SKVALUE");
    assert_eq!(fetched.value.security_token.unwrap().expose_secret(), "STVALUE");
    // By the clock of the source, not by ours.
    assert_eq!(fetched.lifetime.unwrap().as_secs(), 1800);
}

#[tokio::test]
async fn the_first_version_is_asked_without_a_token() {
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .and(path(TOKEN))
        .respond_with(ResponseTemplate::new(405))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(KEYS))
        .respond_with(keys("AK1"))
        .mount(&server)
        .await;
    let own = metadata(&server);
    own.fetch().await.unwrap();
    own.fetch().await.unwrap();
    for request in server.received_requests().await.unwrap() {
        assert!(!request.headers.contains_key("x-metadata-token"));
    }
}

#[tokio::test]
async fn a_spent_token_is_renewed_once() {
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .and(path(TOKEN))
        .respond_with(ResponseTemplate::new(200).set_body_string("t"))
        .expect(2)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(KEYS))
        .respond_with(ResponseTemplate::new(401))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(KEYS))
        .respond_with(keys("AK2"))
        .mount(&server)
        .await;
    let fetched = metadata(&server).fetch().await.unwrap();
    assert_eq!(fetched.value.access_key.expose_secret(), "AK2");
}

#[tokio::test]
async fn a_machine_without_an_agency_is_refused() {
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .respond_with(ResponseTemplate::new(200).set_body_string("t"))
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(
            ResponseTemplate::new(401).set_body_string("Please configure Cloud Service Agency first"),
        )
        .expect(2)
        .mount(&server)
        .await;
    let error = metadata(&server).fetch().await.unwrap_err();
    assert_eq!(error.fault, Fault::Unauthorized);
    assert!(error.message.contains("agency"));
}

#[tokio::test]
async fn an_answer_without_keys_is_not_shown() {
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .respond_with(ResponseTemplate::new(404))
        .mount(&server)
        .await;
    let body = r#"{"credential":{"access":"AKVALUE","secret":"SKVALUE","securitytoken":"STVALUE","expires_at":"soon"}}"#;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_string(body))
        .mount(&server)
        .await;
    let error = metadata(&server).fetch().await.unwrap_err();
    assert_eq!(error.fault, Fault::Malformed);
    assert!(!format!("{error:?}{error}").contains("VALUE"));
}

#[tokio::test]
async fn a_pod_shows_the_token_of_its_file_each_time() {
    let server = MockServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let body = r#"{"assumedAgency":{"urn":"u","id":"i"},"audience":"service.cce.pods","credentials":{"accessKeyId":"AK1",
        "secretAccessKey":"SK1","securityToken":"ST1","expiration":"2026-01-08T03:50:07.574000Z"},
        "podIdentityAssociationId":"p","subject":{"namespace":"n","serviceAccount":"s"}}"#;
    for token in ["first", "second"] {
        Mock::given(method("POST"))
            .and(path("/v1/credentials"))
            .and(header("authorization", token))
            .and(body_string("{}"))
            .respond_with(
                ResponseTemplate::new(200)
                    .insert_header("date", "Thu, 08 Jan 2026 02:50:07 GMT")
                    .set_body_raw(body, "application/json"),
            )
            .expect(1)
            .mount(&server)
            .await;
    }
    let own = Own::Pod {
        url: format!("{}/v1/credentials", server.uri()).parse().unwrap(),
        token_file: file.clone(),
        transport: transport(),
    };
    std::fs::write(&file, "first\n").unwrap();
    own.fetch().await.unwrap();
    std::fs::write(&file, "second\n").unwrap();
    let fetched = own.fetch().await.unwrap();
    assert_eq!(fetched.value.access_key.expose_secret(), "AK1");
    assert_eq!(fetched.lifetime.unwrap().as_secs(), 3600);
}

#[tokio::test]
async fn a_pod_without_its_file_waits() {
    let own = Own::Pod {
        url: "http://127.0.0.1:1/".parse().unwrap(),
        token_file: "/nowhere/token".into(),
        transport: transport(),
    };
    assert_eq!(own.fetch().await.unwrap_err().fault, Fault::Transient);
}

fn environment(variables: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    from_environment(&variables.collect())
}

#[test]
fn the_environment_is_read_in_one_vocabulary() {
    let both = [
        ("HW_ACCESS_KEY", "AK1"),
        ("HW_SECRET_KEY", "SK1"),
        ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "ST2"),
    ];
    let Ok(Credentials::HuaweiKeys(keys)) = environment(&both) else {
        panic!("no keys");
    };
    assert_eq!(keys.access_key.expose_secret(), "AK1");
    assert!(keys.security_token.is_none());
    let sdk = [
        ("HUAWEICLOUD_SDK_AK", "AK2"),
        ("HUAWEICLOUD_SDK_SK", "SK2"),
        ("HW_DOMAIN_NAME", "d"),
    ];
    let Ok(Credentials::HuaweiKeys(keys)) = environment(&sdk) else {
        panic!("no keys");
    };
    assert_eq!(keys.access_key.expose_secret(), "AK2");
    let password = [
        ("HW_USER_NAME", "u"),
        ("HW_USER_PASSWORD", "p"),
        ("HW_DOMAIN_NAME", "d"),
    ];
    assert!(matches!(
        environment(&password),
        Ok(Credentials::HuaweiPassword(_))
    ));
    assert!(environment(&[]).is_err());
}
