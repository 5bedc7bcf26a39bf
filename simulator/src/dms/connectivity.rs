//! The check of a peer or a bucket before there is a task.

use serde_json::{Map, Value};

use super::tables::{SINK, SOURCE, VALIDATE};
use super::{Work, done, instances, peer, refusals, settings};
use crate::reply::{Refusal, Reply};
use crate::schema::{check, text};
use crate::world::World;

/// `POST .../connector/validate`.
pub(super) fn validate(work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    let instance = instances::ready(&work, world)?;
    let body = work.body(world)?;
    let wrong = |why: String| refusals::parameter(world, &why);
    check(&body, VALIDATE, "").map_err(wrong)?;
    let empty = Map::new();
    let task = match body.get("task") {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(task)) => task,
        Some(_) => return Err(refusals::parameter(world, "task must be an object")),
    };
    match text(&body, "type") {
        "" if world.switches.dms.validate_needs_type => {
            return Err(refusals::parameter(world, "type is mandatory"));
        }
        "OBS_SINK" => {
            check(task, SINK, "task").map_err(wrong)?;
            settings::check_obs_key(task, world)
                .map_err(|_| refusals::unverified("the AK or SK is invalid"))?;
        }
        _ => {
            check(task, SOURCE, "task").map_err(wrong)?;
            peer::check(task, instance, world)?;
            peer::verify(task, world)?;
        }
    }
    Ok(done(world.switches.dms.validate_status))
}
