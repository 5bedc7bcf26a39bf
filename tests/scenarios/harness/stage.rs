//! The stage: everything that one scenario needs, set up before it and torn down after it.
use super::cluster::Cluster;
use super::job::Object;
use super::manifest::{Manifest, tencent};
use super::operator::Operator;
use super::plane::{Plane, plane};
use super::release::Release;
use super::simulator::Simulator;
use super::wait::{PATIENCE, until};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

const LOOK: &str = "replication.dev/reconcile-requested-at";

/// How a stage is wanted.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Further flags of the operator.
    pub flags: Vec<&'static str>,
    /// A merge patch of the simulator's world.
    pub world: Value,
    /// A merge patch of the account's spec.
    pub account: Value,
    /// How fast the cloud's time goes.
    pub speed: u32,
    /// The kind of the jobs.
    pub kind: &'static str,
    /// The simulator's name of the service that keeps them.
    pub service: &'static str,
    /// Whether the operator is that of a release for the whole cluster, in a namespace of its own; else of one in the
    /// scenario's namespace and for no other.
    pub cluster_wide: bool,
    /// Whose cloud it is.
    pub vendor: Vendor,
}

/// The owner of a cloud.
#[derive(Clone, Copy, Debug)]
pub enum Vendor {
    /// Huawei Cloud; its account is called `huawei`.
    Huawei,
    /// Tencent Cloud; its accounts are those of the examples, one for each region.
    Tencent,
}

impl Default for Cast {
    fn default() -> Self {
        Self {
            flags: vec![],
            world: json!({}),
            account: json!({}),
            speed: 100,
            kind: "EventRouterJob",
            service: "eventgrid",
            cluster_wide: false,
            vendor: Vendor::Huawei,
        }
    }
}

/// A namespace with an account, a cloud behind it, and an operator.
pub struct Stage {
    /// The API server.
    pub cluster: Cluster,
    /// The scenario's own namespace.
    pub namespace: String,
    /// The cloud.
    pub simulator: Simulator,
    /// The operator that was started last.
    pub operator: Operator,
    flags: Vec<&'static str>,
    kind: &'static str,
    plane: Plane,
    release: Release,
    denials_count: bool,
    started: AtomicU64,
    dir: TempDir,
}

impl Stage {
    /// The usual stage.
    pub async fn open() -> Self {
        Self::with(Cast::default()).await
    }

    /// A stage with something special, on the shared control plane.
    pub async fn with(cast: Cast) -> Self {
        let shared = plane().await;
        Self::on(Plane::at(&shared.kubeconfig, &shared.path), cast).await
    }

