//! The jobs of a service: their names, their transitions, and what they were like a while ago.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::{Moment, Sim};
use crate::cloud::Cloud;
use crate::service::Bend;

/// How many changes are remembered for stale lists.
const PAST: usize = 20_000;
/// How many acts are remembered per job.
const ACTS: usize = 500;
/// The key of the kept totals; no job id looks like it.
const TOTALS: &str = "totals";

/// A job as a service holds it.
pub(crate) trait Record: Clone + Serialize + DeserializeOwned {
    /// What a transition of it does.
    type Goal;

    /// What it looks at when a transition is carried out.
    type Context<'a>;

    /// Order of creation.
    fn seq(&self) -> u64;

    /// Its id, unique in the service.
    fn id(&self) -> &str;

    /// What it is listed under, such as a project or an instance.
    fn scope(&self) -> &str;

    /// Its name.
    fn name(&self) -> &str;

    /// What its quota counts by.
    fn host(&self) -> &str {
        self.scope()
    }

    /// The transition under way.
    fn change(&self) -> Option<&Change<Self::Goal>>;

    /// The transition under way, to be changed.
    fn change_mut(&mut self) -> Option<&mut Change<Self::Goal>>;

    /// Carries out its transition at that moment of simulated time; false when the job is gone.
    fn arrive(&mut self, at: Sim, context: &Self::Context<'_>) -> bool;
}

/// A transition under way.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Change<G> {
    /// What it does when it is due.
    pub(crate) to: G,
    /// When, in simulated time.
    pub(crate) due: Sim,
    /// The fault that it waits for.
    pub(crate) stuck_by: Option<String>,
}

impl<G> Change<G> {
    /// A transition of so many milliseconds from now, bent by faults.
    pub(crate) fn begin(to: G, millis: Sim, now: Sim, bend: &Bend) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "milliseconds"
        )]
        let slowed = (millis as f64 * bend.slow.unwrap_or(1.0)) as Sim;
        Self {
            to,
            due: now + slowed,
            stuck_by: bend.stuck_by.clone(),
        }
    }
}

/// Something that was done to a job.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Act {
    /// Such as `create` or `stop`; `foreign` for the admin API.
    operation: String,
    /// Wall time.
    time: String,
}

/// What was done to a job, as far back as it is remembered.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct Acts(Vec<Act>);

impl Acts {
    /// Remembers an act.
    pub(crate) fn note(&mut self, operation: &str) {
        if self.0.len() >= ACTS {
            self.0.remove(0);
        }
        self.0.push(Act {
            operation: operation.to_owned(),
            time: format!("{:.3}", Timestamp::now()),
        });
    }
}

/// Jobs of one scope in order of creation.
pub(crate) type Rows<J> = BTreeMap<u64, Arc<J>>;

/// All jobs.
#[derive(Debug)]
pub(crate) struct Ledger<J> {
    service: &'static str,
    rows: HashMap<String, Rows<J>>,
    ids: HashMap<String, (String, u64)>,
    names: HashMap<(String, String), Vec<u64>>,
    used: HashMap<String, usize>,
    due: BTreeSet<(Sim, u64)>,
    stuck: HashMap<u64, String>,
    places: HashMap<u64, String>,
    past: VecDeque<Past<J>>,
    graves: HashMap<String, Arc<J>>,
    gone: Vec<String>,
    next: u64,
    /// Jobs made so far.
    pub(crate) created: u64,
    /// Jobs gone so far.
    pub(crate) deleted: u64,
}

/// What a job was like before it changed.
#[derive(Debug)]
struct Past<J> {
    at: Sim,
    /// Wall time of a request; none for a transition, which happened exactly when it was due.
    wall: Option<Instant>,
    scope: String,
    seq: u64,
    before: Option<Arc<J>>,
}

impl<J> Past<J> {
    fn is_after(&self, moment: Moment) -> bool {
        // With the clock stopped only wall time tells what came later.
        self.at > moment.sim || (self.at == moment.sim && self.wall.is_some_and(|wall| wall > moment.wall))
    }
}

