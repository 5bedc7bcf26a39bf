//! `EventRouterJob`: professional event stream jobs of Huawei Cloud EventGrid.
pub mod client;
pub mod mapping;
pub mod resource;
pub mod wire;

pub use resource::EventRouterJob;

use crate::api::reference::SecretKeyRef;
use crate::api::status::Effect;
use crate::engine::kind::Desired;
use crate::engine::kind::Invalid;
use crate::engine::kind::JobKind;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Phase;
use crate::engine::kind::Progress;
use crate::engine::kind::Resolved;
use crate::engine::kind::Rest;
use crate::engine::kind::Seen;
use crate::engine::kind::Wish;
use crate::remote::Cloud;
use client::EventRouterJobs;
use mapping::{Definition, Facts, Move};
use serde_json::Value;

/// The kind, as the engine names it.
#[derive(Clone, Copy, Debug)]
pub struct EventRouter;

impl JobKind for EventRouter {
    type Resource = EventRouterJob;
    type Definition = Definition;
    type Facts = Facts;
    type Move = Move;
    type Remote = EventRouterJobs;

    const CONTROLLER: &'static str = "eventrouterjob";
    const MARKED: bool = true;

    fn desired(resource: &EventRouterJob, _: &Resolved) -> Result<Desired<Definition>, Invalid> {
        mapping::desired(resource)
    }

    fn secrets(resource: &EventRouterJob) -> Vec<(String, SecretKeyRef)> {
        mapping::secrets(resource)
    }

    fn remote(_resource: &EventRouterJob, cloud: &Cloud) -> Result<EventRouterJobs, Invalid> {
        match cloud {
            Cloud::Huawei(cloud) => Ok(EventRouterJobs::new(cloud.clone())),
            Cloud::Tencent(_) => Err(Invalid::provider("HuaweiCloud")),
        }
    }

    fn phase(seen: &Seen<Self>) -> Phase {
        mapping::phase(seen)
    }

    fn effect(path: &str) -> Effect {
        mapping::effect(path)
    }

    fn next(wish: &Wish<'_, Definition>, seen: &Seen<Self>) -> Next<Move> {
        mapping::next(wish, seen)
    }

    fn is_switched(desired: &Definition, seen: &Definition) -> bool {
        mapping::is_switched(desired, seen)
    }

    fn exchanged(path: &str) -> String {
        mapping::exchanged(path)
    }

    fn before_delete(seen: &Seen<Self>) -> Option<Move> {
        mapping::before_delete(seen)
    }

    fn rest(seen: &Seen<Self>) -> Rest {
        mapping::rest(seen)
    }

    fn describe(step: &Move) -> MoveKind {
        mapping::describe(step)
    }

    fn progress(seen: &Seen<Self>) -> Option<Progress> {
        mapping::progress(seen)
    }

    fn endpoints(seen: &Seen<Self>) -> Option<Value> {
        mapping::endpoints(seen)
    }

    fn replacement_note(definition: &Definition) -> String {
        mapping::replacement_note(definition)
    }
}
