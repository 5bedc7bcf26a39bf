//! Every flag of `run` is a value of the chart, and the chart gives the program no flag that it does not know.
use super::tools::{find, render};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Flag, value that sets it, and what the flag is given then.
const FLAGS: &[(&str, &str, &str)] = &[
    ("metrics-addr", r#"metrics={"port":9000}"#, "0.0.0.0:9000"),
    ("health-addr", r#"health={"port":9001}"#, "0.0.0.0:9001"),
    ("leader-elect", "leaderElect=false", "false"),
    ("lease-name", r#"leaseName="mine""#, "mine"),
    ("lease-namespace", r#"leaseNamespace="elsewhere""#, "elsewhere"),
    ("lease-duration", r#"leaseDuration="1m30s""#, "1m30s"),
    ("watch-namespace", r#"watchNamespaces=["a"]"#, "a"),
    (
        "shard-selector",
        r#"shardSelector="shard in (a,b),!c""#,
        "shard in (a,b),!c",
    ),
    ("concurrency", "concurrency=3", "3"),
    ("log-format", r#"logFormat="text""#, "text"),
    ("log-filter", r#"logFilter="info,kube=debug""#, "info,kube=debug"),
    ("request-timeout", r#"requestTimeout="5s""#, "5s"),
    ("settle-window", r#"settleWindow="2m""#, "2m"),
    (
        "eventgrid-stop-operation",
        r#"eventgridStopOperation="STOP""#,
        "STOP",
    ),
];

/// The name and the default of every flag, from the program's own help.
fn help() -> BTreeMap<String, Option<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_replication-operator"))
        .args(["run", "--help"])
        .env_clear()
        .output()
        .unwrap();
    let mut flags = BTreeMap::new();
    let mut last = String::new();
    for line in String::from_utf8(output.stdout).unwrap().lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("--") {
            last = rest.split([' ', '[']).next().map(str::to_owned).unwrap();
            flags.insert(last.clone(), None);
        } else if let Some(default) = line.strip_prefix("[default: ") {
            let default = default.strip_suffix(']').unwrap_or(default);
            flags.insert(last.clone(), Some(default.to_owned()));
        }
    }
    flags
}

/// The flags that the pod's program is given.
fn given(settings: &[&str]) -> Vec<(String, String)> {
    let objects = render(settings);
    let pod = &find(&objects, "Deployment", "trial-replication-operator")["spec"]["template"]["spec"];
    let args = pod["containers"][0]["args"].as_array().unwrap();
    assert_eq!(args[0], "run");
    let flag = |arg: &Value| {
        let text = arg.as_str().unwrap().strip_prefix("--").unwrap();
        text.split_once('=')
            .map(|(flag, value)| (flag.to_owned(), value.to_owned()))
    };
    args.iter().skip(1).map(|arg| flag(arg).unwrap()).collect()
}

#[test]
fn every_flag_has_a_value_and_every_value_a_flag() {
    let documented: BTreeSet<_> = help().into_keys().collect();
    assert!(
        documented.contains("metrics-addr"),
        "the help cannot be read: {documented:?}"
    );
    let in_table: BTreeSet<_> = FLAGS.iter().map(|(flag, ..)| (*flag).to_owned()).collect();
    assert_eq!(documented, in_table);
    let set: Vec<_> = FLAGS
        .iter()
        .map(|(_, setting, _)| *setting)
        .chain(["replicas=1"])
        .collect();
    let given: BTreeMap<_, _> = given(&set).into_iter().collect();
    for (flag, _, value) in FLAGS {
        assert_eq!(given.get(*flag).map(String::as_str), Some(*value), "--{flag}");
    }
    assert_eq!(given.len(), FLAGS.len());
}

#[test]
fn the_defaults_are_the_programs_but_for_the_name_of_the_lease() {
    let defaults = help();
    for (flag, value) in given(&[]) {
        let expected = match flag.as_str() {
            "lease-name" => "trial-replication-operator",
            "lease-namespace" | "watch-namespace" | "shard-selector" => {
                panic!("--{flag} is given without a value")
            }
            _ => defaults[&flag].as_deref().unwrap(),
        };
        assert_eq!(value, expected, "--{flag}");
    }
}

#[test]
fn several_namespaces_are_several_flags() {
    let flags = given(&[r#"watchNamespaces=["a","b"]"#]);
    let watched: Vec<_> = flags
        .iter()
        .filter(|(flag, _)| flag == "watch-namespace")
        .collect();
    assert_eq!(watched.len(), 2);
}

#[test]
fn the_program_understands_what_the_chart_gives_it() {
    let set: Vec<_> = FLAGS
        .iter()
        .map(|(_, setting, _)| *setting)
        .chain(["replicas=1"])
        .collect();
    for settings in [&[][..], &set] {
        let mut words = vec!["replication-operator".to_owned(), "run".to_owned()];
        words.extend(
            given(settings)
                .iter()
                .map(|(flag, value)| format!("--{flag}={value}")),
        );
        let read = replication_operator::runtime::args::Args::from_words(words);
        assert!(read.is_ok(), "{}", read.unwrap_err());
    }
}
