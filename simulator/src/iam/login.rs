//! Tokens: `POST` and `GET /v3/auth/tokens` (IAM API reference).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{member, method, text};
use crate::auth::{Principal, Scope, Token, stamp};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::ids;
use crate::reply::{Refusal, Reply};
use crate::world::{User, World};

/// The real tokens are CMS blobs of a few kilobytes in base64, which begin so.
const START: &str = "MIIF";

/// Issues a token.
pub(super) fn create(cloud: &Cloud, call: &Call) -> Result<Reply, Refusal> {
    let body = call.json().map_err(|_| invalid())?;
    let world = cloud.world();
    let method = method(&body);
    let mut principal = match method {
        "password" => by_password(cloud, &world, &body)?,
        "hw_ak_sk" => by_key(&world, &body)?,
        "assume_role" => assumed(cloud, call, &body)?,
        _ => return Err(invalid()),
    };
    principal.scope = Some(scope(&world, &principal, &body)?);
    principal.access_key = None;
    let issued_at = Timestamp::now();
    let life = SignedDuration::from_secs(world.switches.auth.token_seconds);
    let token = Token {
        principal,
        method: method.to_owned(),
        issued_at,
        expires_at: issued_at + life,
    };
    let subject = format!("{START}{}", ids::mixed(1020));
    let catalog = call.parameter("nocatalog").is_none_or(|value| value.is_empty());
    let reply = Reply::json(201, &describe(&world, &token, catalog))
        .with_header("x-subject-token", subject.clone())
        .with_effect("token", &token.principal.user_name);
    cloud
        .store
        .put(super::NAME, &format!("token:{subject}"), &token, cloud.now());
    cloud.gate.memory().tokens.put(subject, token);
    Ok(reply)
}

/// Validates a token.
pub(super) fn validate(cloud: &Cloud, call: &Call) -> Result<Reply, Refusal> {
    let subject = call.header("x-subject-token").unwrap_or_default();
    let world = cloud.world();
    let memory = cloud.gate.memory();
    let token = memory
        .tokens
        .token(subject)
        .filter(|token| token.expires_at > Timestamp::now());
    let token = token.ok_or_else(|| Refusal::keystone(404, "X-Subject-Token is invalid in the request"))?;
    Ok(Reply::json(200, &describe(&world, token, true)).with_header("x-subject-token", subject.to_owned()))
}

fn invalid() -> Refusal {
    Refusal::keystone(400, "The request body is invalid")
}

fn by_password(cloud: &Cloud, world: &World, body: &Value) -> Result<Principal, Refusal> {
    let given = member(body, &["auth", "identity", "password", "user"]).ok_or_else(invalid)?;
    let password = text(given, &["password"]).ok_or_else(invalid)?;
    let (name, id) = (text(given, &["name"]), text(given, &["id"]));
    let login = name.or(id).ok_or_else(invalid)?;
    // Terraform logs in by user id without a domain, or names the domain by id.
    if name.is_some() && member(given, &["domain"]).is_none() {
        return Err(invalid());
    }
    let auth = &world.switches.auth;
    let logins = &mut cloud.gate.memory().logins;
    if logins.is_locked(login) {
        return Err(Refusal::keystone(401, "The account is locked."));
    }
    let user = world.huawei.users.iter().find(|user| is_meant(user, given));
    let Some(user) = user.filter(|user| user.password == password) else {
        logins.failed(
            login,
            auth.logins_before_lock.saturating_sub(1),
            auth.login_lock_seconds,
        );
        return Err(Refusal::keystone(401, "The username or password is wrong."));
    };
    logins.succeeded(login);
    Ok(Principal::of(user))
}

fn is_meant(user: &User, given: &Value) -> bool {
    let is = |path: &[&str], own: &str| text(given, path).is_none_or(|wanted| wanted == own);
    is(&["name"], &user.user_name)
        && is(&["id"], &user.user_id)
        && is(&["domain", "name"], &user.domain_name)
        && is(&["domain", "id"], &user.domain_id)
}

