//! The table of fields in the documentation is the definition's: every field, its name on the wire, what changing costs.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
mod page;

use page::Page;
use replication_operator::engine::kind::{Parcel, SecretValues};
use replication_operator::kinds::event_router::mapping::{body, desired};
use replication_operator::kinds::event_router::{EventRouter, EventRouterJob};
use serde_json::Value;

const PAGE: Page = Page(include_str!("../docs/eventrouterjob.md"));
const EXAMPLES: [&str; 3] = [
    include_str!("../examples/eventrouterjob-kafka.yaml"),
    include_str!("../examples/eventrouterjob-rocketmq.yaml"),
    include_str!("../examples/eventrouterjob-dcs.yaml"),
];

fn sent(example: &str) -> Value {
    let job: EventRouterJob = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
    let secrets = SecretValues::new();
    let parcel = Parcel {
        secrets: &secrets,
        mark: "0123456789abcdef",
    };
    let wish = desired(&job).unwrap();
    serde_json::to_value(body(&wish.definition, &parcel).unwrap()).unwrap()
}

#[test]
fn every_field_has_a_row_and_every_row_a_field() {
    PAGE.holds_fields_of::<EventRouterJob>();
}

#[test]
fn every_name_on_the_wire_is_one() {
    PAGE.holds_names_of(&EXAMPLES.map(sent));
}

#[test]
fn every_row_says_what_a_change_costs() {
    PAGE.holds_costs_of::<EventRouter>();
}

#[test]
fn every_reason_on_the_page_exists() {
    PAGE.holds_reasons();
}
