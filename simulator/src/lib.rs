//! Stands for the clouds in tests: the vendors' replication APIs and identity services, faults and all.
//!
//! Every vendor service is one module that implements [`service::Service`]; world, clock, faults, request log,
//! kept state and authentication are shared.

mod admin;
mod auth;
mod call;
mod cdm;
mod ckafka;
mod clock;
mod cloud;
mod command;
mod connection;
mod dms;
mod event_grid;
mod fault;
mod guide;
mod iam;
mod ids;
mod journal;
mod ledger;
mod rate;
mod reply;
mod schema;
mod server;
mod service;
mod store;
mod tencent;
mod world;

pub use command::{Command, Failure, run};
