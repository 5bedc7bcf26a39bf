//! The documentation is held against the code: reasons, flags, keys, links, version, and words that must not stand there.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
use clap::CommandFactory;
use replication_operator::api::keys;
use replication_operator::engine::kind::{JobKind, Resolved};
use replication_operator::engine::reason::{Account, Ready, Stalled, Synced};
use replication_operator::kinds::event_router::{EventRouter, EventRouterJob};
use replication_operator::runtime::args::Args;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Words that say that something is not finished.
const FORBIDDEN: [&str; 5] = ["TODO", "FIXME", "XXX", "for now", "coming soon"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every page, relative to the root.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"]
        .map(PathBuf::from)
        .into();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path.strip_prefix(root()).unwrap().to_owned());
        }
    }
    pages.sort();
    pages
}

fn all_text() -> String {
    pages().iter().map(read).collect()
}

/// The cells, without backquotes, of all table rows that begin with this cell.
fn rows_of(page: &str, first: &str) -> Vec<Vec<String>> {
    page.lines()
        .filter(|line| line.starts_with(&format!("| {first} |")))
        .map(|line| line.trim_matches('|').split('|').map(str::trim))
        .map(|cells| cells.map(|cell| cell.trim_matches('`').to_owned()).collect())
        .collect()
}

fn holds_reasons(condition: &str, known: &BTreeSet<&str>) {
    let rows = rows_of(&read("README.md"), condition);
    let words: Vec<&str> = rows.iter().map(|cells| cells[1].as_str()).collect();
    let told: BTreeSet<&str> = words.iter().copied().collect();
    assert_eq!(words.len(), told.len(), "a reason of {condition} has two rows");
    assert_eq!(told, *known, "the README's rows of {condition}");
    for cells in &rows {
        assert_eq!(cells.len(), 5, "{cells:?}");
        assert!(
            ["True", "False", "Unknown"].contains(&cells[2].as_str()),
            "{cells:?}"
        );
        assert!(!cells[3].is_empty() && !cells[4].is_empty(), "{cells:?}");
    }
}

#[test]
fn the_readme_tells_every_reason_and_no_other() {
    holds_reasons("Ready", &Ready::ALL.iter().map(|r| r.as_str()).collect());
    holds_reasons("Synced", &Synced::ALL.iter().map(|r| r.as_str()).collect());
    holds_reasons("Stalled", &Stalled::ALL.iter().map(|r| r.as_str()).collect());
    let accounts = Account::ALL.iter().map(|r| r.as_str()).collect();
    holds_reasons("Ready of an account", &accounts);
}

#[test]
fn the_configuration_page_tells_every_flag_of_run_and_no_other() {
    let page = read("docs/configuration.md");
    let command = Args::command();
    let run = command.find_subcommand("run").unwrap();
    let mut known = BTreeSet::new();
    for argument in run.get_arguments() {
        let Some(long) = argument.get_long().filter(|long| *long != "help") else {
            continue;
        };
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `--{long}` |")))
            .unwrap_or_else(|| panic!("--{long} has no row"));
        let variable = argument.get_env().unwrap().to_str().unwrap();
        assert!(
            row.contains(&format!("| `{variable}` |")),
            "--{long} is {variable}: {row}"
        );
        for default in argument.get_default_values() {
            let default = default.to_str().unwrap();
            assert!(
                row.contains(default),
                "the default of --{long} is {default}: {row}"
            );
        }
        known.insert(format!("--{long}"));
    }
    let told: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `--")?.split_once('`'))
        .map(|(flag, _)| format!("--{flag}"))
        .collect();
    assert_eq!(told, known);
}

#[test]
fn the_configuration_page_tells_every_value_of_the_chart() {
    let page = read("docs/configuration.md");
    let values: Value = serde_saphyr::from_str(&read("charts/replication-operator/values.yaml")).unwrap();
    for name in values.as_object().unwrap().keys() {
        let is_told = page.contains(&format!("`{name}`")) || page.contains(&format!("`{name}."));
        assert!(is_told, "{name} is a value of the chart");
    }
    for line in page.lines().filter(|line| line.starts_with("| `--")) {
        let cells: Vec<&str> = line.split('|').collect();
        for name in cells[3].split('`').skip(1).step_by(2) {
            let pointer = format!("/{}", name.replace('.', "/"));
            assert!(
                values.pointer(&pointer).is_some(),
                "{name} is no value of the chart"
            );
        }
    }
}

