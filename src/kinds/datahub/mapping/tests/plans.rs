//! What the engine decides for tasks: differences that a replacement would not end, and states that are failures.
use super::*;
use crate::api::policy::{DeletionPolicy, ReplacePolicy, RunState};
use crate::engine::kind::Desired;
use crate::engine::plan::{Again, Intent, Memory, Plan, Policy, Step, plan};
use crate::engine::reason::{Ready, Synced};
use crate::engine::sight::Sight;
use crate::kinds::datahub::Datahub;
use rstest::rstest;

const INDEX: &str = "targetResource.esParam.index";

fn intent(patch: &Value) -> Intent<Definition> {
    Intent::Keep(Desired {
        name: "orders-to-es".into(),
        definition: wish(ES, patch),
        run_state: Some(RunState::Running),
    })
}

/// The task of the example in this state; the service never shows the index that it was made with.
fn mute(status: i64) -> Observed<Definition, Facts> {
    let mut definition = serde_json::to_value(wish(ES, &json!({}))).unwrap();
    definition["targetResource"]["esParam"]
        .as_object_mut()
        .unwrap()
        .remove("index");
    Observed {
        definition: Some(serde_json::from_value(definition).unwrap()),
        ..in_state(status)
    }
}

/// What a create with this index leaves in the claim.
fn made_with(index: &str) -> Memory<Move> {
    let made = json!({"targetResource": {"esParam": {"index": index}}});
    Memory {
        made_with: Some(made.into()),
        ..Memory::default()
    }
}

fn decide(
    intent: &Intent<Definition>,
    seen: Observed<Definition, Facts>,
    memory: &Memory<Move>,
    replace: ReplacePolicy,
) -> Plan<Definition, Move> {
    let policy = Policy {
        replace,
        ..Policy::default()
    };
    plan::<Datahub>(intent, true, &Sight::Ours(seen), memory, &policy)
}

#[rstest]
#[case(ReplacePolicy::Recreate)]
#[case(ReplacePolicy::Never)]
fn a_task_is_not_replaced_for_what_its_replacement_would_show_too(#[case] replace: ReplacePolicy) {
    let plan = decide(&intent(&json!({})), mute(1), &made_with("orders"), replace);
    assert_eq!((&plan.step, plan.again), (&Step::Nothing, Again::Interval));
    assert_eq!(plan.verdict.synced.reason, Synced::Drifted);
    assert!(plan.verdict.synced.message.contains(INDEX));
    assert_eq!(plan.verdict.stalled, None);
    assert_eq!(plan.verdict.ready.unwrap().reason, Ready::Running);
    assert_eq!(plan.shown, None);
}

#[test]
fn what_can_be_changed_in_place_is_changed_beside_it() {
    let intent = intent(&json!({"syncThrottleLimit": 60}));
    let plan = decide(&intent, mute(1), &made_with("orders"), ReplacePolicy::Recreate);
    let Step::Move(Move::Modify { fields, .. }) = plan.step else {
        panic!("{plan:?}")
    };
    assert_eq!(fields, ["syncThrottleLimit"]);
}

#[rstest]
#[case::made_by_nobody_knows_whom(json!({}), Memory::default())]
#[case::another_wish(json!({"targetResource": {"esParam": {"index": "other"}}}), made_with("orders"))]
#[case::a_changed_secret(json!({}), Memory {
    rotated: vec!["targetResource.esParam.passwordSecretRef".into()],
    ..made_with("orders")
})]
fn every_other_difference_is_a_reason(#[case] patch: Value, #[case] memory: Memory<Move>) {
    let plan = decide(&intent(&patch), mute(1), &memory, ReplacePolicy::Recreate);
    assert_eq!(plan.step, Step::Delete);
    let plan = decide(&intent(&patch), mute(1), &memory, ReplacePolicy::Never);
    assert_eq!(plan.step, Step::Nothing);
    assert!(plan.verdict.stalled.is_some());
}

#[rstest]
#[case(-1)]
#[case(7)]
#[case(9)]
fn a_change_that_waits_for_a_person_is_not_called_up_to_date(#[case] status: i64) {
    let seen = Observed {
        definition: Some(Box::new(wish(ES, &json!({})))),
        ..in_state(status)
    };
    let Intent::Keep(desired) = intent(&json!({"syncThrottleLimit": 60})) else {
        unreachable!()
    };
    let stopped = Intent::Keep(Desired {
        run_state: Some(RunState::Stopped),
        ..desired
    });
    let plan = decide(&stopped, seen, &Memory::default(), ReplacePolicy::Never);
    assert_eq!(plan.step, Step::Nothing);
    assert_eq!(plan.verdict.ready.unwrap().reason, Ready::RemoteFailed);
    assert_eq!(plan.verdict.synced.reason, Synced::Drifted);
    assert!(plan.verdict.synced.message.contains("syncThrottleLimit"));
    assert_eq!(plan.shown.unwrap().changes.len(), 1);
}

#[rstest]
#[case::removed(Intent::Remove(DeletionPolicy::Delete))]
#[case::replaced(intent(&json!({"targetResource": {"esParam": {"index": "other"}}})))]
fn a_delete_that_failed_is_a_failure_and_sent_again_in_its_time(#[case] intent: Intent<Definition>) {
    let sent = Memory {
        deleting: true,
        ..Memory::default()
    };
    let plan = decide(&intent, mute(4), &sent, ReplacePolicy::Recreate);
    assert_eq!((&plan.step, plan.again), (&Step::Nothing, Again::Interval));
    assert_eq!(plan.verdict.ready.unwrap().reason, Ready::RemoteFailed);
    assert!(plan.verdict.synced.message.contains("DELETE_FAILED"));
    let plan = decide(&intent, mute(4), &Memory::default(), ReplacePolicy::Recreate);
    assert_eq!(plan.step, Step::Delete);
}
