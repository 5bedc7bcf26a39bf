//! From an answer to the normal form. What is not a whole definition is none, never a half one.
use super::definition::{Definition, Written};
use super::lifecycle::{State, word};
use super::structure::Structure;
use crate::engine::kind::{Failure, Observed};
use crate::engine::mark::take_mark;
use crate::kinds::datahub::resource::Tag;
use crate::kinds::datahub::wire::{Connection, Task};

/// The service cut the task off, as it does with accounts in arrears.
const ISOLATED: i64 = 2;

/// What only this kind observes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The vendor's number of the state.
    pub status: Option<i64>,
    /// Whether the service cut the task off.
    pub isolated: bool,
    /// The consumer groups that it reads by.
    pub connections: Vec<Connection>,
    /// What the vendor warns of.
    pub warning: Option<String>,
    /// Percent, present step and steps of the creation; in rows of the list alone.
    pub creation: Option<(Option<f64>, Option<String>, Vec<String>)>,
}

/// One task of the list; `None` when it does not even say which. Rows lack tags, schema and processing rules, so they
/// carry no definition.
pub fn row(task: Task) -> Option<Observed<Definition, Facts>> {
    let creation = Some((
        task.task_progress,
        task.task_current_step.clone(),
        task.step_list.clone(),
    ));
    let mut seen = observed(task)?;
    seen.definition = None;
    seen.facts.creation = creation;
    Some(seen)
}

/// One task as a single read shows it; `None` when it does not even say which.
pub fn observed(task: Task) -> Option<Observed<Definition, Facts>> {
    let (description, mark) = take_mark(task.description.as_deref().unwrap_or_default());
    let state = State::of(task.status);
    let isolated = task.isolate_status == Some(ISOLATED);
    Some(Observed {
        id: task.task_id.clone()?,
        name: task.task_name.clone().unwrap_or_default(),
        mark,
        created_at: None,
        state: word(task.status),
        failure: failure(&task, state, isolated),
        facts: Facts {
            status: task.status,
            isolated,
            connections: task.connections.clone(),
            warning: task.warn_message.clone(),
            creation: None,
        },
        definition: definition(task, description).map(Box::new),
    })
}

/// The task of an accepted create.
pub fn accepted(id: String, name: String) -> Observed<Definition, Facts> {
    Observed {
        id,
        name,
        mark: None,
        created_at: None,
        state: word(Some(0)),
        definition: None,
        failure: None,
        facts: Facts {
            status: Some(0),
            ..Facts::default()
        },
    }
}

/// The vendor writes words such as "running" where an error would stand: they count only in a state that is one.
fn failure(task: &Task, state: State, isolated: bool) -> Option<Failure> {
    if isolated {
        return Some(Failure {
            code: None,
            message: "the vendor isolated the task (IsolateStatus 2): look at the account's balance".into(),
        });
    }
    let advice = state.advice()?;
    let told = task.error_message.clone();
    Some(Failure {
        code: None,
        message: told.map_or_else(|| advice.to_owned(), |told| format!("{told} ({advice})")),
    })
}

fn definition(task: Task, description: String) -> Option<Definition> {
    let shown = |name: &str, fields: Option<_>| Structure::shown(name, fields?);
    let auto_expand = task.auto_expand_flag;
    Some(Definition {
        name: task.task_name?,
        task_type: task.task_type?,
        description: Some(description),
        source_resource: shown("sourceResource", task.source_resource),
        target_resource: shown("targetResource", task.target_resource),
        transform_param: shown("transformParam", task.transform_param),
        transforms_param: shown("transformsParam", task.transforms_param),
        schema_id: task.schema_id,
        tags: Some(tags(&task.tags)),
        // While autoscaling is on, the number moves by itself.
        max_tasks: task.task_max.filter(|_| auto_expand == Some(false)),
        sync_throttle_limit: task.sync_throttle_limit,
        auto_expand,
        written: Written::default(),
    })
}

fn tags(shown: &[crate::kinds::datahub::wire::Tag]) -> Vec<Tag> {
    let mut tags: Vec<Tag> = shown
        .iter()
        .map(|tag| Tag {
            key: tag.tag_key.clone(),
            value: tag.tag_value.clone(),
        })
        .collect();
    tags.sort();
    tags
}