#[test]
fn every_key_is_documented() {
    let text = all_text();
    for key in [
        keys::JOB_FINALIZER,
        keys::ACCOUNT_FINALIZER,
        keys::PAUSED,
        keys::RECONCILE_REQUESTED_AT,
        keys::RESTART_REQUESTED_AT,
        keys::APPROVE_PLAN,
    ] {
        assert!(text.contains(key), "{key} is in no page");
        assert!(read("README.md").contains(key), "{key} is not in the README");
    }
}

#[test]
fn no_page_names_a_key_that_does_not_exist() {
    let source = read("src/api/keys.rs");
    for page in pages() {
        let text = read(&page);
        for (at, _) in text.match_indices("replication.dev/") {
            let is_key = at == 0 || !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.');
            let word: String = text[at..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "./-".contains(*c))
                .collect();
            let word = word.trim_end_matches(['-', '.']);
            let is_version = word == "replication.dev/v1alpha1";
            assert!(
                !is_key || is_version || source.contains(&format!("\"{word}\"")),
                "{}: {word}",
                page.display()
            );
        }
    }
}

/// A life is called by its kind and, after a comma, its flavour.
#[test]
fn the_figures_of_reliability_tell_of_every_kind() {
    let page = read("docs/reliability.md");
    let lives = read("tests/chaos/lifecycles.yaml");
    let names = lives.lines().filter_map(|line| line.strip_prefix("- name: "));
    let kind = |name: &str| name.split(',').next().unwrap_or_default().to_owned();
    let kinds: BTreeSet<String> = names.clone().map(kind).collect();
    let mut told = BTreeSet::new();
    for name in names {
        for cells in rows_of(&page, name) {
            let counted = &cells[3..7];
            assert!(counted.iter().all(|figure| figure == "0"), "{name}: {counted:?}");
            told.insert(kind(name));
        }
    }
    assert_eq!(told, kinds);
}

#[test]
fn every_link_leads_somewhere() {
    let mut lost = vec![];
    for page in pages() {
        let text = without_code(&read(&page));
        let folder = page.parent().unwrap().to_owned();
        for target in links(&text) {
            if target.starts_with("http") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = if file.is_empty() {
                page.clone()
            } else {
                folder.join(file)
            };
            if !root().join(&path).exists() {
                lost.push(format!("{}: {target}", page.display()));
            } else if !anchor.is_empty() && !anchors(&read(&path)).contains(anchor) {
                lost.push(format!("{}: {target} has no such heading", page.display()));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// The targets of inline links.
fn links(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target.to_owned()))
        .collect()
}

/// The page without fenced blocks and without code in lines.
fn without_code(page: &str) -> String {
    let mut fenced = false;
    let mut text = String::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            text.extend(line.split('`').step_by(2));
            text.push('\n');
        }
    }
    text
}

/// The anchors that a renderer makes of the headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let text = line.trim_start_matches('#').trim().to_lowercase();
            let kept = text
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-');
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn the_first_manifest_of_the_readme_is_one() {
    let page = read("README.md");
    let (_, rest) = page.split_once("```yaml\n").unwrap();
    let (manifest, _) = rest.split_once("```").unwrap();
    let job: EventRouterJob = serde_saphyr::from_str(manifest).unwrap();
    assert!(EventRouter::desired(&job, &Resolved::new()).is_ok());
}

#[test]
fn no_page_says_that_it_is_unfinished() {
    for page in pages() {
        let text = read(&page);
        for word in FORBIDDEN {
            assert!(!text.contains(word), "{}: {word}", page.display());
        }
    }
}

#[test]
fn the_changelog_has_the_current_version() {
    let heading = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(read("CHANGELOG.md").contains(&heading), "{heading}");
}

#[test]
fn every_page_can_be_reached_from_the_readme() {
    let mut reached = BTreeSet::from([PathBuf::from("README.md")]);
    let mut open = vec![PathBuf::from("README.md")];
    while let Some(page) = open.pop() {
        let folder = page.parent().unwrap().to_owned();
        for target in links(&without_code(&read(&page))) {
            let file = target.split('#').next().unwrap();
            let path = plain(&folder.join(file));
            let is_page = path.extension().is_some_and(|extension| extension == "md");
            if is_page && root().join(&path).exists() && reached.insert(path.clone()) {
                open.push(path);
            }
        }
    }
    let lost: Vec<_> = pages()
        .into_iter()
        .filter(|page| !reached.contains(page))
        .collect();
    assert!(lost.is_empty(), "no link leads to {lost:?}");
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == std::path::Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}
