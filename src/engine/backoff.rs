//! How long to wait after a failure: a pure function of the attempt, the fault and a random number given to it.
use super::verdict::stalls;
use crate::remote::Fault;
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(5);
/// A write that only a person can cure is tried again this seldom; a change of spec, account or Secret comes first.
const STALLED: Duration = Duration::from_mins(10);

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// A look.
    Read,
    /// A request that changes something.
    Write,
}

/// The delay before attempt `attempt + 1`, counted from 1. `jitter` is in `0.0..1.0` and only ever lengthens.
#[must_use]
pub fn delay(attempt: u32, failed: Failed, fault: Fault, jitter: f64) -> Duration {
    let doubled = FIRST.saturating_mul(
        1_u32
            .checked_shl(attempt.saturating_sub(1).min(16))
            .unwrap_or(u32::MAX),
    );
    let grown = doubled.min(LONGEST);
    let base = match fault {
        Fault::Throttled { retry_after } => retry_after.unwrap_or(grown),
        _ if failed == Failed::Write && stalls(fault).is_some() => STALLED,
        _ => grown,
    };
    base.mul_f64(1.0 + jitter.clamp(0.0, 1.0) / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_five_minutes() {
        let secs: Vec<u64> = (1..12)
            .map(|n| delay(n, Failed::Read, Fault::Transient, 0.0).as_secs())
            .collect();
        assert_eq!(secs, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    }

    #[test]
    fn a_hint_of_the_vendor_wins_and_jitter_only_lengthens() {
        let hint = Fault::Throttled {
            retry_after: Some(Duration::from_secs(40)),
        };
        assert_eq!(delay(1, Failed::Read, hint, 0.0), Duration::from_secs(40));
        assert!(delay(1, Failed::Read, hint, 0.9) > Duration::from_secs(40));
    }

    #[test]
    fn what_only_a_person_cures_is_not_hammered() {
        assert_eq!(delay(1, Failed::Write, Fault::Rejected, 0.0), STALLED);
        assert_eq!(delay(9, Failed::Write, Fault::Unauthorized, 0.0), STALLED);
        assert!(delay(1, Failed::Read, Fault::Rejected, 0.0) < STALLED);
    }
}
