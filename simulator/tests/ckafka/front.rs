//! Headers, signatures, clock, tokens, policies, the limit per second, and the envelope.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, Sim, send};
use crate::{AUDITOR, Key, Letter, OPERATOR, STANDBY, TEMPORARY, sink};

fn list() -> Letter<'static> {
    Letter::new("DescribeDatahubTasks", &json!({}))
}

fn refused(answer: &Answer, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.tc_code().as_str()), (200, code));
    assert!(answer.json()["Response"].get("Result").is_none(), "{answer:?}");
}

#[tokio::test]
async fn every_answer_is_a_200_of_bare_json_with_a_request_id_in_the_body_only() {
    let sim = Sim::start();
    let good = list().send(&sim).await;
    let bad = sim.tc_act("Describe", "task-unknown0").await;
    for answer in [&good, &bad] {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["content-type"], "application/json");
        assert!(!answer.headers.contains_key("x-request-id"), "{answer:?}");
        let json = answer.json();
        assert_eq!(json.as_object().unwrap().len(), 1);
        let id = json["Response"]["RequestId"].as_str().unwrap().to_owned();
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        let log = sim.requests().await;
        let logged = log
            .iter()
            .find(|entry| entry["requestId"] == id.as_str())
            .unwrap();
        assert_eq!(
            (logged["service"].as_str(), logged["status"].as_u64()),
            (Some("ckafka"), Some(200))
        );
        assert_eq!(logged["credential"], OPERATOR.id);
        assert_eq!(logged["principal"], "1300000001");
    }
    assert_eq!(good.result()["TotalCount"], 0);
    assert_eq!(
        bad.json()["Response"]["Error"]["Message"],
        "The task `task-unknown0` does not exist."
    );
}

#[tokio::test]
async fn wrong_headers_are_refused_in_the_order_of_the_reference() {
    let sim = Sim::start();
    for missing in [
        "x-tc-action",
        "x-tc-version",
        "x-tc-region",
        "x-tc-timestamp",
        "authorization",
    ] {
        let mut request = list().to(&sim).build().unwrap();
        request.headers_mut().remove(missing);
        let answer = sim.http.execute(request).await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(
            answer["Response"]["Error"]["Code"], "MissingParameter",
            "{missing}"
        );
    }
    let wrong = |change: fn(&mut Letter<'_>)| {
        let mut letter = list();
        change(&mut letter);
        letter
    };
    let cases = [
        (
            wrong(|letter| letter.action = "DescribeDatahubTopics"),
            "InvalidAction",
        ),
        (
            wrong(|letter| letter.action = "describeDatahubTasks"),
            "InvalidAction",
        ),
        (wrong(|letter| letter.version = "2018-08-13"), "NoSuchVersion"),
        (wrong(|letter| letter.region = "ap-nowhere"), "UnsupportedRegion"),
        (wrong(|letter| letter.media = "text/plain"), "InvalidRequest"),
        (
            wrong(|letter| letter.key.id = "AKIDnobody"),
            "AuthFailure.SecretIdNotFound",
        ),
        (
            wrong(|letter| letter.key.id = "nobody"),
            "AuthFailure.InvalidSecretId",
        ),
        (
            wrong(|letter| letter.key.secret = "other"),
            "AuthFailure.SignatureFailure",
        ),
        (
            wrong(|letter| letter.service = "sts"),
            "AuthFailure.SignatureFailure",
        ),
        (
            wrong(|letter| letter.key.token = Some("t")),
            "AuthFailure.TokenFailure",
        ),
        (
            wrong(|letter| {
                letter.key.secret = "other";
                letter.second -= 1000;
            }),
            "AuthFailure.SignatureExpire",
        ),
    ];
    for (letter, code) in cases {
        refused(&letter.send(&sim).await, code);
    }
    let request = list().to(&sim).header("authorization", "TC3-HMAC-SHA256 x");
    let mut request = request.build().unwrap();
    let header = request
        .headers_mut()
        .get_all("authorization")
        .iter()
        .next_back()
        .cloned();
    request.headers_mut().insert("authorization", header.unwrap());
    let answer = sim.http.execute(request).await.unwrap().text().await.unwrap();
    assert!(answer.contains("AuthFailure.InvalidAuthorization"), "{answer}");
}

#[tokio::test]
async fn the_clock_may_be_five_minutes_off_and_the_charset_may_be_told() {
    let sim = Sim::start();
    for (off, good) in [(-290, true), (290, true), (-310, false), (310, false)] {
        let mut letter = list();
        letter.second += off;
        let code = letter.send(&sim).await.tc_code();
        assert_eq!(
            code,
            if good { "" } else { "AuthFailure.SignatureExpire" },
            "{off}"
        );
    }
    let mut letter = list();
    letter.media = "application/json; charset=utf-8";
    assert_eq!(letter.send(&sim).await.tc_code(), "");
}

