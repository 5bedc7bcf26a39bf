//! The tables of fields in the documentation are the definition's: every structure, every field, its name on the wire,
//! and what changing costs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use kube::CustomResourceExt;
use replication_operator::api::status::Effect;
use replication_operator::engine::kind::JobKind;
use replication_operator::engine::reason::{Ready, Stalled, Synced};
use replication_operator::kinds::datahub::mapping::{Move, STATES};
use replication_operator::kinds::datahub::wire::to_wire;
use replication_operator::kinds::datahub::{Datahub, DatahubTask};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../docs/datahubtask.md");

/// The cells of the first table after a line that begins so.
fn table(text: &str, before: &str) -> Vec<Vec<String>> {
    let rows = text.lines().skip_while(|line| !line.starts_with(before));
    rows.skip_while(|line| !line.starts_with("| ---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect()
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(Into::into).collect()
}

fn word(cell: &str) -> String {
    quoted(cell).into_iter().next().unwrap_or_default()
}

/// One field of a structure: its name on the wire, its type and whether it is required.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    wire: String,
    kind: String,
    required: bool,
}

type Fields = BTreeMap<String, Field>;

/// What the page says of a structure.
fn told(structure: &str) -> Fields {
    let heading = format!("### {structure}");
    let from = PAGE.lines().position(|line| line == heading);
    let from = from.unwrap_or_else(|| panic!("{structure} has no heading"));
    let rest: Vec<&str> = PAGE
        .lines()
        .skip(from + 1)
        .take_while(|line| !line.starts_with('#'))
        .collect();
    let rows = table(&rest.join("\n"), "");
    let fields = rows.iter().map(|cells| {
        let field = Field {
            wire: word(&cells[1]),
            kind: cells[2].clone(),
            required: cells[3] == "yes",
        };
        (word(&cells[0]), field)
    });
    fields.collect()
}

/// What the definition says of a structure; of the type of inner structures only that they are one, or a list of one.
fn defined(schema: &Value) -> Fields {
    let required: BTreeSet<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let fields = schema["properties"].as_object().into_iter().flatten();
    fields
        .map(|(name, schema)| {
            let field = Field {
                wire: to_wire(name.strip_suffix("SecretRef").unwrap_or(name)),
                kind: kind(name, schema),
                required: required.contains(name.as_str()),
            };
            (name.clone(), field)
        })
        .collect()
}

fn kind(name: &str, schema: &Value) -> String {
    match (schema["type"].as_str().unwrap(), &schema["items"]["type"]) {
        ("object", _) if name.ends_with("SecretRef") => "Secret",
        ("object", _) => "structure",
        ("array", items) if items == "object" => "[structure]",
        ("array", _) => "[text]",
        ("string", _) => "text",
        ("integer", _) => "number",
        (other, _) => other,
    }
    .to_owned()
}

fn is_structure(kind: &str) -> bool {
    kind.trim_matches(['[', ']'])
        .starts_with(|letter: char| letter.is_ascii_uppercase())
        && kind != "Secret"
}

/// Holds a structure and all those in it; notes which were visited.
fn hold(structure: &str, schema: &Value, visited: &mut BTreeSet<String>) {
    let (told, defined) = (told(structure), defined(schema));
    let plain: Fields = told
        .clone()
        .into_iter()
        .map(|(name, field)| {
            let kind = match (is_structure(&field.kind), field.kind.starts_with('[')) {
                (true, true) => "[structure]".to_owned(),
                (true, false) => "structure".to_owned(),
                (false, _) => field.kind,
            };
            (name, Field { kind, ..field })
        })
        .collect();
    assert_eq!(plain, defined, "{structure}");
    visited.insert(structure.to_owned());
    for (name, field) in told.into_iter().filter(|(_, field)| is_structure(&field.kind)) {
        let inner = &schema["properties"][&name];
        let inner = if inner["type"] == "array" {
            &inner["items"]
        } else {
            inner
        };
        hold(field.kind.trim_matches(['[', ']']), inner, visited);
    }
}

fn for_provider() -> Value {
    let definition = serde_json::to_value(DatahubTask::crd()).unwrap();
    definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["forProvider"]
        .clone()
}

#[test]
fn every_structure_is_told_field_by_field() {
    let schema = for_provider();
    let mut visited = BTreeSet::new();
    for row in table(PAGE, "| Field below") {
        if is_structure(&row[2]) {
            hold(&row[2], &schema["properties"][word(&row[0])], &mut visited);
        }
    }
    let headings: BTreeSet<String> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .filter(|heading| !heading.contains(' '))
        .map(str::to_owned)
        .collect();
    assert_eq!(visited, headings);
}

#[test]
fn every_field_of_the_task_itself_has_a_row() {
    let names = |cells: &Vec<String>| word(&cells[0]).split("[]").next().unwrap().to_owned();
    let told: BTreeSet<String> = table(PAGE, "| Field below").iter().map(names).collect();
    let schema = for_provider();
    let defined: BTreeSet<String> = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(told, defined);
}

#[test]
fn every_row_says_what_a_change_costs() {
    for row in table(PAGE, "| Field below") {
        let field = word(&row[0]);
        let expected = match Datahub::effect(field.split("[]").next().unwrap()) {
            Effect::InPlace => "in place",
            Effect::Restart => "restart",
            Effect::Replace => "replace",
        };
        assert_eq!(row[4], expected, "{field}");
    }
}

#[test]
fn the_states_are_the_tables() {
    let modify = Move::Modify {
        definition: Box::new(serde_json::from_str(r#"{"name":"n","taskType":"SINK"}"#).unwrap()),
        fields: vec![],
    };
    let moves = [
        ("resume", Move::Resume),
        ("pause", Move::Pause),
        ("restart", Move::Restart),
        ("modify", modify),
    ];
    let rows = table(PAGE, "| The vendor's number");
    assert_eq!(rows.len(), STATES.len() + 1);
    for (row, (number, shown, state)) in rows.iter().zip(STATES) {
        assert_eq!(
            (row[0].as_str(), word(&row[1]).as_str()),
            (number.to_string().as_str(), shown)
        );
        for (name, step) in &moves {
            assert_eq!(row[3].contains(name), step.allowed(state), "{name} in {shown}");
        }
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
    let listed: Vec<String> = table(PAGE, "| Reason")
        .iter()
        .flat_map(|cells| quoted(&cells[0]))
        .collect();
    assert!(!listed.is_empty());
    for reason in listed {
        assert!(known.contains(reason.as_str()), "{reason}");
    }
}
