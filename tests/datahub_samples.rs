//! The three sample requests of the vendor's page can be written as manifests, and go out as the page prints them.
//!
//! Tolerances, all of them: the description, which the samples leave out, carries the owner's mark.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use replication_operator::engine::difference::difference;
use replication_operator::engine::kind::{Parcel, SecretValues};
use replication_operator::engine::mark::with_mark;
use replication_operator::kinds::datahub::mapping::{Definition, create_body, desired, observed};
use replication_operator::kinds::datahub::{Datahub, DatahubTask};
use rstest::rstest;
use serde_json::{Value, json};

const EVENT_BUS: &str = include_str!("../examples/datahubtask-seed-eventbus.yaml");
const ES: &str = include_str!("../examples/datahubtask-seed-es.yaml");
const TOPIC: &str = include_str!("../examples/datahubtask-seed-topic.yaml");
const MARK: &str = "0123456789abcdef";

fn wish(example: &str) -> Definition {
    let task: DatahubTask = serde_saphyr::from_str(example).unwrap();
    desired(&task).unwrap().definition
}

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/datahub/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[rstest]
#[case(EVENT_BUS, "create-eventbus-request.json")]
#[case(ES, "create-es-request.json")]
#[case(TOPIC, "create-topic-request.json")]
fn a_sample_goes_out_as_printed(#[case] example: &str, #[case] sample: &str) {
    let secrets = SecretValues::new();
    let parcel = Parcel {
        secrets: &secrets,
        mark: MARK,
    };
    let mut sent = serde_json::to_value(create_body(&wish(example), &parcel)).unwrap();
    let description = sent.as_object_mut().unwrap().remove("Description").unwrap();
    assert_eq!(description, with_mark("", MARK));
    assert_eq!(sent, fixture(sample));
}

#[rstest]
#[case(EVENT_BUS, "create-eventbus-request.json")]
#[case(ES, "create-es-request.json")]
#[case(TOPIC, "create-topic-request.json")]
fn what_is_shown_of_a_sample_agrees_with_it(#[case] example: &str, #[case] sample: &str) {
    let mut shown = fixture(sample);
    shown["TaskId"] = json!("task-y9799wbn");
    shown["Status"] = json!(1);
    let seen = observed(serde_json::from_value(shown).unwrap()).unwrap();
    let found = difference::<Datahub>(&wish(example), &seen.definition.unwrap(), &[], &[]).unwrap();
    assert_eq!(found.changes, []);
}
