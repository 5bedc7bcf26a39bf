//! A job as a request gives it: its members, name, type and values.

use serde_json::{Map, Value};

use super::error;
use super::job::End;
use super::values::{self, Block, Values};
use crate::reply::Refusal;
use crate::world::{CdmSwitches, Strictness};

/// Members of a job that a request may carry; the second half is ignored.
const MEMBERS: [&str; 36] = [
    "job_type",
    "name",
    "from-connector-name",
    "from-link-name",
    "from-config-values",
    "to-connector-name",
    "to-link-name",
    "to-config-values",
    "driver-config-values",
    "enabled",
    "type",
    "creation-user",
    "creation-date",
    "update-user",
    "update-date",
    "id",
    "status",
    "flag",
    "group_name",
    "is_incre_job",
    "is_incrementing",
    "is_use_sql",
    "external_id",
    "execute_start_date",
    "execute_create_date",
    "execute_update_date",
    "files_read",
    "files_written",
    "rows_read",
    "rows_written",
    "write_rows",
    "update_rows",
    "delete_rows",
    "bytes_read",
    "bytes_written",
    "error_summary",
];

/// A job as a request gives it.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Name.
    pub(super) name: String,
    /// `job_type`, when given.
    pub(super) kind: Option<String>,
    /// `enabled`, when given.
    pub(super) enabled: Option<bool>,
    /// Source.
    pub(super) from: End,
    /// Destination.
    pub(super) to: End,
    /// Values of the driver.
    pub(super) driver: Values,
}

impl Given {
    /// Reads a job out of a request.
    pub(super) fn read(job: &Map<String, Value>, switches: &CdmSwitches) -> Result<Self, Refusal> {
        let unknown = job.keys().find(|name| !MEMBERS.contains(&name.as_str()));
        if let Some(name) = unknown.filter(|_| switches.unknown_members == Strictness::Refuse) {
            return Err(error::invalid(&format!("{name} is not known")));
        }
        let name = word(job, "name")?;
        check_name(&name)?;
        Ok(Self {
            name,
            kind: kind(job)?,
            enabled: truth(job, "enabled")?,
            from: end(job, Block::From, switches)?,
            to: end(job, Block::To, switches)?,
            driver: values::read(Block::Driver, job, switches)?,
        })
    }
}

/// A text that must be there.
pub(super) fn word(owner: &Map<String, Value>, name: &str) -> Result<String, Refusal> {
    match owner.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        None | Some(Value::Null | Value::String(_)) => Err(error::invalid(&format!("{name} is mandatory"))),
        Some(_) => Err(error::mistyped(name)),
    }
}

/// A boolean that may be there.
pub(super) fn truth(owner: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refusal> {
    match owner.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(*truth)),
        Some(_) => Err(error::mistyped(name)),
    }
}

/// Names of jobs: 1 to 240 characters, a letter or digit first, then letters, digits, `_`, `-`, `.`.
fn check_name(name: &str) -> Result<(), Refusal> {
    if name.chars().count() > 240 {
        return Err(error::catalogued(
            "Cdm.0109",
            "The job name contains more than 240 characters.",
        ));
    }
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let rest = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    // The path `job/all` lists, so a job of that name could never be read.
    if !first || !rest || name == "all" {
        let text = "The job name must start with a letter or digit and can contain only letters, digits, \
                    underscores (_), hyphens (-), and periods (.).";
        return Err(error::catalogued("Cdm.0110", text));
    }
    Ok(())
}

/// `job_type`, or its twin of older releases.
fn kind(job: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    let given = [job.get("job_type"), job.get("type")]
        .into_iter()
        .flatten()
        .find(|v| !v.is_null());
    match given {
        None => Ok(None),
        Some(Value::String(kind)) => {
            check_kind(kind)?;
            Ok(Some(kind.clone()))
        }
        Some(_) => Err(error::mistyped("job_type")),
    }
}

/// The types of jobs.
pub(super) fn check_kind(kind: &str) -> Result<(), Refusal> {
    if matches!(kind, "NORMAL_JOB" | "BATCH_JOB" | "SCENARIO_JOB") {
        return Ok(());
    }
    Err(error::catalogued(
        "Cdm.0055",
        &format!("The job type {kind} is not supported."),
    ))
}

fn end(job: &Map<String, Value>, block: Block, switches: &CdmSwitches) -> Result<End, Refusal> {
    let side = if block == Block::From { "from" } else { "to" };
    let extended = job
        .get(block.member())
        .and_then(|held| held.get("extended-configs"));
    Ok(End {
        link: word(job, &format!("{side}-link-name"))?,
        connector: word(job, &format!("{side}-connector-name"))?,
        values: values::read(block, job, switches)?,
        extended: extended.filter(|extended| !extended.is_null()).cloned(),
    })
}
