//! Whether a plan may be carried out: the management policy and the approval; decides nothing else.
use super::Policy;
use crate::api::policy::ManagementPolicy;
use crate::api::status::{FieldPlan, PlanAction};

/// Whether a policy can ever lead to a write, and so needs the finalizer.
pub const fn may_ever_write(policy: ManagementPolicy) -> bool {
    match policy {
        ManagementPolicy::Apply | ManagementPolicy::Plan => true,
        ManagementPolicy::DetectOnly | ManagementPolicy::Observe => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Permission {
    Yes,
    No,
    Asked,
}

pub(super) fn permission(policy: &Policy, shown: &FieldPlan) -> Permission {
    match policy.management {
        ManagementPolicy::Apply => Permission::Yes,
        ManagementPolicy::DetectOnly | ManagementPolicy::Observe => Permission::No,
        ManagementPolicy::Plan
            if is_carried(policy, shown.action) || policy.approved.as_ref() == Some(&shown.hash) =>
        {
            Permission::Yes
        }
        ManagementPolicy::Plan => Permission::Asked,
    }
}

/// Whether an action belongs to the approval that is being carried out: it is what was approved, or what follows from it.
pub(super) fn is_carried(policy: &Policy, action: PlanAction) -> bool {
    policy.carrying.is_some_and(|approved| {
        action == approved
            || action == PlanAction::Start
            || (approved == PlanAction::Replace && action == PlanAction::Create)
    })
}

/// The plan to write down before the first step of what was approved.
pub(super) fn announcement(policy: &Policy, shown: &FieldPlan) -> Option<FieldPlan> {
    let first = policy.management == ManagementPolicy::Plan && !is_carried(policy, shown.action);
    first.then(|| shown.clone())
}

pub(super) fn summary(shown: &FieldPlan) -> String {
    let paths: Vec<&str> = shown.changes.iter().map(|c| c.path.as_str()).collect();
    let what = format!("{:?}", shown.action);
    if paths.is_empty() {
        what
    } else {
        format!("{what}: {}", paths.join(", "))
    }
}

pub(super) fn approval_text(shown: &FieldPlan) -> String {
    let hash = &shown.hash;
    format!(
        "{}; approve with annotation {}={hash}",
        summary(shown),
        crate::api::keys::APPROVE_PLAN
    )
}
