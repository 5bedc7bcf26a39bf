//! Holds the admission rules of a kind against a real API server: cases as data, and that no rule is without one.
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Patch, PatchParams};
use kube::runtime::wait::{await_condition, conditions};
use kube::{Api, Client, CustomResourceExt};
use serde_json::{Value, json};
use std::time::Duration;

/// Rules of the policy that all kinds share, which has cases of its own.
const SHARED: [&str; 2] = ["accountRef", "syncInterval"];

/// One rule: a manifest that keeps it, one that breaks only it, and what the refusal must contain.
pub struct Case {
    /// What is held.
    pub rule: &'static str,
    /// A manifest that is taken.
    pub accepted: Value,
    /// A manifest that is refused.
    pub refused: Value,
    /// What the refusal names.
    pub message: &'static str,
    /// Whether the refused manifest is one only as a change of the accepted one.
    pub is_change: bool,
}

/// A rule about manifests.
pub fn case(rule: &'static str, accepted: Value, refused: Value, message: &'static str) -> Case {
    Case {
        rule,
        accepted,
        refused,
        message,
        is_change: false,
    }
}

/// The last document of an example.
pub fn manifest(example: &str) -> Value {
    serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap()
}

/// The example with a merge patch below `forProvider`.
pub fn job(example: &str, patch: Value) -> Value {
    let mut manifest = manifest(example);
    merge(&mut manifest["spec"]["forProvider"], patch);
    manifest
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

/// The definition of one kind, and the API server of this test run.
pub struct Admission {
    definition: CustomResourceDefinition,
}

impl Admission {
    /// That of this kind.
    pub fn of<R: CustomResourceExt>() -> Self {
        Self { definition: R::crd() }
    }

    /// One control plane for all: the definition is taken, which is where costs of rules are judged, and every rule
    /// holds.
    pub async fn holds(&self, examples: &[&str], cases: &[Case]) {
        let client = connect().await;
        self.install(&client).await;
        for example in examples {
            assert_eq!(self.refusal(&client, &manifest(example)).await, None);
        }
        let mut wrong = vec![];
        for case in cases {
            if let Some(refusal) = self.refusal(&client, &case.accepted).await {
                wrong.push(format!("{}: refused what it should take: {refusal}", case.rule));
            }
            let refused = if case.is_change {
                self.refusal_of_change(&client, &case.accepted, &case.refused)
                    .await
            } else {
                self.refusal(&client, &case.refused).await
            };
            match refused {
                Some(refusal) if refusal.contains(case.message) => {}
                other => wrong.push(format!("{}: {other:?}", case.rule)),
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// A rule without a case would be believed and not held.
    #[allow(dead_code, reason = "not every kind has all its rules held one by one")]
    pub fn every_rule_has_a_case(&self, cases: &[Case], count: usize) {
        self.every_rule_but_those_has_a_case(cases, &[], count);
    }

    /// The same without the rules whose messages begin with these words, of which a few cases stand for all.
    pub fn every_rule_but_those_has_a_case(&self, cases: &[Case], those: &[&str], count: usize) {
        let mut messages = vec![];
        rules(&self.schema(), &mut messages);
        messages.retain(|message| !SHARED.iter().chain(those).any(|left| message.starts_with(left)));
        let held = |message: &String| cases.iter().any(|case| message.contains(case.message));
        let missing: Vec<_> = messages.iter().filter(|message| !held(message)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(messages.len(), count);
    }

    /// What grows without bound makes the API server refuse the rules as too costly.
    pub fn every_text_and_list_is_bounded(&self) {
        let mut unbounded = vec![];
        let schema = &self.schema()["properties"]["spec"]["properties"]["forProvider"];
        bounds(schema, "forProvider", &mut unbounded);
        assert_eq!(unbounded, Vec::<String>::new());
    }

    fn schema(&self) -> Value {
        let definition = serde_json::to_value(&self.definition).unwrap();
        definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone()
    }

    /// Installs the definition as every test of the run does; it stays for the others.
    async fn install(&self, client: &Client) {
        let name = self.definition.metadata.name.clone().unwrap();
        let api: Api<CustomResourceDefinition> = Api::all(client.clone());
        let params = PatchParams::apply("tests").force();
        api.patch(&name, &params, &Patch::Apply(&self.definition))
            .await
            .unwrap();
        let established = await_condition(api, &name, conditions::is_crd_established());
        tokio::time::timeout(Duration::from_secs(30), established)
            .await
            .unwrap()
            .unwrap();
    }

    /// A dry run of the manifest; what the API server says against it.
    async fn refusal(&self, client: &Client, manifest: &Value) -> Option<String> {
        let path = format!("{}?dryRun=All&fieldValidation=Strict", self.path());
        send(client, http::Request::post(path), manifest).await.err()
    }

    /// What the API server says against replacing one manifest, which is there, by another.
    async fn refusal_of_change(&self, client: &Client, before: &Value, after: &Value) -> Option<String> {
        let mut before = before.clone();
        before["metadata"] = json!({"generateName": "change-"});
        let made = send(client, http::Request::post(self.path()), &before)
            .await
            .unwrap();
        let mut after = after.clone();
        after["metadata"] = made["metadata"].clone();
        let object = format!("{}/{}", self.path(), made["metadata"]["name"].as_str().unwrap());
        let change = http::Request::put(format!("{object}?dryRun=All&fieldValidation=Strict"));
        let refusal = send(client, change, &after).await.err();
        send(client, http::Request::delete(object), &json!({}))
            .await
            .unwrap();
        refusal
    }

    fn path(&self) -> String {
        let plural = &self.definition.spec.names.plural;
        format!("/apis/replication.dev/v1alpha1/namespaces/default/{plural}")
    }
}

async fn send(client: &Client, request: http::request::Builder, body: &Value) -> Result<Value, String> {
    let request = request.body(body.to_string().into_bytes()).unwrap();
    client
        .request::<Value>(request)
        .await
        .map_err(|error| error.to_string())
}

/// The API server of this test run.
async fn connect() -> Client {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    assert!(
        std::env::var_os("KUBECONFIG").is_some(),
        "KUBECONFIG names no API server: run the tests with `make test`, or under `control-plane exec --`"
    );
    Client::try_default().await.unwrap()
}

fn rules(schema: &Value, messages: &mut Vec<String>) {
    for rule in schema["x-kubernetes-validations"]
        .as_array()
        .into_iter()
        .flatten()
    {
        messages.push(rule["message"].as_str().unwrap().to_owned());
    }
    for child in schema["properties"].as_object().into_iter().flatten() {
        rules(child.1, messages);
    }
    if schema["items"].is_object() {
        rules(&schema["items"], messages);
    }
}

fn bounds(schema: &Value, path: &str, unbounded: &mut Vec<String>) {
    let text = schema["type"] == "string" && schema["maxLength"].is_null() && schema["enum"].is_null();
    let list = schema["type"] == "array" && schema["maxItems"].is_null();
    if text || list {
        unbounded.push(path.to_owned());
    }
    assert!(
        schema["description"].is_string() || path.ends_with("[]"),
        "{path} is not documented"
    );
    for (name, child) in schema["properties"].as_object().into_iter().flatten() {
        bounds(child, &format!("{path}.{name}"), unbounded);
    }
    if schema["items"].is_object() {
        bounds(&schema["items"], &format!("{path}[]"), unbounded);
    }
}
