//! Someone else's hand on jobs.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{SOMEONE, address, object, only, place, plain, put, wrong};
use crate::cdm::given::Given;
use crate::cdm::job::Job;
use crate::cdm::operations::new_job;
use crate::cdm::run::Starter;
use crate::cdm::state::State;
use crate::cdm::values::Values;
use crate::cdm::{NAME, Shared, wire};
use crate::cloud::Cloud;
use crate::service::{Hand, Slip};
use crate::world::{Outcome, World};

impl Hand for Shared {
    fn list(&self, cloud: &Cloud) -> Value {
        let state = self.settled(cloud);
        let world = cloud.world();
        let mut jobs: Vec<&Arc<Job>> = state.jobs.all().collect();
        jobs.sort_by_key(|job| job.seq);
        let gone = state.jobs.graves();
        let sum = |count: fn(&Job) -> u64| -> u64 {
            jobs.iter()
                .copied()
                .chain(state.jobs.graves())
                .map(|job| count(job))
                .sum()
        };
        json!({
            "jobs": jobs.iter().map(|job| view(job, &world, cloud)).collect::<Vec<_>>(),
            "gone": gone.map(|job| view(job, &world, cloud)).collect::<Vec<_>>(),
            "created": state.jobs.created,
            "deleted": state.jobs.deleted,
            "started": sum(|job| job.started),
            "copied": sum(copied),
        })
    }

    fn show(&self, cloud: &Cloud, id: &str) -> Result<Value, Slip> {
        let state = self.settled(cloud);
        Ok(view(find(&state, id)?, &cloud.world(), cloud))
    }

    fn create(&self, cloud: &Cloud, given: Value) -> Result<Value, Slip> {
        let mut state = self.settled(cloud);
        let world = cloud.world();
        let mut given = object(given)?;
        let cluster = place(&mut given, &world)?;
        let changes = split(&mut given);
        let given = Given::read(&given, &world.switches.cdm).map_err(wrong)?;
        if state.jobs.is_taken(&cluster, &given.name, None) {
            return Err(Slip::Wrong("the name is taken".to_owned()));
        }
        let kind = given.kind.clone().unwrap_or_else(|| "NORMAL_JOB".to_owned());
        let mut job = new_job(state.jobs.next(), &cluster, SOMEONE, given, kind);
        state.jobs.created += 1;
        change(&mut state, cloud, &mut job, &changes)?;
        let view = view(&job, &world, cloud);
        keep(&mut state, cloud, job);
        Ok(view)
    }

    fn patch(&self, cloud: &Cloud, id: &str, patch: &Value) -> Result<Value, Slip> {
        let mut state = self.settled(cloud);
        let mut job = Job::clone(find(&state, id)?);
        let before = job.id.clone();
        change(&mut state, cloud, &mut job, &object(patch.clone())?)?;
        if job.id != before {
            cloud.store.remove(NAME, &before, cloud.now());
        }
        let view = view(&job, &cloud.world(), cloud);
        keep(&mut state, cloud, job);
        Ok(view)
    }

    fn delete(&self, cloud: &Cloud, id: &str) -> Result<(), Slip> {
        let mut state = self.settled(cloud);
        let id = find(&state, id)?.id.clone();
        state.jobs.remove(cloud, &id).map(|_| ()).ok_or(Slip::Unknown)
    }
}

/// How often a job's data were copied whole.
fn copied(job: &Job) -> u64 {
    let whole = job.runs.iter().filter(|run| run.status == "SUCCEEDED").count();
    u64::try_from(whole).unwrap_or(u64::MAX)
}

