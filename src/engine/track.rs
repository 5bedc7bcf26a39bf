//! What the process remembers of each object between passes; lost at a restart without harm, and no part of any proof.
use super::kind::{JobKind, Seen};
use super::peer::Face;
use super::plan::{Request, Sent};
use super::reason::Ready;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// An object by UID.
pub type Uid = String;

/// What our last remote write was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    /// The create, and nothing after it: no earlier state of the job can be shown by a list that lags.
    Created,
    /// The first start after our create: only a list row that shows it running counts.
    FirstStart,
    /// Any other request: only a single read counts until the job rests again.
    Other,
}

/// Our last remote write.
#[derive(Clone, Debug)]
pub struct LastWrite {
    /// When its answer came.
    pub at: Instant,
    /// What it was.
    pub kind: WriteKind,
    /// What it set going.
    pub doing: Ready,
    /// The request and the state it was sent in, for requests that were accepted.
    pub sent: Option<Sent>,
}

impl LastWrite {
    /// Whether it was the delete.
    pub fn is_delete(&self) -> bool {
        self.sent
            .as_ref()
            .is_some_and(|sent| sent.request == Request::Delete)
    }
}

/// A definition that was read or sent, for rows that carry none.
pub struct Known<K: JobKind> {
    /// The job it belongs to.
    pub id: String,
    /// The definition.
    pub definition: Box<K::Definition>,
    /// The state that was read with it; none where it was sent.
    pub state: Option<String>,
    /// When it was read or sent.
    pub at: Instant,
}

/// One object.
pub struct Track<K: JobKind> {
    /// When this process first saw it.
    pub first_seen: Instant,
    /// The resource version that our newest write gave it.
    pub version: Option<String>,
    /// Until when nothing has to be done unless the object changes, and the version that this holds for.
    pub quiet: Option<(String, Instant)>,
    /// Failures in a row.
    pub attempt: u32,
    /// Our last remote write, until the job is seen at rest.
    pub last_write: Option<LastWrite>,
    /// The hash of the last update that was accepted, and when, until both sides were seen to agree.
    pub updated: Option<(String, Instant)>,
    /// When the job was last written or read singly: what a list told before that is out of date for this object.
    pub certain: Option<Instant>,
    /// Since when something is under way, whoever set it going.
    pub waiting: Option<Instant>,
    /// The definition as last read or sent.
    pub known: Option<Known<K>>,
    /// The job as it was looked at while its run was under way, and when: until the interval is over only the run is read.
    pub watched: Option<(Box<Seen<K>>, Instant)>,
    /// Since when its run is watched.
    pub watching: Option<Instant>,
    /// The job as it was when its last run was read the last time.
    pub attended: Option<Box<Seen<K>>>,
    /// The id of the job that is gone and whose last run was asked for.
    pub recollected: Option<String>,
    /// When status was last written.
    pub reported: Option<Instant>,
    /// What others were last told of it.
    pub face: Option<Face>,
    /// The class of the progress that stands in status.
    pub progress_class: Option<String>,
    /// Since when lists do not show the job, where a single read only may have said that it is gone.
    pub missed: Option<Instant>,
    /// The id whose delete was accepted.
    pub deleted_id: Option<String>,
    /// The job that our last create made.
    pub made: Option<Made>,
}

/// A job that a create of ours made. Where its mark proves whose it is, its id is written together with what becomes of
/// it.
pub struct Made {
    /// The nonce of the claim.
    pub nonce: String,
    /// Its id.
    pub id: String,
}

impl<K: JobKind> Default for Track<K> {
    fn default() -> Self {
        Self {
            first_seen: Instant::now(),
            version: None,
            quiet: None,
            attempt: 0,
            last_write: None,
            updated: None,
            certain: None,
            waiting: None,
            known: None,
            watched: None,
            watching: None,
            attended: None,
            recollected: None,
            reported: None,
            face: None,
            progress_class: None,
            missed: None,
            deleted_id: None,
            made: None,
        }
    }
}

/// An object's track, and whether something it depends on changed since its last pass.
pub struct Slot<K: JobKind> {
    dirty: AtomicBool,
    /// Locked for the whole of a pass.
    pub track: tokio::sync::Mutex<Track<K>>,
}

