//! The difference between two definitions, leaf by leaf, and the definition to send; pure, and the same for all kinds.
use super::kind::JobKind;
use crate::api::status::{Effect, FieldChange, FieldPlan, PlanAction};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What comparing two definitions gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference<D> {
    /// Every leaf that differs and is not ignored, in order of its path.
    pub changes: Vec<FieldChange>,
    /// The desired definition with ignored and unset leaves as they were observed: what an update sends.
    pub merged: D,
}

/// Compares the desired with the observed definition.
///
/// Objects are descended into; arrays and scalars are leaves. A desired leaf that is null or absent is not compared, nor is
/// a field that an element of a desired array leaves out.
/// `rotated` names what is known to differ although no look can show it: the secrets whose values changed since they were
/// last sent, and the fields that were sent and are wished no more, which are not sent again.
///
/// # Errors
/// When a definition cannot be written as JSON or read back, which is a fault of the kind's mapping.
pub fn difference<K: JobKind>(
    desired: &K::Definition,
    observed: &K::Definition,
    ignored: &[String],
    rotated: &[String],
) -> Result<Difference<K::Definition>, serde_json::Error> {
    let wished = serde_json::to_value(desired)?;
    let present = serde_json::to_value(observed)?;
    let mut walk = Walk {
        ignored,
        dropped: rotated,
        effect: K::effect,
        agrees: K::agrees,
        changes: vec![],
    };
    let merged = walk.merge(String::new(), wished, Some(&present));
    let mut changes = walk.changes;
    changes.extend(
        rotated
            .iter()
            .filter(|p| !is_ignored(p, ignored))
            .map(|path| FieldChange {
                path: path.clone(),
                from: None,
                to: None,
                effect: K::effect(path),
            }),
    );
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Difference {
        changes,
        merged: serde_json::from_value(merged)?,
    })
}

struct Walk<'a> {
    ignored: &'a [String],
    dropped: &'a [String],
    effect: fn(&str) -> Effect,
    agrees: fn(&str, &Value, Option<&Value>) -> bool,
    changes: Vec<FieldChange>,
}

impl Walk<'_> {
    fn merge(&mut self, path: String, wished: Value, present: Option<&Value>) -> Value {
        if is_ignored(&path, self.ignored) {
            return present.cloned().unwrap_or(wished);
        }
        match wished {
            Value::Null => present.cloned().unwrap_or(Value::Null),
            Value::Object(fields) => self.merge_object(&path, fields, present),
            leaf => {
                if !(self.agrees)(&path, &leaf, present) {
                    let from = present.filter(|v| !v.is_null()).cloned();
                    let effect = (self.effect)(&path);
                    self.changes.push(FieldChange {
                        path,
                        from,
                        to: Some(leaf.clone()),
                        effect,
                    });
                }
                leaf
            }
        }
    }

    fn merge_object(&mut self, path: &str, fields: Map<String, Value>, present: Option<&Value>) -> Value {
        let below = present.and_then(Value::as_object);
        let mut merged = Map::new();
        for (name, value) in below.into_iter().flatten() {
            if !fields.contains_key(name)
                && let Some(value) = self.kept(&child(path, name), value)
            {
                merged.insert(name.clone(), value);
            }
        }
        for (name, value) in fields {
            let child = child(path, &name);
            let value = self.merge(child, value, below.and_then(|b| b.get(&name)));
            merged.insert(name, value);
        }
        Value::Object(merged)
    }

    /// What nobody wishes for, as it was observed, without what is to be dropped.
    fn kept(&self, path: &str, present: &Value) -> Option<Value> {
        if self.dropped.iter().any(|dropped| dropped == path) && !is_ignored(path, self.ignored) {
            return None;
        }
        let Value::Object(fields) = present else {
            return Some(present.clone());
        };
        let fields = fields
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), self.kept(&child(path, name), value)?)));
        Some(Value::Object(fields.collect()))
    }
}

fn child(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The paths of a definition that go back to the vendor's defaults once the spec names them no more, and of the secrets
/// that go with it.
///
/// # Errors
/// When the definition cannot be written as JSON, which is a fault of the kind's mapping.
pub fn removable<'a, K: JobKind>(
    definition: &K::Definition,
    secrets: impl Iterator<Item = &'a String>,
) -> Result<Vec<String>, serde_json::Error> {
    let leaves = leaves(&serde_json::to_value(definition)?);
    let mut paths: Vec<String> = leaves.into_keys().chain(secrets.cloned()).collect();
    paths.retain(|path| K::is_removable(path));
    paths.sort();
    Ok(paths)
}

/// The leaves of a definition by their paths.
pub type Leaves = BTreeMap<String, Value>;

/// The leaves of a definition; what is unset is none.
pub fn leaves(definition: &Value) -> Leaves {
    let mut found = Leaves::new();
    collect(String::new(), definition, &mut found);
    found
}

fn collect(path: String, value: &Value, found: &mut Leaves) {
    match value {
        Value::Null => {}
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| collect(child(&path, name), value, found)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            found.insert(path, value.clone());
        }
    }
}

/// A definition without what can be changed in place.
pub fn fixed<K: JobKind>(definition: Value) -> Value {
    without_changeable::<K>("", definition).unwrap_or_default()
}

fn without_changeable<K: JobKind>(path: &str, value: Value) -> Option<Value> {
    let Value::Object(fields) = value else {
        return (K::effect(path) == Effect::Replace).then_some(value);
    };
    let fields: Map<String, Value> = fields
        .into_iter()
        .filter_map(|(name, value)| {
            Some((name.clone(), without_changeable::<K>(&child(path, &name), value)?))
        })
        .collect();
    (!fields.is_empty()).then_some(Value::Object(fields))
}

/// Whether a leaf is as desired.
pub fn agrees(wished: &Value, present: &Value) -> bool {
    match (wished, present) {
        (Value::Array(wished), Value::Array(present)) => {
            wished.len() == present.len() && wished.iter().zip(present).all(|(w, p)| agrees(w, p))
        }
        (Value::Object(wished), Value::Object(present)) => wished
            .iter()
            .filter(|(_, value)| !value.is_null())
            .all(|(name, value)| present.get(name).is_some_and(|present| agrees(value, present))),
        _ => wished == present,
    }
}

/// Whether the path, or something it lies below, is ignored. `forProvider.` and `$.` in front of a path mean nothing.
fn is_ignored(path: &str, ignored: &[String]) -> bool {
    ignored.iter().map(|i| plain(i)).any(|i| {
        !i.is_empty()
            && path
                .strip_prefix(i)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn plain(path: &str) -> &str {
    let path = path.trim_start_matches("$.").trim_start_matches('.');
    path.strip_prefix("spec.")
        .unwrap_or(path)
        .trim_start_matches("forProvider.")
}

/// The plan that users see and approve. Its hash names the subject (object and generation of its spec), the action and
/// the changes, so that an approval is good for this plan of this object alone; it names nothing that moves while the
/// plan is carried out.
pub fn field_plan(
    subject: &str,
    action: PlanAction,
    changes: Vec<FieldChange>,
    note: Option<String>,
) -> FieldPlan {
    let hash = hash(&(subject, action, &changes));
    FieldPlan {
        hash,
        action,
        changes,
        note,
    }
}

/// A short, stable name of a value: the first twelve hex digits of the SHA-256 of its JSON.
pub fn hash(value: &impl serde::Serialize) -> String {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let mut text = hex::encode(Sha256::digest(bytes));
    text.truncate(12);
    text
}
