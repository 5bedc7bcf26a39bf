//! One link as it is held.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::values::Values;
use crate::ledger::Acts;
use crate::world::World;

/// One link.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Link {
    /// Order of creation, answered as `id`.
    pub(super) seq: u64,
    /// Cluster it is in.
    pub(super) cluster: String,
    /// Name.
    pub(super) name: String,
    /// Connector name.
    pub(super) connector: String,
    /// Values by full input name.
    pub(super) values: Values,
    /// `extended-configs`, passed through.
    pub(super) extended: Option<Value>,
    /// Whether jobs may use it.
    pub(super) enabled: bool,
    /// Whether its data source can be reached, when someone's hand decided it.
    pub(super) reachable: Option<bool>,
    /// Wall time of creation, in milliseconds.
    pub(super) created: i64,
    /// Who made it.
    pub(super) creator: String,
    /// Wall time of the last update, in milliseconds.
    pub(super) updated: i64,
    /// Who changed it last.
    pub(super) updater: String,
    /// What was done to it.
    pub(super) acts: Acts,
}

impl Link {
    /// Whether its data source can be reached.
    pub(super) fn is_reachable(&self, world: &World) -> bool {
        let listed = || {
            world.cdm.unreachable.iter().any(|part| {
                let mut texts = self.values.values().filter_map(Value::as_str);
                texts.any(|text| text.contains(part.as_str()))
            })
        };
        self.reachable.unwrap_or_else(|| !listed())
    }
}
