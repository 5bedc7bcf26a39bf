//! From the normal form to the bodies of create and modify. Secrets are borrowed and never copied.
use super::definition::Definition;
use super::observed::Facts;
use crate::engine::kind::{Observed, Parcel};
use crate::engine::mark::with_mark;
use crate::kinds::datahub::wire::{CreateBody, ModifyBody, Named, TagBody};
use serde_json::Value;

/// The longest description, page `ModifyDatahubTask`.
const DESCRIPTION_MAX: usize = 128;

/// The body that creates a task: the structures go out as they were written.
pub fn create_body<'a>(definition: &'a Definition, parcel: &Parcel<'a>) -> CreateBody<'a> {
    let written = &definition.written;
    let named = |name: &str, value: &'a Option<Value>| {
        let value = value.as_ref()?;
        Some(Named::new(value, name, parcel.secrets))
    };
    let tags = definition.tags.iter().flatten();
    CreateBody {
        task_name: &definition.name,
        task_type: &definition.task_type,
        source_resource: named("sourceResource", &written.source_resource),
        target_resource: named("targetResource", &written.target_resource),
        transform_param: named("transformParam", &written.transform_param),
        transforms_param: named("transformsParam", &written.transforms_param),
        schema_id: definition.schema_id.as_deref(),
        tags: tags
            .map(|tag| TagBody {
                tag_key: &tag.key,
                tag_value: &tag.value,
            })
            .collect(),
        description: marked(definition, parcel.mark),
    }
}

/// The body that changes these fields of a task. An adopted task gets its mark with the first change.
pub fn modify_body<'a>(
    definition: &'a Definition,
    fields: &[String],
    seen: &'a Observed<Definition, Facts>,
    mark: &str,
) -> ModifyBody<'a> {
    let changes = |field: &str| fields.iter().any(|changed| changed == field);
    let unmarked = seen.mark.as_deref() != Some(mark);
    ModifyBody {
        task_id: &seen.id,
        task_name: changes("name").then_some(definition.name.as_str()),
        description: (changes("description") || unmarked).then(|| marked(definition, mark)),
        tasks_max: definition.max_tasks.filter(|_| changes("maxTasks")),
        sync_throttle_limit: definition
            .sync_throttle_limit
            .filter(|_| changes("syncThrottleLimit")),
        auto_expand_flag: definition.auto_expand.filter(|_| changes("autoExpand")),
    }
}

/// A description of an adopted task may leave no room for the mark; then it stays as its author wrote it.
fn marked(definition: &Definition, mark: &str) -> String {
    let text = definition.description.as_deref().unwrap_or_default();
    let marked = with_mark(text, mark);
    if marked.chars().count() > DESCRIPTION_MAX {
        return text.to_owned();
    }
    marked
}
