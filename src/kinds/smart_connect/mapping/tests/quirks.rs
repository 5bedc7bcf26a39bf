//! The ways in which the service shows a task that is as wished, and in which it shows one that is not.
use super::*;
use rstest::rstest;

/// An echo with one member changed still agrees.
#[rstest]
#[case::order_of_topics(OBS, "/topics", json!("receipts,invoices"))]
#[case::spaces_between_topics(OBS, "/topics", json!(" invoices , receipts, "))]
#[case::no_expression(OBS, "/topics_regex", json!(""))]
#[case::no_expression_at_all(OBS, "/topics_regex", Value::Null)]
#[case::unused_side_is_null(OBS, "/source_task", Value::Null)]
#[case::unused_side_is_empty(OBS, "/source_task", json!({}))]
#[case::unused_type_is_empty(OBS, "/source_type", json!(""))]
#[case::unused_type_is_null(KAFKA, "/sink_type", Value::Null)]
#[case::real_line_feed(OBS, "/sink_task/record_delimiter", json!("\n"))]
#[case::file_type_in_small_letters(OBS, "/sink_task/destination_file_type", json!("text"))]
#[case::interval_as_text(OBS, "/sink_task/deliver_time_interval", json!("300"))]
#[case::slashes_around_the_path(OBS, "/sink_task/obs_path", json!("/kafka/invoices/"))]
#[case::part_size(OBS, "/sink_task/obs_part_size", json!(5_242_880))]
#[case::class_names(OBS, "/sink_task/partitioner_class", json!("io.confluent.TimeBasedPartitioner"))]
#[case::an_agency_of_its_own(OBS, "/sink_task/agency_name", json!("dms_agency"))]
#[case::resolved_servers(KAFKA, "/source_task/bootstrap_servers", json!("10.0.0.1:9093,10.0.0.2:9093"))]
#[case::numbers_as_text(KAFKA, "/source_task/replication_factor", json!("3"))]
#[case::flags_as_text(KAFKA, "/source_task/provenance_header_enabled", json!("true"))]
#[case::order_of_addresses(REDIS, "/source_task/redis_address", json!("10.1.4.13:6379,10.1.4.11:6379,10.1.4.12:6379"))]
#[case::trailing_comma(REDIS, "/source_task/sync_mode", json!("CUSTOM_OFFSET,"))]
#[case::an_instance_of_its_own(REDIS, "/sink_task/dcs_instance_id", json!("9b981368-a8e3-416a-87d9-1581a968b41b"))]
#[case::a_database_of_its_own(REDIS, "/sink_task/target_db", json!(-1))]
#[case::a_member_of_tomorrow(KAFKA, "/source_task/tomorrow", json!({"a": [1]}))]
fn it_agrees(#[case] text: &str, #[case] pointer: &str, #[case] value: Value) {
    let mut answer = shown(text);
    set(&mut answer, pointer, value);
    assert_eq!(paths(&wish(text), &seen(answer)), Vec::<String>::new());
}

/// An echo with one member changed is seen to differ there.
#[rstest]
#[case(OBS, "/topics", json!("invoices"), "topics")]
#[case(OBS, "/topics_regex", json!("in.*"), "topicsRegex")]
#[case(OBS, "/sink_task/record_delimiter", json!(";"), "sink.obs.recordDelimiter")]
#[case(OBS, "/sink_task/record_delimiter", json!(""), "sink.obs.recordDelimiter")]
#[case(OBS, "/sink_task/obs_path", json!(""), "sink.obs.path")]
#[case(OBS, "/sink_task/store_keys", json!(true), "sink.obs.storeKeys")]
#[case(OBS, "/sink_task/deliver_time_interval", json!(60), "sink.obs.deliverIntervalSeconds")]
#[case(OBS, "/sink_task/consumer_strategy", json!("latest"), "sink.obs.consumerStrategy")]
#[case(KAFKA, "/source_task/instance_id", json!("another"), "source.kafka.instanceId")]
#[case(KAFKA, "/source_task/user_name", json!("other"), "source.kafka.userName")]
#[case(KAFKA, "/source_task/topics_mapping", json!(""), "source.kafka.topicMappings")]
#[case(KAFKA, "/source_task/topics_mapping", json!("payments:x"), "source.kafka.topicMappings")]
#[case(KAFKA, "/source_task/task_num", json!(4), "source.kafka.taskCount")]
#[case(KAFKA, "/source_task/sync_consumer_offsets_enabled", json!(false), "source.kafka.syncConsumerOffsets")]
#[case(REDIS, "/source_task/redis_address", json!("10.1.4.11:6379"), "source.redis.addresses")]
#[case(REDIS, "/source_task/ratelimit", json!(-1), "source.redis.rateLimitKBps")]
#[case(REDIS, "/sink_task/redis_type", json!("cluster"), "sink.redis.type")]
#[case(REDIS, "/task_name", json!("another"), "name")]
fn it_differs(#[case] text: &str, #[case] pointer: &str, #[case] value: Value, #[case] path: &str) {
    let mut answer = shown(text);
    set(&mut answer, pointer, value);
    assert_eq!(paths(&wish(text), &seen(answer)), [path]);
}

