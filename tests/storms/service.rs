//! The vendor's service, as strict as its operation matrix, without an idempotency token and with names that are not
//! unique; and the people who work on its console.
use crate::kind::{SeenJob, Step};
use crate::operator::Look;
use crate::wish::{self, ELDER};
use k8s_openapi::jiff::Timestamp;
use proptest::prelude::*;
use replication_operator::engine::kind::{Desired, Observed};
use replication_operator::engine::mark::mark;
use replication_operator::kinds::event_router::mapping::{Advanced, Definition, Facts};
use replication_operator::remote::Fault;
use std::collections::{BTreeMap, VecDeque};

/// For how many ticks a list may be old, or a single read blind to a new job.
pub const LAG: u64 = 3;
/// How long a change of state takes.
const TURN: u64 = 2;
/// How late a request may be carried out after its caller gave up.
const LATE: u64 = 2;

/// How many seconds before a claim a job may be made that counts as made after it.
const JUST_BEFORE: i64 = 5;
/// How many seconds a tick takes.
const TICK: u64 = 4;

/// The UID of the object.
pub const UID: &str = "7f1c";

/// What a service lets be known of its jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// It has a place for the mark.
    #[default]
    Marked,
    /// It has none.
    Unmarked,
    /// It has neither that nor a list; a name is an id.
    Named,
}

/// The time of a tick.
pub fn time(tick: u64) -> Timestamp {
    Timestamp::from_second(i64::try_from(tick * TICK).unwrap()).unwrap()
}

/// The tick of a time that was ours.
pub fn tick(time: Timestamp) -> u64 {
    u64::try_from(time.as_second()).unwrap() / TICK
}

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
    /// Whether the object took it over.
    pub taken: bool,
    /// Whether somebody else made it under the name of ours.
    pub namesake: bool,
    /// Whether nobody can tell it from the one that a create of ours made or was to make.
    pub doubtful: bool,
    /// Whether the service accepted a request for it.
    addressed: bool,
    turn: Option<(u64, &'static str)>,
    pub born: u64,
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

    fn seen(&self, sort: Sort, skew: i64, misreports: bool) -> SeenJob {
        let mut definition = self.definition.clone();
        if let (true, Advanced::KafkaToKafka(sync)) = (misreports, &mut definition.advanced) {
            sync.seek_to = "somewhere".into();
        }
        let is_marked = sort == Sort::Marked;
        let created = Timestamp::from_second(time(self.born).as_second() + skew);
        Observed {
            id: self.id.clone(),
            name: self.definition.name.clone(),
            mark: self.mark.clone().filter(|_| is_marked),
            created_at: created.ok().filter(|_| !is_marked),
            state: self.state.into(),
            definition: Some(Box::new(definition)),
            failure: None,
            facts: Facts::default(),
        }
    }
}

/// A request.
#[derive(Clone, Debug)]
pub enum Request {
    Create(Desired<Definition>, u32),
    /// A move, with the secret and, for a restart, the value that asked for it.
    Move(String, Step, u32, Option<String>),
    Delete(String),
}

/// Something that somebody else does on the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    Remake,
}

/// The acts of a storm.
pub fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Compress), 1 => Just(Act::Describe), 2 => Just(Act::Stop), 1 => Just(Act::Start),
        2 => Just(Act::Delete), 2 => Just(Act::Fail), 1 => Just(Act::Switch), 1 => Just(Act::Unmark),
        2 => Just(Act::TakeOver), 2 => Just(Act::GiveBack), 4 => Just(Act::NamesakeComes),
        2 => Just(Act::NamesakeGoes), 2 => Just(Act::Remake),
    ]
}

/// The service.
#[derive(Debug, Default)]
pub struct Service {
    pub tick: u64,
    pub sort: Sort,
    /// How far the clock of the service is ahead, in seconds.
    pub skew: i64,
    pub jobs: Vec<Job>,
    /// The name of the job that was there before the object, which is its id where names are ids.
    pub elder_name: String,
    /// Whether others did what nobody can tell from what our create did, or changed what it made before it was seen.
    pub doubted: bool,
    /// Whether a deleted job stays visible as one.
    pub keeps_deleted: bool,
    /// Whether list rows lack the definition.
    pub bare_rows: bool,
    /// Whether it shows another start point than the one that it was given.
    pub misreports: bool,
    pub creates: usize,
    pub starts: usize,
    /// How often a restart was carried out, by the value that asked for it.
    pub restarts: BTreeMap<String, usize>,
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
        let is_marked = self.sort == Sort::Marked;
        let is_ours = move |job: &&Job| job.made || is_marked && job.has_our_mark();
        self.jobs.iter().filter(|job| job.lives()).filter(is_ours)
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
    pub fn list(&self, stale: bool) -> Vec<SeenJob> {
        let jobs = self.past.front().filter(|_| stale).unwrap_or(&self.jobs);
        let bare = |seen: SeenJob| Observed {
            definition: seen.definition.filter(|_| !self.bare_rows),
            ..seen
        };
        jobs.iter()
            .map(|job| job.seen(self.sort, self.skew, self.misreports))
            .map(bare)
            .collect()
    }

