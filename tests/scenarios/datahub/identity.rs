//! Whose a task is: the mark in its description, and nothing else that two tasks could share.
use super::{CREATE, foreign, impatient, mark, simple, stage, the_task};
use crate::harness::{Manifest, Object, Stage};
use serde_json::json;

const PAUSED: &str = "replication.dev/paused";

async fn ends_in_one_task(stage: &Stage, manifest: &Manifest) {
    let task = stage
        .until_job(manifest.name(), "to be ready", Object::is_ready)
        .await;
    let remote = the_task(stage).await;
    assert_eq!(remote["TaskId"], task.id().as_str());
    let description = remote["Description"].as_str().unwrap();
    assert!(description.ends_with(&mark(&task)), "{description}");
    stage.stays_silent(manifest.name()).await;
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_is_found_by_its_mark() {
    let stage = stage().await;
    let lost = json!({"dropAfterEffect": {}});
    stage.simulator.fault(CREATE, 1, lost).await;
    stage.put(&simple()).await;
    ends_in_one_task(&stage, &simple()).await;
    assert_eq!(stage.simulator.writes().await, ["create"]);
}

/// The vendor does not say how soon a list shows a new task.
#[tokio::test]
async fn a_lost_create_that_lists_show_late_is_not_repeated() {
    let stage = super::switched(json!({"listLag": 400_000})).await;
    let lost = json!({"dropAfterEffect": {}});
    stage.simulator.fault(CREATE, 1, lost).await;
    stage.put(&simple()).await;
    stage
        .until_says(simple().name(), "Synced", "Unknown", "Unsure")
        .await;
    ends_in_one_task(&stage, &simple()).await;
    assert_eq!(stage.simulator.writes().await, ["create"]);
}

#[tokio::test]
async fn an_operator_killed_after_its_request_leaves_one_task() {
    let mut stage = impatient(json!({})).await;
    let held = stage.simulator.fault(CREATE, 1, json!({"holdAfter": {}})).await;
    stage.put(&simple()).await;
    stage.simulator.until_holding(&held).await;
    stage.restart();
    stage.simulator.mend(&held).await;
    ends_in_one_task(&stage, &simple()).await;
    assert_eq!(stage.simulator.writes().await, ["create"]);
}

#[tokio::test]
async fn a_create_that_never_arrived_is_sent_once_more() {
    let stage = impatient(json!({})).await;
    stage
        .simulator
        .fault(CREATE, 1, json!({"dropBeforeEffect": {}}))
        .await;
    stage.put(&simple()).await;
    ends_in_one_task(&stage, &simple()).await;
    assert_eq!(stage.simulator.writes().await, ["create", "create"]);
    assert!(stage.simulator.seconds_between(CREATE).await >= 4.0);
}

#[tokio::test]
async fn two_tasks_with_the_mark_are_a_question_for_a_person() {
    let stage = stage().await;
    let object = stage.put(&simple().annotated(PAUSED, "true")).await;
    let description = format!("orders to search{}", mark(&object));
    let mut ids = vec![];
    for name in ["orders-to-es", "orders-copied"] {
        ids.push(stage.simulator.add(foreign(name, &description)).await);
    }
    stage
        .edit(
            simple().name(),
            json!({"metadata": {"annotations": {PAUSED: null}}}),
        )
        .await;
    let task = stage
        .until_says(simple().name(), "Stalled", "True", "Ambiguous")
        .await;
    let message = task.condition("Stalled").message;
    assert!(ids.iter().all(|id| message.contains(id)), "{message}");
    stage.stays_silent(simple().name()).await;
    // A person decides.
    stage.simulator.remove(&ids[1]).await;
    stage.look(simple().name()).await;
    let task = stage
        .until_job(simple().name(), "to be ready", Object::is_ready)
        .await;
    assert_eq!(task.id(), ids[0]);
    assert!(stage.simulator.writes().await.is_empty());
}

#[tokio::test]
async fn a_task_that_somebody_else_made_is_left_alone_until_it_is_adopted() {
    let stage = stage().await;
    let id = stage
        .simulator
        .add(foreign(simple().name(), "orders to search"))
        .await;
    stage.put(&simple()).await;
    let task = stage
        .until_says(simple().name(), "Stalled", "True", "NameTaken")
        .await;
    assert!(task.condition("Stalled").message.contains(&id), "{task}");
    stage.stays_silent(simple().name()).await;
    stage
        .edit(simple().name(), json!({"spec": {"adopt": {"id": id}}}))
        .await;
    let task = stage
        .until_job(simple().name(), "to be ready", Object::is_ready)
        .await;
    assert_eq!(task.id(), id);
    assert!(stage.simulator.writes().await.is_empty());
}
