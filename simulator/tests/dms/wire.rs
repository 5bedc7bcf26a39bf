//! Paths, answers, paging and what answers never hold.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{AK, PROJECT, SK, Sim, but, send};
use crate::{NOBODY, PLAIN, SITE_A, SITE_B, archive, mirror, no, relay, told};

#[tokio::test]
async fn an_archive_is_answered_as_on_the_page() {
    let sim = Sim::start();
    sim.stopped_clock().await;
    let mut answer = sim.sc(Method::POST, "", &archive("orders-archive")).await.json();
    let members = answer.as_object_mut().unwrap();
    let id = members.remove("id").unwrap();
    assert_eq!(id.as_str().unwrap().len(), 36);
    assert!(members.remove("create_time").unwrap().as_i64().unwrap() > 1_700_000_000_000);
    let expected = json!({
        "task_name": "orders-archive",
        "topics": "orders,payments",
        "source_task": null,
        "source_type": "NONE",
        "sink_task": {
            "consumer_strategy": "earliest",
            "destination_file_type": "TEXT",
            "obs_bucket_name": "archive-bkt",
            "obs_path": "kafka/orders",
            "partition_format": "yyyy/MM/dd/HH",
            "record_delimiter": ";",
            "deliver_time_interval": 300,
            "obs_part_size": 5_242_880,
            "flush_size": 1_000_000,
            "timezone": "Asia/Chongqing",
            "schema_generator_class": "io.confluent.connect.storage.hive.schema.DefaultSchemaGenerator",
            "partitioner_class": "io.confluent.connect.storage.partitioner.TimeBasedPartitioner",
            "value_converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
            "key_converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
            "store_keys": false,
            "kv_delimiter": ":"
        },
        "sink_type": "OBS_SINK",
        "status": "CREATING"
    });
    assert_eq!(answer, expected);
    let mut shown = sim.entity(id.as_str().unwrap()).await;
    let members = shown.as_object_mut().unwrap();
    members.remove("id");
    members.remove("create_time");
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn a_mirror_is_answered_with_all_sixteen_members_and_the_address_of_its_peer() {
    let sim = Sim::start();
    let answer = sim.sc(Method::POST, "", &mirror("dc1-dc2-mirror")).await.json();
    assert_eq!(answer["status"], "WAITING");
    assert_eq!(
        (answer["sink_type"].as_str(), &answer["sink_task"]),
        (Some("NONE"), &Value::Null)
    );
    assert!(answer.get("start_later").is_none() && answer.get("topics_regex").is_none());
    let source = json!({
        "current_cluster_name": "dc1", "cluster_name": "dc2", "user_name": "replicator",
        "sasl_mechanism": "SCRAM-SHA-512", "instance_id": SITE_B,
        "bootstrap_servers": "10.2.0.11:9092,10.2.0.12:9092,10.2.0.13:9092",
        "security_protocol": "SASL_SSL", "direction": "two-way", "sync_consumer_offsets_enabled": false,
        "replication_factor": 3, "task_num": 2, "rename_topic_enabled": false,
        "provenance_header_enabled": true, "consumer_strategy": "latest", "compression_type": "lz4",
        "topics_mapping": ""
    });
    assert_eq!(answer["source_task"], source);
}

#[tokio::test]
async fn what_a_mirror_leaves_out_is_filled() {
    let sim = Sim::start();
    let body = json!({
        "task_name": "bare", "topics_regex": "orders.*", "source_type": "KAFKA_REPLICATOR_SOURCE",
        "source_task": {"bootstrap_servers": "10.9.0.1:9092,10.9.0.2:9092"}
    });
    let answer = sim.sc(Method::POST, "", &body).await.json();
    assert_eq!(answer["topics_regex"], "orders.*");
    assert!(answer.get("topics").is_none());
    assert_eq!(
        answer["source_task"],
        json!({
            "current_cluster_name": "A", "cluster_name": "B", "user_name": "", "sasl_mechanism": "PLAIN",
            "instance_id": "", "bootstrap_servers": "10.9.0.1:9092,10.9.0.2:9092",
            "security_protocol": "PLAINTEXT", "direction": "pull", "sync_consumer_offsets_enabled": false,
            "replication_factor": 3, "task_num": 2, "rename_topic_enabled": false,
            "provenance_header_enabled": false, "consumer_strategy": "latest", "compression_type": "none",
            "topics_mapping": ""
        })
    );
}

#[tokio::test]
async fn a_protocol_that_is_left_out_is_derived_from_the_user() {
    let sim = Sim::start();
    let body = but(mirror("derived"), "/source_task/security_protocol", Value::Null);
    let answer = sim.sc(Method::POST, "", &body).await.json();
    assert_eq!(answer["source_task"]["security_protocol"], "SASL_SSL");
}

#[tokio::test]
async fn a_relay_is_answered_with_both_sides() {
    let sim = Sim::start();
    let answer = sim.sc(Method::POST, "", &relay("redis")).await.json();
    let invented = answer["source_task"]["dcs_instance_id"].clone();
    assert_eq!(invented.as_str().unwrap().len(), 36);
    assert_eq!(
        answer["source_task"],
        json!({
            "redis_address": "10.1.0.5:6379,10.1.0.6:6379", "redis_type": "cluster", "dcs_instance_id": invented,
            "sync_mode": "RDB_ONLY", "full_sync_wait_ms": 13000, "full_sync_max_retry": 4, "ratelimit": 100
        })
    );
    assert_eq!(answer["sink_task"]["target_db"], -1);
    assert_eq!(answer["sink_type"], "REDIS_REPLICATOR_SINK");
}

#[tokio::test]
async fn no_answer_holds_a_secret() {
    let sim = Sim::start();
    for body in [archive("archive"), mirror("mirror"), relay("relay")] {
        let made = sim.sc(Method::POST, "", &body).await;
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let shown = sim.sc(Method::GET, &format!("/{id}"), &Value::Null).await;
        let listed = sim.sc(Method::GET, "?limit=50", &Value::Null).await;
        let held = sim.held(&id).await.to_string();
        for text in [&made.text, &shown.text, &listed.text, &held] {
            for secret in [AK, SK, "Replicator@Sim2026", "secret-of-the"] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
        }
        for text in [made.text, shown.text, listed.text] {
            for name in ["password", "access_key", "secret_key", "start_later"] {
                assert!(!text.contains(name), "{name}: {text}");
            }
        }
    }
    let log = std::fs::read_to_string(sim.log_file()).unwrap();
    assert!(!log.contains(SK) && !log.contains("Replicator@Sim2026") && !log.contains("secret-of-the"));
}

#[tokio::test]
async fn the_foreign_view_holds_digests_of_secrets() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    let digests = sim.held(&id).await["secretSha256"].clone();
    let digest = digests["source_task.password"].as_str().unwrap();
    assert_eq!(digest, {
        use sha2::Digest as _;
        hex::encode(sha2::Sha256::digest("Replicator@Sim2026"))
    });
}

