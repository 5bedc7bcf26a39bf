//! What create and validate refuse, and the switches that say otherwise.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{AK, SK, Sim, but};
use crate::{NOBODY, PLAIN, SITE_A, SITE_B, archive, mirror, no, relay, told};

async fn create(sim: &Sim, body: &Value) -> (u16, String) {
    told(&sim.sc(Method::POST, "", body).await)
}

#[tokio::test]
async fn wrong_members_of_an_archive_are_refused() {
    let sim = Sim::start();
    let good = archive("archive");
    let cases = [
        ("/nonsense", json!(1)),
        ("/task_name", Value::Null),
        ("/task_name", json!("abc")),
        ("/task_name", json!("with space")),
        ("/task_name", json!("a".repeat(65))),
        ("/start_later", json!("true")),
        ("/topics", json!(["orders"])),
        ("/topics", json!("orders, payments")),
        ("/topics", json!("orders,,payments")),
        ("/topics", Value::Null),
        ("/topics_regex", json!("orders.*")),
        ("/source_type", json!("KAFKA")),
        ("/source_type", json!("KAFKA_REPLICATOR_SOURCE")),
        ("/source_task", json!({"direction": "pull"})),
        ("/sink_type", Value::Null),
        ("/sink_type", json!("REDIS_REPLICATOR_SINK")),
        ("/sink_task", Value::Null),
        ("/sink_task/nonsense", json!(1)),
        ("/sink_task/obs_bucket_name", Value::Null),
        ("/sink_task/partition_format", Value::Null),
        ("/sink_task/partition_format", json!("yyyy-MM")),
        ("/sink_task/access_key", Value::Null),
        ("/sink_task/secret_key", json!("")),
        ("/sink_task/deliver_time_interval", json!(29)),
        ("/sink_task/deliver_time_interval", json!(901)),
        ("/sink_task/deliver_time_interval", json!("300")),
        ("/sink_task/destination_file_type", json!("text")),
        ("/sink_task/obs_path", json!("a b")),
        ("/sink_task/obs_path", json!("a".repeat(65))),
        ("/sink_task/record_delimiter", json!("#")),
        ("/sink_task/consumer_strategy", json!("newest")),
    ];
    for (pointer, value) in cases {
        let told = create(&sim, &but(good.clone(), pointer, value.clone())).await;
        assert_eq!(told, no(400, "DMS.00400800"), "{pointer} {value}");
    }
    let all = but(
        but(good.clone(), "/topics", Value::Null),
        "/topics_regex",
        json!(".*"),
    );
    assert_eq!(create(&sim, &all).await, no(400, "DMS.00400800"));
    assert_eq!(create(&sim, &good).await.0, 200);
}

