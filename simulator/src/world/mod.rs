//! The world: who may call, what exists beforehand, and how the open points of the vendors' pages are decided.

mod cdm;
mod dms;
mod entries;
mod switches;
mod tencent;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use cdm::switches::CdmSwitches;
pub(crate) use cdm::words::{
    AddedInputs, CdmAct, CdmColumn, CreateAnswer, CreateErrorTail, DeletedHistory, EmptyInputs, Encoding,
    Findings, LastUpdateUser, LinkInUse, LinkTest, LinkUpdateAnswer, Merge, MissingOnDelete, MissingOnUpdate,
    OmittedSecret, Outcome, OverRunningTasks, ProgressScale, SecretEcho, StatusAfterUpdate, StopAnswer,
    Strictness, SubmissionIds,
};
pub(crate) use cdm::{Cdm, CdmCluster, CdmLink};
pub(crate) use dms::{Credentials, DmsSwitches, ListOrder, Newline, Omitted, TaskAct, TaskColumn, Unused};
pub(crate) use entries::{Cluster, EventGrid, Huawei, Instance, Kafka, Project, User};
pub(crate) use switches::{
    Absent, Act, Cell, Clearing, Code, Column, EventGridSwitches, Gone, Immutable, Limiter, PasswordEcho,
    Past, Style, Switches, TokenRefusal,
};
pub(crate) use tencent::{
    Ckafka, CkafkaSwitches, EmptyText, ExtraParams, LimitedPer, Order as RowOrder, Role, Secrets, Tencent,
    TencentSwitches, TencentUser, Unknown,
};

/// Everything that is given from outside.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct World {
    /// Huawei Cloud accounts.
    pub(crate) huawei: Huawei,
    /// `EventGrid`.
    pub(crate) event_grid: EventGrid,
    /// DMS for Kafka.
    pub(crate) kafka: Kafka,
    /// Cloud Data Migration.
    pub(crate) cdm: Cdm,
    /// Tencent Cloud.
    pub(crate) tencent: Tencent,
    /// `CKafka` of Tencent Cloud.
    pub(crate) ckafka: Ckafka,
    /// Decisions about open points.
    pub(crate) switches: Switches,
}

impl World {
    /// Reads a world; what is left out takes the default, arrays are taken whole.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let given: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        Self::default().merged(&given)
    }

    /// This world with members replaced: objects member by member, arrays and the rest whole.
    pub(crate) fn merged(&self, given: &Value) -> Result<Self, String> {
        if !given.is_object() {
            return Err("an object is expected".to_owned());
        }
        let mut whole = serde_json::to_value(self).map_err(|e| e.to_string())?;
        overlay(&mut whole, given);
        serde_json::from_value(whole).map_err(|e| e.to_string())
    }

    /// The world as JSON text.
    pub(crate) fn pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

fn overlay(whole: &mut Value, given: &Value) {
    match (whole, given) {
        (Value::Object(whole), Value::Object(given)) => {
            for (name, value) in given {
                overlay(whole.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (whole, given) => *whole = given.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_world_takes_the_defaults() {
        let world = World::parse(r#"{"switches": {"eventGrid": {"defaultLimit": 20}}}"#).unwrap();
        assert_eq!(world.switches.event_grid.default_limit, 20);
        assert_eq!(world.huawei, Huawei::default());
    }

    #[test]
    fn an_unknown_member_is_refused_by_name() {
        let refused = World::parse(r#"{"switches": {"evntGrid": {}}}"#).unwrap_err();
        assert!(refused.contains("evntGrid"), "{refused}");
    }

    #[test]
    fn a_printed_world_is_taken_back() {
        assert_eq!(
            World::parse(&World::default().pretty()).unwrap(),
            World::default()
        );
    }
}
