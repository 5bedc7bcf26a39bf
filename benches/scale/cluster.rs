//! The API server as a user sees it: objects in, readiness out.
use super::subject::resource;
use futures::{StreamExt, TryStreamExt};
use http::Request;
use jiff::Timestamp;
use kube::Client;
use kube::config::{Config, KubeConfigOptions, Kubeconfig};
use kube::core::WatchEvent;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

/// The namespace of everything.
pub const NAMESPACE: &str = "default";
const OURS: &str = "/apis/replication.dev/v1alpha1";
/// How many objects are created at the same time.
const AT_ONCE: usize = 32;

/// A client of the API server.
pub struct Cluster {
    client: Client,
}

/// As much of an object as readiness needs.
#[derive(Clone, Debug, Deserialize)]
struct Brief {
    metadata: Named,
    #[serde(default)]
    status: Conditions,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    #[serde(default)]
    name: String,
    resource_version: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Conditions {
    #[serde(default)]
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Deserialize)]
struct Condition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
}

#[derive(Deserialize)]
struct List {
    metadata: Version,
    items: Vec<Brief>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    resource_version: String,
}

impl Brief {
    fn is_ready(&self) -> bool {
        let mut conditions = self.status.conditions.iter();
        conditions.any(|c| c.kind == "Ready" && c.status == "True")
    }
}

impl Cluster {
    /// The cluster of a kubeconfig.
    pub async fn of(kubeconfig: &Path) -> Self {
        let kubeconfig = Kubeconfig::read_from(kubeconfig).unwrap();
        let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await;
        Self {
            client: Client::try_from(config.unwrap()).unwrap(),
        }
    }

    /// `kubectl apply --server-side`.
    pub async fn apply(&self, manifest: &Value) {
        let name = manifest["metadata"]["name"].as_str().unwrap();
        let path = collection(manifest["kind"].as_str().unwrap());
        let request = Request::patch(format!("{path}/{name}?fieldManager=bench&force=true"))
            .header("Content-Type", "application/apply-patch+yaml")
            .body(manifest.to_string().into_bytes())
            .unwrap();
        self.client.request::<IgnoredAny>(request).await.unwrap();
    }

    /// Installs custom resource definitions and waits until all are served.
    pub async fn install(&self, definitions: &[Value]) {
        for definition in definitions {
            self.apply(definition).await;
        }
        for definition in definitions {
            let plural = definition["spec"]["names"]["plural"].as_str().unwrap();
            let group = definition["spec"]["group"].as_str().unwrap();
            let version = definition["spec"]["versions"][0]["name"].as_str().unwrap();
            let path = format!("/apis/{group}/{version}/{plural}");
            while self.client.request::<IgnoredAny>(get(&path)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Creates objects of one kind as fast as they are taken.
    pub async fn create_all(&self, kind: &str, manifests: Vec<Value>) {
        let path = collection(kind);
        let creates = manifests.into_iter().map(async |manifest| {
            let request = Request::post(path.clone()).body(manifest.to_string().into_bytes());
            self.client.request::<IgnoredAny>(request.unwrap()).await
        });
        futures::stream::iter(creates)
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<IgnoredAny>>()
            .await
            .unwrap();
    }

    /// The version of a collection to watch it from.
    pub async fn version(&self, kind: &str) -> String {
        let list: List = self.client.request(get(&collection(kind))).await.unwrap();
        list.metadata.resource_version
    }

    /// Watches from a version until this many objects have been ready once; when the last one was.
    pub async fn until_ready(&self, kind: &str, mut from: String, count: usize) -> Timestamp {
        let mut ready = HashSet::new();
        loop {
            let path = format!("{}?watch=1&resourceVersion={from}", collection(kind));
            let events = self.client.request_events::<Brief>(get(&path)).await.unwrap();
            let mut events = std::pin::pin!(events);
            // A watch that ends is taken up where it ended.
            while let Some(event) = events.next().await {
                let object = match event.unwrap() {
                    WatchEvent::Added(object) | WatchEvent::Modified(object) => object,
                    other => panic!("the watch says {other:?}"),
                };
                from.clone_from(&object.metadata.resource_version);
                if object.is_ready() && ready.insert(object.metadata.name) && ready.len() >= count {
                    return Timestamp::now();
                }
            }
        }
    }

    /// How many objects are not ready now.
    pub async fn not_ready(&self, kind: &str) -> usize {
        let list: List = self.client.request(get(&collection(kind))).await.unwrap();
        list.items.iter().filter(|object| !object.is_ready()).count()
    }
}

/// A manifest file of `examples/`: all of its documents.
pub fn documents(text: &str) -> Vec<Value> {
    let documents = text.split("---\n").filter(|text| !text.trim().is_empty());
    documents
        .map(|text| serde_saphyr::from_str(text).unwrap())
        .collect()
}

fn get(path: &str) -> Request<Vec<u8>> {
    Request::get(path).body(vec![]).unwrap()
}

fn collection(kind: &str) -> String {
    match kind {
        "CustomResourceDefinition" => "/apis/apiextensions.k8s.io/v1/customresourcedefinitions".into(),
        "Secret" => format!("/api/v1/namespaces/{NAMESPACE}/secrets"),
        ours => format!("{OURS}/namespaces/{NAMESPACE}/{}", resource(ours)),
    }
}
