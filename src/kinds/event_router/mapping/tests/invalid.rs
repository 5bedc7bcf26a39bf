//! One test per refusal.
use super::*;

fn refusal(job: &EventRouterJob) -> String {
    desired(job).unwrap_err().to_string()
}

#[test]
fn two_kinds_of_source() {
    let dcs = manifest(DCS).pointer("/spec/forProvider/source/dcs").cloned();
    let job = job_with(KAFKA, "/source/dcs", dcs.unwrap());
    assert_eq!(
        refusal(&job),
        "forProvider.source: set exactly one of kafka, rocketmq and dcs"
    );
}

#[test]
fn no_kind_of_sink() {
    let job = job_with(KAFKA, "/sink", json!({}));
    assert_eq!(
        refusal(&job),
        "forProvider.sink: set exactly one of kafka, rocketmq and dcs"
    );
}

#[test]
fn a_sink_of_another_kind() {
    let sink = manifest(DCS).pointer("/spec/forProvider/sink").cloned();
    let job = job_with(KAFKA, "/sink", sink.unwrap());
    assert_eq!(
        refusal(&job),
        "forProvider.sink: must be of the same kind as source"
    );
}

#[test]
fn no_advanced_options() {
    let job = job_with(KAFKA, "/advanced", json!({}));
    assert!(refusal(&job).starts_with("forProvider.advanced: set exactly one of"));
}

#[test]
fn advanced_options_of_another_kind() {
    let advanced = manifest(DCS).pointer("/spec/forProvider/advanced").cloned();
    let job = job_with(KAFKA, "/advanced", advanced.unwrap());
    assert!(refusal(&job).starts_with("forProvider.advanced: must match source"));
}

#[test]
fn a_name_that_the_vendor_does_not_take() {
    for name in ["-orders", "orders dr", "", "ö", &"a".repeat(129)] {
        let job = job_with(KAFKA, "/name", json!(name));
        assert!(
            refusal(&job).starts_with("forProvider.name: must start"),
            "{name}"
        );
    }
    let mut job = job(KAFKA);
    job.metadata.name = Some("a".repeat(129));
    assert!(refusal(&job).starts_with("metadata.name: must start"));
}

#[test]
fn a_dcs_password_with_a_single_quote() {
    let wish = wish(DCS);
    for end in ["source", "sink"] {
        let mut secrets = secrets();
        secrets.insert(format!("{end}.dcs.passwordSecretRef"), "it's".to_owned().into());
        let parcel = Parcel {
            secrets: &secrets,
            mark: MARK,
        };
        let refusal = body(&wish.definition, &parcel).err().unwrap().to_string();
        assert!(refusal.starts_with(&format!("forProvider.{end}.dcs.passwordSecretRef:")));
        assert!(!refusal.contains("it's"));
    }
}
