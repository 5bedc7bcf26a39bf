//! helm and kubectl, as they are found beside the control plane.
use super::generated::file;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The chart.
pub(crate) fn chart() -> PathBuf {
    file("charts/replication-operator")
}

/// What a program printed, and whether it was content.
pub(crate) struct Answer {
    pub(crate) success: bool,
    pub(crate) text: String,
    pub(crate) errors: String,
}

impl Answer {
    /// The text of a success.
    pub(crate) fn unwrap(self) -> String {
        assert!(self.success, "{}{}", self.text, self.errors);
        self.text
    }

    /// The errors of a failure.
    pub(crate) fn refusal(self) -> String {
        assert!(
            !self.success,
            "taken, but should have been refused: {}",
            self.text
        );
        self.errors
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            success: output.status.success(),
            text: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn missing(program: &str) -> String {
    format!("{program} cannot be started: run this test under `control-plane exec -- cargo test`")
}

/// helm, without a cluster.
pub(crate) fn helm(args: &[&str]) -> Answer {
    let output = Command::new("helm").args(args).output();
    output
        .unwrap_or_else(|error| panic!("{}: {error}", missing("helm")))
        .into()
}

/// A cluster, or rather the way to one.
#[derive(Clone, Default)]
pub(crate) struct Cluster {
    environment: Vec<(String, std::ffi::OsString)>,
}

impl Cluster {
    /// The one of `control-plane exec`, with the definitions applied; it is shared with other tests. Any other cluster
    /// that `KUBECONFIG` names is left alone.
    pub(crate) fn shared() -> Self {
        let cluster = Self::default();
        let context = cluster.kubectl(&["config", "current-context"]).text;
        assert!(
            std::env::var_os("KUBECONFIG").is_some() && context.trim() == "control-plane",
            "KUBECONFIG names no control plane: run this test under `control-plane exec -- cargo test`"
        );
        cluster.define();
        cluster
    }

    /// Applies the definitions, and waits until they are served.
    pub(crate) fn define(&self) {
        let crds = file("crds");
        let crds = crds.to_str().unwrap();
        let apply = [
            "apply",
            "--server-side",
            "--field-manager=tests",
            "--force-conflicts",
            "-f",
            crds,
        ];
        self.kubectl(&apply).unwrap();
        let served = ["wait", "--for=condition=Established", "--timeout=30s", "-f", crds];
        self.kubectl(&served).unwrap();
    }

    /// One of the test's own.
    pub(crate) fn of(plane: &control_plane::ControlPlane) -> Self {
        let environment = plane.env().into_iter();
        Self {
            environment: environment
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }

    pub(crate) fn helm(&self, args: &[&str]) -> Answer {
        self.run("helm", args, "")
    }

    pub(crate) fn kubectl(&self, args: &[&str]) -> Answer {
        self.run("kubectl", args, "")
    }

    pub(crate) fn kubectl_with(&self, args: &[&str], input: &str) -> Answer {
        self.run("kubectl", args, input)
    }

    fn run(&self, program: &str, args: &[&str], input: &str) -> Answer {
        let child = Command::new(program)
            .args(args)
            .envs(self.environment.clone())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{}: {error}", missing(program)));
        // A program that ends without reading is judged by its answer.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap().into()
    }

    /// The JSON that kubectl prints.
    pub(crate) fn get(&self, args: &[&str]) -> Value {
        let args: Vec<_> = ["get", "-o", "json"].iter().chain(args).copied().collect();
        serde_json::from_str(&self.kubectl(&args).unwrap()).unwrap()
    }

    /// Every object in the cluster that belongs to a release, as `type/name`.
    pub(crate) fn objects_of(&self, release: &str) -> Vec<String> {
        let label = format!("app.kubernetes.io/instance={release}");
        let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
        loop {
            let kinds = self
                .kubectl(&["api-resources", "--verbs=list", "-o", "name"])
                .unwrap();
            let kinds: Vec<_> = kinds.lines().filter(|kind| !kind.starts_with("events")).collect();
            let found = self.kubectl(&["get", &kinds.join(","), "-A", "-o", "name", "-l", &label]);
            // Discovery may name a definition that came or went a moment ago.
            let unsettled = found.errors.contains("doesn't have a resource type");
            if !unsettled || std::time::Instant::now() > deadline {
                return found.unwrap().lines().map(str::to_owned).collect();
            }
        }
    }
}

/// A namespace that goes with the test.
pub(crate) struct Namespace {
    pub(crate) name: String,
    cluster: Cluster,
}

impl Namespace {
    pub(crate) fn new(cluster: &Cluster, prefix: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{prefix}-{}-{count}", std::process::id());
        cluster.kubectl(&["create", "namespace", &name]).unwrap();
        Self {
            name,
            cluster: cluster.clone(),
        }
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = self
            .cluster
            .kubectl(&["delete", "namespace", &self.name, "--wait=false"]);
    }
}

/// The objects that the chart renders for release `trial` in namespace `ops`.
pub(crate) fn render(settings: &[&str]) -> Vec<Value> {
    let chart = chart();
    let mut args = vec!["template", "trial", chart.to_str().unwrap(), "--namespace", "ops"];
    args.extend(settings.iter().flat_map(|setting| ["--set-json", *setting]));
    documents(&helm(&args).unwrap())
}

/// The documents of a YAML stream.
pub(crate) fn documents(text: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_saphyr::from_multiple(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    all.into_iter().filter(|document| !document.is_null()).collect()
}

/// The one object of this kind and name.
pub(crate) fn find<'a>(objects: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let mut matches = objects
        .iter()
        .filter(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    let found = matches.next().unwrap_or_else(|| panic!("no {kind} {name}"));
    assert!(matches.next().is_none(), "two {kind}s {name}");
    found
}

/// Their kinds and names.
pub(crate) fn names(objects: &[Value]) -> Vec<String> {
    let name = |object: &Value| {
        format!(
            "{} {}",
            object["kind"].as_str().unwrap(),
            object["metadata"]["name"].as_str().unwrap()
        )
    };
    objects.iter().map(name).collect()
}
