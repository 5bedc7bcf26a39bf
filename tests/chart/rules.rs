//! The roles that the chart makes hold the rules that the code names, and no others.
use super::generated::holds;
use super::tools::{find, render};
use k8s_openapi::api::rbac::v1::PolicyRule;
use replication_operator::runtime::rbac::permissions;
use serde_json::{Value, json};
use std::fmt::Write;

const HEAD: &str = "{{- /* Made from the list of kinds by `REGENERATE=1 cargo test --test chart generated`; not to be edited. */ -}}\n";

/// The rules as named templates.
fn template() -> String {
    let lease = r#"{{ include "replication-operator.leaseName" . }}"#;
    let rules = permissions(lease);
    let parts = [
        ("watched", rules.watched),
        ("cluster", rules.cluster),
        ("own", rules.own),
        ("credentials", rules.credentials),
        ("view", rules.view),
        ("edit", rules.edit),
    ];
    parts.iter().fold(HEAD.to_owned(), |mut page, (name, rules)| {
        writeln!(page, "\n{{{{- define \"replication-operator.rules.{name}\" }}}}").unwrap();
        page.push_str(rules.iter().map(line).collect::<String>().trim_end());
        page.push_str("\n{{- end }}\n");
        page
    })
}

/// One rule in the flow of YAML's block style.
fn line(rule: &PolicyRule) -> String {
    let list = |name: &str, values: &Option<Vec<String>>| match values {
        Some(values) => format!("  {name}: {}\n", flow(values)),
        None => String::new(),
    };
    let text = [
        list("apiGroups", &rule.api_groups),
        list("resources", &rule.resources),
        list("resourceNames", &rule.resource_names),
        format!("  verbs: {}\n", flow(&rule.verbs)),
    ];
    text.concat().replacen("  ", "- ", 1)
}

fn flow(values: &[String]) -> String {
    let quoted: Vec<_> = values.iter().map(|value| format!("'{value}'")).collect();
    format!("[{}]", quoted.join(", "))
}

#[test]
fn generated_templates_hold_the_rules_of_the_code() {
    holds("charts/replication-operator/templates/_rules.tpl", &template());
}

/// The rules of a rendered role, and of the code.
fn same(role: &Value, wanted: &[&[PolicyRule]]) {
    assert_eq!(
        role["rules"],
        json!(wanted.concat()),
        "{}",
        role["metadata"]["name"]
    );
}

#[test]
fn a_cluster_wide_release_has_one_role_for_everything_and_one_for_its_lease() {
    let objects = render(&[]);
    let rules = permissions("trial-replication-operator");
    let name = "ops-trial-replication-operator";
    same(
        find(&objects, "ClusterRole", name),
        &[&rules.cluster, &rules.watched],
    );
    same(find(&objects, "Role", &format!("{name}-lease")), &[&rules.own]);
    same(
        find(&objects, "ClusterRole", &format!("{name}-view")),
        &[&rules.view],
    );
    same(
        find(&objects, "ClusterRole", &format!("{name}-edit")),
        &[&rules.edit],
    );
}

#[test]
fn a_release_for_some_namespaces_has_a_role_in_each() {
    let settings = [
        r#"watchNamespaces=["a","b","a"]"#,
        r#"rbac={"credentialNamespaces":["vault","a"]}"#,
        r#"leaseName="mine""#,
        r#"leaseNamespace="elsewhere""#,
    ];
    let objects = render(&settings);
    let rules = permissions("mine");
    let name = "ops-trial-replication-operator";
    same(find(&objects, "ClusterRole", name), &[&rules.cluster]);
    let of = |kind: &str| -> Vec<(String, Value)> {
        let of_kind = objects.iter().filter(|object| object["kind"] == kind);
        let place = |object: &Value| object["metadata"]["namespace"].as_str().unwrap().to_owned();
        of_kind.map(|object| (place(object), object.clone())).collect()
    };
    let wanted = [
        ("elsewhere", &rules.own),
        ("a", &rules.watched),
        ("b", &rules.watched),
        ("vault", &rules.credentials),
    ];
    let (found, bindings) = (of("Role"), of("RoleBinding"));
    assert_eq!(found.len(), wanted.len());
    for (((namespace, role), (_, binding)), (place, rules)) in found.iter().zip(&bindings).zip(wanted) {
        assert_eq!(namespace, place);
        same(role, &[rules]);
        assert_eq!(binding["roleRef"]["name"], role["metadata"]["name"]);
        assert_eq!(binding["metadata"]["namespace"], role["metadata"]["namespace"]);
        let subject =
            json!({"kind": "ServiceAccount", "name": "trial-replication-operator", "namespace": "ops"});
        assert_eq!(binding["subjects"], json!([subject]));
    }
}

#[test]
fn no_rule_has_a_wildcard_and_no_cloud_account_is_deleted_by_the_operator() {
    let rules = permissions("lease");
    let operators = [rules.watched, rules.cluster, rules.own, rules.credentials].concat();
    for rule in operators {
        let groups = rule.api_groups.clone().unwrap();
        let words = [groups, rule.resources.clone().unwrap(), rule.verbs.clone()].concat();
        assert!(!words.iter().any(|word| word.contains('*')), "{rule:?}");
        assert!(
            !rule.verbs.iter().any(|verb| verb.starts_with("delete")),
            "{rule:?}"
        );
    }
}
