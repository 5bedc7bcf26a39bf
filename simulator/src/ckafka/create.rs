//! `CreateDatahubTask`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::rules::{self, End};
use super::structure::Defect;
use super::tables::CREATE;
use super::task::{Goal, Task, status};
use super::{Ledger, Work, is_taken, neighbours, refused, repeated};
use crate::ids;
use crate::reply::{Refusal, Reply};
use crate::schema::text;

/// Makes a task.
pub(super) fn create(ledger: &mut Ledger, work: Work<'_>) -> Result<Reply, Refusal> {
    let switches = &work.world.switches.ckafka;
    let body = work.body(CREATE)?;
    let (source, target) = ends(&work, &body)?;
    let name = text(&body, "TaskName");
    neighbours::check_schema(work.world, work.place, text(&body, "SchemaId"))?;
    if switches.unique_names && is_taken(ledger, &work.scope(), name, None) {
        return Err(repeated(name));
    }
    if ledger.used(work.place.account) >= switches.quota {
        let text = format!("The account may have at most `{}` tasks.", switches.quota);
        return Err(Refusal::tencent("LimitExceeded", text));
    }
    let mut task = blank(
        ledger.next(),
        (work.place.account, work.place.region),
        work.cloud.now(),
    );
    define(&mut task, &body, source, target);
    let forced = &switches.forced_ends.create;
    let goal = work.goal(
        Goal::Rest(status::RUNNING),
        status::CREATE_FAILED,
        &task.name,
        forced,
    );
    task.change = Some(work.change(goal, switches.delays.create));
    task.note("create");
    let reply = work
        .answer(json!({"TaskId": task.id, "DatahubId": task.datahub}))
        .with_effect("create", &task.id);
    ledger.created += 1;
    ledger.keep(work.cloud, task);
    Ok(reply)
}

type Resource = Map<String, Value>;

/// Both ends, checked.
fn ends(work: &Work<'_>, body: &Map<String, Value>) -> Result<(Resource, Resource), Refusal> {
    let switches = &work.world.switches.ckafka;
    rules::check_name(text(body, "TaskName")).map_err(|defect| refused(&defect))?;
    let end = |end: End| {
        let given = body.get(end.name()).and_then(Value::as_object);
        let mut resource = given
            .cloned()
            .ok_or_else(|| Defect::Empty(end.name().to_owned()))?;
        rules::check_end(end, &mut resource, switches)?;
        Ok(resource)
    };
    let checked = || {
        let (source, target) = (end(End::Source)?, end(End::Target)?);
        rules::check_task(body, &source, &target, work.place.region, switches)?;
        Ok((source, target))
    };
    let (source, target) = checked().map_err(|defect: Defect| refused(&defect))?;
    for resource in [&source, &target] {
        if let Some((name, param)) = rules::own(resource, switches) {
            neighbours::check(work.world, work.place, name, param)?;
        }
    }
    Ok((source, target))
}

/// A task with nothing set, in status 0.
pub(super) fn blank(seq: u64, (account, region): (&str, &str), now: i64) -> Task {
    Task {
        seq,
        id: format!("task-{}", ids::lower(8)),
        datahub: format!("datahub-{}", ids::lower(8)),
        account: account.to_owned(),
        region: region.to_owned(),
        scope: super::scope(account, region),
        name: String::new(),
        side: String::new(),
        description: String::new(),
        source: Map::new(),
        target: Map::new(),
        transform: None,
        transforms: None,
        schema: String::new(),
        tags: json!([]),
        status: status::CREATING,
        change: None,
        error: None,
        warning: None,
        isolated: 1,
        workers: 1,
        throttle: 20,
        expands: true,
        created: Timestamp::now(),
        born: now,
        acts: Vec::new(),
    }
}

fn define(task: &mut Task, body: &Map<String, Value>, source: Resource, target: Resource) {
    let rules = |name: &str| body.get(name).and_then(Value::as_object).cloned();
    text(body, "TaskName").clone_into(&mut task.name);
    text(body, "TaskType").clone_into(&mut task.side);
    text(body, "Description").clone_into(&mut task.description);
    text(body, "SchemaId").clone_into(&mut task.schema);
    task.source = source;
    task.target = target;
    task.transform = rules("TransformParam");
    task.transforms = rules("TransformsParam");
    if let Some(tags) = body.get("Tags").filter(|tags| tags.is_array()) {
        task.tags = tags.clone();
    }
}
