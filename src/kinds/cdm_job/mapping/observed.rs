//! From answers to the normal form. What cannot be read as a whole definition is none, never a half one.
use super::definition::{Definition, End};
use super::lifecycle::State;
use crate::api::run::RunStatus;
use crate::engine::kind::Failure;
use crate::engine::kind::Observed;
use crate::kinds::cdm::inputs::{Inputs, Shown, Texts, short, shown};
use crate::kinds::cdm::wire::answer::ConfigValues;
use crate::kinds::cdm_job::wire::{Counters, JobInfo, Submission};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// What only this kind observes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// When the last run was created, as the job itself says.
    pub last_run: Option<Timestamp>,
    /// The newest runs, the latest first, once they were read.
    pub runs: Option<Vec<Run>>,
    /// What status says of the last run, where it was not read now.
    pub recalled: Option<RunStatus>,
    /// Whether the last run was stopped because the object asked for it.
    pub stopped: bool,
    /// What the console keeps beside the inputs of source, destination and driver.
    pub extended: [Option<Value>; 3],
}

/// One run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// The vendor's number of it.
    pub id: Option<i64>,
    /// The vendor's word for its state.
    pub status: String,
    /// Whether the schedule started it.
    pub is_scheduled: bool,
    /// When it was created, by the vendor's clock.
    pub created_at: Option<Timestamp>,
    /// What is shown of it.
    pub shown: RunStatus,
}

/// One job as the service shows it; `None` when it does not even say which.
pub fn observed(job: &JobInfo) -> Option<Observed<Definition, Facts>> {
    let name = job.name.clone().filter(|name| !name.is_empty())?;
    Some(Observed {
        id: name.clone(),
        definition: definition(job, &name).map(Box::new),
        name,
        mark: None,
        created_at: time(job.creation_date),
        state: job.status.clone().unwrap_or_default(),
        failure: failure(job.status.as_deref()),
        facts: Facts {
            last_run: time(job.execute_create_date.or(job.execute_start_date)),
            runs: None,
            recalled: None,
            stopped: false,
            extended: [
                extended(job.from_config_values.as_ref()),
                extended(job.to_config_values.as_ref()),
                extended(job.driver_config_values.as_ref()),
            ],
        },
    })
}

/// A job that was just made: the answer names it and no more.
pub fn created(name: String) -> Observed<Definition, Facts> {
    Observed {
        id: name.clone(),
        name,
        mark: None,
        created_at: None,
        state: "NEW".into(),
        definition: None,
        failure: None,
        facts: Facts::default(),
    }
}

/// One run as the service shows it.
pub fn submission(submission: Submission) -> Run {
    let status = submission.status.unwrap_or_default();
    let counters = submission
        .counters
        .and_then(|by_class| by_class.into_values().next());
    let counters = counters.unwrap_or_default();
    let started = time(submission.execute_date.or(submission.creation_date));
    let ended = State::of(&status).is_end();
    let Counters {
        rows_read,
        rows_written,
        bytes_read,
        bytes_written,
        files_read,
        files_written,
    } = counters;
    Run {
        id: submission.submission_id,
        is_scheduled: submission.is_execute_auto.unwrap_or_default(),
        created_at: time(submission.creation_date),
        shown: RunStatus {
            submission_id: submission.submission_id,
            status: Some(status.clone()),
            started_at: started.map(Time),
            finished_at: time(submission.last_update_date).filter(|_| ended).map(Time),
            rows_read: counted(rows_read),
            rows_written: counted(rows_written),
            bytes_read: counted(bytes_read),
            bytes_written: counted(bytes_written),
            files_read: counted(files_read),
            files_written: counted(files_written),
            error: submission.error_summary.or(submission.error_details),
        },
        status,
    }
}

/// A counter that does not apply is -1.
fn counted(count: Option<i64>) -> Option<i64> {
    count.filter(|count| *count >= 0)
}

fn failure(status: Option<&str>) -> Option<Failure> {
    let status = status.filter(|status| State::of(status) == State::Failed)?;
    Some(Failure {
        code: None,
        message: format!("the last run ended as {status}"),
    })
}

fn definition(job: &JobInfo, name: &str) -> Option<Definition> {
    Some(Definition {
        name: name.to_owned(),
        job_type: job.job_type.clone().or_else(|| job.legacy_type.clone())?,
        from: End {
            link_name: job.from_link_name.clone()?,
            connector_name: job.from_connector_name.clone()?,
            inputs: Inputs::observed(job.from_config_values.as_ref()?),
        },
        to: End {
            link_name: job.to_link_name.clone()?,
            connector_name: job.to_connector_name.clone()?,
            inputs: Inputs::observed(job.to_config_values.as_ref()?),
        },
        driver: driver(job.driver_config_values.as_ref()?),
    })
}

fn driver(values: &ConfigValues) -> BTreeMap<String, Texts> {
    values
        .configs
        .iter()
        .map(|config| {
            let texts = config.inputs.iter().filter_map(|input| {
                let value = match shown(input) {
                    Shown::Nothing => return None,
                    Shown::Hidden | Shown::Map(_) => None,
                    Shown::Text(text) => Some(text),
                };
                Some((short(&config.name, &input.name).to_owned(), value))
            });
            (config.name.clone(), texts.collect())
        })
        .collect()
}

fn extended(values: Option<&ConfigValues>) -> Option<Value> {
    values?.extended_configs.clone().filter(|value| !value.is_null())
}

/// Dates are milliseconds since 1970.
fn time(date: Option<i64>) -> Option<Timestamp> {
    date.and_then(|date| Timestamp::from_millisecond(date).ok())
}
