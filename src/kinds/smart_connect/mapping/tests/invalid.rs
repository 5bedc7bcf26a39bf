//! One test per refusal of a spec that is older than its rule.
use super::*;

fn refusal(task: &SmartConnectTask) -> String {
    desired(task).unwrap_err().to_string()
}

fn part(text: &str, pointer: &str) -> Value {
    manifest(text)
        .pointer(&format!("/spec/forProvider{pointer}"))
        .cloned()
        .unwrap()
}

#[test]
fn pairs_that_there_are_not() {
    let together = "forProvider: source and sink do not go together";
    for task in [
        task_with(KAFKA, "/sink", part(OBS, "/sink")),
        task_with(REDIS, "/sink", Value::Null),
        task_with(REDIS, "/source", Value::Null),
        task_with(OBS, "/sink", Value::Null),
        task_with(OBS, "/source", part(REDIS, "/source")),
    ] {
        assert!(refusal(&task).starts_with(together));
    }
}

#[test]
fn two_kinds_or_none_on_one_side() {
    let both = task_with(KAFKA, "/source/redis", part(REDIS, "/source/redis"));
    assert_eq!(
        refusal(&both),
        "forProvider.source: set exactly one of kafka and redis"
    );
    let none = task_with(OBS, "/sink", json!({}));
    assert_eq!(
        refusal(&none),
        "forProvider.sink: set exactly one of obs and redis"
    );
}

#[test]
fn no_topics_or_two_kinds_of_them() {
    let one = "forProvider: set exactly one of topics and topicsRegex";
    assert!(refusal(&task_with(OBS, "/topics", Value::Null)).starts_with(one));
    assert!(refusal(&task_with(OBS, "/topicsRegex", json!("a.*"))).starts_with(one));
    assert!(desired(&task_with(KAFKA, "/topics", Value::Null)).is_ok());
}

#[test]
fn a_name_that_the_vendor_does_not_take() {
    for name in ["abc", "orders.dr", "orders dr", "", "öööö", &"a".repeat(65)] {
        let task = task_with(OBS, "/name", json!(name));
        assert!(
            refusal(&task).starts_with("forProvider.name: must hold"),
            "{name}"
        );
    }
    let mut task = task(OBS);
    task.metadata.name = Some("a.b.c".into());
    assert!(refusal(&task).starts_with("metadata.name: must hold"));
}
