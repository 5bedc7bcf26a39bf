//! Who is let in: signatures, locks, tokens, temporary keys, projects.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{AK, Answer, PROJECT, Sim, send};
use reqwest::Method;
use serde_json::{Value, json};

fn login(password: &str, scope: &Value) -> Value {
    json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": "replication-operator", "password": password, "domain": {"name": "acme"}}}},
        "scope": scope}})
}

async fn ask_token(sim: &Sim, body: &Value) -> Answer {
    send(
        sim.http
            .post(format!("{}/v3/auth/tokens?nocatalog=true", sim.url))
            .json(body),
    )
    .await
    .unwrap()
}

async fn token(sim: &Sim) -> String {
    let answer = ask_token(
        sim,
        &login("Operator@Sim2026", &json!({"project": {"name": "cn-south-1"}})),
    )
    .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.headers["x-subject-token"].to_str().unwrap().to_owned()
}

async fn jobs_with(sim: &Sim, token: &str) -> Answer {
    let url = format!("{}/v1/{PROJECT}/eventrouter/jobs", sim.url);
    send(sim.http.get(url).header("x-auth-token", token))
        .await
        .unwrap()
}

const JOBS: &str = "/v1/5a1f0c2b77d94a6c8b1e90d3c4f7a210/eventrouter/jobs";

#[tokio::test]
async fn a_good_signature_is_let_in() {
    let sim = Sim::start();
    let answer = sim
        .get(&format!("{JOBS}?limit=10&offset=0&fuzzy_name=a%20b%2Fc"))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json(), json!({"total": 0, "size": 0, "items": []}));
    assert_eq!(answer.headers["x-request-id"].len(), 32);
    let log = sim.requests().await;
    assert_eq!(log[0]["principal"], "replication-operator");
    assert_eq!(log[0]["credential"], AK);
}

#[tokio::test]
async fn a_bad_signature_is_answered_with_the_canonical_request_and_the_sixth_locks_the_key() {
    let mut sim = Sim::start();
    let good = std::mem::replace(&mut sim.key.1, "wrong".to_owned());
    for _ in 0..6 {
        let answer = sim.get(JOBS).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (401, "APIGW.0301")
        );
        let text = answer.json()["error_msg"].as_str().unwrap().to_owned();
        let start = format!(
            "Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:GET|{JOBS}/||content-type:"
        );
        assert!(text.starts_with(&start), "{text}");
        assert_eq!(
            answer.json()["request_id"],
            answer.headers["x-request-id"].to_str().unwrap()
        );
    }
    sim.key.1 = good;
    let text = sim.get(JOBS).await.text;
    assert!(
        text.contains("AK access failed to reach the limit,forbidden."),
        "{text}"
    );
    sim.admin(Method::DELETE, "/locks", &Value::Null).await;
    assert_eq!(sim.get(JOBS).await.status, 200);
}

#[tokio::test]
async fn five_bad_signatures_do_not_lock() {
    let mut sim = Sim::start();
    let good = std::mem::replace(&mut sim.key.1, "wrong".to_owned());
    for _ in 0..5 {
        assert_eq!(sim.get(JOBS).await.status, 401);
    }
    sim.key.1 = good;
    assert_eq!(sim.get(JOBS).await.status, 200);
}

#[tokio::test]
async fn an_unknown_key_and_no_credentials_are_told_apart() {
    let mut sim = Sim::start();
    sim.key.0 = "NOSUCHKEY".to_owned();
    assert!(sim.get(JOBS).await.text.contains("ak NOSUCHKEY not exist"));
    let bare = send(sim.http.get(format!("{}{JOBS}", sim.url))).await.unwrap();
    assert_eq!(bare.status, 401);
    assert!(bare.text.contains("x-auth-token not found"));
}

