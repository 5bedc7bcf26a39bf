//! Simulated time, which runs a chosen number of times faster than the wall clock.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// Simulated milliseconds since the first start.
pub(crate) type Sim = i64;

/// A moment of this run, in both times.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Moment {
    /// Simulated.
    pub(crate) sim: Sim,
    /// Wall.
    pub(crate) wall: Instant,
}

/// The clock that transitions and progress go by; stamps, tokens and locks go by the wall clock.
#[derive(Debug)]
pub(crate) struct Clock(Mutex<Vec<Stretch>>);

#[derive(Clone, Copy, Debug)]
struct Stretch {
    since: Instant,
    sim: f64,
    speed: f64,
}

impl Stretch {
    fn at(&self, now: Instant) -> f64 {
        let after = now.saturating_duration_since(self.since).as_secs_f64();
        // Before the first stretch time is told backwards, so that nothing of this run was there yet.
        let before = self.since.saturating_duration_since(now).as_secs_f64();
        self.sim + (after * self.speed - before) * 1000.0
    }
}

impl Clock {
    /// A clock of speed one that goes on from `sim`.
    pub(crate) fn new(sim: Sim) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds stay far below 2^52")]
        let start = Stretch {
            since: Instant::now(),
            sim: sim as f64,
            speed: 1.0,
        };
        Self(Mutex::new(vec![start]))
    }

    /// Now.
    pub(crate) fn now(&self) -> Sim {
        self.at(Instant::now())
    }

    /// The moment `ago` of wall time earlier.
    pub(crate) fn before(&self, ago: Duration) -> Moment {
        let now = Instant::now();
        let wall = now.checked_sub(ago).unwrap_or(now);
        Moment {
            sim: self.at(wall),
            wall,
        }
    }

    /// The wall time at which simulated time reached a moment.
    pub(crate) fn stamp(&self, sim: Sim) -> Timestamp {
        let now = Instant::now();
        let ago = now.saturating_duration_since(self.reached(sim, now));
        let ago = SignedDuration::try_from(ago).unwrap_or_default();
        Timestamp::now().checked_sub(ago).unwrap_or_default()
    }

    fn reached(&self, sim: Sim, now: Instant) -> Instant {
        let stretches = self.stretches();
        #[expect(clippy::cast_precision_loss, reason = "milliseconds stay far below 2^52")]
        let wanted = sim as f64;
        let Some(at) = stretches.iter().rposition(|s| s.sim <= wanted) else {
            // Before the first stretch time is told backwards at speed one, as `Stretch::at` does.
            let first = stretches
                .first()
                .map_or((now, 0.0), |s| (s.since, s.sim - wanted));
            let before = Duration::try_from_secs_f64(first.1 / 1000.0).unwrap_or_default();
            return first.0.checked_sub(before).unwrap_or(first.0);
        };
        let end = stretches.get(at + 1).map_or(now, |next| next.since);
        let Some(stretch) = stretches.get(at) else {
            return end;
        };
        // A jump and a clock that stands reach nothing until the next stretch begins.
        let seconds = (wanted - stretch.sim) / 1000.0 / stretch.speed.max(f64::MIN_POSITIVE);
        let after = Duration::try_from_secs_f64(seconds).ok();
        after
            .and_then(|after| stretch.since.checked_add(after))
            .map_or(end, |reached| reached.min(end))
    }

    /// How fast simulated time goes.
    pub(crate) fn speed(&self) -> f64 {
        self.stretches().last().map_or(1.0, |s| s.speed)
    }

    /// Sets the speed from now on.
    pub(crate) fn run_at(&self, speed: f64) {
        self.bend(|s| s.speed = speed);
    }

    /// Jumps ahead by simulated milliseconds.
    pub(crate) fn advance(&self, millis: f64) {
        self.bend(|s| s.sim += millis);
    }

    fn bend(&self, change: impl FnOnce(&mut Stretch)) {
        let now = Instant::now();
        let mut stretches = self.stretches();
        let Some(last) = stretches.last() else {
            return;
        };
        let mut next = Stretch {
            since: now,
            sim: last.at(now),
            speed: last.speed,
        };
        change(&mut next);
        stretches.push(next);
    }

    fn at(&self, moment: Instant) -> Sim {
        let stretches = self.stretches();
        let stretch = stretches
            .iter()
            .rev()
            .find(|s| s.since <= moment)
            .or_else(|| stretches.first());
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds fit")]
        stretch.map_or(0, |s| s.at(moment) as Sim)
    }

    fn stretches(&self) -> std::sync::MutexGuard<'_, Vec<Stretch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advance_moves_simulated_time_at_once() {
        let clock = Clock::new(5);
        clock.advance(60_000.0);
        assert!((60_005..61_000).contains(&clock.now()));
    }

    #[test]
    fn a_moment_that_was_jumped_over_was_reached_by_the_jump() {
        let clock = Clock::new(0);
        clock.advance(60_000.0);
        let ago = Timestamp::now().duration_since(clock.stamp(30_000));
        assert!((0..1000).contains(&ago.as_millis()), "{ago:?}");
        let before = Timestamp::now().duration_since(clock.stamp(-60_000));
        assert!((60..62).contains(&before.as_secs()), "{before:?}");
    }

    #[test]
    fn the_past_is_told_by_the_speed_that_held_then() {
        let clock = Clock::new(0);
        clock.advance(1_000_000.0);
        clock.run_at(1000.0);
        assert!(clock.before(Duration::from_secs(10)).sim <= 1_000_000);
        assert!((clock.speed() - 1000.0).abs() < f64::EPSILON);
    }
}