#[tokio::test]
async fn a_signature_holds_for_its_body_only_and_for_any_action() {
    let sim = Sim::start();
    let signed = Letter::new("DescribeDatahubTask", &json!({"TaskId": "task-0a1b2c3d"}));
    let host = sim.url.strip_prefix("http://").unwrap();
    let signature = signed.authorization(host);
    let with = |action: &str, body: &Value| {
        let letter = Letter {
            second: signed.second,
            ..Letter::new("DescribeDatahubTask", body)
        };
        let mut request = letter.to(&sim).build().unwrap();
        request
            .headers_mut()
            .insert("authorization", signature.parse().unwrap());
        request
            .headers_mut()
            .insert("x-tc-action", action.parse().unwrap());
        sim.http.execute(request)
    };
    let same = json!({"TaskId": "task-0a1b2c3d"});
    let text = with("DeleteDatahubTask", &same)
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(text.contains("InvalidParameterValue.InstanceNotExist"), "{text}");
    let other = json!({"TaskId": "task-0a1b2c3e"});
    let text = with("DeleteDatahubTask", &other)
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(text.contains("AuthFailure.SignatureFailure"), "{text}");
}

#[tokio::test]
async fn a_temporary_key_needs_its_token_while_it_lasts() {
    let sim = Sim::start();
    let with = |token| Letter {
        key: Key { token, ..TEMPORARY },
        ..list()
    };
    assert_eq!(with(TEMPORARY.token).send(&sim).await.tc_code(), "");
    refused(&with(None).send(&sim).await, "AuthFailure.TokenFailure");
    refused(&with(Some("other")).send(&sim).await, "AuthFailure.TokenFailure");
    let world = sim.admin(Method::GET, "/world", &Value::Null).await;
    let mut users = world["tencent"]["users"].clone();
    users[2]["expiredTime"] = json!(1_700_000_000);
    sim.admin(Method::PATCH, "/world", &json!({"tencent": {"users": users}}))
        .await;
    refused(
        &with(TEMPORARY.token).send(&sim).await,
        "AuthFailure.TokenFailure",
    );
}

#[tokio::test]
async fn a_policy_denies_and_accounts_and_regions_are_apart() {
    let sim = Sim::start();
    let create = |key, region| Letter {
        key,
        region,
        ..Letter::new("CreateDatahubTask", &sink("orders"))
    };
    let denied = create(AUDITOR, "ap-guangzhou").send(&sim).await;
    refused(&denied, "AuthFailure.UnauthorizedOperation");
    let unknown = create(STANDBY, "ap-guangzhou").send(&sim).await;
    refused(&unknown, "InvalidParameterValue.InstanceNotExist");
    let unknown = create(OPERATOR, "ap-shanghai").send(&sim).await;
    refused(&unknown, "InvalidParameterValue.InstanceNotExist");
    let id = sim.tc_made(&sink("orders")).await;
    for (key, region) in [(STANDBY, "ap-guangzhou"), (OPERATOR, "ap-shanghai")] {
        let total = Letter {
            key,
            region,
            ..list()
        }
        .send(&sim)
        .await
        .result();
        assert_eq!(total["TotalCount"], 0);
        let one = Letter::new("DescribeDatahubTask", &json!({"TaskId": id}));
        refused(
            &Letter { key, region, ..one }.send(&sim).await,
            "InvalidParameterValue",
        );
    }
    assert_eq!(
        Letter {
            key: AUDITOR,
            ..list()
        }
        .send(&sim)
        .await
        .result()["TotalCount"],
        1
    );
}

#[tokio::test]
async fn twenty_calls_a_second_pass_for_each_action_and_secret_id() {
    let sim = Sim::with(&json!({"switches": {"rateLimit": {"ckafka": {"requestsPerSecond": 0.001}}}}));
    for _ in 0..20 {
        assert_eq!(list().send(&sim).await.tc_code(), "");
    }
    let over = list().send(&sim).await;
    refused(&over, "RequestLimitExceeded");
    assert!(!over.headers.contains_key("retry-after"));
    assert_eq!(
        sim.tc_act("Describe", "task-unknown0").await.tc_code(),
        "InvalidParameterValue"
    );
    assert_eq!(
        Letter {
            key: AUDITOR,
            ..list()
        }
        .send(&sim)
        .await
        .tc_code(),
        ""
    );
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"tencent": {"limitedPer": "account"}}}),
    )
    .await;
    for key in [OPERATOR, AUDITOR].into_iter().cycle().take(20) {
        assert_eq!(Letter { key, ..list() }.send(&sim).await.tc_code(), "");
    }
    refused(
        &Letter {
            key: AUDITOR,
            ..list()
        }
        .send(&sim)
        .await,
        "RequestLimitExceeded",
    );
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let sim = Sim::start();
    for body in ["", "[]", "{"] {
        let letter = Letter {
            body: body.to_owned(),
            ..list()
        };
        refused(&letter.send(&sim).await, "InvalidParameter");
    }
    let huge = Letter {
        body: format!("{{\"SearchWord\":\"{}\"}}", "a".repeat(10 * 1024 * 1024)),
        ..list()
    };
    refused(&huge.send(&sim).await, "RequestSizeLimitExceeded");
    let huge = Letter {
        body: "a".repeat(13 * 1024 * 1024),
        ..list()
    };
    if let Ok(answer) = send(huge.to(&sim)).await {
        refused(&answer, "RequestSizeLimitExceeded");
    }
}