    /// A stage on this control plane.
    pub async fn on(plane: Plane, cast: Cast) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cluster = plane.cluster().await;
        let namespace = cluster.new_namespace().await;
        let simulator = Simulator::start(dir.path(), cast.world, cast.speed, cast.service).await;
        let release = if cast.cluster_wide {
            let own = cluster.new_namespace().await;
            Release::install(&plane, &own, &[], dir.path()).await
        } else {
            Release::install(&plane, &namespace, &[&namespace], dir.path()).await
        };
        let files = dir.path().join("operator-0");
        let operator = start(&plane, &release, &namespace, &cast.flags, &files);
        let stage = Self {
            cluster,
            namespace,
            simulator,
            operator,
            flags: cast.flags,
            kind: cast.kind,
            plane,
            release,
            denials_count: true,
            started: AtomicU64::new(1),
            dir,
        };
        let accounts = match cast.vendor {
            Vendor::Huawei => vec![stage.credentials(), stage.account(cast.account)],
            Vendor::Tencent => tencent(&stage.simulator.url, &cast.account),
        };
        for manifest in &accounts {
            stage.apply(manifest).await;
        }
        stage
    }

    /// The Secret of the account, with keys that work.
    pub fn credentials(&self) -> Value {
        let (access, secret) = self.simulator.key();
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "huawei"},
            "stringData": {"accessKey": access, "secretKey": secret}})
    }

    /// The account, with a merge patch of its spec.
    pub fn account(&self, patch: Value) -> Value {
        let url = &self.simulator.url;
        let mut account = json!({"apiVersion": "replication.dev/v1alpha1", "kind": "CloudAccount",
            "metadata": {"name": "huawei"}, "spec": {"provider": "HuaweiCloud", "region": "cn-south-1",
                "endpoints": {"iam": url, "eg": url, "dms": url, "cdm": url},
                "rateLimit": {"eg": {"requestsPerSecond": 50, "burst": 50}, "dms": {"requestsPerSecond": 50, "burst": 50},
                    "cdm": {"requestsPerSecond": 50, "burst": 50}},
                "credentials": {"source": "Secret", "secretRef": {"name": "huawei"}}}});
        super::merge(&mut account["spec"], patch);
        account
    }

    /// Applies anything to the scenario's namespace.
    pub async fn apply(&self, manifest: &Value) -> Object {
        self.cluster.apply(&self.namespace, manifest).await.unwrap()
    }

    /// Applies a job and the Secret it names.
    pub async fn put(&self, manifest: &Manifest) -> Object {
        if !manifest.secret.is_null() {
            self.apply(&manifest.secret).await;
        }
        self.apply(&manifest.job).await
    }

    /// Applies a job and its Secret, and waits until it is ready.
    pub async fn settle(&self, manifest: &Manifest) -> Object {
        self.put(manifest).await;
        self.until_job(manifest.name(), "to be ready", Object::is_ready)
            .await
    }

    /// Changes the job with a merge patch.
    pub async fn edit(&self, name: &str, patch: Value) -> Object {
        self.cluster.patch(self.kind, &self.namespace, name, &patch).await
    }

    /// The job as it is.
    pub async fn job(&self, name: &str) -> Option<Object> {
        self.cluster.get(self.kind, &self.namespace, name).await
    }

    /// Asks for the deletion of the job.
    pub async fn delete(&self, name: &str) {
        self.cluster.delete(self.kind, &self.namespace, name).await;
    }

    /// Waits until the job is as it should be.
    pub async fn until_job(&self, name: &str, what: &str, good: impl Fn(&Object) -> bool) -> Object {
        self.until(self.kind, name, what, good).await
    }

    /// Waits until a job's condition has this status and reason.
    pub async fn until_says(&self, name: &str, kind: &str, status: &str, reason: &str) -> Object {
        let what = format!("to have {kind}={status}, reason {reason}");
        self.until_job(name, &what, |job| job.is(kind, status, reason))
            .await
    }

    /// Waits until an object is as it should be.
    pub async fn until(&self, kind: &str, name: &str, what: &str, good: impl Fn(&Object) -> bool) -> Object {
        until(&format!("{kind} {name} {what}"), PATIENCE, async || {
            match self.cluster.get(kind, &self.namespace, name).await {
                Some(object) if good(&object) => Ok(object),
                Some(object) => Err(object.to_string()),
                None => Err("there is no such object".to_owned()),
            }
        })
        .await
    }

    /// Waits until an object is gone.
    pub async fn until_gone(&self, kind: &str, name: &str) {
        until(&format!("{kind} {name} to be gone"), PATIENCE, async || {
            self.cluster
                .get(kind, &self.namespace, name)
                .await
                .map_or(Ok(()), Err)
        })
        .await;
    }

    /// Asks for a look at the remote side, and does not wait for it.
    pub async fn ask_to_look(&self, name: &str, token: &str) {
        self.edit(name, json!({"metadata": {"annotations": {LOOK: token}}}))
            .await;
    }

    /// Has the operator look at the remote side now, and waits for its answer.
    pub async fn look(&self, name: &str) -> Object {
        let token = format!("look-{}", self.started.fetch_add(1, Ordering::Relaxed));
        self.ask_to_look(name, &token).await;
        let answered = |job: &Object| job["status"]["lastHandledReconcileAt"] == token.as_str();
        self.until_job(name, "to answer a requested look", answered).await
    }

    /// An object of any kind as it is.
    pub async fn object(&self, kind: &str, name: &str) -> Object {
        self.cluster.get(kind, &self.namespace, name).await.unwrap()
    }

    /// Asks for a look at the remote side of an object of any kind, and does not wait for it.
    pub async fn ask_to_look_at(&self, kind: &str, name: &str, token: &str) {
        let patch = json!({"metadata": {"annotations": {LOOK: token}}});
        self.cluster.patch(kind, &self.namespace, name, &patch).await;
    }

    /// Starts another operator, which remembers nothing, and waits until it has answered a requested look at an object.
    pub async fn restart_and_look(&mut self, kind: &str, name: &str) {
        self.restart();
        let token = format!("look-{}", self.started.fetch_add(1, Ordering::Relaxed));
        self.ask_to_look_at(kind, name, &token).await;
        let answered = |object: &Object| object["status"]["lastHandledReconcileAt"] == token.as_str();
        self.until(kind, name, "to answer a requested look", answered)
            .await;
    }

    /// Has the operator look several times, and holds that it sends nothing.
    pub async fn stays_silent(&self, name: &str) -> Object {
        let before = self.simulator.writes().await;
        self.look(name).await;
        self.look(name).await;
        let job = self.look(name).await;
        assert_eq!(
            self.simulator.writes().await,
            before,
            "something was sent without need"
        );
        job
    }

    /// Notes and reasons of the events about an object.
    pub async fn events(&self, name: &str) -> Vec<(String, String)> {
        let events = self.cluster.list("Event", &self.namespace).await;
        let about = events.iter().filter(|event| event["regarding"]["name"] == name);
        let text = |event: &Object, field: &str| event[field].as_str().unwrap_or_default().to_owned();
        about
            .map(|event| (text(event, "reason"), text(event, "note")))
            .collect()
    }

    /// The API server is about to start anew: until it has read the roles it denies everything, which proves nothing
    /// against them.
    pub fn expect_denials(&mut self) {
        self.denials_count = false;
    }

    /// Starts another operator in place of the last one, which is killed if it still runs.
    pub fn restart(&mut self) {
        self.operator.kill();
        self.operator = self.another(&self.flags);
    }

    /// Starts one more operator beside the last one.
    pub fn another(&self, flags: &[&str]) -> Operator {
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let files = self.dir.path().join(format!("operator-{number}"));
        start(&self.plane, &self.release, &self.namespace, flags, &files)
    }

    /// Runs `kubectl` in the namespace, with a manifest on its standard input; whether it succeeded, and its words.
    pub fn kubectl(&self, args: &[&str], manifest: &Value) -> (bool, String) {
        let mut command = std::process::Command::new("kubectl");
        command
            .args(["-n", &self.namespace])
            .args(args)
            .env("PATH", &self.plane.path);
        command
            .env("KUBECONFIG", &self.plane.kubeconfig)
            .env("KUBECACHEDIR", self.dir.path().join("cache"));
        let file = self.dir.path().join("manifest.json");
        std::fs::write(&file, manifest.to_string()).unwrap();
        let output = command
            .stdin(std::fs::File::open(file).unwrap())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    }

    /// Everything that every operator of this stage logged.
    pub fn logs(&self) -> String {
        let files = std::fs::read_dir(self.dir.path())
            .unwrap()
            .map(|file| file.unwrap().path());
        let logs = files.filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with("operator-")
        });
        logs.map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }
}

/// Starts an operator with the rights of this release.
fn start(plane: &Plane, release: &Release, namespace: &str, flags: &[&str], files: &Path) -> Operator {
    let lease = format!("--lease-namespace={}", release.namespace);
    let flags: Vec<&str> = std::iter::once(lease.as_str())
        .chain(flags.iter().copied())
        .collect();
    Operator::start(&release.of(plane), namespace, &flags, files)
}

/// Lines by which the API server was seen to refuse an operator something that its role does not hold.
fn denials(logs: &str) -> Vec<&str> {
    let denied = |line: &&str| line.contains("is forbidden: User");
    logs.lines().filter(denied).collect()
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.operator.log();
            let lines: Vec<&str> = log.lines().collect();
            let tail = lines[lines.len().saturating_sub(60)..].join("\n");
            eprintln!("--- operator in {} ---\n{tail}", self.namespace);
            eprintln!("--- requests to the cloud ---\n{}", self.simulator.tail());
            return;
        }
        let logs = self.logs();
        let denials = denials(&logs);
        assert!(
            denials.is_empty() || !self.denials_count,
            "the chart's roles lack something: {denials:#?}"
        );
    }
}
