//! STS: identity, and temporary keys for roles.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, Sim, send};
use crate::{Key, Letter, OPERATOR, STANDBY};

const ROLE: &str = "qcs::cam::uin/100000000001:roleName/replication-operator";

fn sts<'a>(action: &'a str, body: &Value) -> Letter<'a> {
    Letter {
        service: "sts",
        version: "2018-08-13",
        ..Letter::new(action, body)
    }
}

fn role(more: &Value) -> Value {
    let mut body = json!({"RoleArn": ROLE, "RoleSessionName": "s"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// A list with the key that an answer holds.
async fn list(sim: &Sim, answer: &Answer) -> Answer {
    let given = answer.json()["Response"]["Credentials"].clone();
    let text = |name: &str| given[name].as_str().unwrap().to_owned();
    let (id, secret, token) = (text("TmpSecretId"), text("TmpSecretKey"), text("Token"));
    let key = Key {
        id: &id,
        secret: &secret,
        token: Some(&token),
    };
    let letter = Letter {
        key,
        ..Letter::new("DescribeDatahubTasks", &json!({}))
    };
    letter.send(sim).await
}

#[tokio::test]
async fn a_caller_is_told_who_it_is() {
    let sim = Sim::start();
    let answer = sts("GetCallerIdentity", &json!({})).send(&sim).await.json();
    assert_eq!(answer["Response"]["AccountId"], "1300000001");
    assert_eq!(answer["Response"]["UserId"], OPERATOR.id);
    let other = Letter {
        version: "2019-08-19",
        ..sts("GetCallerIdentity", &json!({}))
    };
    assert_eq!(other.send(&sim).await.tc_code(), "NoSuchVersion");
    let log = sim.requests().await;
    assert_eq!(
        (&log[0]["service"], &log[0]["operation"]),
        (&json!("sts"), &json!("GetCallerIdentity"))
    );
}

#[tokio::test]
async fn an_assumed_role_has_a_key_until_it_is_over() {
    let sim = Sim::start();
    let answer = sts("AssumeRole", &role(&json!({"DurationSeconds": 900})))
        .send(&sim)
        .await;
    let end = answer.json()["Response"]["ExpiredTime"].as_i64().unwrap();
    let now = jiff::Timestamp::now().as_second();
    assert!((now + 890..=now + 900).contains(&end), "{end}");
    assert_eq!(list(&sim, &answer).await.tc_code(), "");
    let sim = sim.restarted(&json!({}));
    assert_eq!(list(&sim, &answer).await.tc_code(), "");
    sim.admin(Method::POST, "/tokens/expire", &Value::Null).await;
    assert_eq!(list(&sim, &answer).await.tc_code(), "AuthFailure.TokenFailure");
    for (body, code) in [
        (role(&json!({"DurationSeconds": 43_201})), "InvalidParameterValue"),
        (json!({"RoleArn": ROLE}), "MissingParameter"),
        (
            role(&json!({"RoleArn": "other"})),
            "AuthFailure.UnauthorizedOperation",
        ),
    ] {
        assert_eq!(
            sts("AssumeRole", &body).send(&sim).await.tc_code(),
            code,
            "{body}"
        );
    }
    let foreign = Letter {
        key: STANDBY,
        ..sts("AssumeRole", &role(&json!({})))
    };
    assert_eq!(
        foreign.send(&sim).await.tc_code(),
        "AuthFailure.UnauthorizedOperation"
    );
}

#[tokio::test]
async fn a_pod_assumes_its_role_unsigned() {
    let sim = Sim::start();
    let ask = async |more: Value, authorization: &str| {
        let letter = sts("AssumeRoleWithWebIdentity", &role(&more));
        let mut request = letter.to(&sim).build().unwrap();
        request
            .headers_mut()
            .insert("authorization", authorization.parse().unwrap());
        let (client, request) = (sim.http.clone(), request);
        send(reqwest::RequestBuilder::from_parts(client, request))
            .await
            .unwrap()
    };
    let token = json!({"ProviderId": "cls-0a1b2c3d", "WebIdentityToken": "a.b.c"});
    let answer = ask(token.clone(), "SKIP").await;
    assert_eq!(list(&sim, &answer).await.tc_code(), "");
    assert_eq!(ask(token, "").await.tc_code(), "AuthFailure.InvalidAuthorization");
    let other = json!({"ProviderId": "cls-other", "WebIdentityToken": "a.b.c"});
    assert_eq!(
        ask(other, "SKIP").await.tc_code(),
        "AuthFailure.UnauthorizedOperation"
    );
}
