//! Shared looks: one list per scope feeds all its objects, single-flight; holds answers, decides nothing.
use super::kind::{JobKind, RemoteJobs, Seen};
use crate::remote::RemoteError;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

/// The shortest time between two lists of a scope.
const SPACING: Duration = Duration::from_secs(1);
/// How much longer than the last list took the next one stays away: long lists leave most of the time to other calls.
const REST: u32 = 4;

/// What one list answered.
pub struct Snapshot<K: JobKind> {
    /// When the list was sent: what happened remotely before that is in it, unless the vendor's list lags.
    pub started: Instant,
    finished: Instant,
    /// Sorted by id.
    rows: Vec<Seen<K>>,
}

/// How good a list has to be.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// What happened before this moment must be in it.
    pub after: Option<Instant>,
    /// How old it may be. A list is always good until the next one may be sent.
    pub age: Duration,
    /// Whether it may be sent although the last one was a moment ago.
    pub at_once: bool,
}

impl Need {
    /// A list that is sent for this call or for another one that asks from now on.
    pub fn now() -> Self {
        Self {
            after: Some(Instant::now()),
            age: Duration::ZERO,
            at_once: true,
        }
    }
}

/// The answer to a need.
pub enum Look<K: JobKind> {
    /// A list that is good enough, and the rows that differ from the list before; none unless this call made the list.
    List(Arc<Snapshot<K>>, Changed),
    /// There is none yet, and the last one is too young to send another.
    NotYet(Duration),
}

impl<K: JobKind> Snapshot<K> {
    /// The row of an id.
    pub fn row(&self, id: &str) -> Option<&Seen<K>> {
        let found = self.rows.binary_search_by(|row| row.id.as_str().cmp(id));
        found.ok().and_then(|index| self.rows.get(index))
    }

    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = &Seen<K>> {
        self.rows.iter()
    }

    fn is_good(&self, need: Need) -> bool {
        need.after.is_none_or(|after| self.started >= after)
            && self.finished.elapsed() <= need.age.max(self.spacing())
    }

    /// How long after this list the next one may be sent.
    fn spacing(&self) -> Duration {
        SPACING.max(self.finished.duration_since(self.started) * REST)
    }
}

/// A set of jobs that one list sees: the account as it is connected now, and the scope within it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScopeKey {
    /// Tells one connection of an account from every other.
    pub connection: u64,
    /// The kind's name of the scope.
    pub scope: String,
}

/// Ids whose rows changed between two lists, for waking the objects they belong to.
pub type Changed = Vec<String>;

/// All scopes of one kind.
pub struct Looks<K: JobKind> {
    scopes: Mutex<HashMap<ScopeKey, Arc<Scope<K>>>>,
}

struct Scope<K: JobKind> {
    /// Shared by our requests that add or take away a job, exclusive to the list: pages that are read while jobs come
    /// and go do not make one list.
    still: Arc<RwLock<()>>,
    latest: tokio::sync::Mutex<Latest<K>>,
}

struct Latest<K: JobKind> {
    snapshot: Option<Arc<Snapshot<K>>>,
    failure: Option<(Instant, RemoteError)>,
}

impl<K: JobKind> Default for Looks<K> {
    fn default() -> Self {
        Self {
            scopes: Mutex::default(),
        }
    }
}

impl<K: JobKind> Looks<K> {
    /// A list of the scope that is good enough; asks the service only when there is none, and not too often.
    ///
    /// Callers that come while a list is under way wait for its answer, also when it fails.
    pub async fn look(&self, key: ScopeKey, remote: &K::Remote, need: Need) -> Result<Look<K>, RemoteError> {
        let scope = self.scope(key);
        let asked = Instant::now();
        let mut latest = scope.latest.lock().await;
        if let Some(snapshot) = &latest.snapshot {
            if snapshot.is_good(need) {
                return Ok(Look::List(snapshot.clone(), vec![]));
            }
            let wait = snapshot.spacing().saturating_sub(snapshot.finished.elapsed());
            if !need.at_once && !wait.is_zero() {
                return Ok(Look::NotYet(wait));
            }
        }
        if let Some((_, error)) = latest.failure.as_ref().filter(|(at, _)| *at + SPACING >= asked) {
            return Err(error.repeated());
        }
        // A request that hangs must not keep everybody from looking.
        let _still = tokio::time::timeout(SPACING, scope.still.write()).await.ok();
        let started = Instant::now();
        match remote.list().await {
            Ok(mut rows) => {
                rows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
                rows.dedup_by(|a, b| a.id == b.id);
                // It is held until the next list comes.
                rows.shrink_to_fit();
                let finished = Instant::now();
                let snapshot = Arc::new(Snapshot {
                    started,
                    finished,
                    rows,
                });
                let changed = latest
                    .snapshot
                    .as_ref()
                    .map(|old| changed(old, &snapshot))
                    .unwrap_or_default();
                latest.snapshot = Some(snapshot.clone());
                latest.failure = None;
                Ok(Look::List(snapshot, changed))
            }
            Err(error) => {
                latest.failure = Some((Instant::now(), error.repeated()));
                Err(error)
            }
        }
    }

    /// The last list of the scope, however old it is.
    pub async fn last(&self, key: ScopeKey) -> Option<Arc<Snapshot<K>>> {
        self.scope(key).latest.lock().await.snapshot.clone()
    }

    /// Held while a request of ours adds or takes away a job of the scope: no list is read meanwhile.
    pub async fn hold_still(&self, key: ScopeKey) -> OwnedRwLockReadGuard<()> {
        self.scope(key).still.clone().read_owned().await
    }

    fn scope(&self, key: ScopeKey) -> Arc<Scope<K>> {
        lock(&self.scopes)
            .entry(key)
            .or_insert_with(|| Arc::new(Scope::default()))
            .clone()
    }

    /// Forgets the scopes of a connection that is no longer in use.
    pub fn forget(&self, connection: u64) {
        lock(&self.scopes).retain(|key, _| key.connection != connection);
    }
}

impl<K: JobKind> Default for Scope<K> {
    fn default() -> Self {
        Self {
            still: Arc::default(),
            latest: tokio::sync::Mutex::new(Latest {
                snapshot: None,
                failure: None,
            }),
        }
    }
}

fn changed<K: JobKind>(old: &Snapshot<K>, new: &Snapshot<K>) -> Changed {
    let altered = old
        .rows()
        .filter(|row| new.row(&row.id).is_none_or(|now| now.state != row.state));
    altered.map(|row| row.id.clone()).collect()
}

/// A lock that outlives a panic elsewhere: what it guards is valid between any two statements.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
