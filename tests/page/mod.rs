//! Holds the page of a kind to the code: every field, its name on the wire, what changing it costs, and the reasons.
use kube::CustomResourceExt;
use replication_operator::api::status::Effect;
use replication_operator::engine::kind::JobKind;
use replication_operator::engine::reason::{Ready, Stalled, Synced};
use serde_json::Value;
use std::collections::BTreeSet;

/// A page of the documentation.
pub struct Page(pub &'static str);

struct Row {
    fields: Vec<String>,
    wire: Vec<String>,
    change: String,
}

impl Page {
    /// The rows of the table whose header begins with this cell.
    fn table(&self, header: &str) -> Vec<Vec<&str>> {
        let rows = self
            .0
            .lines()
            .skip_while(|line| !line.starts_with(&format!("| {header}")));
        rows.skip(2)
            .take_while(|line| line.starts_with('|'))
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect()
    }

    fn rows(&self) -> Vec<Row> {
        self.table("Field below `spec.forProvider`")
            .into_iter()
            .map(|cells| Row {
                fields: quoted(cells[0]),
                wire: quoted(cells[1]),
                change: cells[3].to_owned(),
            })
            .collect()
    }

    /// Every field has a row and every row a field.
    pub fn holds_fields_of<R: CustomResourceExt>(&self) {
        let definition = serde_json::to_value(R::crd()).unwrap();
        let schema = &definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        let mut fields = BTreeSet::new();
        leaves(
            &schema["properties"]["spec"]["properties"]["forProvider"],
            "",
            &mut fields,
        );
        let listed: Vec<String> = self.rows().into_iter().flat_map(|row| row.fields).collect();
        let documented: BTreeSet<String> = listed.iter().cloned().collect();
        assert_eq!(documented.len(), listed.len(), "a field is listed twice");
        assert_eq!(documented, fields);
    }

    /// Every name on the wire is one of these bodies or paths, and the other way round.
    pub fn holds_names_of(&self, bodies: &[Value]) {
        let mut sent = BTreeSet::new();
        for body in bodies {
            keys(body, "", &mut sent);
        }
        let documented: BTreeSet<String> = self.rows().into_iter().flat_map(|row| row.wire).collect();
        assert_eq!(documented, sent);
    }

    /// Every row says what a change costs.
    pub fn holds_costs_of<K: JobKind>(&self) {
        for row in self.rows() {
            let expected = match K::effect(row.fields[0].split("[]").next().unwrap()) {
                Effect::InPlace => "in place",
                Effect::Restart => "restart",
                Effect::Replace => "replace",
            };
            let is_expected = row.change == expected || row.change == "never" && expected == "replace";
            assert!(is_expected, "{:?}: {}", row.fields, row.change);
        }
    }

    /// Every reason on the page exists.
    pub fn holds_reasons(&self) {
        let known: BTreeSet<&str> = Ready::ALL
            .iter()
            .map(|reason| reason.as_str())
            .chain(Synced::ALL.iter().map(|reason| reason.as_str()))
            .chain(Stalled::ALL.iter().map(|reason| reason.as_str()))
            .collect();
        let listed: Vec<String> = self
            .table("Reason")
            .iter()
            .flat_map(|cells| quoted(cells[0]))
            .collect();
        assert!(!listed.is_empty());
        for reason in listed {
            assert!(known.contains(reason.as_str()), "{reason}");
        }
    }
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(Into::into).collect()
}

fn leaves(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    let below = if schema["items"]["properties"].is_object() {
        (&schema["items"]["properties"], format!("{path}[]"))
    } else {
        (&schema["properties"], path.to_owned())
    };
    let (Some(fields), false) = (below.0.as_object(), path.to_lowercase().ends_with("secretref")) else {
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
