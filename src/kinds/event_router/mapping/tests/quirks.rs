//! One test per way in which the vendor says the same thing differently.
use super::*;

const SOURCE: &str = "/source_config/source_kafka";
const SYNC: &str = "/advance_config/kafka2kafka";

fn agrees(wish: &Desired<Definition>, answer: Value) {
    assert_eq!(changes(wish, &seen(answer)), vec![]);
}

/// The example echoed with one field of the answer replaced.
fn echo_with(text: &str, pointer: &str, value: Value) -> Value {
    let mut answer = echo(sent(&wish(text)));
    set(&mut answer, pointer, value);
    answer
}

fn paths(wish: &Desired<Definition>, answer: Value) -> Vec<String> {
    changes(wish, &seen(answer))
        .into_iter()
        .map(|change| change.path)
        .collect()
}

#[test]
fn null_empty_and_missing_text_are_alike() {
    let wish = wish_with(KAFKA, "/sink/kafka/userName", json!(""));
    let mut answer = echo(sent(&wish));
    agrees(&wish, answer.clone());
    set(&mut answer, "/sink_config/sink_kafka/user_name", Value::Null);
    agrees(&wish, answer.clone());
    let sink = answer.pointer_mut("/sink_config/sink_kafka").unwrap();
    sink.as_object_mut().unwrap().remove("user_name");
    agrees(&wish, answer);
}

#[test]
fn no_mappings_are_empty_null_or_missing() {
    let wish = wish_with(KAFKA, "/advanced/kafkaToKafka/topicMappings", json!([]));
    let mut answer = echo(sent(&wish));
    agrees(&wish, answer.clone());
    set(&mut answer, &format!("{SYNC}/topic_mappings"), Value::Null);
    agrees(&wish, answer.clone());
    let sync = answer.pointer_mut(SYNC).unwrap();
    sync.as_object_mut().unwrap().remove("topic_mappings");
    agrees(&wish, answer);
}

#[test]
fn mappings_are_a_set() {
    let mappings = json!([{"source": "orders", "sink": "o"}, {"source": "payments", "sink": "p"}]);
    let wish = wish_with(KAFKA, "/advanced/kafkaToKafka/topicMappings", mappings);
    let mut answer = echo(sent(&wish));
    let list = answer.pointer_mut(&format!("{SYNC}/topic_mappings")).unwrap();
    list.as_array_mut().unwrap().reverse();
    agrees(&wish, answer);
}

#[test]
fn dropping_the_mappings_is_a_change() {
    let wish = wish_with(KAFKA, "/advanced/kafkaToKafka/topicMappings", Value::Null);
    let answer = echo(sent(&super::wish(KAFKA)));
    assert_eq!(paths(&wish, answer), ["advanced.kafkaToKafka.topicMappings"]);
}

#[test]
fn unused_children_may_be_null() {
    let mut answer = echo(sent(&wish(KAFKA)));
    for (parent, child) in [
        ("/source_config", "source_dcs"),
        ("/sink_config", "sink_rocketmq"),
        ("/advance_config", "dcs2dcs"),
    ] {
        let parent = answer.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.insert(child.into(), Value::Null);
    }
    agrees(&wish(KAFKA), answer);
}

#[test]
fn an_answer_without_configs_has_no_definition() {
    for config in ["source_config", "sink_config", "advance_config"] {
        let answer = echo_with(KAFKA, &format!("/{config}"), Value::Null);
        assert_eq!(seen(answer).definition, None, "{config}");
    }
}

#[test]
fn an_end_that_is_not_echoed_whole_is_no_definition() {
    for field in [
        "config_type",
        "region",
        "project_id",
        "instance_id",
        "cluster_alias",
    ] {
        let answer = echo_with(KAFKA, &format!("{SOURCE}/{field}"), json!(""));
        assert_eq!(seen(answer).definition, None, "{field}");
    }
}

#[test]
fn configs_may_stand_in_lists_of_one() {
    let mut answer = echo(sent(&wish(KAFKA)));
    for (config, child) in [
        ("source_config", "source_kafka"),
        ("sink_config", "sink_kafka"),
        ("advance_config", "kafka2kafka"),
    ] {
        let inner = answer[config][child].take();
        answer[config] = json!([{ child: [inner] }]);
    }
    agrees(&wish(KAFKA), answer);
}

#[test]
fn booleans_may_be_text_and_the_other_way_round() {
    let mut answer = echo(sent(&wish(ROCKETMQ)));
    assert_eq!(
        answer["source_config"]["source_rocketmq"]["ssl_open"],
        json!("true")
    );
    assert_eq!(
        answer["source_config"]["source_rocketmq"]["acl_open"],
        json!(true)
    );
    answer["source_config"]["source_rocketmq"]["ssl_open"] = json!(true);
    answer["source_config"]["source_rocketmq"]["acl_open"] = json!("true");
    agrees(&wish(ROCKETMQ), answer);
}

#[test]
fn an_unset_switch_is_off() {
    let wish = wish_with(ROCKETMQ, "/sink/rocketmq/sslEnabled", json!(false));
    let mut answer = echo(sent(&wish));
    answer["sink_config"]["sink_rocketmq"]["ssl_open"] = Value::Null;
    agrees(&wish, answer);
}

