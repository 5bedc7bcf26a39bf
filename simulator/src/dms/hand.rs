//! Someone else's hand on the tasks: the admin API's views and changes.

use std::sync::PoisonError;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::SmartConnect;
use super::rules;
use super::tables::SECRETS;
use super::task::{Phase, Task};
use super::wire::{self, Form};
use crate::auth::digest;
use crate::cloud::Cloud;
use crate::ids;
use crate::ledger::Acts;
use crate::schema::text;
use crate::service::{Hand, Slip};
use crate::world::World;

impl Hand for SmartConnect {
    fn list(&self, cloud: &Cloud) -> Value {
        let ledger = self.settled(cloud);
        let world = cloud.world();
        let mut tasks: Vec<&std::sync::Arc<Task>> = ledger.all().collect();
        tasks.sort_by_key(|task| task.seq);
        let tasks: Vec<Value> = tasks
            .into_iter()
            .map(|task| view(task, &world, cloud.now()))
            .collect();
        json!({"jobs": tasks, "created": ledger.created, "deleted": ledger.deleted})
    }

    fn show(&self, cloud: &Cloud, id: &str) -> Result<Value, Slip> {
        let ledger = self.settled(cloud);
        ledger
            .any(id)
            .map(|task| view(task, &cloud.world(), cloud.now()))
            .ok_or(Slip::Unknown)
    }

    fn create(&self, cloud: &Cloud, given: Value) -> Result<Value, Slip> {
        let mut ledger = self.settled(cloud);
        let world = cloud.world();
        let Value::Object(given) = given else {
            return Err(Slip::Wrong("an object is expected".to_owned()));
        };
        let mut task = blank(ledger.next(), &given, &world)?;
        apply(&mut task, &given, &world, cloud)?;
        task.acts.note("foreign");
        ledger.created += 1;
        let view = view(&task, &world, cloud.now());
        ledger.keep(cloud, task);
        Ok(view)
    }

    fn patch(&self, cloud: &Cloud, id: &str, patch: &Value) -> Result<Value, Slip> {
        let mut ledger = self.settled(cloud);
        let world = cloud.world();
        let mut task = Task::clone(ledger.any(id).ok_or(Slip::Unknown)?);
        let patch = patch
            .as_object()
            .ok_or_else(|| Slip::Wrong("an object is expected".to_owned()))?;
        apply(&mut task, patch, &world, cloud)?;
        task.acts.note("foreign");
        let view = view(&task, &world, cloud.now());
        ledger.keep(cloud, task);
        Ok(view)
    }

    fn delete(&self, cloud: &Cloud, id: &str) -> Result<(), Slip> {
        let mut ledger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.remove(cloud, id).map(drop).ok_or(Slip::Unknown)
    }
}

/// A task of nothing but its kind and place.
fn blank(seq: u64, given: &Map<String, Value>, world: &World) -> Result<Task, Slip> {
    let instance = world
        .kafka
        .instances
        .iter()
        .find(|instance| instance.id == text(given, "instance_id"))
        .ok_or_else(|| Slip::Wrong("instance_id names no instance".to_owned()))?;
    let definition = rules::definition(given, world).map_err(|refusal| Slip::Wrong(refusal.message))?;
    let id = Some(text(given, "id")).filter(|id| !id.is_empty());
    Ok(Task {
        seq,
        id: id.map_or_else(ids::uuid, str::to_owned),
        project: instance.project_id.clone(),
        instance: instance.id.clone(),
        name: String::new(),
        start_later: false,
        definition,
        phase: Phase::Waiting,
        change: None,
        created: Timestamp::now().as_millisecond(),
        ran: 0,
        since: None,
        acts: Acts::default(),
    })
}

/// Sets the members that are given; those of the sides one by one, null takes one away.
fn apply(task: &mut Task, given: &Map<String, Value>, world: &World, cloud: &Cloud) -> Result<(), Slip> {
    for (name, value) in given {
        match (name.as_str(), value) {
            ("task_name", Value::String(term)) => term.clone_into(&mut task.name),
            ("topics", term) => task.definition.topics = words(term),
            ("topics_regex", term) => task.definition.topics_regex = words(term),
            ("start_later", Value::Bool(later)) => task.start_later = *later,
            ("status", Value::String(term)) => {
                task.change = None;
                task.rest(Phase::of(term, &world.switches.dms), cloud.now());
            }
            ("create_time", Value::Number(time)) => {
                task.created = time.as_i64().unwrap_or(task.created);
            }
            ("source_task", Value::Object(side)) => merge(&mut task.definition.source, side),
            ("sink_task", Value::Object(side)) => merge(&mut task.definition.sink, side),
            ("source_task" | "sink_task", Value::Null)
            | ("id" | "instance_id" | "source_type" | "sink_type", _) => {}
            (name, _) => return Err(Slip::Wrong(format!("{name} cannot be set so"))),
        }
    }
    Ok(())
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn merge(old: &mut Map<String, Value>, new: &Map<String, Value>) {
    for (name, value) in new {
        if value.is_null() {
            old.remove(name);
        } else {
            old.insert(name.clone(), value.clone());
        }
    }
}

/// A task with everything but its secrets, of which only digests are shown.
fn view(task: &Task, world: &World, now: i64) -> Value {
    let mut view = wire::entity(task, world, Form::Single);
    let Some(members) = view.as_object_mut() else {
        return view;
    };
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("instance_id", json!(task.instance));
    put("project_id", json!(task.project));
    put("start_later", json!(task.start_later));
    put("acts", json!(task.acts));
    put("transition", json!(task.change));
    put("runningMillis", json!(task.run_time(now)));
    put("running", json!(task.phase == Phase::Running));
    put("secretSha256", secrets(task));
    view
}

fn secrets(task: &Task) -> Value {
    let sides = [
        ("source_task", &task.definition.source),
        ("sink_task", &task.definition.sink),
    ];
    let mut digests = Map::new();
    for (at, side) in sides {
        for name in SECRETS {
            let secret = text(side, name);
            if !secret.is_empty() {
                digests.insert(format!("{at}.{name}"), json!(digest(secret.as_bytes())));
            }
        }
    }
    Value::Object(digests)
}
