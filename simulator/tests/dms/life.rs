//! Transitions in simulated time, foreign hands, restarts of the simulator.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::Sim;
use crate::{SITE_A, SITE_B, archive, mirror, no, told};

#[tokio::test]
async fn a_task_lives_as_the_clock_says() {
    let sim = Sim::start();
    sim.stopped_clock().await;
    let id = sim.made(&archive("archive")).await;
    let after = async |millis: u64| {
        sim.advance(millis).await;
        sim.state(&id).await
    };
    assert_eq!(after(1999).await, "CREATING");
    assert_eq!(after(1).await, "RUNNING");
    sim.put(&id, "pause").await;
    assert_eq!(after(999).await, "RUNNING");
    assert_eq!(after(1).await, "PAUSED");
    sim.put(&id, "resume").await;
    assert_eq!(after(999).await, "PAUSED");
    assert_eq!(after(1).await, "RUNNING");
    sim.put(&id, "restart").await;
    assert_eq!(after(1999).await, "RESTARTING");
    assert_eq!(after(1).await, "RUNNING");
    sim.put(&id, "pause").await;
    assert_eq!(after(1000).await, "PAUSED");
    sim.put(&id, "plain restart").await;
    assert_eq!(after(0).await, "RESTARTING");
    assert_eq!(after(2000).await, "RUNNING");
}

#[tokio::test]
async fn a_task_for_later_waits_until_it_is_started() {
    let sim = Sim::start();
    sim.stopped_clock().await;
    let id = sim.made(&mirror("later")).await;
    sim.advance(1_000_000).await;
    assert_eq!(sim.state(&id).await, "WAITING");
    sim.put(&id, "restart").await;
    assert_eq!(sim.state(&id).await, "WAITING");
    sim.advance(1000).await;
    assert_eq!(sim.state(&id).await, "RUNNING");
}

// The sequence that a client's acceptance test sent to the live service without waiting.
#[tokio::test]
async fn acts_follow_each_other_without_waiting() {
    let sim = Sim::start();
    sim.stopped_clock().await;
    let id = sim.made(&mirror("hasty")).await;
    for act in ["restart", "pause", "resume"] {
        assert_eq!(sim.put(&id, act).await.status, 204, "{act}");
    }
    let gone = sim.sc(Method::DELETE, &format!("/{id}"), &Value::Null).await;
    assert_eq!(gone.status, 204);
    assert_eq!(
        sim.sc(Method::GET, "", &Value::Null).await.json()["total_number"],
        0
    );
    let again = sim.sc(Method::DELETE, &format!("/{id}"), &Value::Null).await;
    assert_eq!(told(&again), no(404, "DMS.00404026"));
}

#[tokio::test]
async fn a_restart_forgets_progress_and_a_pause_does_not() {
    let sim = Sim::start();
    sim.stopped_clock().await;
    let id = sim.made(&archive("archive")).await;
    sim.advance(2000 + 5000).await;
    let ran = async || sim.held(&id).await["runningMillis"].as_i64().unwrap();
    assert_eq!(ran().await, 5000);
    sim.put(&id, "pause").await;
    sim.advance(10_000).await;
    assert_eq!(ran().await, 6000);
    sim.put(&id, "restart").await;
    assert_eq!(ran().await, 0);
    sim.advance(2000 + 300).await;
    assert_eq!(ran().await, 300);
}

#[tokio::test]
async fn how_creation_and_deletion_show_is_a_switch() {
    let sim = Sim::with(&json!({"switches": {"dms": {
        "creatingShown": false, "delays": {"createLater": 5000, "delete": 3000}, "statuses": {"PAUSED": "STOPPED"}}}}));
    sim.stopped_clock().await;
    let archive = sim.made(&archive("archive")).await;
    assert_eq!(sim.state(&archive).await, "RUNNING");
    assert_eq!(told(&sim.put(&archive, "pause").await), no(400, "DMS.00400868"));
    let later = sim.made(&mirror("later")).await;
    assert_eq!(sim.state(&later).await, "WAITING");
    assert_eq!(told(&sim.put(&later, "restart").await), no(400, "DMS.00400872"));
    sim.advance(5000).await;
    assert_eq!(sim.put(&later, "restart").await.status, 204);
    sim.advance(1000).await;
    sim.put(&later, "pause").await;
    sim.advance(1000).await;
    assert_eq!(sim.state(&later).await, "STOPPED");
    let delete = async || {
        sim.sc(Method::DELETE, &format!("/{later}"), &Value::Null)
            .await
            .status
    };
    assert_eq!([delete().await, delete().await], [204, 204]);
    assert_eq!(sim.state(&later).await, "STOPPED");
    assert_eq!(told(&sim.put(&later, "resume").await), no(400, "DMS.00400869"));
    sim.advance(3000).await;
    let gone = sim.sc(Method::GET, &format!("/{later}"), &Value::Null).await;
    assert_eq!(told(&gone), no(404, "DMS.00404026"));
}