#[test]
fn numbers_may_be_text_and_the_other_way_round() {
    let mut answer = echo(sent(&wish(DCS)));
    let sync = "/advance_config/dcs2dcs";
    assert_eq!(
        answer.pointer(&format!("{sync}/rate_limit")).unwrap(),
        &json!("5")
    );
    set(&mut answer, &format!("{sync}/rate_limit"), json!(5));
    set(&mut answer, &format!("{sync}/connect_retry_time"), json!(60));
    set(&mut answer, &format!("{sync}/other_retry_time"), json!("060"));
    agrees(&wish(DCS), answer);
    agrees(
        &wish(KAFKA),
        echo_with(KAFKA, &format!("{SYNC}/replica_cnt"), json!("3")),
    );
}

#[test]
fn a_timestamp_is_compared_as_a_number() {
    let pointer = "/advance_config/rocketmq2rocketmq/seek_to";
    agrees(
        &wish(ROCKETMQ),
        echo_with(ROCKETMQ, pointer, json!(1_767_571_200_000_u64)),
    );
    agrees(
        &wish(ROCKETMQ),
        echo_with(ROCKETMQ, pointer, json!("01767571200000")),
    );
}

#[test]
fn topics_are_a_set() {
    agrees(
        &wish(KAFKA),
        echo_with(KAFKA, &format!("{SYNC}/topics"), json!("payments, orders,")),
    );
}

#[test]
fn addresses_are_a_set() {
    let reordered = json!("10.1.0.13:9093, 10.1.0.11:9093,10.1.0.12:9093");
    agrees(
        &wish(KAFKA),
        echo_with(KAFKA, &format!("{SOURCE}/address"), reordered),
    );
}

#[test]
fn addresses_that_the_service_found_are_not_compared() {
    for list in [Value::Null, json!([])] {
        let wish = wish_with(KAFKA, "/source/kafka/addresses", list);
        let mut answer = echo(sent(&wish));
        assert_eq!(answer.pointer(&format!("{SOURCE}/address")), Some(&Value::Null));
        set(&mut answer, &format!("{SOURCE}/address"), json!("10.9.9.9:9092"));
        agrees(&wish, answer);
    }
}

#[test]
fn an_absent_mode_is_plaintext() {
    let wish = wish(KAFKA);
    let mut answer = echo(sent(&wish));
    set(
        &mut answer,
        "/sink_config/sink_kafka/authenticate_mode",
        Value::Null,
    );
    agrees(&wish, answer.clone());
    set(
        &mut answer,
        "/sink_config/sink_kafka/authenticate_mode",
        json!("SASL_SSL"),
    );
    assert_eq!(paths(&wish, answer), ["sink.kafka.authenticateMode"]);
}

#[test]
fn from_topics_to_an_expression_changes_both() {
    let mut answer = echo(sent(&wish(KAFKA)));
    set(&mut answer, &format!("{SYNC}/topics"), json!(""));
    set(&mut answer, &format!("{SYNC}/topic_regex"), json!(".*"));
    assert_eq!(
        paths(&wish(KAFKA), answer),
        ["advanced.kafkaToKafka.topicRegex", "advanced.kafkaToKafka.topics"]
    );
}

#[test]
fn no_limit_is_a_wish_of_its_own() {
    let wish = wish_with(DCS, "/advanced/dcsToDcs/rateLimitMBps", Value::Null);
    let body = sent(&wish);
    let sync = &body["advance_config"]["dcs2dcs"];
    assert_eq!(
        (&sync["use_rate_limit"], &sync["rate_limit"]),
        (&json!(false), &Value::Null)
    );
    // The service may go on showing its default rate while the switch is off.
    let mut answer = echo(body.clone());
    set(&mut answer, "/advance_config/dcs2dcs/rate_limit", json!("5"));
    agrees(&wish, answer);
    let limited = echo(sent(&super::wish(DCS)));
    assert_eq!(paths(&wish, limited), ["advanced.dcsToDcs.rateLimitMBps"]);
}

#[test]
fn a_limit_without_a_rate_is_the_documented_five() {
    agrees(
        &wish(DCS),
        echo_with(DCS, "/advance_config/dcs2dcs/rate_limit", Value::Null),
    );
}

#[test]
fn retry_times_that_are_not_echoed_are_the_documented_sixty() {
    let sync = "/advance_config/dcs2dcs";
    agrees(
        &wish(DCS),
        echo_with(DCS, &format!("{sync}/connect_retry_time"), json!("")),
    );
}

#[test]
fn a_description_that_the_spec_leaves_out_stays() {
    let answer = echo_with(ROCKETMQ, "/description", json!("written by hand"));
    agrees(&wish(ROCKETMQ), answer);
    let wish = wish_with(ROCKETMQ, "/description", json!(""));
    let answer = echo_with(ROCKETMQ, "/description", json!("written by hand"));
    assert_eq!(paths(&wish, answer), ["description"]);
}

#[test]
fn the_mark_is_no_part_of_the_description() {
    let answer = echo(sent(&wish(KAFKA)));
    assert_eq!(
        answer["description"],
        json!("orders to standby site [rd:0123456789abcdef]")
    );
    let seen = seen(answer);
    assert_eq!(seen.mark.as_deref(), Some(MARK));
    assert_eq!(
        seen.definition.unwrap().description.as_deref(),
        Some("orders to standby site")
    );
}

#[test]
fn a_job_without_an_id_is_none() {
    assert_eq!(observed(serde_json::from_value(json!({})).unwrap()), None);
}

#[test]
fn a_description_without_room_for_the_mark_stays_whole() {
    for (length, marked) in [(234, true), (235, false), (256, false)] {
        let mut wish = wish(KAFKA);
        wish.definition.description = Some("ö".repeat(length));
        let seen = seen(echo(sent(&wish)));
        assert_eq!(seen.mark.is_some(), marked, "{length}");
        assert_eq!(changes(&wish, &seen), vec![]);
    }
}
