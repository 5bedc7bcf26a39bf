//! From every state to every wish, without a request that the matrix forbids.
use super::*;
use crate::api::policy::RunState;
use crate::api::status::{Effect, FieldChange};
use crate::engine::kind::{Next, Phase, Restart, Wish};
use rstest::rstest;

const STEPS: usize = 10;

fn change() -> FieldChange {
    FieldChange {
        path: "syncThrottleLimit".into(),
        from: None,
        to: Some(json!(40)),
        effect: Effect::InPlace,
    }
}

/// Where an accepted request leads, once the service has come to rest.
fn after(step: &Move, state: State) -> i64 {
    match step {
        Move::Resume | Move::Restart => 1,
        Move::Pause => 6,
        Move::Modify { .. } => STATES.iter().find(|(.., known)| *known == state).unwrap().0,
    }
}

/// The requests from a state to rest, and the state that they end in.
fn walk(from: i64, run: RunState, differs: bool) -> (Vec<Move>, i64) {
    let definition = wish(ES, &json!({}));
    let (mut number, mut changes, mut sent) = (from, vec![change()], vec![]);
    if !differs {
        changes.clear();
    }
    for _ in 0..STEPS {
        let seen = in_state(number);
        if !matches!(phase(&seen), Phase::Resting | Phase::Broken) {
            break;
        }
        let wish = Wish {
            definition: &definition,
            changes: &changes,
            run_state: Some(run),
        };
        let Next::Do(step) = next(&wish, &seen) else { break };
        let state = State::of(Some(number));
        assert!(step.allowed(state), "{step:?} in {state:?}");
        number = after(&step, state);
        if matches!(step, Move::Modify { .. }) {
            changes.clear();
        }
        sent.push(step);
    }
    assert!(sent.len() < STEPS, "{from} does not come to rest");
    (sent, number)
}

#[test]
fn every_walk_ends_where_it_should() {
    for (from, ..) in STATES {
        for run in [RunState::Running, RunState::Stopped] {
            for differs in [false, true] {
                let (sent, end) = walk(from, run, differs);
                let fit = matches!(from, 1 | 6) || (from == 7 && run == RunState::Running);
                let expected = match (fit, run) {
                    (true, RunState::Running) => 1,
                    (true, RunState::Stopped) => 6,
                    (false, _) => from,
                };
                assert_eq!(end, expected, "{from} {run:?} {differs}");
                assert_eq!(
                    sent.iter().any(|step| matches!(step, Move::Modify { .. })),
                    differs && fit
                );
                assert!(fit || sent.is_empty());
            }
        }
    }
}

#[rstest]
#[case(10)]
#[case(-2)]
#[case(99)]
fn a_number_that_nobody_knows_causes_no_request(#[case] number: i64) {
    let seen = in_state(number);
    assert_eq!(phase(&seen), Phase::Moving);
    assert_eq!(seen.state, format!("UNKNOWN_{number}"));
    assert_eq!(walk(number, RunState::Stopped, true), (vec![], number));
    assert_eq!(seen.failure, None);
}

#[test]
fn a_restart_is_asked_for_where_the_service_has_one() {
    for (number, _, state) in STATES {
        let expected = matches!(state, State::Running | State::PauseFailed | State::ResumeFailed);
        let restarts = matches!(restart(&in_state(number)), Restart::Do(Move::Restart));
        assert_eq!(restarts, expected, "{number}");
    }
}

#[test]
fn a_missing_number_causes_no_request() {
    let seen = seen(json!({"TaskId": "task-1", "TaskName": "orders", "TaskType": "SINK"}));
    assert_eq!((phase(&seen), seen.state.as_str()), (Phase::Moving, "UNKNOWN"));
}

#[rstest]
#[case(-1, true)]
#[case(1, false)]
#[case(4, true)]
#[case(6, false)]
#[case(7, true)]
#[case(9, true)]
fn the_vendors_word_is_an_error_only_in_a_state_that_is_one(#[case] status: i64, #[case] is_failure: bool) {
    let answer = json!({"TaskId": "task-1", "TaskName": "orders", "TaskType": "SINK", "Status": status,
        "ErrorMessage": "running or not"});
    let seen = seen(answer);
    assert_eq!(seen.failure.is_some(), is_failure);
    assert_eq!(phase(&seen) == Phase::Broken, is_failure);
    if let Some(failure) = seen.failure {
        assert!(failure.message.starts_with("running or not ("));
    }
}

#[test]
fn a_task_that_was_cut_off_is_a_failure_whatever_its_state() {
    let answer =
        json!({"TaskId": "task-1", "TaskName": "n", "TaskType": "SINK", "Status": 1, "IsolateStatus": 2});
    let seen = seen(answer);
    assert_eq!(phase(&seen), Phase::Broken);
    assert!(seen.failure.unwrap().message.contains("IsolateStatus 2"));
}

#[test]
fn a_deleted_task_is_gone_and_a_row_has_no_definition() {
    assert_eq!(phase(&in_state(3)), Phase::Gone);
    let answer = json!({"TaskId": "task-1", "TaskName": "n", "TaskType": "SINK", "Status": 0, "TaskProgress": 36,
        "TaskCurrentStep": "WAIT_CONNECT_RESOURCE", "StepList": [], "Description": " [rd:0123456789abcdef]"});
    let seen = row(serde_json::from_value(answer).unwrap()).unwrap();
    assert_eq!(
        (seen.definition.is_none(), seen.mark.as_deref()),
        (true, Some("0123456789abcdef"))
    );
    let shown = progress(&seen).unwrap();
    assert_eq!(
        shown.detail,
        json!({"percent": 36.0, "step": "WAIT_CONNECT_RESOURCE"})
    );
}

#[rstest]
#[case(json!({"offsetType": "earliest"}), "delivered again")]
#[case(json!({"offsetType": "latest"}), "never delivered")]
#[case(json!({"offsetType": "timestamp", "startTime": 1}), "since startTime")]
#[case(json!({"offsetType": null}), "begins as sourceResource says")]
fn a_replacement_says_what_it_costs(#[case] kafka: Value, #[case] words: &str) {
    let wish = wish(ES, &json!({"sourceResource": {"kafkaParam": kafka}}));
    assert!(replacement_note(&wish).contains(words));
}

#[rstest]
#[case(1)]
#[case(6)]
#[case(7)]
fn a_task_that_is_made_shows_no_percentage(#[case] status: i64) {
    let finished = json!({"step": "FINISH"});
    assert_eq!(progress(&in_state(status)).unwrap().detail, finished);
    let answer = json!({"TaskId": "task-1", "TaskName": "n", "TaskType": "SINK", "Status": status,
        "TaskProgress": 36, "TaskCurrentStep": "FINISH", "StepList": []});
    let listed = row(serde_json::from_value(answer).unwrap()).unwrap();
    assert_eq!(progress(&listed).unwrap().detail, finished);
    assert_eq!(progress(&in_state(0)), None);
}