#[tokio::test]
async fn a_foreign_hand_edits_makes_and_takes_tasks() {
    let sim = Sim::start();
    let id = sim.made(&mirror("mirror")).await;
    let patch =
        json!({"status": "BROKEN", "topics": "orders", "source_task": {"task_num": 8, "password": null}});
    let view = sim.admin(Method::PATCH, &format!("/jobs/dms/{id}"), &patch).await;
    assert_eq!(view["secretSha256"], json!({}));
    let shown = sim.entity(&id).await;
    assert_eq!(
        (
            &shown["status"],
            &shown["topics"],
            &shown["source_task"]["task_num"]
        ),
        (&json!("BROKEN"), &json!("orders"), &json!(8))
    );
    assert_eq!(shown["source_task"]["direction"], "two-way");
    let mut foreign = archive("foreign");
    foreign["instance_id"] = json!(SITE_A);
    foreign["status"] = json!("PAUSED");
    let made = sim.admin(Method::POST, "/jobs/dms", &foreign).await;
    let other = made["id"].as_str().unwrap();
    assert_eq!(sim.entity(other).await["task_name"], "foreign");
    assert_eq!(sim.state(other).await, "PAUSED");
    sim.admin(Method::DELETE, &format!("/jobs/dms/{id}"), &Value::Null)
        .await;
    let gone = sim.sc(Method::GET, &format!("/{id}"), &Value::Null).await;
    assert_eq!(told(&gone), no(404, "DMS.00404026"));
    let all = sim.admin(Method::GET, "/jobs/dms", &Value::Null).await;
    assert_eq!((&all["created"], &all["deleted"]), (&json!(2), &json!(1)));
    assert_eq!(all["jobs"][0]["acts"][0]["operation"], "foreign");
    assert_eq!(all["jobs"][0]["instance_id"], SITE_A);
    let wrong = sim
        .http
        .patch(format!("{}/_sim/jobs/dms/{other}", sim.url))
        .json(&json!({"colour": "red"}));
    assert_eq!(crate::common::send(wrong).await.unwrap().status, 400);
}

#[tokio::test]
async fn tasks_outlive_the_simulator() {
    let sim = Sim::start();
    let kept = sim.made(&mirror("kept")).await;
    let gone = sim.made(&archive("gone")).await;
    sim.sc(Method::DELETE, &format!("/{gone}"), &Value::Null).await;
    let before = sim.held(&kept).await;
    let sim = sim.restarted(&json!({}));
    assert_eq!(sim.held(&kept).await, before);
    let all = sim.admin(Method::GET, "/jobs/dms", &Value::Null).await;
    assert_eq!(all["jobs"].as_array().unwrap().len(), 1);
    assert_eq!((&all["created"], &all["deleted"]), (&json!(2), &json!(1)));
    assert_eq!(sim.put(&kept, "restart").await.status, 204);
}

#[tokio::test]
async fn instances_are_peers_of_each_other() {
    let sim = Sim::start();
    let mut body = mirror("back");
    body["source_task"]["instance_id"] = json!(SITE_A);
    let answer = sim.on(SITE_B, Method::POST, "/connector/tasks", &body).await;
    assert_eq!(
        answer.json()["source_task"]["bootstrap_servers"],
        "10.1.0.11:9092,10.1.0.12:9092,10.1.0.13:9092"
    );
    assert_eq!(
        sim.sc(Method::GET, "", &Value::Null).await.json()["total_number"],
        0
    );
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let elsewhere = sim.sc(Method::GET, &format!("/{id}"), &Value::Null).await;
    assert_eq!(told(&elsewhere), no(404, "DMS.00404026"));
}
