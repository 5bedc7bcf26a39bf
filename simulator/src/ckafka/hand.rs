//! Someone else's hand on the tasks: the admin API's views and changes.

use serde_json::{Map, Value, json};

use super::create::blank;
use super::structure::{self, check, secrets};
use super::tables::{RESOURCE, TAGS, TRANSFORM, TRANSFORMS};
use super::task::{Task, status};
use super::{Datahub, Ledger, refused, wire};
use crate::auth::digest;
use crate::cloud::Cloud;
use crate::service::{Hand, Slip};
use crate::world::{Secrets, World};

impl Hand for Datahub {
    fn list(&self, cloud: &Cloud) -> Value {
        let ledger = self.settled(cloud);
        let world = cloud.world();
        let mut tasks: Vec<_> = ledger.all().collect();
        tasks.sort_by_key(|task| task.seq);
        let jobs: Vec<Value> = tasks.into_iter().map(|task| view(task, &world)).collect();
        json!({"jobs": jobs, "created": ledger.created, "deleted": ledger.deleted})
    }

    fn show(&self, cloud: &Cloud, id: &str) -> Result<Value, Slip> {
        let ledger = self.settled(cloud);
        let task = ledger.any(id).ok_or(Slip::Unknown)?;
        Ok(view(task, &cloud.world()))
    }

    fn create(&self, cloud: &Cloud, given: Value) -> Result<Value, Slip> {
        let mut ledger = self.settled(cloud);
        let world = cloud.world();
        let Value::Object(mut given) = given else {
            return Err(Slip::Wrong("an object is expected".to_owned()));
        };
        let own = world.tencent.users.first().map(|user| user.app_id.to_string());
        let account = take(&mut given, "AppId").or(own).unwrap_or_default();
        let region = take(&mut given, "Region").unwrap_or_else(|| "ap-guangzhou".to_owned());
        let mut task = blank(ledger.next(), (&account, &region), cloud.now());
        task.status = status::RUNNING;
        if let Some(id) = take(&mut given, "TaskId") {
            task.id = id;
        }
        ledger.created += 1;
        store(&mut ledger, cloud, task, &given, &world)
    }

    fn patch(&self, cloud: &Cloud, id: &str, patch: &Value) -> Result<Value, Slip> {
        let mut ledger = self.settled(cloud);
        let world = cloud.world();
        let task = Task::clone(ledger.any(id).ok_or(Slip::Unknown)?);
        let patch = patch
            .as_object()
            .ok_or_else(|| Slip::Wrong("an object is expected".to_owned()))?;
        let mut whole = plain(&task);
        for (name, value) in patch {
            merge(whole.entry(name.clone()).or_insert(Value::Null), value);
        }
        // Only what the patch names is applied, with the merged value.
        whole.retain(|name, _| patch.contains_key(name));
        store(&mut ledger, cloud, task, &whole, &world)
    }

    fn delete(&self, cloud: &Cloud, id: &str) -> Result<(), Slip> {
        let mut ledger = self.ledger();
        ledger.remove(cloud, id).ok_or(Slip::Unknown)?;
        Ok(())
    }
}

/// A text or number, taken out of a body.
fn take(given: &mut Map<String, Value>, name: &str) -> Option<String> {
    match given.remove(name)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn store(
    ledger: &mut Ledger,
    cloud: &Cloud,
    mut task: Task,
    given: &Map<String, Value>,
    world: &World,
) -> Result<Value, Slip> {
    for (name, value) in given {
        apply(&mut task, name, value)?;
    }
    task.note("foreign");
    let view = view(&task, world);
    ledger.keep(cloud, task);
    Ok(view)
}

/// Sets one member by its name on the wire.
fn apply(task: &mut Task, name: &str, value: &Value) -> Result<(), Slip> {
    let wrong = || Slip::Wrong(format!("{name} cannot be set to {value}"));
    let term = || value.as_str().map(str::to_owned).ok_or_else(wrong);
    let number = || value.as_i64().ok_or_else(wrong);
    match name {
        "TaskName" => task.name = term()?,
        "TaskType" => task.side = term()?,
        "Description" => task.description = term()?,
        "SchemaId" => task.schema = term()?,
        "Status" => {
            task.change = None;
            task.status = number()?;
        }
        "ErrorMessage" => task.error = Some(term()?).filter(|text| !text.is_empty()),
        "WarnMessage" => task.warning = Some(term()?).filter(|text| !text.is_empty()),
        "IsolateStatus" => task.isolated = number()?,
        "TaskMax" => task.workers = number()?,
        "SyncThrottleLimit" => task.throttle = number()?,
        "AutoExpandFlag" => task.expands = value.as_bool().ok_or_else(wrong)?,
        "SourceResource" => task.source = object(name, value, RESOURCE)?.ok_or_else(wrong)?,
        "TargetResource" => task.target = object(name, value, RESOURCE)?.ok_or_else(wrong)?,
        "TransformParam" => task.transform = object(name, value, TRANSFORM)?,
        "TransformsParam" => task.transforms = object(name, value, TRANSFORMS)?,
        "Tags" => {
            let given = json!({ "Tags": value });
            object(name, &given, TAGS)?;
            task.tags = value.clone();
        }
        _ => return Err(Slip::Wrong(format!("{name} cannot be set"))),
    }
    Ok(())
}

/// A structure, checked against its table; null for none.
fn object(name: &str, value: &Value, table: &structure::Table) -> Result<Option<Map<String, Value>>, Slip> {
    let Some(object) = value.as_object() else {
        return match value {
            Value::Null => Ok(None),
            _ => Err(Slip::Wrong(format!("{name} must be an object"))),
        };
    };
    check(object, table, name).map_err(|defect| Slip::Wrong(refused(&defect).message))?;
    Ok(Some(object.clone()))
}

/// The members that a patch is merged into.
fn plain(task: &Task) -> Map<String, Value> {
    let members = json!({
        "SourceResource": task.source,
        "TargetResource": task.target,
        "TransformParam": task.transform,
        "TransformsParam": task.transforms,
    });
    members.as_object().cloned().unwrap_or_default()
}

/// JSON merge patch.
fn merge(whole: &mut Value, patch: &Value) {
    let (Value::Object(old), Value::Object(new)) = (&mut *whole, patch) else {
        *whole = patch.clone();
        return;
    };
    for (name, value) in new {
        if value.is_null() {
            old.remove(name);
        } else {
            merge(old.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

/// A task with everything but its secrets, of which only digests are shown.
fn view(task: &Task, world: &World) -> Value {
    let mut world = world.clone();
    world.switches.ckafka.secrets = Secrets::Absent;
    let mut view = wire::detail(task, &world);
    let Some(members) = view.as_object_mut() else {
        return view;
    };
    let mut found = Vec::new();
    secrets(&task.source, RESOURCE, "SourceResource", &mut found);
    secrets(&task.target, RESOURCE, "TargetResource", &mut found);
    let digests: Map<String, Value> = found
        .into_iter()
        .map(|(path, secret)| (path, json!(digest(secret.as_bytes()))))
        .collect();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    // Under the name that the jobs of every service have.
    put("id", json!(task.id));
    put("AppId", json!(task.account));
    put("Region", json!(task.region));
    put("secretSha256", Value::Object(digests));
    put("acts", json!(task.acts));
    put("transition", json!(task.change));
    put("name", json!(task.name));
    view
}
