//! The Tencent transport against a scripted server: exact requests, envelopes, identity and limits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
mod faults;
mod identity;
mod requests;
mod vendor;
