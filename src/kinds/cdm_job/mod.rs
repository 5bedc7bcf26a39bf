//! `CdmJob`: jobs of Huawei Cloud Data Migration.
pub mod client;
pub mod mapping;
pub mod resource;
pub mod wire;

pub use resource::CdmJob;

use crate::api::reference::SecretKeyRef;
use crate::api::run::RunStatus;
use crate::api::status::{Act, Effect};
use crate::engine::acts::Announced;
use crate::engine::kind::Asked;
use crate::engine::kind::Attention;
use crate::engine::kind::Desired;
use crate::engine::kind::Evidence;
use crate::engine::kind::Finished;
use crate::engine::kind::Invalid;
use crate::engine::kind::JobKind;
use crate::engine::kind::Legal;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Phase;
use crate::engine::kind::Progress;
use crate::engine::kind::Reference;
use crate::engine::kind::Resolved;
use crate::engine::kind::Rest;
use crate::engine::kind::Seen;
use crate::engine::kind::Watch;
use crate::engine::kind::Wish;
use crate::engine::reason::Ready;
use crate::kinds::cdm::cluster::Cluster;
use crate::kinds::cdm::inputs;
use crate::remote::Cloud;
use client::Jobs;
use mapping::{Definition, Facts, Move};
use serde_json::Value;
use std::collections::BTreeMap;

/// The kind, as the engine names it.
#[derive(Clone, Copy, Debug)]
pub struct CdmJobs;

impl JobKind for CdmJobs {
    type Resource = CdmJob;
    type Definition = Definition;
    type Facts = Facts;
    type Move = Move;
    type Remote = Jobs;

    const CONTROLLER: &'static str = "cdmjob";
    const MARKED: bool = false;
    const BROKEN: Ready = Ready::RunFailed;

    fn desired(resource: &CdmJob, resolved: &Resolved) -> Result<Desired<Definition>, Invalid> {
        mapping::desired(resource, resolved)
    }

    fn references(resource: &CdmJob) -> Vec<Reference> {
        mapping::references(resource)
    }

    fn secrets(resource: &CdmJob) -> Vec<(String, SecretKeyRef)> {
        mapping::secrets(resource)
    }

    fn remote(resource: &CdmJob, cloud: &Cloud) -> Result<Jobs, Invalid> {
        let spec = &resource.spec.for_provider;
        match cloud {
            Cloud::Huawei(cloud) => Ok(Jobs::new(
                Cluster::new(cloud.clone(), &spec.cluster_id),
                spec.job_type,
            )),
            Cloud::Tencent(_) => Err(Invalid::provider("HuaweiCloud")),
        }
    }

    fn phase(seen: &Seen<Self>) -> Phase {
        mapping::phase(seen)
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

    fn next(wish: &Wish<'_, Definition>, seen: &Seen<Self>) -> Next<Move> {
        mapping::next(wish, seen)
    }

    fn renames(step: &Move) -> Option<String> {
        mapping::renames(step)
    }

    fn asked(resource: &CdmJob, desired: &Desired<Definition>, before: &[Act]) -> Vec<Asked<Move>> {
        mapping::asked(resource, desired, before)
    }

    fn adopted(desired: &Desired<Definition>, seen: &Seen<Self>) -> Option<Announced> {
        mapping::adopted(desired, seen)
    }

    fn legal(step: &Move, seen: &Seen<Self>) -> Legal {
        mapping::legal(step, seen)
    }

    fn before(step: &Move, seen: &Seen<Self>) -> BTreeMap<String, String> {
        mapping::before(step, seen)
    }

    fn evidence(announced: &Act, seen: &Seen<Self>) -> Evidence {
        mapping::evidence(announced, seen)
    }

    fn watch(seen: &Seen<Self>, attention: &Attention<'_, Self>) -> Watch {
        mapping::watch(seen, attention)
    }

    fn recall(seen: &mut Seen<Self>, shown: Option<&RunStatus>, acts: &[Act]) {
        mapping::recall(seen, shown, acts);
    }

    fn run(seen: &Seen<Self>) -> Option<RunStatus> {
        mapping::run(seen)
    }

    fn finished(desired: &Desired<Definition>, acts: &[Act], last: Option<&RunStatus>) -> Option<Finished> {
        mapping::finished(desired, acts, last)
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

    fn progress(_seen: &Seen<Self>) -> Option<Progress> {
        None
    }

    fn endpoints(_seen: &Seen<Self>) -> Option<Value> {
        None
    }

    fn replacement_note(_definition: &Definition) -> String {
        "the job is deleted and made anew: its history and, for incremental copies, its last position are lost; what it has written stays, and it is not run again by itself under run.policy Once".into()
    }
}
