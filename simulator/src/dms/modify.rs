//! Modify, and which members it changes (DMS for Kafka API reference, Smart Connect).

use serde_json::{Map, Value};

use super::operations::allowed;
use super::rules::{self, Scene};
use super::tables::{MODIFY, SECRETS, SERVER_OWNED};
use super::task::{Definition, Goal, Task};
use super::wire::{self, Form};
use super::{Ledger, Work, instances, refusals};
use crate::reply::{Refusal, Reply};
use crate::schema::{check, text};
use crate::world::{Absent, Credentials, DmsSwitches, Immutable, TaskAct, TaskColumn, World};

/// The sides, as members of the body.
const SIDES: [&str; 2] = ["source_task", "sink_task"];

/// `PUT .../connector/tasks/{task_id}`.
pub(super) fn modify(ledger: &mut Ledger, work: Work<'_>, world: &World) -> Result<Reply, Refusal> {
    let instance = instances::ready(&work, world)?;
    let mut task = work.task(ledger, world)?;
    let body = body(&work, world)?;
    let whole = |task: &Task| Reply::json(200, &wire::entity(task, world, Form::Single));
    if !allowed(&task, TaskAct::Modify, world)? {
        return Ok(whole(&task));
    }
    let definition = changed(&task, &body, world)?;
    let scene = Scene {
        world,
        instance,
        ledger,
        except: Some(task.seq),
    };
    rules::check(&definition, scene)?;
    task.definition = definition;
    if world.switches.dms.modify_restarts && task.column() == TaskColumn::Running {
        let now = work.cloud.now();
        task.rest(super::task::Phase::Restarting, now);
        task.begin(work.change(Goal::Run, world.switches.dms.delays.modify), now);
    }
    task.acts.note("update");
    let reply = whole(&task).with_effect("update", &task.id);
    ledger.keep(work.cloud, task);
    Ok(reply)
}

/// The body, checked against the table, without what the service owns.
fn body(work: &Work<'_>, world: &World) -> Result<Map<String, Value>, Refusal> {
    let mut body = work.body(world)?;
    if let Some(Value::Object(sink)) = body.get_mut("sink_task") {
        sink.retain(|name, _| !SERVER_OWNED.contains(&name.as_str()));
    }
    check(&body, MODIFY, "").map_err(|why| refusals::parameter(world, &why))?;
    for name in ["id", "status", "create_time"] {
        body.remove(name);
    }
    Ok(body)
}

/// The definition with the changes that the body asks for.
fn changed(task: &Task, body: &Map<String, Value>, world: &World) -> Result<Definition, Refusal> {
    let entity = wire::entity(task, world, Form::Single);
    let mut definition = task.definition.clone();
    for name in ["task_name", "source_type", "sink_type"] {
        if differs(body.get(name), entity.get(name)) {
            immutable(name, world)?;
        }
    }
    for name in SIDES {
        let side = if name == "source_task" {
            &mut definition.source
        } else {
            &mut definition.sink
        };
        let given = body.get(name).and_then(Value::as_object);
        let shown = entity.get(name).and_then(Value::as_object);
        let empty = Map::new();
        overlay(
            side,
            given.unwrap_or(&empty),
            shown.unwrap_or(&empty),
            name,
            world,
        )?;
    }
    select(&mut definition, body, world)?;
    Ok(definition)
}

/// Whether a given member means another value than the one shown; null and, where it is fixed, empty mean nothing.
fn differs(given: Option<&Value>, shown: Option<&Value>) -> bool {
    match given {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) if text.is_empty() => false,
        given => given != shown,
    }
}

/// A member that modify does not change was given another value.
fn immutable(name: &str, world: &World) -> Result<(), Refusal> {
    match world.switches.dms.immutable_change {
        Immutable::Ignore => Ok(()),
        Immutable::Reject => Err(refusals::code(
            &world.switches.dms.codes.modify,
            &format!("Failed to modify the Smart Connect task: {name} cannot be changed."),
        )),
    }
}

fn is_modifiable(switches: &DmsSwitches, name: &str) -> bool {
    switches.modifiable.iter().any(|known| known == name)
}

fn overlay(
    side: &mut Map<String, Value>,
    given: &Map<String, Value>,
    shown: &Map<String, Value>,
    at: &str,
    world: &World,
) -> Result<(), Refusal> {
    let switches = &world.switches.dms;
    if switches.omitted_in_modify == Absent::Clear && !shown.is_empty() {
        side.retain(|name, _| given.contains_key(name) || !is_modifiable(switches, &format!("{at}.{name}")));
    }
    for (name, value) in given {
        let path = format!("{at}.{name}");
        if SECRETS.contains(&name.as_str()) {
            match switches.credentials_in_modify {
                Credentials::Refuse => {
                    return Err(refusals::parameter(world, &format!("unknown field {path}")));
                }
                Credentials::Ignore => {}
                Credentials::Accept => {
                    side.insert(name.clone(), value.clone());
                }
            }
        } else if is_modifiable(switches, &path) && shown.contains_key(name) {
            if !value.is_null() && shown.get(name) != Some(value) {
                side.insert(name.clone(), value.clone());
            }
        } else if differs(Some(value), shown.get(name)) {
            immutable(&path, world)?;
        }
    }
    Ok(())
}

/// The topics: the one selector that is given takes the place of the other.
fn select(definition: &mut Definition, body: &Map<String, Value>, world: &World) -> Result<(), Refusal> {
    let (topics, regex) = (text(body, "topics"), text(body, "topics_regex"));
    if !topics.is_empty() && !regex.is_empty() {
        let why = "exactly one of topics and topics_regex must be set";
        return Err(refusals::code(&world.switches.dms.codes.topic_selector, why));
    }
    let clears = world.switches.dms.omitted_in_modify == Absent::Clear;
    let changes = [
        ("topics", topics, &mut definition.topics, regex),
        ("topics_regex", regex, &mut definition.topics_regex, topics),
    ];
    for (name, new, old, other) in changes {
        let left_out = !body.get(name).is_some_and(Value::is_string);
        if new == old.as_str() || (left_out && !clears && other.is_empty()) {
            continue;
        }
        if is_modifiable(&world.switches.dms, name) {
            new.clone_into(old);
        } else {
            immutable(name, world)?;
        }
    }
    Ok(())
}
