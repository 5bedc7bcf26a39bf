//! CDM jobs and links: runs that copy data once, whatever is lost, and everything that is special about acts.
use crate::harness::{Cast, Object, PATIENCE, Stage, merge, time, until as until_so};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const JOB: &str = include_str!("../../examples/cdmjob-mysql-obs.yaml");
const PERMANENT: &str = include_str!("../../examples/cdmjob-permanent.yaml");
const LINK: &str = include_str!("../../examples/cdmlink-mysql.yaml");
const NAME: &str = "orders-to-lake";
const START: &str = "StartJob";

/// A short settle window, so that it passes within a test, and no lease to wait for.
async fn open() -> Stage {
    let flags = vec![
        "--request-timeout=1s",
        "--settle-window=5s",
        "--leader-elect=false",
    ];
    Stage::with(Cast {
        flags,
        ..Cast::default()
    })
    .await
}

fn document(example: &str, number: usize) -> Value {
    serde_saphyr::from_str(example.split("\n---\n").nth(number).unwrap()).unwrap()
}

/// The job of the example through links that are there, with a merge patch of its spec.
fn job(patch: Value) -> Value {
    let mut job = document(JOB, 0);
    let links = json!({"forProvider": {
        "from": {"linkRef": null, "linkName": "mysql_link"},
        "to": {"linkRef": null, "linkName": "obs_link"},
    }});
    merge(&mut job["spec"], links);
    merge(&mut job["spec"], patch);
    job
}

async fn until(stage: &Stage, what: &str, good: impl Fn(&Object) -> bool) -> Object {
    stage.until("CdmJob", NAME, what, good).await
}

async fn until_run(stage: &Stage, id: i64, status: &str) -> Object {
    let what = format!("to have run {id} {status}");
    until(stage, &what, |job| {
        let run = &job["status"]["run"];
        run["submissionId"] == id && run["status"] == status
    })
    .await
}

async fn edit(stage: &Stage, patch: Value) {
    stage
        .cluster
        .patch("CdmJob", &stage.namespace, NAME, &patch)
        .await;
}

async fn starts(stage: &Stage) -> usize {
    let writes = stage.simulator.writes().await;
    writes.iter().filter(|write| *write == "start").count()
}

