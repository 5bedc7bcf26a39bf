//! Which module may name which, and what may not be done where.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
use std::fs;
use std::path::{Path, PathBuf};

/// Module, and what it may name of the crate beside itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("api", &[]),
    ("remote", &[]),
    ("engine", &["api", "remote"]),
    ("kinds", &["api", "remote", "engine"]),
    ("runtime", &["api", "remote", "engine", "kinds"]),
];

/// What every kind may use of `kinds` beside its own folder.
const SHARED_BY_KINDS: &[&str] = &["cdm", "lenient", "pages"];

/// Files or directories, and words that may not stand in them.
const FORBIDDEN: &[(&[&str], &[&str], &str)] = &[
    (
        &[
            "engine/plan",
            "engine/sight",
            "engine/verdict",
            "engine/conditions",
            "engine/difference",
            "engine/backoff",
            "engine/reason",
        ],
        &[
            "async",
            "await",
            "now()",
            "Instant",
            "SystemTime",
            "tracing",
            "rand",
            "println",
            "eprintln",
            "std::fs",
            "std::env",
        ],
        "is decided from values alone",
    ),
    (
        &["kinds/*/mapping", "kinds/*/resource"],
        &[
            "async",
            "await",
            "now()",
            "Instant",
            "SystemTime",
            "tracing",
            "rand",
            "reqwest",
            "tokio",
        ],
        "maps values",
    ),
    (
        &["kinds/*/wire"],
        &["async", "await", "reqwest", "tokio", "kube"],
        "has shapes only",
    ),
    (
        &["api"],
        &[
            "async", "await", "reqwest", "tokio", "tracing", "std::fs", "std::env",
        ],
        "has types only",
    ),
    (
        &["remote"],
        &["kube", "k8s_openapi"],
        "knows nothing of Kubernetes",
    ),
];

/// Where secrets leave their wrapping: to be signed, sent, compared by keyed digest or kept as a Secret's value.
const EXPOSES: &[&str] = &[
    "engine/account/registry.rs",
    "engine/account/secrets.rs",
    "engine/digest.rs",
    "engine/driver/mod.rs",
    "kinds/*/mapping/request.rs",
    "kinds/*/wire/request.rs",
    "remote/credentials.rs",
    "remote/redact.rs",
    "remote/*/iam.rs",
    "remote/*/letter.rs",
    "remote/*/own.rs",
    "remote/*/own_tests.rs",
    "remote/*/sign.rs",
    "remote/own.rs",
    "remote/standing.rs",
];

/// What of the runtime may change with any release of kube, and where it may be used.
const UNSTABLE: &[&str] = &[
    "for_stream",
    "for_shared_stream",
    "reconcile_on",
    "reflect_shared",
    "modify",
    "watches_stream",
    "owns_stream",
];
const MAY_BE_UNSTABLE: &[&str] = &["engine/watch.rs", "engine/controller.rs"];

/// One source file: its path below `src`, its module path, and its text without comments.
struct Source {
    path: String,
    module: Vec<String>,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![];
    collect(&root, &mut found);
    assert!(found.len() > 50, "only {} files were found", found.len());
    found.iter().map(|file| source(&root, file)).collect()
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn source(root: &Path, file: &Path) -> Source {
    let path = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let module = path.trim_end_matches(".rs").trim_end_matches("/mod").split('/');
    let text = fs::read_to_string(file).unwrap();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: Vec<_> = code.map(|line| line.split(" // ").next().unwrap()).collect();
    Source {
        module: module.map(str::to_owned).collect(),
        text: code.join("\n"),
        path,
    }
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The names of a path that starts here.
fn path_at(text: &str) -> Vec<&str> {
    let end = text
        .find(|letter: char| !is_name(letter) && letter != ':')
        .unwrap_or(text.len());
    text[..end]
        .split("::")
        .take_while(|name| !name.is_empty())
        .collect()
}

/// Every place at which this word stands by itself.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let runs_on = word.ends_with(is_name) && after.is_some_and(is_name);
        !runs_on && !before.is_some_and(is_name)
    })
}

