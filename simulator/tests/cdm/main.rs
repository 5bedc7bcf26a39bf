//! Cloud Data Migration: jobs, links, runs, clusters.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod jobs;
mod links;
mod matrix;
mod runs;

use common::{Answer, PROJECT, Sim};
use reqwest::Method;
use serde_json::{Value, json};

const CLUSTER: &str = "6ec9a0a4-76be-4262-8697-e7af1fac7920";

impl Sim {
    /// A call below `/clusters/{cluster}/cdm`.
    async fn cdm(&self, method: Method, rest: &str, body: &Value) -> Answer {
        self.call(
            method,
            &format!("/v1.1/{PROJECT}/clusters/{CLUSTER}/cdm{rest}"),
            body,
        )
        .await
    }

    async fn cdm_get(&self, rest: &str) -> Answer {
        self.cdm(Method::GET, rest, &Value::Null).await
    }

    async fn cdm_put(&self, rest: &str) -> Answer {
        self.cdm(Method::PUT, rest, &Value::Null).await
    }

    /// Makes a job.
    async fn cdm_job(&self, name: &str) {
        let made = self.cdm(Method::POST, "/job", &orders(name)).await;
        assert_eq!(made.json()["name"], name, "{made:?}");
    }

    async fn cdm_start(&self, name: &str) -> Value {
        let started = self.cdm_put(&format!("/job/{name}/start")).await;
        assert_eq!(started.status, 200, "{started:?}");
        started.json()["submissions"][0].clone()
    }

    /// The only element that a read by name answers.
    async fn cdm_show(&self, name: &str) -> Value {
        self.cdm_get(&format!("/job/{name}")).await.json()["jobs"][0].clone()
    }

    async fn cdm_status(&self, name: &str) -> Value {
        self.cdm_get(&format!("/job/{name}/status")).await.json()["submissions"][0].clone()
    }

    async fn cdm_patch(&self, name: &str, patch: Value) -> Value {
        self.admin(Method::PATCH, &format!("/jobs/cdm/{name}"), &patch)
            .await
    }

    async fn still(&self) {
        self.admin(Method::POST, "/clock", &json!({"speed": 0})).await;
    }
}

impl Answer {
    /// Status and code of CDM's own envelope.
    fn cdm(&self) -> (u16, String) {
        let code = self.json()["errCode"].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), code)
    }
}

/// A body with one job from a database to OBS, as in the reference.
fn orders(name: &str) -> Value {
    json!({"jobs": [{
        "job_type": "NORMAL_JOB", "name": name,
        "from-link-name": "mysql_link", "from-connector-name": "generic-jdbc-connector",
        "to-link-name": "obs_link", "to-connector-name": "obs-connector",
        "from-config-values": configs("fromJobConfig", &[("useSql", "false"), ("schemaName", "shop"),
            ("tableName", "orders"), ("columnList", "id&customer&total")]),
        "to-config-values": configs("toJobConfig", &[("bucketName", "lake"), ("outputDirectory", "/orders/"),
            ("outputFormat", "CSV_FILE")]),
        "driver-config-values": {"configs": [
            config("throttlingConfig", &[("numExtractors", "2"), ("recordDirtyData", "false")]),
            config("schedulerConfig", &[("isSchedulerJob", "false"), ("disposableType", "NONE")]),
            config("retryJobConfig", &[("retryJobType", "NONE")]),
        ]},
    }]})
}

/// A body with one job from files to files.
fn files(name: &str) -> Value {
    let mut body = orders(name);
    body["jobs"][0]["from-link-name"] = json!("obs_link");
    body["jobs"][0]["from-connector-name"] = json!("obs-connector");
    body["jobs"][0]["from-config-values"] = configs(
        "fromJobConfig",
        &[
            ("bucketName", "inbox"),
            ("inputDirectory", "/in"),
            ("inputFormat", "BINARY_FILE"),
        ],
    );
    body["jobs"][0]["to-config-values"] = configs(
        "toJobConfig",
        &[
            ("bucketName", "lake"),
            ("outputDirectory", "/out"),
            ("outputFormat", "BINARY_FILE"),
        ],
    );
    body
}

fn configs(name: &str, inputs: &[(&str, &str)]) -> Value {
    json!({"configs": [config(name, inputs)]})
}

fn config(name: &str, inputs: &[(&str, &str)]) -> Value {
    let inputs: Vec<Value> = inputs
        .iter()
        .map(|(input, value)| json!({"name": format!("{name}.{input}"), "value": value}))
        .collect();
    json!({"name": name, "inputs": inputs})
}

/// The body with one more input of the driver, or another value.
fn driver(mut body: Value, name: &str, value: &str) -> Value {
    let (config_name, input) = name.split_once('.').unwrap();
    let all = body["jobs"][0]["driver-config-values"]["configs"]
        .as_array_mut()
        .unwrap();
    let place = all.iter().position(|config| config["name"] == config_name);
    let place = place.unwrap_or_else(|| {
        all.push(config(config_name, &[]));
        all.len() - 1
    });
    let inputs = all[place]["inputs"].as_array_mut().unwrap();
    inputs.retain(|other| other["name"] != name);
    inputs.push(config(config_name, &[(input, value)])["inputs"][0].clone());
    body
}

/// The inputs of a block of an answer, by full name.
fn inputs(block: &Value) -> serde_json::Map<String, Value> {
    let configs = block["configs"].as_array().unwrap();
    configs
        .iter()
        .flat_map(|config| config["inputs"].as_array().unwrap())
        .map(|input| (input["name"].as_str().unwrap().to_owned(), input["value"].clone()))
        .collect()
}

fn link(name: &str, password: &str) -> Value {
    json!({"links": [{
        "name": name, "connector-name": "generic-jdbc-connector", "enabled": true,
        "link-config-values": configs("linkConfig", &[("databaseType", "MYSQL"), ("host", "10.0.0.5"),
            ("port", "3306"), ("database", "shop"), ("username", "cdm"), ("password", password),
            ("fetchSize", "1000"), ("usingNative", "false")]),
    }]})
}
