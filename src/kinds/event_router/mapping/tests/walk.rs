//! From every state, every wish is reached by requests that a model as strict as the vendor's matrix accepts.
use super::*;
use crate::api::policy::RunState;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Phase;
use crate::engine::kind::Rest;
use crate::engine::kind::Wish;
use crate::kinds::event_router::mapping::{Move, State, before_delete, describe, next, phase, rest};

struct Model {
    state: &'static str,
    body: Value,
}

impl Model {
    fn look(&self) -> Observed<Definition, Facts> {
        let mut answer = echo(self.body.clone());
        set(&mut answer, "/status", json!(self.state));
        seen(answer)
    }

    fn take(&mut self, step: &Move, wish: &Desired<Definition>) {
        assert!(
            step.allowed(State::of(self.state)),
            "{step:?} while {}",
            self.state
        );
        match (step, self.state) {
            (Move::Start, "WAIT_START" | "STOPPED" | "ERROR") => self.state = "RUNNING",
            (Move::Stop, "RUNNING" | "ERROR") => self.state = "STOPPED",
            // A broken job stays broken: nothing says that an update mends it.
            (Move::Update { definition }, "WAIT_START" | "STOPPED" | "ERROR") => {
                self.body = sent(&Desired {
                    definition: (**definition).clone(),
                    ..wish.clone()
                });
            }
            (step, state) => panic!("the service refuses {step:?} while {state}"),
        }
    }
}

/// Follows `next` to the end and tells the moves.
fn walk(model: &mut Model, wish: &Desired<Definition>) -> Vec<MoveKind> {
    let mut moves = vec![];
    loop {
        let seen = model.look();
        let changes = changes(wish, &seen);
        let step = next(
            &Wish {
                definition: &wish.definition,
                changes: &changes,
                run_state: wish.run_state,
            },
            &seen,
        );
        match step {
            Next::Do(step) => {
                moves.push(describe(&step));
                assert!(moves.len() <= 3, "{moves:?}");
                model.take(&step, wish);
            }
            Next::Agreed => {
                assert_eq!(changes, vec![]);
                return moves;
            }
            Next::Switched(why) | Next::Busy(why) => panic!("{why}"),
        }
    }
}

fn wish_to(run_state: RunState, changed: bool) -> Desired<Definition> {
    let compression = if changed { "zstd" } else { "lz4" };
    let mut wish = wish_with(KAFKA, "/advanced/kafkaToKafka/compression", json!(compression));
    wish.run_state = Some(run_state);
    wish
}

#[test]
fn every_wish_is_reached_from_every_state() {
    use MoveKind::{Start, Stop, Update};
    use RunState::{Running, Stopped};
    for (state, run_state, changed, moves) in [
        ("WAIT_START", Running, false, vec![Start]),
        ("WAIT_START", Running, true, vec![Update, Start]),
        ("WAIT_START", Stopped, false, vec![]),
        ("WAIT_START", Stopped, true, vec![Update]),
        ("STOPPED", Running, false, vec![Start]),
        ("STOPPED", Running, true, vec![Update, Start]),
        ("STOPPED", Stopped, false, vec![]),
        ("STOPPED", Stopped, true, vec![Update]),
        ("RUNNING", Running, false, vec![]),
        ("RUNNING", Running, true, vec![Stop, Update, Start]),
        ("RUNNING", Stopped, false, vec![Stop]),
        ("RUNNING", Stopped, true, vec![Stop, Update]),
        // A failure is left to a person; a changed spec is that person's answer.
        ("ERROR", Running, false, vec![]),
        ("ERROR", Running, true, vec![Stop, Update, Start]),
        ("ERROR", Stopped, false, vec![]),
        ("ERROR", Stopped, true, vec![Update]),
    ] {
        let mut model = Model {
            state,
            body: sent(&wish_to(run_state, false)),
        };
        let wish = wish_to(run_state, changed);
        assert_eq!(
            walk(&mut model, &wish),
            moves,
            "{state} {run_state:?} changed: {changed}"
        );
        if state != "ERROR" {
            assert_eq!(
                model.state == "RUNNING",
                run_state == Running,
                "{state} {run_state:?}"
            );
        }
    }
}

#[test]
fn a_job_whose_run_state_nobody_wishes_is_left_as_it_runs() {
    for state in ["WAIT_START", "STOPPED", "RUNNING", "ERROR"] {
        let mut wish = wish_to(RunState::Running, false);
        let mut model = Model {
            state,
            body: sent(&wish),
        };
        wish.run_state = None;
        assert_eq!(walk(&mut model, &wish), vec![]);
    }
}

#[test]
fn states_have_phases() {
    for (word, expected) in [
        ("CREATING", Phase::Moving),
        ("WAIT_START", Phase::Resting),
        ("RUNNING", Phase::Resting),
        ("STOPPED", Phase::Resting),
        ("ERROR", Phase::Broken),
        ("FAILED", Phase::Broken),
        ("DELETING", Phase::Moving),
        ("DELETED", Phase::Gone),
        ("SWITCHING", Phase::Moving),
        ("A_WORD_OF_TOMORROW", Phase::Moving),
        ("", Phase::Moving),
    ] {
        let mut answer = echo(sent(&wish(KAFKA)));
        set(&mut answer, "/status", json!(word));
        assert_eq!(phase(&seen(answer)), expected, "{word}");
    }
}

#[test]
fn nothing_is_sent_to_a_busy_job() {
    let update = Move::Update {
        definition: Box::new(wish(KAFKA).definition),
    };
    for step in [Move::Start, Move::Stop, update] {
        assert!(!step.allowed(State::Moving));
        assert!(!step.allowed(State::Gone));
    }
}

#[test]
fn only_a_running_job_is_stopped_before_it_is_deleted() {
    for (word, expected) in [
        ("RUNNING", Some(Move::Stop)),
        ("WAIT_START", None),
        ("STOPPED", None),
        ("ERROR", None),
    ] {
        let model = Model {
            state: word,
            body: sent(&wish(KAFKA)),
        };
        assert_eq!(before_delete(&model.look()), expected, "{word}");
    }
}

#[test]
fn a_settled_job_is_running_or_stopped() {
    for (state, expected) in [
        ("RUNNING", Rest::Running),
        ("WAIT_START", Rest::Stopped),
        ("STOPPED", Rest::Stopped),
    ] {
        let body = sent(&wish(KAFKA));
        assert_eq!(rest(&Model { state, body }.look()), expected);
    }
}
