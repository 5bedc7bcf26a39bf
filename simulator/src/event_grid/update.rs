//! Update, and what it may not change (EventGrid API reference, professional event stream jobs).

use serde_json::{Map, Value};

use super::job::{Job, Kind, Phase};
use super::operations::{allowed, cluster, duplicate, job_body, touch};
use super::rules::{self, Parts};
use super::wire::{self, Form};
use super::{Ledger, Work, parameter, unknown};
use crate::reply::{Refusal, Reply};
use crate::schema::text;
use crate::world::{Absent, Act, Immutable, World};

/// What may not change at either end.
const END: [&str; 5] = [
    "config_type",
    "region",
    "project_id",
    "instance_id",
    "cluster_alias",
];

/// `PUT .../jobs/{job_id}`.
pub(super) fn update(ledger: &mut Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let body = job_body(&work, &world)?;
    let mut job = Job::clone(ledger.job(work.project, work.id).ok_or_else(unknown)?);
    let whole = |job: &Job| Reply::json(200, &wire::info(job, &world, Form::Whole));
    if !allowed(&world, &job, Act::Update)? {
        return Ok(whole(&job));
    }
    let parts = rules::parts(&body).map_err(|why| parameter(&why))?;
    let ignores = world.switches.event_grid.immutable_change == Immutable::Ignore;
    if let Some(field) = changed(&job, &body, &parts).filter(|_| !ignores) {
        return Err(parameter(&format!("{field} cannot be changed")));
    }
    let own = cluster(&world, work.project, &job.cluster)?;
    rules::check(&parts, own, &world).map_err(|why| parameter(&why))?;
    let name = text(&body, "name");
    if world.switches.event_grid.unique_names && ledger.is_taken(work.project, name, Some(job.seq)) {
        return Err(duplicate(name));
    }
    name.clone_into(&mut job.name);
    job.description = body.get("description").and_then(Value::as_str).map(str::to_owned);
    replace(&mut job, parts, &world);
    if job.phase == Phase::Running && world.switches.event_grid.update_leaves_stopped {
        job.rest(Phase::Stopped, work.cloud.now());
    }
    job.acts.note("update");
    touch(&mut job, &world);
    let reply = whole(&job);
    ledger.keep(work.cloud, job);
    Ok(reply.with_effect("update", work.id))
}

/// The first immutable field that the request changes.
fn changed(job: &Job, body: &Map<String, Value>, parts: &Parts) -> Option<String> {
    let own = [("cluster_id", &job.cluster), ("scene_type", &job.scene)];
    if let Some((name, _)) = own.into_iter().find(|(name, old)| text(body, name) != *old) {
        return Some(name.to_owned());
    }
    let ends = [
        ("source", &parts.source, &job.source),
        ("sink", &parts.sink, &job.sink),
    ];
    for (side, part, old) in ends {
        let Some((kind, end)) = part else { continue };
        if *kind != job.kind {
            return Some(format!("{side}_config"));
        }
        if let Some(name) = END.into_iter().find(|name| text(end, name) != text(old, name)) {
            return Some(format!("{side}_config.{side}_{}.{name}", kind.word()));
        }
    }
    let (kind, advance) = parts.advance.as_ref()?;
    if *kind != job.kind {
        return Some("advance_config".to_owned());
    }
    let name = fixed(*kind);
    (!job.advance.is_empty() && text(advance, name) != text(&job.advance, name))
        .then(|| format!("advance_config.{}.{name}", kind.advance()))
}

/// What may not change in the sync.
fn fixed(kind: Kind) -> &'static str {
    match kind {
        Kind::Kafka | Kind::Rocketmq => "seek_to",
        Kind::Dcs => "synchronize_type",
    }
}

fn replace(job: &mut Job, parts: Parts, world: &World) {
    let clears = world.switches.event_grid.omitted_config == Absent::Clear;
    let kind = job.kind;
    let put =
        |old: &mut Map<String, Value>, new: Option<(Kind, Map<String, Value>)>, fixed: &[&str]| match new
            .filter(|(new, _)| *new == kind)
        {
            Some((_, mut new)) => {
                for name in fixed {
                    match old.get(*name) {
                        Some(value) => new.insert((*name).to_owned(), value.clone()),
                        None => new.remove(*name),
                    };
                }
                *old = new;
            }
            None if clears => old.clear(),
            None => {}
        };
    put(&mut job.source, parts.source, &END);
    put(&mut job.sink, parts.sink, &END);
    let fixed: &[&str] = if job.advance.is_empty() {
        &[]
    } else {
        &[fixed(kind)]
    };
    put(&mut job.advance, parts.advance, fixed);
}
