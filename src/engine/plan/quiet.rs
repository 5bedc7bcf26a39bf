//! Plans that send nothing, and what they say.
use super::permission::summary;
use super::{Again, Plan, PlanOf, Step, go};
use crate::api::status::{ActKind, FieldChange, FieldPlan};
use crate::engine::acts::{self};
use crate::engine::kind::{JobKind, Phase, Rest, Seen};
use crate::engine::reason::{Ready, Stalled, Synced};
use crate::engine::verdict::{Finding, Truth, Verdict};
use crate::remote::Fault;

/// A failed look or a failed request as a plan: nothing is sent, and the back-off says when to look again.
pub fn blind<D, M>(fault: Fault, message: &str) -> Plan<D, M> {
    go(
        Step::Nothing,
        Verdict::fault(fault, message),
        Again::Backoff(fault),
    )
}

pub(super) fn futile_update<K: JobKind>(seen: &Seen<K>, phase: Phase, update: FieldPlan) -> PlanOf<K> {
    let text = format!(
        "the service accepted the update and still reports other values ({}): it is not sent again until the spec changes; add the fields to spec.ignoreFields, or set them as the service reports them in .status.atProvider",
        summary(&update)
    );
    let verdict = Verdict::beside(health::<K>(seen, phase), Synced::Drifted, text);
    Plan {
        shown: Some(update),
        ..go(Step::Nothing, verdict, Again::Interval)
    }
}

pub(super) fn futile_replacement(made_so: &[FieldChange]) -> String {
    let paths: Vec<&str> = made_so.iter().map(|change| change.path.as_str()).collect();
    format!(
        "the service shows other values than the job was created with ({}): it is not replaced for them, because a new job would be created with the same; add the fields to spec.ignoreFields, or write them as .status.atProvider shows them",
        paths.join(", ")
    )
}

/// What differs cannot be sent in the state that the job is in, which no request of ours ends.
pub(super) fn pending<K: JobKind>(seen: &Seen<K>, phase: Phase, update: FieldPlan) -> PlanOf<K> {
    let text = format!(
        "{}: waits, because it cannot be sent while the vendor reports {}",
        summary(&update),
        seen.state
    );
    let verdict = Verdict::beside(health::<K>(seen, phase), Synced::Drifted, text);
    Plan {
        shown: Some(update),
        ..go(Step::Nothing, verdict, Again::Interval)
    }
}

pub(super) fn resting<K: JobKind>(seen: &Seen<K>) -> Ready {
    match K::rest(seen) {
        Rest::Starting => Ready::Starting,
        Rest::AtWork | Rest::Running => Ready::Running,
        Rest::Stopped => Ready::Stopped,
        Rest::Succeeded => Ready::Succeeded,
        Rest::Available => Ready::Available,
    }
}

/// What the job is, whatever is wished of it.
pub(super) fn health<K: JobKind>(seen: &Seen<K>, phase: Phase) -> Finding<Ready> {
    if phase == Phase::Broken
        && let Some(finding) = Verdict::failed(K::BROKEN, seen.failure.as_ref()).ready
    {
        return finding;
    }
    let is_good = K::rest(seen) != Rest::Starting;
    Finding {
        truth: if is_good { Truth::Yes } else { Truth::No },
        reason: resting::<K>(seen),
        message: String::new(),
    }
}

/// What differs waits for something that ends by itself.
pub(super) fn busy<D, M>(update: FieldPlan, text: String) -> Plan<D, M> {
    let ready = Finding {
        truth: Truth::No,
        reason: Ready::RemoteBusy,
        message: text.clone(),
    };
    Plan {
        shown: Some(update),
        ..go(
            Step::Nothing,
            Verdict::beside(ready, Synced::Drifted, text),
            Again::Watch,
        )
    }
}

/// Whether what the job does now ends by itself, so that it is worth looking again soon.
pub(super) fn ends_by_itself<K: JobKind>(seen: &Seen<K>) -> bool {
    matches!(K::rest(seen), Rest::Starting | Rest::AtWork)
}

pub(super) fn waits_for<K: JobKind>(seen: &Seen<K>, phase: Phase, act: ActKind) -> PlanOf<K> {
    let text = format!("waiting to see what became of the {}", acts::word(act));
    go(
        Step::Nothing,
        Verdict::beside(health::<K>(seen, phase), Synced::Unsure, text),
        Again::Soon,
    )
}

pub(super) fn switched<K: JobKind>(seen: &Seen<K>, phase: Phase, text: &str) -> PlanOf<K> {
    go(
        Step::Nothing,
        Verdict::beside(health::<K>(seen, phase), Synced::Switched, text),
        Again::Interval,
    )
}

pub(super) fn several<D, M>(ids: &[String]) -> Plan<D, M> {
    let text = format!(
        "several remote jobs could be this object's: {}. Delete all but one, or set spec.adopt.id to the one to keep",
        ids.join(", ")
    );
    go(
        Step::Nothing,
        Verdict::unseen(Synced::Drifted, text.clone()).stalled(Stalled::Ambiguous, text),
        Again::Interval,
    )
}

pub(super) fn adopt_missing<D, M>(id: &str) -> Plan<D, M> {
    let text = format!(
        "the remote job {id} that spec.adopt.id names does not exist: correct the id, or remove spec.adopt to have a job created"
    );
    let ready = Finding {
        truth: Truth::No,
        reason: Ready::RemoteMissing,
        message: text.clone(),
    };
    let verdict = Verdict::beside(ready, Synced::Drifted, text.clone()).stalled(Stalled::RemoteMissing, text);
    go(Step::Nothing, verdict, Again::Interval)
}

pub(super) fn unsure<D, M>(doing: Ready) -> Plan<D, M> {
    let ready = Finding {
        truth: Truth::No,
        reason: doing,
        message: String::new(),
    };
    let text = "waiting to see what became of the last request";
    go(
        Step::Nothing,
        Verdict::beside(ready, Synced::Unsure, text),
        Again::Soon,
    )
}

pub(super) fn moving<D, M>(doing: Ready, state: &str) -> Plan<D, M> {
    go(
        Step::Nothing,
        Verdict::moving(doing, format!("the vendor reports {state}")),
        Again::Soon,
    )
}

pub(super) fn settled<D, M>(ready: Ready) -> Plan<D, M> {
    go(Step::Nothing, Verdict::settled(ready), Again::Interval)
}
