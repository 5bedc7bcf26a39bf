//! From the normal form to the body of create and update. Secrets are borrowed and never copied.
use super::definition::{Definition, End};
use super::observed::Facts;
use crate::engine::kind::Invalid;
use crate::engine::kind::SecretValues;
use crate::kinds::cdm::inputs::{Texts, input, secret_values};
use crate::kinds::cdm::wire::request::{ConfigBody, ConfigValuesBody, ValueBody};
use crate::kinds::cdm_job::wire::{JobBody, JobsBody};
use secrecy::ExposeSecret;
use serde_json::Value;
use std::collections::BTreeMap;

/// The body that creates a job, or that replaces its definition as a whole.
///
/// # Errors
/// When a secret value breaks a rule of the vendor; admission cannot see into Secrets.
pub fn body<'a>(
    definition: &'a Definition,
    secrets: &'a SecretValues,
    seen: Option<&'a Facts>,
) -> Result<JobsBody<'a>, Invalid> {
    keys_are_hexadecimal(secrets)?;
    let [from, to, driver] = seen.map_or([None; 3], |facts| facts.extended.each_ref().map(Option::as_ref));
    Ok(JobsBody {
        jobs: [JobBody {
            job_type: &definition.job_type,
            name: &definition.name,
            from_connector_name: &definition.from.connector_name,
            from_link_name: &definition.from.link_name,
            from_config_values: end(&definition.from, "fromJobConfig", "from.", secrets, from),
            to_connector_name: &definition.to.connector_name,
            to_link_name: &definition.to.link_name,
            to_config_values: end(&definition.to, "toJobConfig", "to.", secrets, to),
            driver_config_values: ConfigValuesBody {
                configs: configs(&definition.driver),
                extended_configs: driver,
            },
        }],
    })
}

fn end<'a>(
    end: &'a End,
    config: &'a str,
    at: &str,
    secrets: &'a SecretValues,
    extended: Option<&'a Value>,
) -> ConfigValuesBody<'a> {
    end.inputs.body(config, secret_values(at, secrets), extended)
}

fn configs(driver: &BTreeMap<String, Texts>) -> Vec<ConfigBody<'_>> {
    driver
        .iter()
        .map(|(config, inputs)| ConfigBody {
            inputs: inputs
                .iter()
                .filter_map(|(name, value)| Some(input(config, (name, ValueBody::Text(value.as_deref()?)))))
                .collect(),
            name: config,
        })
        .collect()
}

/// The vendor takes a wrong key without a word and writes files that nobody can read.
fn keys_are_hexadecimal(secrets: &SecretValues) -> Result<(), Invalid> {
    for (path, value) in secrets {
        let digits = match path.rsplit('.').next() {
            Some("dek") => 64,
            Some("iv") => 32,
            Some(_) | None => continue,
        };
        let value = value.expose_secret();
        if value.len() != digits || !value.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(Invalid {
                field: format!("forProvider.{path}"),
                message: format!("the value must be {digits} hexadecimal digits: correct the Secret"),
            });
        }
    }
    Ok(())
}