fn by_key(world: &World, body: &Value) -> Result<Principal, Refusal> {
    let given = member(body, &["auth", "identity", "hw_ak_sk"]).ok_or_else(invalid)?;
    let access = text(given, &["access", "key"]).ok_or_else(invalid)?;
    let secret = text(given, &["secret", "key"]).ok_or_else(invalid)?;
    let user = world
        .huawei
        .users
        .iter()
        .find(|user| user.access_key == access && user.secret_key == secret);
    user.map(Principal::of)
        .ok_or_else(|| Refusal::keystone(401, "The username or password is wrong."))
}

fn assumed(cloud: &Cloud, call: &Call, body: &Value) -> Result<Principal, Refusal> {
    let caller = cloud
        .gate
        .admit(cloud, call)
        .map_err(|_| Refusal::keystone(401, "The X-Auth-Token is invalid!"))?;
    let given = member(body, &["auth", "identity", "assume_role"]).ok_or_else(invalid)?;
    assume(&cloud.world(), &caller, given)
        .ok_or_else(|| Refusal::keystone(403, "You have no right to do this action"))
}

/// The caller that an agency makes of another caller; `None` when there is no such agency.
pub(super) fn assume(world: &World, caller: &Principal, given: &Value) -> Option<Principal> {
    let name = text(given, &["agency_name"]).or_else(|| text(given, &["xrole_name"]))?;
    let agency = world.huawei.agencies.iter().find(|agency| {
        agency.name == name
            && match text(given, &["domain_id"]) {
                Some(id) => agency.domain_id == id,
                None => text(given, &["domain_name"]) == Some(&agency.domain_name),
            }
    })?;
    Some(Principal {
        user_name: format!("{}/{}", agency.domain_name, agency.name),
        domain_name: agency.domain_name.clone(),
        domain_id: agency.domain_id.clone(),
        access_key: None,
        scope: None,
        ..caller.clone()
    })
}

/// Project wins over domain; neither is a domain token.
fn scope(world: &World, principal: &Principal, body: &Value) -> Result<Scope, Refusal> {
    let Some(project) = member(body, &["auth", "scope", "project"]) else {
        return Ok(Scope::Domain);
    };
    let (id, name) = (text(project, &["id"]), text(project, &["name"]));
    if id.is_none() && name.is_none() {
        return Err(invalid());
    }
    let found = world.huawei.projects.iter().find(|own| {
        own.domain_id == principal.domain_id
            && id.is_none_or(|id| id == own.id)
            && name.is_none_or(|name| name == own.name)
    });
    let found = found.ok_or_else(|| Refusal::keystone(404, "The project does not exist."))?;
    Ok(Scope::Project(found.id.clone()))
}

fn describe(world: &World, token: &Token, catalog: bool) -> Value {
    let who = &token.principal;
    let domain = json!({"id": who.domain_id, "name": who.domain_name});
    let mut body = json!({
        "expires_at": stamp(token.expires_at),
        "issued_at": stamp(token.issued_at),
        "methods": [token.method],
        "roles": [{"id": "0", "name": "te_admin"}],
        "user": {"id": who.user_id, "name": who.user_name, "password_expires_at": "", "domain": domain},
    });
    let Some(members) = body.as_object_mut() else {
        return body;
    };
    if catalog {
        members.insert("catalog".to_owned(), json!([]));
    }
    match &who.scope {
        Some(Scope::Project(id)) => {
            let name = world
                .huawei
                .projects
                .iter()
                .find(|p| p.id == *id)
                .map(|p| p.name.as_str());
            members.insert(
                "project".to_owned(),
                json!({"id": id, "name": name, "domain": domain}),
            );
        }
        _ => {
            members.insert("domain".to_owned(), domain);
        }
    }
    json!({"token": body})
}
