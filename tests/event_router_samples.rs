//! The two sample requests of the vendor's pages can be written as manifests, and go out as the pages print them.
//!
//! Tolerances, all of them: the page on creating wraps objects in lists of one, which no client can send (its sample is
//! not even JSON); its `task_cnt: null` is in no table and is not sent; the description carries the owner's mark; ids
//! and regions may be those of another world.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use replication_operator::engine::difference::difference;
use replication_operator::engine::kind::{Desired, Parcel, SecretValues};
use replication_operator::engine::mark::{take_mark, with_mark};
use replication_operator::kinds::event_router::mapping::{Definition, body, desired, observed};
use replication_operator::kinds::event_router::{EventRouter, EventRouterJob};
use serde_json::Value;

const CREATE: &str = include_str!("../examples/eventrouterjob-seed-create.yaml");
const UPDATE: &str = include_str!("../examples/eventrouterjob-seed-update.yaml");
const MARK: &str = "0123456789abcdef";
const IDS: [&str; 4] = ["cluster_id", "project_id", "instance_id", "region"];

fn wish(example: &str) -> Desired<Definition> {
    let job: EventRouterJob = serde_saphyr::from_str(example).unwrap();
    desired(&job).unwrap()
}

fn sent(wish: &Desired<Definition>) -> Value {
    let secrets = SecretValues::new();
    let parcel = Parcel {
        secrets: &secrets,
        mark: MARK,
    };
    serde_json::to_value(body(&wish.definition, &parcel).unwrap()).unwrap()
}

fn fixture(name: &str) -> Value {
    let path = format!(
        "{}/tests/fixtures/event_router/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Objects out of their lists of one, without `task_cnt` and ids. `topic_mappings` is a real list.
fn plain(value: Value) -> Value {
    match value {
        Value::Array(mut list) if list.len() == 1 => plain(list.remove(0)),
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(key, _)| key != "task_cnt" && !IDS.contains(&key.as_str()))
            .map(|(key, value)| (key, plain(value)))
            .collect(),
        value => value,
    }
}

fn without_mark(mut body: Value) -> Value {
    let (text, mark) = take_mark(body["description"].as_str().unwrap());
    assert_eq!(mark.as_deref(), Some(MARK));
    assert_eq!(body["description"], with_mark(&text, MARK).as_str());
    body["description"] = text.into();
    body
}

#[test]
fn the_sample_of_creating_goes_out_as_printed() {
    let body = without_mark(sent(&wish(CREATE)));
    assert_eq!(plain(body), plain(fixture("create-request.json")));
}

#[test]
fn the_sample_of_updating_goes_out_as_printed() {
    let body = without_mark(sent(&wish(UPDATE)));
    assert_eq!(plain(body), plain(fixture("update-request.json")));
}

#[test]
fn the_answer_to_creating_has_no_definition_yet() {
    let answer = serde_json::from_value(fixture("create-answer.json")).unwrap();
    let seen = observed(answer).unwrap();
    assert_eq!(
        (seen.id.as_str(), seen.state.as_str()),
        ("fac59513-6c18-4266-bc81-5d412dfc1925", "CREATING")
    );
    assert_eq!(seen.definition, None);
    assert_eq!(seen.failure, None);
    assert_eq!(seen.created_at, Some("2024-05-16T11:46:07Z".parse().unwrap()));
}

#[test]
fn the_answer_to_updating_agrees_with_what_was_sent() {
    let answer = serde_json::from_value(fixture("update-answer.json")).unwrap();
    let seen = observed(answer).unwrap();
    let wish = wish(UPDATE);
    assert_eq!(seen.name, wish.name);
    assert_eq!(seen.state, "WAIT_START");
    let present = seen.definition.unwrap();
    let difference = difference::<EventRouter>(&wish.definition, &present, &[], &[]).unwrap();
    let paths: Vec<_> = difference
        .changes
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    assert_eq!(
        paths,
        ["clusterId"],
        "the example names a cluster of the simulator's world"
    );
}
