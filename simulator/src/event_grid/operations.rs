//! Create, delete, action and log switch.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::job::{Goal, Job, Phase};
use super::rules::{self, Parts};
use super::tables::{ACTION, JOB, LOG};
use super::wire::{self, Form};
use super::{Ledger, Work, parameter, unknown};
use crate::ids;
use crate::ledger::Acts;
use crate::reply::{Refusal, Reply};
use crate::schema::{check, text};
use crate::world::{Act, Cell, Clearing, Cluster, World};

/// `POST .../jobs`.
pub(super) fn create(ledger: &mut Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let body = job_body(&work, &world)?;
    let cluster = cluster(&world, work.project, text(&body, "cluster_id"))?;
    let parts = rules::parts(&body).map_err(|why| parameter(&why))?;
    rules::check(&parts, cluster, &world).map_err(|why| parameter(&why))?;
    let job = new_job(ledger, &work, &world, &body, parts)?;
    if cluster.status != "RUNNING" {
        return Err(forbidden(&world, &format!("the cluster is {}", cluster.status)));
    }
    if world.switches.event_grid.unique_names && ledger.is_taken(work.project, &job.name, None) {
        return Err(duplicate(&job.name));
    }
    if ledger.used(&job.cluster) >= world.event_grid.limits.jobs_per_cluster {
        return Err(Refusal::service(403, "EG.00514003", "Resource quota unavailable"));
    }
    let answer = wire::info(&job, &world, Form::Created);
    let id = job.id.clone();
    ledger.created += 1;
    ledger.keep(work.cloud, job);
    Ok(Reply::json(200, &answer).with_effect("create", &id))
}

/// The body of create and update, checked against the table.
pub(super) fn job_body(work: &Work<'_>, world: &World) -> Result<Map<String, Value>, Refusal> {
    let mut body = work.body()?;
    if world.switches.event_grid.accept_arrays {
        rules::unwrap_arrays(&mut body);
    }
    check(&body, JOB, "").map_err(|why| parameter(&why))?;
    Ok(body)
}

/// A cluster of the project.
pub(super) fn cluster<'a>(world: &'a World, project: &str, id: &str) -> Result<&'a Cluster, Refusal> {
    let all = &world.event_grid.clusters;
    all.iter()
        .find(|c| c.id == id && c.project_id == project)
        .ok_or_else(unknown)
}

/// 400: the name is in use.
pub(super) fn duplicate(name: &str) -> Refusal {
    Refusal::service(400, "EG.00513001", format!("Name duplicated: {name}"))
}

/// The operation is not allowed in this state.
pub(super) fn forbidden(world: &World, why: &str) -> Refusal {
    let code = &world.switches.event_grid.forbidden_state;
    Refusal::service(
        code.status,
        &code.code,
        format!("The resource may not be modified: {why}"),
    )
}

/// Looks the operation up in the matrix; false when it is to be answered and nothing done.
pub(super) fn allowed(world: &World, job: &Job, act: Act) -> Result<bool, Refusal> {
    let switches = &world.switches.event_grid;
    let cell = switches.matrix.get(&act).and_then(|row| row.get(&job.column()));
    match cell.copied().unwrap_or(Cell::Refuse) {
        Cell::Allow => Ok(true),
        Cell::Noop => Ok(false),
        Cell::Refuse => Err(forbidden(world, &format!("the job is {}", job.status(switches)))),
    }
}

fn new_job(
    ledger: &mut Ledger,
    work: &Work<'_>,
    world: &World,
    body: &Map<String, Value>,
    parts: Parts,
) -> Result<Job, Refusal> {
    let (kind, source) = parts
        .source
        .ok_or_else(|| parameter("source_config is mandatory"))?;
    let (_, sink) = parts.sink.ok_or_else(|| parameter("sink_config is mandatory"))?;
    let advance = parts.advance.map(|(_, advance)| advance);
    if advance.is_none() && world.switches.event_grid.advance_config_required {
        return Err(parameter("advance_config is mandatory"));
    }
    // Whole seconds, as in the samples.
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    let mut job = Job {
        seq: ledger.next(),
        id: ids::event_grid(),
        project: work.project.to_owned(),
        cluster: text(body, "cluster_id").to_owned(),
        name: text(body, "name").to_owned(),
        description: body.get("description").and_then(Value::as_str).map(str::to_owned),
        scene: text(body, "scene_type").to_owned(),
        kind,
        source,
        sink,
        advance: advance.unwrap_or_default(),
        phase: Phase::Creating,
        change: Some(work.change(Goal::Ready, world.switches.event_grid.delays.create)),
        created: now,
        updated: now,
        born: work.cloud.now(),
        ran: 0,
        since: None,
        log: None,
        extra: Map::new(),
        acts: Acts::default(),
    };
    job.acts.note("create");
    Ok(job)
}

