//! A modification sends the task back as it came, with the changed fields laid over it and nothing else touched.
use super::*;
use crate::kinds::smart_connect::mapping::modified;

fn body_for(wish: &Desired<Definition>, seen: &Observed<Definition, Facts>) -> Value {
    let present = seen.definition.as_ref().unwrap();
    let difference = difference::<SmartConnect>(&wish.definition, present, &[], &[]).unwrap();
    let paths: Vec<String> = difference.changes.into_iter().map(|change| change.path).collect();
    Value::Object(modified(&seen.facts.entity, &difference.merged, &paths).unwrap())
}

#[test]
fn only_what_changed_is_changed() {
    let mut answer = shown(KAFKA);
    set(
        &mut answer,
        "/source_task/bootstrap_servers",
        json!("10.0.0.1:9093"),
    );
    set(&mut answer, "/source_task/tomorrow", json!([1]));
    let wish = wish_with(KAFKA, "/source/kafka/compression", json!("zstd"));
    let body = body_for(&wish, &seen(answer.clone()));
    set(&mut answer, "/source_task/compression_type", json!("zstd"));
    assert_eq!(body, answer);
}

#[test]
fn a_modified_task_agrees() {
    for (text, pointer, value) in [
        (KAFKA, "/topics", json!(["payments"])),
        (KAFKA, "/source/kafka/taskCount", json!(4)),
        (KAFKA, "/source/kafka/replicationFactor", json!(2)),
        (KAFKA, "/source/kafka/consumerStrategy", json!("latest")),
        (KAFKA, "/source/kafka/topicMappings", Value::Null),
        (KAFKA, "/source/kafka/provenanceHeader", json!(false)),
        (OBS, "/topics", json!(["invoices", "orders"])),
        (OBS, "/sink/obs/path", Value::Null),
        (OBS, "/sink/obs/deliverIntervalSeconds", json!(60)),
        (OBS, "/sink/obs/partitionFormat", json!("yyyy")),
        (OBS, "/sink/obs/recordDelimiter", json!("NULL")),
        (OBS, "/sink/obs/storeKeys", json!(true)),
    ] {
        let wish = wish_with(text, pointer, value);
        let before = seen(shown(text));
        assert_eq!(paths(&wish, &before).len(), 1, "{pointer}");
        let after = seen(body_for(&wish, &before));
        assert_eq!(paths(&wish, &after), Vec::<String>::new(), "{pointer}");
    }
}

#[test]
fn what_is_emptied_is_sent_empty() {
    let mut task = task_with(OBS, "/topicsRegex", json!("in.*"));
    task.spec.for_provider.topics = None;
    let wish = desired(&task).unwrap();
    let body = body_for(&wish, &seen(shown(OBS)));
    assert_eq!(body["topics"], "");
    assert_eq!(body["topics_regex"], "in.*");
}

#[test]
fn a_modification_holds_no_secret() {
    for text in ALL {
        let wish = wish_with(text, "/topics", json!(["payments"]));
        let body = body_for(&wish, &seen(shown(text)));
        assert!(!body.to_string().contains("secret"), "{body}");
    }
}
