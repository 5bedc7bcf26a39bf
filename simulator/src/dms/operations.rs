//! Create, delete, pause, resume and restart.

use jiff::Timestamp;

use super::rules::{self, Scene};
use super::tables::CREATE;
use super::task::{Definition, Goal, Kind, Phase, Task};
use super::wire::{self, Form};
use super::{Ledger, Work, done, instances, peer, refusals, settings};
use crate::ids;
use crate::ledger::Acts;
use crate::reply::{Refusal, Reply};
use crate::schema::{check, text};
use crate::world::{Cell, Instance, TaskAct, TaskColumn, World};

/// `POST .../connector/tasks`.
pub(super) fn create(ledger: &mut Ledger, work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    let instance = instances::ready(&work, world)?;
    let body = work.body(world)?;
    check(&body, CREATE, "").map_err(|why| refusals::parameter(world, &why))?;
    let name = text(&body, "task_name");
    rules::check_name(name, world)?;
    let definition = rules::definition(&body, world)?;
    let scene = Scene {
        world,
        instance,
        ledger,
        except: None,
    };
    rules::check(&definition, scene)?;
    match definition.kind {
        Kind::Obs => settings::check_obs_key(&definition.sink, world)?,
        Kind::Kafka if world.switches.dms.create_verifies_peer => peer::verify(&definition.source, world)?,
        Kind::Kafka | Kind::Redis => {}
    }
    has_room(ledger, instance, name, world)?;
    let start_later = body.get("start_later") == Some(&true.into());
    let mut task = new_task(ledger.next(), &work, name, definition);
    task.start_later = start_later;
    task.acts.note("create");
    let delays = &world.switches.dms.delays;
    let change = if start_later {
        work.change(Goal::Wait, delays.create_later)
    } else {
        work.change(Goal::Run, delays.create)
    };
    task.begin(change, work.cloud.now());
    ledger.created += 1;
    let reply = Reply::json(200, &wire::entity(&task, world, Form::Single)).with_effect("create", &task.id);
    ledger.keep(work.cloud, task);
    Ok(reply)
}

/// Whether the name is free and the quota not used up.
fn has_room(ledger: &Ledger, instance: &Instance, name: &str, world: &World) -> Result<(), Refusal> {
    if world.switches.dms.unique_names && ledger.is_taken(&instance.id, name, None) {
        let why = "Failed to create the Smart Connect task: the name is in use.";
        return Err(refusals::code(&world.switches.dms.codes.duplicate_name, why));
    }
    if ledger.used(&instance.id) >= instance.quota_tasks {
        return Err(Refusal::service(
            404,
            "DMS.00404029",
            "The quota of Smart Connect tasks is used up.",
        ));
    }
    Ok(())
}

fn new_task(seq: u64, work: &Work<'_>, name: &str, definition: Definition) -> Task {
    Task {
        seq,
        id: ids::uuid(),
        project: work.place.project.to_owned(),
        instance: work.place.instance.to_owned(),
        name: name.to_owned(),
        start_later: false,
        definition,
        phase: Phase::Creating,
        change: None,
        created: Timestamp::now().as_millisecond(),
        ran: 0,
        since: None,
        acts: Acts::default(),
    }
}

/// Looks the operation up in the matrix; false when it is to be answered and nothing done.
pub(super) fn allowed(task: &Task, act: TaskAct, world: &World) -> Result<bool, Refusal> {
    let switches = &world.switches.dms;
    let cell = switches.matrix.get(&act).and_then(|row| row.get(&task.column()));
    match cell.copied().unwrap_or(Cell::Refuse) {
        Cell::Allow => Ok(true),
        Cell::Noop => Ok(false),
        Cell::Refuse => {
            let codes = &switches.codes;
            let (code, what) = match act {
                TaskAct::Pause => (&codes.pause, "stop"),
                TaskAct::Resume => (&codes.resume, "start"),
                TaskAct::Restart => (&codes.restart, "restart"),
                TaskAct::Modify => (&codes.modify, "modify"),
                TaskAct::Delete => (&codes.delete, "delete"),
            };
            let why = format!(
                "Failed to {what} the Smart Connect task: its status is {}.",
                task.status(switches)
            );
            Err(refusals::code(code, &why))
        }
    }
}

/// `DELETE .../connector/tasks/{task_id}`.
pub(super) fn delete(ledger: &mut Ledger, work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    instances::ready(&work, world)?;
    let mut task = work.task(ledger, world)?;
    if !allowed(&task, TaskAct::Delete, world)? {
        return Ok(done(204));
    }
    let reply = done(204).with_effect("delete", &task.id);
    task.acts.note("delete");
    let change = work.change(Goal::Gone, world.switches.dms.delays.delete);
    if task.begin(change, work.cloud.now()) {
        ledger.keep(work.cloud, task);
    } else {
        ledger.remove(work.cloud, &task.id);
    }
    Ok(reply)
}

/// `PUT .../connector/tasks/{task_id}/pause`.
pub(super) fn pause(ledger: &mut Ledger, work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    let delay = world.switches.dms.delays.pause;
    switch(ledger, work, world, TaskAct::Pause, ("pause", Goal::Pause, delay))
}

/// `PUT .../connector/tasks/{task_id}/resume`.
pub(super) fn resume(ledger: &mut Ledger, work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    let delay = world.switches.dms.delays.resume;
    switch(ledger, work, world, TaskAct::Resume, ("resume", Goal::Run, delay))
}

fn switch(
    ledger: &mut Ledger,
    work: Work<'_>,
    world: &World,
    act: TaskAct,
    (name, goal, delay): (&'static str, Goal, i64),
) -> Result<Reply, Refusal> {
    instances::ready(&work, world)?;
    let mut task = work.task(ledger, world)?;
    if !allowed(&task, act, world)? {
        return Ok(done(204));
    }
    task.acts.note(name);
    task.begin(work.change(goal, delay), work.cloud.now());
    let reply = done(204).with_effect(name, &task.id);
    ledger.keep(work.cloud, task);
    Ok(reply)
}

/// `PUT .../connector/tasks/{task_id}/restart`, by either path. It is also the first start.
pub(super) fn restart(
    ledger: &mut Ledger,
    work: Work<'_>,
    world: &World,
    status: u16,
) -> Result<Reply, Refusal> {
    instances::ready(&work, world)?;
    let mut task = work.task(ledger, world)?;
    let reply = done(status);
    if !allowed(&task, TaskAct::Restart, world)? {
        return Ok(reply);
    }
    let delays = &world.switches.dms.delays;
    let (name, delay) = if task.column() == TaskColumn::Waiting {
        ("start", delays.start)
    } else {
        task.tear_down();
        ("restart", delays.restart)
    };
    task.acts.note(name);
    task.begin(work.change(Goal::Run, delay), work.cloud.now());
    let reply = reply.with_effect(name, &task.id);
    ledger.keep(work.cloud, task);
    Ok(reply)
}
