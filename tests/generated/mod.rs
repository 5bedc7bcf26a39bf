//! Files of the repository that are made from the code: compared with what they should be, or written anew.
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of the repository.
pub fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Holds a file to its text; with `REGENERATE=1` writes it instead.
pub fn holds(path: &str, text: &str) {
    if is_wanted() {
        fs::create_dir_all(file(path).parent().unwrap()).unwrap();
        fs::write(file(path), text).unwrap();
        return;
    }
    let there = fs::read_to_string(file(path)).unwrap_or_default();
    assert!(
        there == text,
        "{path} is out of date: run `REGENERATE=1 cargo test --test crds --test chart generated`"
    );
}

/// Holds a directory to these files and no others.
#[allow(dead_code, reason = "not every test that uses this module has a directory")]
pub fn directory_holds(path: &str, files: &BTreeMap<String, String>) {
    for (name, text) in files {
        holds(&format!("{path}/{name}"), text);
    }
    for entry in fs::read_dir(file(path)).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if files.contains_key(&name) {
            continue;
        }
        assert!(is_wanted(), "{path}/{name} is not generated any more: delete it");
        fs::remove_file(entry.path()).unwrap();
    }
}

fn is_wanted() -> bool {
    std::env::var_os("REGENERATE").is_some_and(|value| value == "1")
}
