//! The lives of jobs, as `lifecycles.yaml` and the manifests of `examples/` describe them.
use crate::harness::merge;
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
    /// A merge patch of the simulator's world.
    pub world: Value,
    /// From creation on; the deletion comes after the last one.
    pub steps: Vec<Step>,
    /// How often each act takes effect at the service in the whole life.
    pub acts: BTreeMap<String, usize>,
    manifest: String,
    account: String,
}

/// One step of a life.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it is called in the output.
    pub name: String,
    /// What is edited; nothing where the object is created.
    pub patch: Option<Value>,
    /// The reason of the Ready condition in the end.
    pub ready: String,
}

impl Lifecycle {
    /// Every life there is.
    pub fn all() -> Vec<Self> {
        serde_saphyr::from_str(include_str!("lifecycles.yaml")).unwrap()
    }

    /// The objects of the account, which calls the cloud at this address.
    pub fn account(&self, cloud: &str) -> Vec<Value> {
        let mut documents = example(&self.account);
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

    /// The objects of the job, itself the last one.
    pub fn job(&self) -> Vec<Value> {
        example(&self.manifest)
    }

    /// Kind and name of the job.
    pub fn target(&self) -> Target {
        target(self.job().last().unwrap())
    }
}

/// Kind and name of an object.
pub fn target(object: &Value) -> Target {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&object["kind"]), text(&object["metadata"]["name"]))
}

fn example(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.split("\n---\n")
        .map(|document| serde_saphyr::from_str(document).unwrap())
        .collect()
}
