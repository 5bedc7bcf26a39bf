//! Runs: their steps, ends, counters, history, schedules; and the clusters that they run on.

use reqwest::Method;
use serde_json::{Value, json};

use super::common::{AK, PROJECT, Sim};
use super::{CLUSTER, driver, files, orders};

const COUNTERS: &str = "org.apache.sqoop.submission.counter.SqoopCounters";

async fn switch(sim: &Sim, switches: Value) {
    sim.admin(Method::PATCH, "/world", &json!({"switches": {"cdm": switches}}))
        .await;
}

async fn totals(sim: &Sim) -> Value {
    let held = sim.admin(Method::GET, "/jobs/cdm", &Value::Null).await;
    json!([held["created"], held["deleted"], held["started"], held["copied"]])
}

#[tokio::test]
async fn a_run_goes_as_the_clock_says() {
    let sim = Sim::start();
    sim.still().await;
    sim.cdm_job("a").await;
    assert_eq!(sim.cdm_status("a").await["status"], "NEVER_EXECUTED");
    let started = sim.cdm_start("a").await;
    assert_eq!(
        (
            &started["status"],
            &started["submission-id"],
            &started["is-execute-auto"],
            &started["progress"]
        ),
        (&json!("BOOTING"), &json!(1), &json!(false), &json!(0))
    );
    assert_eq!(
        (&started["isStopingIncrement"], &started["isDeleteJob"]),
        (&json!(""), &json!(false))
    );
    assert_eq!(started["last-udpate-user"], "replication-operator");
    assert_eq!(started["creation-date"], started["execute-date"]);
    for absent in ["counters", "external-id", "error-summary", "last-update-user"] {
        assert!(started.get(absent).is_none(), "{absent}");
    }
    let log = sim.requests().await.pop().unwrap();
    assert_eq!(
        (&log["operation"], &log["effect"]),
        (&json!("StartJob"), &json!({"act": "start", "id": "a"}))
    );
    sim.advance(1999).await;
    assert_eq!(sim.cdm_show("a").await["status"], "BOOTING");
    sim.advance(1).await;
    sim.advance(4000).await;
    let running = sim.cdm_status("a").await;
    assert_eq!(
        (&running["status"], &running["progress"]),
        (&json!("RUNNING"), &json!(40.0))
    );
    assert!(running["external-id"].as_str().unwrap().starts_with("job_local"));
    assert_eq!(sim.cdm_show("a").await["rows_read"], 4000);
    sim.advance(6000).await;
    let done = sim.cdm_status("a").await;
    assert_eq!(
        (&done["status"], &done["progress"]),
        (&json!("SUCCEEDED"), &json!(100.0))
    );
    let counters = &done["counters"][COUNTERS];
    assert_eq!(
        (&counters["ROWS_WRITTEN"], &counters["FILES_READ"]),
        (&json!(10_000), &json!(-1))
    );
    let job = sim.cdm_show("a").await;
    assert_eq!(
        (&job["status"], &job["write_rows"]),
        (&json!("SUCCEEDED"), &json!(10_000))
    );
    assert_eq!(totals(&sim).await, json!([1, 0, 1, 1]));
}

#[tokio::test]
async fn a_file_run_counts_files() {
    let sim = Sim::start();
    assert_eq!(
        sim.cdm(Method::POST, "/job", &files("f")).await.json()["name"],
        "f"
    );
    sim.cdm_start("f").await;
    sim.advance(20_000).await;
    let counters = sim.cdm_status("f").await["counters"][COUNTERS].clone();
    assert_eq!(
        (&counters["FILES_READ"], &counters["ROWS_READ"]),
        (&json!(10), &json!(-1))
    );
}

