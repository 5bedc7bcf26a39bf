//! The simulated cloud as a child process, its request log and its faults; the only place that knows its admin API.
use super::manifest::merge;
use super::process::{Process, binary};
use super::wait::{PATIENCE, until};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A simulated cloud.
pub struct Simulator {
    process: Process,
    http: reqwest::Client,
    /// Where it listens.
    pub url: String,
    /// What it was told to be.
    pub world: Value,
    service: String,
    requests: PathBuf,
}

impl Simulator {
    /// Starts one whose world is the default one with a merge patch, `speed` times as fast as the real thing.
    /// What is asked about jobs is about those of one service.
    pub async fn start(dir: &Path, patch: Value, speed: u32, service: &str) -> Self {
        let mut world = default_world();
        merge(&mut world, patch);
        let (file, requests) = (dir.join("world.json"), dir.join("requests.jsonl"));
        std::fs::write(&file, world.to_string()).unwrap();
        let args = [
            "--listen=127.0.0.1:0".to_owned(),
            format!("--world={}", file.display()),
            format!("--request-log={}", requests.display()),
        ];
        let process = Process::start(&binary("cloud-simulator"), &args, &[], &dir.join("simulator"));
        let url = until("the simulator to listen", PATIENCE, async || {
            let output = process.output();
            let first = output
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("listening on "));
            first.map(str::to_owned).ok_or_else(|| process.log())
        })
        .await;
        let simulator = Self {
            process,
            http: reqwest::Client::new(),
            url,
            world,
            service: service.to_owned(),
            requests,
        };
        simulator.post("/_sim/clock", json!({"speed": speed})).await;
        simulator
    }

    /// The first user's access key and secret key.
    pub fn key(&self) -> (String, String) {
        let user = &self.world["huawei"]["users"][0];
        let text = |field: &str| user[field].as_str().unwrap().to_owned();
        (text("accessKey"), text("secretKey"))
    }

    /// Every request so far, oldest first.
    pub async fn requests(&self) -> Vec<Value> {
        let answer = self
            .call(reqwest::Method::GET, "/_sim/requests?since=0", None)
            .await;
        let list = answer.get("requests").cloned().unwrap_or(answer);
        list.as_array().unwrap().clone()
    }

    /// The end of the request log, for a failed test.
    pub fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.requests).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n") + &self.process.log()
    }

    /// What was asked to be changed, in order, refused or not: `create`, `start`, `stop`, `update`, `delete`…
    pub async fn writes(&self) -> Vec<String> {
        self.requests().await.iter().filter_map(write).collect()
    }

    /// The same of one job; without its create, which has no id yet.
    pub async fn writes_to(&self, id: &str) -> Vec<String> {
        let requests = self.requests().await;
        let about = |request: &&Value| request["path"].as_str().is_some_and(|path| path.contains(id));
        requests.iter().filter(about).filter_map(write).collect()
    }

    /// Waits until a write of this kind is in the log, answered or not.
    pub async fn until_written(&self, write: &str) {
        until(&format!("{write} to be sent"), PATIENCE, async || {
            let writes = self.writes().await;
            if writes.iter().any(|one| one == write) {
                Ok(())
            } else {
                Err(format!("{writes:?}"))
            }
        })
        .await;
    }

    /// Waits until an operation was called so often, not counting the first `after` requests of all.
    pub async fn until_called(&self, after: usize, operation: &str, times: usize) {
        until(&format!("{times} calls of {operation}"), PATIENCE, async || {
            let requests = self.requests().await;
            let called = requests
                .iter()
                .skip(after)
                .filter(|r| r["operation"] == operation)
                .count();
            if called >= times { Ok(()) } else { Err(called) }
        })
        .await;
    }

    /// The time from the first to the last request of an operation, in seconds.
    pub async fn seconds_between(&self, operation: &str) -> f64 {
        let requests = self.requests().await;
        let of = |request: &&Value| request["operation"] == operation;
        let times: Vec<jiff::Timestamp> = requests.iter().filter(of).map(time).collect();
        (*times.last().unwrap() - times[0])
            .total(jiff::Unit::Second)
            .unwrap()
    }

    /// Adds a fault for the next `count` requests of an operation, 0 for all; gives its id.
    pub async fn fault(&self, operation: &str, count: u32, effect: Value) -> String {
        let fault = json!({"match": {"operation": operation}, "count": count, "effect": effect});
        text(&self.post("/_sim/faults", fault).await["id"])
    }

    /// Waits until a fault holds a request.
    pub async fn until_holding(&self, fault: &str) {
        until("the simulator to hold a request", PATIENCE, async || {
            let seen = self.fault_state(fault).await;
            if seen["holding"].as_u64() > Some(0) {
                Ok(())
            } else {
                Err(seen)
            }
        })
        .await;
    }

    /// Waits until a fault has struck so often.
    pub async fn until_hits(&self, fault: &str, hits: u64) {
        until("the fault to strike", PATIENCE, async || {
            let seen = self.fault_state(fault).await;
            if seen["hits"].as_u64() >= Some(hits) {
                Ok(())
            } else {
                Err(seen)
            }
        })
        .await;
    }

    /// Takes a fault away, which lets go what it holds.
    pub async fn mend(&self, fault: &str) {
        self.call(reqwest::Method::DELETE, &format!("/_sim/faults/{fault}"), None)
            .await;
    }

    /// Every job of the service there is.
    pub async fn jobs(&self) -> Vec<Value> {
        let answer = self.call(reqwest::Method::GET, &self.path(""), None).await;
        let list = answer
            .get("jobs")
            .or_else(|| answer.get("items"))
            .cloned()
            .unwrap_or(answer);
        list.as_array().unwrap().clone()
    }

    /// The one job there is.
    pub async fn job(&self) -> Value {
        let jobs = self.jobs().await;
        assert_eq!(jobs.len(), 1, "one job was expected: {jobs:#?}");
        jobs[0].clone()
    }

    /// Someone else edits a job.
    pub async fn edit(&self, id: &str, patch: Value) {
        self.call(reqwest::Method::PATCH, &self.path(&format!("/{id}")), Some(patch))
            .await;
    }

    /// What a service keeps under an id, such as a job of `cdm`, as the admin API shows it.
    pub async fn entry(&self, service: &str, id: &str) -> Value {
        let path = format!("/_sim/jobs/{service}/{id}");
        self.call(reqwest::Method::GET, &path, None).await
    }

    /// Someone else changes what a service keeps under an id.
    pub async fn change(&self, service: &str, id: &str, patch: Value) {
        let entry = format!("/_sim/jobs/{service}/{id}");
        self.call(reqwest::Method::PATCH, &entry, Some(patch)).await;
    }

    /// Someone else deletes a job.
    pub async fn remove(&self, id: &str) {
        self.call(reqwest::Method::DELETE, &self.path(&format!("/{id}")), None)
            .await;
    }

    /// Someone else creates a job; gives its id.
    pub async fn add(&self, job: Value) -> String {
        let added = self.post(&self.path(""), job).await;
        id_of(&added)
    }

    fn path(&self, rest: &str) -> String {
        format!("/_sim/jobs/{}{rest}", self.service)
    }

    async fn fault_state(&self, fault: &str) -> Value {
        let answer = self.call(reqwest::Method::GET, "/_sim/faults", None).await;
        let list = answer.get("faults").cloned().unwrap_or(answer);
        let found = list
            .as_array()
            .unwrap()
            .iter()
            .find(|one| text(&one["id"]) == fault);
        found.cloned().unwrap_or(Value::Null)
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.call(reqwest::Method::POST, path, Some(body)).await
    }

    async fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

