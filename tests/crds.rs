//! The definitions in the repository are those that the program prints, and a real API server takes them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
mod generated;

use replication_operator::runtime::{controllers, crds};
use std::collections::BTreeMap;
use std::process::Command;

/// One file for each definition, by its name.
fn files() -> BTreeMap<String, String> {
    controllers::definitions()
        .iter()
        .map(|definition| {
            let name = definition.metadata.name.clone().unwrap();
            (
                format!("{name}.yaml"),
                crds::print(std::slice::from_ref(definition)).unwrap(),
            )
        })
        .collect()
}

#[test]
fn generated_definitions_are_what_the_program_prints() {
    generated::directory_holds("crds", &files());
    let printed = Command::new(env!("CARGO_BIN_EXE_replication-operator"))
        .arg("crds")
        .output()
        .unwrap();
    let all: String = files().into_values().collect();
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), all);
}

#[test]
fn generated_definitions_of_the_chart_are_the_same() {
    generated::directory_holds("charts/replication-operator/files/crds", &files());
}

#[test]
fn every_definition_is_of_one_group_and_in_one_category() {
    for definition in controllers::definitions() {
        assert_eq!(definition.spec.group, "replication.dev");
        assert_eq!(
            definition.spec.names.categories,
            Some(vec!["replication".to_owned()])
        );
        assert!(
            definition
                .spec
                .names
                .short_names
                .is_some_and(|names| !names.is_empty())
        );
        let versions = definition.spec.versions;
        assert!(
            versions
                .iter()
                .all(|v| v.subresources.as_ref().is_some_and(|s| s.status.is_some()))
        );
    }
}

#[test]
fn a_real_api_server_takes_them_and_keeps_every_field() {
    let context = Command::new("kubectl")
        .args(["config", "current-context"])
        .output();
    assert!(
        std::env::var_os("KUBECONFIG").is_some() && context.is_ok_and(|c| c.stdout == b"control-plane\n"),
        "KUBECONFIG names no control plane: run this test under `control-plane exec -- cargo test`"
    );
    for path in files().keys().map(|name| generated::file("crds").join(name)) {
        let applied = Command::new("kubectl")
            .args([
                "apply",
                "--server-side",
                "--field-manager=crds-test",
                "--force-conflicts",
                "--validate=strict",
                "-f",
            ])
            .arg(&path)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&applied.stderr);
        assert!(
            applied.status.success() && text.is_empty(),
            "{}: {text}",
            path.display()
        );
    }
}
