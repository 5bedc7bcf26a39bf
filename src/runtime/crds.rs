//! The custom resource definitions as text, and the wait for a cluster to serve them.
use super::health::Check;
use crate::api::{GROUP, VERSION};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::Client;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

/// All definitions as one stream of YAML documents, in the order of their names. The same input is the same text.
pub fn print(definitions: &[CustomResourceDefinition]) -> Result<String, serde_saphyr::ser::Error> {
    let mut sorted: Vec<&CustomResourceDefinition> = definitions.iter().collect();
    sorted.sort_by_key(|definition| definition.metadata.name.as_deref());
    // Without block scalars every text stays on its line, as generators of other languages write it.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    let mut page = String::new();
    for definition in sorted {
        page.push_str("---\n");
        serde_saphyr::to_fmt_writer_with_options(&mut page, definition, options.clone())?;
    }
    Ok(page)
}

/// Waits until the API server serves the definition of every plural, however long that takes, and says what is missing.
/// It asks discovery, which lists a definition once it is established and which every account may read.
pub async fn wait(client: &Client, plurals: &BTreeSet<String>, check: &Check) {
    let mut said = String::new();
    for pause in pauses() {
        let missing = look(client, plurals).await;
        let Some(missing) = missing else { break };
        check.fail(missing.as_str());
        if missing != said {
            warn!(missing, "waiting for the custom resource definitions");
            said = missing;
        }
        sleep(pause).await;
    }
    info!("the custom resource definitions are served");
    check.pass("served");
}

/// One second, doubled up to sixteen.
fn pauses() -> impl Iterator<Item = Duration> {
    (0..4)
        .chain(std::iter::repeat(4))
        .map(|power| Duration::from_secs(1 << power))
}

/// What is missing, or `None`.
async fn look(client: &Client, wanted: &BTreeSet<String>) -> Option<String> {
    let path = format!("{GROUP}/{VERSION}");
    let answer = timeout(Duration::from_secs(10), client.list_api_group_resources(&path)).await;
    let served = match answer {
        Err(_) => return Some("the API server does not answer".into()),
        // An unknown group is answered in plain text, so that there is no reason to go by.
        Ok(Err(kube::Error::Api(status))) if status.code == 404 => BTreeSet::new(),
        Ok(Err(kube::Error::Api(status))) => return Some(status.message),
        Ok(Err(error)) => return Some(super::telemetry::chain(&error)),
        Ok(Ok(list)) => list.resources.into_iter().map(|resource| resource.name).collect(),
    };
    let missing: Vec<String> = wanted
        .iter()
        .filter(|plural| !served.contains(*plural))
        .map(|plural| format!("{plural}.{GROUP}"))
        .collect();
    (!missing.is_empty()).then(|| format!("not served in version {VERSION}: {}", missing.join(", ")))
}
