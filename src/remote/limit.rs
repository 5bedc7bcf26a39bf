//! Token buckets per service and operation of one credential: no call leaves above its budget, and no caller waits long.
use super::bucket::Bucket;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use thiserror::Error;

/// A pace: so many requests a second on average, so many at once after a rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Requests per second in the long run; fractions are fine (0.1 is one every ten seconds).
    pub requests_per_second: f64,
    /// Requests that may leave at once after a rest.
    pub burst: u32,
}

/// A rate that cannot be kept.
#[derive(Clone, Debug, PartialEq, Error)]
#[error(
    "the rate limit of {service} is {requests_per_second} requests per second with a burst of {burst}; it takes 0.0001 to 10000 and a burst of at least 1"
)]
pub struct RateError {
    /// The service whose rate it is.
    pub service: String,
    /// What was asked for.
    pub requests_per_second: f64,
    /// What was asked for.
    pub burst: u32,
}

/// The paces of a vendor whose own limits an account does not override.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paces {
    /// For each operation that reads.
    pub read: Rate,
    /// For each operation that writes.
    pub write: Rate,
    /// For each operation whose limit the vendor publishes: service, operation, pace.
    pub published: &'static [(&'static str, &'static str, Rate)],
}

/// What one operation may still send at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The service's name.
    pub service: &'static str,
    /// The vendor's name of the operation.
    pub operation: &'static str,
    /// How many requests may leave right now.
    pub left: u32,
}

type Key = (&'static str, &'static str);

/// The buckets of one credential, whichever account calls.
#[derive(Debug)]
pub(crate) struct Limits {
    paces: Paces,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The paces that each account declares, by service.
    declared: BTreeMap<u64, BTreeMap<String, Rate>>,
    joined: u64,
    buckets: HashMap<Key, Held>,
}

#[derive(Debug)]
struct Held {
    bucket: Arc<Bucket>,
    writes: bool,
}

impl Rate {
    /// The time that one request takes in the long run; `None` when the rate cannot be kept.
    pub(crate) fn period(self) -> Option<Duration> {
        let kept = (0.0001..=10_000.0).contains(&self.requests_per_second) && self.burst > 0;
        kept.then(|| Duration::from_secs_f64(1.0 / self.requests_per_second))
    }

    /// What keeps both paces.
    fn lower(self, other: Self) -> Self {
        Self {
            requests_per_second: self.requests_per_second.min(other.requests_per_second),
            burst: self.burst.min(other.burst),
        }
    }
}

impl Limits {
    /// Buckets that fill at the vendor's paces, as long as no account declares others.
    pub(crate) fn new(paces: Paces) -> Self {
        Self {
            paces,
            state: Mutex::default(),
        }
    }

    /// Adds the paces that an account declares in place of the vendor's, by service; answers the account's number. Where
    /// several declare one for the same service, the lowest holds.
    ///
    /// # Errors
    /// When a pace cannot be kept.
    pub(crate) fn join(&self, declared: BTreeMap<String, Rate>) -> Result<u64, RateError> {
        let bad = declared.iter().find(|(_, rate)| rate.period().is_none());
        if let Some((service, rate)) = bad {
            return Err(RateError {
                service: service.clone(),
                requests_per_second: rate.requests_per_second,
                burst: rate.burst,
            });
        }
        let mut state = self.state();
        state.joined += 1;
        let number = state.joined;
        state.declared.insert(number, declared);
        self.settle(&mut state);
        Ok(number)
    }

    /// Takes the paces of an account away again.
    pub(crate) fn leave(&self, number: u64) {
        let mut state = self.state();
        state.declared.remove(&number);
        self.settle(&mut state);
    }

    /// Takes a turn, or says how long to stay away. Waits half a second at most.
    pub(crate) async fn turn(&self, key: Key, writes: bool) -> Result<(), Duration> {
        self.bucket(key, writes).turn().await
    }

    /// Whether a turn could be had at once, or how long to stay away; takes none.
    pub(crate) fn room(&self, key: Key, writes: bool) -> Result<(), Duration> {
        self.bucket(key, writes).room()
    }

    /// Whether a read has a turn to spare that could also be had later; takes none.
    pub(crate) fn spares(&self, key: Key, late: bool) -> bool {
        self.bucket(key, false).spares(late)
    }

    /// Closes the bucket for all callers, because the vendor asked for it; answers for how long.
    pub(crate) fn slow_down(&self, key: Key, writes: bool, retry_after: Option<Duration>) -> Duration {
        self.bucket(key, writes).slow_down(retry_after)
    }

    /// The vendor answered without a complaint about the pace.
    pub(crate) fn keep_on(&self, key: Key, writes: bool) {
        self.bucket(key, writes).keep_on();
    }

    /// What every operation called so far may still send.
    pub(crate) fn budgets(&self) -> Vec<Budget> {
        let state = self.state();
        let budgets = state.buckets.iter();
        budgets
            .map(|(&(service, operation), held)| Budget {
                service,
                operation,
                left: held.bucket.left(),
            })
            .collect()
    }

    fn bucket(&self, key: Key, writes: bool) -> Arc<Bucket> {
        let mut state = self.state();
        let rate = self.rate(&state.declared, key, writes);
        let held = state.buckets.entry(key).or_insert_with(|| Held {
            bucket: Arc::new(Bucket::new(rate)),
            writes,
        });
        Arc::clone(&held.bucket)
    }

