//! Probes and metrics as a kubelet and a Prometheus see them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
use replication_operator::remote::Fault;
use replication_operator::runtime::health::{Heartbeat, Readiness};
use replication_operator::runtime::metrics::{Metrics, ReadyCounts};
use replication_operator::runtime::server::{Pages, Ports, Server};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

struct Process {
    server: Server,
    readiness: Readiness,
    heartbeat: Heartbeat,
}

fn process(limit: Duration) -> Process {
    let pages = Pages {
        readiness: Readiness::default(),
        heartbeat: Heartbeat::new(limit),
        metrics: Metrics::new(),
    };
    Process {
        readiness: pages.readiness.clone(),
        heartbeat: pages.heartbeat.clone(),
        server: Ports::bind(ANY, ANY).unwrap().serve(pages).unwrap(),
    }
}

/// The status code and the rest of the answer.
fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split_whitespace().nth(1).unwrap().parse().unwrap();
    (status, answer)
}

#[test]
fn readiness_needs_every_check_and_names_each() {
    let process = process(Duration::from_mins(1));
    let crds = process.readiness.check("crds");
    let leadership = process.readiness.check("leadership");
    crds.fail("cdmjobs.replication.dev is missing");
    leadership.pass("standby");
    let (status, text) = get(process.server.health, "/readyz");
    assert_eq!(status, 503);
    assert!(
        text.ends_with("[-] crds: cdmjobs.replication.dev is missing\n[+] leadership: standby\n"),
        "{text}"
    );

    crds.pass("served");
    let (status, text) = get(process.server.health, "/readyz");
    assert_eq!(status, 200, "a standby is ready");
    assert!(
        text.ends_with("[+] crds: served\n[+] leadership: standby\n"),
        "{text}"
    );
}

#[test]
fn a_check_fails_until_it_is_first_said_to_pass() {
    let readiness = Readiness::default();
    let check = readiness.check("caches");
    assert!(!readiness.report().0);
    check.pass("filled");
    assert!(readiness.report().0);
}

#[test]
fn a_beating_heart_is_alive() {
    let process = process(Duration::from_mins(1));
    assert_eq!(get(process.server.health, "/livez").0, 200);
}

#[test]
fn a_heart_that_stands_still_is_not() {
    let process = process(Duration::ZERO);
    while process.heartbeat.age().is_zero() {
        std::thread::yield_now();
    }
    let (status, text) = get(process.server.health, "/livez");
    assert_eq!(status, 503);
    assert!(text.contains("the main runtime has not moved for 0 s"), "{text}");
}

#[test]
fn probes_are_answered_while_the_main_runtime_is_blocked() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        // Blocks the only worker for as long as the request takes.
        let process = process(Duration::from_mins(1));
        assert_eq!(get(process.server.health, "/livez").0, 200);
    });
}

#[test]
fn metrics_are_served_on_their_own_port_alone() {
    let process = process(Duration::from_mins(1));
    let (status, text) = get(process.server.metrics, "/metrics");
    assert_eq!(status, 200);
    assert!(
        text.contains("content-type: application/openmetrics-text; version=1.0.0"),
        "{text}"
    );
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert_eq!(get(process.server.health, "/metrics").0, 404);
    assert_eq!(get(process.server.metrics, "/readyz").0, 404);
}

#[test]
fn a_taken_port_is_named_with_its_flag() {
    let first = process(Duration::from_mins(1)).server;
    let error = Ports::bind(ANY, first.metrics).unwrap_err();
    let wanted = format!("cannot listen on {} (flag --metrics-addr)", first.metrics);
    assert_eq!(error.to_string(), wanted);
}

