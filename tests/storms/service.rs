//! The vendor's service, as strict as its operation matrix, without an idempotency token and with names that are not
//! unique; and the people who work on its console.
use crate::operator::Look;
use crate::wish::{self, ELDER};
use proptest::prelude::*;
use replication_operator::engine::kind::{Desired, Observed, Seen};
use replication_operator::engine::mark::mark;
use replication_operator::kinds::event_router::EventRouter;
use replication_operator::kinds::event_router::mapping::{Advanced, Definition, Facts, Move};
use replication_operator::remote::Fault;
use std::collections::VecDeque;

/// For how many ticks a list may be old, or a single read blind to a new job.
pub const LAG: u64 = 3;
/// How long a change of state takes.
const TURN: u64 = 2;
/// How late a request may be carried out after its caller gave up.
const LATE: u64 = 2;

/// The UID of the object.
pub const UID: &str = "7f1c";

/// A remote job.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: String,
    pub mark: Option<String>,
    /// Whether a create of ours made it, and nobody took it over since.
    pub made: bool,
    pub definition: Definition,
    pub state: &'static str,
    pub secret: u32,
    /// Whether the service accepted a request for it.
    addressed: bool,
    turn: Option<(u64, &'static str)>,
    born: u64,
    /// When somebody else last did something to it.
    meddled: u64,
}

impl Job {
    /// Whether it exists; a job that is shown as deleted does not.
    pub fn lives(&self) -> bool {
        self.state != "DELETED"
    }

    /// Whether nothing is under way.
    pub fn rests(&self) -> bool {
        self.turn.is_none()
    }

    /// The tick from which on every list shows it as it is, as far as others are concerned.
    pub fn known_since(&self) -> u64 {
        self.born.max(self.meddled) + LAG
    }

    pub fn has_our_mark(&self) -> bool {
        self.mark == Some(mark(UID))
    }

    fn turns(&mut self, by: &'static str, at: u64, to: &'static str) {
        self.state = by;
        self.turn = Some((at, to));
    }

    fn seen(&self) -> Seen<EventRouter> {
        Observed {
            id: self.id.clone(),
            name: self.definition.name.clone(),
            mark: self.mark.clone(),
            created_at: None,
            state: self.state.into(),
            definition: Some(self.definition.clone()),
            failure: None,
            facts: Facts::default(),
        }
    }
}

/// A request.
#[derive(Clone, Debug)]
pub enum Request {
    Create(Desired<Definition>, u32),
    Move(String, Move, u32),
    Delete(String),
}

/// Something that somebody else does on the console.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Compress,
    Describe,
    Stop,
    Start,
    Delete,
    Fail,
    Switch,
    Unmark,
    TakeOver,
    GiveBack,
    NamesakeComes,
    NamesakeGoes,
}

/// The acts of a storm.
pub fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Compress), 1 => Just(Act::Describe), 2 => Just(Act::Stop), 1 => Just(Act::Start),
        2 => Just(Act::Delete), 2 => Just(Act::Fail), 1 => Just(Act::Switch), 1 => Just(Act::Unmark),
        2 => Just(Act::TakeOver), 2 => Just(Act::GiveBack), 4 => Just(Act::NamesakeComes),
        2 => Just(Act::NamesakeGoes),
    ]
}

/// The service.
#[derive(Debug, Default)]
pub struct Service {
    pub tick: u64,
    pub jobs: Vec<Job>,
    /// Whether a deleted job stays visible as one.
    pub keeps_deleted: bool,
    /// Whether list rows lack the definition.
    pub bare_rows: bool,
    pub creates: usize,
    pub starts: usize,
    /// Requests that came while their caller waited, whatever became of them.
    pub requests: usize,
    /// When somebody else last did something.
    pub meddled: Option<u64>,
    /// The first thing that the operator may not do.
    pub crime: Option<String>,
    pub past: VecDeque<Vec<Job>>,
    pub late: Vec<(u64, Request)>,
    pub namesakes: usize,
}

impl Service {
    /// One tick: late requests arrive, changes of state end.
    pub fn settle(&mut self) {
        self.past.push_back(self.jobs.clone());
        if self.past.len() > usize::try_from(LAG).unwrap() {
            self.past.pop_front();
        }
        self.tick += 1;
        let tick = self.tick;
        let (due, later) = std::mem::take(&mut self.late)
            .into_iter()
            .partition(|(at, _)| *at <= tick);
        self.late = later;
        for (_, request) in Vec::from_iter::<Vec<_>>(due) {
            // Nobody waits for the answer, and nobody is to blame for a refusal.
            let _ = self.serve(request);
        }
        for job in &mut self.jobs {
            if let Some((_, to)) = job.turn.filter(|(at, _)| *at <= tick) {
                job.state = to;
                job.turn = None;
            }
        }
        let keeps = self.keeps_deleted;
        self.jobs.retain(|job| keeps || job.lives());
    }