#[tokio::test]
async fn a_stop_is_seen_later_and_once() {
    let sim = Sim::start();
    sim.still().await;
    sim.cdm_job("a").await;
    sim.cdm_start("a").await;
    sim.advance(3000).await;
    assert_eq!(sim.cdm_put("/job/a/stop").await.json(), json!({}));
    assert_eq!(sim.cdm_put("/job/a/stop").await.status, 200);
    assert!(sim.requests().await.pop().unwrap()["effect"].is_null());
    assert_eq!(sim.cdm_status("a").await["status"], "RUNNING");
    assert_eq!(
        sim.cdm(Method::PUT, "/job/a", &orders("a")).await.cdm().1,
        "Cdm.0107"
    );
    sim.advance(1000).await;
    assert_eq!(sim.cdm_status("a").await["status"], "STOPPED");
    assert_eq!(sim.cdm(Method::PUT, "/job/a", &orders("a")).await.status, 200);
    assert_eq!(sim.cdm_show("a").await["status"], "STOPPED");
    switch(
        &sim,
        json!({"stopAnswer": "empty", "afterStop": "FAILED", "statusAfterUpdate": "reset"}),
    )
    .await;
    sim.cdm_start("a").await;
    assert_eq!(sim.cdm_put("/job/a/stop").await.text, "");
    sim.advance(1000).await;
    assert_eq!(sim.cdm_show("a").await["status"], "FAILED");
    assert_eq!(sim.cdm(Method::PUT, "/job/a", &orders("a")).await.status, 200);
    assert_eq!(sim.cdm_show("a").await["status"], "NEW");
}

#[tokio::test]
async fn a_permanent_run_ends_by_a_stop_only() {
    let sim = Sim::start();
    let link = json!({"name": "kafka", "connector-name": "dms-kafka-connector"});
    sim.admin(Method::POST, "/jobs/cdm-links", &link).await;
    let mut body = orders("stream");
    body["jobs"][0]["from-link-name"] = json!("kafka");
    body["jobs"][0]["from-connector-name"] = json!("dms-kafka-connector");
    body["jobs"][0]["from-config-values"] = super::configs(
        "fromJobConfig",
        &[
            ("topicsList", "orders"),
            ("kafkaConsumerStrategy", "EARLIEST"),
            ("isPermanency", "true"),
            ("dataFormat", "CSV"),
        ],
    );
    assert_eq!(
        sim.cdm(Method::POST, "/job", &body).await.json()["name"],
        "stream"
    );
    sim.cdm_start("stream").await;
    sim.advance(1_000_000_000).await;
    let running = sim.cdm_status("stream").await;
    assert_eq!(
        (&running["status"], &running["progress"]),
        (&json!("RUNNING"), &json!(0.0))
    );
    assert!(sim.cdm_show("stream").await["rows_read"].as_i64().unwrap() > 10_000);
    sim.cdm_put("/job/stream/stop").await;
    sim.advance(1000).await;
    assert_eq!(sim.cdm_status("stream").await["status"], "STOPPED");
}

