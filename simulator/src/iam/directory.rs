//! Who and what there is: projects, accounts, the caller (IAM API reference).

use serde_json::{Value, json};

use crate::auth::Principal;
use crate::call::Call;
use crate::cloud::Cloud;
use crate::reply::Reply;
use crate::world::Project;

/// The projects of the caller's account, filtered.
pub(super) fn projects(cloud: &Cloud, call: &Call, caller: &Principal) -> Reply {
    let world = cloud.world();
    let filters = call.parameters();
    let wanted = |project: &Project| {
        filters.iter().all(|(name, value)| match name.as_str() {
            "name" => *value == project.name,
            "domain_id" | "parent_id" => *value == project.domain_id,
            "enabled" => value == "true",
            _ => true,
        })
    };
    let own = world
        .huawei
        .projects
        .iter()
        .filter(|p| p.domain_id == caller.domain_id && wanted(p));
    let base = base(call);
    let all: Vec<Value> = own.map(|project| entry(project, &base)).collect();
    Reply::json(
        200,
        &json!({"projects": page(call, all), "links": links(&format!("{base}{}", call.path))}),
    )
}

fn entry(project: &Project, base: &str) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "domain_id": project.domain_id,
        "parent_id": project.domain_id,
        "is_domain": false,
        "enabled": true,
        "description": "",
        "links": links(&format!("{base}/v3/projects/{}", project.id)),
    })
}

/// `page` goes with `per_page`; without both the list is whole.
fn page(call: &Call, all: Vec<Value>) -> Vec<Value> {
    let number = |name: &str| call.parameter(name).and_then(|text| text.parse::<usize>().ok());
    match (number("page"), number("per_page")) {
        (Some(page), Some(size)) => all
            .into_iter()
            .skip(page.saturating_sub(1).saturating_mul(size))
            .take(size)
            .collect(),
        _ => all,
    }
}

/// The caller's account.
pub(super) fn domains(call: &Call, caller: &Principal) -> Reply {
    let base = base(call);
    let domain = json!({
        "id": caller.domain_id,
        "name": caller.domain_name,
        "enabled": true,
        "description": "",
        "links": links(&format!("{base}/v3/domains/{}", caller.domain_id)),
    });
    Reply::json(
        200,
        &json!({"domains": [domain], "links": links(&format!("{base}/v3/auth/domains"))}),
    )
}

/// The caller.
pub(super) fn identity(caller: &Principal) -> Reply {
    let body = json!({
        "account_id": caller.domain_id,
        "principal_urn": format!("iam::{}:user:{}", caller.domain_id, caller.user_name),
        "principal_id": caller.user_id,
    });
    Reply::json(200, &body)
}

fn base(call: &Call) -> String {
    format!(
        "https://{}",
        call.header("host").unwrap_or("iam.myhuaweicloud.com")
    )
}

fn links(own: &str) -> Value {
    json!({"self": own, "next": null, "previous": null})
}
