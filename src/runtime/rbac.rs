//! What the operator must be allowed to do on the API server, as data from the list of kinds; the chart's roles are
//! generated from it.
use super::controllers::{cluster_wide, namespaced};
use k8s_openapi::api::rbac::v1::PolicyRule;

const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "delete", "deletecollection", "patch", "update"];
/// What a pass needs of an object, which it has from a watch: to see it, and to put finalizers on it and take them off.
const KEEP: &[&str] = &["list", "watch", "patch"];

/// The rules of one installation, by where they hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Permissions {
    /// In every watched namespace.
    pub watched: Vec<PolicyRule>,
    /// In the whole cluster, whichever namespaces are watched.
    pub cluster: Vec<PolicyRule>,
    /// In the namespace of the Lease.
    pub own: Vec<PolicyRule>,
    /// In namespaces that hold Secrets of cluster-wide accounts and are not watched.
    pub credentials: Vec<PolicyRule>,
    /// For users who look.
    pub view: Vec<PolicyRule>,
    /// For users who change jobs and accounts, beside `view`.
    pub edit: Vec<PolicyRule>,
}

/// The rules of an installation whose Lease has this name.
#[must_use]
pub fn permissions(lease: &str) -> Permissions {
    let namespaced = namespaced();
    let cluster = cluster_wide();
    let everything: Vec<_> = namespaced.iter().chain(&cluster).cloned().collect();
    Permissions {
        watched: vec![
            ours(&namespaced, KEEP),
            ours(&statuses(&namespaced), &["patch"]),
            rule("", "secrets", &["get", "list", "watch", "patch"]),
            rule("events.k8s.io", "events", &["create", "patch"]),
        ],
        cluster: vec![
            ours(&cluster, KEEP),
            ours(&statuses(&cluster), &["patch"]),
            rule("", "namespaces", &["get"]),
        ],
        own: vec![
            rule("coordination.k8s.io", "leases", &["create"]),
            named(
                rule("coordination.k8s.io", "leases", &["get", "update"]),
                lease.to_owned(),
            ),
            rule("", "secrets", &["create"]),
            named(rule("", "secrets", &["get"]), format!("{lease}-digest-key")),
        ],
        credentials: vec![rule("", "secrets", &["get", "patch"])],
        view: vec![ours(&everything, READ)],
        edit: vec![ours(&namespaced, WRITE)],
    }
}

fn statuses(plurals: &[String]) -> Vec<String> {
    plurals.iter().map(|plural| format!("{plural}/status")).collect()
}

fn ours(resources: &[String], verbs: &[&str]) -> PolicyRule {
    PolicyRule {
        api_groups: Some(vec![crate::api::GROUP.into()]),
        resources: Some(resources.to_vec()),
        verbs: texts(verbs),
        ..PolicyRule::default()
    }
}

fn rule(group: &str, resource: &str, verbs: &[&str]) -> PolicyRule {
    PolicyRule {
        api_groups: Some(vec![group.into()]),
        resources: Some(vec![resource.into()]),
        verbs: texts(verbs),
        ..PolicyRule::default()
    }
}

fn named(rule: PolicyRule, name: String) -> PolicyRule {
    PolicyRule {
        resource_names: Some(vec![name]),
        ..rule
    }
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}
