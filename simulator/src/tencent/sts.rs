//! STS: who one is, and temporary keys for roles.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{Api, admission, admit, answer, body, counted_by, denied, over_limit, refusal};
use crate::auth::{Key, Principal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::fault::Trouble;
use crate::ids;
use crate::reply::{Refusal, Reply, Stamp};
use crate::schema::text;
use crate::service::{Access, Order, Route, Service};
use crate::world::{Role, World};

/// The service's name.
const NAME: &str = "sts";
/// The one action that is sent unsigned.
const WEB: &str = "AssumeRoleWithWebIdentity";
/// Life of a temporary key when none is asked for, and the longest, in seconds.
const LIFE: (i64, i64) = (7200, 43_200);

const API: Api = Api {
    service: NAME,
    version: "2018-08-13",
    actions: &["AssumeRole", WEB, "GetCallerIdentity"],
    regional: false,
};

/// The service; what it issues is held by the gate, as all temporary keys are.
#[derive(Debug)]
pub(crate) struct Sts;

impl Service for Sts {
    fn name(&self) -> &'static str {
        NAME
    }

    fn route(&self, call: &Call) -> Option<Route> {
        let named = super::action(call);
        let operation = API.actions.iter().find(|known| **known == named)?;
        (call.path == "/").then(|| Route {
            operation,
            access: if *operation == WEB {
                Access::Open
            } else {
                Access::Account
            },
            permission: None,
            id: String::new(),
        })
    }

    fn authenticate(&self, cloud: &Cloud, call: &Call, route: &Route) -> Result<Option<Principal>, Refusal> {
        if route.access != Access::Open {
            return admit(cloud, call, API).map(Some);
        }
        admission::check_headers(call, API, &cloud.world())?;
        match call.header("authorization") {
            Some("SKIP") => Ok(None),
            _ => Err(Refusal::tencent(
                "AuthFailure.InvalidAuthorization",
                "The `Authorization` header must be `SKIP`.",
            )),
        }
    }

    fn perform(&self, cloud: &Cloud, order: Order<'_>) -> Result<Reply, Refusal> {
        let world = cloud.world();
        let action = format!("sts:{}", order.route.operation);
        if order.principal.is_some_and(|caller| caller.is_denied(&action)) {
            return Err(denied(&world, &action));
        }
        let body = body(order.call)?;
        match order.principal {
            Some(caller) if order.route.operation == "GetCallerIdentity" => {
                Ok(answer(order.request_id, identity(caller)))
            }
            _ => assume(cloud, &world, &order, &body),
        }
    }

    fn refusal(&self, trouble: &Trouble) -> Option<Refusal> {
        refusal(trouble)
    }

    fn stamp(&self) -> Stamp {
        Stamp::in_body()
    }

    fn too_large(&self) -> Refusal {
        super::too_large()
    }

    fn counted_by(&self, world: &World, route: &Route, principal: Option<&Principal>) -> String {
        counted_by(world, route.operation, principal)
    }

    fn over_limit(&self, limit: u64) -> Refusal {
        over_limit(limit)
    }

    fn restore(&self, _key: &str, _value: Value) -> Result<(), String> {
        Ok(())
    }

    fn reset(&self) {}
}

fn identity(caller: &Principal) -> Map<String, Value> {
    let account = &caller.domain_id;
    let members = [
        ("Arn", format!("qcs::cam::uin/{account}:uin/{account}")),
        ("AccountId", account.clone()),
        ("UserId", caller.user_id.clone()),
        ("PrincipalId", caller.user_id.clone()),
        ("Type", "CAMUser".to_owned()),
    ];
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::String(value)))
        .collect()
}

/// Issues a temporary key to a user of the role's account or, unsigned, to whoever has a token of its provider.
fn assume(
    cloud: &Cloud,
    world: &World,
    order: &Order<'_>,
    body: &Map<String, Value>,
) -> Result<Reply, Refusal> {
    let role = role(world, order.principal, body)?;
    let seconds = seconds(body)?;
    let expires_at = Timestamp::now() + SignedDuration::from_secs(seconds);
    let access = format!("AKID{}", ids::mixed(60));
    let key = Key {
        principal: assumed(role),
        secret: ids::mixed(44),
        security_token: ids::mixed(200),
        expires_at,
    };
    let members = json!({
        "Credentials": {"Token": key.security_token, "TmpSecretId": access, "TmpSecretKey": key.secret},
        "ExpiredTime": expires_at.as_second(),
        "Expiration": expires_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    });
    let members = members.as_object().cloned().unwrap_or_default();
    let at = cloud.now();
    cloud
        .store
        .put(crate::iam::NAME, &format!("key:{access}"), &key, at);
    cloud.gate.memory().tokens.put_key(access.clone(), key);
    Ok(answer(order.request_id, members).with_effect("key", &access))
}

fn role<'a>(
    world: &'a World,
    caller: Option<&Principal>,
    body: &Map<String, Value>,
) -> Result<&'a Role, Refusal> {
    for name in ["RoleArn", "RoleSessionName"] {
        if text(body, name).is_empty() {
            let text = format!("The request is missing the required parameter `{name}`.");
            return Err(Refusal::tencent("MissingParameter", text));
        }
    }
    let known = world
        .tencent
        .roles
        .iter()
        .find(|role| role.role_arn == text(body, "RoleArn"));
    let may = |role: &&Role| match caller {
        Some(caller) => caller.domain_id == role.app_id.to_string(),
        // No key of the provider is known here, so that any token of it is taken.
        None => {
            role.provider_id.as_deref() == Some(text(body, "ProviderId"))
                && !text(body, "WebIdentityToken").is_empty()
        }
    };
    known.filter(may).ok_or_else(|| {
        Refusal::tencent(
            "AuthFailure.UnauthorizedOperation",
            "The role cannot be assumed with these credentials.",
        )
    })
}

fn seconds(body: &Map<String, Value>) -> Result<i64, Refusal> {
    let wanted = body.get("DurationSeconds").filter(|value| !value.is_null());
    let seconds = wanted.map_or(Some(LIFE.0), Value::as_i64);
    seconds
        .filter(|seconds| (1..=LIFE.1).contains(seconds))
        .ok_or_else(|| {
            let text = format!("`DurationSeconds` must be from 1 to {}.", LIFE.1);
            Refusal::tencent("InvalidParameterValue", text)
        })
}

fn assumed(role: &Role) -> Principal {
    Principal {
        user_name: role.role_arn.clone(),
        user_id: role.role_arn.clone(),
        domain_name: role.app_id.to_string(),
        domain_id: role.app_id.to_string(),
        access_key: None,
        scope: None,
        denied: Vec::new(),
        secrets: String::new(),
    }
}
