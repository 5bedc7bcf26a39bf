//! The election as a model of two participants, each with a clock of its own, before one store with versions, in any
//! weather: requests and answers are slow or lost, writes that were given up on still land, processes end and come back
//! under new names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers do too"
)]
use k8s_openapi::api::coordination::v1::Lease as LeaseObject;
use k8s_openapi::jiff::Timestamp;
use proptest::prelude::*;
use replication_operator::runtime::lease::{Decision, Election};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

const DURATION: Duration = Duration::from_secs(15);
const BEAT: Duration = Duration::from_millis(2500);

/// The speed of a clock in hundredths, and what it shows at the start. Its wall clock is off by as many
/// years and stands still.
#[derive(Clone, Copy, Debug)]
struct Clock {
    speed: u64,
    offset: u64,
}

impl Clock {
    fn read(self, now: u64) -> Duration {
        Duration::from_micros(now * self.speed / 100) + Duration::from_secs(self.offset)
    }
    /// How long a span of this clock takes.
    fn takes(self, span: Duration) -> u64 {
        u64::try_from(span.as_micros()).unwrap() * 100 / self.speed
    }
    fn wall(self) -> Timestamp {
        let seconds = i64::try_from(self.offset * 31_536_000).unwrap();
        Timestamp::from_second(seconds).unwrap()
    }
}

#[derive(Clone, Debug)]
enum Happening {
    Begin,
    GiveUp,
    ReadArrives,
    ReadAnswered(Option<Box<LeaseObject>>),
    WriteArrives(Box<LeaseObject>, Duration),
    WriteAnswered(bool, Duration),
}

/// When, in which order, who, in which attempt, what. Ordered by the first two alone.
struct Event(u64, u64, usize, u64, Happening);

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Event {}
impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Event {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1).cmp(&(other.0, other.1))
    }
}

struct Participant {
    clock: Clock,
    election: Election,
    attempt: u64,
    lives: u64,
}

struct World {
    queue: BinaryHeap<Reverse<Event>>,
    weather: std::iter::Cycle<std::vec::IntoIter<u16>>,
    store: Option<LeaseObject>,
    version: u64,
    participants: Vec<Participant>,
    order: u64,
    /// How often the lease was won, counted by who won it.
    wins: [usize; 2],
}

impl World {
    fn new(clocks: [Clock; 2], weather: Vec<u16>) -> Self {
        let participant = |clock| Participant {
            clock,
            election: Election::new(String::new(), DURATION),
            attempt: 0,
            lives: 0,
        };
        let mut world = Self {
            queue: BinaryHeap::new(),
            weather: weather.into_iter().cycle(),
            store: None,
            version: 0,
            participants: clocks.map(participant).into(),
            order: 0,
            wins: [0, 0],
        };
        for who in [0, 1] {
            world.revive(who);
            world.push(0, who, Happening::Begin);
        }
        world
    }

    fn push(&mut self, when: u64, who: usize, what: Happening) {
        self.order += 1;
        let attempt = self.participants[who].attempt;
        self.queue
            .push(Reverse(Event(when, self.order, who, attempt, what)));
    }

    /// How long a message is under way: mostly milliseconds, sometimes many seconds; `None` if it is lost.
    fn delay(&mut self) -> Option<u64> {
        let weather = u64::from(self.weather.next().unwrap());
        match weather % 8 {
            0 => None,
            1 => Some(weather * 1000),
            2 => Some(weather * 100),
            _ => Some(weather),
        }
    }

    fn send(&mut self, now: u64, who: usize, what: Happening) {
        if let Some(delay) = self.delay() {
            self.push(now + delay, who, what);
        }
    }

    fn revive(&mut self, who: usize) {
        let participant = &mut self.participants[who];
        participant.lives += 1;
        participant.attempt += 1;
        participant.election = Election::new(format!("{who}-{}", participant.lives), DURATION);
    }

    /// Ends the present attempt and begins the next after a pause of the participant's own clock.
    fn again(&mut self, now: u64, who: usize, pause: Duration) {
        self.participants[who].attempt += 1;
        let takes = self.participants[who].clock.takes(pause);
        self.push(now + takes, who, Happening::Begin);
    }

