//! All jobs, their names, their transitions, and what they were like a while ago.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};

use super::NAME;
use super::job::Job;
use crate::clock::{Moment, Sim};
use crate::cloud::Cloud;

/// How many changes are remembered for stale lists.
const PAST: usize = 20_000;
/// The key of the kept totals; no job id looks like it.
const TOTALS: &str = "totals";

/// Jobs of one project in order of creation.
pub(super) type Rows = BTreeMap<u64, Arc<Job>>;

/// All jobs.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    rows: HashMap<String, Rows>,
    ids: HashMap<String, (String, u64)>,
    names: HashMap<(String, String), Vec<u64>>,
    used: HashMap<String, usize>,
    due: BTreeSet<(Sim, u64)>,
    stuck: HashMap<u64, String>,
    places: HashMap<u64, String>,
    past: VecDeque<Past>,
    graves: HashMap<String, Arc<Job>>,
    gone: Vec<String>,
    next: u64,
    /// Jobs made so far.
    pub(super) created: u64,
    /// Jobs gone so far.
    pub(super) deleted: u64,
}

/// What a job was like before it changed.
#[derive(Debug)]
struct Past {
    at: Sim,
    /// Wall time of a request; none for a transition, which happened exactly when it was due.
    wall: Option<Instant>,
    project: String,
    seq: u64,
    before: Option<Arc<Job>>,
}

impl Past {
    fn is_after(&self, moment: Moment) -> bool {
        // With the clock stopped only wall time tells what came later.
        self.at > moment.sim || (self.at == moment.sim && self.wall.is_some_and(|wall| wall > moment.wall))
    }
}

impl Ledger {
    /// The number of the next job.
    pub(super) fn next(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A job of a project.
    pub(super) fn job(&self, project: &str, id: &str) -> Option<&Arc<Job>> {
        self.any(id).filter(|job| job.project == project)
    }

    /// A job of any project.
    pub(super) fn any(&self, id: &str) -> Option<&Arc<Job>> {
        let (project, seq) = self.ids.get(id)?;
        self.rows.get(project)?.get(seq)
    }

    /// A job that is gone.
    pub(super) fn grave(&self, project: &str, id: &str) -> Option<&Arc<Job>> {
        self.graves.get(id).filter(|job| job.project == project)
    }

    /// All jobs of a project.
    pub(super) fn rows(&self, project: &str) -> Option<&Rows> {
        self.rows.get(project)
    }

    /// All jobs.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.rows.values().flat_map(BTreeMap::values)
    }

    /// Whether another job of the project has the name.
    pub(super) fn is_taken(&self, project: &str, name: &str, except: Option<u64>) -> bool {
        let key = (project.to_owned(), name.to_owned());
        self.names
            .get(&key)
            .is_some_and(|seqs| seqs.iter().any(|seq| Some(*seq) != except))
    }

    /// How many jobs a cluster holds.
    pub(super) fn used(&self, cluster: &str) -> usize {
        self.used.get(cluster).copied().unwrap_or_default()
    }

    /// Puts a job in, new or changed.
    pub(super) fn put(&mut self, job: Job, now: Sim) {
        let (project, seq) = (job.project.clone(), job.seq);
        let before = self.place(job);
        self.remember(Past {
            at: now,
            wall: Some(Instant::now()),
            project,
            seq,
            before,
        });
    }

    /// Sets a job in its place and gives what was there.
    fn place(&mut self, job: Job) -> Option<Arc<Job>> {
        let job = Arc::new(job);
        let before = self
            .rows
            .entry(job.project.clone())
            .or_default()
            .insert(job.seq, Arc::clone(&job));
        if let Some(before) = &before {
            self.unlink(before);
        }
        self.link(&job);
        before
    }

    /// Takes a job away.
    pub(super) fn remove(&mut self, id: &str, now: Sim) -> Option<Arc<Job>> {
        self.bury(id, now, Some(Instant::now()))
    }

