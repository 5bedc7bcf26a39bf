//! What a CDM link means: wish, sight, their normal form and what comes next. Pure: no I/O, no clock.
mod request;

pub use request::body;

use super::resource::CdmLink;
use super::wire::LinkInfo;
use crate::api::reference::SecretKeyRef;
use crate::api::status::Effect;
use crate::engine::kind::Desired;
use crate::engine::kind::Invalid;
use crate::engine::kind::MoveKind;
use crate::engine::kind::Next;
use crate::engine::kind::Observed;
use crate::engine::kind::Wish;
use crate::kinds::cdm::inputs::{self, Inputs};
use crate::kinds::cdm::name::name;
use k8s_openapi::jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A link in its normal form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// The name.
    pub name: String,
    /// The connector.
    pub connector_name: String,
    /// Whether jobs may use it; none leaves it as it is.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// The inputs.
    #[serde(flatten)]
    pub inputs: Inputs,
}

/// What only this kind observes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// What the console keeps beside the inputs.
    pub extended: Option<Value>,
}

/// One request besides create and delete.
#[derive(Clone, Debug, PartialEq)]
pub enum Move {
    /// Replaces the inputs as a whole; the service tests the connection again.
    Update {
        /// What is sent.
        definition: Box<Definition>,
    },
}

/// The wish.
///
/// # Errors
/// When the name breaks the vendor's rule: an object may be older than admission's.
pub fn desired(resource: &CdmLink) -> Result<Desired<Definition>, Invalid> {
    let spec = &resource.spec.for_provider;
    let name = name(spec.name.as_deref(), resource.metadata.name.as_deref())?;
    Ok(Desired {
        name: name.clone(),
        definition: Definition {
            name,
            connector_name: spec.connector_name.clone(),
            enabled: spec.enabled,
            inputs: Inputs::desired(&spec.inputs),
        },
        run_state: None,
    })
}

/// Every secret that the spec names.
pub fn secrets(resource: &CdmLink) -> Vec<(String, SecretKeyRef)> {
    inputs::secrets("", &resource.spec.for_provider.inputs)
}

/// One link as the service shows it; `None` when it does not even say which.
pub fn observed(link: LinkInfo) -> Option<Observed<Definition, Facts>> {
    let name = link.name?;
    let values = link.link_config_values;
    let extended = values.as_ref().and_then(|values| values.extended_configs.clone());
    Some(Observed {
        id: name.clone(),
        definition: link
            .connector_name
            .zip(values)
            .map(|(connector_name, values)| Definition {
                name: name.clone(),
                connector_name,
                enabled: Some(link.enabled.unwrap_or(true)),
                inputs: Inputs::observed(&values),
            })
            .map(Box::new),
        name,
        mark: None,
        created_at: link
            .creation_date
            .and_then(|time| Timestamp::from_millisecond(time).ok()),
        state: String::new(),
        failure: None,
        facts: Facts { extended },
    })
}

/// A link that was just made: the answer names it and no more.
pub fn created(name: String) -> Observed<Definition, Facts> {
    Observed {
        id: name.clone(),
        name,
        mark: None,
        created_at: None,
        state: String::new(),
        definition: None,
        failure: None,
        facts: Facts::default(),
    }
}

/// What to do next.
pub fn next(wish: &Wish<'_, Definition>) -> Next<Move> {
    if wish.changes.is_empty() {
        return Next::Agreed;
    }
    Next::Do(Move::Update {
        definition: Box::new(wish.definition.clone()),
    })
}

/// What a move is, for plans.
pub const fn describe(step: &Move) -> MoveKind {
    match step {
        Move::Update { .. } => MoveKind::Update,
    }
}

/// What changing the field at this path costs: `Cdm.0039` forbids another name.
pub fn effect(path: &str) -> Effect {
    match path {
        "clusterId" | "name" | "connectorName" => Effect::Replace,
        _ => Effect::InPlace,
    }
}

/// What is gone back to the service's default when the spec does not name it any more.
pub fn is_removable(path: &str) -> bool {
    ["config.", "mapConfig.", "secretConfig."]
        .iter()
        .any(|block| path.starts_with(block))
}

#[cfg(test)]
mod tests;
