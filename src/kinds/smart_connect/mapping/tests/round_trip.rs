//! What is sent and echoed agrees with the wish; and what must not come back does not.
use super::*;
use crate::kinds::smart_connect::mapping::secrets as named;

#[test]
fn every_pair_agrees_with_its_echo() {
    for text in ALL {
        let wish = wish(text);
        let seen = seen(shown(text));
        assert_eq!(changes(&wish, &seen), vec![]);
        assert_eq!(seen.name, wish.name);
        assert_eq!(seen.mark, None);
        assert_eq!(seen.created_at, Some("2026-01-01T00:00:00.123Z".parse().unwrap()));
    }
}

#[test]
fn a_definition_is_read_back_as_it_was_written() {
    for text in ALL {
        let definition = wish(text).definition;
        let json = serde_json::to_value(&definition).unwrap();
        assert_eq!(serde_json::from_value::<Definition>(json).unwrap(), definition);
    }
}

#[test]
fn a_definition_has_the_paths_of_the_spec_and_no_secret() {
    for text in ALL {
        let written = manifest(text);
        let definition = serde_json::to_value(wish(text).definition).unwrap();
        let mut missing = leaves(&written["spec"]["forProvider"], "");
        missing.retain(|path| definition.pointer(path).is_none() && !path.contains("SecretRef/"));
        assert_eq!(missing, Vec::<String>::new());
        assert!(!definition.to_string().contains("ecret"));
    }
}

#[test]
fn secrets_go_out_where_they_belong() {
    assert_eq!(sent(&wish(KAFKA))["source_task"]["password"], "kafka-secret");
    let redis = sent(&wish(REDIS));
    assert_eq!(redis["source_task"]["redis_password"], "source-secret");
    assert_eq!(redis["sink_task"]["redis_password"], "sink-secret");
    let obs = sent(&wish(OBS));
    assert_eq!(obs["sink_task"]["access_key"], "access-secret");
    assert_eq!(obs["sink_task"]["secret_key"], "key-secret");
}

#[test]
fn secrets_are_named_by_their_paths() {
    let names = |text| -> Vec<String> { named(&task(text)).into_iter().map(|(path, _)| path).collect() };
    assert_eq!(names(KAFKA), ["source.kafka.passwordSecretRef"]);
    assert_eq!(
        names(REDIS),
        ["source.redis.passwordSecretRef", "sink.redis.passwordSecretRef"]
    );
    assert_eq!(
        names(OBS),
        ["sink.obs.accessKeySecretRef", "sink.obs.secretKeySecretRef"]
    );
}

#[test]
fn a_task_that_shall_rest_is_created_so() {
    let mut wish = wish(OBS);
    assert_eq!(sent(&wish)["start_later"], false);
    wish.run_state = Some(RunState::Stopped);
    assert_eq!(sent(&wish)["start_later"], true);
}

#[test]
fn what_is_not_set_is_not_sent() {
    let body = sent(&wish(OBS));
    for member in ["topics_regex", "source_task"] {
        assert!(body.get(member).is_none(), "{member}");
    }
    let body = sent(&wish_with(KAFKA, "/source/kafka/provenanceHeader", Value::Null));
    let source = body["source_task"].as_object().unwrap();
    assert!(!source.contains_key("provenance_header_enabled"));
    assert!(!source.values().any(Value::is_null));
}

#[test]
fn a_list_goes_out_as_it_was_written() {
    let wish = wish_with(OBS, "/topics", json!(["zebra", "apple"]));
    assert_eq!(sent(&wish)["topics"], "zebra,apple");
}

#[test]
fn a_secret_that_comes_back_is_not_kept() {
    let mut answer = shown(REDIS);
    set(&mut answer, "/source_task/redis_password", json!("echoed-secret"));
    let seen = seen(answer);
    assert!(!format!("{seen:?}").contains("echoed"));
    let kept = Value::Object(seen.facts.entity.members().clone());
    assert!(!kept.to_string().contains("echoed"));
}

fn leaves(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, field)| leaves(field, &format!("{path}/{name}")))
            .collect(),
        _ => vec![path.to_owned()],
    }
}
