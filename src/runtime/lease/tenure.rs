//! How long this process may still believe that it leads: a cheap handle that remote writes ask before they leave.
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio::time::sleep_until;

/// What is known about leadership at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// There is no election: always ours.
    Unbounded,
    /// Ours until then, unless it is renewed.
    Until(Instant),
    /// Somebody else may lead.
    Lost,
    /// Given back in good order.
    Released,
}

/// A handle on leadership. Cheap to clone and to ask, from any thread.
///
/// # Guarantees
/// As long as [`admits_write`](Self::admits_write) is true, nobody else can hold the lease for at least half of the
/// lease's duration. The process ends at two thirds of the duration without a renewal and cuts its connections, which
/// bounds every request at the same moment whatever its own timeout is; a third of the duration is left for what was
/// sent to arrive.
///
/// # Caveats
/// A process that is frozen between asking and sending is not held by any clock. What holds it then is the claim, which
/// is written under the object's version before a create leaves.
#[derive(Clone, Debug)]
pub struct Tenure {
    pub(super) term: watch::Receiver<Term>,
    pub(super) margin: Duration,
}

impl Tenure {
    /// The tenure of a process that runs without an election.
    #[must_use]
    pub fn unbounded() -> Self {
        Self {
            term: watch::channel(Term::Unbounded).1,
            margin: Duration::ZERO,
        }
    }

    /// What is left before the process has to stop; `Duration::MAX` without an election, zero once it is over.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        match *self.term.borrow() {
            Term::Unbounded => Duration::MAX,
            Term::Until(end) => end.saturating_duration_since(Instant::now()),
            Term::Lost | Term::Released => Duration::ZERO,
        }
    }

    /// Whether leadership lasts for at least this long without a further renewal.
    #[must_use]
    pub fn is_valid_for(&self, span: Duration) -> bool {
        let remaining = self.remaining();
        !remaining.is_zero() && remaining >= span
    }

    /// Whether a remote write may leave now: at least a sixth of the lease's duration is left before the process has
    /// to stop. Renewals that are in time never let it sink below a third.
    #[must_use]
    pub fn admits_write(&self) -> bool {
        self.is_valid_for(self.margin)
    }

    /// [`admits_write`](Self::admits_write) as a function, for those who must not know about leases.
    #[must_use]
    pub fn into_gate(self) -> Arc<dyn Fn() -> bool + Send + Sync> {
        Arc::new(move || self.admits_write())
    }

    /// Resolves when leadership is lost; never without an election, and never once it was given back.
    pub async fn lost(&self) {
        let mut term = self.term.clone();
        loop {
            let now = *term.borrow_and_update();
            match now {
                Term::Lost => return,
                Term::Unbounded | Term::Released => return std::future::pending().await,
                Term::Until(end) => tokio::select! {
                    () = sleep_until(end) => return,
                    changed = term.changed() => if changed.is_err() {
                        // Nobody is left to renew it: it ends by itself.
                        return sleep_until(end).await;
                    }
                },
            }
        }
    }

    /// Blocks the calling thread until leadership is lost (true) or no longer at stake (false).
    fn outlive(&self) -> bool {
        loop {
            let now = *self.term.borrow();
            match now {
                Term::Lost => return true,
                Term::Unbounded | Term::Released => return false,
                Term::Until(end) => {
                    let left = end.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return true;
                    }
                    std::thread::sleep(left);
                }
            }
        }
    }
}

/// Calls `end` on a thread of its own when leadership is lost, so that it is noticed even when every worker is busy.
pub fn guard(tenure: Tenure, end: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let watch = move || {
        if tenure.outlive() {
            end();
        }
    };
    std::thread::Builder::new()
        .name("tenure".into())
        .spawn(watch)
        .map(drop)
}