/// `DELETE .../jobs/{job_id}`.
pub(super) fn delete(ledger: &mut Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let mut job = Job::clone(ledger.job(work.project, work.id).ok_or_else(unknown)?);
    let reply = Reply::json(200, &json!({"job_id": job.id}));
    if !allowed(&world, &job, Act::Delete)? {
        return Ok(reply);
    }
    job.acts.note("delete");
    job.change = Some(work.change(Goal::Gone, world.switches.event_grid.delays.delete));
    ledger.keep(work.cloud, job);
    Ok(reply.with_effect("delete", work.id))
}

/// `POST .../jobs/{job_id}/action`.
pub(super) fn execute(ledger: &mut Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let body = work.body()?;
    check(&body, ACTION, "").map_err(|why| parameter(&why))?;
    let switches = &world.switches.event_grid;
    let term = text(&body, "operation");
    let is = |words: &[String]| words.iter().any(|known| known == term);
    let delays = &switches.delays;
    let (act, name, goal, millis) = if is(&switches.operations.start) {
        (Act::Start, "start", Goal::Run, delays.start)
    } else if is(&switches.operations.stop) {
        (Act::Stop, "stop", Goal::Stop, delays.stop)
    } else if is(&switches.operations.switch) {
        (Act::Switch, "switch", Goal::Swap, delays.switch)
    } else {
        return Err(parameter(&format!("operation {term} is not known")));
    };
    let mut job = Job::clone(ledger.job(work.project, work.id).ok_or_else(unknown)?);
    let reply = Reply::json(200, &json!({"job_id": job.id}));
    if !allowed(&world, &job, act)? {
        return Ok(reply);
    }
    let config = body.get("config").and_then(Value::as_object);
    if act == Act::Switch && !swaps(&job, config)? {
        return Ok(reply);
    }
    let at_once = act == Act::Switch && config.and_then(|c| c.get("switch_now")) == Some(&Value::Bool(true));
    job.acts.note(name);
    job.change = Some(work.change(goal, if at_once { 0 } else { millis }));
    touch(&mut job, &world);
    ledger.keep(work.cloud, job);
    Ok(reply.with_effect(name, work.id))
}

/// Whether the sink address asked for means a switch: the source's address does, the sink's does not (rule 17).
fn swaps(job: &Job, config: Option<&Map<String, Value>>) -> Result<bool, Refusal> {
    let wanted = config
        .map(|config| text(config, "sink_address"))
        .unwrap_or_default();
    if wanted.is_empty() || same_address(wanted, text(&job.source, "address")) {
        return Ok(true);
    }
    if same_address(wanted, text(&job.sink, "address")) {
        return Ok(false);
    }
    Err(parameter(
        "config.sink_address is neither the address of the source nor that of the sink",
    ))
}

fn same_address(a: &str, b: &str) -> bool {
    let parts = |text: &str| {
        let mut all: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
        all.sort();
        all
    };
    parts(a) == parts(b)
}

/// `PUT .../jobs/{job_id}/log`.
pub(super) fn log(ledger: &mut Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let world = work.cloud.world();
    let body = work.body()?;
    check(&body, LOG, "").map_err(|why| parameter(&why))?;
    let mut job = Job::clone(ledger.job(work.project, work.id).ok_or_else(unknown)?);
    if !allowed(&world, &job, Act::Log)? {
        return Ok(Reply::json(200, &wire::info(&job, &world, Form::Whole)));
    }
    let own = |name: &str| {
        Some(text(&body, name))
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
    };
    if body.get("enabled") == Some(&Value::Bool(true)) {
        let old = job.log.take();
        let (group, stream) = old.unwrap_or_else(|| (ids::event_grid(), ids::event_grid()));
        job.log = Some((
            own("log_group_id").unwrap_or(group),
            own("log_stream_id").unwrap_or(stream),
        ));
    } else if world.switches.event_grid.log_ids_after_disable == Clearing::Clear {
        job.log = None;
    }
    job.acts.note("log");
    let answer = wire::info(&job, &world, Form::Whole);
    ledger.keep(work.cloud, job);
    Ok(Reply::json(200, &answer).with_effect("log", work.id))
}

/// Moves `updated_time`, where the switch says that it moves.
pub(super) fn touch(job: &mut Job, world: &World) {
    if world.switches.event_grid.updated_time_moves {
        job.updated = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or(job.updated);
    }
}
