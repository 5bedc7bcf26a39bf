//! Connector tasks of Tencent Cloud's `CKafka`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod front;
mod life;
mod lists;
mod rules;
mod sts;
mod wire;

use common::{Answer, Sim, send};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const REGION: &str = "ap-guangzhou";
const OPERATOR: Key<'_> = Key {
    id: "AKIDsimOperator0000000000000000000001",
    secret: "SimTencentSecretKey0000000000001",
    token: None,
};
const AUDITOR: Key<'_> = Key {
    id: "AKIDsimAuditor00000000000000000000002",
    secret: "SimTencentAuditorKey000000000002",
    token: None,
};
const TEMPORARY: Key<'_> = Key {
    id: "AKIDsimTemporary000000000000000000003",
    secret: "SimTencentTemporaryKey0000000003",
    token: Some("SimTencentToken000000000000000000000000000000003"),
};
const STANDBY: Key<'_> = Key {
    id: "AKIDsimStandby00000000000000000000004",
    secret: "SimTencentStandbyKey000000000004",
    token: None,
};

/// What a caller signs with.
#[derive(Clone, Copy)]
struct Key<'a> {
    id: &'a str,
    secret: &'a str,
    token: Option<&'a str>,
}

/// What is sent; by default what the guide says.
struct Letter<'a> {
    key: Key<'a>,
    service: &'a str,
    version: &'a str,
    action: &'a str,
    region: &'a str,
    media: &'a str,
    second: i64,
    body: String,
}

impl<'a> Letter<'a> {
    fn new(action: &'a str, body: &Value) -> Self {
        Self {
            key: OPERATOR,
            service: "ckafka",
            version: "2019-08-19",
            action,
            region: REGION,
            media: "application/json",
            second: jiff::Timestamp::now().as_second(),
            body: body.to_string(),
        }
    }

    fn authorization(&self, host: &str) -> String {
        let hash = hex::encode(Sha256::digest(self.body.as_bytes()));
        let request = format!(
            "POST\n/\n\ncontent-type:{}\nhost:{host}\n\ncontent-type;host\n{hash}",
            self.media
        );
        let day = jiff::Timestamp::from_second(self.second)
            .unwrap()
            .strftime("%Y-%m-%d")
            .to_string();
        let scope = format!("{day}/{}/tc3_request", self.service);
        let hash = hex::encode(Sha256::digest(request.as_bytes()));
        let text = format!("TC3-HMAC-SHA256\n{}\n{scope}\n{hash}", self.second);
        let mut key = format!("TC3{}", self.key.secret).into_bytes();
        for part in [day.as_str(), self.service, "tc3_request", &text] {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(part.as_bytes());
            key = mac.finalize().into_bytes().to_vec();
        }
        format!(
            "TC3-HMAC-SHA256 Credential={}/{scope}, SignedHeaders=content-type;host, Signature={}",
            self.key.id,
            hex::encode(key)
        )
    }

    fn to(&self, sim: &Sim) -> RequestBuilder {
        let host = sim.url.strip_prefix("http://").unwrap();
        let request = sim
            .http
            .post(&sim.url)
            .header("authorization", self.authorization(host))
            .header("content-type", self.media)
            .header("x-tc-action", self.action)
            .header("x-tc-version", self.version)
            .header("x-tc-region", self.region)
            .header("x-tc-timestamp", self.second.to_string())
            .body(self.body.clone());
        match self.key.token {
            Some(token) => request.header("x-tc-token", token),
            None => request,
        }
    }

    async fn send(&self, sim: &Sim) -> Answer {
        send(self.to(sim)).await.unwrap()
    }
}

impl Answer {
    /// The code of an error; empty for a success.
    fn tc_code(&self) -> String {
        let json = self.json();
        json["Response"]["Error"]["Code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn result(&self) -> Value {
        let json = self.json();
        assert!(json["Response"].get("Error").is_none(), "{json}");
        json["Response"]["Result"].clone()
    }
}

impl Sim {
    async fn tc(&self, action: &str, body: &Value) -> Answer {
        Letter::new(action, body).send(self).await
    }

    async fn tc_made(&self, body: &Value) -> String {
        let answer = self.tc("CreateDatahubTask", body).await;
        answer.result()["TaskId"].as_str().unwrap().to_owned()
    }

    /// A task that runs, under a clock that stands.
    async fn tc_running(&self, body: &Value) -> String {
        let id = self.tc_made(body).await;
        self.advance(2000).await;
        assert_eq!(self.tc_status(&id).await, 1);
        id
    }

    async fn tc_act(&self, action: &str, id: &str) -> Answer {
        self.tc(&format!("{action}DatahubTask"), &json!({"TaskId": id}))
            .await
    }

    async fn tc_show(&self, id: &str) -> Value {
        self.tc_act("Describe", id).await.result()
    }

    async fn tc_status(&self, id: &str) -> i64 {
        self.tc_show(id).await["Status"].as_i64().unwrap()
    }

    async fn tc_list(&self, body: &Value) -> Value {
        self.tc("DescribeDatahubTasks", body).await.result()
    }

    async fn tc_total(&self) -> u64 {
        self.tc_list(&json!({})).await["TotalCount"].as_u64().unwrap()
    }

    async fn tc_set(&self, id: &str, patch: &Value) {
        self.admin(Method::PATCH, &format!("/jobs/ckafka/{id}"), patch)
            .await;
    }
}

/// A simulator whose simulated time stands, and which takes as many calls as come.
async fn still(mut switches: Value) -> Sim {
    switches["rateLimit"] = json!({"ckafka": {"requestsPerSecond": 100_000, "burst": 100_000}});
    let sim = Sim::with(&json!({"switches": switches}));
    sim.admin(Method::POST, "/clock", &json!({"speed": 0})).await;
    sim
}

/// The reference's first example of a create.
fn sink(name: &str) -> Value {
    json!({
        "TaskName": name, "TaskType": "SINK", "Description": "k8s/shop/orders",
        "SourceResource": {"Type": "KAFKA", "KafkaParam": {
            "SelfBuilt": false, "Resource": "ckafka-0a1b2c3d", "Topic": "orders", "OffsetType": "timestamp",
            "StartTime": 1_735_689_600}},
        "TargetResource": {"Type": "ES", "EsParam": {
            "Resource": "resource-0a1b2c3d", "Index": "orders", "DropInvalidMessage": true,
            "DropInvalidJsonMessage": false, "Password": "secret-of-es"}},
        "Tags": [{"TagKey": "env", "TagValue": "test"}]
    })
}

/// The reference's second one.
fn source(name: &str) -> Value {
    json!({
        "TaskName": name, "TaskType": "SOURCE",
        "SourceResource": {"Type": "POSTGRESQL", "PostgreSQLParam": {
            "Resource": "resource-9z8y7x6w", "Database": "crm", "Table": "public.customer", "PluginName": "pgoutput",
            "SnapshotMode": "initial"}},
        "TargetResource": {"Type": "TOPIC", "TopicParam": {
            "Resource": "1300000001-crm", "CompressionType": "none", "UseAutoCreateTopic": false}}
    })
}
