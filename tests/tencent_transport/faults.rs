//! What every kind of failure means to the caller, and what is shown of it.
use super::vendor::*;
use futures::future::join_all;
use replication_operator::remote::{Call, Fault};
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;
use wiremock::ResponseTemplate;

#[rstest]
#[case("InvalidParameterValue.NotAllowedEmpty", Fault::Rejected)]
#[case("ResourceNotFound", Fault::NotFound)]
#[case("UnauthorizedOperation", Fault::Forbidden)]
#[case("LimitExceeded", Fault::Exhausted)]
#[case("ResourceInUse", Fault::Conflict)]
#[case("InternalError", Fault::Transient)]
#[tokio::test]
async fn a_failure_is_answered_with_200(#[case] code: &str, #[case] fault: Fault) {
    let server = answering(failed(code, "as told")).await;
    let error = cloud(&server).call::<Value>(describe()).await.unwrap_err();
    assert_eq!(
        (error.fault, error.code.as_deref(), error.message.as_str()),
        (fault, Some(code), "as told")
    );
    assert_eq!(error.request_id.as_deref(), Some("r-1"));
    assert_eq!(error.operation, "DescribeDatahubTask");
}

#[tokio::test]
async fn a_code_without_a_word_is_still_a_code() {
    let server = answering(failed("FailedOperation", "")).await;
    let error = cloud(&server).call::<Value>(create()).await.unwrap_err();
    assert_eq!(
        (error.fault, error.code.as_deref()),
        (Fault::Ambiguous, Some("FailedOperation"))
    );
}

#[rstest]
#[case::no_result(enveloped(json!({})))]
#[case::no_envelope(ResponseTemplate::new(200).set_body_string("<html>"))]
#[case::another_envelope(ResponseTemplate::new(200).set_body_json(json!({ "Result": {} })))]
#[tokio::test]
async fn an_answer_without_a_result_is_no_success(#[case] template: ResponseTemplate) {
    let server = answering(template).await;
    let error = cloud(&server).call::<Value>(describe()).await.unwrap_err();
    assert_eq!(error.fault, Fault::Malformed);
    let error = cloud(&server).call::<Value>(create()).await.unwrap_err();
    assert_eq!(error.fault, Fault::Ambiguous);
    assert_eq!(arrived(&server).await.len(), 2);
}

#[rstest]
#[case(502, 3)]
#[case(500, 1)]
#[tokio::test]
async fn a_front_that_fails_is_asked_again_by_reads_alone(#[case] status: u16, #[case] sent: usize) {
    let server = answering(ResponseTemplate::new(status).set_body_string("<html>no")).await;
    let error = cloud(&server).call::<Value>(describe()).await.unwrap_err();
    assert_eq!(error.fault, Fault::Transient);
    assert!(error.message.starts_with(&format!("answered {status}")));
    assert_eq!(arrived(&server).await.len(), sent);
    let error = cloud(&server).call::<Value>(create()).await.unwrap_err();
    assert_eq!(error.fault, Fault::Ambiguous);
    assert_eq!(arrived(&server).await.len(), sent + 1);
}

#[rstest]
#[case(Some("Thu, 08 Jan 2015 03:20:07 GMT"), "minutes off")]
#[case(None, "too old or too new")]
#[tokio::test]
async fn a_wrong_clock_is_called_that_and_locks_nothing(#[case] date: Option<&str>, #[case] words: &str) {
    let template = failed("AuthFailure.SignatureExpire", "The provided credentials expired");
    let template = match date {
        Some(date) => template.insert_header("date", date),
        None => template,
    };
    let server = answering(template).await;
    let cloud = cloud(&server);
    for sent in 1..=2 {
        let error = cloud.call::<Value>(describe()).await.unwrap_err();
        assert_eq!(error.fault, Fault::Transient);
        assert!(error.message.contains("clock of this machine") || error.message.contains(words));
        assert_eq!(
            arrived(&server).await.len(),
            sent,
            "a clock may be set at any time"
        );
    }
}

#[tokio::test]
async fn a_wrong_key_makes_exactly_one_bad_call() {
    let server = answering(failed("AuthFailure.SecretIdNotFound", "no such id")).await;
    let cloud = cloud(&server);
    let outcomes = join_all((0..32).map(|n| {
        let call = if n % 2 == 0 { describe() } else { create() };
        cloud.call::<Value>(call)
    }))
    .await;
    for outcome in outcomes {
        assert_eq!(outcome.unwrap_err().fault, Fault::Unauthorized);
    }
    assert_eq!(arrived(&server).await.len(), 1);
}

#[tokio::test]
async fn a_complaint_about_the_pace_stops_everyone() {
    let server = answering(failed("RequestLimitExceeded", "`21` of `20`")).await;
    let cloud = cloud(&server);
    for _ in 0..4 {
        let error = cloud.call::<Value>(describe()).await.unwrap_err();
        assert!(
            matches!(error.fault, Fault::Throttled { retry_after: Some(wait) } if wait > Duration::from_secs(2))
        );
    }
    assert_eq!(arrived(&server).await.len(), 1);
}

/// 20 requests of an action in a second are the vendor's limit, for reads and writes alike.
#[rstest]
#[case(describe)]
#[case(create)]
#[tokio::test]
async fn no_second_sees_more_than_twenty_of_an_action(#[case] call: fn() -> Call) {
    let server = answering(enveloped(json!({ "Result": {} }))).await;
    let mut settings = settings(&server.uri(), keys(None));
    settings.rate_limit.clear();
    let cloud = open(settings);
    cloud.call::<Value>(call()).await.unwrap();
    let second = async {
        loop {
            let _ = join_all((0..8).map(|_| cloud.call::<Value>(call()))).await;
        }
    };
    let _ = tokio::time::timeout(Duration::from_millis(900), second).await;
    let sent = arrived(&server).await.len();
    assert!((10..=20).contains(&sent), "{sent}");
}

#[tokio::test]
async fn secrets_of_the_body_and_of_ours_are_not_shown() {
    let echo = format!("bad: es-pass-1 and {KEY} and TOKENVALUE");
    let server = answering(failed("InvalidParameter", &echo)).await;
    let cloud = open(settings(&server.uri(), keys(Some("TOKENVALUE"))));
    let call = create().hiding("es-pass-1".into());
    let error = cloud.call::<Value>(call).await.unwrap_err();
    assert_eq!(error.message, "bad: [hidden] and [hidden] and [hidden]");
}
