//! Locks after too many failures in a row.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Failures by access key or user name.
#[derive(Debug, Default)]
pub(crate) struct Locks(HashMap<String, Failures>);

#[derive(Debug, Default)]
struct Failures {
    in_a_row: u32,
    locked_until: Option<Instant>,
}

impl Locks {
    /// Whether it is locked now.
    pub(crate) fn is_locked(&mut self, name: &str) -> bool {
        let over = self
            .0
            .get(name)
            .and_then(|f| f.locked_until)
            .map(|until| until <= Instant::now());
        if over == Some(true) {
            self.0.remove(name);
        }
        over == Some(false)
    }

    /// Counts a failure; the first one past `allowed` locks for `seconds`.
    pub(crate) fn failed(&mut self, name: &str, allowed: u32, seconds: u64) {
        let failures = self.0.entry(name.to_owned()).or_default();
        failures.in_a_row += 1;
        if failures.in_a_row > allowed {
            failures.locked_until = Some(Instant::now() + Duration::from_secs(seconds));
        }
    }

    /// A success ends the row.
    pub(crate) fn succeeded(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Unlocks everything.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_five_failures_in_a_row_lock() {
        let mut locks = Locks::default();
        for _ in 0..5 {
            locks.failed("ak", 5, 300);
        }
        assert!(!locks.is_locked("ak"));
        locks.failed("ak", 5, 300);
        assert!(locks.is_locked("ak"));
    }

    #[test]
    fn a_success_ends_the_row() {
        let mut locks = Locks::default();
        for _ in 0..5 {
            locks.failed("ak", 5, 300);
        }
        locks.succeeded("ak");
        locks.failed("ak", 5, 300);
        assert!(!locks.is_locked("ak"));
    }
}