#[tokio::test]
async fn a_job_is_made_and_run_once() {
    let mut stage = open().await;
    stage.apply(&job(json!({}))).await;
    let done = until_run(&stage, 1, "SUCCEEDED").await;
    let done = if done.is("Ready", "True", "Succeeded") {
        done
    } else {
        until(&stage, "to have succeeded", |job| {
            job.is("Ready", "True", "Succeeded")
        })
        .await
    };
    assert_eq!(done["status"]["id"], NAME);
    assert!(done["status"]["run"]["rowsWritten"].as_i64() > Some(0), "{done}");
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
    stage.restart_and_look("CdmJob", NAME).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn a_start_whose_answer_was_lost_copies_once() {
    let stage = open().await;
    stage
        .simulator
        .fault(START, 1, json!({"dropAfterEffect": {}}))
        .await;
    stage.apply(&job(json!({}))).await;
    until(&stage, "to have succeeded", |job| {
        job.is("Ready", "True", "Succeeded")
    })
    .await;
    assert_eq!(starts(&stage).await, 1);
    assert_eq!(stage.simulator.entry("cdm", NAME).await["copied"], 1);
}

#[tokio::test]
async fn a_start_that_never_arrived_is_sent_once_more_after_the_settle_window() {
    let stage = open().await;
    stage
        .simulator
        .fault(START, 1, json!({"dropBeforeEffect": {}}))
        .await;
    stage.apply(&job(json!({}))).await;
    until_run(&stage, 1, "SUCCEEDED").await;
    assert_eq!(starts(&stage).await, 2);
    assert!(stage.simulator.seconds_between(START).await >= 4.0);
}

#[tokio::test]
async fn an_operator_killed_around_a_start_copies_once() {
    for effect in [json!({"holdBefore": {}}), json!({"holdAfter": {}})] {
        let mut stage = open().await;
        let held = stage.simulator.fault(START, 1, effect).await;
        stage.apply(&job(json!({}))).await;
        stage.simulator.until_holding(&held).await;
        let announced = stage.object("CdmJob", NAME).await;
        assert_eq!(announced["status"]["acts"][0]["act"], "Run", "{announced}");
        assert_eq!(announced["status"]["acts"][0].get("outcome"), None, "{announced}");
        stage.restart();
        stage.simulator.mend(&held).await;
        until_run(&stage, 1, "SUCCEEDED").await;
        until(&stage, "to have succeeded", |job| {
            job.is("Ready", "True", "Succeeded")
        })
        .await;
        // A start that was held before its effect ends with the operator that sent it, and is sent once more.
        assert_eq!(stage.simulator.entry("cdm", NAME).await["copied"], 1);
    }
}

#[tokio::test]
async fn a_new_request_runs_once_more_and_a_new_definition_only_on_change() {
    let stage = open().await;
    stage.apply(&job(json!({}))).await;
    until_run(&stage, 1, "SUCCEEDED").await;
    edit(&stage, json!({"spec": {"run": {"requestedAt": "1"}}})).await;
    until_run(&stage, 2, "SUCCEEDED").await;
    let directory =
        |path: &str| json!({"spec": {"forProvider": {"to": {"config": {"outputDirectory": path}}}}});
    edit(&stage, directory("/b/")).await;
    until(&stage, "to have the new directory", |job| {
        job["status"]["atProvider"]["to"]["config"]["outputDirectory"] == "/b/" && job.is_ready()
    })
    .await;
    assert_eq!(starts(&stage).await, 2);
    edit(&stage, json!({"spec": {"run": {"policy": "OnChange"}}})).await;
    until_run(&stage, 3, "SUCCEEDED").await;
    edit(&stage, directory("/c/")).await;
    until_run(&stage, 4, "SUCCEEDED").await;
    assert_eq!(starts(&stage).await, 4);
}

#[tokio::test]
async fn a_permanent_job_runs_until_it_is_asked_to_stop() {
    let stage = open().await;
    let manifest = document(PERMANENT, 0);
    let name = "clicks-to-stream";
    stage.apply(&manifest).await;
    let runs = |job: &Object| job.is("Ready", "True", "Running") && job["status"]["state"] == "RUNNING";
    stage.until("CdmJob", name, "to run", runs).await;
    let stop = json!({"spec": {"run": {"stopRequestedAt": "1"}}});
    stage.cluster.patch("CdmJob", &stage.namespace, name, &stop).await;
    let stopped = |job: &Object| job.is("Ready", "True", "Stopped");
    stage.until("CdmJob", name, "to be stopped", stopped).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start", "stop"]);
}

#[tokio::test]
async fn a_job_that_deletes_itself_is_finished_and_not_made_again() {
    let mut stage = open().await;
    let disposable = json!({"isSchedulerJob": "false", "disposableType": "DELETE_AFTER_SUCCEED"});
    stage
        .apply(&job(
            json!({"forProvider": {"driver": {"schedulerConfig": disposable}}}),
        ))
        .await;
    let succeeded = |job: &Object| job.is("Ready", "True", "Succeeded") && job.is_in_sync();
    until(&stage, "to have succeeded", succeeded).await;
    stage.restart_and_look("CdmJob", NAME).await;
    until(&stage, "to be finished still", succeeded).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
    edit(&stage, json!({"spec": {"run": {"requestedAt": "1"}}})).await;
    until(&stage, "to have run once more", |job| {
        succeeded(job) && job["status"]["observedGeneration"] == 2
    })
    .await;
    let writes = stage.simulator.writes().await;
    assert_eq!(writes, ["create", "start", "create", "start"]);
}

#[tokio::test]
async fn a_failed_run_says_why_and_is_not_repeated() {
    let mut stage = open().await;
    stage.apply(&job(json!({"run": {"policy": "Never"}}))).await;
    until(&stage, "to be there", |job| job.is("Ready", "True", "Available")).await;
    stage
        .simulator
        .change("cdm", NAME, json!({"outcome": "fail"}))
        .await;
    edit(&stage, json!({"spec": {"run": {"requestedAt": "1"}}})).await;
    let failed = until(&stage, "to have failed", |job| {
        job.is("Ready", "False", "RunFailed")
    })
    .await;
    assert!(failed["status"]["run"]["error"].is_string(), "{failed}");
    assert!(!failed.condition("Ready").message.is_empty(), "{failed}");
    stage.restart_and_look("CdmJob", NAME).await;
    assert_eq!(starts(&stage).await, 1);
}

#[tokio::test]
async fn a_change_waits_for_the_end_of_a_run() {
    let stage = open().await;
    stage.apply(&job(json!({"run": {"policy": "Never"}}))).await;
    until(&stage, "to be there", |job| job.is("Ready", "True", "Available")).await;
    stage
        .simulator
        .change("cdm", NAME, json!({"outcome": "hang"}))
        .await;
    edit(&stage, json!({"spec": {"run": {"requestedAt": "1"}}})).await;
    until(&stage, "to boot", |job| {
        job.is("Ready", "False", "Starting") && job["status"]["state"] == "BOOTING"
    })
    .await;
    edit(&stage, json!({"spec": {"forProvider": {"name": "renamed"}}})).await;
    until(&stage, "to wait", |job| job.is("Ready", "False", "RemoteBusy")).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
    edit(&stage, json!({"spec": {"run": {"stopRequestedAt": "1"}}})).await;
    let renamed = |job: &Object| job.is_in_sync() && job["status"]["id"] == "renamed";
    until(&stage, "to be renamed", renamed).await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "update"]
    );
}

