//! The program as a process: what it does without a cluster, and how it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const KUBECONFIG: &str = "
apiVersion: v1
kind: Config
current-context: none
clusters: [{name: none, cluster: {server: 'http://127.0.0.1:9'}}]
contexts: [{name: none, context: {cluster: none, user: none}}]
users: [{name: none, user: {}}]
";

struct Operator {
    process: Child,
    lines: Receiver<serde_json::Value>,
    _folder: tempfile::TempDir,
}

impl Operator {
    /// Starts the program before a cluster that refuses every connection.
    fn start(flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = folder.path().join("config");
        std::fs::write(&kubeconfig, KUBECONFIG).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_replication-operator"))
            .args(["run", "--metrics-addr=127.0.0.1:0", "--health-addr=127.0.0.1:0"])
            .args(flags)
            .env_clear()
            .env("KUBECONFIG", kubeconfig)
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let reader = BufReader::new(process.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"));
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            process,
            lines,
            _folder: folder,
        }
    }

    /// The next line with this message.
    fn wait_for(&self, message: &str) -> serde_json::Value {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(20)).expect(message);
            if line["message"] == message {
                return line;
            }
        }
    }

    fn signal(&self, name: &str) {
        let kill = Command::new("kill")
            .args(["-s", name, &self.process.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn without_a_cluster_it_lives_says_what_it_waits_for_and_ends_when_asked() {
    let mut operator = Operator::start(&[], &[]);
    let health = operator.wait_for("listening");
    assert_eq!(health["server"], "health");
    let address = health["address"].as_str().unwrap();
    operator.wait_for("waiting for the custom resource definitions");
    assert!(get(address, "/livez").starts_with("HTTP/1.1 200"));
    let ready = get(address, "/readyz");
    assert!(
        ready.starts_with("HTTP/1.1 503") && ready.contains("[-] crds:"),
        "{ready}"
    );
    operator.signal("TERM");
    operator.wait_for("shutting down");
    assert_eq!(operator.process.wait().unwrap().code(), Some(0));
}

#[test]
fn an_interrupt_ends_it_too() {
    let mut operator = Operator::start(&[], &[]);
    operator.wait_for("waiting for the custom resource definitions");
    operator.signal("INT");
    assert_eq!(operator.process.wait().unwrap().code(), Some(0));
}

#[test]
fn a_taken_port_ends_it_with_a_clear_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let flag = format!("--health-addr={}", taken.local_addr().unwrap());
    let ended = Command::new(env!("CARGO_BIN_EXE_replication-operator"))
        .args(["run", "--metrics-addr=127.0.0.1:0", &flag])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let text = String::from_utf8(ended.stderr).unwrap();
    assert!(text.starts_with("error: cannot listen on 127.0.0.1:"), "{text}");
    assert!(
        text.contains("(flag --health-addr): Address already in use"),
        "{text}"
    );
}

#[test]
fn waiting_traces_are_sent_at_the_end() {
    let collector = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", collector.local_addr().unwrap());
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str())];
    let mut operator = Operator::start(&["--log-filter=info,kube=debug"], &variables);
    operator.wait_for("waiting for the custom resource definitions");
    operator.signal("TERM");
    let (mut stream, _) = collector.accept().unwrap();
    let mut first = String::new();
    BufReader::new(&stream).read_line(&mut first).unwrap();
    assert_eq!(first, "POST /v1/traces HTTP/1.1\r\n");
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        .unwrap();
    assert_eq!(operator.process.wait().unwrap().code(), Some(0));
}
