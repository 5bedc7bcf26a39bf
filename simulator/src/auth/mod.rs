//! Who calls: signatures, tokens, temporary keys and the locks on them (IAM API reference).

mod lock;
mod signature;
mod tokens;

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::cloud::Cloud;
use crate::reply::Refusal;
use crate::world::{User, World};

pub(crate) use lock::Locks;
pub(crate) use signature::{Authorization, Failed, digest};
pub(crate) use tokens::{Key, Scope, Token, Tokens};

/// A verified caller.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Principal {
    /// User name, or `ACCOUNT/AGENCY` for an assumed agency.
    pub(crate) user_name: String,
    /// User id.
    pub(crate) user_id: String,
    /// Account name.
    pub(crate) domain_name: String,
    /// Account id.
    pub(crate) domain_id: String,
    /// The access key it signed with.
    pub(crate) access_key: Option<String>,
    /// What a token is good for; signatures are good for everything of the account.
    pub(crate) scope: Option<Scope>,
    /// IAM actions that are denied.
    pub(crate) denied: Vec<String>,
    /// Fingerprint of the user's secrets, so that a changed one ends tokens and temporary keys.
    pub(crate) secrets: String,
}

impl Principal {
    /// The caller that a user of the world is.
    pub(crate) fn of(user: &User) -> Self {
        Self {
            user_name: user.user_name.clone(),
            user_id: user.user_id.clone(),
            domain_name: user.domain_name.clone(),
            domain_id: user.domain_id.clone(),
            access_key: None,
            scope: None,
            denied: user.denied.clone(),
            secrets: fingerprint(user),
        }
    }

    /// Whether an IAM action is denied.
    pub(crate) fn is_denied(&self, action: &str) -> bool {
        self.denied.iter().any(|rule| match rule.strip_suffix('*') {
            Some(start) => action.starts_with(start),
            None => rule == action,
        })
    }
}

fn fingerprint(user: &User) -> String {
    signature::digest(format!("{}\n{}\n{}", user.access_key, user.secret_key, user.password).as_bytes())
}

/// Whether the user behind a caller is still there with the same secrets.
fn is_current(world: &World, principal: &Principal) -> bool {
    world
        .huawei
        .users
        .iter()
        .any(|user| fingerprint(user) == principal.secrets)
}

/// What is remembered between requests.
#[derive(Debug, Default)]
pub(crate) struct Gate(Mutex<Memory>);

/// Locks, tokens and temporary keys.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Failures by access key.
    pub(crate) keys: Locks,
    /// Failures by user name.
    pub(crate) logins: Locks,
    /// Tokens and temporary keys.
    pub(crate) tokens: Tokens,
}

impl Gate {
    /// What is remembered.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Verifies a request by its signature or, failing one, its token.
    pub(crate) fn admit(&self, cloud: &Cloud, call: &Call) -> Result<Principal, Refusal> {
        let world = cloud.world();
        // The signature comes first, as the page on temporary keys says of its own call.
        if let Some(text) = call.header("authorization")
            && text.starts_with(signature::ALGORITHM)
        {
            return self.signed(&world, call, text);
        }
        let Some(token) = call.header("x-auth-token").filter(|token| !token.is_empty()) else {
            return Err(incorrect("x-auth-token not found"));
        };
        self.bearer(&world, token)
    }

    /// The caller that a token stands for.
    pub(crate) fn bearer(&self, world: &World, token: &str) -> Result<Principal, Refusal> {
        match self.memory().tokens.token(token) {
            None => Err(incorrect("decrypt token fail")),
            Some(token) if token.expires_at <= Timestamp::now() => Err(incorrect(&format!(
                "token expires, expires_at: {}",
                stamp(token.expires_at)
            ))),
            Some(token) if !is_current(world, &token.principal) => {
                Err(Refusal::gateway(401, "APIGW.0307", "The token must be updated."))
            }
            Some(token) => Ok(token.principal.clone()),
        }
    }

    fn signed(&self, world: &World, call: &Call, text: &str) -> Result<Principal, Refusal> {
        let authorization = Authorization::parse(text)
            .ok_or_else(|| incorrect("verify aksk signature fail, the Authorization header is malformed"))?;
        let access_key = authorization.access_key;
        let mut memory = self.memory();
        let (secret, principal, bound) = holder(world, &memory, access_key)
            .ok_or_else(|| incorrect(&format!("ak {access_key} not exist")))?;
        if memory.keys.is_locked(access_key) {
            return Err(incorrect("AK access failed to reach the limit,forbidden."));
        }
        if let Some(key) = &bound {
            bound_token(call, key)?;
        }
        match authorization.verify(call, &secret, world.switches.auth.skew_seconds) {
            Ok(()) => {
                memory.keys.succeeded(access_key);
                Ok(Principal {
                    access_key: Some(access_key.to_owned()),
                    ..principal
                })
            }
            Err(Failed::Stale(text)) => Err(incorrect(&text)),
            Err(Failed::Mismatch(echo)) => {
                let auth = &world.switches.auth;
                memory
                    .keys
                    .failed(access_key, auth.failures_before_lock, auth.lock_seconds);
                Err(incorrect(&format!(
                    "verify aksk signature fail, canonicalRequest:{echo}"
                )))
            }
        }
    }
}

/// A temporary key needs the security token that was issued with it, signed or not.
fn bound_token(call: &Call, key: &Key) -> Result<(), Refusal> {
    if call.header("x-security-token") != Some(&key.security_token) {
        return Err(incorrect("the security token does not belong to the access key"));
    }
    if key.expires_at <= Timestamp::now() {
        return Err(incorrect(&format!(
            "securitytoken expires, expires_at: {}",
            stamp(key.expires_at)
        )));
    }
    Ok(())
}

/// The secret and the caller of an access key, with the temporary key if it is one.
fn holder(world: &World, memory: &Memory, access_key: &str) -> Option<(String, Principal, Option<Key>)> {
    if let Some(user) = world
        .huawei
        .users
        .iter()
        .find(|user| user.access_key == access_key)
    {
        return Some((user.secret_key.clone(), Principal::of(user), None));
    }
    let key = memory
        .tokens
        .key(access_key)
        .filter(|key| is_current(world, &key.principal))?;
    Some((key.secret.clone(), key.principal.clone(), Some(key.clone())))
}

/// 401 `APIGW.0301` with a detail (API Gateway error codes).
pub(crate) fn incorrect(detail: &str) -> Refusal {
    Refusal::gateway(
        401,
        "APIGW.0301",
        format!("Incorrect IAM authentication information: {detail}"),
    )
}

/// A stamp with six fractional digits, which the Python SDK's parser requires.
pub(crate) fn stamp(at: Timestamp) -> String {
    format!("{at:.6}")
}