#[tokio::test]
async fn a_run_fails_hangs_or_is_refused_as_ordered() {
    let sim = Sim::start();
    sim.still().await;
    sim.cdm_job("a").await;
    sim.cdm_patch("a", json!({"outcome": "fail"})).await;
    sim.cdm_start("a").await;
    sim.advance(12_000).await;
    let failed = sim.cdm_status("a").await;
    assert_eq!(
        (&failed["status"], &failed["progress"]),
        (&json!("FAILED"), &json!(-1))
    );
    assert!(failed["error-details"].as_str().unwrap().starts_with("Cdm.0900"));
    assert!(failed.get("counters").is_none());
    sim.cdm_patch("a", json!({"outcome": "failOnSubmit"})).await;
    assert_eq!(sim.cdm_start("a").await["status"], "FAILURE_ON_SUBMIT");
    sim.cdm_patch("a", json!({"outcome": "hang"})).await;
    assert_eq!(sim.cdm_start("a").await["submission-id"], 3);
    sim.advance(1_000_000).await;
    assert_eq!(sim.cdm_status("a").await["status"], "BOOTING");
    sim.cdm_put("/job/a/stop").await;
    sim.advance(1000).await;
    assert_eq!(sim.cdm_show("a").await["status"], "STOPPED");
    sim.cdm_patch("a", json!({"outcome": null})).await;
    sim.admin(
        Method::PATCH,
        "/jobs/cdm-links/mysql_link",
        &json!({"reachable": false}),
    )
    .await;
    sim.cdm_start("a").await;
    sim.advance(12_000).await;
    assert!(
        sim.cdm_status("a").await["error-summary"]
            .as_str()
            .unwrap()
            .contains("[mysql_link]")
    );
    let history = sim.cdm_get("/submissions?jname=a").await.json();
    let ids: Vec<u64> = history["submissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["submission-id"].as_u64().unwrap())
        .collect();
    assert_eq!((&history["total"], ids), (&json!(4), vec![4, 3, 2, 1]));
    assert_eq!(
        (&history["page_no"], &history["page_size"]),
        (&json!(1), &json!(10))
    );
    assert_eq!(totals(&sim).await, json!([1, 0, 4, 0]));
    sim.admin(
        Method::PATCH,
        "/jobs/cdm-links/obs_link",
        &json!({"enabled": false}),
    )
    .await;
    assert_eq!(sim.cdm_put("/job/a/start").await.cdm().1, "Cdm.0060");
    sim.cdm_patch("a", json!({"enabled": false})).await;
    assert_eq!(sim.cdm_put("/job/a/start").await.cdm().1, "Cdm.0059");
    sim.cdm_patch("a", json!({"enabled": true})).await;
    sim.admin(Method::DELETE, "/jobs/cdm-links/obs_link", &Value::Null)
        .await;
    assert_eq!(sim.cdm_put("/job/a/start").await.cdm().1, "Cdm.0094");
}

#[tokio::test]
async fn disposable_jobs_are_gone_after_their_run_and_leave_a_history() {
    let sim = Sim::start();
    sim.still().await;
    for (name, disposal, outcome, gone) in [
        ("a", "DELETE", "succeed", true),
        ("b", "DELETE", "fail", true),
        ("c", "DELETE_AFTER_SUCCEED", "succeed", true),
        ("d", "DELETE_AFTER_SUCCEED", "fail", false),
        ("e", "NONE", "vanish", true),
    ] {
        let body = driver(orders(name), "schedulerConfig.disposableType", disposal);
        assert_eq!(sim.cdm(Method::POST, "/job", &body).await.json()["name"], name);
        sim.cdm_patch(name, json!({"outcome": outcome})).await;
        assert_eq!(sim.cdm_start(name).await["isDeleteJob"], disposal != "NONE");
        sim.advance(11_999).await;
        assert_eq!(sim.cdm_show(name).await["status"], "RUNNING", "{name}");
        sim.advance(1).await;
        let there = sim.cdm_get(&format!("/job/{name}")).await;
        assert_eq!(there.status == 400, gone, "{name}");
        let history = sim.cdm_get(&format!("/submissions?jname={name}")).await.json();
        assert_eq!(history["total"], 1, "{name}");
    }
    let last = sim.cdm_get("/submissions?jname=a").await.json()["submissions"][0].clone();
    assert_eq!(last["status"], "SUCCEEDED");
    assert_eq!(totals(&sim).await, json!([5, 4, 5, 3]));
    switch(&sim, json!({"deletedHistory": "refuse"})).await;
    assert_eq!(sim.cdm_get("/submissions?jname=a").await.cdm().1, "Cdm.0054");
}

#[tokio::test]
async fn what_fails_is_tried_three_times_more() {
    let sim = Sim::start();
    sim.still().await;
    let body = driver(orders("a"), "retryJobConfig.retryJobType", "RETRY_TRIPLE");
    sim.cdm(Method::POST, "/job", &body).await;
    sim.cdm_patch("a", json!({"outcome": "fail"})).await;
    sim.cdm_start("a").await;
    sim.advance(12_000).await;
    assert_eq!(sim.cdm_status("a").await["status"], "BOOTING");
    sim.advance(36_000).await;
    assert_eq!(sim.cdm_status("a").await["status"], "FAILED");
    let held = sim.admin(Method::GET, "/jobs/cdm/a", &Value::Null).await;
    assert_eq!(
        (&held["started"], &held["submissions"][0]["attempts"]),
        (&json!(1), &json!(4))
    );
    switch(&sim, json!({"retrySubmissions": true})).await;
    sim.cdm_start("a").await;
    sim.advance(48_000).await;
    let history = sim.cdm_get("/submissions?jname=a").await.json();
    assert_eq!(
        (&history["total"], &history["submissions"][0]["status"]),
        (&json!(5), &json!("FAILED"))
    );
    assert_eq!(history["submissions"][0]["is-execute-auto"], true);
}

#[tokio::test]
async fn a_scheduled_job_runs_by_itself_until_its_schedule_is_taken_away() {
    let sim = Sim::start();
    sim.still().await;
    let mut body = driver(orders("a"), "schedulerConfig.isSchedulerJob", "true");
    for (name, value) in [
        ("cycleType", "day"),
        ("cycle", "1"),
        ("startDate", "2024-01-04 12:00:00"),
    ] {
        body = driver(body, &format!("schedulerConfig.{name}"), value);
    }
    assert_eq!(sim.cdm(Method::POST, "/job", &body).await.json()["name"], "a");
    let job = sim.cdm_show("a").await;
    assert_eq!((&job["status"], &job["flag"]), (&json!("NEW"), &json!(1)));
    let start = &super::inputs(&job["driver-config-values"])["schedulerConfig.startDate"];
    assert_eq!(start, "2024-01-04%2012%3A00%3A00");
    sim.advance(3 * 86_400_000).await;
    let history = sim.cdm_get("/submissions?jname=a").await.json();
    assert_eq!(
        (&history["total"], &history["submissions"][0]["is-execute-auto"]),
        (&json!(3), &json!(true))
    );
    sim.advance(12_000).await;
    assert_eq!(sim.cdm(Method::PUT, "/job/a", &orders("a")).await.status, 200);
    sim.advance(10 * 86_400_000).await;
    assert_eq!(sim.cdm_get("/submissions?jname=a").await.json()["total"], 3);
    sim.advance(30 * 86_400_000).await;
    assert_eq!(sim.cdm_get("/submissions?jname=a").await.json()["total"], 0);
    let bad = driver(body, "schedulerConfig.startDate", "tomorrow");
    assert_eq!(sim.cdm(Method::PUT, "/job/a", &bad).await.cdm().1, "Cdm.0036");
}

#[tokio::test]
async fn other_words_and_ways_of_runs_are_switches() {
    let sim = Sim::start();
    sim.still().await;
    sim.cdm_job("a").await;
    sim.cdm_job("b").await;
    switch(
        &sim,
        json!({"firstState": "PENDING", "lastUpdateUser": "both", "submissionIds": "all",
            "progressScale": "fraction", "stopAnswer": "submissions", "historyPaging": true}),
    )
    .await;
    let first = sim.cdm_start("a").await;
    assert_eq!(
        (&first["status"], &first["last-update-user"]),
        (&json!("PENDING"), &first["last-udpate-user"])
    );
    assert_eq!(sim.cdm_start("b").await["submission-id"], 2);
    sim.advance(1000).await;
    assert_eq!(sim.cdm_show("a").await["status"], "BOOTING");
    sim.advance(7000).await;
    assert_eq!(sim.cdm_status("a").await["progress"], 0.5);
    let stopped = sim.cdm_put("/job/a/stop").await.json();
    assert_eq!(stopped["submissions"][0]["submission-id"], 1);
    let page = sim
        .cdm_get("/submissions?jname=a&page_no=2&page_size=10")
        .await
        .json();
    assert_eq!((&page["submissions"], &page["total"]), (&json!([]), &json!(1)));
}

#[tokio::test]
async fn variables_are_texts_by_name() {
    let sim = Sim::start();
    sim.cdm_job("a").await;
    let start = async |body: Value| sim.cdm(Method::PUT, "/job/a/start", &body).await;
    assert_eq!(start(json!({"variables": {"day": 1}})).await.cdm().1, "Cdm.0004");
    assert_eq!(start(json!({"variables": {"day": "1"}})).await.status, 200);
}

#[tokio::test]
async fn a_full_cluster_refuses_or_lets_wait() {
    let sim = Sim::start();
    sim.still().await;
    let mut world = sim.admin(Method::GET, "/world", &Value::Null).await;
    world["cdm"]["clusters"][0]["runningTasks"] = json!(1);
    sim.admin(Method::PATCH, "/world", &json!({"cdm": world["cdm"]}))
        .await;
    for name in ["a", "b"] {
        sim.cdm_job(name).await;
    }
    sim.cdm_start("a").await;
    assert_eq!(
        sim.cdm_put("/job/b/start").await.cdm(),
        (400, "Cdm.0070".to_owned())
    );
    switch(&sim, json!({"overRunningTasks": "wait"})).await;
    assert_eq!(sim.cdm_start("b").await["status"], "PENDING");
    sim.advance(5000).await;
    assert_eq!(sim.cdm_show("b").await["status"], "PENDING");
    sim.advance(7000).await;
    assert_eq!(sim.cdm_show("a").await["status"], "SUCCEEDED");
    sim.advance(2000).await;
    assert_eq!(sim.cdm_show("b").await["status"], "RUNNING");
}

#[tokio::test]
async fn a_table_of_an_entire_database_has_a_status() {
    let sim = Sim::start();
    let mut body = orders("whole");
    body["jobs"][0]["job_type"] = json!("BATCH_JOB");
    sim.cdm(Method::POST, "/job", &body).await;
    sim.cdm_start("whole").await;
    let table = sim.cdm_status("whole_orders").await;
    assert_eq!(
        (&table["job-name"], &table["status"]),
        (&json!("whole_orders"), &json!("BOOTING"))
    );
    assert_eq!(sim.cdm_get("/job/other_orders/status").await.cdm().1, "Cdm.0054");
}

#[tokio::test]
async fn a_cluster_is_shown_switched_and_takes_no_calls_while_it_is_off() {
    let sim = Sim::start();
    sim.still().await;
    let path = format!("/v1.1/{PROJECT}/clusters");
    let all = sim.get(&path).await.json();
    assert_eq!(
        (&all["clusters"][0]["id"], &all["clusters"][0]["status"]),
        (&json!(CLUSTER), &json!("200"))
    );
    let missing = sim
        .get(&format!("{path}/00000000-0000-0000-0000-000000000000"))
        .await;
    assert_eq!(missing.cdm(), (404, "Cdm.0001".to_owned()));
    let missing = sim
        .get(&format!(
            "{path}/00000000-0000-0000-0000-000000000000/cdm/job/all"
        ))
        .await;
    assert_eq!(missing.status, 404);
    sim.cdm_job("a").await;
    sim.cdm_start("a").await;
    let act = async |body: Value| {
        sim.call(Method::POST, &format!("{path}/{CLUSTER}/action"), &body)
            .await
    };
    let stop = act(json!({"stop": {"stopMode": "IMMEDIATELY"}})).await;
    assert!(stop.json()["jobId"].is_array(), "{stop:?}");
    let status = async || sim.get(&format!("{path}/{CLUSTER}")).await.json()["status"].clone();
    assert_eq!(status().await, "910");
    assert_eq!(sim.cdm_get("/job/a").await.cdm(), (503, "Cdm.0201".to_owned()));
    sim.advance(5000).await;
    assert_eq!(status().await, "900");
    assert_eq!(act(json!({"restart": {}})).await.cdm().1, "Cdm.0014");
    assert_eq!(act(json!({"start": {}})).await.status, 200);
    assert_eq!(status().await, "920");
    sim.advance(5000).await;
    assert_eq!(sim.cdm_show("a").await["status"], "FAILED");
    assert!(act(json!({"restart": {}})).await.json()["jobId"].is_string());
    sim.advance(5000).await;
    sim.admin(
        Method::PATCH,
        &format!("/jobs/cdm-clusters/{CLUSTER}"),
        &json!({"status": "800"}),
    )
    .await;
    assert_eq!(
        sim.get(&format!("{path}/{CLUSTER}")).await.json()["isFrozen"],
        "1"
    );
    assert_eq!(sim.cdm_get("/link/all").await.status, 503);
    // What the world says anew stands.
    let mut world = sim.admin(Method::GET, "/world", &Value::Null).await;
    world["cdm"]["clusters"][0]["status"] = json!("100");
    sim.admin(Method::PATCH, "/world", &json!({"cdm": world["cdm"]}))
        .await;
    assert_eq!(status().await, "100");
}

#[tokio::test]
async fn everything_is_kept_over_a_restart() {
    let sim = Sim::start();
    sim.still().await;
    sim.cdm_job("a").await;
    sim.cdm_job("b").await;
    sim.cdm(Method::DELETE, "/link/css", &Value::Null).await;
    sim.cdm(Method::POST, "/link", &super::link("l", "x")).await;
    sim.cdm_start("a").await;
    assert_eq!(sim.cdm(Method::PUT, "/job/b", &orders("c")).await.status, 200);
    assert_eq!(sim.key.0, AK);
    let sim = sim.restarted(&json!({}));
    assert_eq!(sim.cdm_status("a").await["submission-id"], 1);
    assert_eq!(sim.cdm_get("/job/b").await.status, 400);
    assert_eq!(sim.cdm_get("/job/c").await.status, 200);
    assert_eq!(
        (
            sim.cdm_get("/link/l").await.status,
            sim.cdm_get("/link/css").await.status.as_u16()
        ),
        (reqwest::StatusCode::OK, 404)
    );
    sim.advance(20_000).await;
    assert_eq!(sim.cdm_show("a").await["status"], "SUCCEEDED");
    assert_eq!(sim.cdm_start("a").await["submission-id"], 2);
}
