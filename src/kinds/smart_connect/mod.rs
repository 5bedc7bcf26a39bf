//! `SmartConnectTask`: Smart Connect tasks of Huawei Cloud DMS for Kafka.
pub mod client;
pub mod mapping;
pub mod resource;
pub mod wire;

pub use resource::SmartConnectTask;

use crate::api::reference::SecretKeyRef;
use crate::api::status::{Act, Effect};
use crate::engine::kind::Desired;
use crate::engine::kind::Evidence;
use crate::engine::kind::Invalid;
use crate::engine::kind::JobKind;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Phase;
use crate::engine::kind::Progress;
use crate::engine::kind::Resolved;
use crate::engine::kind::Rest;
use crate::engine::kind::Restart;
use crate::engine::kind::Seen;
use crate::engine::kind::Wish;
use crate::remote::Cloud;
use client::SmartConnectTasks;
use mapping::{Definition, Facts, Move};
use serde_json::Value;

/// The kind, as the engine names it.
#[derive(Clone, Copy, Debug)]
pub struct SmartConnect;

impl JobKind for SmartConnect {
    type Resource = SmartConnectTask;
    type Definition = Definition;
    type Facts = Facts;
    type Move = Move;
    type Remote = SmartConnectTasks;

    const CONTROLLER: &'static str = "smartconnecttask";
    const MARKED: bool = false;

    fn desired(resource: &SmartConnectTask, _: &Resolved) -> Result<Desired<Definition>, Invalid> {
        mapping::desired(resource)
    }

    fn secrets(resource: &SmartConnectTask) -> Vec<(String, SecretKeyRef)> {
        mapping::secrets(resource)
    }

    fn remote(resource: &SmartConnectTask, cloud: &Cloud) -> Result<SmartConnectTasks, Invalid> {
        match cloud {
            Cloud::Huawei(cloud) => {
                let instance = &resource.spec.for_provider.instance_id;
                Ok(SmartConnectTasks::new(cloud.clone(), instance))
            }
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

    fn restart(seen: &Seen<Self>) -> Restart<Move> {
        mapping::restart(seen)
    }

    fn restart_note() -> Option<String> {
        Some(mapping::RESTART_NOTE.to_owned())
    }

    fn evidence(_announced: &Act, seen: &Seen<Self>) -> Evidence {
        mapping::evidence(seen)
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

    /// The service reports none: how far a task is shows only in the vendor's monitoring.
    fn progress(_seen: &Seen<Self>) -> Option<Progress> {
        None
    }

    /// The service reports none.
    fn endpoints(_seen: &Seen<Self>) -> Option<Value> {
        None
    }

    fn replacement_note(definition: &Definition) -> String {
        mapping::replacement_note(definition)
    }
}
