//! A Smart Connect task from its creation to its deletion, and what only a service without marks asks for.
use crate::harness::{Cast, Manifest, Object, Stage};
use serde_json::{Value, json};

const KIND: &str = "SmartConnectTask";
const WITHOUT_SMART_CONNECT: &str = "a7e5d3c1-90b8-4d76-8f54-3e2d1c0b9a87";
const CREATE: &str = "CreateConnectorTask";
const LIST: &str = "ListConnectorTasks";
const RESTART: &str = "RestartConnectorTask";

fn kafka() -> Manifest {
    Manifest::example("smartconnecttask-kafka.yaml")
}

fn obs() -> Manifest {
    Manifest::example("smartconnecttask-obs.yaml")
}

async fn stage() -> Stage {
    Stage::with(cast()).await
}

fn cast() -> Cast {
    Cast {
        kind: KIND,
        service: "dms",
        ..Cast::default()
    }
}

/// The example as somebody else would create it, under this name.
fn foreign(name: &str) -> Value {
    let instance = &obs().job["spec"]["forProvider"]["instanceId"];
    json!({"instance_id": instance, "task_name": name, "topics": "invoices,receipts", "source_type": "NONE",
        "sink_type": "OBS_SINK", "sink_task": {"consumer_strategy": "earliest", "destination_file_type": "TEXT",
            "deliver_time_interval": 300, "access_key": "replace-me", "secret_key": "replace-me",
            "obs_bucket_name": "invoices-archive", "obs_path": "kafka/invoices",
            "partition_format": "yyyy/MM/dd/HH", "record_delimiter": "\\n", "store_keys": false}})
}

#[tokio::test]
async fn every_example_is_applied_and_goes_again() {
    let stage = stage().await;
    for file in ["kafka", "obs", "redis", "seed-obs", "seed-kafka", "seed-redis"] {
        let manifest = Manifest::example(&format!("smartconnecttask-{file}.yaml"));
        let task = stage.settle(&manifest).await;
        let stopped = manifest.job["spec"]["runState"] == "Stopped";
        let (word, reason) = if stopped {
            ("WAITING", "Stopped")
        } else {
            ("RUNNING", "Running")
        };
        assert_eq!(task["status"]["state"], word, "{file}");
        assert!(task.is("Ready", "True", reason), "{file}: {task}");
        stage.stays_silent(manifest.name()).await;
        stage.delete(manifest.name()).await;
        stage.until_gone(KIND, manifest.name()).await;
        assert!(stage.simulator.jobs().await.is_empty(), "{file}");
    }
}

#[tokio::test]
async fn a_task_is_paused_and_resumed() {
    let stage = stage().await;
    let manifest = kafka();
    stage.settle(&manifest).await;
    stage
        .edit(manifest.name(), json!({"spec": {"runState": "Stopped"}}))
        .await;
    stage
        .until_says(manifest.name(), "Ready", "True", "Stopped")
        .await;
    stage
        .edit(manifest.name(), json!({"spec": {"runState": "Running"}}))
        .await;
    stage
        .until_says(manifest.name(), "Ready", "True", "Running")
        .await;
    assert_eq!(stage.simulator.writes().await, ["create", "pause", "resume"]);
}

#[tokio::test]
async fn a_task_that_rests_from_the_beginning_is_started_once() {
    let stage = stage().await;
    let manifest = obs().spec(json!({"runState": "Stopped"}));
    let task = stage.settle(&manifest).await;
    assert_eq!(task["status"]["state"], "WAITING");
    stage
        .edit(manifest.name(), json!({"spec": {"runState": "Running"}}))
        .await;
    stage
        .until_says(manifest.name(), "Ready", "True", "Running")
        .await;
    assert_eq!(stage.simulator.writes().await, ["create", "restart"]);
}

/// Asks for a restart, and waits until it is answered.
async fn restart(stage: &Stage, name: &str, token: &str) -> Object {
    let ask = json!({"metadata": {"annotations": {"replication.dev/restart-requested-at": token}}});
    stage.edit(name, ask).await;
    let answered = |task: &Object| task["status"]["lastHandledRestartAt"] == token;
    stage.until_job(name, "to answer the restart", answered).await
}

#[tokio::test]
async fn a_restart_that_is_asked_for_is_sent_once() {
    let stage = stage().await;
    let manifest = kafka();
    stage.settle(&manifest).await;
    let mut expected = vec!["create"];
    for token in ["first", "second"] {
        restart(&stage, manifest.name(), token).await;
        stage
            .until_job(manifest.name(), "to be ready", Object::is_ready)
            .await;
        stage.stays_silent(manifest.name()).await;
        expected.push("restart");
        assert_eq!(stage.simulator.writes().await, expected);
    }
}

