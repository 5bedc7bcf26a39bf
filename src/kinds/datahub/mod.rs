//! `DatahubTask`: connector tasks of Tencent Cloud CKafka (Datahub, DIP).
pub mod client;
pub mod mapping;
pub mod resource;
pub mod wire;

pub use resource::DatahubTask;

use crate::api::reference::SecretKeyRef;
use crate::api::status::Effect;
use crate::engine::kind::{
    Desired, Invalid, JobKind, MoveKind, Next, Phase, Progress, Resolved, Rest, Restart, Seen, Wish,
};
use crate::remote::Cloud;
use client::DatahubTasks;
use mapping::{Definition, Facts, Move};
use serde_json::Value;

/// The kind, as the engine names it.
#[derive(Clone, Copy, Debug)]
pub struct Datahub;

impl JobKind for Datahub {
    type Resource = DatahubTask;
    type Definition = Definition;
    type Facts = Facts;
    type Move = Move;
    type Remote = DatahubTasks;

    const CONTROLLER: &'static str = "datahubtask";
    const MARKED: bool = true;
    const CREATES_WHOLE: bool = false;

    fn desired(resource: &DatahubTask, _: &Resolved) -> Result<Desired<Definition>, Invalid> {
        mapping::desired(resource)
    }

    fn secrets(resource: &DatahubTask) -> Vec<(String, SecretKeyRef)> {
        mapping::secrets(resource)
    }

    fn remote(_resource: &DatahubTask, cloud: &Cloud) -> Result<DatahubTasks, Invalid> {
        match cloud {
            Cloud::Tencent(cloud) => Ok(DatahubTasks::new(cloud.clone())),
            Cloud::Huawei(_) => Err(Invalid::provider("TencentCloud")),
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

    fn restart(seen: &Seen<Self>) -> Restart<Move> {
        mapping::restart(seen)
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
