//! Smart Connect tasks of DMS for Kafka.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod life;
mod matrix;
mod modify;
mod rules;
mod wire;

use common::{AK, Answer, PROJECT, SK, Sim};
use reqwest::Method;
use serde_json::{Value, json};

const SITE_A: &str = "c3d1e9a2-44f0-4b0e-8a65-0f9a3b7d6e12";
const SITE_B: &str = "f0a7c6d5-2b18-4f3a-9d4e-6c5b4a392817";
const PLAIN: &str = "a7e5d3c1-90b8-4d76-8f54-3e2d1c0b9a87";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

impl Sim {
    /// A call below the tasks of the first instance.
    async fn sc(&self, method: Method, rest: &str, body: &Value) -> Answer {
        self.on(SITE_A, method, &format!("/connector/tasks{rest}"), body)
            .await
    }

    /// A call below an instance.
    async fn on(&self, instance: &str, method: Method, rest: &str, body: &Value) -> Answer {
        let target = format!("/v2/{PROJECT}/instances/{instance}{rest}");
        self.call(method, &target, body).await
    }

    async fn made(&self, body: &Value) -> String {
        let answer = self.sc(Method::POST, "", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn entity(&self, id: &str) -> Value {
        self.sc(Method::GET, &format!("/{id}"), &Value::Null).await.json()
    }

    async fn state(&self, id: &str) -> String {
        self.entity(id).await["status"].as_str().unwrap().to_owned()
    }

    /// Pause, resume, restart, or restart by the path with `kafka`.
    async fn put(&self, id: &str, act: &str) -> Answer {
        let target = match act {
            "restart" => {
                format!("/v2/{PROJECT}/kafka/instances/{SITE_A}/connector/tasks/{id}/restart")
            }
            "plain restart" => format!("/v2/{PROJECT}/instances/{SITE_A}/connector/tasks/{id}/restart"),
            act => format!("/v2/{PROJECT}/instances/{SITE_A}/connector/tasks/{id}/{act}"),
        };
        self.call(Method::PUT, &target, &Value::Null).await
    }

    async fn stopped_clock(&self) {
        self.admin(Method::POST, "/clock", &json!({"speed": 0})).await;
    }

    async fn held(&self, id: &str) -> Value {
        self.admin(Method::GET, &format!("/jobs/dms/{id}"), &Value::Null)
            .await
    }
}

/// Status and code of an answer.
fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

/// A refusal that is expected.
fn no(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Kafka to OBS.
fn archive(name: &str) -> Value {
    json!({
        "task_name": name,
        "start_later": false,
        "topics": "orders,payments",
        "source_type": "NONE",
        "sink_type": "OBS_SINK",
        "sink_task": {
            "consumer_strategy": "earliest",
            "destination_file_type": "TEXT",
            "deliver_time_interval": 300,
            "access_key": AK,
            "secret_key": SK,
            "obs_bucket_name": "archive-bkt",
            "obs_path": "kafka/orders",
            "partition_format": "yyyy/MM/dd/HH",
            "record_delimiter": ";",
            "store_keys": false
        }
    })
}

/// Kafka to Kafka.
fn mirror(name: &str) -> Value {
    json!({
        "task_name": name,
        "start_later": true,
        "topics": "payments",
        "source_type": "KAFKA_REPLICATOR_SOURCE",
        "source_task": {
            "current_cluster_name": "dc1",
            "cluster_name": "dc2",
            "instance_id": SITE_B,
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "user_name": "replicator",
            "password": "Replicator@Sim2026",
            "direction": "two-way",
            "sync_consumer_offsets_enabled": false,
            "replication_factor": 3,
            "task_num": 2,
            "rename_topic_enabled": false,
            "provenance_header_enabled": true,
            "consumer_strategy": "latest",
            "compression_type": "lz4"
        }
    })
}

/// Redis to Redis through a topic.
fn relay(name: &str) -> Value {
    json!({
        "task_name": name,
        "topics": "shipments",
        "source_type": "REDIS_REPLICATOR_SOURCE",
        "source_task": {
            "redis_address": "10.1.0.5:6379,10.1.0.6:6379", "redis_type": "cluster",
            "redis_password": "secret-of-the-source", "sync_mode": "RDB_ONLY",
            "full_sync_max_retry": 4, "full_sync_wait_ms": 13000, "ratelimit": 100
        },
        "sink_type": "REDIS_REPLICATOR_SINK",
        "sink_task": {
            "redis_address": "10.1.0.9:6379", "redis_type": "standalone", "redis_password": "secret-of-the-sink"
        }
    })
}
