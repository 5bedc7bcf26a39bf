//! The state that outlives a restart: one file of JSON lines, appended at each change, made short at each start.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Sim;
use crate::command::Failure;

/// One change: a document of a service was put, or taken away when the value is null.
#[derive(Debug, Deserialize, Serialize)]
struct Line {
    service: String,
    key: String,
    value: Value,
    at: Sim,
}

/// What an earlier run left.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Documents by service and key.
    pub(crate) documents: BTreeMap<(String, String), Value>,
    /// The simulated time of the last change.
    pub(crate) at: Sim,
}

/// Keeps documents in the state file, or nowhere when none was named.
#[derive(Debug)]
pub(crate) struct Store(Option<Mutex<File>>);

impl Store {
    /// Opens the file, reads what it holds and rewrites it without what is superseded.
    pub(crate) fn open(path: Option<&Path>) -> Result<(Self, Kept), Failure> {
        let Some(path) = path else {
            return Ok((Self(None), Kept::default()));
        };
        let kept = read(path)?;
        let file = compact(path, &kept).map_err(|e| Failure::File(path.to_path_buf(), e))?;
        Ok((Self(Some(Mutex::new(file))), kept))
    }

    /// Keeps a document.
    pub(crate) fn put(&self, service: &str, key: &str, value: &impl Serialize, at: Sim) {
        if self.0.is_none() {
            return;
        }
        match serde_json::to_value(value) {
            Ok(value) => self.append(&Line {
                service: service.to_owned(),
                key: key.to_owned(),
                value,
                at,
            }),
            Err(error) => eprintln!("cloud-simulator: {service} {key} is not kept: {error}"),
        }
    }

    /// Forgets a document.
    pub(crate) fn remove(&self, service: &str, key: &str, at: Sim) {
        self.append(&Line {
            service: service.to_owned(),
            key: key.to_owned(),
            value: Value::Null,
            at,
        });
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        if let Some(file) = &self.0
            && let Err(error) = file.lock().unwrap_or_else(PoisonError::into_inner).set_len(0)
        {
            eprintln!("cloud-simulator: the state file cannot be emptied: {error}");
        }
    }

    fn append(&self, line: &Line) {
        let Some(file) = &self.0 else {
            return;
        };
        let written = text(line).and_then(|text| {
            // One write per line: a torn one can only be the last, which the next start leaves out.
            file.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .write_all(text.as_bytes())
        });
        if let Err(error) = written {
            eprintln!("cloud-simulator: the state file cannot be written: {error}");
        }
    }
}

fn text(line: &Line) -> std::io::Result<String> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    Ok(text)
}

fn read(path: &Path) -> Result<Kept, Failure> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Kept::default()),
        Err(error) => return Err(Failure::File(path.to_path_buf(), error)),
    };
    let text = String::from_utf8_lossy(&bytes);
    let mut kept = Kept::default();
    for (number, raw) in text.split_inclusive('\n').enumerate() {
        match serde_json::from_str::<Line>(raw) {
            Ok(line) => {
                kept.at = kept.at.max(line.at);
                let key = (line.service, line.key);
                if line.value.is_null() {
                    kept.documents.remove(&key);
                } else {
                    kept.documents.insert(key, line.value);
                }
            }
            Err(_) if !raw.ends_with('\n') => {
                eprintln!("cloud-simulator: the last state line is torn, left out");
            }
            Err(error) => return Err(Failure::State(format!("line {}: {error}", number + 1))),
        }
    }
    Ok(kept)
}

fn compact(path: &Path, kept: &Kept) -> std::io::Result<File> {
    let mut fresh = PathBuf::from(path);
    fresh.as_mut_os_string().push(".new");
    let mut out = String::new();
    for ((service, key), value) in &kept.documents {
        let line = Line {
            service: service.clone(),
            key: key.clone(),
            value: value.clone(),
            at: kept.at,
        };
        out.push_str(&text(&line)?);
    }
    {
        let mut file = private(OpenOptions::new().write(true).create(true).truncate(true)).open(&fresh)?;
        file.write_all(out.as_bytes())?;
        file.sync_all()?;
    }
    std::fs::rename(&fresh, path)?;
    OpenOptions::new().append(true).open(path)
}

/// The state holds passwords and tokens, so nobody else may read it.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_key_is_kept_and_a_torn_last_line_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let (store, kept) = Store::open(Some(&path)).unwrap();
        assert!(kept.documents.is_empty());
        store.put("s", "a", &1, 10);
        store.put("s", "a", &2, 20);
        store.put("s", "b", &3, 30);
        store.remove("s", "b", 40);
        let mut torn = OpenOptions::new().append(true).open(&path).unwrap();
        torn.write_all(b"{\"service\":\"s\"").unwrap();
        let (_, kept) = Store::open(Some(&path)).unwrap();
        assert_eq!(kept.documents.len(), 1);
        assert_eq!(kept.documents[&("s".to_owned(), "a".to_owned())], 2);
        assert_eq!(kept.at, 40);
    }
}
