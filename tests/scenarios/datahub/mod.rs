//! Connector tasks of CKafka, the kind of the second vendor: their life, and what this vendor leaves open.
mod ends;
mod identity;
mod life;
mod looks;
mod replacement;

use crate::harness::{Cast, Manifest, Object, Stage, Vendor};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const KIND: &str = "DatahubTask";
const CREATE: &str = "CreateDatahubTask";
const DELETE: &str = "DeleteDatahubTask";
const DESCRIBE: &str = "DescribeDatahubTask";
const LIST: &str = "DescribeDatahubTasks";
const DELETED: i64 = 3;
/// What the vendor writes into the error message of a healthy task.
const WELL: &str = "运行中";
const RESTART: &str = "replication.dev/restart-requested-at";

/// A task with everything that is changed once it is made.
fn es() -> Manifest {
    Manifest::example("datahubtask-es.yaml")
}

/// A task that is as wished once it is made.
fn plain() -> Manifest {
    es().provider(json!({"autoExpand": null, "maxTasks": null, "syncThrottleLimit": null}))
}

/// The same, as somebody else would make it at the console.
fn foreign(name: &str, description: &str) -> Value {
    let job = simple().job;
    let (source, target) = (
        &job["spec"]["forProvider"]["sourceResource"]["kafkaParam"],
        &job["spec"]["forProvider"]["targetResource"]["esParam"],
    );
    json!({"TaskName": name, "TaskType": "SINK", "Description": description,
        "SourceResource": {"Type": "KAFKA", "KafkaParam": {"SelfBuilt": false, "Resource": source["resource"],
            "Topic": source["topic"], "OffsetType": source["offsetType"]}},
        "TargetResource": {"Type": "ES", "EsParam": {"Resource": target["resource"], "Index": target["index"],
            "DropInvalidJsonMessage": false}}})
}

/// A task without rules, tags and dead letters.
fn simple() -> Manifest {
    plain().provider(json!({"transformsParam": null, "tags": null,
        "targetResource": {"esParam": {"dropDlq": null}}}))
}

fn cast() -> Cast {
    Cast {
        kind: KIND,
        service: "ckafka",
        vendor: Vendor::Tencent,
        ..Cast::default()
    }
}

async fn stage() -> Stage {
    Stage::with(cast()).await
}

/// A stage on which points that the vendor's pages leave open are decided otherwise.
async fn switched(switches: Value) -> Stage {
    Stage::with(Cast {
        world: json!({"switches": {"ckafka": switches}}),
        ..cast()
    })
    .await
}

/// A stage with a short settle window, so that it passes within a test, and no lease to wait for.
async fn impatient(switches: Value) -> Stage {
    Stage::with(Cast {
        flags: vec![
            "--request-timeout=1s",
            "--settle-window=5s",
            "--leader-elect=false",
        ],
        world: json!({"switches": {"ckafka": switches}}),
        ..cast()
    })
    .await
}

/// The tasks that exist; a deleted one is shown for a while.
async fn tasks(stage: &Stage) -> Vec<Value> {
    let mut tasks = stage.simulator.jobs().await;
    tasks.retain(|task| task["Status"] != DELETED);
    tasks
}

async fn the_task(stage: &Stage) -> Value {
    let tasks = tasks(stage).await;
    assert_eq!(tasks.len(), 1, "one task was expected: {tasks:#?}");
    tasks[0].clone()
}

async fn count(stage: &Stage, write: &str) -> usize {
    let writes = stage.simulator.writes().await;
    writes.iter().filter(|one| *one == write).count()
}

/// Asks for a restart, and waits until it is answered.
async fn restart(stage: &Stage, name: &str, token: &str) -> Object {
    let ask = json!({"metadata": {"annotations": {RESTART: token}}});
    stage.edit(name, ask).await;
    let answered = |task: &Object| task["status"]["lastHandledRestartAt"] == token;
    stage.until_job(name, "to answer the restart", answered).await
}

/// The mark by which the task of an object is known.
fn mark(object: &Object) -> String {
    let digest = hex::encode(Sha256::digest(object["metadata"]["uid"].as_str().unwrap()));
    format!(" [rd:{}]", &digest[..16])
}