    /// Has every bucket fill at the pace that holds now.
    fn settle(&self, state: &mut State) {
        for (&key, held) in &state.buckets {
            held.bucket.set_rate(self.rate(&state.declared, key, held.writes));
        }
    }

    fn rate(
        &self,
        declared: &BTreeMap<u64, BTreeMap<String, Rate>>,
        (service, operation): Key,
        writes: bool,
    ) -> Rate {
        let own = declared.values().filter_map(|paces| paces.get(service)).copied();
        let default = if writes { self.paces.write } else { self.paces.read };
        let published = self
            .paces
            .published
            .iter()
            .find(|(of, name, _)| (*of, *name) == (service, operation));
        own.reduce(Rate::lower)
            .unwrap_or_else(|| published.map_or(default, |(_, _, rate)| *rate))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACES: Paces = Paces {
        read: Rate {
            requests_per_second: 5.0,
            burst: 10,
        },
        write: Rate {
            requests_per_second: 1.0 / 6.0,
            burst: 10,
        },
        published: &[(
            "cdm",
            "ShowJobs",
            Rate {
                requests_per_second: 1.0,
                burst: 3,
            },
        )],
    };

    fn limits(overrides: &[(&str, f64, u32)]) -> Result<Limits, RateError> {
        let limits = Limits::new(PACES);
        limits.join(declared(overrides))?;
        Ok(limits)
    }

    fn declared(paces: &[(&str, f64, u32)]) -> BTreeMap<String, Rate> {
        let rate = |&(service, requests_per_second, burst): &(&str, f64, u32)| {
            let rate = Rate {
                requests_per_second,
                burst,
            };
            (service.to_owned(), rate)
        };
        paces.iter().map(rate).collect()
    }

    async fn turns(limits: &Limits) -> u32 {
        let mut turns = 0;
        while limits.turn(("eg", "List"), false).await.is_ok() {
            turns += 1;
        }
        turns
    }

    #[tokio::test(start_paused = true)]
    async fn every_operation_has_a_budget_of_its_own() {
        let limits = limits(&[]).unwrap();
        for _ in 0..10 {
            limits.turn(("eg", "Create"), true).await.unwrap();
        }
        assert!(limits.turn(("eg", "Create"), true).await.is_err());
        limits.turn(("eg", "Delete"), true).await.unwrap();
        let mut budgets: Vec<_> = limits
            .budgets()
            .into_iter()
            .map(|b| (b.operation, b.left))
            .collect();
        budgets.sort_unstable();
        assert_eq!(budgets, [("Create", 0), ("Delete", 9)]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_overrides_the_pace_of_a_service() {
        let limits = limits(&[("eg", 0.5, 1)]).unwrap();
        limits.turn(("eg", "List"), false).await.unwrap();
        assert_eq!(
            limits.turn(("eg", "List"), false).await,
            Err(Duration::from_secs(2))
        );
        limits.turn(("dms", "List"), false).await.unwrap();
        limits.turn(("dms", "List"), false).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_published_limit_wins_over_the_default_and_loses_to_the_account() {
        for (overrides, burst) in [(&[][..], 3), (&[("cdm", 1.0, 5)][..], 5)] {
            let limits = limits(overrides).unwrap();
            for _ in 0..burst {
                limits.turn(("cdm", "ShowJobs"), false).await.unwrap();
            }
            assert!(limits.turn(("cdm", "ShowJobs"), false).await.is_err());
            limits.turn(("cdm", "ShowLink"), false).await.unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn of_several_accounts_the_lowest_pace_holds_until_it_goes() {
        let limits = limits(&[("eg", 0.5, 6)]).unwrap();
        let slow = limits.join(declared(&[("eg", 0.01, 8)])).unwrap();
        limits.join(declared(&[("dms", 0.001, 1)])).unwrap();
        assert_eq!(turns(&limits).await, 6, "the smallest burst");
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(turns(&limits).await, 0, "the slowest pace");
        limits.leave(slow);
        tokio::time::advance(Duration::from_secs(4)).await;
        assert_eq!(turns(&limits).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn another_account_brings_no_turns() {
        let limits = limits(&[("eg", 0.01, 5)]).unwrap();
        for _ in 0..3 {
            limits.turn(("eg", "List"), false).await.unwrap();
        }
        let other = limits.join(declared(&[("eg", 0.01, 50)])).unwrap();
        limits.leave(other);
        assert_eq!(turns(&limits).await, 2);
        limits.join(declared(&[("eg", 0.01, 1)])).unwrap();
        assert_eq!(turns(&limits).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_complaint_outlasts_a_new_pace() {
        let limits = limits(&[("eg", 100.0, 100)]).unwrap();
        limits.slow_down(("eg", "List"), false, Some(Duration::from_secs(40)));
        limits.join(declared(&[("eg", 50.0, 50)])).unwrap();
        assert_eq!(
            limits.turn(("eg", "List"), false).await,
            Err(Duration::from_secs(40))
        );
    }

    #[test]
    fn a_rate_that_cannot_be_kept_is_refused() {
        for (rate, burst) in [(0.0, 1), (-1.0, 1), (f64::NAN, 1), (f64::INFINITY, 1), (1.0, 0)] {
            let refused = limits(&[("eg", rate, burst)]).unwrap_err();
            assert_eq!(refused.service, "eg");
        }
    }
}
