//! What counts as a difference: what the service adds, leaves out, escapes and reorders does not.
use super::*;
use crate::api::status::Effect;
use crate::engine::difference::{difference, removable};
use crate::engine::kind::Invalid;
use rstest::rstest;

fn changes(answer: Value) -> Vec<String> {
    let present = read(answer).definition.unwrap();
    let found = difference::<CdmJobs>(&wish(&job()), &present, &[], &[]).unwrap();
    found.changes.into_iter().map(|change| change.path).collect()
}

fn inputs<'a>(answer: &'a mut Value, block: &str) -> &'a mut Vec<Value> {
    answer[format!("{block}-config-values")]["configs"][0]["inputs"]
        .as_array_mut()
        .unwrap()
}

#[test]
fn a_job_as_it_was_sent_agrees() {
    assert_eq!(changes(answer("NEW")), Vec::<String>::new());
}

#[test]
fn escapes_order_and_additions_are_no_difference() {
    let mut answer = answer("NEW");
    for block in ["from", "to", "driver"] {
        let inputs = inputs(&mut answer, block);
        inputs.reverse();
        for input in inputs.iter_mut() {
            let text = input["value"].as_str().unwrap();
            let text = text.replace('/', "%2F").replace('&', "%26").replace(',', "%2C");
            input["value"] = json!(text);
            input["id"] = json!(7);
        }
    }
    inputs(&mut answer, "from").push(json!({"name": "fromJobConfig.incrMigration", "value": "false"}));
    let configs = answer["driver-config-values"]["configs"].as_array_mut().unwrap();
    configs.push(json!({"name": "jarConfig", "inputs": {}}));
    configs.push(json!({"name": "groupJobConfig", "inputs": [{"name": "groupJobConfig.groupName", "value": "DEFAULT"}]}));
    configs.reverse();
    answer["from-config-values"]["extended-configs"] = json!({"name": "n", "value": "v"});
    assert_eq!(changes(answer), Vec::<String>::new());
}

#[test]
fn a_changed_input_is_a_difference() {
    let mut answer = answer("NEW");
    inputs(&mut answer, "to")[0]["value"] = json!("elsewhere");
    answer["to-link-name"] = json!("another");
    let mut expected = vec!["to.config.bucketName".to_owned(), "to.linkName".to_owned()];
    expected.sort();
    assert_eq!(changes(answer), expected);
}

#[test]
fn an_input_that_is_gone_is_a_difference_and_a_hidden_one_is_not() {
    let mut gone = answer("NEW");
    inputs(&mut gone, "to").remove(0);
    assert_eq!(changes(gone), ["to.config.bucketName"]);
    let mut hidden = answer("NEW");
    inputs(&mut hidden, "to")[0]["value"] = Value::Null;
    assert_eq!(changes(hidden), Vec::<String>::new());
}

#[test]
fn an_older_release_says_type() {
    let mut answer = answer("NEW");
    answer["type"] = answer["job_type"].take();
    assert_eq!(changes(answer), Vec::<String>::new());
}

#[test]
fn what_was_withdrawn_is_not_sent_again() {
    let mut fewer = job();
    fewer.spec.for_provider.from.inputs.config.remove("columnList");
    fewer.spec.for_provider.driver.clear();
    let before = removable::<CdmJobs>(&wish(&job()), [].iter()).unwrap();
    let now = removable::<CdmJobs>(&wish(&fewer), [].iter()).unwrap();
    let dropped: Vec<String> = before.into_iter().filter(|path| !now.contains(path)).collect();
    assert_eq!(
        dropped,
        [
            "driver.retryJobConfig.retryJobType",
            "driver.throttlingConfig.numExtractors",
            "from.config.columnList"
        ]
    );
    let present = seen("NEW").definition.unwrap();
    let found = difference::<CdmJobs>(&wish(&fewer), &present, &[], &dropped).unwrap();
    assert_eq!(found.changes.len(), 3);
    assert_eq!(found.merged.from.inputs.config.get("columnList"), None);
    assert!(
        found
            .merged
            .driver
            .values()
            .all(std::collections::BTreeMap::is_empty)
    );
}

#[test]
fn an_ignored_input_is_sent_as_it_was_observed() {
    let mut answer = answer("NEW");
    inputs(&mut answer, "to")[0]["value"] = json!("elsewhere");
    let present = read(answer).definition.unwrap();
    let ignored = ["to.config.bucketName".to_owned()];
    let found = difference::<CdmJobs>(&wish(&job()), &present, &ignored, &[]).unwrap();
    assert_eq!(found.changes, vec![]);
    assert_eq!(
        found.merged.to.inputs.config.get("bucketName"),
        Some(&Some("elsewhere".to_owned()))
    );
}

#[rstest]
#[case("name", Effect::InPlace)]
#[case("from.linkName", Effect::InPlace)]
#[case("from.config.sql", Effect::InPlace)]
#[case("driver.schedulerConfig.cycle", Effect::InPlace)]
#[case("jobType", Effect::Replace)]
#[case("from.connectorName", Effect::Replace)]
#[case("to.connectorName", Effect::Replace)]
fn type_and_connectors_need_a_replacement(#[case] path: &str, #[case] cost: Effect) {
    assert_eq!(effect(path), cost);
}

#[rstest]
#[case("from.secretConfig.dek", &"0".repeat(64), true)]
#[case("from.secretConfig.dek", "00", false)]
#[case("to.secretConfig.iv", &"z".repeat(32), false)]
#[case("to.secretConfig.password", "anything", true)]
fn keys_in_secrets_are_hexadecimal(#[case] path: &str, #[case] value: &str, #[case] good: bool) {
    let secrets = [(path.to_owned(), value.into())].into();
    let definition = wish(&job());
    let refused: Result<_, Invalid> = body(&definition, &secrets, None).map(|_| ());
    assert_eq!(refused.is_ok(), good);
}

#[test]
fn secrets_stand_beside_the_inputs_of_their_block() {
    let secrets = [("to.secretConfig.sk".to_owned(), "s3cret".into())].into();
    let definition = wish(&job());
    let body = serde_json::to_value(body(&definition, &secrets, None).unwrap()).unwrap();
    let inputs = body["jobs"][0]["to-config-values"]["configs"][0]["inputs"]
        .as_array()
        .unwrap();
    assert!(inputs.contains(&json!({"name": "toJobConfig.sk", "value": "s3cret"})));
    assert!(
        !body["jobs"][0]["from-config-values"]
            .to_string()
            .contains("s3cret")
    );
}

#[test]
fn links_are_named_by_what_keeps_them() {
    let paths: Vec<String> = references(&job()).into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["from.linkRef", "to.linkRef"]);
    let definition = wish(&job());
    assert_eq!(
        (
            definition.from.link_name.as_str(),
            definition.to.link_name.as_str()
        ),
        ("mysql_src", "obs_dst")
    );
    assert_eq!(
        desired(&job(), &Resolved::new()).unwrap_err().field,
        "forProvider.from"
    );
}
