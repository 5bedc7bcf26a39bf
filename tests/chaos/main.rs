//! Kill points: the operator is killed at every point of a job's life, one at a time, and has to finish what it began.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::needless_pass_by_value,
    clippy::used_underscore_binding,
    reason = "a test fails by panicking, and its helpers do too"
)]
#[allow(dead_code, reason = "shared with the scenarios, which use all of it")]
mod harness;

mod audit;
mod campaign;
mod gateway;
mod lane;
mod lifecycle;
mod line;
mod point;
mod trap;

use campaign::Campaign;
use lifecycle::Lifecycle;

/// Every kill point of the first life in `lifecycles.yaml`, once; with `CHAOS=all` those of all lives, `CHAOS_ROUNDS`
/// times.
#[tokio::test(flavor = "multi_thread")]
async fn every_kill_point_is_survived() {
    let lives = Lifecycle::all();
    let all = std::env::var("CHAOS").is_ok_and(|value| value == "all");
    let (lives, rounds) = if all {
        (&lives[..], campaign::setting("CHAOS_ROUNDS", 1))
    } else {
        (&lives[..1], 1)
    };
    Campaign::new(lives, rounds).run().await;
}
