//! Waiting for something to become true, and saying what was there instead when it does not.
use std::fmt::Display;
use std::time::{Duration, Instant};

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(3);
/// How soon one asks again: at first often, and later seldom enough that asking is not what keeps the machine busy.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(500));

/// Asks until the answer is good; a bad answer says what was seen, and the last one is told when patience ends.
pub async fn until<T, E: Display>(
    what: &str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> Result<T, E>,
) -> T {
    let started = Instant::now();
    let (mut pause, longest) = PAUSES;
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) if started.elapsed() > patience => {
                panic!("waited {} s for: {what}\nlast seen: {seen}", patience.as_secs())
            }
            Err(_) => tokio::time::sleep(pause).await,
        }
        pause = longest.min(pause.mul_f64(1.3));
    }
}
