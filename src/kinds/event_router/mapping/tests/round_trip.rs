//! What is sent and echoed agrees with the wish; and what must not come back does not.
use super::*;
use crate::kinds::event_router::mapping::{is_switched, secrets as named};

#[test]
fn every_flavour_agrees_with_its_echo() {
    for text in [KAFKA, ROCKETMQ, DCS] {
        let wish = wish(text);
        let seen = seen(echo(sent(&wish)));
        assert_eq!(changes(&wish, &seen), vec![]);
        assert_eq!(seen.name, wish.name);
    }
}

#[test]
fn every_flavour_agrees_whatever_becomes_of_the_password() {
    for text in [KAFKA, ROCKETMQ, DCS] {
        let wish = wish(text);
        for password in [json!(null), json!("******"), json!("kafka-secret")] {
            let mut answer = echo(sent(&wish));
            for_each_key(&mut answer, "password", &password);
            let seen = seen(answer);
            assert_eq!(changes(&wish, &seen), vec![]);
            assert!(!format!("{seen:?}").contains("secret"));
        }
    }
}

#[test]
fn every_flavour_agrees_when_nulls_are_left_out() {
    for text in [KAFKA, ROCKETMQ, DCS] {
        let wish = wish(text);
        let mut answer = echo(sent(&wish));
        drop_nulls(&mut answer);
        assert_eq!(changes(&wish, &seen(answer)), vec![]);
    }
}

#[test]
fn a_definition_is_read_back_as_it_was_written() {
    for text in [KAFKA, ROCKETMQ, DCS] {
        let definition = wish(text).definition;
        let json = serde_json::to_value(&definition).unwrap();
        assert_eq!(serde_json::from_value::<Definition>(json).unwrap(), definition);
    }
}

#[test]
fn a_definition_has_the_paths_of_the_spec_and_no_secret() {
    for text in [KAFKA, ROCKETMQ, DCS] {
        let written = manifest(text);
        let definition = serde_json::to_value(wish(text).definition).unwrap();
        let mut missing = vec![];
        for path in leaves(&written["spec"]["forProvider"], "") {
            if definition.pointer(&path).is_none() {
                missing.push(path);
            }
        }
        missing.retain(|path| !path.contains("/passwordSecretRef/"));
        assert_eq!(missing, Vec::<String>::new());
        assert!(!definition.to_string().contains("password"));
    }
}

#[test]
fn passwords_go_out_where_they_belong() {
    let body = sent(&wish(ROCKETMQ));
    assert_eq!(
        body["source_config"]["source_rocketmq"]["password"],
        json!("source-secret")
    );
    assert_eq!(
        body["sink_config"]["sink_rocketmq"]["password"],
        json!("sink-secret")
    );
    let body = sent(&wish(KAFKA));
    assert_eq!(
        body["source_config"]["source_kafka"]["password"],
        json!("kafka-secret")
    );
    assert_eq!(body["sink_config"]["sink_kafka"]["password"], Value::Null);
}

#[test]
fn secrets_are_named_by_their_paths() {
    let names = |text| -> Vec<String> { named(&job(text)).into_iter().map(|(path, _)| path).collect() };
    assert_eq!(names(KAFKA), ["source.kafka.passwordSecretRef"]);
    assert_eq!(
        names(DCS),
        ["source.dcs.passwordSecretRef", "sink.dcs.passwordSecretRef"]
    );
}

#[test]
fn exchanged_ends_are_a_switchover() {
    for text in [KAFKA, ROCKETMQ, DCS] {
        let wished = wish(text).definition;
        let mut seen = wished.clone();
        assert!(!is_switched(&wished, &seen));
        std::mem::swap(&mut seen.source, &mut seen.sink);
        assert!(is_switched(&wished, &seen));
    }
}

#[test]
fn one_foreign_end_is_no_switchover() {
    let wished = wish(KAFKA).definition;
    let mut seen = wish_with(KAFKA, "/source/kafka/instanceId", json!("another")).definition;
    std::mem::swap(&mut seen.source, &mut seen.sink);
    assert!(!is_switched(&wished, &seen));
}

#[test]
fn ends_given_by_addresses_switch_too() {
    let mut job = job_with(DCS, "/source/dcs/configType", json!("ADDRESS"));
    let end = job.spec.for_provider.source.dcs.as_mut().unwrap();
    end.instance_id = None;
    let wished = desired(&job).unwrap().definition;
    let mut seen = wished.clone();
    std::mem::swap(&mut seen.source, &mut seen.sink);
    assert!(is_switched(&wished, &seen));
}

fn for_each_key(value: &mut Value, key: &str, to: &Value) {
    if let Value::Object(fields) = value {
        for (name, field) in fields {
            if name == key {
                *field = to.clone();
            } else {
                for_each_key(field, key, to);
            }
        }
    }
}

fn drop_nulls(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|_, field| !field.is_null());
        fields.values_mut().for_each(drop_nulls);
    }
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
