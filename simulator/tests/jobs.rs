//! Event-router jobs: every endpoint, its body, its refusals.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Sim, but, dcs_job, job, rocketmq_job};
use reqwest::Method;
use serde_json::{Value, json};

async fn refused(sim: &Sim, body: &Value, says: &str) {
    let answer = sim.eg(Method::POST, "/jobs", body).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (400, "EG.00513000"),
        "{says}: {answer:?}"
    );
    assert!(answer.text.contains(says), "{says}: {}", answer.text);
}

#[tokio::test]
async fn a_created_job_is_answered_as_in_the_sample() {
    let sim = Sim::start();
    let answer = sim
        .eg(Method::POST, "/jobs", &job("eventRoute-qapbtr95"))
        .await
        .json();
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    let sample = [
        "advance_config",
        "cluster_id",
        "created_time",
        "description",
        "err_code",
        "err_message",
        "job_id",
        "name",
        "scene_type",
        "sink_config",
        "sink_type",
        "source_config",
        "source_type",
        "status",
        "subnet_id",
        "updated_time",
        "vpc_id",
    ];
    assert_eq!(keys, sample);
    assert_eq!(answer["status"], "CREATING");
    assert_eq!(answer["source_config"], Value::Null);
    assert_eq!(answer["created_time"].as_str().unwrap().len(), 20);
}

