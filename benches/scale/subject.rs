//! What is multiplied, as `subjects.yaml` and the manifests of `examples/` describe it.
use super::cluster::documents;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// More than the operator will ever send: what is measured is the operator and not a limit.
const RATE: u32 = 10_000;

/// A kind of job.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The kind of the object.
    pub kind: String,
    /// The simulator's name of the service that keeps the jobs.
    pub service: String,
    /// What the simulator calls a job's id.
    pub id: String,
    /// What the simulator calls a job's name.
    pub name: String,
    /// The operation that answers one page of the list.
    pub list: Option<String>,
    /// A merge patch of the simulator's world.
    pub world: Option<Value>,
    #[serde(default)]
    spec: BTreeMap<String, Value>,
    /// How many calls of one operation the vendor lets through in a second; where it is told, the operator keeps to it.
    pub allowed: Option<usize>,
    manifest: String,
    account: String,
}

impl Subject {
    /// Everything that can be multiplied.
    pub fn all() -> Vec<Self> {
        serde_saphyr::from_str(include_str!("subjects.yaml")).unwrap()
    }

    /// The resource of the object, as URLs and the audit log name it.
    pub fn resource(&self) -> String {
        resource(&self.kind)
    }

    /// The objects of the account, which calls the cloud at this address, the account the last one. Unless the vendor's
    /// limit is to be kept, it calls without any.
    pub fn account(&self, cloud: &str) -> Vec<Value> {
        let mut documents = example(&self.account);
        for account in documents.iter_mut().filter(|one| one["kind"] == "CloudAccount") {
            let spec = &mut account["spec"];
            let mut limits = json!({});
            for (service, url) in spec["endpoints"].as_object_mut().unwrap() {
                *url = json!(cloud);
                limits[service] = json!({"requestsPerSecond": RATE, "burst": RATE});
            }
            if self.allowed.is_none() {
                spec["rateLimit"] = limits;
            }
        }
        documents
    }

    /// What the jobs need.
    pub fn needs(&self) -> Vec<Value> {
        let mut documents = example(&self.manifest);
        documents.pop();
        documents
    }

    /// So many jobs, each under a name of its own.
    pub fn jobs(&self, count: usize, interval: Duration) -> Vec<Value> {
        let mut job = example(&self.manifest).pop().unwrap();
        for (field, value) in &self.spec {
            job["spec"][field] = value.clone();
        }
        (1..=count)
            .map(|number| copy(job.clone(), number, interval))
            .collect()
    }
}

/// The resource of a kind.
pub fn resource(kind: &str) -> String {
    format!("{}s", kind.to_lowercase())
}

fn copy(mut job: Value, number: usize, interval: Duration) -> Value {
    job["metadata"]["name"] = json!(format!("job-{number:05}"));
    job["spec"]["syncInterval"] = json!(format!("{}s", interval.as_secs()));
    // By default the remote job is named as the object is.
    if let Some(parameters) = job["spec"]["forProvider"].as_object_mut() {
        parameters.remove("name");
    }
    job
}

fn example(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(file);
    documents(&std::fs::read_to_string(path).unwrap())
}