#[tokio::test]
async fn a_cluster_that_is_switched_off_takes_no_job_away() {
    let stage = open().await;
    stage.apply(&job(json!({}))).await;
    until(&stage, "to have succeeded", |job| {
        job.is("Ready", "True", "Succeeded")
    })
    .await;
    let cluster = job(json!({}))["spec"]["forProvider"]["clusterId"]
        .as_str()
        .unwrap()
        .to_owned();
    stage
        .simulator
        .change("cdm-clusters", &cluster, json!({"status": "900"}))
        .await;
    stage.ask_to_look_at("CdmJob", NAME, "off").await;
    until(&stage, "to know nothing", |job| {
        job.is("Synced", "Unknown", "RemoteError")
    })
    .await;
    stage
        .simulator
        .change("cdm-clusters", &cluster, json!({"status": "200"}))
        .await;
    stage.ask_to_look_at("CdmJob", NAME, "on").await;
    until(&stage, "to be as it was", |job| {
        job.is("Ready", "True", "Succeeded") && job.is_in_sync()
    })
    .await;
    assert_eq!(stage.simulator.writes().await, ["create", "start"]);
}

#[tokio::test]
async fn what_somebody_changed_is_changed_back() {
    let stage = open().await;
    stage.apply(&job(json!({}))).await;
    until(&stage, "to have succeeded", |job| {
        job.is("Ready", "True", "Succeeded")
    })
    .await;
    let patch = json!({"inputs": {"toJobConfig.outputDirectory": "/elsewhere/"}});
    stage.simulator.change("cdm", NAME, patch).await;
    stage.ask_to_look_at("CdmJob", NAME, "1").await;
    stage.simulator.until_written("update").await;
    until(&stage, "to be as wished", Object::is_ready).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start", "update"]);
}

#[tokio::test]
async fn an_input_that_is_withdrawn_goes_back_to_the_default() {
    let stage = open().await;
    stage.apply(&job(json!({}))).await;
    until(&stage, "to have succeeded", |job| {
        job.is("Ready", "True", "Succeeded")
    })
    .await;
    stage
        .apply(&job(
            json!({"forProvider": {"to": {"config": {"fieldSeparator": null}}}}),
        ))
        .await;
    stage.simulator.until_written("update").await;
    let job = until(&stage, "to be as wished", Object::is_ready).await;
    let applied = job["status"]["applied"].as_array().unwrap();
    assert!(!applied.contains(&json!("to.config.fieldSeparator")), "{job}");
    stage.ask_to_look_at("CdmJob", NAME, "1").await;
    until(&stage, "to be as wished still", Object::is_ready).await;
    assert_eq!(stage.simulator.writes().await, ["create", "start", "update"]);
}

#[tokio::test]
async fn a_running_job_is_stopped_before_it_is_deleted() {
    let stage = open().await;
    stage.apply(&document(PERMANENT, 0)).await;
    let name = "clicks-to-stream";
    let runs = |job: &Object| job.is("Ready", "True", "Running");
    stage.until("CdmJob", name, "to run", runs).await;
    stage.cluster.delete("CdmJob", &stage.namespace, name).await;
    stage.until_gone("CdmJob", name).await;
    assert_eq!(
        stage.simulator.writes().await,
        ["create", "start", "stop", "delete"]
    );
}

#[tokio::test]
async fn a_link_is_tested_when_it_is_made_and_outlives_its_jobs() {
    let stage = open().await;
    stage.apply(&document(LINK, 0)).await;
    stage.apply(&document(LINK, 1)).await;
    let link = "orders-mysql";
    let available = |link: &Object| link.is("Ready", "True", "Available");
    stage.until("CdmLink", link, "to be there", available).await;
    let through = json!({"forProvider": {"from": {"linkName": null, "linkRef": {"name": link}}}});
    stage.apply(&job(through)).await;
    until(&stage, "to have succeeded", |job| {
        job.is("Ready", "True", "Succeeded")
    })
    .await;
    stage.cluster.delete("CdmLink", &stage.namespace, link).await;
    let held = |link: &Object| {
        link.condition("Ready").message.contains(NAME) || link.condition("Synced").message.contains(NAME)
    };
    stage.until("CdmLink", link, "to say who holds it", held).await;
    stage.cluster.delete("CdmJob", &stage.namespace, NAME).await;
    stage.until_gone("CdmJob", NAME).await;
    stage.until_gone("CdmLink", link).await;
    let writes = stage.simulator.writes().await;
    assert_eq!(
        writes,
        ["create link", "create", "start", "delete", "delete link"]
    );
}