#[tokio::test]
async fn a_shown_job_holds_its_configurations_and_no_password() {
    let sim = Sim::start();
    let id = sim.create("a").await;
    let shown = sim.show(&id).await.json();
    assert_eq!(shown["source_config"], job("a")["source_config"]);
    assert_eq!(
        shown["advance_config"]["kafka2kafka"],
        job("a")["advance_config"]["kafka2kafka"]
    );
    assert_eq!(shown["advance_config"]["dcs2dcs"], Value::Null);
    assert_eq!(shown["source_status"], "UNDEFINED");
    assert!(shown.get("source_status_info").is_none());
    let id = sim.eg(Method::POST, "/jobs", &rocketmq_job("b")).await.json()["job_id"].clone();
    let shown = sim.show(id.as_str().unwrap()).await;
    assert_eq!(
        shown.json()["source_config"]["source_rocketmq"]["password"],
        Value::Null
    );
    assert_eq!(shown.json()["source_type"], "ROCKETMQ");
    assert!(!shown.text.contains("secret-of-rocketmq"));
    let held = sim
        .admin(
            Method::GET,
            &format!("/jobs/eventgrid/{}", id.as_str().unwrap()),
            &Value::Null,
        )
        .await;
    let end = &held["source_config"]["source_rocketmq"];
    assert_eq!(end["passwordSet"], true);
    assert_eq!(end["passwordSha256"].as_str().unwrap().len(), 64);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn wrong_bodies_are_refused_with_the_field_named() {
    let sim = Sim::start();
    let good = job("a");
    let kafka = "/source_config/source_kafka";
    let advance = "/advance_config/kafka2kafka";
    let cases = [
        ("/nonsense", json!(1), "unknown field nonsense"),
        (
            &format!("{kafka}/nonsense"),
            json!(1),
            "unknown field source_config.source_kafka.nonsense",
        ),
        ("/name", Value::Null, "name is mandatory"),
        ("/name", json!("-a"), "name is not a valid name"),
        ("/name", json!("a".repeat(129)), "name is not a valid name"),
        ("/description", json!("é".repeat(257)), "description can contain"),
        ("/scene_type", json!("MIGRATION"), "scene_type must be one of"),
        (
            &format!("{kafka}/instance_id"),
            json!(""),
            "source_config.source_kafka.instance_id is mandatory",
        ),
        (
            &format!("{kafka}/cluster_alias"),
            json!(""),
            "cluster_alias is mandatory",
        ),
        (
            &format!("{kafka}/authenticate_mode"),
            json!("SASL_SSL"),
            "user_name is mandatory",
        ),
        (
            &format!("{kafka}/config_type"),
            json!("ELSE"),
            "config_type must be one of",
        ),
        (
            "/sink_config/sink_kafka/config_type",
            json!("ADDRESS"),
            "must be CLOUD",
        ),
        (
            &format!("{advance}/replica_cnt"),
            json!(0),
            "replica_cnt must be from 1",
        ),
        (
            &format!("{advance}/replica_cnt"),
            json!("1"),
            "replica_cnt must be an integer",
        ),
        (
            &format!("{advance}/seek_to"),
            json!("first"),
            "seek_to must be one of",
        ),
        (
            &format!("{advance}/compress_alg"),
            json!("brotli"),
            "compress_alg must be one of",
        ),
        (
            &format!("{advance}/topic_regex"),
            json!(".*"),
            "exactly one of topics and topic_regex",
        ),
        (
            &format!("{advance}/topics"),
            json!(""),
            "exactly one of topics and topic_regex",
        ),
        (
            &format!("{advance}/is_sync_progress"),
            json!("true"),
            "is_sync_progress must be a boolean",
        ),
        ("/source_config", Value::Null, "source_config is mandatory"),
        (
            "/source_config/source_dcs",
            json!({"config_type": "CLOUD", "region": "r", "project_id": "p"}),
            "exactly one of",
        ),
        (
            "/source_config",
            json!([{"source_kafka": {}}]),
            "source_config must be an object",
        ),
    ];
    for (pointer, value, says) in cases {
        refused(&sim, &but(good.clone(), pointer, value), says).await;
    }
    let renamed = but(good.clone(), &format!("{advance}/rename_topic"), json!(true));
    let both = but(
        renamed,
        &format!("{advance}/topic_mappings"),
        json!([{"source_topic": "a", "sink_topic": "b"}]),
    );
    refused(&sim, &both, "exclude each other").await;
    let known = but(
        good,
        "/sink_config/sink_kafka/instance_id",
        json!("f0a7c6d5-2b18-4f3a-9d4e-6c5b4a392817"),
    );
    refused(
        &sim,
        &but(known, &format!("{advance}/replica_cnt"), json!(4)),
        "number of brokers, 3",
    )
    .await;
    assert_eq!(sim.total().await, 0);
}

#[tokio::test]
async fn rocketmq_and_dcs_have_rules_of_their_own() {
    let sim = Sim::start();
    let mq = rocketmq_job("a");
    let end = "/source_config/source_rocketmq";
    refused(
        &sim,
        &but(mq.clone(), &format!("{end}/ssl_open"), json!(true)),
        "ssl_open must be a string",
    )
    .await;
    refused(
        &sim,
        &but(mq.clone(), &format!("{end}/acl_open"), json!("true")),
        "acl_open must be a boolean",
    )
    .await;
    refused(
        &sim,
        &but(mq.clone(), &format!("{end}/password"), Value::Null),
        "password is mandatory",
    )
    .await;
    let advance = "/advance_config/rocketmq2rocketmq";
    refused(
        &sim,
        &but(mq.clone(), &format!("{advance}/compress_alg"), json!("snappy")),
        "compress_alg",
    )
    .await;
    refused(
        &sim,
        &but(mq.clone(), &format!("{advance}/seek_to"), json!("earliest")),
        "seek_to must be",
    )
    .await;
    refused(
        &sim,
        &but(mq, "/cluster_id", json!(common::KAFKA)),
        "does not match the type of the cluster",
    )
    .await;
    let dcs = dcs_job("b");
    refused(
        &sim,
        &but(dcs.clone(), "/advance_config/dcs2dcs/rate_limit", json!(5)),
        "rate_limit must be a string",
    )
    .await;
    refused(
        &sim,
        &but(
            dcs.clone(),
            "/advance_config/dcs2dcs/connect_retry_time",
            json!("x"),
        ),
        "digits",
    )
    .await;
    refused(
        &sim,
        &but(dcs.clone(), "/source_config/source_dcs/cluster_alias", json!("a")),
        "unknown field",
    )
    .await;
    refused(
        &sim,
        &but(dcs.clone(), "/source_config/source_dcs/password", json!("a'b")),
        "single quote",
    )
    .await;
    assert_eq!(sim.eg(Method::POST, "/jobs", &dcs).await.status, 200);
}

#[tokio::test]
async fn arrays_are_taken_where_the_switch_says_so() {
    let sim = Sim::with(&json!({"switches": {"eventGrid": {"acceptArrays": true}}}));
    let mut body = job("a");
    for name in ["source_config", "sink_config", "advance_config"] {
        let children = body[name].as_object().unwrap().clone();
        let wrapped: serde_json::Map<String, Value> =
            children.into_iter().map(|(k, v)| (k, json!([v]))).collect();
        body[name] = json!([wrapped]);
    }
    let answer = sim.eg(Method::POST, "/jobs", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let id = answer.json()["job_id"].as_str().unwrap().to_owned();
    assert_eq!(
        sim.show(&id).await.json()["source_config"],
        job("a")["source_config"]
    );
}

#[tokio::test]
async fn names_clusters_and_slots_are_checked() {
    let sim = Sim::with(&json!({"eventGrid": {"limits": {"jobsPerCluster": 2}}}));
    sim.create("a").await;
    let twice = sim.eg(Method::POST, "/jobs", &job("a")).await;
    assert_eq!(
        (twice.status.as_u16(), twice.code().as_str()),
        (400, "EG.00513001")
    );
    let nowhere = sim
        .eg(
            Method::POST,
            "/jobs",
            &but(job("b"), "/cluster_id", json!("none")),
        )
        .await;
    assert_eq!(
        (nowhere.status.as_u16(), nowhere.code().as_str()),
        (404, "EG.00014040")
    );
    sim.create("b").await;
    let full = sim.eg(Method::POST, "/jobs", &job("c")).await;
    assert_eq!((full.status.as_u16(), full.code().as_str()), (403, "EG.00514003"));
}

#[tokio::test]
async fn a_list_is_paged_youngest_first_and_its_end_is_an_error() {
    let sim = Sim::start();
    for n in 0..17 {
        sim.create(&format!("job-{n:02}")).await;
    }
    let page = sim.eg(Method::GET, "/jobs", &Value::Null).await.json();
    assert_eq!(
        (page["total"].as_u64(), page["size"].as_u64()),
        (Some(17), Some(15))
    );
    assert_eq!(page["items"][0]["name"], "job-16");
    assert_eq!(page["items"][0]["source_config"], Value::Null);
    let rest = sim
        .eg(Method::GET, "/jobs?offset=15&limit=100", &Value::Null)
        .await
        .json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 2);
    let past = sim
        .eg(Method::GET, "/jobs?offset=17&limit=100", &Value::Null)
        .await;
    assert_eq!((past.status.as_u16(), past.code().as_str()), (400, "APIGW.0106"));
    for wrong in ["limit=0", "limit=1001", "limit=x", "offset=-1"] {
        assert_eq!(
            sim.eg(Method::GET, &format!("/jobs?{wrong}"), &Value::Null)
                .await
                .code(),
            "EG.00513000"
        );
    }
    let found = sim
        .eg(Method::GET, "/jobs?fuzzy_name=b-1&limit=3", &Value::Null)
        .await
        .json();
    assert_eq!(
        (found["total"].as_u64(), found["size"].as_u64()),
        (Some(7), Some(3))
    );
}

#[tokio::test]
async fn a_list_is_filtered_by_cluster_status_and_sink() {
    let sim = Sim::start();
    let id = sim.create("a").await;
    sim.eg(Method::POST, "/jobs", &dcs_job("b")).await;
    sim.advance(2000).await;
    sim.act(&id, "START").await;
    sim.advance(1000).await;
    let total = async |query: &str| {
        sim.eg(Method::GET, &format!("/jobs?{query}"), &Value::Null)
            .await
            .json()["total"]
            .clone()
    };
    assert_eq!(total("status=RUNNING").await, 1);
    assert_eq!(total(&format!("cluster_id={}", common::DCS)).await, 1);
    assert_eq!(total("sink_region=roma-dev-1").await, 1);
    assert_eq!(
        total("sink_instance_id=47896f0e-f90a-4528-b407-78ee00362cc9").await,
        1
    );
    assert_eq!(total("sink_address=21.22.0.58%3A9092").await, 0);
    assert_eq!(total("fuzzy_name=").await, 2);
}

#[tokio::test]
async fn an_update_replaces_what_may_change_and_refuses_the_rest() {
    let sim = Sim::start();
    let id = sim.create("a").await;
    sim.advance(2000).await;
    let put = async |body: &Value| sim.eg(Method::PUT, &format!("/jobs/{id}"), body).await;
    let renamed = but(
        job("b"),
        "/advance_config/kafka2kafka/compress_alg",
        json!("zstd"),
    );
    let answer = put(&renamed).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["name"], "b");
    assert_eq!(answer.json()["status"], "WAIT_START");
    assert_eq!(
        answer.json()["advance_config"]["kafka2kafka"]["compress_alg"],
        "zstd"
    );
    assert_eq!(answer.json()["updated_time"], answer.json()["created_time"]);
    for (pointer, value) in [
        ("/cluster_id", json!(common::DCS)),
        ("/source_config/source_kafka/instance_id", json!("else")),
        ("/sink_config/sink_kafka/cluster_alias", json!("else")),
        ("/advance_config/kafka2kafka/seek_to", json!("latest")),
    ] {
        let answer = put(&but(job("b"), pointer, value)).await;
        assert_eq!(answer.code(), "EG.00513000", "{pointer}: {answer:?}");
        assert!(answer.text.contains("cannot be changed"), "{answer:?}");
    }
    let brief = json!({"cluster_id": common::KAFKA, "name": "c", "scene_type": "DISASTER_BACKUP"});
    let kept = put(&brief).await.json();
    assert_eq!(kept["source_config"], job("a")["source_config"]);
    sim.create("taken").await;
    assert_eq!(
        put(&but(brief, "/name", json!("taken"))).await.code(),
        "EG.00513001"
    );
}

#[tokio::test]
async fn an_ignored_immutable_change_keeps_the_old_value() {
    let sim = Sim::with(&json!({"switches": {"eventGrid": {"immutableChange": "ignore"}}}));
    let id = sim.create("a").await;
    sim.advance(2000).await;
    let body = but(job("a"), "/advance_config/kafka2kafka/seek_to", json!("latest"));
    let answer = sim.eg(Method::PUT, &format!("/jobs/{id}"), &body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json()["advance_config"]["kafka2kafka"]["seek_to"],
        "earliest"
    );
}
