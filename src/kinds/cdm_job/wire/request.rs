//! Requests. Whatever holds a secret has no `Debug`.
use crate::kinds::cdm::wire::request::ConfigValuesBody;
use serde::Serialize;
use std::collections::BTreeMap;

/// The body of create and update; one job, although it is a list.
#[derive(Serialize)]
#[allow(missing_docs, reason = "the vendor's names; page CreateJob")]
pub struct JobsBody<'a> {
    pub jobs: [JobBody<'a>; 1],
}

/// A job in a request. What the vendor's table marks as read only is never sent.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the vendor's names; page CreateJob")]
pub struct JobBody<'a> {
    #[serde(rename = "job_type")]
    pub job_type: &'a str,
    pub name: &'a str,
    pub from_connector_name: &'a str,
    pub from_link_name: &'a str,
    pub from_config_values: ConfigValuesBody<'a>,
    pub to_connector_name: &'a str,
    pub to_link_name: &'a str,
    pub to_config_values: ConfigValuesBody<'a>,
    pub driver_config_values: ConfigValuesBody<'a>,
}

/// The body of a start. Older releases take none, so it is sent only when there are variables.
#[derive(Debug, Serialize)]
pub struct StartBody<'a> {
    /// Values by variable.
    pub variables: &'a BTreeMap<String, String>,
}