#[test]
fn the_metrics_page_reads_as_documented() {
    let metrics = Metrics::new();
    let second = Duration::from_secs(1);
    metrics.observe_reconcile("cdmjob", "Unchanged", second);
    metrics.remote_call("cdm", "CreateJob", None, second);
    metrics.observe_wait("cdmjob", second);
    metrics.set_budget_left("cdm", "CreateJob", 2.5);
    metrics.set_leader(true);
    let page = metrics.encode().unwrap();
    let kept: Vec<&str> = page
        .lines()
        .filter(|line| !line.contains("process_") && !line.contains("_bucket"))
        .map(|line| line.trim_end_matches(concat!("{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1")))
        .collect();
    assert_eq!(kept.join("\n"), GOLDEN.trim());
    for name in [
        "process_resident_memory_bytes ",
        "process_cpu_seconds_total ",
        "process_open_fds ",
    ] {
        let line = page.lines().find_map(|line| line.strip_prefix(name)).expect(name);
        assert!(line.parse::<f64>().unwrap() >= 0.0);
    }
}

#[test]
fn faults_and_conditions_are_labels() {
    let metrics = Metrics::new();
    metrics.remote_call(
        "eg",
        "ListJobs",
        Some(Fault::Throttled { retry_after: None }),
        Duration::ZERO,
    );
    let counts = ReadyCounts {
        ready: 3,
        not_ready: 2,
        unknown: 1,
    };
    metrics.set_jobs("eventrouterjob", counts);
    metrics.set_jobs("eventrouterjob", ReadyCounts { unknown: 0, ..counts });
    let page = metrics.encode().unwrap();
    for line in [
        r#"replication_operator_remote_calls_total{service="eg",operation="ListJobs",fault="Throttled"} 1"#,
        r#"replication_operator_jobs{kind="eventrouterjob",ready="True"} 3"#,
        r#"replication_operator_jobs{kind="eventrouterjob",ready="False"} 2"#,
        r#"replication_operator_jobs{kind="eventrouterjob",ready="Unknown"} 0"#,
    ] {
        assert!(
            page.lines().any(|one| one == line),
            "{line} is missing from\n{page}"
        );
    }
}

const GOLDEN: &str = r#"
# HELP replication_operator_build The version of the operator.
# TYPE replication_operator_build info
replication_operator_build_info
# HELP replication_operator_reconciles Passes over objects, by how they ended.
# TYPE replication_operator_reconciles counter
replication_operator_reconciles_total{kind="cdmjob",outcome="Unchanged"} 1
# HELP replication_operator_reconcile_duration_seconds How long a pass over an object took.
# TYPE replication_operator_reconcile_duration_seconds histogram
# UNIT replication_operator_reconcile_duration_seconds seconds
replication_operator_reconcile_duration_seconds_sum{kind="cdmjob"} 1.0
replication_operator_reconcile_duration_seconds_count{kind="cdmjob"} 1
# HELP replication_operator_remote_calls Requests to clouds, by the fault they met.
# TYPE replication_operator_remote_calls counter
replication_operator_remote_calls_total{service="cdm",operation="CreateJob",fault="None"} 1
# HELP replication_operator_remote_call_duration_seconds How long a request to a cloud took.
# TYPE replication_operator_remote_call_duration_seconds histogram
# UNIT replication_operator_remote_call_duration_seconds seconds
replication_operator_remote_call_duration_seconds_sum{service="cdm",operation="CreateJob"} 1.0
replication_operator_remote_call_duration_seconds_count{service="cdm",operation="CreateJob"} 1
# HELP replication_operator_queue_age_seconds How long an object had been due when its pass began.
# TYPE replication_operator_queue_age_seconds histogram
# UNIT replication_operator_queue_age_seconds seconds
replication_operator_queue_age_seconds_sum{kind="cdmjob"} 1.0
replication_operator_queue_age_seconds_count{kind="cdmjob"} 1
# HELP replication_operator_budget_left Requests that the tightest budget of an operation still allows at once.
# TYPE replication_operator_budget_left gauge
replication_operator_budget_left{service="cdm",operation="CreateJob"} 2.5
# HELP replication_operator_leader Whether this replica leads.
# TYPE replication_operator_leader gauge
replication_operator_leader 1
# EOF
"#;
