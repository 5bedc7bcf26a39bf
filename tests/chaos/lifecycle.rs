//! The lives of jobs, as `lifecycles.yaml` and the manifests of `examples/` describe them.
use crate::harness::{Object, merge};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Kind and name of an object.
pub type Target = (String, String);

/// One life of one kind or flavour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// What it is called in the output.
    pub name: String,
    /// The simulator's name of the service.
    pub service: String,
    /// The simulator's names of what else the service keeps for the objects.
    #[serde(default)]
    pub beside: Vec<String>,
    /// A merge patch of the simulator's world.
    pub world: Value,
    /// From creation on; the deletion comes after the last one.
    pub steps: Vec<Step>,
    /// How often each act takes effect at the service in the whole life.
    pub acts: BTreeMap<String, usize>,
    manifests: Vec<String>,
    account: String,
}

/// One step of a life.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it is called in the output.
    pub name: String,
    /// What is edited; in the first step, in the manifest.
    #[serde(default = "nothing")]
    pub patch: Value,
    /// The reason of the Ready condition in the end.
    pub ready: String,
    /// What else the object shows in the end, by JSON pointer.
    #[serde(default)]
    pub shows: BTreeMap<String, Value>,
}

impl Lifecycle {
    /// Every life there is.
    pub fn all() -> Vec<Self> {
        serde_saphyr::from_str(include_str!("lifecycles.yaml")).unwrap()
    }

    /// The objects of the account that the job names, which calls the cloud at this address; itself the last one.
    pub fn account(&self, cloud: &str) -> Vec<Value> {
        let mut documents = example(&self.account);
        let job = self.job();
        let named = &job["spec"]["accountRef"]["name"];
        documents.retain(|document| !is_ours(document) || document["metadata"]["name"] == *named);
        let account = documents.last_mut().unwrap();
        let endpoints = account["spec"]["endpoints"].as_object_mut().unwrap();
        endpoints.values_mut().for_each(|url| *url = json!(cloud));
        let services: Vec<String> = endpoints.keys().filter(|name| *name != "iam").cloned().collect();
        for service in services {
            let limit = json!({"rateLimit": {service: {"requestsPerSecond": 50, "burst": 50}}});
            merge(&mut account["spec"], limit);
        }
        documents
    }

    /// The objects of the job as the first step creates them, itself the last one.
    pub fn objects(&self) -> Vec<Value> {
        let mut documents: Vec<Value> = self.manifests.iter().flat_map(|file| example(file)).collect();
        merge(documents.last_mut().unwrap(), self.steps[0].patch.clone());
        documents
    }

    /// Kinds and names of what the operator looks after, in the order in which it is made.
    pub fn targets(&self) -> Vec<Target> {
        self.objects()
            .iter()
            .filter(|one| is_ours(one))
            .map(target)
            .collect()
    }

    fn job(&self) -> Value {
        self.objects().pop().unwrap()
    }
}

impl Step {
    /// Whether an object is as it is at the end of this step.
    pub fn is_over(&self, object: &Object) -> bool {
        let shows = |(pointer, value): (&String, &Value)| object.pointer(pointer) == Some(value);
        object.is_ready() && object.condition("Ready").reason == self.ready && self.shows.iter().all(shows)
    }
}

/// Kind and name of an object.
pub fn target(object: &Value) -> Target {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&object["kind"]), text(&object["metadata"]["name"]))
}

fn nothing() -> Value {
    json!({})
}

fn is_ours(object: &Value) -> bool {
    let version = object["apiVersion"].as_str().unwrap();
    version.starts_with("replication.dev/")
}

fn example(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.split("\n---\n")
        .map(|document| serde_saphyr::from_str(document).unwrap())
        .collect()
}
