//! Everything that is held: jobs, links, the power of clusters; and what jobs look at when they go on by themselves.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::NAME;
use super::clusters::Power;
use super::job::{self, Job};
use super::link::Link;
use crate::clock::{Clock, Sim};
use crate::cloud::Cloud;
use crate::ledger::{Acts, Ledger};
use crate::world::{CdmLink, CdmSwitches, Outcome, OverRunningTasks, SubmissionIds, World};

/// Cluster and name.
type Place = (String, String);

/// Everything that is held.
#[derive(Debug)]
pub(super) struct State {
    /// Jobs, kept apart by cluster.
    pub(super) jobs: Ledger<Job>,
    /// Links by cluster and name.
    pub(super) links: BTreeMap<Place, Link>,
    /// Clusters that were switched by the API or someone's hand.
    pub(super) powers: BTreeMap<String, Power>,
    seeded: BTreeSet<String>,
    made: u64,
    submissions: Cell<u64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            jobs: Ledger::new(NAME),
            links: BTreeMap::new(),
            powers: BTreeMap::new(),
            seeded: BTreeSet::new(),
            made: 0,
            submissions: Cell::new(0),
        }
    }
}

/// What a job looks at when it goes on.
pub(super) struct Context<'a> {
    world: Arc<World>,
    clock: &'a Clock,
    links: &'a BTreeMap<Place, Link>,
    powers: &'a BTreeMap<String, Power>,
    submissions: &'a Cell<u64>,
}

impl State {
    /// Carries out everything that is due.
    pub(super) fn settle(&mut self, cloud: &Cloud) {
        self.seed(cloud);
        let (jobs, context) = self.parts(cloud);
        jobs.settle(cloud, &context);
        super::clusters::settle(self, cloud);
        if cloud.world().switches.cdm.over_running_tasks == OverRunningTasks::Wait {
            self.admit_waiting(cloud);
        }
    }

    /// The jobs, and what they look at.
    pub(super) fn parts<'a>(&'a mut self, cloud: &'a Cloud) -> (&'a mut Ledger<Job>, Context<'a>) {
        let context = Context {
            world: cloud.world(),
            clock: &cloud.clock,
            links: &self.links,
            powers: &self.powers,
            submissions: &self.submissions,
        };
        (&mut self.jobs, context)
    }

    /// A job of a cluster.
    pub(super) fn job(&self, cluster: &str, name: &str) -> Option<&Arc<Job>> {
        self.jobs.job(cluster, &job::id(cluster, name))
    }

    /// A link of a cluster.
    pub(super) fn link(&self, cluster: &str, name: &str) -> Option<&Link> {
        self.links.get(&(cluster.to_owned(), name.to_owned()))
    }

    /// How many runs are under way on a cluster.
    pub(super) fn running(&self, cluster: &str) -> usize {
        let all = self.jobs.rows(cluster).into_iter().flat_map(BTreeMap::values);
        all.filter(|job| job.run().is_some_and(|run| run.is_active() && !run.waits))
            .count()
    }

    /// Puts a link in and keeps it.
    pub(super) fn keep_link(&mut self, cloud: &Cloud, link: Link) {
        cloud
            .store
            .put(NAME, &link_key(&link.cluster, &link.name), &link, cloud.now());
        self.links.insert((link.cluster.clone(), link.name.clone()), link);
    }

    /// Takes a link away; false when there is none.
    pub(super) fn drop_link(&mut self, cloud: &Cloud, cluster: &str, name: &str) -> bool {
        cloud.store.remove(NAME, &link_key(cluster, name), cloud.now());
        self.links
            .remove(&(cluster.to_owned(), name.to_owned()))
            .is_some()
    }

    /// The number of the next link.
    pub(super) fn next_link(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Gives each cluster the links that the world says, once.
    fn seed(&mut self, cloud: &Cloud) {
        let world = cloud.world();
        for cluster in &world.cdm.clusters {
            if !self.seeded.insert(cluster.id.clone()) {
                continue;
            }
            let at = cloud.now();
            cloud
                .store
                .put(NAME, &format!("seeded/{}", cluster.id), &json!(true), at);
            for given in &cluster.links {
                let link = self.planted(&cluster.id, given);
                self.keep_link(cloud, link);
            }
        }
    }

    fn planted(&mut self, cluster: &str, given: &CdmLink) -> Link {
        let now = Timestamp::now().as_millisecond();
        Link {
            seq: self.next_link(),
            cluster: cluster.to_owned(),
            name: given.name.clone(),
            connector: given.connector.clone(),
            values: given.values.clone(),
            extended: None,
            enabled: true,
            reachable: None,
            created: now,
            creator: "world".to_owned(),
            updated: now,
            updater: "world".to_owned(),
            acts: Acts::default(),
        }
    }

    /// Begins runs that wait for room, the oldest first.
    fn admit_waiting(&mut self, cloud: &Cloud) {
        let now = cloud.now();
        let world = cloud.world();
        for cluster in &world.cdm.clusters {
            let room = cluster.running_tasks.saturating_sub(self.running(&cluster.id));
            let all = self.jobs.rows(&cluster.id).into_iter().flat_map(BTreeMap::values);
            let mut waiting: Vec<Arc<Job>> = all
                .filter(|job| job.run().is_some_and(|run| run.waits))
                .cloned()
                .collect();
            waiting.sort_by_key(|job| job.run().map(|run| run.created));
            for job in waiting.into_iter().take(room) {
                let mut job = Job::clone(&job);
                if let Some(run) = job.runs.back_mut() {
                    run.admit(now);
                }
                self.jobs.keep(cloud, job);
            }
        }
    }

    /// Takes back what an earlier run kept.
    pub(super) fn restore(&mut self, key: &str, value: Value) -> Result<(), String> {
        match key.split_once('/') {
            Some(("link", _)) => {
                let link: Link = serde_json::from_value(value).map_err(|e| e.to_string())?;
                self.made = self.made.max(link.seq);
                self.links.insert((link.cluster.clone(), link.name.clone()), link);
            }
            Some(("seeded", cluster)) => {
                self.seeded.insert(cluster.to_owned());
            }
            Some(("power", cluster)) => {
                let power = serde_json::from_value(value).map_err(|e| e.to_string())?;
                self.powers.insert(cluster.to_owned(), power);
            }
            _ => {
                let runs = value.get("runs").and_then(Value::as_array).into_iter().flatten();
                let last = runs.filter_map(|run| run.get("id")?.as_u64()).max();
                self.submissions
                    .set(self.submissions.get().max(last.unwrap_or_default()));
                self.jobs.restore(key, value)?;
            }
        }
        Ok(())
    }
}

