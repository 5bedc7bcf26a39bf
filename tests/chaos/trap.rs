//! The trap: counts what passes the gateways, and springs at the one moment that it is set for.
use super::point::{Call, Moment, Point, Record, Side};
use std::sync::{Mutex, MutexGuard};
use tokio::sync::Notify;

/// Shared by both gateways of a lane.
pub struct Trap {
    state: Mutex<State>,
    sprung: Notify,
}

struct State {
    step: (usize, String),
    seen: Record,
    set: Option<Point>,
    /// Goes up when the trap springs and when the next operator starts; even while one runs.
    epoch: u64,
    has_sprung: bool,
}

/// What is to become of a request.
pub enum Fate {
    /// It is passed on, and its answer too.
    Pass,
    /// The trap springs at this moment of it.
    Spring(Moment),
    /// Its sender is dead.
    Void,
}

impl Trap {
    /// A trap for one point, or one that only counts.
    pub fn new(set: Option<Point>) -> Self {
        Self {
            state: Mutex::new(State {
                step: (0, String::new()),
                seen: Record::new(),
                set,
                epoch: 0,
                has_sprung: false,
            }),
            sprung: Notify::new(),
        }
    }

    /// From here on, requests belong to this step.
    pub fn enter(&self, name: &str) {
        let mut state = self.state();
        state.step = (state.step.0 + 1, name.to_owned());
    }

    /// The epoch that a new connection belongs to.
    pub fn epoch(&self) -> u64 {
        self.state().epoch
    }

    /// Counts a request that came over a connection of this epoch.
    pub fn judge(&self, epoch: u64, side: Side, write: bool, name: String) -> Fate {
        let mut state = self.state();
        if epoch != state.epoch || !epoch.is_multiple_of(2) {
            return Fate::Void;
        }
        let step = state.step.clone();
        let call = Call {
            step,
            side,
            write,
            name,
        };
        let nth = state.seen.entry(call.clone()).or_default();
        *nth += 1;
        let nth = *nth;
        let struck = state.set.take_if(|set| set.call == call && set.nth == nth);
        struck.map_or(Fate::Pass, |point| Fate::Spring(point.moment))
    }

    /// The moment has come: nothing that the operator sends from now on is passed on, and it is killed.
    pub fn spring(&self) {
        let mut state = self.state();
        state.epoch += 1;
        state.has_sprung = true;
        drop(state);
        self.sprung.notify_one();
    }

    /// Waits until it springs.
    pub async fn sprung(&self) {
        self.sprung.notified().await;
    }

    /// The killed operator is gone, and another one starts.
    pub fn reopen(&self) {
        self.state().epoch += 1;
    }

    /// Whether it has sprung.
    pub fn has_sprung(&self) -> bool {
        self.state().has_sprung
    }

    /// What was seen.
    pub fn record(&self) -> Record {
        self.state().seen.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}
