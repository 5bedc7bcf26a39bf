//! The command line: defaults, what is refused and why, and that every flag has its variable.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
use clap::CommandFactory;
use replication_operator::runtime::args::{Args, Command, LogFormat, RunArgs, StopOperation};
use std::process::Output;
use std::time::Duration;

fn run(flags: &[&str]) -> Result<RunArgs, String> {
    let words = ["replication-operator", "run"].iter().chain(flags);
    match Args::from_words(words)
        .map_err(|error| error.to_string())?
        .command
    {
        Command::Run(run) => Ok(*run),
        Command::Crds => unreachable!("run was asked for"),
    }
}

#[test]
fn the_defaults_are_the_documented_ones() {
    let args = run(&[]).unwrap();
    assert_eq!(args.metrics_addr.to_string(), "0.0.0.0:8080");
    assert_eq!(args.health_addr.to_string(), "0.0.0.0:8081");
    assert!(args.leader_elect);
    assert_eq!(args.lease_name, "replication-operator");
    assert_eq!(args.lease_namespace(), "default");
    assert_eq!(args.lease_duration, Duration::from_secs(15));
    assert!(args.namespaces().is_empty());
    assert!(args.shard_selector.selects_all());
    assert_eq!(args.concurrency.get(), 16);
    assert_eq!(args.log_format, LogFormat::Json);
    assert_eq!(args.log_filter, "info");
    assert_eq!(args.request_timeout, Duration::from_secs(15));
    assert_eq!(args.settle_window, Duration::from_mins(1));
    assert_eq!(args.eventgrid_stop_operation, StopOperation::Pause);
}

#[test]
fn flags_are_understood() {
    let args = run(&[
        "--leader-elect=false",
        "--lease-namespace=ops",
        "--lease-duration=1m30s",
        "--watch-namespace=b",
        "--watch-namespace=a,b",
        "--shard-selector=shard in (a,b)",
        "--request-timeout=500ms",
        "--settle-window=2s",
        "--log-filter=info,kube=debug",
        "--log-format=text",
        "--eventgrid-stop-operation=STOP",
    ])
    .unwrap();
    assert!(!args.leader_elect);
    assert_eq!(args.lease_namespace(), "ops");
    assert_eq!(args.lease_duration, Duration::from_secs(90));
    assert!(args.namespaces().iter().eq(["a", "b"]));
    assert_eq!(args.shard_selector.to_string(), "shard in (a,b)");
    assert_eq!(args.request_timeout, Duration::from_millis(500));
    assert_eq!(args.eventgrid_stop_operation.as_str(), "STOP");
    assert!(run(&["--leader-elect"]).unwrap().leader_elect);
}

#[test]
fn what_cannot_work_is_refused_with_a_reason() {
    let table = [
        ("--settle-window=59s", "at least four times"),
        ("--request-timeout=15001ms", "at least four times"),
        ("--lease-duration=2s", "3s or more"),
        ("--lease-duration=15", "a number with a unit"),
        ("--request-timeout=-1s", "longer than nothing"),
        ("--request-timeout=0s", "longer than nothing"),
        ("--concurrency=0", "--concurrency"),
        ("--shard-selector=a in (b", "parentheses"),
        ("--watch-namespace=No", "not the name of a namespace"),
        ("--log-filter=a=b=c", "--log-filter"),
        ("--log-format=xml", "json"),
        ("--eventgrid-stop-operation=pause", "PAUSE"),
        ("--metrics-addr=8080", "--metrics-addr"),
    ];
    for (flag, reason) in table {
        let error = run(&[flag]).expect_err(flag);
        assert!(error.contains(reason), "{flag} was refused with: {error}");
    }
}

#[test]
fn every_flag_has_its_variable_and_its_help() {
    let command = Args::command();
    let run = command.find_subcommand("run").unwrap();
    for flag in run.get_arguments().filter(|flag| flag.get_id() != "help") {
        let long = flag.get_long().expect("a long flag");
        let name = format!("REPLICATION_OPERATOR_{}", long.replace('-', "_").to_uppercase());
        assert_eq!(flag.get_env().and_then(|name| name.to_str()), Some(name.as_str()));
        assert!(flag.get_help().is_some(), "--{long} has no help");
    }
    Args::command().debug_assert();
}

/// The program itself, since a test cannot change its own environment.
fn program(words: &[&str], variables: &[(&str, &str)]) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_replication-operator"))
        .args(words)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn a_variable_counts_and_a_flag_wins_over_it() {
    let short = ("REPLICATION_OPERATOR_SETTLE_WINDOW", "10s");
    let refused = program(&["run"], &[short]);
    let text = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text.contains("--settle-window (10s) must be at least four times --request-timeout (15s)"),
        "{text}"
    );

    // Nothing but the settle window was wrong: with the flag, only the cluster is missing.
    let ports = [
        ("REPLICATION_OPERATOR_METRICS_ADDR", "127.0.0.1:0"),
        ("REPLICATION_OPERATOR_HEALTH_ADDR", "127.0.0.1:0"),
    ];
    let ended = program(&["run", "--settle-window=60s"], &[short, ports[0], ports[1]]);
    let text = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(text.contains("error: no cluster is configured"), "{text}");
}

#[test]
fn empty_variables_are_what_a_chart_with_empty_values_sets() {
    let ended = program(
        &["run"],
        &[
            ("REPLICATION_OPERATOR_METRICS_ADDR", "127.0.0.1:0"),
            ("REPLICATION_OPERATOR_HEALTH_ADDR", "127.0.0.1:0"),
            ("REPLICATION_OPERATOR_WATCH_NAMESPACE", ""),
            ("REPLICATION_OPERATOR_SHARD_SELECTOR", ""),
            ("REPLICATION_OPERATOR_LEASE_NAMESPACE", ""),
        ],
    );
    let text = String::from_utf8(ended.stderr).unwrap();
    assert!(text.contains("error: no cluster is configured"), "{text}");
}
