//! Tencent Cloud's API front: the headers of a call, TC3 signatures, temporary keys, and the envelope of answers.

mod admission;
mod signature;
mod sts;

use serde_json::{Map, Value, json};

use crate::auth::Principal;
use crate::call::Call;
use crate::fault::Trouble;
use crate::reply::{Refusal, Reply};
use crate::world::{LimitedPer, World};

pub(crate) use admission::{Api, admit};
pub(crate) use sts::Sts;

/// The largest body of a signed POST, in bytes.
const LARGEST: usize = 10 * 1024 * 1024;

/// An answer that succeeded: the members beside `RequestId`.
pub(crate) fn answer(request_id: &str, mut members: Map<String, Value>) -> Reply {
    members.insert("RequestId".to_owned(), json!(request_id));
    Reply::json(200, &json!({"Response": members}))
}

/// The action that a call names.
pub(crate) fn action(call: &Call) -> &str {
    call.header("x-tc-action").unwrap_or_default()
}

/// The body as an object.
pub(crate) fn body(call: &Call) -> Result<Map<String, Value>, Refusal> {
    if call.body.len() > LARGEST {
        return Err(too_large());
    }
    match call.json() {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::tencent(
            "InvalidParameter",
            "The body must be an object.",
        )),
        Err(error) => Err(Refusal::tencent(
            "InvalidParameter",
            format!("The body is not JSON: {error}."),
        )),
    }
}

/// The refusal of a body over the limit.
pub(crate) fn too_large() -> Refusal {
    Refusal::tencent(
        "RequestSizeLimitExceeded",
        "The request packet exceeds the limit.",
    )
}

/// The refusal of a caller that a policy denies the action.
pub(crate) fn denied(world: &World, action: &str) -> Refusal {
    let code = &world.switches.tencent.denied_code;
    Refusal::tencent(code, format!("You are not authorized to perform `{action}`."))
}

/// The refusal of a request over its limit per second.
pub(crate) fn over_limit(limit: u64) -> Refusal {
    let text = format!(
        "Your current request times equals to `{}` in a second, which exceeds the frequency limit `{limit}` for a user. Please retry later.",
        limit + 1
    );
    Refusal::tencent("RequestLimitExceeded", text)
}

/// What a limit per second counts a request by.
pub(crate) fn counted_by(world: &World, operation: &str, principal: Option<&Principal>) -> String {
    let caller = principal.map_or("", |caller| match world.switches.tencent.limited_per {
        LimitedPer::Account => caller.domain_id.as_str(),
        LimitedPer::SecretId => caller.access_key.as_deref().unwrap_or_default(),
    });
    format!("{operation} {caller}")
}

/// The refusal that stands for a fault.
pub(crate) fn refusal(trouble: &Trouble) -> Option<Refusal> {
    match trouble {
        Trouble::Throttle { retry_after } => Some(Refusal {
            retry_after: *retry_after,
            ..over_limit(20)
        }),
        Trouble::RefuseCredentials {} => Some(admission::bad_signature()),
        Trouble::RefuseToken {} => Some(admission::bad_token()),
        Trouble::Deny {} => Some(Refusal::tencent(
            "AuthFailure.UnauthorizedOperation",
            "You are not authorized to perform the action.",
        )),
        Trouble::Error {
            status,
            code,
            message,
        } => Some(Refusal {
            status: *status,
            ..Refusal::tencent(code, message)
        }),
        _ => None,
    }
}
