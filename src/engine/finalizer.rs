//! Putting a finalizer on and taking it off, each as one patch that loses to any other writer.
//!
//! The runtime's own helper takes the finalizer off as soon as the clean-up returns `Ok`, so that a deletion of several
//! passes would have to be reported as an error.
use kube::api::{Patch, PatchParams};
use kube::core::PartialObjectMeta;
use kube::{Api, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::fmt::Debug;

/// Whether the finalizer is on.
pub fn is_on(resource: &impl ResourceExt, name: &str) -> bool {
    resource.finalizers().iter().any(|f| f == name)
}

/// Puts it on; the answer carries the new version of the object.
///
/// # Errors
/// A conflict when the object changed since it was read.
pub async fn put_on<K>(api: &Api<K>, resource: &K, name: &str) -> Result<PartialObjectMeta<K>, kube::Error>
where
    K: Resource + Clone + DeserializeOwned + Debug,
{
    let finalizers = resource
        .finalizers()
        .iter()
        .cloned()
        .chain([name.to_owned()])
        .collect();
    patch(api, resource, finalizers).await
}

/// Takes it off.
///
/// # Errors
/// A conflict when the object changed since it was read.
pub async fn take_off<K>(api: &Api<K>, resource: &K, name: &str) -> Result<PartialObjectMeta<K>, kube::Error>
where
    K: Resource + Clone + DeserializeOwned + Debug,
{
    let finalizers = resource
        .finalizers()
        .iter()
        .filter(|f| *f != name)
        .cloned()
        .collect();
    patch(api, resource, finalizers).await
}

async fn patch<K>(
    api: &Api<K>,
    resource: &K,
    finalizers: Vec<String>,
) -> Result<PartialObjectMeta<K>, kube::Error>
where
    K: Resource + Clone + DeserializeOwned + Debug,
{
    let body =
        json!({ "metadata": { "resourceVersion": resource.resource_version(), "finalizers": finalizers } });
    api.patch_metadata(&resource.name_any(), &PatchParams::default(), &Patch::Merge(body))
        .await
}
