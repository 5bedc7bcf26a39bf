//! What all vendor clients share: transport, signing, limits and faults. Names no Kubernetes and no kind of job.
mod breaker;
mod bucket;
pub mod call;
pub mod credentials;
pub mod endpoint;
pub mod error;
mod error_body;
mod exchange;
pub mod finding;
pub mod gate;
pub mod huawei;
pub mod limit;
mod meaning;
pub mod observer;
pub mod options;
mod own;
mod redact;
mod renewed;
mod session;
pub mod settings;
mod standing;
pub mod tencent;
pub mod transport;

pub use call::{Answer, Call, PathSegments, VendorError};
pub use credentials::{CredentialSource, Credentials, CredentialsError, Provider};
pub use error::{Fault, RemoteError};
pub use gate::{Gate, WritePermit};
pub use limit::{Budget, Rate};
pub use observer::{CallObserver, Unobserved};
pub use options::RemoteOptions;
pub use settings::{OpenError, Settings, Surroundings};
pub use standing::Standings;

use std::sync::Arc;

/// One account at one vendor, as it is called: credentials, endpoints, and a share in their budgets and their breaker.
/// Cheap to clone.
#[derive(Clone, Debug)]
pub enum Cloud {
    /// Huawei Cloud.
    Huawei(Arc<huawei::HuaweiCloud>),
    /// Tencent Cloud.
    Tencent(Arc<tencent::TencentCloud>),
}

/// What is known about an account whose credentials work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFacts {
    /// The project that jobs are kept in, at a vendor that has projects.
    pub project_id: Option<String>,
    /// The account's id, where the credentials may see it.
    pub account_id: Option<String>,
}

impl Cloud {
    /// Opens an account. Sends nothing; `verify` does.
    ///
    /// # Errors
    /// What the settings say cannot be used as it is.
    pub fn open(provider: Provider, settings: Settings) -> Result<Self, OpenError> {
        Ok(match provider {
            Provider::HuaweiCloud => Self::Huawei(Arc::new(huawei::HuaweiCloud::open(settings)?)),
            Provider::TencentCloud => Self::Tencent(Arc::new(tencent::TencentCloud::open(settings)?)),
        })
    }

    /// Proves that the credentials work, with one cheap call.
    pub async fn verify(&self) -> Result<AccountFacts, RemoteError> {
        match self {
            Self::Huawei(cloud) => cloud.verify().await,
            Self::Tencent(cloud) => cloud.verify().await,
        }
    }

    /// Takes the place of an earlier connection of the same account. A refused credential that both use is tried once
    /// more, because whoever changed the account may have mended the reason.
    pub fn succeed(&self, earlier: &Self) {
        match (self, earlier) {
            (Self::Huawei(cloud), Self::Huawei(earlier)) => cloud.share().succeed(earlier.share()),
            (Self::Tencent(cloud), Self::Tencent(earlier)) => cloud.share().succeed(earlier.share()),
            (Self::Huawei(_), Self::Tencent(_)) | (Self::Tencent(_), Self::Huawei(_)) => {}
        }
    }

    /// What each operation that was used may still send at once, whichever account with the same credential sends it.
    pub fn budgets(&self) -> Vec<Budget> {
        match self {
            Self::Huawei(cloud) => cloud.budgets(),
            Self::Tencent(cloud) => cloud.budgets(),
        }
    }
}
