//! The table of fields in the documentation is the definition's: every field, its name on the wire, what changing costs.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use kube::CustomResourceExt;
use replication_operator::api::status::Effect;
use replication_operator::engine::kind::{JobKind, Parcel, SecretValues};
use replication_operator::engine::reason::{Ready, Stalled, Synced};
use replication_operator::kinds::event_router::mapping::{body, desired};
use replication_operator::kinds::event_router::{EventRouter, EventRouterJob};
use serde_json::Value;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../docs/eventrouterjob.md");
const EXAMPLES: [&str; 3] = [
    include_str!("../examples/eventrouterjob-kafka.yaml"),
    include_str!("../examples/eventrouterjob-rocketmq.yaml"),
    include_str!("../examples/eventrouterjob-dcs.yaml"),
];

struct Row {
    fields: Vec<String>,
    wire: Vec<String>,
    change: String,
}

/// The rows of the table whose header begins with this cell.
fn table(header: &str) -> Vec<Vec<&str>> {
    let rows = PAGE
        .lines()
        .skip_while(|line| !line.starts_with(&format!("| {header}")));
    rows.skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

fn rows() -> Vec<Row> {
    table("Field below `spec.forProvider`")
        .into_iter()
        .map(|cells| Row {
            fields: quoted(cells[0]),
            wire: quoted(cells[1]),
            change: cells[3].to_owned(),
        })
        .collect()
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(Into::into).collect()
}

#[test]
fn every_field_has_a_row_and_every_row_a_field() {
    let definition = serde_json::to_value(EventRouterJob::crd()).unwrap();
    let schema = &definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    let mut fields = BTreeSet::new();
    leaves(
        &schema["properties"]["spec"]["properties"]["forProvider"],
        "",
        &mut fields,
    );
    let listed: Vec<String> = rows().into_iter().flat_map(|row| row.fields).collect();
    let documented: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(documented.len(), listed.len(), "a field is listed twice");
    assert_eq!(documented, fields);
}

#[test]
fn every_name_on_the_wire_is_one() {
    let mut sent = BTreeSet::new();
    for example in EXAMPLES {
        let job: EventRouterJob = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
        let secrets = SecretValues::new();
        let parcel = Parcel {
            secrets: &secrets,
            mark: "0123456789abcdef",
        };
        let wish = desired(&job).unwrap();
        keys(
            &serde_json::to_value(body(&wish.definition, &parcel).unwrap()).unwrap(),
            "",
            &mut sent,
        );
    }
    let documented: BTreeSet<String> = rows().into_iter().flat_map(|row| row.wire).collect();
    assert_eq!(documented, sent);
}

#[test]
fn every_row_says_what_a_change_costs() {
    for row in rows() {
        let expected = match EventRouter::effect(row.fields[0].split("[]").next().unwrap()) {
            Effect::InPlace => "in place",
            Effect::Restart => "restart",
            Effect::Replace => "replace",
        };
        assert_eq!(row.change, expected, "{:?}", row.fields);
    }
}

#[test]
fn every_reason_on_the_page_exists() {
    let known: BTreeSet<&str> = Ready::ALL
        .iter()
        .map(|reason| reason.as_str())
        .chain(Synced::ALL.iter().map(|reason| reason.as_str()))
        .chain(Stalled::ALL.iter().map(|reason| reason.as_str()))
        .collect();
    let listed: Vec<String> = table("Reason")
        .iter()
        .flat_map(|cells| quoted(cells[0]))
        .collect();
    assert!(!listed.is_empty());
    for reason in listed {
        assert!(known.contains(reason.as_str()), "{reason}");
    }
}

fn leaves(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    let below = if schema["items"]["properties"].is_object() {
        (&schema["items"]["properties"], format!("{path}[]"))
    } else {
        (&schema["properties"], path.to_owned())
    };
    let (Some(fields), false) = (below.0.as_object(), path.ends_with("SecretRef")) else {
        found.insert(path.to_owned());
        return;
    };
    for (name, child) in fields {
        let dot = if path.is_empty() { "" } else { "." };
        leaves(child, &format!("{}{dot}{name}", below.1), found);
    }
}

fn keys(body: &Value, path: &str, found: &mut BTreeSet<String>) {
    let (fields, path) = match body {
        Value::Object(fields) => (Some(fields), path.to_owned()),
        Value::Array(list) => (list.first().and_then(Value::as_object), format!("{path}[]")),
        _ => (None, path.to_owned()),
    };
    let Some(fields) = fields else {
        found.insert(path.trim_end_matches("[]").to_owned());
        return;
    };
    for (name, child) in fields {
        let dot = if path.is_empty() { "" } else { "." };
        keys(child, &format!("{path}{dot}{name}"), found);
    }
}
