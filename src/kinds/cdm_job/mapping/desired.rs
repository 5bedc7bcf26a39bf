//! From the custom resource to the normal form, and what it refers to.
use super::definition::{Definition, End};
use crate::api::reference::SecretKeyRef;
use crate::engine::kind::Desired;
use crate::engine::kind::Invalid;
use crate::engine::kind::Reference;
use crate::engine::kind::Resolved;
use crate::kinds::cdm::inputs::{self, Inputs};
use crate::kinds::cdm::name::name;
use crate::kinds::cdm_job::resource::{CdmJob, CdmJobEnd};
use std::collections::BTreeMap;

/// The wish.
///
/// # Errors
/// When the spec breaks a rule that admission holds too: an object may be older than the rule.
pub fn desired(resource: &CdmJob, resolved: &Resolved) -> Result<Desired<Definition>, Invalid> {
    let spec = &resource.spec.for_provider;
    let name = name(spec.name.as_deref(), resource.metadata.name.as_deref())?;
    let texts = |inputs: &BTreeMap<String, String>| {
        inputs
            .iter()
            .map(|(name, value)| (name.clone(), Some(value.clone())))
            .collect()
    };
    Ok(Desired {
        name: name.clone(),
        definition: Definition {
            name,
            job_type: spec.job_type.as_str().into(),
            from: end("from", &spec.from, resolved)?,
            to: end("to", &spec.to, resolved)?,
            driver: spec
                .driver
                .iter()
                .map(|(config, inputs)| (config.clone(), texts(inputs)))
                .collect(),
        },
        run_state: None,
    })
}

/// Every secret that the spec names, by its path below `forProvider`.
pub fn secrets(resource: &CdmJob) -> Vec<(String, SecretKeyRef)> {
    let spec = &resource.spec.for_provider;
    let mut secrets = inputs::secrets("from.", &spec.from.inputs);
    secrets.extend(inputs::secrets("to.", &spec.to.inputs));
    secrets
}

/// The links that are kept by objects.
pub fn references(resource: &CdmJob) -> Vec<Reference> {
    let spec = &resource.spec.for_provider;
    [("from", &spec.from), ("to", &spec.to)]
        .into_iter()
        .filter_map(|(side, end)| {
            Some(Reference {
                path: format!("{side}.linkRef"),
                kind: "CdmLink",
                name: end.link_ref.as_ref()?.name.clone(),
            })
        })
        .collect()
}

fn end(side: &str, end: &CdmJobEnd, resolved: &Resolved) -> Result<End, Invalid> {
    let kept = resolved.get(&format!("{side}.linkRef"));
    let link_name = match (&end.link_name, &end.link_ref) {
        (Some(name), None) => Some(name),
        (None, Some(_)) => kept,
        (None, None) | (Some(_), Some(_)) => None,
    };
    Ok(End {
        link_name: link_name.cloned().ok_or_else(|| Invalid {
            field: format!("forProvider.{side}"),
            message: "set exactly one of linkName and linkRef".into(),
        })?,
        connector_name: end.connector_name.clone(),
        inputs: Inputs::desired(&end.inputs),
    })
}
