//! Who calls: the checks of the front in their order, up to the temporary key's token.

use jiff::Timestamp;

use super::signature::Authorization;
use crate::auth::{Key, Principal, digest};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::reply::Refusal;
use crate::world::{TencentUser, World};

/// What a service asks of its calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Api {
    /// The name in the signature's scope.
    pub(crate) service: &'static str,
    /// `X-TC-Version`.
    pub(crate) version: &'static str,
    /// Its actions.
    pub(crate) actions: &'static [&'static str],
    /// Whether `X-TC-Region` must be sent.
    pub(crate) regional: bool,
}

/// Verifies a request: headers, action, version, region, secret id, timestamp, signature, token.
pub(crate) fn admit(cloud: &Cloud, call: &Call, api: Api) -> Result<Principal, Refusal> {
    let world = cloud.world();
    check_headers(call, api, &world)?;
    let text = needed(call, "authorization")?;
    let authorization = Authorization::parse(text).ok_or_else(|| {
        Refusal::tencent(
            "AuthFailure.InvalidAuthorization",
            "The `Authorization` header does not follow the specification of TC3-HMAC-SHA256.",
        )
    })?;
    let caller = caller(cloud, &world, authorization.secret_id)?;
    let second = second(call, world.switches.tencent.skew_seconds)?;
    if !authorization.holds(call, &caller.secret_key, api.service, second) {
        return Err(bad_signature());
    }
    check_token(call, &caller)?;
    Ok(caller.principal)
}

/// The checks that need no credentials.
pub(super) fn check_headers(call: &Call, api: Api, world: &World) -> Result<(), Refusal> {
    if call.method != "POST" {
        return Err(Refusal::tencent("UnsupportedProtocol", "Only POST is supported."));
    }
    let action = needed(call, "x-tc-action")?;
    let version = needed(call, "x-tc-version")?;
    needed(call, "x-tc-timestamp")?;
    let media = needed(call, "content-type")?;
    if !["application/json", "application/json; charset=utf-8"].contains(&media) {
        let text = format!("The `Content-Type` `{media}` is not supported.");
        return Err(Refusal::tencent("InvalidRequest", text));
    }
    if !api.actions.contains(&action) {
        let text = format!("The request action=`{action}` is invalid or not found.");
        return Err(Refusal::tencent("InvalidAction", text));
    }
    if version != api.version {
        let text = format!("The request version=`{version}` does not exist.");
        return Err(Refusal::tencent("NoSuchVersion", text));
    }
    check_region(call, api, world)
}

fn check_region(call: &Call, api: Api, world: &World) -> Result<(), Refusal> {
    let region = match call.header("x-tc-region") {
        None if !api.regional => return Ok(()),
        _ => needed(call, "x-tc-region")?,
    };
    if world.tencent.regions.iter().any(|known| known == region) {
        return Ok(());
    }
    let text = format!("The region `{region}` is not supported.");
    Err(Refusal::tencent("UnsupportedRegion", text))
}

fn needed<'a>(call: &'a Call, name: &str) -> Result<&'a str, Refusal> {
    call.header(name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| {
            let text = format!("The request is missing the required header `{name}`.");
            Refusal::tencent("MissingParameter", text)
        })
}

/// The moment that the request says it was signed at.
fn second(call: &Call, skew_seconds: i64) -> Result<i64, Refusal> {
    let text = needed(call, "x-tc-timestamp")?;
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let second: i64 = text.parse().ok().filter(|_| digits).ok_or_else(|| {
        Refusal::tencent(
            "InvalidParameter",
            "The header `x-tc-timestamp` must be unix seconds.",
        )
    })?;
    let server = Timestamp::now().as_second();
    if (server - second).abs() > skew_seconds {
        let text = format!(
            "The signature expired: signed at `{second}`, server time `{server}`, at most `{skew_seconds}` seconds apart."
        );
        return Err(Refusal::tencent("AuthFailure.SignatureExpire", text));
    }
    Ok(second)
}

/// Whoever holds a secret id.
struct Caller {
    secret_key: String,
    token: Option<String>,
    expires_at: Option<Timestamp>,
    principal: Principal,
}

fn caller(cloud: &Cloud, world: &World, secret_id: &str) -> Result<Caller, Refusal> {
    if let Some(user) = world
        .tencent
        .users
        .iter()
        .find(|user| user.secret_id == secret_id)
    {
        return Ok(Caller {
            secret_key: user.secret_key.clone(),
            token: user.token.clone(),
            expires_at: user
                .expired_time
                .and_then(|second| Timestamp::from_second(second).ok()),
            principal: principal(user),
        });
    }
    if let Some(key) = cloud.gate.memory().tokens.key(secret_id) {
        return Ok(temporary(secret_id, key));
    }
    let (code, text) = if secret_id.starts_with("AKID") {
        ("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    } else {
        (
            "AuthFailure.InvalidSecretId",
            "The SecretId is not that of an API key.",
        )
    };
    Err(Refusal::tencent(code, text))
}

fn temporary(secret_id: &str, key: &Key) -> Caller {
    Caller {
        secret_key: key.secret.clone(),
        token: Some(key.security_token.clone()),
        expires_at: Some(key.expires_at),
        principal: Principal {
            access_key: Some(secret_id.to_owned()),
            ..key.principal.clone()
        },
    }
}

/// The caller that a user of the world is, named by the account.
fn principal(user: &TencentUser) -> Principal {
    Principal {
        user_name: user.app_id.to_string(),
        user_id: user.secret_id.clone(),
        domain_name: user.app_id.to_string(),
        domain_id: user.app_id.to_string(),
        access_key: Some(user.secret_id.clone()),
        scope: None,
        denied: user.denied.clone(),
        secrets: digest(user.secret_key.as_bytes()),
    }
}

/// A temporary key needs the token that was issued with it; a permanent one has none.
fn check_token(call: &Call, caller: &Caller) -> Result<(), Refusal> {
    let sent = call.header("x-tc-token").filter(|token| !token.is_empty());
    let over = caller.expires_at.is_some_and(|end| end <= Timestamp::now());
    if sent != caller.token.as_deref() || over {
        return Err(bad_token());
    }
    Ok(())
}

/// The refusal of a token that is not the key's, or is over.
pub(super) fn bad_token() -> Refusal {
    Refusal::tencent("AuthFailure.TokenFailure", "The token is invalid or expired.")
}

/// The refusal of a signature that is another one.
pub(super) fn bad_signature() -> Refusal {
    let text = "The provided credentials could not be validated. Please check your signature is correct.";
    Refusal::tencent("AuthFailure.SignatureFailure", text)
}
