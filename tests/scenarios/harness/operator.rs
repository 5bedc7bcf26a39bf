//! The real operator as a child process.
use super::plane::Plane;
use super::process::{Process, binary};
use super::wait::{PATIENCE, until};
use serde_json::Value;
use std::path::Path;
use std::process::ExitStatus;

/// One replica.
pub struct Operator {
    process: Process,
}

impl Operator {
    /// Starts it for one namespace; later flags win over those that every scenario shares.
    pub fn start(plane: &Plane, namespace: &str, flags: &[&str], files: &Path) -> Self {
        let shared = ["run", "--metrics-addr=127.0.0.1:0", "--health-addr=127.0.0.1:0"];
        let mut args: Vec<String> = shared.iter().map(ToString::to_string).collect();
        args.push(format!("--watch-namespace={namespace}"));
        let usual = [
            ("--request-timeout", "2s"),
            ("--settle-window", "8s"),
            ("--lease-namespace", namespace),
            ("--log-filter", "info,replication_operator=debug"),
        ];
        for (flag, value) in usual {
            if !flags.iter().any(|given| given.starts_with(flag)) {
                args.push(format!("{flag}={value}"));
            }
        }
        args.extend(flags.iter().map(ToString::to_string));
        let variables = [("KUBECONFIG", plane.kubeconfig.as_os_str())];
        Self {
            process: Process::start(&binary("replication-operator"), &args, &variables, files),
        }
    }

    /// What it logged.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Every logged line with this message.
    pub fn lines(&self, message: &str) -> Vec<Value> {
        let log = self.log();
        log.lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|line| line["message"] == message)
            .collect()
    }

    /// Waits until it has logged this message.
    pub async fn says(&self, message: &str) -> Value {
        until(
            &format!("the operator to log {message:?}"),
            PATIENCE,
            async || self.lines(message).pop().ok_or_else(|| self.log()),
        )
        .await
    }

    /// Where one of its servers listens.
    pub fn address(&self, server: &str) -> Option<String> {
        let lines = self.lines("listening");
        let line = lines.into_iter().find(|line| line["server"] == server);
        line.and_then(|line| line["address"].as_str().map(str::to_owned))
    }

    /// A page of one of its servers, `health` or `metrics`: status and text.
    pub async fn page(&self, server: &str, path: &str) -> (u16, String) {
        let address = until("the operator to listen", PATIENCE, async || {
            self.address(server).ok_or_else(|| self.log())
        })
        .await;
        let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        self.process.runs()
    }

    /// SIGTERM, and how it ended.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.process.ask_to_end();
        self.process.ended("the operator to end after SIGTERM").await
    }
}
