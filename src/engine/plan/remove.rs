//! The plan for an object that is to be gone: it evaluates no spec, and lets go only of what is absent.
use super::permission::{Permission, announcement, approval_text, may_ever_write, permission};
use super::quiet::{blind, health, moving, several, unsure};
use super::{Again, MemoryOf, Plan, PlanOf, Policy, Request, Step, StepOf, go, was_sent};
use crate::api::policy::DeletionPolicy;
use crate::api::status::{FieldPlan, PlanAction};
use crate::engine::difference::field_plan;
use crate::engine::kind::{JobKind, Phase, Seen};
use crate::engine::reason::{Ready, Synced};
use crate::engine::sight::Sight;
use crate::engine::verdict::Verdict;

pub(super) fn remove<K: JobKind>(
    deletion: DeletionPolicy,
    guarded: bool,
    sight: &Sight<Seen<K>>,
    memory: &MemoryOf<K>,
    policy: &Policy,
) -> PlanOf<K> {
    if !guarded {
        return go(
            Step::Nothing,
            Verdict::moving(Ready::Deleting, ""),
            Again::Interval,
        );
    }
    let release = || {
        go(
            Step::Release,
            Verdict::moving(Ready::Deleting, ""),
            Again::Interval,
        )
    };
    if deletion == DeletionPolicy::Orphan || !may_ever_write(policy.management) {
        return release();
    }
    match sight {
        Sight::Blind { fault, message } => blind(*fault, message),
        Sight::Unsure => unsure(Ready::Deleting),
        Sight::Several(ids) => several(ids),
        Sight::Absent | Sight::Foreign(_) | Sight::AdoptMissing(_) => release(),
        Sight::Ours(seen) => match K::phase(seen) {
            Phase::Gone => release(),
            Phase::Moving => moving(Ready::Deleting, &seen.state),
            phase @ (Phase::Resting | Phase::Broken) => remove_ours::<K>(seen, phase, memory, policy),
        },
    }
}

pub(super) fn remove_ours<K: JobKind>(
    seen: &Seen<K>,
    phase: Phase,
    memory: &MemoryOf<K>,
    policy: &Policy,
) -> PlanOf<K> {
    let shown = field_plan(&policy.subject, PlanAction::Delete, vec![], None);
    let permission = permission(policy, &shown);
    if permission == Permission::Asked {
        let verdict = Verdict::beside(
            health::<K>(seen, phase),
            Synced::AwaitingApproval,
            approval_text(&shown),
        );
        return Plan {
            shown: Some(shown),
            ..go(Step::Nothing, verdict, Again::Interval)
        };
    }
    let (step, request) = towards_deletion::<K>(seen);
    if was_sent(memory, request, &seen.state) {
        return Plan {
            shown: Some(shown),
            ..moving(Ready::Deleting, &seen.state)
        };
    }
    if phase == Phase::Broken && memory.deleting {
        return not_deleted::<K>(seen, shown, "set spec.deletionPolicy to Orphan to let go of it");
    }
    let announce = announcement(policy, &shown);
    Plan {
        shown: Some(shown),
        announce,
        ..go(step, Verdict::moving(Ready::Deleting, ""), Again::Soon)
    }
}

/// The next request on the way to the deletion of a job at rest.
pub(super) fn towards_deletion<K: JobKind>(seen: &Seen<K>) -> (StepOf<K>, Request) {
    match K::before_delete(seen) {
        Some(step) => {
            let request = Request::Move(K::describe(&step));
            (Step::Move(step), request)
        }
        None => (Step::Delete, Request::Delete),
    }
}

/// A delete that was accepted, and left a broken job.
pub(super) fn not_deleted<K: JobKind>(seen: &Seen<K>, shown: FieldPlan, way_out: &str) -> PlanOf<K> {
    let text = format!(
        "the vendor reports {} after the delete: it is sent again after spec.syncInterval; delete the job at the vendor's console, or {way_out}",
        seen.state
    );
    let verdict = Verdict::beside(health::<K>(seen, Phase::Broken), Synced::Drifted, text);
    Plan {
        shown: Some(shown),
        ..go(Step::Nothing, verdict, Again::Interval)
    }
}
