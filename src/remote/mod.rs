//! What all vendor clients share: transport, signing, limits and faults. Names no Kubernetes and no kind of job.
mod breaker;
mod bucket;
pub mod call;
pub mod credentials;
pub mod error;
mod error_body;
mod exchange;
pub mod gate;
pub mod huawei;
pub mod limit;
pub mod observer;
pub mod options;
mod redact;
mod renewed;
pub mod transport;

pub use call::{Answer, Call, PathSegments, VendorError};
pub use credentials::{CredentialSource, Credentials, CredentialsError, Provider};
pub use error::{Fault, RemoteError};
pub use gate::{Gate, WritePermit};
pub use huawei::AccountFacts;
pub use limit::{Budget, Rate};
pub use observer::{CallObserver, Unobserved};
pub use options::RemoteOptions;

use std::sync::Arc;

/// One account at one vendor, as it is called: credentials, endpoints, budgets and breaker. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Cloud {
    /// Huawei Cloud.
    Huawei(Arc<huawei::HuaweiCloud>),
}

impl Cloud {
    /// Proves that the credentials work, with one cheap call.
    pub async fn verify(&self) -> Result<AccountFacts, RemoteError> {
        match self {
            Self::Huawei(cloud) => cloud.verify().await,
        }
    }

    /// What each operation that was used may still send at once.
    pub fn budgets(&self) -> Vec<Budget> {
        match self {
            Self::Huawei(cloud) => cloud.budgets(),
        }
    }
}
