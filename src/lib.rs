//! Keeps managed data-replication jobs in public clouds as custom resources say.
pub mod api;
pub mod engine;
pub mod kinds;
pub mod remote;
pub mod runtime;
