//! A control plane does what tests need of it, and leaves nothing behind.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use control_plane::{ControlPlane, Options};
use rustix::process::{Pid, Signal, kill_process};

const PATIENCE: Duration = Duration::from_secs(30);
const PROGRAMS: [&str; 3] = ["etcd", "kube-apiserver", "kube-controller-manager"];

fn poll(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// The programs that run with a flag that names `dir`.
fn running(dir: &Path) -> Vec<&'static str> {
    let dir = dir.to_str().unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let commands = processes.filter_map(|process| fs::read_to_string(process.path().join("cmdline")).ok());
    let ours = commands
        .filter(|command| command.contains(dir))
        .filter_map(|command| {
            let name = Path::new(command.split('\0').next()?).file_name()?.to_owned();
            PROGRAMS.into_iter().find(|program| name == *program)
        });
    let mut names: Vec<_> = ours.collect();
    names.sort_unstable();
    names
}

fn control_plane(arguments: &[&OsStr]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_control-plane"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// Runs a shell script with the plane's environment; gives what it printed, or nothing when it failed.
fn shell(plane: &ControlPlane, script: &str) -> Option<String> {
    let output = Command::new("sh")
        .args(["-ec", script])
        .envs(plane.env())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    output.status.success().then(|| printed.trim().to_owned())
}

#[tokio::test]
async fn a_plane_stores_authenticates_collects_garbage_restarts_and_stops() {
    let dir = tempfile::tempdir().unwrap();
    let audit_log = dir.path().join("audit.jsonl");
    let options = Options {
        audit_log: Some(audit_log.clone()),
        extra_apiserver_args: vec!["--event-ttl=2h".to_owned()],
        ..Options::default()
    };
    let mut plane = ControlPlane::start(options).await.unwrap();
    let home = plane.dir().to_owned();
    assert_eq!(running(&home), PROGRAMS);

    tokens_authenticate(&plane);
    garbage_is_collected(&plane);

    shell(
        &plane,
        "kubectl create namespace kept && kubectl -n kept create configmap kept --from-literal=a=b",
    )
    .unwrap();
    plane.stop_apiserver();
    assert_eq!(running(&home), ["etcd", "kube-controller-manager"]);
    plane.start_apiserver().await.unwrap();
    plane.restart_apiserver().await.unwrap();
    assert_eq!(
        shell(&plane, "kubectl -n kept get configmap kept -o jsonpath={.data.a}").unwrap(),
        "b"
    );
    namespaces_end(&plane);

    plane.check().unwrap();
    plane.stop();
    assert!(running(&home).is_empty());
    assert!(!home.exists());
    creations_are_audited(&audit_log);
}

fn tokens_authenticate(plane: &ControlPlane) {
    let whoami = r#"
        token=$(kubectl create token default)
        server=$(kubectl config view --raw -o 'jsonpath={.clusters[0].cluster.server}')
        kubectl config view --raw -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}' | base64 -d >"$KUBECONFIG.ca"
        KUBECONFIG=/dev/null kubectl --server "$server" --certificate-authority "$KUBECONFIG.ca" --token "$token" \
            auth whoami -o 'jsonpath={.status.userInfo.username}'"#;
    assert_eq!(
        shell(plane, whoami).unwrap(),
        "system:serviceaccount:default:default"
    );
}

fn garbage_is_collected(plane: &ControlPlane) {
    let create = r#"
        kubectl create configmap owner
        uid=$(kubectl get configmap owner -o 'jsonpath={.metadata.uid}')
        kubectl create -f - <<END
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "owned", "ownerReferences": [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "$uid"}]}}
END
        kubectl delete configmap owner"#;
    shell(plane, create).unwrap();
    poll("the owned ConfigMap is gone", || {
        shell(plane, "kubectl get configmap owned --ignore-not-found -o name")
            .is_some_and(|found| found.is_empty())
    });
}

fn namespaces_end(plane: &ControlPlane) {
    shell(plane, "kubectl delete namespace kept --wait=false").unwrap();
    poll("the namespace is gone", || {
        shell(plane, "kubectl get namespace kept --ignore-not-found -o name")
            .is_some_and(|found| found.is_empty())
    });
}

fn creations_are_audited(log: &Path) {
    let lines = fs::read_to_string(log).unwrap();
    let events: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let creations = events.iter().filter(|event| {
        event["verb"] == "create"
            && event["objectRef"]["resource"] == "configmaps"
            && event["objectRef"]["name"] == "kept"
    });
    assert_eq!(creations.count(), 1);
    assert!(
        events
            .iter()
            .all(|event| event["stage"] != "RequestReceived" && event["level"] == "Metadata")
    );
}

#[test]
fn exec_passes_a_signal_on_ends_with_the_commands_status_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let script = r#"
        trap 'exit 7' TERM
        test -x "$KUBEBUILDER_ASSETS/etcd"
        helm version >/dev/null
        kubectl get namespace default -o name
        while :; do sleep 0.1; done"#;
    let arguments = ["exec", "--dir"]
        .map(OsStr::new)
        .into_iter()
        .chain([dir.path().as_os_str()]);
    let arguments: Vec<_> = arguments
        .chain(["--", "sh", "-ec", script].map(OsStr::new))
        .collect();
    let mut child = control_plane(&arguments).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "namespace/default\n");
    assert_eq!(running(dir.path()), PROGRAMS);

    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(7));
    assert!(running(dir.path()).is_empty());
}

#[test]
fn nothing_outlives_a_killed_parent() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["up", "--dir"]
        .map(OsStr::new)
        .into_iter()
        .chain([dir.path().as_os_str()]);
    let mut child = control_plane(&arguments.collect::<Vec<_>>()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let printed: Vec<_> = lines.take(4).collect();
    assert_eq!(running(dir.path()), PROGRAMS);
    assert_eq!(
        fs::read_to_string(dir.path().join("env"))
            .unwrap()
            .lines()
            .collect::<Vec<_>>(),
        printed
    );
    let shell = Command::new("sh")
        .args(["-ec", ". \"$1/env\"; kubectl get --raw /readyz", "sh"])
        .arg(dir.path())
        .output();
    assert_eq!(shell.unwrap().stdout, b"ok");

    child.kill().unwrap();
    child.wait().unwrap();
    poll("all three are gone", || running(dir.path()).is_empty());
}

#[test]
fn a_signal_during_the_start_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["up", "--dir"]
        .map(OsStr::new)
        .into_iter()
        .chain([dir.path().as_os_str()]);
    let mut child = control_plane(&arguments.collect::<Vec<_>>()).spawn().unwrap();
    poll("the first program runs", || !running(dir.path()).is_empty());
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(128 + 2));
    assert!(running(dir.path()).is_empty());
}

#[tokio::test]
async fn a_program_that_cannot_start_is_told_at_once_with_its_last_words() {
    let options = Options {
        extra_apiserver_args: vec!["--no-such-flag".to_owned()],
        ..Options::default()
    };
    let Err(error) = ControlPlane::start(options).await else {
        panic!("it started")
    };
    assert!(
        error.to_string().contains("unknown flag: --no-such-flag"),
        "{error}"
    );
}

#[test]
fn exec_needs_a_command() {
    let output = control_plane(&[OsStr::new("exec")])
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
