//! The program itself, run with the arguments and the account that the chart gives its pod.
use super::release::release;
use super::tools::{Cluster, Namespace};
use control_plane::{ControlPlane, Options};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(1);

/// A running operator, and what it has logged.
struct Operator {
    process: Child,
    lines: Arc<Mutex<Vec<Value>>>,
}

impl Operator {
    /// What the pod of a release would run, as its service account.
    fn start(cluster: &Cluster, namespace: &str, folder: &Path) -> Self {
        let full = format!("{namespace}-replication-operator");
        let deployment = cluster.get(&["deployment", "-n", namespace, &full]);
        let args = deployment["spec"]["template"]["spec"]["containers"][0]["args"].clone();
        let args: Vec<String> = serde_json::from_value(args).unwrap();
        let is_place =
            |arg: &&String| arg.starts_with("--metrics-addr=") || arg.starts_with("--health-addr=");
        let mut process = Command::new(env!("CARGO_BIN_EXE_replication-operator"))
            .args(args.iter().filter(|arg| !is_place(arg)))
            .args(["--metrics-addr=127.0.0.1:0", "--health-addr=127.0.0.1:0"])
            // Outside a pod nothing tells the namespace.
            .arg(format!("--lease-namespace={namespace}"))
            .env_clear()
            .env("KUBECONFIG", kubeconfig(cluster, namespace, folder))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Arc::new(Mutex::new(vec![]));
        let (reader, sink) = (BufReader::new(process.stderr.take().unwrap()), lines.clone());
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                sink.lock()
                    .unwrap()
                    .push(serde_json::from_str(&line).unwrap_or(json!({"line": line})));
            }
        });
        Self { process, lines }
    }

    fn log(&self) -> String {
        let lines = self.lines.lock().unwrap();
        lines.iter().map(Value::to_string).collect::<Vec<_>>().join(
            "
",
        )
    }

    fn health(&self) -> Option<String> {
        let lines = self.lines.lock().unwrap();
        let line = lines
            .iter()
            .find(|line| line["message"] == "listening" && line["server"] == "health")?;
        Some(line["address"].as_str().unwrap().to_owned())
    }

    fn is_leading(&self) -> bool {
        let Some(address) = self.health() else {
            return false;
        };
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.starts_with("HTTP/1.1 200") && answer.contains("caches: filled")
    }

    /// Ends it as a kubelet does.
    fn end(&mut self) {
        let pid = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", "TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.process.wait().unwrap().success(), "{}", self.log());
    }

    fn wait(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let started = Instant::now();
        while !is_so() {
            assert!(
                started.elapsed() < PATIENCE,
                "{what} did not come:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The way to the cluster with nothing but the token of the release's account.
fn kubeconfig(cluster: &Cluster, namespace: &str, folder: &Path) -> std::path::PathBuf {
    let account = format!("{namespace}-replication-operator");
    let token = cluster
        .kubectl(&["create", "token", &account, "-n", namespace])
        .unwrap();
    let view = cluster
        .kubectl(&["config", "view", "--raw", "--minify", "-o", "json"])
        .unwrap();
    let mut view: Value = serde_json::from_str(&view).unwrap();
    view["users"][0]["user"] = json!({"token": token.trim()});
    let path = folder.join("kubeconfig");
    std::fs::write(&path, view.to_string()).unwrap();
    path
}

/// A cloud that refuses every signature.
fn cloud() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let body = r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information","request_id":"1"}"#;
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = BufReader::new(stream.try_clone().unwrap())
                .lines()
                .map_while(Result::ok);
            // None of these requests has a body.
            while request.next().is_some_and(|line| !line.is_empty()) {}
            let length = body.len();
            let head =
                format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    address
}

/// An account whose cloud refuses it, its Secret, and a job: a pass writes everything that it ever writes in the
/// cluster, the event that a person must act among it.
fn apply(cluster: &Cluster, namespace: &str) {
    let cloud = cloud();
    let example =
        std::fs::read_to_string(super::generated::file("examples/eventrouterjob-kafka.yaml")).unwrap();
    let mut objects = super::tools::documents(&example);
    objects.retain(|object| object["kind"] == "EventRouterJob");
    objects[0]["metadata"]["name"] = "job".into();
    objects[0]["spec"]["accountRef"] = json!({"name": "account"});
    let ends = [&["source"][..], &["sink"]];
    let mut secrets: Vec<Value> = ends
        .iter()
        .filter_map(|end| objects[0]["spec"]["forProvider"][end[0]]["kafka"]["passwordSecretRef"].as_object())
        .map(|reference| (reference["name"].clone(), reference["key"].as_str().unwrap().to_owned()))
        .map(|(name, key)| {
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {key: "password"}})
        })
        .collect();
    objects.append(&mut secrets);
    let own = [
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys"},
            "stringData": {"accessKey": "AKIAEXAMPLE", "secretKey": "not-a-real-key"}}),
        json!({"apiVersion": "replication.dev/v1alpha1", "kind": "CloudAccount", "metadata": {"name": "account"},
            "spec": {"provider": "HuaweiCloud", "region": "eu-west-101", "projectId": "0123456789abcdef0123456789abcdef",
                "credentials": {"source": "Secret", "secretRef": {"name": "keys"}},
                "endpoints": {"iam": cloud, "eg": cloud}}}),
    ];
    objects.extend(own);
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    let args = ["apply", "--server-side", "-n", namespace, "-f", "-"];
    cluster.kubectl_with(&args, &list.to_string()).unwrap();
}

