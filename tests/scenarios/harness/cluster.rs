//! The API server as a user sees it: manifests in, objects out, both as plain JSON.
use super::job::Object;
use http::Request;
use kube::Client;
use serde_json::{Value, json};

const OURS: &str = "/apis/replication.dev/v1alpha1";
const RIGHTS: &str = "/apis/rbac.authorization.k8s.io/v1";

/// A client of the API server.
#[derive(Clone)]
pub struct Cluster {
    client: Client,
}

impl Cluster {
    /// Calls through this client.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Makes a namespace that nobody else uses.
    pub async fn new_namespace(&self) -> String {
        let body = json!({"metadata": {"generateName": "scenario-"}});
        let made = self.post("/api/v1/namespaces", &body).await;
        made["metadata"]["name"].as_str().unwrap().to_owned()
    }

    /// `kubectl apply --server-side --validate=strict`; the error is the API server's text.
    pub async fn apply(&self, namespace: &str, manifest: &Value) -> Result<Object, String> {
        let kind = manifest["kind"].as_str().unwrap();
        let name = manifest["metadata"]["name"].as_str().unwrap();
        let path = path(kind, namespace, name);
        let request = Request::patch(format!(
            "{path}?fieldManager=scenario&force=true&fieldValidation=Strict"
        ))
        .header("Content-Type", "application/apply-patch+yaml")
        .body(bytes(manifest))
        .unwrap();
        self.client
            .request(request)
            .await
            .map(Object)
            .map_err(|error| error.to_string())
    }

    /// `kubectl patch --type=merge`.
    pub async fn patch(&self, kind: &str, namespace: &str, name: &str, patch: &Value) -> Object {
        let request = Request::patch(path(kind, namespace, name))
            .header("Content-Type", "application/merge-patch+json")
            .body(bytes(patch))
            .unwrap();
        Object(self.client.request(request).await.unwrap())
    }

    /// The object, if there is one.
    pub async fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<Object> {
        let request = Request::get(path(kind, namespace, name)).body(vec![]).unwrap();
        match self.client.request(request).await {
            Ok(object) => Some(Object(object)),
            Err(kube::Error::Api(status)) if status.is_not_found() => None,
            Err(error) => panic!("get {kind} {namespace}/{name}: {error}"),
        }
    }

    /// All objects of a kind in a namespace.
    pub async fn list(&self, kind: &str, namespace: &str) -> Vec<Object> {
        let path = path(kind, namespace, "");
        let request = Request::get(path.trim_end_matches('/')).body(vec![]).unwrap();
        let list: Value = self.client.request(request).await.unwrap();
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .cloned()
            .map(Object)
            .collect()
    }

    /// A token of a service account.
    pub async fn token(&self, namespace: &str, account: &str) -> String {
        let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token");
        let request = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
        let answer = self.post(&path, &request).await;
        answer["status"]["token"].as_str().unwrap().to_owned()
    }

    /// Whether somebody may do something, as a `SubjectAccessReview` asks.
    pub async fn ask(&self, question: &Value) -> Value {
        self.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", question)
            .await
    }

    /// Asks for the deletion, and does not wait for it.
    pub async fn delete(&self, kind: &str, namespace: &str, name: &str) {
        let request = Request::delete(path(kind, namespace, name)).body(vec![]).unwrap();
        self.client.request::<Value>(request).await.unwrap();
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = Request::post(path)
            .header("Content-Type", "application/json")
            .body(bytes(body))
            .unwrap();
        self.client.request(request).await.unwrap()
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

fn path(kind: &str, namespace: &str, name: &str) -> String {
    let (group, plural) = match kind {
        "Secret" => ("/api/v1", "secrets"),
        "Namespace" => ("/api/v1", "namespaces"),
        "Event" => ("/apis/events.k8s.io/v1", "events"),
        "Lease" => ("/apis/coordination.k8s.io/v1", "leases"),
        "ServiceAccount" => ("/api/v1", "serviceaccounts"),
        "Role" => (RIGHTS, "roles"),
        "RoleBinding" => (RIGHTS, "rolebindings"),
        "ClusterRole" => (RIGHTS, "clusterroles"),
        "ClusterRoleBinding" => (RIGHTS, "clusterrolebindings"),
        "CustomResourceDefinition" => ("/apis/apiextensions.k8s.io/v1", "customresourcedefinitions"),
        "EventRouterJob" => (OURS, "eventrouterjobs"),
        "SmartConnectTask" => (OURS, "smartconnecttasks"),
        "DatahubTask" => (OURS, "datahubtasks"),
        "CdmJob" => (OURS, "cdmjobs"),
        "CdmLink" => (OURS, "cdmlinks"),
        "CloudAccount" => (OURS, "cloudaccounts"),
        "ClusterCloudAccount" => (OURS, "clustercloudaccounts"),
        _ => panic!("unknown kind {kind}"),
    };
    if namespace.is_empty() {
        format!("{group}/{plural}/{name}")
    } else {
        format!("{group}/namespaces/{namespace}/{plural}/{name}")
    }
}