    /// A single read, which may be blind to a new job; if the list lags too, then only to one that nobody addressed.
    pub fn show(&self, id: &str, look: Look) -> Option<SeenJob> {
        let blind = |job: &Job| match look {
            Look::StaleRead => self.tick <= job.born + LAG,
            Look::Stale => self.tick <= job.born + LAG && !job.addressed,
            _ => false,
        };
        self.job(id)
            .filter(|job| !blind(job))
            .map(|job| job.seen(self.sort, self.skew, self.misreports))
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
            Request::Create(desired, secret) => self.create(desired.definition, secret),
            Request::Move(id, step, secret, token) => self.act(&id, step, secret, token),
            Request::Delete(id) => self.delete(&id).map(|()| id),
        }
    }

    fn create(&mut self, definition: Definition, secret: u32) -> Result<String, Fault> {
        let id = match self.sort {
            Sort::Named if self.job(&definition.name).is_some() => return Err(Fault::Exists),
            Sort::Named => definition.name.clone(),
            Sort::Marked | Sort::Unmarked => format!("job-{}", self.creates + 1),
        };
        self.creates += 1;
        let mut job = self.stranger(id.clone(), definition);
        job.made = true;
        job.mark = Some(mark(UID));
        job.secret = secret;
        job.meddled = 0;
        job.turns("CREATING", self.tick + TURN, "WAIT_START");
        self.jobs.push(job);
        Ok(id)
    }

    fn act(&mut self, id: &str, step: Step, secret: u32, token: Option<String>) -> Result<String, Fault> {
        let at = self.tick + TURN;
        if let Step::Update { rename: Some(to), .. } = &step
            && self.job(to).is_some()
        {
            return Err(Fault::Exists);
        }
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) else {
            return Err(Fault::NotFound);
        };
        match (step, job.state) {
            (Step::Start, "WAIT_START" | "STOPPED" | "ERROR") => {
                self.starts += 1;
                job.turns("STARTING", at, "RUNNING");
            }
            (Step::Stop, "RUNNING" | "ERROR") => job.turns("STOPPING", at, "STOPPED"),
            (Step::Restart, "RUNNING" | "STOPPED") => {
                *self.restarts.entry(token.unwrap_or_default()).or_default() += 1;
                job.turns("RESTARTING", at, "RUNNING");
            }
            (Step::Update { definition, rename }, rest @ ("WAIT_START" | "STOPPED" | "ERROR")) => {
                job.definition = full(*definition);
                job.secret = secret;
                job.mark = Some(mark(UID));
                job.id = rename.unwrap_or_else(|| job.id.clone());
                job.turns("UPDATING", at, rest);
            }
            _ => return Err(Fault::Conflict),
        }
        Ok(job.id.clone())
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

    /// The id of the job that was there before the object.
    pub fn elder_id(&self) -> &str {
        match self.sort {
            Sort::Named => &self.elder_name,
            Sort::Marked | Sort::Unmarked => ELDER,
        }
    }

    /// The object takes a job over.
    pub fn take(&mut self, id: &str) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) {
            job.taken = true;
        }
    }

    /// A job of nobody, which has been there for long.
    pub fn elder(&mut self, definition: Definition) {
        let job = self.stranger(self.elder_id().to_owned(), definition);
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
            taken: false,
            namesake: false,
            doubtful: false,
            definition: full(definition),
            state: "WAIT_START",
            secret: 0,
            addressed: false,
            turn: None,
            born: self.tick,
            meddled: self.tick,
        }
    }

    /// Somebody else does something; `wish` is what his namesake job is like, `id` the job that status knows, and
    /// `claimed` whether a create of ours is unanswered.
    pub fn meddle(&mut self, act: Act, wish: &Definition, id: Option<&str>, claimed: bool) {
        self.meddled = Some(self.tick);
        let is_marked = self.sort == Sort::Marked;
        self.doubted |= claimed && !is_marked && act != Act::NamesakeGoes;
        match act {
            Act::NamesakeComes => self.namesake(wish, claimed),
            Act::NamesakeGoes => self.jobs.retain(|job| !job.namesake),
            Act::Remake => {
                let known = |job: &Job| job.lives() && (job.made || Some(job.id.as_str()) == id);
                if let Some(at) = self.jobs.iter().position(known) {
                    let job = self.jobs.remove(at);
                    self.namesake(&job.definition, claimed);
                }
            }
            // Only a mark can change hands.
            Act::Unmark | Act::TakeOver | Act::GiveBack if !is_marked => {}
            act => self.meddle_with_one(act, id),
        }
    }

    /// Notes that a create is claimed: what others made just before and no list showed cannot be told from its job.
    pub fn note_claim(&mut self, definition: &Definition) {
        let since = time(self.tick).as_second() - JUST_BEFORE;
        let is_marked = self.sort == Sort::Marked;
        let like = full(definition.clone());
        for job in &mut self.jobs {
            let young = time(job.born).as_second() + self.skew >= since;
            if young && job.namesake && job.definition == like && !is_marked {
                job.doubtful = true;
                self.doubted = true;
            }
        }
    }

    /// Somebody else makes a job of the same name; every third is of another definition, where that tells.
    fn namesake(&mut self, like: &Definition, claimed: bool) {
        self.namesakes += 1;
        let id = match self.sort {
            Sort::Named if self.job(&like.name).is_some() => return,
            Sort::Named => like.name.clone(),
            Sort::Marked | Sort::Unmarked => format!("namesake-{}", self.namesakes),
        };
        let mut job = self.stranger(id, like.clone());
        let differs = self.namesakes.is_multiple_of(3) && self.sort == Sort::Unmarked;
        if differs {
            recompress(&mut job.definition);
        }
        job.doubtful = claimed && !differs && self.sort != Sort::Marked;
        job.mark = self.namesakes.is_multiple_of(2).then(|| mark("another"));
        job.namesake = true;
        self.jobs.push(job);
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
