//! IAM and STS: tokens, temporary keys, projects, accounts (IAM API reference).

mod directory;
mod keys;
mod login;

use serde_json::Value;

use crate::auth::{Gate, Key, Principal, Token};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::fault::Trouble;
use crate::reply::{Refusal, Reply};
use crate::service::{Access, Order, Route, Service};

/// The service's name.
pub(crate) const NAME: &str = "iam";

/// The service; what it issues is held by the gate that checks it.
#[derive(Debug)]
pub(crate) struct Iam;

impl Service for Iam {
    fn name(&self) -> &'static str {
        NAME
    }

    fn route(&self, call: &Call) -> Option<Route> {
        let (operation, access) = match (call.method.as_str(), call.path.as_str()) {
            ("POST", "/v3/auth/tokens") => ("KeystoneCreateUserTokenByPassword", Access::Open),
            ("GET", "/v3/auth/tokens") => ("KeystoneValidateToken", Access::Account),
            ("GET", "/v3/projects") => ("KeystoneListProjects", Access::Account),
            ("GET", "/v3/auth/projects") => ("KeystoneListAuthProjects", Access::Account),
            ("GET", "/v3/auth/domains") => ("KeystoneListAuthDomains", Access::Account),
            ("POST", "/v3.0/OS-CREDENTIAL/securitytokens") => ("CreateTemporaryAccessKey", Access::Open),
            ("GET", "/v5/caller-identity") => ("GetCallerIdentity", Access::Account),
            _ => return None,
        };
        Some(Route {
            operation,
            access,
            permission: None,
            id: String::new(),
        })
    }

    fn authenticate(&self, cloud: &Cloud, call: &Call, route: &Route) -> Result<Option<Principal>, Refusal> {
        cloud.admit(call, route).map_err(|refusal| {
            // A signature is refused by the gateway in front; a token by IAM itself.
            if call.headers.contains_key("authorization") || !call.path.starts_with("/v3/") {
                return refusal;
            }
            let text = match call.header("x-auth-token") {
                Some(_) => "The X-Auth-Token is invalid!",
                None => "The request you have made requires authentication.",
            };
            Refusal::keystone(401, text)
        })
    }

    fn perform(&self, cloud: &Cloud, order: Order<'_>) -> Result<Reply, Refusal> {
        match (order.route.operation, order.principal) {
            ("KeystoneCreateUserTokenByPassword", _) => login::create(cloud, order.call),
            ("CreateTemporaryAccessKey", _) => keys::create(cloud, order.call),
            ("KeystoneValidateToken", Some(_)) => login::validate(cloud, order.call),
            ("KeystoneListProjects" | "KeystoneListAuthProjects", Some(caller)) => {
                Ok(directory::projects(cloud, order.call, caller))
            }
            ("KeystoneListAuthDomains", Some(caller)) => Ok(directory::domains(order.call, caller)),
            ("GetCallerIdentity", Some(caller)) => Ok(directory::identity(caller)),
            _ => Err(Refusal::keystone(
                401,
                "The request you have made requires authentication.",
            )),
        }
    }

    fn refusal(&self, trouble: &Trouble) -> Option<Refusal> {
        match trouble {
            Trouble::Throttle { retry_after } => Some(Refusal {
                retry_after: *retry_after,
                ..self.over_limit(60)
            }),
            Trouble::RefuseCredentials {} => {
                Some(Refusal::keystone(401, "The username or password is wrong."))
            }
            Trouble::Error {
                status,
                code,
                message,
            } => Some(Refusal::service(*status, code, message)),
            _ => None,
        }
    }

    fn over_limit(&self, limit: u64) -> Refusal {
        let text =
            format!("The throttling threshold has been reached. Threshold: {limit} times per 60 seconds");
        Refusal::service(429, "IAM.0012", text)
    }

    fn restore(&self, _key: &str, _value: Value) -> Result<(), String> {
        Ok(())
    }

    fn reset(&self) {}
}

/// Takes back a token or temporary key kept by an earlier run.
pub(crate) fn restore(gate: &Gate, key: &str, value: Value) -> Result<(), String> {
    let mut memory = gate.memory();
    match key.split_once(':') {
        Some(("token", text)) => {
            let token: Token = serde_json::from_value(value).map_err(|e| e.to_string())?;
            memory.tokens.put(text.to_owned(), token);
        }
        Some(("key", access)) => {
            let key: Key = serde_json::from_value(value).map_err(|e| e.to_string())?;
            memory.tokens.put_key(access.to_owned(), key);
        }
        _ => return Err("neither token nor key".to_owned()),
    }
    Ok(())
}

/// A member down a path of names, when it is there.
fn member<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.get(name))
}

/// A text down a path of names.
fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    member(value, path).and_then(Value::as_str)
}

/// The first of `auth.identity.methods`.
fn method(body: &Value) -> &str {
    member(body, &["auth", "identity", "methods"])
        .and_then(|methods| methods.get(0))
        .and_then(Value::as_str)
        .unwrap_or_default()
}
