//! Which object has its pass next: what is due, in the order in which it came, new and changed objects first; runs nothing.
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::time::{Duration, Instant};

/// After so many passes of new and changed objects another one has its turn, so that none waits for ever.
const AHEAD: u32 = 3;

/// When an object has its next pass, unless it changes or is woken before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// After this time.
    Requeue(Duration),
    /// Not before something changes.
    AwaitChange,
}

impl Action {
    /// A pass after this time.
    #[must_use]
    pub const fn requeue(after: Duration) -> Self {
        Self::Requeue(after)
    }

    /// No pass before something changes.
    #[must_use]
    pub const fn await_change() -> Self {
        Self::AwaitChange
    }
}

/// The objects of one controller. Each is in it at most once, and has at most one pass at a time.
#[derive(Debug)]
pub struct Queue<T> {
    /// What is due later, by time and then by the order in which it came.
    later: BTreeMap<(Instant, u64), T>,
    places: HashMap<T, (Instant, u64)>,
    first: VecDeque<T>,
    then: VecDeque<T>,
    waiting: HashSet<T>,
    /// What has its pass now, and when it was asked for once more.
    under_way: HashMap<T, Option<Instant>>,
    came: u64,
    ahead: u32,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            later: BTreeMap::new(),
            places: HashMap::new(),
            first: VecDeque::new(),
            then: VecDeque::new(),
            waiting: HashSet::new(),
            under_way: HashMap::new(),
            came: 0,
            ahead: 0,
        }
    }
}

impl<T: Clone + Eq + Hash> Queue<T> {
    /// Asks for a pass at this time, or earlier where one was asked for already.
    pub fn ask(&mut self, object: T, at: Instant) {
        if self.waiting.contains(&object) {
            return;
        }
        if let Some(again) = self.under_way.get_mut(&object) {
            *again = Some(again.map_or(at, |before| before.min(at)));
            return;
        }
        match self.places.get(&object) {
            Some((before, _)) if *before <= at => return,
            Some(place) => {
                self.later.remove(place);
            }
            None => {}
        }
        let place = (at, self.came);
        self.came += 1;
        self.later.insert(place, object.clone());
        self.places.insert(object, place);
    }

    /// The object whose pass is to begin now. `is_first` tells new and changed objects from others.
    pub fn next(&mut self, now: Instant, is_first: impl Fn(&T) -> bool) -> Option<T> {
        while let Some(entry) = self.later.first_entry().filter(|entry| entry.key().0 <= now) {
            let object = entry.remove();
            self.places.remove(&object);
            self.waiting.insert(object.clone());
            if is_first(&object) {
                self.first.push_back(object);
            } else {
                self.then.push_back(object);
            }
        }
        let object = if self.ahead < AHEAD || self.then.is_empty() {
            self.first.pop_front()
        } else {
            None
        };
        self.ahead = if object.is_some() { self.ahead + 1 } else { 0 };
        let object = object.or_else(|| self.then.pop_front())?;
        self.waiting.remove(&object);
        self.under_way.insert(object.clone(), None);
        Some(object)
    }

    /// A pass has ended, and the next one is to be at this time.
    pub fn done(&mut self, object: T, again: Option<Instant>) {
        let asked = self.under_way.remove(&object).flatten();
        if let Some(at) = asked.into_iter().chain(again).min() {
            self.ask(object, at);
        }
    }

    /// When the next object is due that is not due yet.
    pub fn due(&self) -> Option<Instant> {
        self.later.keys().next().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn take(queue: &mut Queue<&'static str>, now: Instant) -> Vec<&'static str> {
        std::iter::from_fn(|| queue.next(now, |object| object.starts_with("new"))).collect()
    }

    #[test]
    fn new_objects_go_first_and_all_in_their_order_but_nobody_waits_for_ever() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        for object in ["a", "b", "new1", "new2", "new3", "new4", "new5"] {
            queue.ask(object, now);
        }
        let order = ["new1", "new2", "new3", "a", "new4", "new5", "b"];
        assert_eq!(take(&mut queue, now), order);
    }

    #[test]
    fn what_is_asked_for_twice_has_one_pass_at_the_earlier_time() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.ask("a", now + SECOND * 2);
        queue.ask("a", now + SECOND);
        queue.ask("a", now + SECOND * 3);
        assert_eq!(queue.due(), Some(now + SECOND));
        assert_eq!(take(&mut queue, now), Vec::<&str>::new());
        assert_eq!(take(&mut queue, now + SECOND * 3), ["a"]);
        assert_eq!(queue.due(), None);
    }

    #[test]
    fn what_is_asked_for_during_a_pass_has_another_after_it() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.ask("a", now);
        assert_eq!(take(&mut queue, now), ["a"]);
        queue.ask("a", now);
        assert_eq!(take(&mut queue, now), Vec::<&str>::new());
        queue.done("a", Some(now + SECOND));
        assert_eq!(take(&mut queue, now), ["a"]);
        queue.done("a", None);
        assert_eq!(queue.due(), None);
    }
}
