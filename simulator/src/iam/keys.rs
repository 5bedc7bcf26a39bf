//! Temporary keys: `POST /v3.0/OS-CREDENTIAL/securitytokens` (IAM API reference).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::login::assume;
use super::{member, method, text};
use crate::auth::{Key, Principal, stamp};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::ids;
use crate::reply::{Refusal, Reply};

/// Issues a temporary key.
pub(super) fn create(cloud: &Cloud, call: &Call) -> Result<Reply, Refusal> {
    let body = call.json().map_err(|_| bad("The request body is invalid"))?;
    let method = method(&body);
    let caller = caller(cloud, call, &body, method)?;
    let given = member(&body, &["auth", "identity", method]).unwrap_or(&Value::Null);
    let principal = match method {
        "token" => caller,
        "assume_role" => assume(&cloud.world(), &caller, given).ok_or_else(|| {
            Refusal::service(
                403,
                "IAM.0002",
                "You are not authorized to perform the requested action.",
            )
        })?,
        _ => return Err(bad("The methods are invalid")),
    };
    let seconds = duration(given)?;
    let expires_at = Timestamp::now() + SignedDuration::from_secs(seconds);
    let key = Key {
        principal,
        secret: ids::mixed(40),
        security_token: ids::mixed(400),
        expires_at,
    };
    let access = format!("HST{}", ids::upper(17));
    let reply = Reply::json(
        201,
        &json!({"credential": {
            "access": access,
            "secret": key.secret,
            "securitytoken": key.security_token,
            "expires_at": stamp(key.expires_at),
        }}),
    )
    .with_effect("key", &access);
    cloud
        .store
        .put(super::NAME, &format!("key:{access}"), &key, cloud.now());
    cloud.gate.memory().tokens.put_key(access, key);
    Ok(reply)
}

/// `Authorization` and `X-Auth-Token` both beat a token in the body.
fn caller(cloud: &Cloud, call: &Call, body: &Value, method: &str) -> Result<Principal, Refusal> {
    let in_body = text(body, &["auth", "identity", "token", "id"]).filter(|_| method == "token");
    let in_header = call.headers.contains_key("authorization") || call.headers.contains_key("x-auth-token");
    match in_body.filter(|_| !in_header) {
        Some(token) => {
            let known = cloud.gate.bearer(&cloud.world(), token);
            known.map_err(|_| Refusal::service(401, "IAM.0067", "Invalid token."))
        }
        None if in_header => cloud.gate.admit(cloud, call),
        None => Err(Refusal::service(
            401,
            "IAM.0001",
            "The request you have made requires authentication.",
        )),
    }
}

fn duration(given: &Value) -> Result<i64, Refusal> {
    let Some(wanted) = given.get("duration_seconds").filter(|value| !value.is_null()) else {
        return Ok(900);
    };
    let seconds = wanted.as_i64().filter(|seconds| (900..=86_400).contains(seconds));
    seconds.ok_or_else(|| bad("duration_seconds must be from 900 to 86400"))
}

fn bad(message: &str) -> Refusal {
    Refusal::service(400, "IAM.0011", message)
}
