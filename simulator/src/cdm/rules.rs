//! What a job must be to be saved (reference, section 3): refusals by code, and findings that are answered.

use serde_json::{Map, Value, json};

use super::given::Given;
use super::job::End;
use super::schedule::Plan;
use super::state::State;
use super::tables::{self, Connector};
use super::values::{Block, Values, text};
use super::{Work, error};
use crate::reply::{Refusal, Reply};
use crate::world::{CdmSwitches, Findings, Strictness};

/// What is wrong with one part of a job: source, destination, driver.
#[derive(Clone, Debug, Default)]
pub(super) struct Found([Vec<(String, String)>; 3]);

impl Found {
    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    fn add(&mut self, part: usize, input: &str, message: &str) {
        if let Some(part) = self.0.get_mut(part) {
            part.push((input.to_owned(), message.to_owned()));
        }
    }

    /// `validation-result`.
    pub(super) fn written(&self) -> Value {
        let part = |found: &Vec<(String, String)>| {
            let mut written = Map::new();
            for (input, message) in found {
                let one = json!([{"message": message, "status": "ERROR"}]);
                written.insert(input.clone(), one);
            }
            Value::Object(written)
        };
        Value::Array(self.0.iter().map(part).collect())
    }

    /// The answer to a job that is not saved for what was found.
    pub(super) fn answer(&self, switches: &CdmSwitches) -> Result<Reply, Refusal> {
        match switches.findings {
            Findings::Answer => Ok(Reply::json(200, &json!({"validation-result": self.written()}))),
            Findings::Refuse => {
                let first = self.0.iter().flatten().next();
                let message = first.map_or("", |(_, message)| message.as_str());
                Err(error::catalogued("Cdm.0018", message))
            }
        }
    }
}

/// Checks a job that is to be saved as `kind`.
pub(super) fn check(state: &State, work: &Work<'_>, given: &Given, kind: &str) -> Result<Found, Refusal> {
    for (block, end) in [(Block::From, &given.from), (Block::To, &given.to)] {
        check_end(state, work, block, end, kind)?;
    }
    check_driver(state, work, &given.driver)?;
    let mut found = Found::default();
    if kind == "NORMAL_JOB" {
        binary(given)?;
        mandatory(&mut found, given);
    }
    keys(&mut found, given);
    Ok(found)
}

fn check_end(state: &State, work: &Work<'_>, block: Block, end: &End, kind: &str) -> Result<(), Refusal> {
    let strict = work.switches().unknown_inputs == Strictness::Refuse;
    let known = tables::connector(&end.connector);
    if known.is_none() && strict {
        let text = format!("The connector {} does not exist.", end.connector);
        return Err(error::catalogued("Cdm.0102", &text));
    }
    check_link(state, work, end)?;
    if known.is_some_and(|known| table(known, block).is_none()) {
        let text = format!("The connector {} does not support this direction.", end.connector);
        return Err(error::catalogued("Cdm.0061", &text));
    }
    // The inputs of entire-database and scenario jobs are unpublished.
    let unknown = end.values.keys().find(|name| !block.knows(&end.connector, name));
    match unknown.filter(|_| strict && kind == "NORMAL_JOB") {
        Some(name) => Err(no_input(name)),
        None => Ok(()),
    }
}

/// 400 `Cdm.0089`: the connector has no such input.
pub(super) fn no_input(name: &str) -> Refusal {
    error::catalogued(
        "Cdm.0089",
        &format!("The configuration item {name} does not exist."),
    )
}

fn table(connector: &Connector, block: Block) -> Option<&'static str> {
    match block {
        Block::From => connector.source,
        _ => connector.destination,
    }
}

/// The link must be there, of the connector, and enabled.
fn check_link(state: &State, work: &Work<'_>, end: &End) -> Result<(), Refusal> {
    let link = state
        .link(&work.cluster, &end.link)
        .ok_or_else(|| error::catalogued("Cdm.0101", &format!("Link [{}] doesn't exist.", end.link)))?;
    if link.connector != end.connector {
        let text = format!("Link [{}] is not one of connector {}.", end.link, end.connector);
        return Err(error::catalogued("Cdm.0327", &text));
    }
    if !link.enabled {
        return Err(error::catalogued(
            "Cdm.0060",
            &format!("Link [{}] is disabled.", end.link),
        ));
    }
    Ok(())
}

