//! What the operator's account and the users of the cluster may do once the chart is installed, as the API server says.
use super::release::release;
use super::tools::{Cluster, Namespace};

/// Asks the API server.
struct Rights<'a> {
    cluster: &'a Cluster,
    identity: Vec<String>,
}

impl Rights<'_> {
    /// `verb resource [subresource]`, with `resource/name` for one object, in a namespace or in all.
    fn may(&self, question: &str, namespace: &str) -> bool {
        let mut words = question.split(' ');
        let (verb, resource) = (words.next().unwrap(), words.next().unwrap());
        let mut args = vec!["auth".to_owned(), "can-i".into(), verb.into(), resource.into()];
        args.extend(words.map(|subresource| format!("--subresource={subresource}")));
        args.push(if namespace.is_empty() {
            "-A".into()
        } else {
            format!("--namespace={namespace}")
        });
        args.extend(self.identity.clone());
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let answer = self.cluster.kubectl(&args);
        match answer.text.trim() {
            "yes" => true,
            "no" => false,
            other => panic!("{question}: {other}{}", answer.errors),
        }
    }

    fn check(&self, table: &[(&str, &str, bool)]) {
        for (question, namespace, expected) in table {
            assert_eq!(
                self.may(question, namespace),
                *expected,
                "{question} in {namespace:?}"
            );
        }
    }
}

fn operator<'a>(cluster: &'a Cluster, namespace: &str) -> Rights<'a> {
    let account = format!("system:serviceaccount:{namespace}:{namespace}-replication-operator");
    Rights {
        cluster,
        identity: vec![format!("--as={account}")],
    }
}

const JOBS: &str = "eventrouterjobs.replication.dev";

#[test]
fn a_cluster_wide_operator_may_what_it_needs_and_nothing_else() {
    let cluster = Cluster::shared();
    let namespace = Namespace::new(&cluster, "chart-wide");
    let own = namespace.name.as_str();
    release(&cluster, "install", own, own, &[]).unwrap();
    let lease = format!("{own}-replication-operator");
    let (held, key) = (
        format!("update leases/{lease}"),
        format!("get secrets/{lease}-digest-key"),
    );
    operator(&cluster, own).check(&[
        (&format!("list {JOBS}"), "", true),
        (&format!("watch {JOBS}"), "", true),
        (&format!("patch {JOBS}"), "", true),
        (&format!("patch {JOBS} status"), "", true),
        (&format!("create {JOBS}"), "", false),
        (&format!("delete {JOBS}"), "", false),
        (&format!("update {JOBS}"), "", false),
        ("patch cloudaccounts.replication.dev status", "", true),
        ("delete cloudaccounts.replication.dev", "", false),
        ("watch clustercloudaccounts.replication.dev", "", true),
        ("patch clustercloudaccounts.replication.dev status", "", true),
        ("create clustercloudaccounts.replication.dev", "", false),
        ("watch secrets", "", true),
        ("patch secrets", "", true),
        ("create secrets", "", false),
        ("create secrets", own, true),
        ("update secrets", own, false),
        ("delete secrets", own, false),
        (&key, own, true),
        (&held, own, true),
        ("create leases.coordination.k8s.io", own, true),
        ("create leases.coordination.k8s.io", "default", false),
        ("update leases/another", own, false),
        ("delete leases.coordination.k8s.io", own, false),
        ("create events.events.k8s.io", "", true),
        ("list events.events.k8s.io", "", false),
        ("get namespaces", "", true),
        ("list namespaces", "", false),
        ("list pods", own, false),
        ("list configmaps", own, false),
        ("list customresourcedefinitions.apiextensions.k8s.io", "", false),
        ("create serviceaccounts token", own, false),
        ("escalate clusterroles.rbac.authorization.k8s.io", "", false),
    ]);
    cluster.helm(&["uninstall", own, "-n", own]).unwrap();
    operator(&cluster, own).check(&[(&format!("list {JOBS}"), "", false), ("watch secrets", "", false)]);
}

#[test]
fn an_operator_of_some_namespaces_sees_no_others() {
    let cluster = Cluster::shared();
    let namespace = Namespace::new(&cluster, "chart-own");
    let (team, vault) = (
        Namespace::new(&cluster, "chart-team"),
        Namespace::new(&cluster, "chart-vault"),
    );
    let (own, team, vault) = (namespace.name.as_str(), team.name.as_str(), vault.name.as_str());
    let watched = format!(r#"watchNamespaces=["{team}"]"#);
    let credentials = format!(r#"rbac={{"credentialNamespaces":["{vault}"]}}"#);
    release(&cluster, "install", own, own, &[&watched, &credentials]).unwrap();
    operator(&cluster, own).check(&[
        (&format!("list {JOBS}"), team, true),
        (&format!("patch {JOBS} status"), team, true),
        (&format!("create {JOBS}"), team, false),
        (&format!("list {JOBS}"), "", false),
        (&format!("list {JOBS}"), own, false),
        ("patch cloudaccounts.replication.dev", team, true),
        ("watch secrets", team, true),
        ("patch secrets", team, true),
        ("create secrets", team, false),
        ("delete secrets", team, false),
        ("list secrets", "default", false),
        ("get secrets", "default", false),
        ("list secrets", own, false),
        ("patch secrets", own, false),
        ("get secrets", vault, true),
        ("patch secrets", vault, true),
        ("list secrets", vault, false),
        ("create events.events.k8s.io", team, true),
        ("create events.events.k8s.io", "default", false),
        ("create leases.coordination.k8s.io", own, true),
        ("create leases.coordination.k8s.io", team, false),
        ("watch clustercloudaccounts.replication.dev", "", true),
        ("get namespaces", "", true),
    ]);
    cluster.helm(&["uninstall", own, "-n", own]).unwrap();
}

/// No controller that aggregates roles runs here, so that the roles themselves are bound.
#[test]
fn users_view_and_edit_by_role() {
    let cluster = Cluster::shared();
    let namespace = Namespace::new(&cluster, "chart-user");
    let own = namespace.name.as_str();
    release(&cluster, "install", own, own, &[]).unwrap();
    let user = |part: &str| {
        let name = format!("{own}-{part}");
        let role = format!("--clusterrole={own}-{own}-replication-operator-{part}");
        let user = format!("--user={name}");
        cluster
            .kubectl(&["create", "rolebinding", &name, "-n", own, &role, &user])
            .unwrap();
        Rights {
            cluster: &cluster,
            identity: vec![format!("--as={name}")],
        }
    };
    user("view").check(&[
        (&format!("list {JOBS}"), own, true),
        ("get cloudaccounts.replication.dev", own, true),
        (&format!("patch {JOBS}"), own, false),
        ("list secrets", own, false),
        (&format!("list {JOBS}"), "default", false),
    ]);
    user("edit").check(&[
        (&format!("create {JOBS}"), own, true),
        (&format!("patch {JOBS} status"), own, false),
        ("delete cloudaccounts.replication.dev", own, true),
        ("create clustercloudaccounts.replication.dev", "", false),
        (&format!("create {JOBS}"), "default", false),
    ]);
    for (role, parts) in [("view", 3), ("edit", 2)] {
        let role = cluster.get(&["clusterrole", &format!("{own}-{own}-replication-operator-{role}")]);
        let labels = role["metadata"]["labels"].as_object().unwrap();
        assert_eq!(
            labels.keys().filter(|key| key.contains("/aggregate-to-")).count(),
            parts
        );
    }
    cluster.helm(&["uninstall", own, "-n", own]).unwrap();
}