fn keep(state: &mut State, cloud: &Cloud, mut job: Job) {
    let (_, context) = state.parts(cloud);
    job.arm(cloud.now(), &context);
    state.jobs.keep(cloud, job);
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Arc<Job>, Slip> {
    let (cluster, name) = address(id);
    let own = |job: &&Arc<Job>| job.name == name && cluster.is_none_or(|cluster| job.cluster == cluster);
    only(state.jobs.all().filter(own))
}

/// What of a create body is for the hand and not for the service.
fn split(given: &mut Map<String, Value>) -> Map<String, Value> {
    let mut own = Map::new();
    for name in ["status", "outcome", "start", "extra"] {
        if let Some(value) = given.remove(name) {
            own.insert(name.to_owned(), value);
        }
    }
    own
}

/// Changes what a patch names.
fn change(state: &mut State, cloud: &Cloud, job: &mut Job, patch: &Map<String, Value>) -> Result<(), Slip> {
    let now = cloud.now();
    for (name, value) in patch {
        let term = value.as_str().unwrap_or_default();
        match (name.as_str(), value) {
            ("name", Value::String(name)) => {
                if state.jobs.is_taken(&job.cluster, name, Some(job.seq)) {
                    return Err(Slip::Wrong("the name is taken".to_owned()));
                }
                job.rename(name);
            }
            ("enabled", Value::Bool(enabled)) => job.enabled = *enabled,
            ("from-link-name", Value::String(link)) => job.from.link.clone_from(link),
            ("to-link-name", Value::String(link)) => job.to.link.clone_from(link),
            ("inputs", Value::Object(inputs)) => inputs.iter().try_for_each(|one| put_input(job, one))?,
            ("outcome", Value::Null) => job.outcome = None,
            ("outcome", outcome) => job.outcome = Some(read_outcome(outcome)?),
            ("start", Value::Bool(true)) => {
                let (_, context) = state.parts(cloud);
                job.begin(&Starter::hand(SOMEONE), now, &context);
            }
            ("status", Value::String(_)) => set_status(state, cloud, job, term),
            ("extra", Value::Object(extra)) => job.extra.extend(extra.clone()),
            _ => return Err(Slip::Wrong(format!("{name} cannot be set so"))),
        }
    }
    job.acts.note("foreign");
    Ok(())
}

fn read_outcome(outcome: &Value) -> Result<Outcome, Slip> {
    serde_json::from_value(outcome.clone()).map_err(|why| Slip::Wrong(why.to_string()))
}

/// Sets an input by its full name, whose config says which part it is of; null takes it away.
fn put_input(job: &mut Job, (name, value): (&String, &Value)) -> Result<(), Slip> {
    let values = match name.split_once('.') {
        Some(("fromJobConfig", _)) => &mut job.from.values,
        Some(("toJobConfig", _)) => &mut job.to.values,
        Some(_) => &mut job.driver,
        None => return Err(Slip::Wrong(format!("{name} is no full input name"))),
    };
    put(values, name, value);
    Ok(())
}

/// Puts the latest run into a status; a job that never ran gets a run, and `NEW` takes the status of runs away.
fn set_status(state: &mut State, cloud: &Cloud, job: &mut Job, status: &str) {
    let now = cloud.now();
    let (_, context) = state.parts(cloud);
    if status == "NEW" {
        if let Some(run) = job.runs.back_mut().filter(|run| run.is_active()) {
            run.set("UNKNOWN", now, &context);
        }
        job.status = Some(status.to_owned());
        return;
    }
    if job.run().is_none() {
        job.begin(&Starter::hand(SOMEONE), now, &context);
    }
    job.status = None;
    if let Some(run) = job.runs.back_mut() {
        run.set(status, now, &context);
    }
}

/// A job as answered, with its runs and digests of its secrets.
fn view(job: &Job, world: &World, cloud: &Cloud) -> Value {
    let switches = &world.switches.cdm;
    let now = cloud.now();
    let mut view = wire::job(job, switches, now);
    let runs: Vec<Value> = job
        .runs
        .iter()
        .map(|run| {
            let mut view = wire::submission(job, run, switches, now);
            if let Some(members) = view.as_object_mut() {
                members.insert("attempts".to_owned(), json!(run.attempts));
            }
            view
        })
        .collect();
    let Some(members) = view.as_object_mut() else {
        return view;
    };
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("cluster_id", json!(job.cluster));
    put("submissions", json!(runs));
    put("started", json!(job.started));
    put("copied", json!(copied(job)));
    put("outcome", json!(job.outcome));
    put(
        "nextRun",
        json!(
            job.timer
                .as_ref()
                .and_then(|timer| Some(timer.change.as_ref()?.due))
        ),
    );
    put("acts", json!(job.acts));
    let inputs: Values = [&job.from.values, &job.to.values, &job.driver]
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    put("inputs", plain(&inputs, switches));
    view
}
