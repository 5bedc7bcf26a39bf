//! The operator's service account with the roles that the chart gives it, and nothing beside them.
use super::cluster::Cluster;
use super::plane::Plane;
use super::wait::{PATIENCE, until};
use kube::config::Kubeconfig;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/charts/replication-operator");
/// Of the release, and so of its account and its lease.
const NAME: &str = "replication-operator";

/// A release without its pods.
pub struct Release {
    /// Where its account and its lease are.
    pub namespace: String,
    kubeconfig: PathBuf,
}

impl Release {
    /// Makes what a release in a namespace has: for some namespaces, or for the whole cluster when none is named.
    pub async fn install(plane: &Plane, namespace: &str, watched: &[&str], dir: &Path) -> Self {
        let cluster = plane.cluster().await;
        let objects = render(plane, namespace, watched);
        for object in &objects {
            let home = object["metadata"]["namespace"].as_str().unwrap_or_default();
            cluster.apply(home, object).await.unwrap();
        }
        for rules in objects.iter().filter(|object| object["rules"].is_array()) {
            until_granted(&cluster, namespace, rules).await;
        }
        let kubeconfig = dir.join("operator.kubeconfig");
        let token = cluster.token(namespace, NAME).await;
        std::fs::write(&kubeconfig, signed_in(plane, &token).to_string()).unwrap();
        Self {
            namespace: namespace.to_owned(),
            kubeconfig,
        }
    }

    /// The plane as this release's operator sees it.
    pub fn of(&self, plane: &Plane) -> Plane {
        Plane::at(&self.kubeconfig, &plane.path)
    }
}

fn render(plane: &Plane, namespace: &str, watched: &[&str]) -> Vec<Value> {
    let helm = Command::new("helm")
        .env("PATH", &plane.path)
        .args(["template", NAME, CHART, "--namespace", namespace])
        .args(["--show-only", "templates/serviceaccount.yaml"])
        .args(["--show-only", "templates/rbac.yaml"])
        .args(["--set-json", &format!("watchNamespaces={}", json!(watched))])
        .output()
        .unwrap_or_else(|error| panic!("helm cannot be started: {error}"));
    let text = String::from_utf8(helm.stdout).unwrap();
    let errors = String::from_utf8_lossy(&helm.stderr);
    assert!(helm.status.success(), "{text}{errors}");
    serde_saphyr::from_multiple(&text).unwrap()
}

/// A role counts once the API server's authoriser has seen it and its binding.
async fn until_granted(cluster: &Cluster, account: &str, role: &Value) {
    let newest = role["rules"].as_array().unwrap().last().unwrap();
    let last = |field: &str| newest[field].as_array().and_then(|all| all.last()).cloned();
    let resource = last("resources").unwrap();
    let (resource, subresource) = match resource.as_str().unwrap().split_once('/') {
        Some((resource, subresource)) => (resource, subresource),
        None => (resource.as_str().unwrap(), ""),
    };
    let question = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {
        "user": format!("system:serviceaccount:{account}:{NAME}"),
        "resourceAttributes": {"namespace": role["metadata"]["namespace"], "group": last("apiGroups"),
            "resource": resource, "subresource": subresource, "verb": last("verbs"), "name": last("resourceNames")}}});
    until(&format!("{} to hold", role["metadata"]), PATIENCE, async || {
        let answer = cluster.ask(&question).await;
        match answer["status"]["allowed"].as_bool() {
            Some(true) => Ok(()),
            _ => Err(answer["status"].to_string()),
        }
    })
    .await;
}

/// The administrator's kubeconfig with this token in place of the certificate.
fn signed_in(plane: &Plane, token: &str) -> Value {
    let admin = Kubeconfig::read_from(&plane.kubeconfig).unwrap();
    let mut config = serde_json::to_value(admin).unwrap();
    config["users"][0]["user"] = json!({"token": token});
    config
}