    /// The jobs that exist and that we made or marked.
    pub fn ours(&self) -> impl Iterator<Item = &Job> {
        self.jobs
            .iter()
            .filter(|job| job.lives() && (job.made || job.has_our_mark()))
    }

    /// Whether a create is still on its way.
    pub fn awaits_create(&self) -> bool {
        self.late
            .iter()
            .any(|(_, request)| matches!(request, Request::Create(..)))
    }

    pub fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id == id)
    }

    /// The list, or how it was a while ago.
    pub fn list(&self, stale: bool) -> Vec<Seen<EventRouter>> {
        let jobs = self.past.front().filter(|_| stale).unwrap_or(&self.jobs);
        let bare = |seen: Seen<EventRouter>| Observed {
            definition: seen.definition.filter(|_| !self.bare_rows),
            ..seen
        };
        jobs.iter().map(Job::seen).map(bare).collect()
    }

    /// A single read, which may be blind to a new job; if the list lags too, then only to one that nobody addressed.
    pub fn show(&self, id: &str, look: Look) -> Option<Seen<EventRouter>> {
        let blind = |job: &Job| match look {
            Look::StaleRead => self.tick <= job.born + LAG,
            Look::Stale => self.tick <= job.born + LAG && !job.addressed,
            _ => false,
        };
        self.job(id).filter(|job| !blind(job)).map(Job::seen)
    }

    /// Carries a request out after its caller gave up.
    pub fn serve_late(&mut self, request: Request) {
        self.late.push((self.tick + LATE, request));
    }

    /// Carries out a request that is legal, and blames the caller for one that he could know to be illegal.
    pub fn ask(&mut self, request: Request) -> Result<String, Fault> {
        self.requests += 1;
        let answer = self.serve(request.clone());
        if let (Ok(id), Request::Move(..) | Request::Delete(_)) = (&answer, &request)
            && let Some(job) = self.jobs.iter_mut().find(|job| job.id == *id)
        {
            job.addressed = true;
        }
        if let (Err(Fault::Conflict), Request::Move(id, ..) | Request::Delete(id)) = (&answer, &request)
            && let Some(job) = self.job(id).filter(|job| self.tick > job.meddled + LAG)
        {
            let state = job.state;
            self.blame(format!("4: sent to a job that is {state}: {request:?}"));
        }
        answer
    }

    /// Notes the first crime.
    pub fn blame(&mut self, crime: String) {
        let tick = self.tick;
        self.crime.get_or_insert(format!("{crime} (tick {tick})"));
    }

    fn serve(&mut self, request: Request) -> Result<String, Fault> {
        match request {
            Request::Create(desired, secret) => Ok(self.create(desired.definition, secret)),
            Request::Move(id, step, secret) => self.act(&id, step, secret).map(|()| id),
            Request::Delete(id) => self.delete(&id).map(|()| id),
        }
    }

    fn create(&mut self, definition: Definition, secret: u32) -> String {
        self.creates += 1;
        let id = format!("job-{}", self.creates);
        let mut job = self.stranger(id.clone(), definition);
        job.made = true;
        job.mark = Some(mark(UID));
        job.secret = secret;
        job.meddled = 0;
        job.turns("CREATING", self.tick + TURN, "WAIT_START");
        self.jobs.push(job);
        id
    }

    fn act(&mut self, id: &str, step: Move, secret: u32) -> Result<(), Fault> {
        let at = self.tick + TURN;
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) else {
            return Err(Fault::NotFound);
        };
        match (step, job.state) {
            (Move::Start, "WAIT_START" | "STOPPED" | "ERROR") => {
                self.starts += 1;
                job.turns("STARTING", at, "RUNNING");
            }
            (Move::Stop, "RUNNING" | "ERROR") => job.turns("STOPPING", at, "STOPPED"),
            (Move::Update { definition }, rest @ ("WAIT_START" | "STOPPED" | "ERROR")) => {
                job.definition = full(*definition);
                job.secret = secret;
                job.mark = Some(mark(UID));
                job.turns("UPDATING", at, rest);
            }
            _ => return Err(Fault::Conflict),
        }
        Ok(())
    }

    fn delete(&mut self, id: &str) -> Result<(), Fault> {
        let at = self.tick + TURN;
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) else {
            return Ok(());
        };
        match job.state {
            "WAIT_START" | "STOPPED" | "ERROR" => job.turns("DELETING", at, "DELETED"),
            _ => return Err(Fault::Conflict),
        }
        Ok(())
    }

    /// A job of nobody, which has been there for long.
    pub fn elder(&mut self, definition: Definition) {
        let job = self.stranger(ELDER.into(), definition);
        self.jobs.push(Job {
            state: "RUNNING",
            ..job
        });
    }

    fn stranger(&self, id: String, definition: Definition) -> Job {
        Job {
            id,
            mark: None,
            made: false,
            definition: full(definition),
            state: "WAIT_START",
            secret: 0,
            addressed: false,
            turn: None,
            born: self.tick,
            meddled: self.tick,
        }
    }

    /// Somebody else does something; `wish` is what his namesake job is like, `id` the job that status knows.
    pub fn meddle(&mut self, act: Act, wish: &Definition, id: Option<&str>) {
        self.meddled = Some(self.tick);
        match act {
            Act::NamesakeComes => {
                self.namesakes += 1;
                let job = self.stranger(format!("namesake-{}", self.namesakes), wish.clone());
                let mark = self.namesakes.is_multiple_of(2).then(|| mark("another"));
                self.jobs.push(Job { mark, ..job });
            }
            Act::NamesakeGoes => self.jobs.retain(|job| !job.id.starts_with("namesake")),
            act => self.meddle_with_one(act, id),
        }
    }

    fn meddle_with_one(&mut self, act: Act, id: Option<&str>) {
        let (tick, keeps) = (self.tick, self.keeps_deleted);
        let known = |job: &Job| Some(job.id.as_str()) == id;
        let Some(job) = self
            .jobs
            .iter_mut()
            .find(|job| job.lives() && (job.made || known(job)))
        else {
            return;
        };
        job.meddled = tick;
        match (act, job.state) {
            (Act::Compress, _) => recompress(&mut job.definition),
            (Act::Describe, _) => job.definition.description = Some("by hand".into()),
            (Act::Stop, "RUNNING") => job.turns("STOPPING", tick + TURN, "STOPPED"),
            (Act::Start, "WAIT_START" | "STOPPED") => job.turns("STARTING", tick + TURN, "RUNNING"),
            (Act::Fail, "RUNNING" | "WAIT_START" | "STARTING" | "CREATING") => {
                job.turn = None;
                job.state = "ERROR";
            }
            (Act::Switch, "RUNNING" | "STOPPED") => {
                std::mem::swap(&mut job.definition.source, &mut job.definition.sink);
            }
            // Who rubs the mark out leaves the id as the only proof, so it has to be known.
            (Act::Unmark, _) if known(job) && job.made => job.mark = None,
            (Act::TakeOver, _) if job.rests() => {
                job.mark = Some(mark("another"));
                job.made = false;
            }
            (Act::GiveBack, _) if job.mark == Some(mark("another")) => {
                job.mark = Some(mark(UID));
                job.made = true;
            }
            (Act::Delete, _) => {
                job.turn = None;
                job.state = "DELETED";
            }
            _ => {}
        }
        self.jobs.retain(|job| keeps || job.lives());
    }
}

/// As the service shows it: what was left to the service has a value.
fn full(mut definition: Definition) -> Definition {
    definition.description.get_or_insert_default();
    definition
}

fn recompress(definition: &mut Definition) {
    if let Advanced::KafkaToKafka(sync) = &mut definition.advanced {
        sync.compression = Some("lz4".into());
    }
}

/// How messages are compressed: the field that may be ignored.
pub fn compression(definition: &Definition) -> Option<&str> {
    match &definition.advanced {
        Advanced::KafkaToKafka(sync) => sync.compression.as_deref(),
        Advanced::RocketmqToRocketmq(_) | Advanced::DcsToDcs(_) => None,
    }
}

/// Where a job starts to read: the field that cannot be changed in place.
pub fn seek(definition: &Definition) -> Option<&str> {
    match &definition.advanced {
        Advanced::KafkaToKafka(sync) => Some(&sync.seek_to),
        Advanced::RocketmqToRocketmq(_) | Advanced::DcsToDcs(_) => None,
    }
}

/// Whether source and sink are exchanged against the wish.
pub fn is_switched(wish: &Definition, job: &Job) -> bool {
    wish::is_exchanged(wish) != wish::is_exchanged(&job.definition)
}
