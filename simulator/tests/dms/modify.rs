//! Modify: what it changes, what it refuses, and the switches.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, Sim, but};
use crate::{NOBODY, PLAIN, archive, mirror, no, told};

async fn put(sim: &Sim, id: &str, body: &Value) -> Answer {
    sim.sc(Method::PUT, &format!("/{id}"), body).await
}

#[tokio::test]
async fn the_fetched_entity_with_changes_is_taken_back() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    let mut whole = sim.entity(&id).await;
    whole["source_task"]["task_num"] = json!(4);
    whole["source_task"]["compression_type"] = json!("zstd");
    whole["topics"] = json!("payments,orders");
    let answer = put(&sim, &id, &whole).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json(), whole);
    assert_eq!(sim.entity(&id).await, whole);
    assert_eq!(
        sim.requests().await.pop().unwrap()["operation"],
        "ShowConnectorTask"
    );
    // The password that no entity holds is still there.
    let held = sim.held(&id).await;
    assert!(held["secretSha256"]["source_task.password"].is_string());
}

#[tokio::test]
async fn an_archive_is_tuned_and_the_rest_stays() {
    let sim = Sim::start();
    sim.stopped_clock().await;
    let id = sim.made(&archive("archive")).await;
    sim.advance(2000).await;
    let body = json!({"sink_task": {"deliver_time_interval": 60, "obs_path": "", "record_delimiter": "|"}});
    let answer = put(&sim, &id, &body).await.json();
    assert_eq!(answer["status"], "RESTARTING");
    let sink = &answer["sink_task"];
    assert_eq!(
        (&sink["deliver_time_interval"], &sink["obs_path"]),
        (&json!(60), &json!(""))
    );
    assert_eq!(
        (&sink["record_delimiter"], &sink["obs_bucket_name"]),
        (&json!("|"), &json!("archive-bkt"))
    );
    assert_eq!(answer["topics"], "orders,payments");
    sim.advance(2000).await;
    assert_eq!(sim.state(&id).await, "RUNNING");
    let last = sim.held(&id).await["acts"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["operation"], "update");
}

#[tokio::test]
async fn a_paused_and_a_waiting_task_stay_what_they_are() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    let body = json!({"source_task": {"task_num": 3}});
    assert_eq!(put(&sim, &id, &body).await.json()["status"], "WAITING");
    sim.admin(
        Method::PATCH,
        &format!("/jobs/dms/{id}"),
        &json!({"status": "PAUSED"}),
    )
    .await;
    assert_eq!(put(&sim, &id, &body).await.json()["status"], "PAUSED");
}

#[tokio::test]
async fn what_is_fixed_is_refused_and_leaves_everything_as_it_was() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    let before = sim.entity(&id).await;
    for (pointer, value) in [
        ("/task_name", json!("another")),
        ("/sink_type", json!("OBS_SINK")),
        ("/source_task/direction", json!("push")),
        ("/source_task/cluster_name", json!("dc3")),
        ("/source_task/instance_id", json!(PLAIN)),
        ("/source_task/sync_consumer_offsets_enabled", json!(true)),
        ("/source_task/user_name", json!("another")),
        ("/source_task/security_protocol", json!("SASL_PLAINTEXT")),
        ("/sink_task", json!({"obs_path": "x"})),
    ] {
        let mut body = before.clone();
        body["source_task"]["task_num"] = json!(9);
        let answer = put(&sim, &id, &but(body, pointer, value)).await;
        assert_eq!(told(&answer), no(400, "DMS.00400873"), "{pointer}");
        assert_eq!(sim.entity(&id).await, before, "{pointer}");
    }
    let archive = sim.made(&archive("archive")).await;
    for (name, value) in [
        ("obs_bucket_name", json!("other")),
        ("agency_name", json!("a")),
        ("consumer_strategy", json!("latest")),
    ] {
        sim.admin(
            Method::PATCH,
            &format!("/jobs/dms/{archive}"),
            &json!({"status": "PAUSED"}),
        )
        .await;
        let answer = put(&sim, &archive, &json!({"sink_task": {name: value}})).await;
        assert_eq!(told(&answer), no(400, "DMS.00400873"), "{name}");
    }
}

#[tokio::test]
async fn wrong_bodies_and_rules_are_refused() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    for (body, code) in [
        (json!({"start_later": true}), "DMS.00400800"),
        (json!({"source_task": {"password": "new"}}), "DMS.00400800"),
        (json!({"source_task": {"nonsense": 1}}), "DMS.00400800"),
        (json!({"topics": "orders", "topics_regex": "o.*"}), "DMS.00400800"),
        (json!({"topics": "nowhere"}), "DMS.00400876"),
        (json!({"topics": ""}), "DMS.00400800"),
        (json!({"source_task": {"replication_factor": 4}}), "DMS.00400861"),
        (
            json!({"source_task": {"rename_topic_enabled": true, "topics_mapping": "payments:p"}}),
            "DMS.00400800",
        ),
    ] {
        assert_eq!(told(&put(&sim, &id, &body).await), no(400, code), "{body}");
    }
    let nobody = put(&sim, NOBODY, &json!({})).await;
    assert_eq!(told(&nobody), no(404, "DMS.00404026"));
}

#[tokio::test]
async fn one_selector_takes_the_place_of_the_other() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    let by_pattern = put(&sim, &id, &json!({"topics_regex": "pay.*"})).await.json();
    assert_eq!(by_pattern["topics_regex"], "pay.*");
    assert!(by_pattern.get("topics").is_none());
    let kept = put(&sim, &id, &json!({"topics": "", "source_task": {"task_num": 5}}))
        .await
        .json();
    assert_eq!(kept["topics_regex"], "pay.*");
    let listed = put(&sim, &id, &json!({"topics": "orders", "topics_regex": ""}))
        .await
        .json();
    assert_eq!(listed["topics"], "orders");
    assert!(listed.get("topics_regex").is_none());
}

#[tokio::test]
async fn what_modify_changes_is_a_switch() {
    let sim = Sim::with(&json!({"switches": {"dms": {
        "modifiable": [], "immutableChange": "ignore", "credentialsInModify": "accept", "modifyRestarts": false}}}));
    let id = sim.made(&mirror("mirror")).await;
    let before = sim.entity(&id).await;
    let digest = sim.held(&id).await["secretSha256"]["source_task.password"].clone();
    let body = json!({"topics": "orders", "source_task": {"task_num": 7, "password": "another"}});
    assert_eq!(put(&sim, &id, &body).await.json(), before);
    let after = sim.held(&id).await["secretSha256"]["source_task.password"].clone();
    assert_ne!(digest, after);
    sim.admin(
        Method::PATCH,
        &format!("/jobs/dms/{id}"),
        &json!({"status": "RUNNING"}),
    )
    .await;
    assert_eq!(put(&sim, &id, &json!({})).await.json()["status"], "RUNNING");
    let clear = json!({"switches": {"dms": {
        "omittedInModify": "clear", "modifiable": ["source_task.task_num", "source_task.compression_type"]}}});
    sim.admin(Method::PATCH, "/world", &clear).await;
    let answer = put(&sim, &id, &json!({"source_task": {"task_num": 7}}))
        .await
        .json();
    assert_eq!(
        (
            &answer["source_task"]["task_num"],
            &answer["source_task"]["compression_type"]
        ),
        (&json!(7), &json!("none"))
    );
}
