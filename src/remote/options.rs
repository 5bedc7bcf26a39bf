//! What the process decides for all remote calls; set once at start from flags.
use std::time::Duration;

/// Settings of every remote call.
#[derive(Clone, Debug)]
pub struct RemoteOptions {
    /// Bound on one whole request, connecting included.
    pub request_timeout: Duration,
    /// Bound on connecting.
    pub connect_timeout: Duration,
    /// The word that stops an `EventGrid` job; `PAUSE` unless a flag says otherwise.
    pub event_grid_stop_operation: String,
}

impl Default for RemoteOptions {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(5),
            event_grid_stop_operation: "PAUSE".into(),
        }
    }
}