fn check_driver(state: &State, work: &Work<'_>, driver: &Values) -> Result<(), Refusal> {
    let strict = work.switches().unknown_inputs == Strictness::Refuse;
    if let Some(name) = driver
        .keys()
        .find(|name| strict && !Block::Driver.knows("", name))
    {
        return Err(no_input(name));
    }
    for (config, table) in tables::DRIVER {
        for input in tables::inputs(table) {
            let name = format!("{config}.{}", input.name);
            let given = text(driver, &name);
            if input.kind == "INTEGER" && !given.is_empty() && given.parse::<u32>().is_err() {
                let text = format!("{name} must be an integer from 0 to 2147483647.");
                return Err(error::catalogued("Cdm.0009", &text));
            }
        }
    }
    let words = [
        (
            "schedulerConfig.disposableType",
            ["NONE", "DELETE", "DELETE_AFTER_SUCCEED"].as_slice(),
        ),
        ("retryJobConfig.retryJobType", ["NONE", "RETRY_TRIPLE"].as_slice()),
    ];
    for (name, words) in words {
        let given = text(driver, name);
        if !given.is_empty() && !words.contains(&given) {
            return Err(error::invalid(&format!(
                "{name} must be one of {}",
                words.join(", ")
            )));
        }
    }
    Plan::of(driver).map_err(|wrong| {
        let text = format!("The schedule is not valid: {}.", wrong.input);
        error::catalogued(wrong.code, &text)
    })?;
    let dirty = text(driver, "throttlingConfig.writeToLink");
    if !dirty.is_empty() && state.link(&work.cluster, dirty).is_none() {
        return Err(error::catalogued(
            "Cdm.0101",
            &format!("Link [{dirty}] doesn't exist."),
        ));
    }
    Ok(())
}

/// The binary format needs files on both sides.
fn binary(given: &Given) -> Result<(), Refusal> {
    let from = text(&given.from.values, "fromJobConfig.inputFormat") == "BINARY_FILE";
    let to = text(&given.to.values, "toJobConfig.outputFormat") == "BINARY_FILE";
    let files = |end: &End| tables::connector(&end.connector).is_none_or(|connector| connector.files);
    if from == to && (!from || (files(&given.from) && files(&given.to))) {
        return Ok(());
    }
    // An unknown connector may have formats of its own.
    let known = |end: &End| tables::connector(&end.connector).is_some();
    if !known(&given.from) || !known(&given.to) {
        return Ok(());
    }
    let text = "The binary format is supported only between SFTP, FTP, HDFS and OBS.";
    Err(error::catalogued("Cdm.0062", text))
}

fn mandatory(found: &mut Found, given: &Given) {
    let ends = [
        (0, "fromJobConfig", Block::From, &given.from),
        (1, "toJobConfig", Block::To, &given.to),
    ];
    for (part, config, block, end) in ends {
        let Some(table) = tables::connector(&end.connector).and_then(|known| table(known, block)) else {
            continue;
        };
        for input in tables::inputs(table).filter(|input| input.mandatory) {
            let name = format!("{config}.{}", input.name);
            if text(&end.values, &name).is_empty() {
                found.add(part, &name, "Cdm.0238: The value must not be blank.");
            }
        }
    }
    if given.from.connector == "generic-jdbc-connector" {
        relational(found, &given.from.values);
    }
}

/// A relational source reads either a table or what a statement selects.
fn relational(found: &mut Found, values: &Values) {
    let has = |name: &str| !text(values, &format!("fromJobConfig.{name}")).is_empty();
    let uses_sql = text(values, "fromJobConfig.useSql") == "true";
    if has("sql") == has("tableName") {
        found.add(
            0,
            "fromJobConfig.tableName",
            "Cdm.0913: Give either the table name or the SQL statement.",
        );
    } else if uses_sql != has("sql") {
        found.add(
            0,
            "fromJobConfig.useSql",
            "Cdm.0911: useSql does not fit what is given.",
        );
    }
    if has("sql") && has("columnList") {
        found.add(
            0,
            "fromJobConfig.columnList",
            "Cdm.0915: SQL and columns exclude each other.",
        );
    }
    if has("tableName") && !has("schemaName") {
        found.add(
            0,
            "fromJobConfig.schemaName",
            "Cdm.0238: The value must not be blank.",
        );
    }
}

/// Keys of client-side encryption: 64 and 32 hexadecimal digits.
fn keys(found: &mut Found, given: &Given) {
    let all = [
        (0, "fromJobConfig", &given.from.values),
        (1, "toJobConfig", &given.to.values),
    ];
    for (part, config, values) in all {
        for (name, digits) in [("dek", 64), ("iv", 32)] {
            let name = format!("{config}.{name}");
            let key = text(values, &name);
            let hex = key.len() == digits && key.bytes().all(|b| b.is_ascii_hexdigit());
            if !key.is_empty() && !hex {
                let message = format!("The value must have {digits} hexadecimal digits.");
                found.add(part, &name, &message);
            }
        }
    }
}
