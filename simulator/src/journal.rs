//! The request log: every vendor request, never a secret.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::command::Failure;
use crate::reply::Effect;

/// How many entries are held in memory; older ones stay in the file only.
const HELD: usize = 100_000;

/// One request.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// Counts from 0 over the life of the process; also after the log was cleared.
    pub(crate) index: u64,
    /// When it came in, RFC 3339 with microseconds.
    pub(crate) time: String,
    /// HTTP method.
    pub(crate) method: String,
    /// Path as sent.
    pub(crate) path: String,
    /// Query as sent.
    pub(crate) query: String,
    /// Service, or `gateway` for a path that no service has.
    pub(crate) service: String,
    /// API operation, such as `CreateEventRouterJob`.
    pub(crate) operation: Option<String>,
    /// What an action call asked for, such as `START`; otherwise the operation again.
    pub(crate) action: Option<String>,
    /// User name of the verified caller.
    pub(crate) principal: Option<String>,
    /// What the caller proved it with: an access key, `token` or `password`.
    pub(crate) credential: Option<String>,
    /// HTTP status; absent when no answer was sent.
    pub(crate) status: Option<u16>,
    /// The vendor's error code.
    pub(crate) error_code: Option<String>,
    /// What was changed.
    pub(crate) effect: Option<Effect>,
    /// `answered`, `droppedBeforeEffect`, `droppedAfterEffect` or `abandoned` (the client went away).
    pub(crate) outcome: &'static str,
    /// Ids of the faults that struck.
    pub(crate) faults: Vec<String>,
    /// The id that the answer tells.
    pub(crate) request_id: String,
    /// How long it took, in milliseconds of wall time.
    pub(crate) millis: u64,
}

/// The log.
#[derive(Debug)]
pub(crate) struct Journal(Mutex<Held>);

#[derive(Debug)]
struct Held {
    entries: VecDeque<Entry>,
    next: u64,
    file: Option<File>,
}

impl Journal {
    /// A log that is also appended to the file, when one is named.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let file = path
            .map(|path| {
                let file = OpenOptions::new().append(true).create(true).open(path);
                file.map_err(|e| Failure::File(path.to_path_buf(), e))
            })
            .transpose()?;
        Ok(Self(Mutex::new(Held {
            entries: VecDeque::new(),
            next: 0,
            file,
        })))
    }

    /// Adds an entry and gives it its index.
    pub(crate) fn add(&self, mut entry: Entry) {
        let mut held = self.held();
        entry.index = held.next;
        held.next += 1;
        if let (Some(file), Ok(mut line)) = (&mut held.file, serde_json::to_string(&entry)) {
            line.push('\n');
            if let Err(error) = file.write_all(line.as_bytes()) {
                eprintln!("cloud-simulator: the request log cannot be written: {error}");
            }
        }
        if held.entries.len() >= HELD {
            held.entries.pop_front();
        }
        held.entries.push_back(entry);
    }

    /// The entries whose index is `since` or more.
    pub(crate) fn since(&self, since: u64) -> Vec<Entry> {
        let held = self.held();
        let start = held.entries.partition_point(|entry| entry.index < since);
        held.entries.range(start..).cloned().collect()
    }

    /// Forgets the entries in memory.
    pub(crate) fn clear(&self) {
        self.held().entries.clear();
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
