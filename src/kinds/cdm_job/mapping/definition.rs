//! A CDM job in its normal form: wish and sight are compared field by field.
use crate::kinds::cdm::inputs::{Inputs, Texts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The job. It serialises to the paths below `spec.forProvider`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// The name, which is also the vendor's id.
    pub name: String,
    /// The vendor's word for what is copied.
    pub job_type: String,
    /// The source.
    pub from: End,
    /// The destination.
    pub to: End,
    /// Inputs by configuration, without its name in front.
    #[serde(default)]
    pub driver: BTreeMap<String, Texts>,
}

/// One end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// The remote link.
    pub link_name: String,
    /// Its connector.
    pub connector_name: String,
    /// The inputs.
    #[serde(flatten)]
    pub inputs: Inputs,
}

/// What counts as the definition of a run: all but the name. Its hash is kept in status over releases, so what it is made
/// of must stay as it is.
pub fn as_run(definition: &Definition) -> Definition {
    Definition {
        name: String::new(),
        ..definition.clone()
    }
}
