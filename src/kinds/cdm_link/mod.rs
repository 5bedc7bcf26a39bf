//! `CdmLink`: links of Huawei Cloud Data Migration.
pub mod client;
pub mod mapping;
pub mod resource;
pub mod wire;

pub use resource::CdmLink;

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
use crate::kinds::cdm::cluster::Cluster;
use crate::kinds::cdm::inputs;
use crate::remote::Cloud;
use client::Links;
use mapping::{Definition, Facts, Move};
use serde_json::Value;

/// The kind, as the engine names it.
#[derive(Clone, Copy, Debug)]
pub struct CdmLinks;

impl JobKind for CdmLinks {
    type Resource = CdmLink;
    type Definition = Definition;
    type Facts = Facts;
    type Move = Move;
    type Remote = Links;

    const CONTROLLER: &'static str = "cdmlink";
    const MARKED: bool = false;

    fn desired(resource: &CdmLink, _resolved: &Resolved) -> Result<Desired<Definition>, Invalid> {
        mapping::desired(resource)
    }

    fn secrets(resource: &CdmLink) -> Vec<(String, SecretKeyRef)> {
        mapping::secrets(resource)
    }

    fn remote(resource: &CdmLink, cloud: &Cloud) -> Result<Links, Invalid> {
        match cloud {
            Cloud::Huawei(cloud) => {
                let id = &resource.spec.for_provider.cluster_id;
                Ok(Links::new(Cluster::new(cloud.clone(), id)))
            }
            Cloud::Tencent(_) => Err(Invalid::provider("HuaweiCloud")),
        }
    }

    /// A link has no state.
    fn phase(_seen: &Seen<Self>) -> Phase {
        Phase::Resting
    }

    fn effect(path: &str) -> Effect {
        mapping::effect(path)
    }

    fn agrees(path: &str, desired: &Value, observed: Option<&Value>) -> bool {
        inputs::agrees(path, desired, observed)
    }

    fn is_removable(path: &str) -> bool {
        mapping::is_removable(path)
    }

    fn next(wish: &Wish<'_, Definition>, _seen: &Seen<Self>) -> Next<Move> {
        mapping::next(wish)
    }

    fn before_delete(_seen: &Seen<Self>) -> Option<Move> {
        None
    }

    fn rest(_seen: &Seen<Self>) -> Rest {
        Rest::Available
    }

    fn describe(step: &Move) -> MoveKind {
        mapping::describe(step)
    }

    fn progress(_seen: &Seen<Self>) -> Option<Progress> {
        None
    }

    fn endpoints(_seen: &Seen<Self>) -> Option<Value> {
        None
    }

    fn replacement_note(_definition: &Definition) -> String {
        "the link is deleted and made anew; the service refuses that while a job uses it".into()
    }
}