impl<K: JobKind> Default for Slot<K> {
    fn default() -> Self {
        Self {
            dirty: AtomicBool::new(false),
            track: tokio::sync::Mutex::new(Track::default()),
        }
    }
}

impl<K: JobKind> Slot<K> {
    /// Makes the next pass a real one, also if a pass is under way now.
    pub fn disturb(&self) {
        self.dirty.store(true, Ordering::Release);
    }

    /// Whether it was disturbed since this was last asked.
    pub fn was_disturbed(&self) -> bool {
        self.dirty.swap(false, Ordering::AcqRel)
    }
}

/// Every object of one kind.
pub struct Tracks<K: JobKind> {
    tracks: Mutex<HashMap<Uid, Arc<Slot<K>>>>,
    owners: Mutex<Owners>,
}

/// Whose a remote id is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The namespace of the object.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its UID.
    pub uid: Uid,
}

/// Both ways between objects and remote ids. An object has one: the last that was seen or made.
#[derive(Default)]
struct Owners {
    owners: HashMap<Arc<str>, Owner>,
    ids: HashMap<Uid, Arc<str>>,
}

impl<K: JobKind> Default for Tracks<K> {
    fn default() -> Self {
        Self {
            tracks: Mutex::default(),
            owners: Mutex::default(),
        }
    }
}

impl<K: JobKind> Tracks<K> {
    /// The object's track, made when it is first asked for.
    pub fn of(&self, uid: &str) -> Arc<Slot<K>> {
        lock(&self.tracks).entry(uid.to_owned()).or_default().clone()
    }

    /// Notes whose a remote id is.
    pub fn own(&self, id: &str, namespace: &str, name: &str, uid: &str) {
        lock(&self.owners).own(id, namespace, name, uid);
    }

    /// The object that a remote id belongs to.
    pub fn owner(&self, id: &str) -> Option<Owner> {
        lock(&self.owners).owners.get(id).cloned()
    }

    /// Forgets an object that is gone.
    pub fn forget(&self, uid: &str) {
        lock(&self.tracks).remove(uid);
        lock(&self.owners).forget(uid);
    }
}

impl Owners {
    fn own(&mut self, id: &str, namespace: &str, name: &str, uid: &str) {
        if self.owners.get(id).is_some_and(|owner| owner.uid == uid) {
            return;
        }
        self.forget(uid);
        let id: Arc<str> = id.into();
        let owner = Owner {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            uid: uid.to_owned(),
        };
        if let Some(before) = self.owners.insert(id.clone(), owner) {
            self.ids.remove(&before.uid);
        }
        self.ids.insert(uid.to_owned(), id);
    }

    fn forget(&mut self, uid: &str) {
        if let Some(id) = self.ids.remove(uid) {
            self.owners.remove(&id);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(owners: &Owners, id: &str) -> Option<String> {
        owners.owners.get(id).map(|owner| owner.uid.clone())
    }

    #[test]
    fn an_object_owns_its_last_id_and_nothing_once_it_is_forgotten() {
        let mut owners = Owners::default();
        owners.own("1", "ns", "a", "uid-a");
        owners.own("2", "ns", "b", "uid-b");
        owners.own("3", "ns", "a", "uid-a");
        owners.own("3", "ns", "a", "uid-a");
        assert_eq!(owner(&owners, "1"), None);
        assert_eq!(owner(&owners, "3").as_deref(), Some("uid-a"));
        owners.forget("uid-a");
        assert_eq!((owner(&owners, "3"), owners.ids.len()), (None, 1));
        assert_eq!(owner(&owners, "2").as_deref(), Some("uid-b"));
    }

    #[test]
    fn an_id_that_changes_hands_is_lost_by_the_one_who_had_it() {
        let mut owners = Owners::default();
        owners.own("1", "ns", "a", "uid-a");
        owners.own("1", "ns", "b", "uid-b");
        owners.forget("uid-a");
        assert_eq!(owner(&owners, "1").as_deref(), Some("uid-b"));
        assert_eq!(owners.ids.len(), 1);
    }
}
