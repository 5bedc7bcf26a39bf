//! The faults that exist, in the order they were added.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rand::Rng;
use serde_json::{Value, json};

use super::{Fault, Hold, Occasion, Ticket, Trouble};

/// A fault that struck a request.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    /// The fault's id.
    pub(crate) id: String,
    /// What happens.
    pub(crate) trouble: Trouble,
    /// Its place among the held requests.
    pub(crate) ticket: Ticket,
    /// When the fault was added.
    pub(crate) since: Instant,
}

/// The faults that exist.
#[derive(Debug, Default)]
pub(crate) struct Registry(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    faults: Vec<Held>,
    added: u64,
}

#[derive(Debug)]
struct Held {
    id: String,
    fault: Fault,
    left: Option<u64>,
    skip: u64,
    hits: u64,
    hold: Hold,
    since: Instant,
}

impl Registry {
    /// Adds a fault and gives its id.
    pub(crate) fn add(&self, fault: Fault) -> String {
        let mut inner = self.inner();
        inner.added += 1;
        let id = format!("f{}", inner.added);
        let left = fault.count.filter(|count| *count > 0);
        let skip = fault.skip;
        let held = Held {
            id: id.clone(),
            fault,
            left,
            skip,
            hits: 0,
            hold: Hold::default(),
            since: Instant::now(),
        };
        inner.faults.push(held);
        id
    }

    /// The faults that strike a request, up to and with the first that ends it.
    pub(crate) fn take(&self, on: &Occasion<'_>) -> Vec<Taken> {
        let mut taken = Vec::new();
        for held in &mut self.inner().faults {
            if held.left == Some(0) || !held.fault.pattern.holds(on) || !held.strikes() {
                continue;
            }
            taken.push(Taken {
                id: held.id.clone(),
                trouble: held.fault.effect.clone(),
                ticket: held.hold.ticket(),
                since: held.since,
            });
            if held.fault.effect.ends_the_request() {
                break;
            }
        }
        taken
    }

    /// Whether a fault still exists.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.inner().faults.iter().any(|held| held.id == id)
    }

    /// Lets go what a fault holds now; false when there is no such fault.
    pub(crate) fn release(&self, id: &str) -> bool {
        let inner = self.inner();
        let held = inner.faults.iter().find(|held| held.id == id);
        held.inspect(|held| held.hold.release()).is_some()
    }

    /// Takes a fault away and lets go what it holds; false when there is no such fault.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut inner = self.inner();
        let before = inner.faults.len();
        inner.faults.retain(|held| held.id != id || held.let_go());
        inner.faults.len() < before
    }

    /// Takes all faults away.
    pub(crate) fn clear(&self) {
        self.inner().faults.retain(Held::let_go);
    }

    /// All faults with what is left of them.
    pub(crate) fn list(&self) -> Vec<Value> {
        self.inner().faults.iter().map(Held::view).collect()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn strikes(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if self
            .fault
            .probability
            .is_some_and(|p| rand::rng().random::<f64>() >= p)
        {
            return false;
        }
        self.left = self.left.map(|left| left - 1);
        self.hits += 1;
        true
    }

    /// Releases what is held; false, for `retain`.
    fn let_go(&self) -> bool {
        self.hold.release();
        false
    }

    fn view(&self) -> Value {
        json!({
            "id": self.id,
            "match": self.fault.pattern,
            "effect": self.fault.effect,
            "remaining": self.left,
            "skip": self.skip,
            "probability": self.fault.probability,
            "hits": self.hits,
            "holding": self.hold.waiting(),
        })
    }
}
