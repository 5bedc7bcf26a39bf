//! The stage of one measurement: control plane, cloud and operator, fresh each time.
use super::cluster::{Cluster, NAMESPACE, documents};
use super::process::{Process, binary};
use super::subject::Subject;
use control_plane::{ControlPlane, Options};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// How many times faster than the real one the simulated cloud creates and starts jobs.
pub const SPEED: u32 = 100;

/// Everything that runs. Dropped from top to bottom.
pub struct Rig {
    /// The operator.
    pub operator: Process,
    simulator: Process,
    /// The API server.
    pub cluster: Cluster,
    url: String,
    _plane: ControlPlane,
    dir: TempDir,
}

impl Rig {
    /// Sets everything up: at the end the account is proved and there is no job yet.
    pub async fn start(subject: &Subject) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            audit_log: Some(audit_log(dir.path())),
            ..Options::default()
        };
        let plane = ControlPlane::start(options).await.unwrap();
        let cluster = Cluster::of(plane.kubeconfig()).await;
        cluster.install(&definitions()).await;
        let (simulator, url) = simulator(dir.path(), subject).await;
        let operator = operator(plane.kubeconfig(), dir.path());
        for manifest in subject.needs().iter().chain(&subject.account(&url)) {
            cluster.apply(manifest).await;
        }
        let proved = cluster.until_ready("CloudAccount", "0".into(), 1);
        if tokio::time::timeout(Duration::from_mins(1), proved)
            .await
            .is_err()
        {
            panic!("the account is not ready:\n{}", operator.tail());
        }
        Self {
            operator,
            simulator,
            cluster,
            url,
            _plane: plane,
            dir,
        }
    }

    /// The API server's audit log.
    pub fn audit_log(&self) -> PathBuf {
        audit_log(self.dir.path())
    }

    /// The cloud's request log.
    pub fn request_log(&self) -> PathBuf {
        request_log(self.dir.path())
    }

    /// The id and the name of every remote job.
    pub async fn remote_jobs(&self, subject: &Subject) -> Vec<(String, String)> {
        let answer = reqwest::get(format!("{}/_sim/jobs/{}", self.url, subject.service)).await;
        let Ok(answer) = answer else {
            panic!("the simulator does not answer:\n{}", self.simulator.tail());
        };
        let list: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let text = |job: &Value, field: &str| job[field].as_str().unwrap().to_owned();
        let jobs = list["jobs"].as_array().unwrap().iter();
        jobs.map(|job| (text(job, &subject.id), text(job, &subject.name)))
            .collect()
    }
}

fn audit_log(dir: &Path) -> PathBuf {
    dir.join("audit.jsonl")
}

fn request_log(dir: &Path) -> PathBuf {
    dir.join("requests.jsonl")
}

fn definitions() -> Vec<Value> {
    let printed = std::process::Command::new(binary("replication-operator"))
        .arg("crds")
        .output()
        .unwrap();
    documents(&String::from_utf8(printed.stdout).unwrap())
}

/// As it is installed, but for its ports: leader election on, all namespaces, default concurrency.
fn operator(kubeconfig: &Path, dir: &Path) -> Process {
    let args = [
        "run".to_owned(),
        "--metrics-addr=127.0.0.1:0".into(),
        "--health-addr=127.0.0.1:0".into(),
        format!("--lease-namespace={NAMESPACE}"),
    ];
    let variables = [("KUBECONFIG", kubeconfig.as_os_str())];
    let program = binary("replication-operator");
    Process::start(&program, &args, &variables, &dir.join("operator"))
}

async fn simulator(dir: &Path, subject: &Subject) -> (Process, String) {
    let log = format!("--request-log={}", request_log(dir).display());
    let args = ["--listen=127.0.0.1:0".to_owned(), log];
    let process = Process::start(&binary("cloud-simulator"), &args, &[], &dir.join("simulator"));
    let url = loop {
        let output = process.output();
        if let Some(url) = output.lines().find_map(|line| line.strip_prefix("listening on ")) {
            break url.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        // Fails when it has ended.
        process.memory();
    };
    let admin = reqwest::Client::new();
    let clock = admin
        .post(format!("{url}/_sim/clock"))
        .json(&json!({"speed": SPEED}));
    let world = admin
        .patch(format!("{url}/_sim/world"))
        .json(subject.world.as_ref().unwrap_or(&json!({})));
    for request in [clock, world] {
        assert!(request.send().await.unwrap().status().is_success());
    }
    (process, url)
}
