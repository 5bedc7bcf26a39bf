//! What the pure part promises, by theme.
mod drift;
mod runs;
mod walk;

use super::*;
use crate::engine::kind::{Resolved, SecretValues, Seen};
use crate::kinds::cdm_job::CdmJobs;
use crate::kinds::cdm_job::resource::CdmJob;
use serde_json::{Value, json};

fn job() -> CdmJob {
    let example = include_str!("../../../../examples/cdmjob-mysql-obs.yaml");
    serde_saphyr::from_str(example).unwrap()
}

fn links() -> Resolved {
    [("from.linkRef", "mysql_src"), ("to.linkRef", "obs_dst")]
        .map(|(path, id)| (path.to_owned(), id.to_owned()))
        .into()
}

fn wish(job: &CdmJob) -> Definition {
    desired(job, &links()).unwrap().definition
}

/// The job as the service shows it in this state, as it was sent.
fn answer(status: &str) -> Value {
    let definition = wish(&job());
    let secrets = SecretValues::new();
    let body = body(&definition, &secrets, None).unwrap();
    let mut job = serde_json::to_value(body).unwrap()["jobs"][0].take();
    job["status"] = json!(status);
    job
}

fn read(answer: Value) -> Seen<CdmJobs> {
    observed(&serde_json::from_value(answer).unwrap()).unwrap()
}

fn seen(status: &str) -> Seen<CdmJobs> {
    read(answer(status))
}
