//! From every state nothing is sent that the vendor's matrix forbids.
use super::*;
use crate::engine::difference::difference;
use crate::engine::kind::{MoveKind, Next, Phase, Rest, Wish};
use rstest::rstest;

const STATES: [&str; 11] = [
    "NEW",
    "NEVER_EXECUTED",
    "PENDING",
    "BOOTING",
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    "FAILURE_ON_SUBMIT",
    "UNKNOWN",
    "STOPPED",
    "A_NEW_WORD",
];

fn next_of(state: &str, name: &str) -> Next<Move> {
    let mut job = job();
    job.spec.for_provider.name = Some(name.into());
    let seen = seen(state);
    let found = difference::<CdmJobs>(&wish(&job), seen.definition.as_ref().unwrap(), &[], &[]).unwrap();
    next(
        &Wish {
            definition: &found.merged,
            changes: &found.changes,
            run_state: None,
        },
        &seen,
    )
}

#[test]
fn every_request_is_legal_in_the_state_it_is_sent_in() {
    for state in STATES {
        for name in ["orders-to-lake", "another"] {
            if let Next::Do(step) = next_of(state, name) {
                assert!(step.allowed(State::of(state)), "{state}: {step:?}");
            }
        }
        if let Some(step) = before_delete(&seen(state)) {
            assert!(step.allowed(State::of(state)), "{state}: {step:?}");
        }
    }
}

#[test]
fn a_running_job_is_not_stopped_for_a_change() {
    for state in ["PENDING", "BOOTING", "RUNNING"] {
        assert!(matches!(next_of(state, "another"), Next::Busy(_)), "{state}");
    }
}

#[test]
fn a_job_at_rest_is_renamed_in_place() {
    let Next::Do(step) = next_of("SUCCEEDED", "another") else {
        panic!("nothing is sent");
    };
    assert_eq!(describe(&step), MoveKind::Update);
    assert_eq!(renames(&step).as_deref(), Some("another"));
    assert!(matches!(next_of("SUCCEEDED", "orders-to-lake"), Next::Agreed));
}

#[rstest]
#[case("NEW", Phase::Resting, Rest::Available)]
#[case("PENDING", Phase::Resting, Rest::Starting)]
#[case("BOOTING", Phase::Resting, Rest::Starting)]
#[case("RUNNING", Phase::Resting, Rest::AtWork)]
#[case("SUCCEEDED", Phase::Resting, Rest::Succeeded)]
#[case("STOPPED", Phase::Resting, Rest::Stopped)]
fn states_have_names(#[case] state: &str, #[case] expected: Phase, #[case] called: Rest) {
    let seen = seen(state);
    assert_eq!((phase(&seen), rest(&seen)), (expected, called));
}

#[test]
fn failures_are_broken_and_unknown_words_at_work() {
    for state in ["FAILED", "FAILURE_ON_SUBMIT", "UNKNOWN"] {
        assert_eq!(phase(&seen(state)), Phase::Broken, "{state}");
        assert!(seen(state).failure.is_some());
    }
    assert_eq!(phase(&seen("A_NEW_WORD")), Phase::Moving);
}

#[test]
fn a_job_that_never_ends_is_not_watched() {
    let mut answer = answer("RUNNING");
    let inputs = answer["from-config-values"]["configs"][0]["inputs"]
        .as_array_mut()
        .unwrap();
    inputs.push(json!({"name": "fromJobConfig.isPermanency", "value": "true"}));
    assert_eq!(rest(&read(answer)), Rest::Running);
}