#[tokio::test]
async fn delete_and_acts_are_answered_204_and_nothing_else() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    for act in ["restart", "pause", "resume", "plain restart"] {
        let answer = sim.put(&id, act).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""), "{act}");
        assert!(!answer.headers.contains_key("content-type"), "{act}: {answer:?}");
        assert!(answer.headers.contains_key("x-request-id"));
    }
    let gone = sim.sc(Method::DELETE, &format!("/{id}"), &Value::Null).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
    let shown = sim.sc(Method::GET, &format!("/{id}"), &Value::Null).await;
    assert_eq!(told(&shown), no(404, "DMS.00404026"));
    assert_eq!(
        shown.json(),
        json!({"error_code": "DMS.00404026", "error_msg": "Smart Connect task not found."})
    );
    let log = sim.requests().await;
    let acts: Vec<_> = log
        .iter()
        .filter_map(|entry| entry["effect"]["act"].as_str())
        .collect();
    assert_eq!(acts, ["create", "start", "pause", "resume", "restart", "delete"]);
    assert_eq!(log[1]["operation"], "RestartConnectorTask");
    assert_eq!(log[4]["operation"], "RestartSmartConnectorTask");
    assert_eq!(log[1]["service"], "dms");
}

#[tokio::test]
async fn lists_are_paged_by_rows_the_youngest_first() {
    let sim = Sim::start();
    for n in 0..12 {
        sim.made(&mirror(&format!("task-{n:02}"))).await;
    }
    let page = async |query: &str| sim.sc(Method::GET, query, &Value::Null).await;
    let first = page("").await.json();
    assert_eq!(first["tasks"].as_array().unwrap().len(), 10);
    assert_eq!(
        (&first["total_number"], &first["max_tasks"], &first["quota_tasks"]),
        (&json!(12), &json!(18), &json!(18))
    );
    let all = page("?offset=0&limit=50").await.json();
    let times: Vec<i64> = all["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["create_time"].as_i64().unwrap())
        .collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let names = |answer: &Value| -> Vec<String> {
        let tasks = answer["tasks"].as_array().unwrap();
        tasks
            .iter()
            .map(|task| task["task_name"].as_str().unwrap().to_owned())
            .collect()
    };
    let second = page("?offset=10&limit=10").await.json();
    assert_eq!([names(&first), names(&second)].concat(), names(&all));
    assert_eq!(
        all["tasks"][3],
        page("?offset=3&limit=1").await.json()["tasks"][0]
    );
    let past = page("?offset=12").await;
    assert_eq!((past.status.as_u16(), names(&past.json()).len()), (200, 0));
    for query in ["?limit=0", "?limit=51", "?offset=-1", "?limit=x"] {
        assert_eq!(told(&page(query).await), no(400, "DMS.00400800"), "{query}");
    }
}

#[tokio::test]
async fn paging_and_the_unused_side_are_switches() {
    let sim = Sim::with(&json!({"switches": {"dms": {
        "offsetPastTotal": "refuse", "listOrder": "oldestFirst", "unusedSide": "object", "defaultLimit": 1,
        "oddities": {"misspeltInterval": true, "numbersAsText": true, "trailingComma": true, "legacyClasses": true}}}}));
    let old = sim.made(&archive("older")).await;
    // Lists go by milliseconds.
    sim.admin(
        Method::PATCH,
        &format!("/jobs/dms/{old}"),
        &json!({"create_time": 1_700_000_000_000_i64}),
    )
    .await;
    sim.made(&mirror("younger")).await;
    let list = sim.sc(Method::GET, "", &Value::Null).await.json();
    assert_eq!(list["tasks"].as_array().unwrap().len(), 1);
    let row = &list["tasks"][0];
    assert_eq!(row["task_name"], "older");
    assert_eq!(row["source_task"], json!({}));
    assert_eq!(row["sink_task"]["deliver_time_interva"], 300);
    assert!(row["sink_task"]["connector_class"].is_string());
    assert_eq!(sim.entity(&old).await["sink_task"]["deliver_time_interval"], 300);
    let younger = sim.sc(Method::GET, "?offset=1", &Value::Null).await.json();
    assert_eq!(younger["tasks"][0]["source_task"]["task_num"], "2");
    let past = sim.sc(Method::GET, "?offset=2", &Value::Null).await;
    assert_eq!(told(&past), no(400, "DMS.40050010"));
    let relay = sim.made(&relay("redis")).await;
    assert_eq!(sim.entity(&relay).await["source_task"]["sync_mode"], "RDB_ONLY,");
}

#[tokio::test]
async fn a_line_feed_is_answered_as_the_switch_says() {
    for (switch, given, answered) in [
        ("asGiven", json!("\n"), "\n"),
        ("asGiven", json!("\\n"), "\\n"),
        ("asGiven", Value::Null, "\\n"),
        ("escaped", json!("\n"), "\\n"),
        ("lineFeed", json!("\\n"), "\n"),
        ("lineFeed", json!("NULL"), "NULL"),
    ] {
        let sim = Sim::with(&json!({"switches": {"dms": {"newlineEcho": switch}}}));
        let body = but(archive("archive"), "/sink_task/record_delimiter", given);
        let answer = sim.sc(Method::POST, "", &body).await.json();
        assert_eq!(answer["sink_task"]["record_delimiter"], answered, "{switch}");
    }
}

#[tokio::test]
async fn instances_tell_whether_smart_connect_is_on() {
    let sim = Sim::start();
    let on = sim.on(SITE_A, Method::GET, "", &Value::Null).await.json();
    assert_eq!(
        (&on["status"], &on["connector_enable"], &on["connector_node_num"]),
        (&json!("RUNNING"), &json!(true), &json!(2))
    );
    assert_eq!(on["connector_id"].as_str().unwrap().len(), 36);
    let off = sim.on(PLAIN, Method::GET, "", &Value::Null).await.json();
    assert_eq!(
        (
            &off["connector_enable"],
            &off["connector_id"],
            &off["connector_node_num"]
        ),
        (&json!(false), &json!(""), &json!(0))
    );
    let none = sim.on(NOBODY, Method::GET, "", &Value::Null).await;
    assert_eq!(told(&none), no(404, "DMS.00404022"));
}

#[tokio::test]
async fn ids_bodies_and_instances_have_their_own_refusals() {
    let sim = Sim::start();
    let tasks = "/connector/tasks";
    let get = async |instance: &str, rest: &str| {
        let answer = sim
            .on(instance, Method::GET, &format!("{tasks}{rest}"), &Value::Null)
            .await;
        told(&answer)
    };
    assert_eq!(get("not-an-id", "").await, no(400, "DMS.00400030"));
    assert_eq!(get(SITE_A, "/not-an-id").await, no(400, "DMS.00400070"));
    assert_eq!(get(NOBODY, "").await, no(404, "DMS.00404022"));
    assert_eq!(get(PLAIN, "").await, no(404, "DMS.00404024"));
    assert_eq!(get(SITE_A, &format!("/{NOBODY}")).await, no(404, "DMS.00404026"));
    let target = format!("/v2/{PROJECT}/instances/{SITE_A}{tasks}");
    for (body, code) in [
        ("", "DMS.00400004"),
        ("{", "DMS.00400005"),
        ("[]", "DMS.00400800"),
    ] {
        let answer = send(sim.signed(&Method::POST, &target, body)).await.unwrap();
        assert_eq!(told(&answer), no(400, code), "{body}");
    }
    let other = sim.sc(Method::PATCH, "", &Value::Null).await;
    assert_eq!(told(&other), no(404, "APIGW.0101"));
}

#[tokio::test]
async fn a_busy_instance_refuses_and_reads_are_a_switch() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    let mut world = sim.admin(Method::GET, "/world", &Value::Null).await;
    let mut instances = world["kafka"]["instances"].take();
    instances[0]["status"] = json!("EXTENDING");
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"kafka": {"instances": instances}}),
    )
    .await;
    let list = async || told(&sim.sc(Method::GET, "", &Value::Null).await);
    assert_eq!(told(&sim.put(&id, "restart").await), no(400, "DMS.00400026"));
    assert_eq!(list().await, no(400, "DMS.00400026"));
    sim.admin(
        Method::PATCH,
        "/world",
        &json!({"switches": {"dms": {"readsNeedRunning": false}}}),
    )
    .await;
    assert_eq!(list().await.0, 200);
    assert_eq!(told(&sim.put(&id, "restart").await), no(400, "DMS.00400026"));
    assert_eq!(
        sim.on(SITE_A, Method::GET, "", &Value::Null).await.json()["status"],
        "EXTENDING"
    );
}
