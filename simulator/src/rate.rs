//! Request limits: one bucket per service and caller.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::world::Limiter;

/// The buckets.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<HashMap<(String, String), Bucket>>);

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Buckets {
    /// Whether one more request of the caller passes.
    pub(crate) fn pass(&self, service: &str, caller: &str, limiter: &Limiter) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let bucket = buckets
            .entry((service.to_owned(), caller.to_owned()))
            .or_insert(Bucket {
                tokens: limiter.burst,
                at: now,
            });
        let back = now.duration_since(bucket.at).as_secs_f64() * limiter.requests_per_second;
        bucket.tokens = (bucket.tokens + back).min(limiter.burst);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}
