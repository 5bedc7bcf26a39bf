//! The Huawei transport against a scripted server: exact requests, every error body, identity and limits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
mod faults;
mod identity;
mod limits;
mod project;
mod requests;
mod vendor;
