//! The tables of fields in the documentation are the definitions': every field, its name on the wire, what changing costs.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
mod page;

use page::Page;
use replication_operator::engine::kind::{Resolved, SecretValues};
use replication_operator::kinds::cdm_job::{CdmJob, CdmJobs};
use replication_operator::kinds::cdm_link::{CdmLink, CdmLinks};
use replication_operator::kinds::{cdm_job, cdm_link};

const LINK: Page = Page(include_str!("../docs/cdmlink.md"));
const JOB: Page = Page(include_str!("../docs/cdmjob.md"));

#[test]
fn every_field_of_a_link_has_a_row_and_every_row_a_field() {
    LINK.holds_fields_of::<CdmLink>();
}

#[test]
fn every_field_of_a_job_has_a_row_and_every_row_a_field() {
    JOB.holds_fields_of::<CdmJob>();
}

#[test]
fn every_name_on_the_wire_of_a_link_is_one() {
    let example = include_str!("../examples/cdmlink-obs.yaml");
    let link: CdmLink = serde_saphyr::from_str(example.split("\n---\n").last().unwrap()).unwrap();
    let wish = cdm_link::mapping::desired(&link).unwrap();
    let secrets = SecretValues::new();
    let body = cdm_link::mapping::body(&wish.definition, &secrets, None);
    LINK.holds_names_of(&[serde_json::to_value(body).unwrap()]);
}

#[test]
fn every_name_on_the_wire_of_a_job_is_one() {
    let example = include_str!("../examples/cdmjob-seed-create.yaml");
    let job: CdmJob = serde_saphyr::from_str(example).unwrap();
    let wish = cdm_job::mapping::desired(&job, &Resolved::new()).unwrap();
    let secrets = SecretValues::new();
    let body = cdm_job::mapping::body(&wish.definition, &secrets, None).unwrap();
    let mut body = serde_json::to_value(body).unwrap();
    // Some configurations of the driver have no inputs.
    let configs = &mut body["jobs"][0]["driver-config-values"]["configs"];
    let has_inputs = |config: &serde_json::Value| config["inputs"] != serde_json::json!([]);
    configs.as_array_mut().unwrap().retain(has_inputs);
    JOB.holds_names_of(&[body]);
}

#[test]
fn every_row_says_what_a_change_costs() {
    LINK.holds_costs_of::<CdmLinks>();
    JOB.holds_costs_of::<CdmJobs>();
}

#[test]
fn every_reason_on_the_pages_exists() {
    LINK.holds_reasons();
    JOB.holds_reasons();
}
