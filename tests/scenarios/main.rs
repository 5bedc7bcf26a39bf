//! Scenarios: the real operator between a real API server and a simulated cloud.
#![allow(
    clippy::inconsistent_struct_constructor,
    clippy::needless_pass_by_value,
    clippy::used_underscore_binding,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and its helpers do too; manifests read best as literals"
)]
mod harness;

mod accounts;
mod asking;
mod budget;
mod cdm;
mod change;
mod create;
mod credentials;
mod datahub;
mod drift;
mod election;
mod lost_answers;
mod outage;
mod ownership;
mod process;
mod refusals;
mod replacement;
mod secrets;
mod smart_connect;
mod stale;
mod switchover;
