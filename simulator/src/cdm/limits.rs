//! The published limits per API, user and minute (reference, section 6), where a switch enforces them.

use crate::cloud::Cloud;
use crate::reply::Refusal;
use crate::service::Order;
use crate::world::Limiter;

/// Refuses a request over the limit of its API.
pub(super) fn check(cloud: &Cloud, order: &Order<'_>) -> Result<(), Refusal> {
    if !cloud.world().switches.cdm.enforce_limits {
        return Ok(());
    }
    let limit = per_minute(order.route.operation);
    let limiter = Limiter {
        requests_per_second: f64::from(limit) / 60.0,
        burst: f64::from(limit),
        retry_after: None,
        answer: None,
    };
    let caller = order.principal.map_or("", |p| p.user_name.as_str());
    let bucket = format!("{}.{}", super::NAME, order.route.operation);
    if cloud.buckets.pass(&bucket, caller, &limiter) {
        Ok(())
    } else {
        Err(over(u64::from(limit)))
    }
}

/// 429 of the gateway.
pub(super) fn over(limit: u64) -> Refusal {
    let text = format!(
        "The throttling threshold has been reached: policy user over ratelimit,limit:{limit},time:1 minute"
    );
    Refusal::gateway(429, "APIGW.0308", text)
}

fn per_minute(operation: &str) -> u32 {
    match operation {
        "CreateJob" | "StartJob" | "StopJob" => 1200,
        "StartCluster" | "StopCluster" | "RestartCluster" => 20,
        _ => 120,
    }
}