#[tokio::test]
async fn a_link_that_leads_nowhere_says_so() {
    let flags = vec!["--leader-elect=false"];
    let world = json!({"cdm": {"unreachable": ["10.0.0.5"]}});
    let stage = Stage::with(Cast {
        flags,
        world,
        ..Cast::default()
    })
    .await;
    stage.apply(&document(LINK, 0)).await;
    stage.apply(&document(LINK, 1)).await;
    let refused = |link: &Object| link.is("Stalled", "True", "Rejected");
    let link = stage
        .until("CdmLink", "orders-mysql", "to be refused", refused)
        .await;
    assert!(link.condition("Stalled").message.contains("linkConfig"), "{link}");
    assert!(!link.to_string().contains("replace-me"), "{link}");
}

/// So many that the list has two pages.
const RESTING: usize = 100;
const RUNNING: usize = 3;
/// In seconds; the shortest that there is.
const INTERVAL: f64 = 30.0;
/// How many intervals are watched.
const INTERVALS: usize = 3;

/// Jobs that are never run, and jobs that run until they are stopped.
async fn crowd(stage: &Stage) {
    let short = json!({"syncInterval": format!("{INTERVAL}s")});
    let mut resting = job(json!({"run": {"policy": "Never"}}));
    let mut running = document(PERMANENT, 0);
    merge(&mut resting["spec"], short.clone());
    merge(&mut running["spec"], short);
    for (kind, count, manifest) in [("resting", RESTING, resting), ("running", RUNNING, running)] {
        for number in 0..count {
            let mut manifest = manifest.clone();
            manifest["metadata"]["name"] = json!(format!("{kind}-{number}"));
            stage.apply(&manifest).await;
        }
    }
    until_so("all jobs to be ready", PATIENCE, async || {
        let jobs = stage.cluster.list("CdmJob", &stage.namespace).await;
        let unready: Vec<_> = jobs.into_iter().filter(|job| !job.is_ready()).collect();
        match unready.first() {
            Some(first) => Err(format!("{} are not, such as {first}", unready.len())),
            None => Ok(()),
        }
    })
    .await;
}

/// The requests behind the first so many, once the list was begun so often among them; the last list is left out.
async fn sweeps(stage: &Stage, after: usize, count: usize) -> Vec<Value> {
    until_so("the lists of some intervals", PATIENCE, async || {
        let requests = stage.simulator.requests().await.split_off(after);
        let begun: Vec<usize> = requests
            .iter()
            .enumerate()
            .filter_map(|(at, request)| begins_list(request).then_some(at))
            .collect();
        match begun.get(count) {
            Some(end) => Ok(requests[begun[0]..*end].to_vec()),
            None => Err(begun.len()),
        }
    })
    .await
}

fn is_list(request: &Value) -> bool {
    request["path"]
        .as_str()
        .is_some_and(|path| path.contains("/job/all"))
}

fn begins_list(request: &Value) -> bool {
    is_list(request) && request.to_string().contains("page_no=1")
}

/// At the vendor's published pace, which the cloud enforces.
#[tokio::test]
async fn many_jobs_cost_one_list_each_interval_and_those_that_run_their_status() {
    let stage = Stage::with(Cast {
        flags: vec!["--leader-elect=false"],
        account: json!({"rateLimit": {"cdm": null}}),
        world: json!({"switches": {"cdm": {"enforceLimits": true}}}),
        ..Cast::default()
    })
    .await;
    crowd(&stage).await;
    // What comes first is the first look at rest of everybody.
    let ready = stage.simulator.requests().await.len();
    let first = sweeps(&stage, ready, 2).await.len();
    let watched = sweeps(&stage, ready + first, INTERVALS).await;
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for request in &watched {
        let about = if is_list(request) {
            "a page of the list"
        } else {
            request["operation"].as_str().unwrap()
        };
        *calls.entry(about.to_owned()).or_default() += 1;
        assert!(
            is_list(request) || request["path"].as_str().unwrap().contains("/running-"),
            "read although nothing could have changed: {request}"
        );
    }
    let begun: Vec<_> = watched
        .iter()
        .filter(|request| begins_list(request))
        .map(time)
        .collect();
    for pair in begun.windows(2) {
        let apart = (pair[1] - pair[0]).total(jiff::Unit::Second).unwrap();
        assert!(apart > 0.9 * INTERVAL, "two lists within {apart} s");
    }
    assert_eq!(calls["a page of the list"], 2 * INTERVALS, "{calls:?}");
    let single = calls.get("ShowJobs").copied().unwrap_or_default();
    assert!(single <= RUNNING * (INTERVALS + 1), "{calls:?}");
    assert!(calls["ShowJobStatus"] >= RUNNING, "{calls:?}");
    let all = stage.simulator.requests().await;
    assert!(all.iter().all(|request| request["status"] != 429), "{calls:?}");
}
