//! The sample request of the vendor's page can be written as a manifest, and goes out as the page prints it.
//!
//! Tolerances, all of them: the order of configurations and inputs means nothing to the service; a configuration without
//! inputs has an empty list and not the empty object of the page, which newer releases do not read; ids in the path may be
//! those of another world.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use replication_operator::engine::difference::{difference, hash};
use replication_operator::engine::kind::{Desired, Resolved, SecretValues};
use replication_operator::kinds::cdm_job::mapping::{Definition, body, desired, observed};
use replication_operator::kinds::cdm_job::{CdmJob, CdmJobs};
use serde_json::{Value, json};

const CREATE: &str = include_str!("../examples/cdmjob-seed-create.yaml");
const REQUEST: &str = include_str!("fixtures/cdm/create-request.json");

fn wish() -> Desired<Definition> {
    let job: CdmJob = serde_saphyr::from_str(CREATE).unwrap();
    desired(&job, &Resolved::new()).unwrap()
}

fn sent() -> Value {
    let wish = wish();
    let secrets = SecretValues::new();
    let body = body(&wish.definition, &secrets, None).unwrap();
    serde_json::to_value(body).unwrap()
}

fn printed() -> Value {
    serde_json::from_str(REQUEST).unwrap()
}

/// Configurations and inputs in the order of their names, and no inputs as an empty list.
fn plain(value: Value) -> Value {
    match value {
        Value::Array(list) => {
            let mut list: Vec<Value> = list.into_iter().map(plain).collect();
            list.sort_by_key(|one| one["name"].as_str().unwrap_or_default().to_owned());
            Value::Array(list)
        }
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| {
                let nothing = key == "inputs" && value == json!({});
                (key, if nothing { json!([]) } else { plain(value) })
            })
            .collect(),
        value => value,
    }
}

#[test]
fn the_sample_of_creating_goes_out_as_printed() {
    assert_eq!(plain(sent()), plain(printed()));
}

#[test]
fn the_printed_job_read_back_agrees_with_the_manifest() {
    let mut job = printed()["jobs"][0].clone();
    job["status"] = json!("NEW");
    let seen = observed(&serde_json::from_value(job).unwrap()).unwrap();
    assert_eq!((seen.id.as_str(), seen.state.as_str()), ("es_css", "NEW"));
    let found = difference::<CdmJobs>(&wish().definition, &seen.definition.unwrap(), &[], &[]).unwrap();
    assert_eq!(found.changes, vec![]);
}

/// By this hash a job with `run.policy: OnChange` is known to have run as it is. A release that computed another one would
/// run every such job again.
#[test]
fn the_hash_of_a_definition_does_not_change_between_releases() {
    let definition = replication_operator::kinds::cdm_job::mapping::as_run(&wish().definition);
    assert_eq!(hash(&definition), "e6f8c7503fc4");
}
