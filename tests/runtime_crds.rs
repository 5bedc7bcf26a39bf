//! The printed definitions mean the same to every reader, and the wait for them ends when they are served.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
use http::{Request, Response};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::Client;
use kube::client::Body;
use replication_operator::runtime::controllers;
use replication_operator::runtime::crds::{print, wait};
use replication_operator::runtime::health::Readiness;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tower_test::mock;

fn definition(kind: &str, description: &str) -> CustomResourceDefinition {
    let singular = kind.to_lowercase();
    let plural = format!("{singular}s");
    let spec = json!({"type": "object", "description": description, "x-kubernetes-validations": [
        {"rule": "has(self.a) ? self.a == 'b: c' : true", "message": "say \"what\" and how: # it's wrong"},
    ]});
    let schema = json!({"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}});
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.replication.dev")},
        "spec": {
            "group": "replication.dev", "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": singular},
            "versions": [{"name": "v1alpha1", "served": true, "storage": true, "schema": schema}],
        },
    });
    serde_json::from_value(definition).unwrap()
}

fn definitions() -> Vec<CustomResourceDefinition> {
    let long = "A sentence that is much longer than eighty letters, so that a writer might feel called upon to fold it. \
                And another one.";
    vec![
        definition("ClusterCloudAccount", "Two\nlines.\n"),
        definition("CloudAccount", long),
    ]
}

#[test]
fn documents_are_sorted_and_separated() {
    let page = print(&definitions()).unwrap();
    assert!(
        page.starts_with("---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"),
        "{page}"
    );
    assert_eq!(page.matches("\n---\n").count(), 1);
    assert!(page.find("name: cloudaccounts.").unwrap() < page.find("name: clustercloudaccounts.").unwrap());
    let reversed: Vec<_> = definitions().into_iter().rev().collect();
    assert_eq!(print(&reversed).unwrap(), page);
    for line in page.lines() {
        assert!(
            !line.contains("!!") && line != "..." && !line.starts_with('%'),
            "{line}"
        );
    }
}

#[test]
fn what_is_printed_reads_back_as_it_was() {
    for definition in definitions() {
        let page = print(std::slice::from_ref(&definition)).unwrap();
        let read: Value = serde_saphyr::from_str(&page).unwrap();
        assert_eq!(read, serde_json::to_value(&definition).unwrap());
    }
}

/// What some reader of YAML, old or new, takes for something other than this text.
const TEXTS: &[&str] = &[
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "n",
    "true",
    "null",
    "~",
    "",
    "1e3",
    "0x1F",
    "0o17",
    "017",
    "1_000",
    "12:30:45",
    "2026-01-01",
    ".inf",
    "-",
    "- a",
    "a: b",
    "a # b",
    "#a",
    "!a",
    "&a",
    "*a",
    "%a",
    "@a",
    "`a`",
    "{a",
    "[a",
    "'a'",
    "\"a\"",
    " a",
    "a ",
    "a\nb",
    "a\n",
    "a\tb",
    "a\\b",
    "=",
    "<<",
    "?",
    "…",
    "\u{85}",
    "1.2.3",
    "+1",
    "1,000",
];

#[test]
fn texts_that_look_like_something_else_are_quoted() {
    for text in TEXTS {
        let page = print(&[definition("CloudAccount", text)]).unwrap();
        let read: Value = serde_saphyr::from_str(&page).unwrap();
        let schema = &read["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        assert_eq!(schema["properties"]["spec"]["description"], *text, "{page}");
    }
}

fn answer(status: u16, body: &Value) -> Response<Body> {
    let body = Body::from(serde_json::to_vec(body).unwrap());
    Response::builder().status(status).body(body).unwrap()
}

fn list(names: &[&str]) -> Value {
    let resource =
        |name: &&str| json!({"name": name, "kind": "K", "namespaced": true, "singularName": "", "verbs": []});
    let resources: Vec<Value> = names.iter().map(resource).collect();
    json!({"kind": "APIResourceList", "groupVersion": "replication.dev/v1alpha1", "resources": resources})
}

#[tokio::test(start_paused = true)]
async fn the_wait_says_what_is_missing_and_ends_when_all_are_served() {
    let (service, mut server) = mock::pair::<Request<Body>, Response<Body>>();
    let client = Client::new(service, "default");
    let readiness = Readiness::default();
    let check = readiness.check("crds");
    let plurals = BTreeSet::from(["cloudaccounts", "clustercloudaccounts"].map(str::to_owned));
    let waiting = tokio::spawn(async move { wait(&client, &plurals, &check).await });
    let missing = Response::builder().status(404);
    let missing = missing
        .body(Body::from(
            b"404 page not found
"
            .to_vec(),
        ))
        .unwrap();
    let steps = [
        (
            missing,
            "cloudaccounts.replication.dev, clustercloudaccounts.replication.dev",
        ),
        (
            answer(
                503,
                &json!({"kind": "Status", "status": "Failure", "code": 503, "message": "busy"}),
            ),
            "busy",
        ),
        (
            answer(200, &list(&["cloudaccounts", "cloudaccounts/status"])),
            "v1alpha1: clustercloudaccounts.replication.dev",
        ),
        (answer(200, &list(&["cloudaccounts", "clustercloudaccounts"])), ""),
    ];
    let mut expected = None;
    for (response, next) in steps {
        let (request, to) = server.next_request().await.unwrap();
        assert_eq!(request.uri().path(), "/apis/replication.dev/v1alpha1");
        if let Some(expected) = expected {
            let (passes, text) = readiness.report();
            assert!(!passes && text.contains(expected), "{text}");
        }
        to.send_response(response);
        expected = Some(next);
    }
    waiting.await.unwrap();
    assert_eq!(readiness.report(), (true, "[+] crds: served\n".into()));
}

#[test]
fn the_wait_is_for_every_definition() {
    let plural = |definition: CustomResourceDefinition| definition.spec.names.plural;
    let defined: BTreeSet<String> = controllers::definitions().into_iter().map(plural).collect();
    assert_eq!(controllers::plurals(), defined);
}