    fn bury(&mut self, id: &str, at: Sim, wall: Option<Instant>) -> Option<Arc<Job>> {
        let (project, seq) = self.ids.get(id)?.clone();
        let job = self.rows.get_mut(&project)?.remove(&seq)?;
        self.unlink(&job);
        self.deleted += 1;
        self.graves.insert(job.id.clone(), Arc::clone(&job));
        self.gone.push(job.id.clone());
        self.remember(Past {
            at,
            wall,
            project,
            seq,
            before: Some(Arc::clone(&job)),
        });
        Some(job)
    }

    /// Takes the jobs that are gone out of the kept state.
    pub(super) fn forget_gone(&mut self, cloud: &Cloud) {
        if self.gone.is_empty() {
            return;
        }
        for id in std::mem::take(&mut self.gone) {
            cloud.store.remove(NAME, &id, cloud.now());
        }
        let (key, totals) = self.totals();
        cloud.store.put(NAME, key, &totals, cloud.now());
    }

    /// Carries out the transitions that are due; `holds` says whether a fault still holds what waits for it.
    pub(super) fn settle(&mut self, now: Sim, holds: impl Fn(&str) -> bool) {
        let freed: Vec<u64> = self
            .stuck
            .iter()
            .filter(|(_, fault)| !holds(fault))
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
                .and_then(|project| self.rows.get(project)?.get(&seq))
            else {
                continue;
            };
            let mut job = Job::clone(job);
            if job.arrive() {
                let project = job.project.clone();
                let before = self.place(job);
                self.remember(Past {
                    at,
                    wall: None,
                    project,
                    seq,
                    before,
                });
            } else {
                self.bury(&job.id, at, None);
            }
        }
    }

    /// The jobs of a project as they were at an earlier moment.
    pub(super) fn as_of(&self, project: &str, moment: Moment) -> Rows {
        let mut rows = self.rows(project).cloned().unwrap_or_default();
        for past in self.past.iter().rev().take_while(|past| past.is_after(moment)) {
            if past.project != project {
                continue;
            }
            match &past.before {
                Some(before) => rows.insert(past.seq, Arc::clone(before)),
                None => rows.remove(&past.seq),
            };
        }
        rows
    }

    /// Totals, as they are kept.
    pub(super) fn totals(&self) -> (&'static str, Value) {
        (TOTALS, json!({"created": self.created, "deleted": self.deleted}))
    }

    /// Takes back what an earlier run kept.
    pub(super) fn restore(&mut self, key: &str, value: Value) -> Result<(), String> {
        if key == TOTALS {
            let number = |name: &str| value.get(name).and_then(Value::as_u64).unwrap_or_default();
            (self.created, self.deleted) = (number("created"), number("deleted"));
            return Ok(());
        }
        let mut job: Job = serde_json::from_value(value).map_err(|e| e.to_string())?;
        // Faults do not outlive a run, so nothing is stuck any more.
        if let Some(change) = &mut job.change {
            change.stuck_by = None;
        }
        self.next = self.next.max(job.seq);
        self.place(job);
        Ok(())
    }

    fn link(&mut self, job: &Arc<Job>) {
        self.ids.insert(job.id.clone(), (job.project.clone(), job.seq));
        self.places.insert(job.seq, job.project.clone());
        self.names
            .entry((job.project.clone(), job.name.clone()))
            .or_default()
            .push(job.seq);
        *self.used.entry(job.cluster.clone()).or_default() += 1;
        let Some(change) = &job.change else { return };
        if let Some(fault) = &change.stuck_by {
            self.stuck.insert(job.seq, fault.clone());
        } else {
            self.due.insert((change.due, job.seq));
        }
    }

    fn unlink(&mut self, job: &Arc<Job>) {
        self.ids.remove(&job.id);
        self.places.remove(&job.seq);
        let key = (job.project.clone(), job.name.clone());
        if let Some(seqs) = self.names.get_mut(&key) {
            seqs.retain(|seq| *seq != job.seq);
            if seqs.is_empty() {
                self.names.remove(&key);
            }
        }
        if let Some(used) = self.used.get_mut(&job.cluster) {
            *used = used.saturating_sub(1);
        }
        self.stuck.remove(&job.seq);
        if let Some(change) = &job.change {
            self.due.remove(&(change.due, job.seq));
        }
    }

    fn remember(&mut self, past: Past) {
        if self.past.len() >= PAST {
            self.past.pop_front();
        }
        self.past.push_back(past);
    }
}
