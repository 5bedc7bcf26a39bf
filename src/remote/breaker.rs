//! Keeps a refused credential from being sent again: five bad signatures lock a key for everyone who uses it.
use super::{Fault, RemoteError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The breaker of one credential, whichever account calls. A changed credential gets a new one.
#[derive(Debug)]
pub(crate) struct Breaker {
    state: Mutex<State>,
    /// Held by the one call that may try a credential of which nothing is known yet.
    trial: tokio::sync::Mutex<()>,
    /// How long a caller waits for the outcome of that call.
    patience: Duration,
    /// When an open breaker lets one call try again; never, for a credential that cannot change by itself.
    retry: Option<Duration>,
}

#[derive(Debug)]
enum State {
    Unproven,
    Proven,
    Open { refusal: RemoteError, since: Instant },
}

/// Leave to call. While it is held for a trial, nobody else calls.
#[derive(Debug)]
pub(crate) struct Passage<'a> {
    _trial: Option<tokio::sync::MutexGuard<'a, ()>>,
}

impl Breaker {
    pub(crate) fn new(patience: Duration, retry: Option<Duration>) -> Self {
        Self {
            state: Mutex::new(State::Unproven),
            trial: tokio::sync::Mutex::default(),
            patience,
            retry,
        }
    }

    /// Leave to call, at once for a proven credential, alone for a fresh one.
    ///
    /// A trial that is dropped, or that fails for another reason, leaves its place to the next caller.
    pub(crate) async fn enter(&self, operation: &'static str) -> Result<Passage<'_>, RemoteError> {
        if self.check(operation)? {
            return Ok(Passage { _trial: None });
        }
        let Ok(trial) = tokio::time::timeout(self.patience, self.trial.lock()).await else {
            let fault = Fault::Throttled { retry_after: None };
            return Err(RemoteError::new(
                operation,
                fault,
                "waits for the first call with these credentials; nothing was sent",
            ));
        };
        let proven = self.check(operation)?;
        Ok(Passage {
            _trial: (!proven).then_some(trial),
        })
    }

    /// Whether the credential is proven; the kept refusal when it was refused.
    pub(crate) fn check(&self, operation: &'static str) -> Result<bool, RemoteError> {
        let mut state = self.state();
        match &*state {
            State::Unproven => Ok(false),
            State::Proven => Ok(true),
            State::Open { since, .. } if self.retry.is_some_and(|after| since.elapsed() >= after) => {
                *state = State::Unproven;
                Ok(false)
            }
            State::Open { refusal, .. } => Err(RemoteError {
                operation,
                ..refusal.repeated()
            }),
        }
    }

    /// Lets one call try a refused credential again, because something about it may have been mended.
    pub(crate) fn reconsider(&self) {
        let mut state = self.state();
        if matches!(*state, State::Open { .. }) {
            *state = State::Unproven;
        }
    }

    /// Takes note of how a call ended.
    pub(crate) fn learn<T>(&self, outcome: &Result<T, RemoteError>) {
        let mut state = self.state();
        match outcome {
            // An answer that was under way when another call was refused does not close the breaker again.
            Ok(_) if matches!(*state, State::Unproven) => *state = State::Proven,
            Err(error) if error.fault == Fault::Unauthorized => {
                // The first refusal is kept: later ones only repeat it.
                if !matches!(*state, State::Open { .. }) {
                    *state = State::Open {
                        refusal: error.repeated(),
                        since: Instant::now(),
                    };
                }
            }
            Err(error) if proves(error.fault) && matches!(*state, State::Unproven) => *state = State::Proven,
            Ok(_) | Err(_) => {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an answer with this fault can only come after the credential was accepted.
const fn proves(fault: Fault) -> bool {
    match fault {
        Fault::Forbidden
        | Fault::Conflict
        | Fault::Exists
        | Fault::NotFound
        | Fault::Exhausted
        | Fault::NotEnabled => true,
        Fault::Transient
        | Fault::Throttled { .. }
        | Fault::Ambiguous
        | Fault::Unauthorized
        | Fault::Rejected
        | Fault::Malformed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn breaker() -> Breaker {
        Breaker::new(Duration::from_secs(15), None)
    }

    fn failed(fault: Fault) -> Result<(), RemoteError> {
        let mut error = RemoteError::new("List", fault, "as told");
        error.code = Some("APIGW.0301".into());
        Err(error)
    }

    async fn call(
        breaker: &Breaker,
        sent: &AtomicUsize,
        outcome: Result<(), RemoteError>,
    ) -> Result<(), RemoteError> {
        let _passage = breaker.enter("List").await?;
        sent.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(10)).await;
        breaker.learn(&outcome);
        outcome
    }

    #[tokio::test(start_paused = true)]
    async fn a_wrong_key_is_sent_once() {
        let (breaker, sent) = (breaker(), AtomicUsize::new(0));
        let outcomes = join_all((0..32).map(|_| call(&breaker, &sent, failed(Fault::Unauthorized)))).await;
        assert_eq!(sent.load(Ordering::SeqCst), 1);
        for outcome in outcomes {
            let error = outcome.unwrap_err();
            assert_eq!(error.fault, Fault::Unauthorized);
            assert_eq!(error.code.as_deref(), Some("APIGW.0301"));
            assert_eq!(error.message, "as told");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_credential_stays_refused() {
        let (breaker, sent) = (breaker(), AtomicUsize::new(0));
        call(&breaker, &sent, failed(Fault::Unauthorized))
            .await
            .unwrap_err();
        tokio::time::advance(Duration::from_hours(24)).await;
        call(&breaker, &sent, Ok(())).await.unwrap_err();
        assert_eq!(sent.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reconsidered_credential_is_tried_once_more() {
        let (breaker, sent) = (breaker(), AtomicUsize::new(0));
        for tries in 1..=2 {
            for _ in 0..3 {
                call(&breaker, &sent, failed(Fault::Unauthorized))
                    .await
                    .unwrap_err();
            }
            assert_eq!(sent.load(Ordering::SeqCst), tries);
            breaker.reconsider();
        }
        call(&breaker, &sent, Ok(())).await.unwrap();
        breaker.reconsider();
        assert!(breaker.check("List").unwrap(), "a proven one stays proven");
    }

    #[tokio::test(start_paused = true)]
    async fn a_credential_that_renews_itself_is_tried_again_later() {
        let breaker = Breaker::new(Duration::from_secs(15), Some(Duration::from_mins(5)));
        let sent = AtomicUsize::new(0);
        call(&breaker, &sent, failed(Fault::Unauthorized))
            .await
            .unwrap_err();
        call(&breaker, &sent, Ok(())).await.unwrap_err();
        tokio::time::advance(Duration::from_mins(5)).await;
        call(&breaker, &sent, Ok(())).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn other_faults_prove_nothing_and_let_the_next_one_try() {
        let (breaker, sent) = (breaker(), AtomicUsize::new(0));
        call(&breaker, &sent, failed(Fault::Transient)).await.unwrap_err();
        assert!(!breaker.check("List").unwrap());
        call(&breaker, &sent, failed(Fault::Forbidden)).await.unwrap_err();
        assert!(breaker.check("List").unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_trial_leaves_its_place() {
        let (breaker, sent) = (breaker(), AtomicUsize::new(0));
        let dropped = tokio::time::timeout(Duration::from_millis(1), call(&breaker, &sent, Ok(()))).await;
        assert!(dropped.is_err());
        call(&breaker, &sent, Ok(())).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        let breaker = breaker();
        let _trial = breaker.enter("List").await.unwrap();
        let error = breaker.enter("Show").await.unwrap_err();
        assert!(matches!(error.fault, Fault::Throttled { .. }));
        assert_eq!(error.operation, "Show");
    }
}