/// Whether everything carries its finalizer, both objects have a status and somebody was told. The account's finalizer
/// of an installation that looks after a part of the cluster has the installation's digest behind it.
fn is_worked_on(cluster: &Cluster, namespace: &str) -> bool {
    let get = |object: &str| cluster.get(&["-n", namespace, object]);
    let (job, account, secret) = (
        get("eventrouterjob/job"),
        get("cloudaccount/account"),
        get("secret/keys"),
    );
    let guarded = |object: &Value, name: &str| {
        let finalizers = object["metadata"]["finalizers"].as_array();
        finalizers.is_some_and(|all| all.iter().any(|one| one.as_str().unwrap().starts_with(name)))
    };
    guarded(&job, "replication.dev/remote-job")
        && guarded(&account, "replication.dev/account-in-use")
        && guarded(&secret, "replication.dev/account-in-use")
        && job["status"]["conditions"].is_array()
        && account["status"]["conditions"].is_array()
        && !cluster.get(&["-n", namespace, "events.events.k8s.io"])["items"]
            .as_array()
            .unwrap()
            .is_empty()
}

fn works(cluster: &Cluster, release_in: &str, jobs_in: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut operator = Operator::start(cluster, release_in, folder.path());
    operator.wait("leadership", || operator.is_leading());
    apply(cluster, jobs_in);
    operator.wait("work on the objects", || is_worked_on(cluster, jobs_in));
    // Orphaned, the job can go without the cloud.
    let patch = r#"{"spec":{"deletionPolicy":"Orphan"}}"#;
    cluster
        .kubectl(&[
            "patch",
            "eventrouterjob/job",
            "-n",
            jobs_in,
            "--type=merge",
            "-p",
            patch,
        ])
        .unwrap();
    let objects = [
        "delete",
        "-n",
        jobs_in,
        "eventrouterjob/job",
        "cloudaccount/account",
        "secret/keys",
    ];
    cluster
        .kubectl(&[&objects[..], &["--timeout=60s"]].concat())
        .unwrap();
    let lease = format!("{release_in}-replication-operator");
    let held = || cluster.get(&["lease", "-n", release_in, &lease])["spec"].clone();
    let first = held();
    operator.wait("a renewal", || held()["renewTime"] != first["renewTime"]);
    operator.end();
    assert!(
        held()["holderIdentity"].as_str().is_none_or(str::is_empty),
        "{}",
        held()
    );
    let log = operator.log();
    assert!(
        !log.to_lowercase().contains("forbidden"),
        "the API server refused something:\n{log}"
    );
    cluster.get(&["secret", "-n", release_in, &format!("{lease}-digest-key")]);
}

/// In a cluster of its own: it would look after the accounts of every other test.
#[tokio::test]
async fn it_works_with_the_rights_of_a_cluster_wide_release() {
    let plane = ControlPlane::start(Options::default()).await.unwrap();
    let cluster = Cluster::of(&plane);
    cluster.define();
    let (own, team) = (
        Namespace::new(&cluster, "chart-runs"),
        Namespace::new(&cluster, "chart-jobs"),
    );
    release(&cluster, "install", &own.name, &own.name, &[]).unwrap();
    works(&cluster, &own.name, &team.name);
}

#[test]
fn it_works_with_the_rights_of_a_release_for_one_namespace() {
    let cluster = Cluster::shared();
    let (own, team) = (
        Namespace::new(&cluster, "chart-runs"),
        Namespace::new(&cluster, "chart-jobs"),
    );
    let watched = format!(r#"watchNamespaces=["{}"]"#, team.name);
    release(&cluster, "install", &own.name, &own.name, &[&watched]).unwrap();
    works(&cluster, &own.name, &team.name);
    cluster.helm(&["uninstall", &own.name, "-n", &own.name]).unwrap();
}
