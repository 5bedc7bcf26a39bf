//! The chart: what it renders, what it refuses, that a real API server takes it, and what the operator may do then.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
#[path = "../generated/mod.rs"]
mod generated;

mod flags;
mod fresh;
mod operator;
mod release;
mod render;
mod rights;
mod rules;
mod schema;
mod tools;