#[tokio::test]
async fn wrong_members_of_a_mirror_are_refused() {
    let sim = Sim::start();
    let good = mirror("mirror");
    let cases = [
        ("/source_task/cluster_name", json!("dc1"), "DMS.00400800"),
        ("/source_task/cluster_name", json!("a".repeat(21)), "DMS.00400800"),
        ("/source_task/current_cluster_name", json!("dc 1"), "DMS.00400800"),
        ("/source_task/direction", json!("both"), "DMS.00400800"),
        ("/source_task/replication_factor", json!(0), "DMS.00400800"),
        ("/source_task/replication_factor", json!("3"), "DMS.00400800"),
        ("/source_task/replication_factor", json!(4), "DMS.00400861"),
        ("/source_task/task_num", json!(0), "DMS.00400800"),
        ("/source_task/task_num", json!(1001), "DMS.00400800"),
        ("/source_task/compression_type", json!("lzma"), "DMS.00400800"),
        ("/source_task/topics_mapping", json!("payments"), "DMS.00400800"),
        ("/source_task/topics_mapping", json!("orders:o"), "DMS.00400800"),
        ("/source_task/bootstrap_servers", json!("h:9092"), "DMS.40001016"),
        ("/source_task/instance_id", Value::Null, "DMS.40001016"),
        ("/source_task/instance_id", json!(SITE_A), "DMS.40001016"),
        ("/source_task/user_name", Value::Null, "DMS.40001016"),
        ("/source_task/password", json!(""), "DMS.40001016"),
        ("/source_task/sasl_mechanism", Value::Null, "DMS.40001016"),
        ("/source_task/nonsense", json!(1), "DMS.00400800"),
        ("/source_task", Value::Null, "DMS.00400800"),
        ("/topics", json!("nowhere"), "DMS.00400876"),
        ("/topics", Value::Null, "DMS.00400800"),
    ];
    for (pointer, value, code) in cases {
        let told = create(&sim, &but(good.clone(), pointer, value.clone())).await;
        assert_eq!(told, no(400, code), "{pointer} {value}");
    }
    let by_address = but(good.clone(), "/source_task/instance_id", Value::Null);
    for servers in ["host", "host:", "host:99999", "host:9092,"] {
        let body = but(
            by_address.clone(),
            "/source_task/bootstrap_servers",
            json!(servers),
        );
        assert_eq!(create(&sim, &body).await, no(400, "DMS.40001016"), "{servers}");
    }
    let renamed = but(good.clone(), "/source_task/rename_topic_enabled", json!(true));
    let both = but(
        renamed,
        "/source_task/topics_mapping",
        json!("payments:payments-2"),
    );
    assert_eq!(create(&sim, &both).await, no(400, "DMS.00400800"));
    assert_eq!(create(&sim, &good).await.0, 200);
}

#[tokio::test]
async fn a_mapping_stands_alone_or_with_its_topics() {
    let sim = Sim::start();
    let mapped = but(
        mirror("mapped"),
        "/source_task/topics_mapping",
        json!("payments:payments-copy"),
    );
    assert_eq!(create(&sim, &mapped).await.0, 200);
    let alone = but(but(mapped, "/topics", Value::Null), "/task_name", json!("alone"));
    let answer = sim.sc(Method::POST, "", &alone).await.json();
    assert_eq!(answer["source_task"]["topics_mapping"], "payments:payments-copy");
    assert!(answer.get("topics").is_none());
    let pairs: Vec<String> = (0..21).map(|n| format!("payments:p{n}")).collect();
    let many = but(alone, "/source_task/topics_mapping", json!(pairs.join(",")));
    assert_eq!(
        create(&sim, &but(many, "/task_name", json!("many"))).await,
        no(400, "DMS.00400800")
    );
}

#[tokio::test]
async fn topics_are_looked_for_where_they_are_read() {
    let sim = Sim::start();
    let mut world = sim.admin(Method::GET, "/world", &Value::Null).await;
    let mut instances = world["kafka"]["instances"].take();
    instances[0]["topics"] = json!(["here"]);
    instances[1]["topics"] = json!(["there"]);
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"kafka": {"instances": instances}}),
    )
    .await;
    for (direction, topic, status) in [
        ("pull", "there", 200),
        ("pull", "here", 400),
        ("push", "here", 200),
        ("push", "there", 400),
        ("two-way", "here", 200),
        ("two-way", "there", 200),
        ("two-way", "elsewhere", 400),
    ] {
        let name = format!("{direction}-{topic}");
        let body = but(mirror(&name), "/source_task/direction", json!(direction));
        let told = create(&sim, &but(body, "/topics", json!(topic))).await;
        assert_eq!(told.0, status, "{name}");
        if status == 400 {
            assert_eq!(told.1, "DMS.00400876", "{name}");
        }
    }
    let body = but(archive("archive"), "/topics", json!("there"));
    assert_eq!(create(&sim, &body).await, no(400, "DMS.00400876"));
}