impl<J: Record> Ledger<J> {
    /// No jobs, of a service by its name.
    pub(crate) fn new(service: &'static str) -> Self {
        Self {
            service,
            rows: HashMap::new(),
            ids: HashMap::new(),
            names: HashMap::new(),
            used: HashMap::new(),
            due: BTreeSet::new(),
            stuck: HashMap::new(),
            places: HashMap::new(),
            past: VecDeque::new(),
            graves: HashMap::new(),
            gone: Vec::new(),
            next: 0,
            created: 0,
            deleted: 0,
        }
    }

    /// The number of the next job.
    pub(crate) fn next(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A job of a scope.
    pub(crate) fn job(&self, scope: &str, id: &str) -> Option<&Arc<J>> {
        self.any(id).filter(|job| job.scope() == scope)
    }

    /// A job of any scope.
    pub(crate) fn any(&self, id: &str) -> Option<&Arc<J>> {
        let (scope, seq) = self.ids.get(id)?;
        self.rows.get(scope)?.get(seq)
    }

    /// A job that is gone.
    pub(crate) fn grave(&self, scope: &str, id: &str) -> Option<&Arc<J>> {
        self.graves.get(id).filter(|job| job.scope() == scope)
    }

    /// All jobs that are gone, the ids in no order.
    pub(crate) fn graves(&self) -> impl Iterator<Item = &Arc<J>> {
        self.graves.values()
    }

    /// All jobs of a scope.
    pub(crate) fn rows(&self, scope: &str) -> Option<&Rows<J>> {
        self.rows.get(scope)
    }

    /// All jobs.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<J>> {
        self.rows.values().flat_map(BTreeMap::values)
    }

    /// Whether another job of the scope has the name.
    pub(crate) fn is_taken(&self, scope: &str, name: &str, except: Option<u64>) -> bool {
        let key = (scope.to_owned(), name.to_owned());
        self.names
            .get(&key)
            .is_some_and(|seqs| seqs.iter().any(|seq| Some(*seq) != except))
    }

    /// How many jobs a host holds.
    pub(crate) fn used(&self, host: &str) -> usize {
        self.used.get(host).copied().unwrap_or_default()
    }

    /// Puts a job in, new or changed, and keeps it over a restart.
    pub(crate) fn keep(&mut self, cloud: &Cloud, job: J) {
        let now = cloud.now();
        cloud.store.put(self.service, job.id(), &job, now);
        self.keep_totals(cloud);
        let (scope, seq) = (job.scope().to_owned(), job.seq());
        let before = self.place(job);
        self.remember(Past {
            at: now,
            wall: Some(Instant::now()),
            scope,
            seq,
            before,
        });
    }

    /// Sets a job in its place and gives what was there.
    fn place(&mut self, job: J) -> Option<Arc<J>> {
        let job = Arc::new(job);
        let before = self
            .rows
            .entry(job.scope().to_owned())
            .or_default()
            .insert(job.seq(), Arc::clone(&job));
        if let Some(before) = &before {
            self.unlink(before);
        }
        self.link(&job);
        before
    }

    /// Takes a job away.
    pub(crate) fn remove(&mut self, cloud: &Cloud, id: &str) -> Option<Arc<J>> {
        let job = self.bury(id, cloud.now(), Some(Instant::now()));
        self.forget_gone(cloud);
        job
    }

    fn bury(&mut self, id: &str, at: Sim, wall: Option<Instant>) -> Option<Arc<J>> {
        let (scope, seq) = self.ids.get(id)?.clone();
        let job = self.rows.get_mut(&scope)?.remove(&seq)?;
        self.unlink(&job);
        self.deleted += 1;
        self.graves.insert(job.id().to_owned(), Arc::clone(&job));
        self.gone.push(job.id().to_owned());
        self.remember(Past {
            at,
            wall,
            scope,
            seq,
            before: Some(Arc::clone(&job)),
        });
        Some(job)
    }

    /// Takes the jobs that are gone out of the kept state.
    fn forget_gone(&mut self, cloud: &Cloud) {
        if self.gone.is_empty() {
            return;
        }
        for id in std::mem::take(&mut self.gone) {
            cloud.store.remove(self.service, &id, cloud.now());
        }
        self.keep_totals(cloud);
    }

