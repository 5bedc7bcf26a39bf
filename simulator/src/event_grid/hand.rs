//! Someone else's hand on the jobs: the admin API's views and changes.

use std::sync::PoisonError;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::EventRouter;
use super::job::{Job, Phase, phase};
use super::rules;
use super::wire::{self, Form};
use crate::auth::digest;
use crate::cloud::Cloud;
use crate::ids;
use crate::ledger::Acts;
use crate::schema::text;
use crate::service::{Hand, Slip};
use crate::world::World;

/// Members that are held beside the job, as they are given.
const EXTRA: [&str; 6] = [
    "err_code",
    "err_message",
    "source_status",
    "source_status_info",
    "sink_status",
    "sink_status_info",
];

impl Hand for EventRouter {
    fn list(&self, cloud: &Cloud) -> Value {
        let ledger = self.settled(cloud);
        let world = cloud.world();
        let mut jobs: Vec<&std::sync::Arc<Job>> = ledger.all().collect();
        jobs.sort_by_key(|job| job.seq);
        let jobs: Vec<Value> = jobs.into_iter().map(|job| view(job, &world)).collect();
        json!({"jobs": jobs, "created": ledger.created, "deleted": ledger.deleted})
    }

    fn show(&self, cloud: &Cloud, id: &str) -> Result<Value, Slip> {
        let ledger = self.settled(cloud);
        ledger
            .any(id)
            .map(|job| view(job, &cloud.world()))
            .ok_or(Slip::Unknown)
    }

    fn create(&self, cloud: &Cloud, given: Value) -> Result<Value, Slip> {
        let mut ledger = self.settled(cloud);
        let world = cloud.world();
        let Value::Object(given) = given else {
            return Err(Slip::Wrong("an object is expected".to_owned()));
        };
        let cluster = world
            .event_grid
            .clusters
            .iter()
            .find(|c| c.id == text(&given, "cluster_id"));
        let cluster = cluster.ok_or_else(|| Slip::Wrong("cluster_id names no cluster".to_owned()))?;
        let project = Some(text(&given, "project_id"))
            .filter(|p| !p.is_empty())
            .unwrap_or(&cluster.project_id);
        let mut job = blank(ledger.next(), project, &given, &world, cloud.now())?;
        apply(&mut job, &given, &world, cloud)?;
        job.acts.note("foreign");
        ledger.created += 1;
        let view = view(&job, &world);
        ledger.keep(cloud, job);
        Ok(view)
    }

    fn patch(&self, cloud: &Cloud, id: &str, patch: &Value) -> Result<Value, Slip> {
        let mut ledger = self.settled(cloud);
        let world = cloud.world();
        let mut job = Job::clone(ledger.any(id).ok_or(Slip::Unknown)?);
        let patch = patch
            .as_object()
            .ok_or_else(|| Slip::Wrong("an object is expected".to_owned()))?;
        let mut whole = plain(&job);
        merge(&mut whole, patch);
        // Only what the patch names is applied, with the merged value.
        whole.retain(|name, _| patch.contains_key(name));
        apply(&mut job, &whole, &world, cloud)?;
        job.acts.note("foreign");
        let view = view(&job, &world);
        ledger.keep(cloud, job);
        Ok(view)
    }

    fn delete(&self, cloud: &Cloud, id: &str) -> Result<(), Slip> {
        let mut ledger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.remove(cloud, id).ok_or(Slip::Unknown)?;
        Ok(())
    }
}

fn blank(seq: u64, project: &str, given: &Map<String, Value>, world: &World, now: i64) -> Result<Job, Slip> {
    let parts = rules::parts(given).map_err(Slip::Wrong)?;
    let (kind, _) = parts
        .source
        .ok_or_else(|| Slip::Wrong("source_config is needed".to_owned()))?;
    let stamp = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    let status = Some(text(given, "status"))
        .filter(|status| !status.is_empty())
        .unwrap_or("WAIT_START");
    Ok(Job {
        seq,
        id: Some(text(given, "job_id"))
            .filter(|id| !id.is_empty())
            .map_or_else(ids::event_grid, str::to_owned),
        project: project.to_owned(),
        cluster: text(given, "cluster_id").to_owned(),
        name: text(given, "name").to_owned(),
        description: None,
        scene: "DISASTER_BACKUP".to_owned(),
        kind,
        source: Map::new(),
        sink: Map::new(),
        advance: Map::new(),
        phase: phase(status, &world.switches.event_grid),
        change: None,
        created: stamp,
        updated: stamp,
        born: now,
        ran: 0,
        since: None,
        log: None,
        extra: Map::new(),
        acts: Acts::default(),
    })
}