#[tokio::test]
async fn a_skewed_date_is_refused() {
    let sim = Sim::start();
    let answer = send(sim.signed_at(&Method::GET, JOBS, "", "20260102T030405Z"))
        .await
        .unwrap();
    assert_eq!(answer.status, 401);
    assert!(
        answer
            .text
            .contains("signature expired, signature time:20260102T030405Z,server time:"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_changed_body_is_refused() {
    let sim = Sim::start();
    let request = sim.signed(&Method::POST, JOBS, "{\"a\":1}").body("{\"a\":2}");
    assert_eq!(send(request).await.unwrap().code(), "APIGW.0301");
}

#[tokio::test]
async fn a_project_token_works_until_it_is_expired() {
    let sim = Sim::start();
    let token = token(&sim).await;
    assert!(token.starts_with("MII"));
    assert_eq!(jobs_with(&sim, &token).await.status, 200);
    assert!(
        jobs_with(&sim, "nonsense")
            .await
            .text
            .contains("decrypt token fail")
    );
    sim.admin(Method::POST, "/tokens/expire", &Value::Null).await;
    let answer = jobs_with(&sim, &token).await;
    assert_eq!(answer.code(), "APIGW.0301");
    assert!(answer.text.contains("token expires, expires_at: "), "{answer:?}");
}

#[tokio::test]
async fn a_changed_password_asks_for_a_new_token() {
    let sim = Sim::start();
    let token = token(&sim).await;
    let mut users = sim.admin(Method::GET, "/world", &Value::Null).await["huawei"]["users"].clone();
    users[0]["password"] = json!("Other@2026");
    sim.admin(Method::PATCH, "/world", &json!({"huawei": {"users": users}}))
        .await;
    let answer = jobs_with(&sim, &token).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (401, "APIGW.0307")
    );
}

#[tokio::test]
async fn a_domain_token_is_not_for_project_services() {
    let sim = Sim::start();
    let answer = ask_token(
        &sim,
        &login("Operator@Sim2026", &json!({"domain": {"name": "acme"}})),
    )
    .await;
    assert_eq!(answer.json()["token"]["domain"]["name"], "acme");
    let token = answer.headers["x-subject-token"].to_str().unwrap().to_owned();
    assert_eq!(jobs_with(&sim, &token).await.status, 403);
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_the_fifth_locks_the_user() {
    let sim = Sim::start();
    let scope = json!({"project": {"name": "cn-south-1"}});
    for _ in 0..5 {
        let answer = ask_token(&sim, &login("wrong", &scope)).await;
        assert_eq!(answer.status, 401);
        assert_eq!(
            answer.json(),
            json!({"error": {"code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"}})
        );
    }
    let answer = ask_token(&sim, &login("Operator@Sim2026", &scope)).await;
    assert_eq!(answer.json()["error"]["message"], "The account is locked.");
}

#[tokio::test]
async fn a_malformed_login_and_an_unknown_project_are_told_apart() {
    let sim = Sim::start();
    assert_eq!(ask_token(&sim, &json!({"auth": {}})).await.status, 400);
    let nowhere = json!({"project": {"name": "nowhere"}});
    assert_eq!(
        ask_token(&sim, &login("Operator@Sim2026", &nowhere)).await.status,
        404
    );
}

#[tokio::test]
async fn a_token_is_validated() {
    let sim = Sim::start();
    let token = token(&sim).await;
    let ask = |subject: String| {
        let request = sim
            .http
            .get(format!("{}/v3/auth/tokens", sim.url))
            .header("x-auth-token", &token);
        send(request.header("x-subject-token", subject))
    };
    let answer = ask(token.clone()).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["token"]["project"]["id"], PROJECT);
    assert_eq!(ask("none".to_owned()).await.unwrap().status, 404);
}

#[tokio::test]
async fn a_temporary_key_needs_its_security_token() {
    let mut sim = Sim::start();
    let body = json!({"auth": {"identity": {"methods": ["token"], "token": {"duration_seconds": 900}}}});
    let answer = sim
        .call(Method::POST, "/v3.0/OS-CREDENTIAL/securitytokens", &body)
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let credential = answer.json()["credential"].clone();
    let member = |name: &str| credential[name].as_str().unwrap().to_owned();
    sim.key = (member("access"), member("secret"));
    assert_eq!(sim.get(JOBS).await.status, 401);
    let with = sim
        .signed(&Method::GET, JOBS, "")
        .header("x-security-token", member("securitytoken"));
    assert_eq!(send(with).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_token_in_the_body_or_the_header_gives_a_temporary_key() {
    let sim = Sim::start();
    let token = token(&sim).await;
    let url = format!("{}/v3.0/OS-CREDENTIAL/securitytokens", sim.url);
    let inside = json!({"auth": {"identity": {"methods": ["token"], "token": {"id": token}}}});
    assert_eq!(send(sim.http.post(&url).json(&inside)).await.unwrap().status, 201);
    let plain = json!({"auth": {"identity": {"methods": ["token"]}}});
    assert_eq!(
        send(sim.http.post(&url).json(&plain)).await.unwrap().code(),
        "IAM.0001"
    );
    let headed = sim.http.post(&url).json(&plain).header("x-auth-token", &token);
    assert_eq!(send(headed).await.unwrap().status, 201);
    let short = json!({"auth": {"identity": {"methods": ["token"], "token": {"duration_seconds": 10}}}});
    let refused = sim
        .call(Method::POST, "/v3.0/OS-CREDENTIAL/securitytokens", &short)
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.code().as_str()),
        (400, "IAM.0011")
    );
}

#[tokio::test]
async fn an_agency_acts_in_its_own_account() {
    let sim = Sim::start();
    let body = json!({"auth": {
        "identity": {"methods": ["assume_role"],
            "assume_role": {"domain_name": "acme-standby", "agency_name": "replication_agency"}},
        "scope": {"project": {"name": "cn-south-1"}}}});
    let answer = sim.call(Method::POST, "/v3/auth/tokens", &body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let project = answer.json()["token"]["project"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        answer.json()["token"]["user"]["name"],
        "acme-standby/replication_agency"
    );
    let token = answer.headers["x-subject-token"].to_str().unwrap();
    let url = format!("{}/v1/{project}/eventrouter/jobs", sim.url);
    assert_eq!(
        send(sim.http.get(url).header("x-auth-token", token))
            .await
            .unwrap()
            .status,
        200
    );
}

#[tokio::test]
async fn projects_accounts_and_the_caller_are_told() {
    let sim = Sim::start();
    let found = sim.get("/v3/projects?name=cn-south-1").await.json();
    assert_eq!(found["projects"].as_array().unwrap().len(), 1);
    assert_eq!(found["projects"][0]["id"], PROJECT);
    assert_eq!(
        sim.get("/v3/projects?name=nowhere").await.json()["projects"],
        json!([])
    );
    assert_eq!(
        sim.get("/v3/auth/projects").await.json()["projects"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let account = sim.get("/v3/auth/domains").await.json()["domains"][0]["id"].clone();
    assert_eq!(sim.get("/v5/caller-identity").await.json()["account_id"], account);
    let bare = send(sim.http.get(format!("{}/v3/projects", sim.url)))
        .await
        .unwrap();
    assert_eq!(bare.json()["error"]["code"], 401);
}

#[tokio::test]
async fn a_project_of_another_account_and_a_wrong_project_header_are_refused() {
    let sim = Sim::start();
    let other = sim
        .get("/v1/31d5f7a9c2b84e6d8f0a1c3e5b7d9f12/eventrouter/jobs")
        .await;
    assert_eq!(
        (other.status.as_u16(), other.code().as_str()),
        (403, "APIGW.0302")
    );
    let header = sim
        .signed(&Method::GET, JOBS, "")
        .header("x-project-id", "another");
    assert_eq!(send(header).await.unwrap().status, 403);
}

#[tokio::test]
async fn a_denied_action_is_refused_by_the_service() {
    let mut sim = Sim::start();
    sim.key = (
        "HPUASIMAUDITOR000002".to_owned(),
        "SimAuditorSecretKey000000000000000000002".to_owned(),
    );
    assert_eq!(sim.get(JOBS).await.status, 200);
    let answer = sim.call(Method::POST, JOBS, &common::job("a")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (403, "EG.00014030")
    );
}

#[tokio::test]
async fn an_unknown_path_is_no_api() {
    let sim = Sim::start();
    let answer = sim.get("/v1/x/nothing").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (404, "APIGW.0101")
    );
    let method = sim.call(Method::PATCH, JOBS, &Value::Null).await;
    assert_eq!(method.code(), "APIGW.0101");
}
