//! What the probes answer: named checks that make the process ready, and a heartbeat that shows it alive.
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How a check stands, with a word or a reason for people.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    Passing(String),
    Failing(String),
}

/// The set of checks behind `/readyz`. Cheap to clone; all clones are one set.
#[derive(Clone, Debug, Default)]
pub struct Readiness {
    checks: Arc<Mutex<BTreeMap<&'static str, Standing>>>,
}

/// One named check.
#[derive(Clone, Debug)]
pub struct Check {
    name: &'static str,
    readiness: Readiness,
}

impl Readiness {
    /// A check of this name, failing until it is said to pass.
    #[must_use]
    pub fn check(&self, name: &'static str) -> Check {
        let check = Check {
            name,
            readiness: self.clone(),
        };
        check.fail("not yet looked at");
        check
    }

    /// Whether all checks pass, and one line for each.
    #[must_use]
    pub fn report(&self) -> (bool, String) {
        let checks = self.checks();
        let mut text = String::new();
        for (name, standing) in checks.iter() {
            // Writing to a string cannot fail.
            let _ = match standing {
                Standing::Passing(word) => writeln!(text, "[+] {name}: {word}"),
                Standing::Failing(reason) => writeln!(text, "[-] {name}: {reason}"),
            };
        }
        let passes = checks
            .values()
            .all(|standing| matches!(standing, Standing::Passing(_)));
        (passes, text)
    }

    fn checks(&self) -> MutexGuard<'_, BTreeMap<&'static str, Standing>> {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Check {
    /// The check passes.
    pub fn pass(&self, word: impl Into<String>) {
        self.readiness
            .checks()
            .insert(self.name, Standing::Passing(word.into()));
    }

    /// The check fails, for this reason.
    pub fn fail(&self, reason: impl Into<String>) {
        self.readiness
            .checks()
            .insert(self.name, Standing::Failing(reason.into()));
    }
}

/// Shows that the main runtime still gets to its tasks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    started: Instant,
    last: Arc<AtomicU64>,
    limit: Duration,
}

impl Heartbeat {
    /// A heart that counts as alive for `limit` after each beat, the first of which is now.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self {
            started: Instant::now(),
            last: Arc::default(),
            limit,
        }
    }

    /// Beats.
    pub fn beat(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Beats four times per limit on the runtime that polls it, for ever.
    pub async fn run(self) {
        let mut interval = tokio::time::interval(self.limit / 4);
        loop {
            interval.tick().await;
            self.beat();
        }
    }

    /// The time since the last beat.
    #[must_use]
    pub fn age(&self) -> Duration {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(last)
    }

    /// Whether the last beat is young enough.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.age() <= self.limit
    }
}
