//! Reads code, message and request id out of the error bodies that vendors send; decides nothing.
use super::finding::{findings, refusal};
use serde_json::{Map, Value};

/// The names under which a code and its message stand together. A code without a message counts where the name of the
/// code is not a common word.
const PAIRS: &[(&str, &[&str], bool)] = &[
    ("error_code", &["error_msg"], true),
    ("errCode", &["externalMessage"], true),
    ("errorCode", &["errorMsg", "errorMessage"], true),
    ("code", &["message"], false),
    // Tencent Cloud.
    ("Code", &["Message"], false),
];
/// Objects nested deeper than this are not looked into.
const DEEPEST: usize = 4;

/// What an error body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) request_id: Option<String>,
    /// Whether it holds what a check of the request found, in place of a code.
    pub(crate) is_finding: bool,
}

impl ErrorBody {
    /// Never fails: a body that is no JSON object, or holds no code, is its own message.
    pub(crate) fn read(body: &[u8]) -> Self {
        let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
            return Self::raw(body);
        };
        let request_id = ["request_id", "requestId", "RequestId"]
            .iter()
            .find_map(|name| text(object.get(*name)?));
        match pair(&object, DEEPEST) {
            Some((code, message)) => Self {
                code: Some(code),
                message,
                request_id,
                is_finding: false,
            },
            None => Self {
                request_id,
                ..Self::found(&object).unwrap_or_else(|| Self::raw(body))
            },
        }
    }

    fn found(object: &Map<String, Value>) -> Option<Self> {
        Some(Self {
            message: refusal(&findings(&Value::Object(object.clone())))?,
            is_finding: true,
            ..Self::default()
        })
    }

    fn raw(body: &[u8]) -> Self {
        // What is shown is cut later, when secrets are out of it; this only bounds the work.
        let head = body.get(..8192).unwrap_or(body);
        Self {
            message: String::from_utf8_lossy(head).into_owned(),
            ..Self::default()
        }
    }
}

fn pair(object: &Map<String, Value>, depth: usize) -> Option<(String, String)> {
    let here = PAIRS.iter().find_map(|(code, messages, alone)| {
        let code = text(object.get(*code)?)?;
        let message = messages.iter().find_map(|name| text(object.get(*name)?));
        if message.is_none() && !alone {
            return None;
        }
        Some((code, message.unwrap_or_default()))
    });
    if here.is_some() || depth == 0 {
        return here;
    }
    object
        .values()
        .filter_map(Value::as_object)
        .find_map(|inner| pair(inner, depth - 1))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::gateway(
        r#"{"error_msg":"The API does not exist.","error_code":"APIGW.0101","request_id":"r1"}"#,
        "APIGW.0101",
        "The API does not exist."
    )]
    #[case::service(r#"{"error_code":"DMS.00400026","error_msg":"busy"}"#, "DMS.00400026", "busy")]
    #[case::keystone(
        r#"{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}"#,
        "401",
        "The username or password is wrong."
    )]
    #[case::cdm(
        r#"{"errCode":"Cdm.0100","externalMessage":"Job[j] doesn't exist."}"#,
        "Cdm.0100",
        "Job[j] doesn't exist."
    )]
    #[case::cdm_with_both(
        r#"{"code":"x","message":"m","errCode":"Cdm.0100","externalMessage":"e"}"#,
        "Cdm.0100",
        "e"
    )]
    #[case::nested(r#"{"error":{"code":"XXX.0001","message":"nested"}}"#, "XXX.0001", "nested")]
    #[case::camel_msg(r#"{"errorCode":"A.1","errorMsg":"m"}"#, "A.1", "m")]
    #[case::camel_message(r#"{"errorCode":"A.1","errorMessage":"m"}"#, "A.1", "m")]
    #[case::bare(r#"{"code":"A.2","message":"m"}"#, "A.2", "m")]
    #[case::code_alone(r#"{"error_code":"A.3"}"#, "A.3", "")]
    #[case::tencent(
        r#"{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"m"},"RequestId":"r"}}"#,
        "AuthFailure.SignatureFailure",
        "m"
    )]
    fn every_documented_shape_is_read(#[case] body: &str, #[case] code: &str, #[case] message: &str) {
        let read = ErrorBody::read(body.as_bytes());
        assert_eq!(
            (read.code.as_deref(), read.message.as_str()),
            (Some(code), message)
        );
    }

    #[rstest]
    #[case("<html><h1>502 Bad Gateway</h1></html>")]
    #[case("")]
    #[case("[1]")]
    #[case(r#"{"unknown":"shape"}"#)]
    #[case(r#"{"code":"alone"}"#)]
    fn anything_else_is_its_own_message(#[case] body: &str) {
        let read = ErrorBody::read(body.as_bytes());
        assert_eq!((read.code, read.message.as_str()), (None, body));
    }

    #[test]
    fn findings_stand_for_a_code() {
        let body = br#"{"validation-result":[{"linkConfig":[{"message":"no route","status":"ERROR"}]}]}"#;
        let read = ErrorBody::read(body);
        assert_eq!(
            (read.code, read.message.as_str(), read.is_finding),
            (None, "linkConfig: no route", true)
        );
    }

    #[test]
    fn the_request_id_is_kept() {
        let read = ErrorBody::read(br#"{"error_msg":"m","error_code":"APIGW.0308","request_id":"8080d3"}"#);
        assert_eq!(read.request_id.as_deref(), Some("8080d3"));
    }
}
