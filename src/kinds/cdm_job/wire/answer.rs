//! Answers. Every field may be missing or null, dates may be numbers or text, and unknown fields are ignored.
use crate::kinds::cdm::wire::answer::ConfigValues;
use crate::kinds::lenient;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The answer of show and of list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct JobPage {
    /// How many jobs match on all pages; 0 for a job that was asked for by its name.
    #[serde(deserialize_with = "lenient::number")]
    pub total: Option<i64>,
    /// The jobs of this page, whole.
    #[serde(deserialize_with = "lenient::list")]
    pub jobs: Vec<JobInfo>,
}

/// A job in an answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the vendor's names; page ShowJobs")]
pub struct JobInfo {
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    #[serde(rename = "job_type", deserialize_with = "lenient::text")]
    pub job_type: Option<String>,
    /// What older releases call `job_type`.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub legacy_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub from_connector_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub from_link_name: Option<String>,
    #[serde(deserialize_with = "lenient::one")]
    pub from_config_values: Option<ConfigValues>,
    #[serde(deserialize_with = "lenient::text")]
    pub to_connector_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub to_link_name: Option<String>,
    #[serde(deserialize_with = "lenient::one")]
    pub to_config_values: Option<ConfigValues>,
    #[serde(deserialize_with = "lenient::one")]
    pub driver_config_values: Option<ConfigValues>,
    #[serde(deserialize_with = "lenient::text")]
    pub status: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub creation_date: Option<i64>,
    #[serde(rename = "execute_start_date", deserialize_with = "lenient::number")]
    pub execute_start_date: Option<i64>,
    #[serde(rename = "execute_create_date", deserialize_with = "lenient::number")]
    pub execute_create_date: Option<i64>,
    #[serde(rename = "execute_update_date", deserialize_with = "lenient::number")]
    pub execute_update_date: Option<i64>,
}

/// The answer of start, status and history: runs, the newest first.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Submissions {
    /// The runs.
    #[serde(deserialize_with = "lenient::list")]
    pub submissions: Vec<Submission>,
}

/// A run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the vendor's names; page ShowSubmissions")]
pub struct Submission {
    #[serde(deserialize_with = "lenient::number")]
    pub submission_id: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    pub status: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub is_execute_auto: Option<bool>,
    #[serde(deserialize_with = "lenient::number")]
    pub creation_date: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub execute_date: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub last_update_date: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    pub error_summary: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub error_details: Option<String>,
    /// The counters by the name of a class, of which there is one.
    #[serde(deserialize_with = "lenient::one")]
    pub counters: Option<BTreeMap<String, Counters>>,
}

/// What a run has read and written; -1 where that means nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the vendor's names; page ShowSubmissions")]
pub struct Counters {
    #[serde(deserialize_with = "lenient::number")]
    pub rows_read: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub rows_written: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub bytes_read: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub bytes_written: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub files_read: Option<i64>,
    #[serde(deserialize_with = "lenient::number")]
    pub files_written: Option<i64>,
}