#[tokio::test]
async fn wrong_members_of_a_relay_are_refused() {
    let sim = Sim::start();
    let good = relay("redis");
    let cases = [
        ("/sink_type", json!("OBS_SINK")),
        ("/sink_type", Value::Null),
        ("/sink_task", Value::Null),
        ("/topics", Value::Null),
        ("/source_task/redis_address", Value::Null),
        ("/source_task/redis_address", json!("10.1.0.5")),
        ("/source_task/sync_mode", json!("ALL")),
        ("/source_task/ratelimit", json!(-2)),
        ("/source_task/full_sync_max_retry", json!(-1)),
        ("/source_task/full_sync_wait_ms", json!(2_147_483_648_i64)),
    ];
    for (pointer, value) in cases {
        let told = create(&sim, &but(good.clone(), pointer, value.clone())).await;
        assert_eq!(told, no(400, "DMS.00400800"), "{pointer} {value}");
    }
    assert_eq!(create(&sim, &good).await.0, 200);
    let shared = but(archive("archive"), "/topics", json!("shipments"));
    assert_eq!(create(&sim, &shared).await, no(400, "DMS.00400874"));
}

#[tokio::test]
async fn a_name_is_used_once_per_instance() {
    let sim = Sim::start();
    sim.made(&mirror("same")).await;
    assert_eq!(create(&sim, &archive("same")).await, no(400, "DMS.00400867"));
    let other = but(mirror("same"), "/source_task/instance_id", json!(SITE_A));
    let answer = sim.on(SITE_B, Method::POST, "/connector/tasks", &other).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn the_nineteenth_task_is_over_the_quota() {
    let sim = Sim::start();
    let mut first = String::new();
    for n in 0..18 {
        first = sim.made(&mirror(&format!("task-{n:02}"))).await;
    }
    assert_eq!(create(&sim, &mirror("over")).await, no(404, "DMS.00404029"));
    sim.sc(Method::DELETE, &format!("/{first}"), &Value::Null).await;
    assert_eq!(create(&sim, &mirror("over")).await.0, 200);
}

#[tokio::test]
async fn the_key_of_an_archive_is_tried() {
    let sim = Sim::start();
    let wrong = but(archive("archive"), "/sink_task/secret_key", json!("wrong"));
    assert_eq!(create(&sim, &wrong).await, no(400, "DMS.00500960"));
    let by_agency = but(
        but(
            but(wrong.clone(), "/sink_task/secret_key", Value::Null),
            "/sink_task/access_key",
            Value::Null,
        ),
        "/sink_task/agency_name",
        json!("dms_agency"),
    );
    let answer = sim.sc(Method::POST, "", &by_agency).await.json();
    assert_eq!(answer["sink_task"]["agency_name"], "dms_agency");
    let lax = Sim::with(&json!({"switches": {"dms": {"checkObsKeys": false}}}));
    assert_eq!(create(&lax, &wrong).await.0, 200);
}

#[tokio::test]
async fn strictness_is_a_switch() {
    let loops = but(
        mirror("loops"),
        "/source_task/provenance_header_enabled",
        json!(false),
    );
    let bare = but(mirror("bare-one"), "/source_task/direction", Value::Null);
    let unknown = but(mirror("unknown"), "/source_task/instance_id", json!(NOBODY));
    let wrong = but(mirror("wrong"), "/source_task/password", json!("wrong"));
    let cases = [
        ("strictTwoWay", json!(true), loops, "DMS.00400800"),
        ("omittedMandatory", json!("refuse"), bare, "DMS.00400800"),
        ("peersMustBeKnown", json!(true), unknown, "DMS.40001016"),
        ("createVerifiesPeer", json!(true), wrong, "DMS.00400870"),
        ("strictRedisTypes", json!(true), relay("redis"), "DMS.00400875"),
        ("redisTasks", json!(false), relay("redis"), "DMS.00400800"),
        (
            "redisTypes",
            json!(["standalone"]),
            relay("redis"),
            "DMS.00400800",
        ),
        ("maxTopics", json!(1), archive("archive"), "DMS.00400800"),
    ];
    let sim = Sim::start();
    for (switch, value, body, code) in cases {
        let defaults =
            sim.admin(Method::GET, "/world", &Value::Null).await["switches"]["dms"][switch].clone();
        let set = async |value: &Value| {
            let patch = json!({"switches": {"dms": {switch: value}}});
            sim.admin(Method::PATCH, "/world", &patch).await;
        };
        set(&value).await;
        assert_eq!(create(&sim, &body).await, no(400, code), "{switch}");
        set(&defaults).await;
        assert_eq!(create(&sim, &body).await.0, 200, "{switch}");
        sim.admin(Method::POST, "/reset", &Value::Null).await;
    }
}

#[tokio::test]
async fn a_topic_may_be_in_several_tasks_unless_the_switch_is_on() {
    let sim = Sim::start();
    sim.made(&archive("first")).await;
    assert_eq!(create(&sim, &archive("second")).await.0, 200);
    let patch = json!({"switches": {"dms": {"strictTopics": true}}});
    sim.admin(Method::PATCH, "/world", &patch).await;
    assert_eq!(create(&sim, &archive("third")).await, no(400, "DMS.00400874"));
}

#[tokio::test]
async fn codes_are_switches() {
    let sim = Sim::with(&json!({"switches": {"dms": {"codes": {
        "duplicateName": {"status": 409, "code": "DMS.1"}, "unknownTask": {"status": 404, "code": "DMS.2"}}}}}));
    sim.made(&mirror("same")).await;
    assert_eq!(create(&sim, &mirror("same")).await, no(409, "DMS.1"));
    let unknown = sim.sc(Method::GET, &format!("/{NOBODY}"), &Value::Null).await;
    assert_eq!(told(&unknown), no(404, "DMS.2"));
}

#[tokio::test]
async fn a_peer_is_tried_before_there_is_a_task() {
    let sim = Sim::start();
    let good = json!({"type": "KAFKA_REPLICATOR_SOURCE", "task": mirror("x")["source_task"]});
    let ask = async |body: &Value| {
        let answer = sim.on(SITE_A, Method::POST, "/connector/validate", body).await;
        (answer.status.as_u16(), answer.text)
    };
    assert_eq!(ask(&good).await, (204, String::new()));
    for (pointer, value, code) in [
        ("/task/password", json!("wrong"), "DMS.00400870"),
        ("/task/instance_id", Value::Null, "DMS.40001016"),
        ("/task/nonsense", json!(1), "DMS.00400800"),
        ("/task", Value::Null, "DMS.40001016"),
        ("/type", Value::Null, "DMS.00400800"),
        ("/type", json!("REDIS"), "DMS.00400800"),
    ] {
        let (status, text) = ask(&but(good.clone(), pointer, value)).await;
        assert_eq!(status, 400, "{pointer}");
        assert!(text.contains(code), "{pointer}: {text}");
    }
    let obs = json!({"type": "OBS_SINK", "task": {"access_key": AK, "secret_key": "wrong", "obs_bucket_name": "b"}});
    assert!(ask(&obs).await.1.contains("DMS.00400870"));
    assert_eq!(ask(&but(obs, "/task/secret_key", json!(SK))).await.0, 204);
    let mut world = sim.admin(Method::GET, "/world", &Value::Null).await;
    let mut instances = world["kafka"]["instances"].take();
    instances[1]["reachable"] = json!(false);
    let patch = json!({"kafka": {"instances": instances}, "switches": {"dms": {"validateStatus": 200}}});
    sim.admin(Method::PATCH, "/world", &patch).await;
    assert!(ask(&good).await.1.contains("DMS.00400870"));
    let elsewhere = but(good, "/task/instance_id", json!(PLAIN));
    assert_eq!(ask(&elsewhere).await, (200, "{}".to_owned()));
    let off = sim
        .on(PLAIN, Method::POST, "/connector/validate", &elsewhere)
        .await;
    assert_eq!(told(&off), no(404, "DMS.00404024"));
    assert_eq!(
        sim.sc(Method::GET, "", &Value::Null).await.json()["total_number"],
        0
    );
}
