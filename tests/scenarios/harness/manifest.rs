//! The manifests of `examples/`, changed where a scenario needs it.
use serde_json::{Value, json};

const KAFKA: &str = include_str!("../../../examples/eventrouterjob-kafka.yaml");
const ROCKETMQ: &str = include_str!("../../../examples/eventrouterjob-rocketmq.yaml");
const TENCENT: &str = include_str!("../../../examples/cloudaccount-tencent.yaml");
const DCS: &str = include_str!("../../../examples/eventrouterjob-dcs.yaml");

/// A job and the Secret that it names.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The Secret; null where the job names none.
    pub secret: Value,
    /// The job.
    pub job: Value,
}

impl Manifest {
    /// Kafka to Kafka.
    pub fn kafka() -> Self {
        Self::read(KAFKA)
    }

    /// RocketMQ to RocketMQ.
    pub fn rocketmq() -> Self {
        Self::read(ROCKETMQ)
    }

    /// DCS to DCS.
    pub fn dcs() -> Self {
        Self::read(DCS)
    }

    /// A file of `examples/`.
    pub fn example(file: &str) -> Self {
        let path = format!("{}/examples/{file}", env!("CARGO_MANIFEST_DIR"));
        Self::read(&std::fs::read_to_string(path).unwrap())
    }

    /// With a merge patch of the job's `spec`.
    pub fn spec(mut self, patch: Value) -> Self {
        merge(&mut self.job["spec"], patch);
        self
    }

    /// With a merge patch of `spec.forProvider`.
    pub fn provider(self, patch: Value) -> Self {
        self.spec(json!({"forProvider": patch}))
    }

    /// With another option of the Kafka flavour.
    pub fn option(self, name: &str, value: Value) -> Self {
        self.provider(json!({"advanced": {"kafkaToKafka": {name: value}}}))
    }

    /// With an annotation.
    pub fn annotated(mut self, key: &str, value: &str) -> Self {
        merge(&mut self.job["metadata"], json!({"annotations": {key: value}}));
        self
    }

    /// Under another name.
    pub fn named(mut self, name: &str) -> Self {
        self.job["metadata"]["name"] = json!(name);
        self
    }

    /// The name of the job.
    pub fn name(&self) -> &str {
        self.job["metadata"]["name"].as_str().unwrap()
    }

    /// The remote job that the Kafka manifest describes, as somebody else would make it: without a mark.
    pub fn remote(name: &str) -> Value {
        let (project, alias) = ("5a1f0c2b77d94a6c8b1e90d3c4f7a210", "cluster_alias");
        let source = json!({"config_type": "CLOUD", "region": "cn-south-1", "project_id": project,
            "instance_id": "c3d1e9a2-44f0-4b0e-8a65-0f9a3b7d6e12", alias: "site-a",
            "address": "10.1.0.11:9093,10.1.0.12:9093,10.1.0.13:9093", "authenticate_mode": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512", "user_name": "sync", "password": "replace-me"});
        let sink = json!({"config_type": "CLOUD", "region": "cn-east-3",
            "project_id": "9e77b1aa03c6425fb4d08c15e6f2d3a8",
            "instance_id": "f0a7c6d5-2b18-4f3a-9d4e-6c5b4a392817", alias: "site-b", "address": "10.2.0.21:9092",
            "authenticate_mode": "PLAINTEXT"});
        let advance = json!({"topics": "orders,payments", "topic_regex": "", "replica_cnt": 3,
            "seek_to": "earliest", "compress_alg": "lz4", "is_sync_progress": true, "is_add_header": false,
            "rename_topic": false, "topic_mappings": [{"source_topic": "orders", "sink_topic": "orders_dr"}]});
        json!({"cluster_id": Self::kafka().job["spec"]["forProvider"]["clusterId"], "name": name,
            "description": "orders to standby site", "scene_type": "DISASTER_BACKUP",
            "source_config": {"source_kafka": source}, "sink_config": {"sink_kafka": sink},
            "advance_config": {"kafka2kafka": advance}})
    }

    fn read(example: &str) -> Self {
        let mut documents = documents(example);
        Self {
            job: documents.pop().unwrap(),
            secret: documents.pop().unwrap_or_default(),
        }
    }
}

/// The accounts of Tencent Cloud and their Secret, as the examples have them, with the cloud at this address.
pub fn tencent(url: &str, patch: &Value) -> Vec<Value> {
    let mut manifests = documents(TENCENT);
    for account in manifests.iter_mut().filter(|one| one["kind"] == "CloudAccount") {
        let spec = account["spec"].as_object_mut().unwrap();
        for endpoint in spec["endpoints"].as_object_mut().unwrap().values_mut() {
            *endpoint = json!(url);
        }
        merge(&mut account["spec"], patch.clone());
    }
    manifests
}

fn documents(manifest: &str) -> Vec<Value> {
    let documents = manifest.split("\n---\n");
    documents
        .map(|text| serde_saphyr::from_str(text).unwrap())
        .collect()
}

/// A JSON merge patch.
pub fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(&key);
        } else {
            merge(&mut target[key], value);
        }
    }
}
