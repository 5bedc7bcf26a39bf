//! An object as the API server shows it, and its conditions.
use serde_json::Value;
use std::fmt;
use std::ops::Deref;

/// An object of any kind; indexes like the JSON it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Object(pub Value);

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `True`, `False` or `Unknown`; empty when there is no such condition.
    pub status: String,
    /// One word.
    pub reason: String,
    /// For people.
    pub message: String,
}

impl Deref for Object {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl Object {
    /// The condition of this type.
    pub fn condition(&self, kind: &str) -> Condition {
        let found = self["status"]["conditions"]
            .as_array()
            .and_then(|conditions| conditions.iter().find(|c| c["type"] == kind));
        let text = |field: &str| {
            found
                .and_then(|c| c[field].as_str())
                .unwrap_or_default()
                .to_owned()
        };
        Condition {
            status: text("status"),
            reason: text("reason"),
            message: text("message"),
        }
    }

    /// Whether a condition has this status and reason, and speaks of the present spec.
    pub fn is(&self, kind: &str, status: &str, reason: &str) -> bool {
        let condition = self.condition(kind);
        condition.status == status && condition.reason == reason && self.is_observed()
    }

    /// Whether the job is as wished.
    pub fn is_ready(&self) -> bool {
        self.condition("Ready").status == "True" && self.is_in_sync()
    }

    /// Whether remote job and spec agree.
    pub fn is_in_sync(&self) -> bool {
        self.is("Synced", "True", "UpToDate")
    }

    /// The remote id.
    pub fn id(&self) -> String {
        self["status"]["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether it carries this finalizer, or that of an installation that looks after a part of the cluster.
    pub fn is_held_by(&self, finalizer: &str) -> bool {
        let finalizers = self["metadata"]["finalizers"].as_array();
        let mut names = finalizers.into_iter().flatten().filter_map(Value::as_str);
        names.any(|name| name.starts_with(finalizer))
    }

    fn is_observed(&self) -> bool {
        self["status"]["observedGeneration"] == self["metadata"]["generation"]
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for field in ["generation", "annotations", "finalizers", "deletionTimestamp"] {
            writeln!(f, "metadata.{field}: {}", self["metadata"][field])?;
        }
        for (field, value) in self["status"].as_object().into_iter().flatten() {
            match value.as_array() {
                Some(list) => list
                    .iter()
                    .try_for_each(|one| writeln!(f, "status.{field}[]: {one}"))?,
                None => writeln!(f, "status.{field}: {value}")?,
            }
        }
        Ok(())
    }
}
