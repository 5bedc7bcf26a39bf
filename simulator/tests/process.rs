//! The program as a process: its files, its first line, its end.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::process::Command;

use common::{Sim, binary, job, rocketmq_job, send};
use reqwest::Method;
use serde_json::{Value, json};

fn print_world(world: Option<&str>) -> String {
    let mut command = binary();
    command.arg("--print-world");
    let folder = tempfile::tempdir().unwrap();
    if let Some(world) = world {
        let file = folder.path().join("world.json");
        std::fs::write(&file, world).unwrap();
        command.arg("--world").arg(file);
    }
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn the_printed_world_is_taken_back() {
    let first = print_world(None);
    assert_eq!(print_world(Some(&first)), first);
}

#[test]
fn an_unknown_member_of_the_world_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.json");
    std::fs::write(&file, r#"{"hauwei": {}}"#).unwrap();
    let output = binary().arg("--world").arg(file).output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("hauwei"), "{text}");
}

#[tokio::test]
async fn jobs_tokens_and_time_outlive_a_restart() {
    let sim = Sim::start();
    let id = sim.create("a").await;
    let login = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {
        "name": "replication-operator", "password": "Operator@Sim2026", "domain": {"name": "acme"}}}},
        "scope": {"project": {"name": "cn-south-1"}}}});
    let answer = send(sim.http.post(format!("{}/v3/auth/tokens", sim.url)).json(&login))
        .await
        .unwrap();
    let token = answer.headers["x-subject-token"].to_str().unwrap().to_owned();
    sim.advance(2000).await;
    sim.act(&id, "START").await;
    let gone = sim.create("b").await;
    sim.advance(2000).await;
    sim.eg(Method::DELETE, &format!("/jobs/{gone}"), &Value::Null)
        .await;
    sim.advance(2000).await;
    assert_eq!(sim.total().await, 1);

    let sim = sim.restarted(&json!({}));
    sim.advance(2000).await;
    assert_eq!(sim.status(&id).await, "RUNNING");
    assert_eq!(sim.total().await, 1);
    let totals = sim.admin(Method::GET, "/jobs/eventgrid", &Value::Null).await;
    assert_eq!(
        (totals["created"].as_u64(), totals["deleted"].as_u64()),
        (Some(2), Some(1))
    );
    let url = format!("{}/v1/{}/eventrouter/jobs", sim.url, common::PROJECT);
    assert_eq!(
        send(sim.http.get(url).header("x-auth-token", token))
            .await
            .unwrap()
            .status,
        200
    );
}

#[tokio::test]
async fn the_request_log_holds_no_secret() {
    let sim = Sim::start();
    let login = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {
        "name": "replication-operator", "password": "Operator@Sim2026", "domain": {"name": "acme"}}}}}});
    let answer = send(sim.http.post(format!("{}/v3/auth/tokens", sim.url)).json(&login))
        .await
        .unwrap();
    let token = answer.headers["x-subject-token"].to_str().unwrap().to_owned();
    sim.eg(Method::POST, "/jobs", &rocketmq_job("a")).await;
    let url = format!("{}/v1/{}/eventrouter/jobs", sim.url, common::PROJECT);
    send(sim.http.get(url).header("x-auth-token", &token))
        .await
        .unwrap();
    let file = std::fs::read_to_string(sim.log_file()).unwrap();
    assert_eq!(file.lines().count(), 3);
    let memory = Value::from(sim.requests().await).to_string();
    for text in [&file, &memory] {
        for secret in [
            "Operator@Sim2026",
            "secret-of-rocketmq",
            common::SK,
            token.as_str(),
            "Signature=",
        ] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
    let lines: Vec<Value> = file
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[1]["operation"], "CreateEventRouterJob");
    assert_eq!(Value::from(lines), Value::from(sim.requests().await));
}

#[tokio::test]
async fn the_log_is_read_from_an_index_and_cleared() {
    let sim = Sim::start();
    sim.create("a").await;
    sim.create("b").await;
    let late = sim.admin(Method::GET, "/requests?since=1", &Value::Null).await;
    assert_eq!(
        (late.as_array().unwrap().len(), late[0]["index"].as_u64()),
        (1, Some(1))
    );
    sim.admin(Method::DELETE, "/requests", &Value::Null).await;
    sim.create("c").await;
    assert_eq!(sim.requests().await[0]["index"], 2);
}

#[tokio::test]
async fn a_reset_forgets_everything() {
    let sim = Sim::start();
    sim.create("a").await;
    sim.admin(Method::POST, "/reset", &Value::Null).await;
    assert_eq!(sim.total().await, 0);
    let sim = sim.restarted(&json!({}));
    assert_eq!(sim.total().await, 0);
}

#[tokio::test]
async fn a_termination_ends_the_program_at_once_even_while_requests_are_held() {
    let mut sim = Sim::start();
    let fault = sim
        .fault(json!({"match": {"operation": "CreateEventRouterJob"}, "effect": {"holdBefore": {}}}))
        .await;
    let target = format!("/v1/{}/eventrouter/jobs", common::PROJECT);
    let request = tokio::spawn(send(sim.signed(&Method::POST, &target, &job("a").to_string())));
    sim.until_held(&fault, 1).await;
    assert!(
        Command::new("kill")
            .arg(sim.pid().to_string())
            .status()
            .unwrap()
            .success()
    );
    assert!(sim.wait_for_exit().success());
    assert!(request.await.unwrap().is_err());
}
