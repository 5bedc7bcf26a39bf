//! The refusals of the service, by what went wrong.

use crate::reply::Refusal;
use crate::world::{Code, World};

/// A refusal whose code a switch decides.
pub(super) fn code(code: &Code, why: &str) -> Refusal {
    Refusal::service(code.status, &code.code, why)
}

/// A wrong value, a missing or an unknown member.
pub(super) fn parameter(world: &World, why: &str) -> Refusal {
    code(
        &world.switches.dms.codes.parameter,
        &format!("Invalid request parameter: {why}"),
    )
}

/// 404: no such path.
pub(super) fn unknown_url() -> Refusal {
    Refusal::service(404, "DMS.00404001", "The requested URL does not exist.")
}

/// 400: a topic that is not there.
pub(super) fn unknown_topic(topic: &str) -> Refusal {
    Refusal::service(400, "DMS.00400876", format!("Topic {topic} does not exist."))
}

/// 400: a topic of another task.
pub(super) fn used_topic(topic: &str) -> Refusal {
    Refusal::service(
        400,
        "DMS.00400874",
        format!("Topic {topic} is used by another Smart Connect task."),
    )
}

/// 400: the peer could not be tried with success.
pub(super) fn unverified(why: &str) -> Refusal {
    Refusal::service(400, "DMS.00400870", format!("Verification failed: {why}"))
}
