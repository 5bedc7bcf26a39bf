//! A simulator of its own for each test, and a client that signs as the vendor's guide says.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub const AK: &str = "HPUASIMOPERATOR00001";
pub const SK: &str = "SimOperatorSecretKey00000000000000000001";
pub const PROJECT: &str = "5a1f0c2b77d94a6c8b1e90d3c4f7a210";
pub const KAFKA: &str = "0b8e6a3c-91d7-0000-0013-7d2e5a4b1c39";
pub const ROCKETMQ: &str = "1c9f7b4d-a2e8-0000-0013-8e3f6b5c2d4a";
pub const DCS: &str = "2da08c5e-b3f9-0000-0013-9f407c6d3e5b";

/// One running simulator.
pub struct Sim {
    child: Child,
    pub url: String,
    pub folder: tempfile::TempDir,
    pub http: reqwest::Client,
    pub key: (String, String),
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub fn code(&self) -> String {
        self.json()["error_code"].as_str().unwrap_or_default().to_owned()
    }
}

pub fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_cloud-simulator"))
}

impl Sim {
    pub fn start() -> Self {
        Self::with(&json!({}))
    }

    pub fn with(world: &Value) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), world)
    }

    fn in_folder(folder: tempfile::TempDir, world: &Value) -> Self {
        let file = |name: &str| folder.path().join(name);
        std::fs::write(file("world.json"), world.to_string()).unwrap();
        let mut child = binary()
            .args(["--listen", "127.0.0.1:0"])
            .arg("--world")
            .arg(file("world.json"))
            .arg("--state")
            .arg(file("state.json"))
            .arg("--request-log")
            .arg(file("requests.jsonl"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        let key = (AK.to_owned(), SK.to_owned());
        Self {
            child,
            url,
            folder,
            http: client(),
            key,
        }
    }

    /// Ends the process by a signal that cannot be caught and starts another one over the same files.
    pub fn restarted(mut self, world: &Value) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::in_folder(folder, world)
    }

    pub fn log_file(&self) -> PathBuf {
        self.folder.path().join("requests.jsonl")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn wait_for_exit(&mut self) -> std::process::ExitStatus {
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "still running");
            std::thread::yield_now();
        }
    }

    /// A signed request, not yet sent.
    pub fn signed(&self, method: &Method, target: &str, body: &str) -> RequestBuilder {
        let date = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        self.signed_at(method, target, body, &date)
    }

    pub fn signed_at(&self, method: &Method, target: &str, body: &str, date: &str) -> RequestBuilder {
        let host = self.url.strip_prefix("http://").unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        pairs.sort_unstable();
        let query = pairs.join("&");
        let hash = hex::encode(Sha256::digest(body.as_bytes()));
        let names = "content-type;host;x-sdk-date";
        let canonical = format!(
            "{method}\n{path}/\n{query}\ncontent-type:application/json\nhost:{host}\nx-sdk-date:{date}\n\n{names}\n{hash}"
        );
        let text = format!(
            "SDK-HMAC-SHA256\n{date}\n{}",
            hex::encode(Sha256::digest(canonical.as_bytes()))
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.1.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let authorization = format!(
            "SDK-HMAC-SHA256 Access={}, SignedHeaders={names}, Signature={signature}",
            self.key.0
        );
        self.http
            .request(method.clone(), format!("{}{target}", self.url))
            .header("authorization", authorization)
            .header("x-sdk-date", date)
            .header("content-type", "application/json")
            .body(body.to_owned())
    }

    pub async fn call(&self, method: Method, target: &str, body: &Value) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        send(self.signed(&method, target, &body)).await.unwrap()
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.call(Method::GET, target, &Value::Null).await
    }

    /// A call below `/v1/{project}/eventrouter`.
    pub async fn eg(&self, method: Method, rest: &str, body: &Value) -> Answer {
        self.call(method, &format!("/v1/{PROJECT}/eventrouter{rest}"), body)
            .await
    }

    pub async fn admin(&self, method: Method, rest: &str, body: &Value) -> Value {
        let request = self.http.request(method, format!("{}/_sim{rest}", self.url));
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        let answer = send(request).await.unwrap();
        assert!(answer.status.is_success(), "{rest}: {answer:?}");
        answer.json()
    }

    pub async fn fault(&self, fault: Value) -> String {
        self.admin(Method::POST, "/faults", &fault).await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn advance(&self, millis: u64) {
        self.admin(Method::POST, "/clock", &json!({"advance": millis}))
            .await;
    }

    pub async fn create(&self, name: &str) -> String {
        let answer = self.eg(Method::POST, "/jobs", &job(name)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["job_id"].as_str().unwrap().to_owned()
    }

    pub async fn act(&self, id: &str, operation: &str) -> Answer {
        self.eg(
            Method::POST,
            &format!("/jobs/{id}/action"),
            &json!({"operation": operation}),
        )
        .await
    }

    pub async fn show(&self, id: &str) -> Answer {
        self.eg(Method::GET, &format!("/jobs/{id}"), &Value::Null).await
    }

    pub async fn status(&self, id: &str) -> String {
        self.show(id).await.json()["status"].as_str().unwrap().to_owned()
    }

    pub async fn total(&self) -> u64 {
        self.eg(Method::GET, "/jobs", &Value::Null).await.json()["total"]
            .as_u64()
            .unwrap()
    }

    pub async fn requests(&self) -> Vec<Value> {
        self.admin(Method::GET, "/requests", &Value::Null)
            .await
            .as_array()
            .unwrap()
            .clone()
    }

    /// Polls until the fault holds so many requests.
    pub async fn until_held(&self, fault: &str, many: u64) {
        let end = Instant::now() + Duration::from_secs(10);
        while self
            .admin(Method::GET, &format!("/faults/{fault}"), &Value::Null)
            .await["holding"]
            != many
        {
            assert!(Instant::now() < end, "never held {many}");
        }
    }
}

pub async fn send(request: RequestBuilder) -> Result<Answer, reqwest::Error> {
    let response = request.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    Ok(Answer {
        status,
        headers,
        text: response.text().await?,
    })
}

/// A Kafka job like the create page's sample, as objects.
pub fn job(name: &str) -> Value {
    json!({
        "cluster_id": KAFKA,
        "name": name,
        "scene_type": "DISASTER_BACKUP",
        "description": "",
        "source_config": {"source_kafka": end("aa", "cdecf0b0-35b8-461b-a430-d7cd02d3d712", "21.22.0.58:9092")},
        "sink_config": {"sink_kafka": end("bb", "47896f0e-f90a-4528-b407-78ee00362cc9", "21.22.0.175:9092")},
        "advance_config": {"kafka2kafka": {
            "topics": "t01", "topic_regex": "", "task_cnt": null, "topic_mappings": [], "rename_topic": false,
            "is_add_header": false, "is_sync_progress": false, "replica_cnt": 1, "seek_to": "earliest",
            "compress_alg": "none"
        }}
    })
}

fn end(alias: &str, instance: &str, address: &str) -> Value {
    json!({
        "config_type": "CLOUD", "region": "roma-dev-1", "project_id": "cb13a5c409fe40599271f44bbea5a2ad",
        "instance_id": instance, "cluster_alias": alias, "address": address, "user_name": "", "password": null,
        "authenticate_mode": "PLAINTEXT", "sasl_mechanism": ""
    })
}

pub fn rocketmq_job(name: &str) -> Value {
    let end = |alias: &str| {
        json!({
            "config_type": "CLOUD", "region": "cn-south-1", "project_id": "p", "instance_id": alias,
            "cluster_alias": alias, "address": "", "ssl_open": "true", "acl_open": true, "user_name": "u",
            "password": "secret-of-rocketmq"
        })
    };
    json!({
        "cluster_id": ROCKETMQ, "name": name, "scene_type": "DISASTER_BACKUP",
        "source_config": {"source_rocketmq": end("a")},
        "sink_config": {"sink_rocketmq": end("b")},
        "advance_config": {"rocketmq2rocketmq": {
            "topics": "", "topic_regex": "^biz_.*", "is_sync_progress": true, "seek_to": "1767571200000",
            "compress_alg": "none"
        }}
    })
}

pub fn dcs_job(name: &str) -> Value {
    let end = |address: &str| {
        json!({
            "config_type": "CLOUD", "region": "cn-south-1", "project_id": "p", "instance_id": address,
            "address": address, "password": "secret-of-dcs"
        })
    };
    json!({
        "cluster_id": DCS, "name": name, "scene_type": "DISASTER_BACKUP",
        "source_config": {"source_dcs": end("10.1.0.5:6379")},
        "sink_config": {"sink_dcs": end("10.1.0.6:6379")},
        "advance_config": {"dcs2dcs": {
            "synchronize_type": "CUSTOM_OFFSET", "connect_retry_time": "60", "other_retry_time": "60",
            "use_rate_limit": true, "rate_limit": "5", "use_salve_node": true
        }}
    })
}

/// The value with the member at a JSON pointer replaced; taken away when the new one is null.
pub fn but(mut value: Value, pointer: &str, new: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let object = value.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
    if new.is_null() {
        object.remove(name);
    } else {
        object.insert(name.to_owned(), new);
    }
    value
}

/// A client of plain HTTP. The workspace builds its HTTP client without a TLS provider of its own, so one is named.
fn client() -> reqwest::Client {
    // Another test of this process may have been first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::new()
}