/// A short settle window, so that it passes within a test.
async fn impatient() -> Stage {
    Stage::with(Cast {
        flags: vec![
            "--request-timeout=1s",
            "--settle-window=5s",
            "--leader-elect=false",
        ],
        ..cast()
    })
    .await
}

#[tokio::test]
async fn a_restart_whose_answer_was_lost_is_not_sent_again() {
    let stage = impatient().await;
    let manifest = kafka();
    stage.settle(&manifest).await;
    let lost = json!({"dropAfterEffect": {}});
    stage.simulator.fault(RESTART, 1, lost).await;
    restart(&stage, manifest.name(), "now").await;
    let task = stage.stays_silent(manifest.name()).await;
    assert!(task.is_ready(), "{task}");
    let message = task.condition("Synced").message;
    assert!(message.contains("the answer to the restart"), "{message}");
    assert_eq!(stage.simulator.writes().await, ["create", "restart"]);
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_is_recognised_by_its_claim() {
    let stage = impatient().await;
    let lost = json!({"dropAfterEffect": {}});
    stage.simulator.fault(CREATE, 1, lost).await;
    let task = stage.settle(&obs()).await;
    assert_eq!(stage.simulator.job().await["id"], task.id().as_str());
    stage.stays_silent(obs().name()).await;
    assert_eq!(stage.simulator.writes().await, ["create"]);
}

#[tokio::test]
async fn an_operator_killed_after_its_create_leaves_one_task() {
    let mut stage = impatient().await;
    let held = stage.simulator.fault(CREATE, 1, json!({"holdAfter": {}})).await;
    stage.put(&obs()).await;
    stage.simulator.until_holding(&held).await;
    stage.restart();
    stage.simulator.mend(&held).await;
    let task = stage
        .until_job(obs().name(), "to be ready", Object::is_ready)
        .await;
    assert_eq!(stage.simulator.job().await["id"], task.id().as_str());
    assert_eq!(stage.simulator.writes().await, ["create"]);
}

#[tokio::test]
async fn what_can_be_modified_is_modified_in_place() {
    let stage = stage().await;
    let manifest = kafka();
    let before = stage.settle(&manifest).await;
    let compression = json!({"spec": {"forProvider": {"source": {"kafka": {"compression": "zstd"}}}}});
    stage.edit(manifest.name(), compression).await;
    let after = stage
        .until_job(manifest.name(), "to be ready", Object::is_ready)
        .await;
    assert_eq!(after.id(), before.id());
    let remote = stage.simulator.job().await;
    assert_eq!(remote["source_task"]["compression_type"], "zstd");
    assert_eq!(stage.simulator.writes().await, ["create", "update"]);
}

#[tokio::test]
async fn what_cannot_be_modified_needs_a_declared_replacement() {
    let stage = stage().await;
    let manifest = kafka();
    let name = manifest.name();
    let before = stage.settle(&manifest).await;
    let alias = json!({"spec": {"forProvider": {"source": {"kafka": {"clusterName": "site-c"}}}}});
    stage.edit(name, alias).await;
    let task = stage
        .until_says(name, "Stalled", "True", "ReplacementRequired")
        .await;
    assert_eq!(
        task["status"]["plan"]["changes"][0]["path"],
        "source.kafka.clusterName"
    );
    let note = task["status"]["plan"]["note"].as_str().unwrap();
    assert!(note.contains("copied again"), "{note}");
    stage.stays_silent(name).await;
    stage
        .edit(name, json!({"spec": {"replacePolicy": "Recreate"}}))
        .await;
    let after = stage.until_job(name, "to be ready", Object::is_ready).await;
    assert_ne!(after.id(), before.id());
    assert_eq!(stage.simulator.writes().await, ["create", "delete", "create"]);
    assert_eq!(
        stage.simulator.job().await["source_task"]["cluster_name"],
        "site-c"
    );
}

#[tokio::test]
async fn a_task_that_somebody_else_made_is_left_alone() {
    let stage = stage().await;
    let manifest = obs();
    let id = stage.simulator.add(foreign(manifest.name())).await;
    stage.put(&manifest).await;
    let task = stage
        .until_says(manifest.name(), "Stalled", "True", "NameTaken")
        .await;
    assert!(task.condition("Stalled").message.contains(&id));
    stage.stays_silent(manifest.name()).await;
    let adopt = json!({"spec": {"adopt": {"id": id}}});
    stage.edit(manifest.name(), adopt).await;
    let task = stage
        .until_job(manifest.name(), "to be ready", Object::is_ready)
        .await;
    assert_eq!(task.id(), id);
    // It was waiting, and is started as the spec says.
    assert_eq!(stage.simulator.writes().await, ["restart"]);
}

#[tokio::test]
async fn an_instance_without_smart_connect_says_how_to_enable_it() {
    let stage = stage().await;
    let manifest = obs().provider(json!({"instanceId": WITHOUT_SMART_CONNECT}));
    stage.put(&manifest).await;
    let task = stage
        .until_says(manifest.name(), "Stalled", "True", "NotEnabled")
        .await;
    let message = task.condition("Stalled").message;
    assert!(message.contains("enable it"), "{message}");
    assert_eq!(task["status"]["lastError"]["code"], "DMS.00404024");
    stage.delete(manifest.name()).await;
    stage.until_gone(KIND, manifest.name()).await;
}

#[tokio::test]
async fn somebody_elses_change_is_changed_back() {
    let stage = stage().await;
    let manifest = kafka();
    let task = stage.settle(&manifest).await;
    let change = json!({"source_task": {"compression_type": "gzip"}});
    stage.simulator.edit(&task.id(), change).await;
    stage.look(manifest.name()).await;
    stage
        .until_job(manifest.name(), "to be ready", Object::is_ready)
        .await;
    let remote = stage.simulator.job().await;
    assert_eq!(remote["source_task"]["compression_type"], "lz4");
    assert_eq!(stage.simulator.writes().await, ["create", "update"]);
}

/// No request changes the credentials inside a task.
async fn a_rotated_secret_waits(mut manifest: Manifest, key: &str, field: &str) {
    let stage = stage().await;
    stage.settle(&manifest).await;
    let before = stage.simulator.writes().await;
    manifest.secret["stringData"][key] = json!("another-one");
    stage.apply(&manifest.secret).await;
    let task = stage
        .until_says(manifest.name(), "Stalled", "True", "ReplacementRequired")
        .await;
    let message = task.condition("Stalled").message;
    assert!(message.contains(field), "{message}");
    assert!(!task.to_string().contains("another-one"));
    stage.stays_silent(manifest.name()).await;
    assert_eq!(stage.simulator.writes().await, before);
}

#[tokio::test]
async fn a_rotated_kafka_password_is_a_pending_replacement() {
    a_rotated_secret_waits(kafka(), "password", "source.kafka.passwordSecretRef").await;
}

#[tokio::test]
async fn a_rotated_key_of_the_bucket_is_a_pending_replacement() {
    a_rotated_secret_waits(obs(), "secretKey", "sink.obs.secretKeySecretRef").await;
}

#[tokio::test]
async fn a_rotated_redis_password_is_a_pending_replacement() {
    a_rotated_secret_waits(
        Manifest::example("smartconnecttask-redis.yaml"),
        "source",
        "source.redis.passwordSecretRef",
    )
    .await;
}

/// Eighteen tasks, and no more, fit on an instance; one list for all of them tells that they are as wished.
#[tokio::test]
async fn a_full_instance_costs_one_list_and_takes_no_further_task() {
    let stage = stage().await;
    for number in 0..18 {
        let manifest = obs()
            .named(&format!("archive-{number}"))
            .spec(json!({"syncInterval": "30s"}));
        stage.put(&manifest).await;
    }
    for number in 0..18 {
        let name = format!("archive-{number}");
        stage.until_job(&name, "to be ready", Object::is_ready).await;
    }
    // The looks that follow the creates are over.
    let created = stage.simulator.requests().await.len();
    stage.simulator.until_called(created, LIST, 3).await;
    let before = stage.simulator.requests().await.len();
    stage.simulator.until_called(before, LIST, 2).await;
    let requests = stage.simulator.requests().await;
    let between: Vec<&Value> = requests.iter().skip(before).collect();
    assert!(
        between.iter().all(|request| request["operation"] == LIST),
        "{between:#?}"
    );
    let manifest = obs().named("archive-18");
    stage.put(&manifest).await;
    let task = stage
        .until_says(manifest.name(), "Stalled", "True", "QuotaExceeded")
        .await;
    let message = task.condition("Stalled").message;
    assert!(message.contains("18 of 18"), "{message}");
    assert_eq!(stage.simulator.jobs().await.len(), 18);
}