/// Sets the members that are given.
fn apply(job: &mut Job, given: &Map<String, Value>, world: &World, cloud: &Cloud) -> Result<(), Slip> {
    let parts = rules::parts(given).map_err(Slip::Wrong)?;
    for (part, own) in [
        (parts.source, &mut job.source),
        (parts.sink, &mut job.sink),
        (parts.advance, &mut job.advance),
    ] {
        if let Some((kind, values)) = part {
            job.kind = kind;
            *own = values;
        }
    }
    for (name, value) in given {
        let term = value.as_str().map(str::to_owned);
        match (name.as_str(), term) {
            ("name", Some(term)) => job.name = term,
            ("description", term) => job.description = term,
            ("cluster_id", Some(term)) => job.cluster = term,
            ("scene_type", Some(term)) => job.scene = term,
            ("status", Some(term)) => {
                job.change = None;
                job.rest(phase(&term, &world.switches.event_grid), cloud.now());
            }
            ("job_id" | "project_id" | "source_config" | "sink_config" | "advance_config", _) => {}
            (name, _) if EXTRA.contains(&name) => {
                job.extra.insert(name.to_owned(), value.clone());
            }
            (name, _) => return Err(Slip::Wrong(format!("{name} cannot be set"))),
        }
    }
    Ok(())
}

/// The members that a patch is merged into.
fn plain(job: &Job) -> Map<String, Value> {
    let term = job.kind.word();
    let mut all = Map::new();
    all.insert(
        "source_config".to_owned(),
        json!({ format!("source_{term}"): job.source }),
    );
    all.insert(
        "sink_config".to_owned(),
        json!({ format!("sink_{term}"): job.sink }),
    );
    all.insert(
        "advance_config".to_owned(),
        json!({ job.kind.advance(): job.advance }),
    );
    all
}

/// JSON merge patch: null takes a member away inside objects and is a value at the top.
fn merge(whole: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match (whole.get_mut(name), value) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                for (name, value) in new {
                    if value.is_null() {
                        old.remove(name);
                    } else if let (Some(Value::Object(inner)), Value::Object(new)) =
                        (old.get_mut(name), value)
                    {
                        merge_inner(inner, new);
                    } else {
                        old.insert(name.clone(), value.clone());
                    }
                }
            }
            _ => {
                whole.insert(name.clone(), value.clone());
            }
        }
    }
}

fn merge_inner(old: &mut Map<String, Value>, new: &Map<String, Value>) {
    for (name, value) in new {
        if value.is_null() {
            old.remove(name);
        } else {
            old.insert(name.clone(), value.clone());
        }
    }
}

/// A job with everything but its passwords, of which only digests are shown.
fn view(job: &Job, world: &World) -> Value {
    let mut view = wire::info(job, world, Form::Whole);
    let Some(members) = view.as_object_mut() else {
        return view;
    };
    let term = job.kind.word();
    for (side, end) in [("source", &job.source), ("sink", &job.sink)] {
        let mut end = end.clone();
        let password = end.remove("password");
        let password = password
            .as_ref()
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty());
        end.insert("passwordSet".to_owned(), json!(password.is_some()));
        end.insert(
            "passwordSha256".to_owned(),
            json!(password.map(|text| digest(text.as_bytes()))),
        );
        members.insert(format!("{side}_config"), json!({ format!("{side}_{term}"): end }));
    }
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("id", json!(job.id));
    put("project_id", json!(job.project));
    put("acts", json!(job.acts));
    put("transition", json!(job.change));
    put("log_group_id", json!(job.log.as_ref().map(|(group, _)| group)));
    put("log_stream_id", json!(job.log.as_ref().map(|(_, stream)| stream)));
    put("runningMillis", json!(job.ran));
    put("running", json!(job.phase == Phase::Running));
    view
}
