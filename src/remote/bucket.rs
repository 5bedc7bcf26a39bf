//! One token bucket with a short queue in front of it, closed for a while when the vendor complains.
use super::limit::Rate;
use governor::clock::Clock;
use governor::middleware::StateInformationMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A caller whose turn is further away than this is sent away, so that it does not hold a worker.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long a bucket closes when the vendor does not say; doubles with every complaint in a row.
const FIRST_REST: Duration = Duration::from_secs(5);
const LONGEST_REST: Duration = Duration::from_mins(5);
/// Nobody is sent away for longer, whatever the vendor says and however long the queue is.
const LONGEST_HINT: Duration = Duration::from_hours(1);

type Limiter = RateLimiter<NotKeyed, InMemoryState, TokioClock, StateInformationMiddleware>;

/// The clock of the runtime, so that tests may turn it.
#[derive(Clone, Debug)]
struct TokioClock {
    start: Instant,
}

impl Clock for TokioClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}

#[derive(Debug)]
pub(crate) struct Bucket {
    /// Callers that may wait stand here, first come first served.
    line: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

/// How it fills.
#[derive(Debug)]
struct Pace {
    rate: Rate,
    limiter: Limiter,
    period: Duration,
    burst: NonZeroU32,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    waiting: u32,
    /// The first turn that no refused caller was pointed to yet: hints form a queue in time.
    tail: Instant,
    closed_until: Option<Instant>,
    complaints: u32,
    /// What was left, and when that was so.
    left: (u32, Instant),
}

/// A place in the line; given back when the caller goes, also when its future is dropped.
struct Place<'a>(&'a Bucket);

enum Admission<'a> {
    Granted,
    Waits(Place<'a>),
}

impl Pace {
    fn new(rate: Rate, start: Instant) -> Self {
        let period = rate.period().unwrap_or(Duration::from_secs(1));
        let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(period)
            .unwrap_or(Quota::per_second(NonZeroU32::MIN))
            .allow_burst(burst);
        Self {
            rate,
            limiter: RateLimiter::direct_with_clock(quota, TokioClock { start }).with_middleware(),
            period,
            burst,
        }
    }

    /// Takes turns away until so many are left.
    fn leave(&self, left: u32) {
        if let Some(gone) = NonZeroU32::new(self.burst.get().saturating_sub(left)) {
            // Not more than the burst, so that there is room for it.
            let _ = self.limiter.check_n(gone);
        }
    }
}

impl Bucket {
    pub(crate) fn new(rate: Rate) -> Self {
        let now = Instant::now();
        Self {
            line: tokio::sync::Mutex::default(),
            state: Mutex::new(State {
                pace: Pace::new(rate, now),
                waiting: 0,
                tail: now,
                closed_until: None,
                complaints: 0,
                left: (rate.burst.max(1), now),
            }),
        }
    }

    /// From now on it fills at another pace. What is in it stays, as far as there is room.
    pub(crate) fn set_rate(&self, rate: Rate) {
        let now = Instant::now();
        let mut state = self.state();
        if state.pace.rate == rate {
            return;
        }
        let pace = Pace::new(rate, now);
        let left = state.filled(now).min(pace.burst.get());
        pace.leave(left);
        state.pace = pace;
        state.left = (left, now);
    }