    fn step(&mut self) -> u64 {
        let Reverse(Event(now, _, who, attempt, what)) = self.queue.pop().expect("always something to do");
        let local = self.participants[who].clock.read(now);
        if let Happening::WriteArrives(record, sent) = what {
            // The store knows nothing of attempts that were given up.
            let accepted = self.write(*record);
            if self.participants[who].attempt == attempt {
                self.send(now, who, Happening::WriteAnswered(accepted, sent));
            }
            return now;
        }
        if self.participants[who].attempt != attempt {
            return now;
        }
        let election = &self.participants[who].election;
        if election.deadline().is_some() && !election.leads(local) {
            // The process has ended; another comes up in its place.
            self.revive(who);
            self.again(now, who, BEAT);
            return now;
        }
        self.act(now, who, local, what);
        now
    }

    fn act(&mut self, now: u64, who: usize, local: Duration, what: Happening) {
        match what {
            Happening::Begin => {
                let bound = self.participants[who].clock.takes(BEAT);
                self.push(now + bound, who, Happening::GiveUp);
                self.send(now, who, Happening::ReadArrives);
            }
            Happening::ReadArrives => self.send(
                now,
                who,
                Happening::ReadAnswered(self.store.clone().map(Box::new)),
            ),
            Happening::ReadAnswered(seen) => {
                match self.participants[who].election.look(seen.as_deref(), local) {
                    Decision::Acquire | Decision::Renew => {
                        let wall = self.participants[who].clock.wall();
                        let record = self.participants[who].election.claimed(seen.as_deref(), wall);
                        self.send(now, who, Happening::WriteArrives(Box::new(record), local));
                    }
                    Decision::Wait => self.again(now, who, BEAT),
                    Decision::Lost => {
                        self.revive(who);
                        self.again(now, who, BEAT);
                    }
                }
            }
            Happening::WriteAnswered(true, sent) => {
                self.participants[who].election.won(sent);
                self.wins[who] += 1;
                self.again(now, who, BEAT * 2);
            }
            Happening::GiveUp | Happening::WriteAnswered(false, _) => self.again(now, who, BEAT / 4),
            Happening::WriteArrives(..) => unreachable!("handled before"),
        }
    }

    fn write(&mut self, mut record: LeaseObject) -> bool {
        let stored = self
            .store
            .as_ref()
            .and_then(|stored| stored.metadata.resource_version.clone());
        if record.metadata.resource_version != stored {
            return false;
        }
        if Some(&record) != self.store.as_ref() {
            self.version += 1;
            record.metadata.resource_version = Some(self.version.to_string());
            self.store = Some(record);
        }
        true
    }

    fn leaders(&self, now: u64) -> usize {
        let leads = |one: &&Participant| one.election.leads(one.clock.read(now));
        self.participants.iter().filter(leads).count()
    }
}

fn clock() -> impl Strategy<Value = Clock> {
    // Apart by less than half, as the module promises.
    (85_u64..=120, 0_u64..1000).prop_map(|(speed, offset)| Clock { speed, offset })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn two_participants_never_both_believe_that_they_lead(
        one in clock(), two in clock(), weather in proptest::collection::vec(any::<u16>(), 1..200),
    ) {
        let mut world = World::new([one, two], weather);
        for _ in 0..600 {
            let now = world.step();
            prop_assert!(world.leaders(now) <= 1, "two leaders after {} s", now / 1_000_000);
        }
    }

    #[test]
    fn in_fair_weather_one_leads_and_keeps_leading(one in clock(), two in clock()) {
        let mut world = World::new([one, two], vec![3]);
        for _ in 0..600 {
            let now = world.step();
            prop_assert!(now < 10_000_000 || world.leaders(now) == 1);
        }
        prop_assert!(world.wins.contains(&0), "leadership changed hands: {:?}", world.wins);
    }
}

#[test]
fn leadership_changes_hands_when_the_leader_is_cut_off() {
    let clock = Clock {
        speed: 100,
        offset: 0,
    };
    // Thirty messages pass and then nineteen are lost, again and again.
    let weather = [[3_u16; 30].as_slice(), [8; 19].as_slice()].concat();
    let mut world = World::new([clock, clock], weather);
    for _ in 0..3000 {
        world.step();
    }
    assert!(world.wins.iter().all(|wins| *wins > 2), "{:?}", world.wins);
}
