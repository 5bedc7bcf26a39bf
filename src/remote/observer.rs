//! How whoever counts calls hears of them; knows no metric.
use super::Fault;
use std::fmt::Debug;
use std::time::Duration;

/// Hears of every request that left, repeats included. Must not block.
pub trait CallObserver: Debug + Send + Sync {
    /// A request was answered or lost.
    fn called(
        &self,
        service: &'static str,
        operation: &'static str,
        outcome: Result<(), Fault>,
        latency: Duration,
    );
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl CallObserver for Unobserved {
    fn called(&self, _: &'static str, _: &'static str, _: Result<(), Fault>, _: Duration) {}
}
