//! One life from beginning to end, in a namespace and a cloud of its own, with at most one kill.
use super::audit::{Audit, Cloud};
use super::gateway::Gateway;
use super::lifecycle::{Lifecycle, Step, Target, target};
use super::point::{Point, Record};
use super::trap::Trap;
use crate::harness::{Cluster, Object, Operator, Plane, Simulator, plane, until};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// Short, so that a create whose fate is unknown costs seconds; no election, so that the next operator starts at once.
const FLAGS: [&str; 3] = [
    "--request-timeout=1s",
    "--settle-window=4s",
    "--leader-elect=false",
];
/// How late the cloud's lists tell of a change, in seconds; the settle window is longer.
const STALE: u32 = 2;
/// How fast the cloud's time goes.
const SPEED: u32 = 100;
/// How long a step may take: several lives share the machine, and it may have other work.
const PATIENCE: Duration = Duration::from_mins(10);

/// How a life went.
pub struct Outcome {
    /// Whether the operator was killed.
    pub killed: bool,
    /// What was left behind.
    pub audit: Audit,
    /// Every request that was seen.
    pub record: Record,
}

/// Lives one life, and kills the operator at this point of it.
pub async fn live(lifecycle: &Lifecycle, point: Option<Point>) -> Outcome {
    let lane = Lane::open(lifecycle, point).await;
    let doubted = lane.walk(lifecycle).await;
    let audit = lane.cloud.audit(&lifecycle.acts, &doubted).await;
    if !audit.is_clean() {
        lane.tell();
    }
    Outcome {
        killed: lane.trap.has_sprung(),
        audit,
        record: lane.trap.record(),
    }
}

struct Lane {
    cluster: Cluster,
    namespace: String,
    _simulator: Simulator,
    cloud: Cloud,
    trap: Arc<Trap>,
    to_cloud: Gateway,
    _to_cluster: Gateway,
    keeper: JoinHandle<()>,
    dir: TempDir,
}

impl Lane {
    async fn open(lifecycle: &Lifecycle, point: Option<Point>) -> Self {
        let plane = plane().await;
        let dir = tempfile::tempdir().unwrap();
        let cluster = plane.cluster().await;
        let namespace = cluster.new_namespace().await;
        let simulator =
            Simulator::start(dir.path(), lifecycle.world.clone(), SPEED, &lifecycle.service).await;
        let stale = json!({"count": 0, "effect": {"staleList": {"seconds": STALE}}});
        post(&format!("{}/_sim/faults", simulator.url), &stale).await;
        let cloud = Cloud::untouched(lifecycle, &simulator.url).await;
        let trap = Arc::new(Trap::new(point));
        let to_cloud = Gateway::to_cloud(&simulator.url, trap.clone()).await;
        let to_cluster = Gateway::to_cluster(&plane.kubeconfig, trap.clone()).await;
        let kubeconfig = kubeconfig(dir.path(), &to_cluster.url);
        let plane = Plane::at(&kubeconfig, &plane.path);
        let keeper = keep(plane, namespace.clone(), trap.clone(), dir.path().to_owned());
        Self {
            keeper: tokio::spawn(keeper),
            _to_cluster: to_cluster,
            cluster,
            namespace,
            _simulator: simulator,
            cloud,
            trap,
            to_cloud,
            dir,
        }
    }

    /// From the account's creation to its deletion, with every step seen to its end. Gives the acts of which the job said
    /// that their outcome is unknown.
    async fn walk(&self, lifecycle: &Lifecycle) -> Vec<String> {
        let account = lifecycle.account(&self.to_cloud.url);
        let holder = target(account.last().unwrap());
        self.enter("account");
        self.apply(&account).await;
        self.until(&holder, "to be ready", |one| {
            one.condition("Ready").status == "True"
        })
        .await;
        let targets = lifecycle.targets();
        let mut doubted = BTreeMap::new();
        for (number, step) in lifecycle.steps.iter().enumerate() {
            self.enter(&step.name);
            let job = targets.last().unwrap();
            if number == 0 {
                self.apply(&lifecycle.objects()).await;
            } else {
                self.edit(job, &step.patch).await;
            }
            doubted.extend(doubts(&self.over(job, step).await));
        }
        self.enter("delete");
        self.remove(&targets).await;
        self.until(&holder, "to be let go", |one| !is_held(one)).await;
        self.enter("forget");
        self.remove(&[holder]).await;
        doubted.into_values().collect()
    }

