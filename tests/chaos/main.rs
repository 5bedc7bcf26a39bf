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

/// Every kill point of the first life in `lifecycles.yaml`, once; with `CHAOS=all` those of all lives, with `CHAOS_LIFE` those
/// of the lives whose names hold its value, and with either `CHAOS_ROUNDS` times.
#[tokio::test(flavor = "multi_thread")]
async fn every_kill_point_is_survived() {
    let mut lives = Lifecycle::all();
    let all = std::env::var("CHAOS").is_ok_and(|value| value == "all");
    match std::env::var("CHAOS_LIFE") {
        Ok(named) => lives.retain(|life| life.name.contains(&named)),
        Err(_) if all => {}
        Err(_) => return Campaign::new(&lives[..1], 1).run().await,
    }
    let rounds = campaign::setting("CHAOS_ROUNDS", 1);
    Campaign::new(&lives, rounds).run().await;
}
