//! The table of fields in the documentation is the definition's: every field, its name on the wire, what changing costs.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
mod page;

use page::Page;
use replication_operator::engine::kind::{JobKind, Parcel, SecretValues};
use replication_operator::kinds::smart_connect::mapping::{body, desired};
use replication_operator::kinds::smart_connect::{SmartConnect, SmartConnectTask};
use serde_json::{Value, json};

const PAGE: Page = Page(include_str!("../docs/smartconnecttask.md"));
const KAFKA: &str = include_str!("../examples/smartconnecttask-kafka.yaml");
const OBS: &str = include_str!("../examples/smartconnecttask-obs.yaml");
const REDIS: &str = include_str!("../examples/smartconnecttask-redis.yaml");

/// The body of the example with one object of its `forProvider` extended; secrets are sent, `start_later` says the run
/// state, types follow from the ends, and the instance is in the path.
fn sent(example: &str, at: &str, more: &Value) -> Value {
    let mut manifest: Value = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
    let object = manifest.pointer_mut(&format!("/spec/forProvider{at}")).unwrap();
    for (field, value) in more.as_object().unwrap() {
        object[field] = value.clone();
    }
    let task: SmartConnectTask = serde_json::from_value(manifest).unwrap();
    let wish = desired(&task).unwrap();
    let secrets: SecretValues = SmartConnect::secrets(&task)
        .into_iter()
        .map(|(path, _)| (path, "secret".into()))
        .collect();
    let parcel = Parcel {
        secrets: &secrets,
        mark: "",
    };
    let mut body = serde_json::to_value(body(&wish.definition, false, &parcel)).unwrap();
    let members = body.as_object_mut().unwrap();
    for implied in ["start_later", "source_type", "sink_type"] {
        members.remove(implied);
    }
    body
}

#[test]
fn every_field_has_a_row_and_every_row_a_field() {
    PAGE.holds_fields_of::<SmartConnectTask>();
}

#[test]
fn every_name_on_the_wire_is_one() {
    let expression = json!({"topics": null, "topicsRegex": "invoices-.*"});
    let servers = json!({"instanceId": null, "bootstrapServers": ["10.2.0.21:9093"]});
    let agency = json!({"agencyName": "dms"});
    let instance = json!({"dcsInstanceId": "d"});
    PAGE.holds_names_of(&[
        sent(KAFKA, "", &json!({})),
        sent(KAFKA, "/source/kafka", &servers),
        sent(OBS, "", &expression),
        sent(OBS, "/sink/obs", &agency),
        sent(REDIS, "/source/redis", &instance),
        sent(REDIS, "/sink/redis", &instance),
    ]);
}

#[test]
fn every_row_says_what_a_change_costs() {
    PAGE.holds_costs_of::<SmartConnect>();
}

#[test]
fn every_reason_on_the_page_exists() {
    PAGE.holds_reasons();
}