    pub(crate) async fn turn(&self) -> Result<(), Duration> {
        let _place = match self.admit()? {
            Admission::Granted => return Ok(()),
            Admission::Waits(place) => place,
        };
        let _first_in_line = self.line.lock().await;
        loop {
            let wait = {
                let mut state = self.state();
                match state.ask() {
                    Ok(()) => return Ok(()),
                    // The bucket was closed meanwhile.
                    Err(wait) if wait > PATIENCE => return Err(state.hint(wait)),
                    Err(wait) => wait,
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Whether a turn could be had at once; takes none. Who is refused is pointed to a turn like any other.
    pub(crate) fn room(&self) -> Result<(), Duration> {
        if self.left() > 0 {
            return Ok(());
        }
        let mut state = self.state();
        let closed = state.closed_until.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        });
        let wait = closed.max(state.pace.period);
        Err(state.hint(wait))
    }

    /// Whether there is a turn for a caller that could also come later. It is not kept from anybody who was refused and
    /// is still to come, and half of the burst is left to those who cannot wait; a `late` caller leaves nothing. Takes no
    /// turn and points nobody to one.
    pub(crate) fn spares(&self, late: bool) -> bool {
        let left = self.left();
        let state = self.state();
        let is_asked_for = state.waiting > 0 || state.tail > Instant::now();
        let kept = state.pace.burst.get() / 2;
        left > 0 && (late || !is_asked_for && left > kept)
    }

    pub(crate) fn slow_down(&self, retry_after: Option<Duration>) -> Duration {
        let now = Instant::now();
        let mut state = self.state();
        // Calls that were under way when the bucket closed say nothing new.
        if state.closed_until.is_none_or(|until| until <= now) {
            state.complaints = state.complaints.saturating_add(1);
        }
        let doublings = state.complaints.saturating_sub(1).min(16);
        let default = FIRST_REST.saturating_mul(1 << doublings).min(LONGEST_REST);
        let rest = retry_after.unwrap_or(default).min(LONGEST_HINT);
        let until = state
            .closed_until
            .map_or(now + rest, |until| until.max(now + rest));
        state.closed_until = Some(until);
        until.saturating_duration_since(now)
    }

    pub(crate) fn keep_on(&self) {
        let now = Instant::now();
        let mut state = self.state();
        // An answer to a call that left before the complaint does not lift it.
        if state.closed_until.is_none_or(|until| until <= now) {
            state.complaints = 0;
            state.closed_until = None;
        }
    }

    pub(crate) fn left(&self) -> u32 {
        let now = Instant::now();
        let state = self.state();
        if state.closed_until.is_some_and(|until| until > now) {
            return 0;
        }
        state.filled(now)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admit(&self) -> Result<Admission<'_>, Duration> {
        let mut state = self.state();
        let wait = if state.waiting == 0 {
            match state.ask() {
                Ok(()) => return Ok(Admission::Granted),
                Err(wait) => wait,
            }
        } else {
            let ahead = state.waiting.saturating_add(1);
            state.pace.period.saturating_mul(ahead)
        };
        if wait > PATIENCE {
            return Err(state.hint(wait));
        }
        state.waiting = state.waiting.saturating_add(1);
        Ok(Admission::Waits(Place(self)))
    }
}

impl State {
    fn ask(&mut self) -> Result<(), Duration> {
        let now = Instant::now();
        if let Some(until) = self.closed_until
            && until > now
        {
            return Err(until - now);
        }
        match self.pace.limiter.check() {
            Ok(snapshot) => {
                self.left = (snapshot.remaining_burst_capacity(), now);
                Ok(())
            }
            Err(refusal) => Err(refusal
                .wait_time_from(self.pace.limiter.clock().now())
                .max(Duration::from_millis(1))),
        }
    }

    /// Points a refused caller to a turn that no other refused caller was pointed to.
    fn hint(&mut self, wait: Duration) -> Duration {
        let now = Instant::now();
        let turn = self.tail.max(now + wait).min(now + LONGEST_HINT);
        self.tail = turn + self.pace.period;
        turn - now
    }

    /// What is in the bucket, whether it is closed or not.
    fn filled(&self, now: Instant) -> u32 {
        let (left, since) = self.left;
        let passed = now.saturating_duration_since(since).as_nanos();
        let refilled = passed / self.pace.period.as_nanos().max(1);
        left.saturating_add(u32::try_from(refilled).unwrap_or(u32::MAX))
            .min(self.pace.burst.get())
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.waiting = state.waiting.saturating_sub(1);
    }
}

#[cfg(test)]
#[path = "bucket_tests.rs"]
mod tests;