fn link_key(cluster: &str, name: &str) -> String {
    format!("link/{cluster}/{name}")
}

impl Context<'_> {
    /// The switches.
    pub(super) fn switches(&self) -> &CdmSwitches {
        &self.world.switches.cdm
    }

    /// Wall time of a simulated moment, in milliseconds.
    pub(super) fn stamp(&self, at: Sim) -> i64 {
        self.clock.stamp(at).as_millisecond()
    }

    /// The time that it is now where a cluster is.
    pub(super) fn local(&self, cluster: &str) -> DateTime {
        let found = self.world.cdm.clusters.iter().find(|c| c.id == cluster);
        let offset = Offset::from_hours(found.map_or(0, |c| c.utc_offset)).unwrap_or(Offset::UTC);
        Timestamp::now().to_zoned(TimeZone::fixed(offset)).datetime()
    }

    /// Whether a cluster runs.
    pub(super) fn is_up(&self, cluster: &str) -> bool {
        let found = self.world.cdm.clusters.iter().find(|c| c.id == cluster);
        found.is_some_and(|found| super::clusters::word(self.powers, found, self.clock.now()) == "200")
    }

    /// The id of a job's next submission.
    pub(super) fn submission(&self, job: &Job) -> u64 {
        let next = self.submissions.get() + 1;
        self.submissions.set(next);
        match self.switches().submission_ids {
            SubmissionIds::Job => job.started,
            SubmissionIds::All => next,
        }
    }

    /// How a run of a job ends: as someone's hand decided, as its links let it, as the switch says.
    pub(super) fn outcome(&self, job: &Job) -> (Outcome, Option<(String, String)>) {
        if let Some(outcome) = job.outcome {
            return (outcome, None);
        }
        let broken = [&job.from.link, &job.to.link].into_iter().find(|name| {
            let link = self.links.get(&(job.cluster.clone(), (*name).clone()));
            link.is_none_or(|link| !link.is_reachable(&self.world))
        });
        match broken {
            Some(name) => {
                let text = format!("Unable to connect to the data source of link [{name}].");
                (Outcome::Fail, Some((text.clone(), format!("Cdm.0901: {text}"))))
            }
            None => (self.switches().runs.outcome, None),
        }
    }
}