/// What the user leaves to the service is not compared, whatever the service makes of it.
#[rstest]
#[case("currentClusterName", "current_cluster_name", json!("A"))]
#[case("clusterName", "cluster_name", json!("B"))]
#[case("securityProtocol", "security_protocol", json!("PLAINTEXT"))]
#[case("saslMechanism", "sasl_mechanism", json!("PLAIN"))]
#[case("syncConsumerOffsets", "sync_consumer_offsets_enabled", json!(true))]
#[case("renameTopic", "rename_topic_enabled", json!(true))]
#[case("provenanceHeader", "provenance_header_enabled", json!(true))]
fn what_is_left_to_the_service_agrees(#[case] field: &str, #[case] member: &str, #[case] value: Value) {
    let wish = wish_with(KAFKA, &format!("/source/kafka/{field}"), Value::Null);
    let mut answer = shown(KAFKA);
    set(&mut answer, &format!("/source_task/{member}"), value);
    assert_eq!(paths(&wish, &seen(answer)), Vec::<String>::new());
}

#[test]
fn a_peer_of_servers_has_no_instance() {
    let mut task = task_with(KAFKA, "/source/kafka/bootstrapServers", json!(["b:1", "a:1"]));
    task.spec
        .for_provider
        .source
        .as_mut()
        .unwrap()
        .kafka
        .as_mut()
        .unwrap()
        .instance_id = None;
    let wish = desired(&task).unwrap();
    let mut answer = echo(sent(&wish));
    set(&mut answer, "/source_task/bootstrap_servers", json!("a:1,b:1"));
    set(&mut answer, "/source_task/instance_id", json!(""));
    assert_eq!(paths(&wish, &seen(answer.clone())), Vec::<String>::new());
    set(&mut answer, "/source_task/bootstrap_servers", json!("a:1,c:1"));
    assert_eq!(paths(&wish, &seen(answer)), ["source.kafka.bootstrapServers"]);
}

#[test]
fn nobody_is_the_empty_user() {
    let mut task = task(KAFKA);
    let source = task.spec.for_provider.source.as_mut().unwrap();
    source.kafka.as_mut().unwrap().user_name = None;
    let wish = desired(&task).unwrap();
    let mut answer = echo(sent(&wish));
    assert_eq!(paths(&wish, &seen(answer.clone())), Vec::<String>::new());
    set(&mut answer, "/source_task/user_name", json!(""));
    assert_eq!(paths(&wish, &seen(answer.clone())), Vec::<String>::new());
    set(&mut answer, "/source_task/user_name", json!("somebody"));
    assert_eq!(paths(&wish, &seen(answer)), ["source.kafka.userName"]);
}

#[test]
fn a_null_delimiter_has_three_spellings() {
    let wish = wish_with(OBS, "/sink/obs/recordDelimiter", json!("NULL"));
    assert_eq!(sent(&wish)["sink_task"]["record_delimiter"], "NULL");
    let mut answer = echo(sent(&wish));
    for spelling in [json!("NULL"), json!(""), Value::Null] {
        set(&mut answer, "/sink_task/record_delimiter", spelling);
        assert_eq!(paths(&wish, &seen(answer.clone())), Vec::<String>::new());
    }
    remove(&mut answer, "/sink_task/record_delimiter");
    assert_eq!(paths(&wish, &seen(answer)), Vec::<String>::new());
}

#[test]
fn a_line_feed_is_sent_as_in_the_samples() {
    assert_eq!(sent(&wish(OBS))["sink_task"]["record_delimiter"], "\\n");
    let by_default = wish_with(OBS, "/sink/obs/recordDelimiter", Value::Null);
    assert_eq!(by_default.definition, wish(OBS).definition);
}

#[test]
fn a_misspelt_interval_is_read() {
    let mut answer = shown(OBS);
    remove(&mut answer, "/sink_task/deliver_time_interval");
    assert_eq!(paths(&wish(OBS), &seen(answer.clone())), Vec::<String>::new());
    set(&mut answer, "/sink_task/deliver_time_interva", json!(60));
    assert_eq!(
        paths(&wish(OBS), &seen(answer)),
        ["sink.obs.deliverIntervalSeconds"]
    );
}

#[test]
fn no_limit_is_the_vendors_minus_one() {
    let wish = wish_with(REDIS, "/source/redis/rateLimitKBps", Value::Null);
    assert_eq!(sent(&wish)["source_task"]["ratelimit"], -1);
}

#[test]
fn a_side_that_is_not_echoed_is_no_empty_definition() {
    for (text, pointer) in [
        (KAFKA, "/source_task"),
        (OBS, "/sink_task"),
        (REDIS, "/source_task"),
        (REDIS, "/sink_task"),
    ] {
        for nothing in [Value::Null, json!({})] {
            let mut answer = shown(text);
            set(&mut answer, pointer, nothing);
            assert_eq!(seen(answer).definition, None);
        }
    }
}

#[test]
fn an_unknown_kind_of_task_needs_a_replacement() {
    let mut answer = shown(OBS);
    set(&mut answer, "/sink_type", json!("TOMORROW_SINK"));
    let seen = seen(answer);
    assert!(paths(&wish(OBS), &seen).contains(&"sink.obs.bucket".to_owned()));
}

#[test]
fn a_task_without_id_is_none() {
    let mut answer = shown(OBS);
    remove(&mut answer, "/id");
    assert!(observed("i", serde_json::from_value(answer).unwrap()).is_none());
}
