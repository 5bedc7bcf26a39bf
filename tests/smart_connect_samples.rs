//! The three sample requests of the vendor's page can be written as manifests, and go out as the page prints them.
//!
//! Tolerances, all of them: the page hides secrets and an id behind asterisks, so the values of the secrets are these
//! asterisks, and the id is one of the simulator's world.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use replication_operator::api::policy::RunState;
use replication_operator::engine::difference::difference;
use replication_operator::engine::kind::{Desired, JobKind, Parcel, Phase, SecretValues};
use replication_operator::kinds::smart_connect::mapping::{Definition, body, desired, observed};
use replication_operator::kinds::smart_connect::wire::Task;
use replication_operator::kinds::smart_connect::{SmartConnect, SmartConnectTask};
use rstest::rstest;
use serde_json::{Value, json};

const OBS: &str = include_str!("../examples/smartconnecttask-seed-obs.yaml");
const KAFKA: &str = include_str!("../examples/smartconnecttask-seed-kafka.yaml");
const REDIS: &str = include_str!("../examples/smartconnecttask-seed-redis.yaml");
const HIDDEN: &str = "********";
const HIDDEN_ID: &str = "b54c9dd8-********-********";

fn task(example: &str) -> SmartConnectTask {
    serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap()
}

fn wish(example: &str) -> Desired<Definition> {
    desired(&task(example)).unwrap()
}

/// The body of the create, with the secrets as the page prints them.
fn sent(example: &str) -> Value {
    let secrets: SecretValues = SmartConnect::secrets(&task(example))
        .into_iter()
        .map(|(path, _)| (path, HIDDEN.into()))
        .collect();
    let parcel = Parcel {
        secrets: &secrets,
        mark: "",
    };
    let wish = wish(example);
    let start_later = wish.run_state == Some(RunState::Stopped);
    serde_json::to_value(body(&wish.definition, start_later, &parcel)).unwrap()
}

fn fixture(name: &str) -> Value {
    let path = format!(
        "{}/tests/fixtures/smart_connect/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[rstest]
#[case(OBS, "obs-request.json")]
#[case(REDIS, "redis-request.json")]
fn a_sample_goes_out_as_printed(#[case] example: &str, #[case] sample: &str) {
    assert_eq!(sent(example), fixture(sample));
}

#[test]
fn the_sample_of_kafka_goes_out_as_printed() {
    let mut body = sent(KAFKA);
    assert!(body["source_task"]["instance_id"].is_string());
    body["source_task"]["instance_id"] = json!(HIDDEN_ID);
    assert_eq!(body, fixture("kafka-request.json"));
}

/// Only the members differ that the two samples give other values, so every rule of reading was at work.
#[test]
fn the_sample_answer_is_read() {
    let answer: Task = serde_json::from_value(fixture("redis-answer.json")).unwrap();
    let wish = wish(REDIS);
    let seen = observed(&wish.definition.instance_id, answer).unwrap();
    assert_eq!(seen.id, "8a205bbd-7181-4b5e-9bd6-37274ce84577");
    assert_eq!(seen.name, "smart-connect-121248117");
    assert_eq!(seen.created_at, Some("2024-02-20T11:15:53.133Z".parse().unwrap()));
    assert_eq!(SmartConnect::phase(&seen), Phase::Resting);
    let present = seen.definition.unwrap();
    let difference = difference::<SmartConnect>(&wish.definition, &present, &[], &[]).unwrap();
    let paths: Vec<_> = difference
        .changes
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "name",
            "source.redis.addresses",
            "source.redis.fullSyncMaxRetry",
            "source.redis.fullSyncWaitMs",
            "source.redis.rateLimitKBps",
            "source.redis.type",
            "topics",
        ]
    );
}