    /// Carries out the transitions that are due and that no fault holds.
    pub(crate) fn settle(&mut self, cloud: &Cloud, context: &J::Context<'_>) {
        let now = cloud.now();
        let freed: Vec<u64> = self
            .stuck
            .iter()
            .filter(|(_, fault)| !cloud.faults.has(fault))
            .map(|(seq, _)| *seq)
            .collect();
        for seq in freed {
            self.stuck.remove(&seq);
            self.due.insert((now, seq));
        }
        while let Some((at, seq)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            self.due.remove(&(at, seq));
            let Some(job) = self
                .places
                .get(&seq)
                .and_then(|scope| self.rows.get(scope)?.get(&seq))
            else {
                continue;
            };
            let mut job = J::clone(job);
            let stays = job.arrive(at, context);
            let (scope, id) = (job.scope().to_owned(), job.id().to_owned());
            let before = self.place(job);
            self.remember(Past {
                at,
                wall: None,
                scope,
                seq,
                before,
            });
            if !stays {
                self.bury(&id, at, None);
            }
        }
        self.forget_gone(cloud);
    }

    /// The jobs of a scope as they were at an earlier moment.
    pub(crate) fn as_of(&self, scope: &str, moment: Moment) -> Rows<J> {
        let mut rows = self.rows(scope).cloned().unwrap_or_default();
        for past in self.past.iter().rev().take_while(|past| past.is_after(moment)) {
            if past.scope != scope {
                continue;
            }
            match &past.before {
                Some(before) => rows.insert(past.seq, Arc::clone(before)),
                None => rows.remove(&past.seq),
            };
        }
        rows
    }

    fn keep_totals(&self, cloud: &Cloud) {
        let totals = json!({"created": self.created, "deleted": self.deleted});
        cloud.store.put(self.service, TOTALS, &totals, cloud.now());
    }

    /// Takes back what an earlier run kept.
    pub(crate) fn restore(&mut self, key: &str, value: Value) -> Result<(), String> {
        if key == TOTALS {
            let number = |name: &str| value.get(name).and_then(Value::as_u64).unwrap_or_default();
            (self.created, self.deleted) = (number("created"), number("deleted"));
            return Ok(());
        }
        let mut job: J = serde_json::from_value(value).map_err(|e| e.to_string())?;
        // Faults do not outlive a run, so nothing is stuck any more.
        if let Some(change) = job.change_mut() {
            change.stuck_by = None;
        }
        self.next = self.next.max(job.seq());
        self.place(job);
        Ok(())
    }

    fn link(&mut self, job: &J) {
        let (seq, scope) = (job.seq(), job.scope().to_owned());
        self.ids.insert(job.id().to_owned(), (scope.clone(), seq));
        self.places.insert(seq, scope.clone());
        self.names
            .entry((scope, job.name().to_owned()))
            .or_default()
            .push(seq);
        *self.used.entry(job.host().to_owned()).or_default() += 1;
        let Some(change) = job.change() else { return };
        if let Some(fault) = &change.stuck_by {
            self.stuck.insert(seq, fault.clone());
        } else {
            self.due.insert((change.due, seq));
        }
    }

    fn unlink(&mut self, job: &J) {
        self.ids.remove(job.id());
        self.places.remove(&job.seq());
        let key = (job.scope().to_owned(), job.name().to_owned());
        if let Some(seqs) = self.names.get_mut(&key) {
            seqs.retain(|seq| *seq != job.seq());
            if seqs.is_empty() {
                self.names.remove(&key);
            }
        }
        if let Some(used) = self.used.get_mut(job.host()) {
            *used = used.saturating_sub(1);
        }
        self.stuck.remove(&job.seq());
        if let Some(change) = job.change() {
            self.due.remove(&(change.due, job.seq()));
        }
    }

    fn remember(&mut self, past: Past<J>) {
        if self.past.len() >= PAST {
            self.past.pop_front();
        }
        self.past.push_back(past);
    }
}
