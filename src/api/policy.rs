//! The part of a spec that is the same for every kind of job; its defaults live here and nowhere else.
use super::reference::AccountRef;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How far the operator may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ManagementPolicy {
    /// Makes the remote job as the spec says.
    #[default]
    Apply,
    /// Computes and shows the difference and never writes.
    DetectOnly,
    /// Shows the plan, and carries it out once the annotation `replication.dev/approve-plan` holds its hash.
    Plan,
    /// Only reads: shows an existing remote job and compares nothing.
    Observe,
}

/// Whether the remote job should run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RunState {
    /// The job is started, and started again when somebody stopped it.
    #[default]
    Running,
    /// The job exists and is stopped.
    Stopped,
}

/// What happens to the remote job when its object is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// The remote job is deleted before the object goes away.
    #[default]
    Delete,
    /// The remote job is left as it is.
    Orphan,
}

/// What a change does that the vendor cannot make in place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ReplacePolicy {
    /// Nothing is sent; the object is `Stalled` with reason `ReplacementRequired`.
    #[default]
    Never,
    /// The remote job is deleted, and created again once it is gone.
    Recreate,
}

/// An existing remote job to take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
pub struct Adopt {
    /// The vendor's identifier of the job.
    #[schemars(length(min = 1, max = 256))]
    pub id: String,
}

/// What every job spec holds beside `forProvider` and `runState`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobPolicy {
    /// The account that the remote job belongs to. Cannot be changed later: delete the object and make it anew.
    #[x_kube(validation = Rule::new("self == oldSelf").message("accountRef cannot be changed: delete this object (with deletionPolicy Orphan to keep the remote job) and make it anew").reason(Reason::FieldValueForbidden))]
    pub account_ref: AccountRef,
    /// How far the operator may go: `Apply` (default) makes it so, `DetectOnly` shows the difference, `Plan` waits for
    /// an approval of the shown plan, `Observe` only reads. Can be changed at any time.
    #[serde(default)]
    pub management_policy: ManagementPolicy,
    /// What deleting this object does to the remote job: `Delete` (default) or `Orphan`. Can be changed at any time.
    #[serde(default)]
    pub deletion_policy: DeletionPolicy,
    /// What a change does that the vendor cannot make in place: `Never` (default) refuses it, `Recreate` deletes the
    /// remote job and makes it anew, which loses its progress. Can be changed at any time.
    #[serde(default)]
    pub replace_policy: ReplacePolicy,
    /// How often the remote side is looked at when nothing changed, such as `5m` (default) or `1h30m`; 30s or more.
    /// The account's rate limit wins over it. Can be changed at any time.
    #[serde(default = "five_minutes")]
    #[schemars(length(max = 32))]
    #[x_kube(validation = Rule::new("self.matches('^([0-9]{1,9}(h|m|s|ms))+$') && duration(self) >= duration('30s')").message("syncInterval must be a duration of 30s or more, such as 30s, 5m or 1h30m"))]
    pub sync_interval: String,
    /// JSON paths below `forProvider`, such as `description` or `advanced.kafkaToKafka.topics`, that are neither
    /// compared nor updated: what another tool set there stays. Can be changed at any time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(min = 1, max = 256)))]
    pub ignore_fields: Vec<String>,
    /// Takes over this existing remote job instead of creating one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopt: Option<Adopt>,
}

fn five_minutes() -> String {
    "5m".into()
}

impl JobPolicy {
    /// The sync interval; five minutes when it cannot be read, which admission rules out.
    pub fn interval(&self) -> Duration {
        duration(&self.sync_interval).unwrap_or(Duration::from_mins(5))
    }
}

/// Reads a duration as Kubernetes writes it, such as `1h30m` or `500ms`; `None` when it is none.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at(digits);
        let unit = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit);
        let number: u64 = number.parse().ok()?;
        let part = match unit {
            "h" => Duration::from_secs(number.checked_mul(3600)?),
            "m" => Duration::from_secs(number.checked_mul(60)?),
            "s" => Duration::from_secs(number),
            "ms" => Duration::from_millis(number),
            _ => return None,
        };
        total = total.checked_add(part)?;
        rest = tail;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_kubernetes_writes_them() {
        assert_eq!(duration("1h30m"), Some(Duration::from_mins(90)));
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(
            (duration(""), duration("5"), duration("5d"), duration("m")),
            (None, None, None, None)
        );
    }
}
