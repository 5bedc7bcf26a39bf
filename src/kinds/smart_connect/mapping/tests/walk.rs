//! From every state, every wish is reached by requests that a model as strict as the vendor's matrix accepts.
use super::*;
use crate::engine::kind::Evidence;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Phase;
use crate::engine::kind::Rest;
use crate::engine::kind::Restart;
use crate::engine::kind::Wish;
use crate::kinds::smart_connect::mapping::{
    Move, State, before_delete, describe, evidence, modified, next, phase, rest, restart,
};

struct Model {
    state: &'static str,
    task: Value,
}

impl Model {
    fn look(&self) -> Observed<Definition, Facts> {
        let mut answer = self.task.clone();
        set(&mut answer, "/status", json!(self.state));
        seen(answer)
    }

    fn take(&mut self, step: &Move) {
        assert!(
            step.allowed(State::of(self.state)),
            "{step:?} while {}",
            self.state
        );
        match (step, self.state) {
            (Move::Start, "WAITING") | (Move::Resume, "PAUSED") => self.state = "RUNNING",
            (Move::Pause, "RUNNING") => self.state = "PAUSED",
            (Move::Modify { definition, paths }, "WAITING" | "PAUSED" | "RUNNING") => {
                let entity = self.look().facts.entity;
                self.task = Value::Object(modified(&entity, definition, paths).unwrap());
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
                assert!(moves.len() <= 2, "{moves:?}");
                model.take(&step);
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
    let mut wish = wish_with(KAFKA, "/source/kafka/compression", json!(compression));
    wish.run_state = Some(run_state);
    wish
}

#[test]
fn every_wish_is_reached_from_every_state() {
    use MoveKind::{Start, Stop, Update};
    use RunState::{Running, Stopped};
    for (state, run_state, changed, moves) in [
        ("WAITING", Running, false, vec![Start]),
        ("WAITING", Running, true, vec![Update, Start]),
        ("WAITING", Stopped, false, vec![]),
        ("WAITING", Stopped, true, vec![Update]),
        ("PAUSED", Running, false, vec![Start]),
        ("PAUSED", Running, true, vec![Update, Start]),
        ("PAUSED", Stopped, false, vec![]),
        ("PAUSED", Stopped, true, vec![Update]),
        ("RUNNING", Running, false, vec![]),
        ("RUNNING", Running, true, vec![Update]),
        ("RUNNING", Stopped, false, vec![Stop]),
        ("RUNNING", Stopped, true, vec![Stop, Update]),
    ] {
        let mut model = Model {
            state,
            task: shown(KAFKA),
        };
        let wish = wish_to(run_state, changed);
        assert_eq!(
            walk(&mut model, &wish),
            moves,
            "{state} {run_state:?} changed: {changed}"
        );
        assert_eq!(
            model.state == "RUNNING",
            run_state == Running,
            "{state} {run_state:?}"
        );
    }
}

#[test]
fn a_paused_task_is_resumed_and_a_waiting_one_started() {
    for (state, expected) in [("WAITING", Move::Start), ("PAUSED", Move::Resume)] {
        let wish = wish_to(RunState::Running, false);
        let wish = Wish {
            definition: &wish.definition,
            changes: &[],
            run_state: wish.run_state,
        };
        let model = Model {
            state,
            task: shown(KAFKA),
        };
        assert_eq!(next(&wish, &model.look()), Next::Do(expected));
    }
}

#[test]
fn a_task_whose_run_state_nobody_wishes_is_left_as_it_runs() {
    for state in ["WAITING", "PAUSED", "RUNNING"] {
        let mut wish = wish_to(RunState::Running, false);
        let mut model = Model {
            state,
            task: shown(KAFKA),
        };
        wish.run_state = None;
        assert_eq!(walk(&mut model, &wish), vec![]);
    }
}

#[test]
fn states_have_phases() {
    for (word, expected) in [
        ("CREATING", Phase::Moving),
        ("WAITING", Phase::Resting),
        ("RUNNING", Phase::Resting),
        ("PAUSED", Phase::Resting),
        ("RESTARTING", Phase::Moving),
        ("A_WORD_OF_TOMORROW", Phase::Moving),
        ("", Phase::Moving),
    ] {
        let mut answer = shown(OBS);
        set(&mut answer, "/status", json!(word));
        assert_eq!(phase(&seen(answer)), expected, "{word}");
    }
}

#[test]
fn nothing_is_sent_to_a_busy_task() {
    let modification = Move::Modify {
        definition: Box::new(wish(KAFKA).definition),
        paths: vec![],
    };
    for step in [
        Move::Start,
        Move::Pause,
        Move::Resume,
        Move::Restart,
        modification,
    ] {
        assert!(!step.allowed(State::Moving));
    }
    for state in ["CREATING", "RESTARTING", "A_WORD_OF_TOMORROW"] {
        let wish = wish_to(RunState::Stopped, true);
        let model = Model {
            state,
            task: shown(KAFKA),
        };
        let seen = model.look();
        let changes = changes(&wish, &seen);
        let wish = Wish {
            definition: &wish.definition,
            changes: &changes,
            run_state: wish.run_state,
        };
        assert_eq!(next(&wish, &seen), Next::Agreed);
    }
}

#[test]
fn a_task_is_deleted_as_it_is() {
    for state in ["WAITING", "PAUSED", "RUNNING"] {
        let model = Model {
            state,
            task: shown(KAFKA),
        };
        assert_eq!(before_delete(&model.look()), None);
        let expected = if state == "RUNNING" {
            Rest::Running
        } else {
            Rest::Stopped
        };
        assert_eq!(rest(&model.look()), expected);
    }
}

#[test]
fn a_task_that_ran_is_restarted_where_the_matrix_allows() {
    for (state, expected) in [
        ("WAITING", Restart::NeverStarted),
        ("RUNNING", Restart::Do(Move::Restart)),
        ("PAUSED", Restart::Do(Move::Restart)),
        ("RESTARTING", Restart::NotNow),
        ("CREATING", Restart::NotNow),
        ("A_WORD_OF_TOMORROW", Restart::NotNow),
    ] {
        let model = Model {
            state,
            task: shown(KAFKA),
        };
        let found = restart(&model.look());
        if let Restart::Do(step) = &found {
            assert!(step.allowed(State::of(state)));
        }
        assert_eq!(found, expected, "{state}");
    }
}

#[test]
fn a_lost_restart_shows_only_while_it_is_under_way() {
    for (state, expected) in [
        ("RESTARTING", Evidence::Done(None)),
        ("RUNNING", Evidence::Nothing),
        ("PAUSED", Evidence::Nothing),
    ] {
        let model = Model {
            state,
            task: shown(KAFKA),
        };
        assert_eq!(evidence(&model.look()), expected, "{state}");
    }
}