    async fn over(&self, job: &Target, step: &Step) -> Object {
        let what = format!("to be {} at the end of {:?}", step.ready, step.name);
        self.until(job, &what, |one| step.is_over(one)).await
    }

    fn enter(&self, step: &str) {
        self.trap.enter(step);
    }

    async fn apply(&self, objects: &[Value]) {
        for object in objects {
            self.cluster.apply(&self.namespace, object).await.unwrap();
        }
    }

    async fn edit(&self, (kind, name): &Target, patch: &Value) {
        self.cluster.patch(kind, &self.namespace, name, patch).await;
    }

    async fn until(&self, (kind, name): &Target, what: &str, good: impl Fn(&Object) -> bool) -> Object {
        until(&format!("{kind} {name} {what}"), PATIENCE, async || {
            match self.cluster.get(kind, &self.namespace, name).await {
                Some(object) if good(&object) => Ok(object),
                Some(object) => Err(object.to_string()),
                None => Err("there is no such object".to_owned()),
            }
        })
        .await
    }

    /// Asks for all deletions at once, and waits until the objects are gone.
    async fn remove(&self, targets: &[Target]) {
        for (kind, name) in targets {
            self.cluster.delete(kind, &self.namespace, name).await;
        }
        for (kind, name) in targets {
            until(&format!("{kind} {name} to be gone"), PATIENCE, async || {
                let object = self.cluster.get(kind, &self.namespace, name).await;
                object.map_or(Ok(()), Err)
            })
            .await;
        }
    }

    /// What a person needs who looks for the cause.
    fn tell(&self) {
        eprintln!("--- {} ---\n{}", self.namespace, self.logs());
    }

    fn logs(&self) -> String {
        let files = std::fs::read_dir(self.dir.path()).unwrap();
        let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        paths.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "log" || extension == "jsonl")
        });
        paths.sort();
        paths.iter().map(|path| tail(path)).collect()
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.keeper.abort();
        if std::thread::panicking() {
            self.tell();
        }
    }
}

/// Starts the operator, and starts it again when the trap has sprung and it is dead.
async fn keep(plane: Plane, namespace: String, trap: Arc<Trap>, dir: PathBuf) {
    for number in 0.. {
        let files = dir.join(format!("operator-{number}"));
        let mut operator = Operator::start(&plane, &namespace, &FLAGS, &files);
        trap.sprung().await;
        operator.kill();
        trap.reopen();
    }
}

/// A kubeconfig that leads to the gateway, which has the rights that the operator needs.
fn kubeconfig(dir: &Path, url: &str) -> PathBuf {
    let path = dir.join("kubeconfig");
    let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "gateway",
        "clusters": [{"name": "gateway", "cluster": {"server": url}}],
        "users": [{"name": "gateway", "user": {}}],
        "contexts": [{"name": "gateway", "context": {"cluster": "gateway", "user": "gateway"}}]});
    std::fs::write(&path, config.to_string()).unwrap();
    path
}

fn is_held(object: &Object) -> bool {
    let finalizers = object["metadata"]["finalizers"].as_array();
    finalizers.is_some_and(|all| !all.is_empty())
}

/// The acts, in the simulator's words, of which a job says to its user that their outcome is unknown; by the nonces of their
/// announcements.
fn doubts(job: &Object) -> BTreeMap<String, String> {
    let says_so = !job.condition("Synced").message.is_empty();
    let acts = job["status"]["acts"].as_array().into_iter().flatten();
    let unknown = acts.filter(|act| says_so && act["outcome"] == "Unknown");
    unknown
        .map(|act| (act["nonce"].to_string(), word(&act["act"])))
        .collect()
}

fn word(act: &Value) -> String {
    let word = match act.as_str().unwrap() {
        "Run" => "start",
        "Rename" => "update",
        other => other,
    };
    word.to_lowercase()
}

async fn post(url: &str, body: &Value) {
    let answer = reqwest::Client::new().post(url).json(body).send().await.unwrap();
    assert!(answer.status().is_success(), "{url}: {}", answer.status());
}

/// The name and the end of a file.
fn tail(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let end = lines[lines.len().saturating_sub(100)..].join("\n");
    format!("{}:\n{end}\n", path.file_name().unwrap().display())
}
