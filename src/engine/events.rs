//! Events of objects. Each is published as it is, and none is remembered; publishing never fails a pass.
use k8s_openapi::api::core::v1::ObjectReference;
use kube::Client;
use kube::runtime::events::{Event, Recorder, Reporter};

/// Publishes events under the operator's name.
pub struct Events {
    client: Client,
    reporter: Reporter,
}

impl Events {
    /// Publishes through this client.
    pub fn new(client: Client, controller: &str) -> Self {
        let reporter = Reporter {
            controller: controller.into(),
            instance: None,
        };
        Self { client, reporter }
    }

    /// Publishes one event. An event that is lost is no reason to fail a pass.
    pub async fn publish(&self, event: &Event, regarding: &ObjectReference) {
        // One recorder for all would keep each event for minutes, and go through all of them for every new one.
        let recorder = Recorder::new(self.client.clone(), self.reporter.clone());
        if let Err(error) = recorder.publish(event, regarding).await {
            tracing::warn!(%error, "Event could not be published");
        }
    }
}
