//! Whose account it is, and the operator's own identity.
use super::vendor::*;
use replication_operator::remote::tencent::{CKAFKA, TencentCloud};
use replication_operator::remote::{AccountFacts, CredentialSource, Fault, OpenError};
use rstest::rstest;
use serde_json::json;
use wiremock::MockServer;

async fn listing(server: &MockServer) {
    let page = json!({ "Result": { "TotalCount": 0, "TaskList": [] } });
    on_action(server, "DescribeDatahubTasks", enveloped(page)).await;
}

fn facts(account_id: Option<&str>) -> AccountFacts {
    AccountFacts {
        project_id: None,
        account_id: account_id.map(Into::into),
    }
}

#[tokio::test]
async fn keys_are_proved_by_a_short_list_and_the_account_named() {
    let server = MockServer::start().await;
    listing(&server).await;
    let caller = json!({ "AccountId": "100000000001", "Type": "CAMUser" });
    on_action(&server, "GetCallerIdentity", enveloped(caller)).await;
    assert_eq!(
        cloud(&server).verify().await.unwrap(),
        facts(Some("100000000001"))
    );
    let requests = arrived(&server).await;
    assert_eq!(requests[0].body, br#"{"Limit":1,"Offset":0}"#);
    assert_eq!(sent(&requests[1], "x-tc-version"), "2018-08-13");
    assert!(sent(&requests[1], "authorization").contains("/sts/tc3_request"));
}

#[tokio::test]
async fn what_another_service_says_of_the_keys_stops_nothing() {
    let server = MockServer::start().await;
    listing(&server).await;
    let refused = failed("AuthFailure.SecretIdNotFound", "no such id");
    on_action(&server, "GetCallerIdentity", refused).await;
    let cloud = cloud(&server);
    assert_eq!(cloud.verify().await.unwrap(), facts(None));
    assert_eq!(cloud.verify().await.unwrap(), facts(None));
}

#[tokio::test]
async fn behind_an_address_of_ones_own_nobody_else_is_asked() {
    let server = MockServer::start().await;
    listing(&server).await;
    let mut settings = settings(&server.uri(), keys(None));
    settings.endpoints.remove("sts");
    assert_eq!(open(settings).verify().await.unwrap(), facts(None));
    assert_eq!(arrived(&server).await.len(), 1);
}

#[tokio::test]
async fn refused_keys_fail_the_proof() {
    let server = answering(failed("AuthFailure.SignatureFailure", "no")).await;
    let error = cloud(&server).verify().await.unwrap_err();
    assert_eq!(error.fault, Fault::Unauthorized);
    assert_eq!(arrived(&server).await.len(), 1);
}

#[rstest]
#[case(CredentialSource::Environment)]
#[case(CredentialSource::InstanceMetadata)]
#[case(CredentialSource::PodIdentity)]
fn the_operators_own_identity_is_not_sent_elsewhere(#[case] source: CredentialSource) {
    let settings = settings("http://127.0.0.1:1", source);
    let around = surroundings(&[("TENCENTCLOUD_SECRET_ID", ID), ("TENCENTCLOUD_SECRET_KEY", KEY)]);
    let error = TencentCloud::open_in(settings, &around).unwrap_err();
    assert!(matches!(error, OpenError::OwnIdentityElsewhere));
}

#[rstest]
#[case(CredentialSource::Environment, "TENCENTCLOUD_SECRET_ID")]
#[case(CredentialSource::PodIdentity, "TKE_ROLE_ARN")]
fn an_identity_that_is_not_there_is_named(#[case] source: CredentialSource, #[case] word: &str) {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut settings = settings("http://127.0.0.1:1", source);
    settings.endpoints.clear();
    let error = TencentCloud::open_in(settings, &surroundings(&[])).unwrap_err();
    assert!(error.to_string().contains(word), "{error}");
}

#[test]
fn keys_of_another_vendor_are_none() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let other = replication_operator::remote::credentials::HuaweiKeys {
        access_key: ID.into(),
        secret_key: KEY.into(),
        security_token: None,
    };
    let credentials = replication_operator::remote::Credentials::HuaweiKeys(other);
    let mut settings = settings("http://127.0.0.1:1", CredentialSource::Given(credentials));
    settings.endpoints.remove(CKAFKA);
    let error = TencentCloud::open_in(settings, &surroundings(&[])).unwrap_err();
    assert!(matches!(error, OpenError::Provider("Tencent Cloud")));
}