/// The id of a job as the admin API shows it.
pub fn id_of(job: &Value) -> String {
    let id = job
        .get("job_id")
        .or_else(|| job.get("jobId"))
        .or_else(|| job.get("id"));
    id.and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no id in {job}"))
        .to_owned()
}

/// When a request came in.
pub fn time(request: &Value) -> jiff::Timestamp {
    request["time"].as_str().unwrap().parse().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The SHA-256 of the password that a job holds for its `source` or its `sink`.
pub fn password_digest(job: &Value, side: &str) -> String {
    let beside = job[format!("{side}PasswordSha256")].as_str();
    let ends = job[format!("{side}_config")].as_object();
    let within = || ends?.values().find_map(|end| end["passwordSha256"].as_str());
    beside.or_else(within).unwrap_or_default().to_owned()
}

/// What a logged request asks to be changed, if anything.
fn write(request: &Value) -> Option<String> {
    let operation = request["operation"].as_str().unwrap_or_default();
    if let Some(act) = operation.strip_suffix("DatahubTask") {
        return connector(act);
    }
    let path = request["path"].as_str()?;
    if let Some((_, rest)) = path.split_once("/connector/tasks") {
        return order(request["method"].as_str()?, rest);
    }
    if let Some((_, rest)) = path.split_once("/cdm/") {
        return data_migration(request["method"].as_str()?, rest);
    }
    let (_, rest) = path.split_once("/eventrouter/jobs")?;
    let word = match (request["method"].as_str()?, rest) {
        ("POST", "") => "create",
        ("POST", rest) if rest.ends_with("/action") => return Some(action(request)),
        ("PUT", rest) if rest.ends_with("/log") => "log",
        ("PUT", _) => "update",
        ("DELETE", _) => "delete",
        _ => return None,
    };
    Some(word.to_owned())
}

/// The same of a connector task of CKafka, whose paths are all the same.
fn connector(act: &str) -> Option<String> {
    match act {
        "Describe" => None,
        "Modify" => Some("update".into()),
        other => Some(other.to_lowercase()),
    }
}

/// The same of a Smart Connect task, whose acts are in the path.
fn order(method: &str, rest: &str) -> Option<String> {
    let word = match (method, rest.split('/').nth(2)) {
        ("POST", None) => "create",
        ("PUT", Some(act)) => act,
        ("PUT", None) => "update",
        ("DELETE", _) => "delete",
        _ => return None,
    };
    Some(word.to_owned())
}

/// The same at the data migration service, whose links are told from its jobs.
fn data_migration(method: &str, rest: &str) -> Option<String> {
    let (what, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let word = match (method, rest) {
        ("POST", _) => "create",
        ("PUT", rest) if rest.ends_with("/start") => "start",
        ("PUT", rest) if rest.ends_with("/stop") => "stop",
        ("PUT", _) => "update",
        ("DELETE", _) => "delete",
        _ => return None,
    };
    Some(if what == "link" {
        format!("{word} link")
    } else {
        word.to_owned()
    })
}

fn action(request: &Value) -> String {
    match request["action"].as_str().unwrap_or_default() {
        "START" => "start".into(),
        "PAUSE" | "STOP" => "stop".into(),
        other => format!("action {other}"),
    }
}

fn default_world() -> Value {
    let printed = Command::new(binary("cloud-simulator"))
        .arg("--print-world")
        .output()
        .unwrap();
    serde_json::from_slice(&printed.stdout).unwrap()
}