/// Whether a path below `src` is this file, or belongs to this module; a star is any one name.
fn belongs(path: &str, pattern: &str) -> bool {
    let names: Vec<_> = path.split('/').collect();
    let pattern: Vec<_> = pattern.split('/').collect();
    let is = |name: &str, pattern: &str| {
        let any = match pattern.strip_prefix('*') {
            Some(extension) => name.ends_with(extension),
            None => false,
        };
        any || name == pattern || name.strip_suffix(".rs") == Some(pattern)
    };
    names.len() >= pattern.len()
        && names
            .iter()
            .zip(&pattern)
            .all(|(name, pattern)| is(name, pattern))
}

#[test]
fn modules_use_only_what_they_may() {
    for source in sources()
        .iter()
        .filter(|source| !["lib", "main"].contains(&source.module[0].as_str()))
    {
        let own = source.module[0].as_str();
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(module, _)| *module == own)
            .unwrap_or_else(|| panic!("{own}"));
        for at in places(&source.text, "crate::") {
            let path = path_at(&source.text[at..]);
            let name = path
                .get(1)
                .unwrap_or_else(|| panic!("{}: write one `use` for each module", source.path));
            assert!(
                *name == own || allowed.contains(name),
                "{} uses {}",
                source.path,
                path.join("::")
            );
        }
    }
}

#[test]
fn kinds_use_nothing_of_each_other() {
    for source in sources()
        .iter()
        .filter(|source| source.module[0] == "kinds" && source.module.len() > 1)
    {
        let own = source.module[1].as_str();
        for at in places(&source.text, "crate::kinds") {
            let path = path_at(&source.text[at..]);
            let name = path
                .get(2)
                .unwrap_or_else(|| panic!("{}: {}", source.path, path.join("::")));
            let is_shared = SHARED_BY_KINDS.contains(name);
            assert!(
                *name == own || is_shared,
                "{} uses {}",
                source.path,
                path.join("::")
            );
        }
    }
}

/// What `crate::` may not name, `super::` may not either.
#[test]
fn nobody_climbs_out_of_a_module() {
    for source in sources() {
        let ground = if source.module[0] == "kinds" && source.module.len() > 1 {
            2
        } else {
            1
        };
        for at in places(&source.text, "super").filter(|at| !source.text[..*at].ends_with("super::")) {
            let climbs = path_at(&source.text[at..])
                .iter()
                .take_while(|name| **name == "super")
                .count();
            let inside = usize::from(source.text[..at].contains("mod tests {"));
            let depth = source.module.len() + inside;
            assert!(
                depth >= ground + climbs,
                "{} climbs out of its module",
                source.path
            );
        }
    }
}

#[test]
fn what_is_forbidden_somewhere_is_not_there() {
    for source in sources().iter().filter(|source| !source.path.contains("tests")) {
        let code = source.text.split("#[cfg(test)]").next().unwrap();
        for (_, words, reason) in FORBIDDEN
            .iter()
            .filter(|(patterns, ..)| patterns.iter().any(|p| belongs(&source.path, p)))
        {
            for word in *words {
                assert!(
                    places(code, word).next().is_none(),
                    "{} {reason}, but says `{word}`",
                    source.path
                );
            }
        }
    }
}

#[test]
fn every_rule_is_about_files_that_exist() {
    let sources = sources();
    let patterns = FORBIDDEN
        .iter()
        .flat_map(|(patterns, ..)| patterns.iter())
        .chain(EXPOSES)
        .chain(MAY_BE_UNSTABLE);
    for pattern in patterns {
        assert!(
            sources.iter().any(|source| belongs(&source.path, pattern)),
            "{pattern} is nowhere"
        );
    }
}

#[test]
fn secrets_are_exposed_where_they_are_used_and_nowhere_else() {
    for source in sources()
        .iter()
        .filter(|source| places(&source.text, "expose_secret").next().is_some())
    {
        let allowed = EXPOSES.iter().any(|pattern| belongs(&source.path, pattern));
        assert!(allowed, "{} exposes secrets", source.path);
    }
}

#[test]
fn unstable_parts_of_the_runtime_are_used_in_two_files() {
    let is_free = |path: &str| MAY_BE_UNSTABLE.iter().any(|pattern| belongs(path, pattern));
    for source in sources().iter().filter(|source| !is_free(&source.path)) {
        for word in UNSTABLE {
            assert!(
                places(&source.text, word).next().is_none(),
                "{} uses {word}",
                source.path
            );
        }
    }
}
