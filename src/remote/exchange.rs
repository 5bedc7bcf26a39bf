//! The one way a request leaves: its turn first, then signed, sent, judged and counted; a write leaves at most once.
use super::call::Call;
use super::observer::CallObserver;
use super::standing::Share;
use super::transport::{Lost, Request, Transport, WireAnswer};
use super::{Fault, RemoteError};
use rand::Rng;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How often a read is repeated at once, when nothing speaks against a second try.
pub(crate) const REPEATS: u8 = 2;
const PAUSES_MS: std::ops::Range<u64> = 50..250;

/// What leaves, without how it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Errand {
    pub(crate) service: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) writes: bool,
    pub(crate) repeats: u8,
    /// After this nothing leaves any more: whoever asked counts on the outcome being known soon after it asked, however
    /// long the way through look-ups, tokens and queues was.
    pub(crate) leave_by: Instant,
}

/// How a vendor writes requests and reads answers.
pub(crate) trait Dialect: Sync {
    /// The request, signed for this moment.
    fn request(&self, now: jiff::Timestamp) -> Result<Request, RemoteError>;
    /// Whether the answer is a success, and what it means when it is none.
    fn judge(&self, answer: &WireAnswer) -> Result<(), RemoteError>;
    /// The vendor's request id.
    fn request_id(&self, answer: &WireAnswer) -> Option<String>;
}

/// The way to one account at one vendor.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) transport: Transport,
    pub(crate) share: Share,
    pub(crate) observer: Arc<dyn CallObserver>,
    /// Bound on one exchange, repeats included.
    pub(crate) timeout: Duration,
}

/// How one attempt ended, and whether another one may follow at once.
struct Attempt {
    outcome: Result<WireAnswer, RemoteError>,
    repeatable: bool,
}

impl Line {
    /// The errand of a call that was begun at this moment.
    pub(crate) fn errand(&self, call: &Call, repeats: u8, started: Instant) -> Errand {
        Errand {
            service: call.service,
            operation: call.operation,
            writes: call.writes,
            repeats,
            leave_by: started + self.timeout,
        }
    }

    /// Whether a write of this operation could leave now. Asked before a write is announced, because an announcement
    /// whose request does not follow is worth nothing.
    pub(crate) fn room(&self, service: &'static str, operation: &'static str) -> Result<(), RemoteError> {
        let refused = |wait| over_budget(service, operation, wait);
        self.share
            .limits()
            .room((service, operation), true)
            .map_err(refused)
    }

    /// Whether a read of this operation may leave now although it could come later.
    pub(crate) fn spares(&self, service: &'static str, operation: &'static str, late: bool) -> bool {
        self.share.limits().spares((service, operation), late)
    }

    pub(crate) async fn exchange(
        &self,
        errand: Errand,
        dialect: &impl Dialect,
    ) -> Result<WireAnswer, RemoteError> {
        let deadline = Instant::now() + self.timeout;
        let repeats = if errand.writes { 0 } else { errand.repeats };
        let mut last = self.attempt(errand, dialect, deadline).await?;
        for _ in 0..repeats {
            let pause = Duration::from_millis(rand::rng().random_range(PAUSES_MS));
            if !last.repeatable || Instant::now() + pause >= deadline.min(errand.leave_by) {
                break;
            }
            tokio::time::sleep(pause).await;
            // Without a turn for a repeat, what the first answer said stands.
            match self.attempt(errand, dialect, deadline).await {
                Ok(attempt) => last = attempt,
                Err(_) => break,
            }
        }
        last.outcome
    }

    async fn attempt(
        &self,
        errand: Errand,
        dialect: &impl Dialect,
        deadline: Instant,
    ) -> Result<Attempt, RemoteError> {
        let key = (errand.service, errand.operation);
        self.share
            .limits()
            .turn(key, errand.writes)
            .await
            .map_err(|wait| over_budget(errand.service, errand.operation, wait))?;
        let request = dialect.request(jiff::Timestamp::now())?;
        let start = Instant::now();
        if start > errand.leave_by {
            let message = "what had to come first took too long; nothing was sent";
            return Err(RemoteError::new(errand.operation, Fault::Transient, message));
        }
        let left = deadline.saturating_duration_since(start);
        let origin = request.url.origin().ascii_serialization();
        let sent = self.transport.send(request, left).await;
        let latency = start.elapsed();
        let status = sent.as_ref().ok().map(|answer| answer.status);
        let request_id = sent.as_ref().ok().and_then(|answer| dialect.request_id(answer));
        let attempt = match sent {
            Ok(answer) => self.judged(errand, dialect, answer),
            Err(lost) => told(errand, lost, &origin),
        };
        self.record(errand, &attempt, (status, request_id), latency);
        Ok(attempt)
    }

    fn record(
        &self,
        errand: Errand,
        attempt: &Attempt,
        (status, request_id): (Option<u16>, Option<String>),
        latency: Duration,
    ) {
        let fault = attempt.outcome.as_ref().err().map(|error| error.fault);
        tracing::debug!(
            service = errand.service,
            operation = errand.operation,
            status,
            request_id,
            fault = fault.map(Fault::as_str),
            latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
            "remote call"
        );
        let outcome = fault.map_or(Ok(()), Err);
        self.observer
            .called(errand.service, errand.operation, outcome, latency);
    }

    fn judged(&self, errand: Errand, dialect: &impl Dialect, answer: WireAnswer) -> Attempt {
        let key = (errand.service, errand.operation);
        let outcome = dialect.judge(&answer).map_err(|mut error| {
            if let Fault::Throttled { retry_after } = error.fault {
                let hint = answer.retry_after().or(retry_after);
                let rest = self.share.limits().slow_down(key, errand.writes, hint);
                error.fault = Fault::Throttled {
                    retry_after: Some(rest),
                };
            }
            error
        });
        let throttled = matches!(&outcome, Err(error) if matches!(error.fault, Fault::Throttled { .. }));
        if !throttled {
            self.share.limits().keep_on(key, errand.writes);
        }
        let transient = matches!(&outcome, Err(error) if error.fault == Fault::Transient);
        Attempt {
            repeatable: transient && matches!(answer.status, 502..=504),
            outcome: outcome.map(|()| answer),
        }
    }
}

/// The text names no time: it is shown in status, which must not change while nothing happens.
fn over_budget(service: &'static str, operation: &'static str, wait: Duration) -> RemoteError {
    let fault = Fault::Throttled {
        retry_after: Some(wait),
    };
    let message = format!(
        "the request budget of service {service} is used up; nothing was sent, and the next free turn is taken (spec.rateLimit of the account raises the budget)"
    );
    RemoteError::new(operation, fault, message)
}

/// What no answer means.
fn told(errand: Errand, lost: Lost, origin: &str) -> Attempt {
    let (fault, repeatable) = match (&lost, errand.writes) {
        (Lost::NeverSent(_), _) | (Lost::Broken(_), false) => (Fault::Transient, true),
        (Lost::Late(_), false) => (Fault::Transient, false),
        (Lost::TooLong, false) => (Fault::Malformed, false),
        (Lost::Late(_) | Lost::Broken(_) | Lost::TooLong, true) => (Fault::Ambiguous, false),
    };
    let mut error = RemoteError::new(errand.operation, fault, format!("{origin}: {lost}"));
    error.source = Some(Box::new(lost));
    Attempt {
        outcome: Err(error),
        repeatable,
    }
}
