//! What an account says about itself and what the process finds around itself; nothing is sent here.
use super::RemoteOptions;
use super::credentials::{CredentialSource, CredentialsError};
use super::endpoint::EndpointError;
use super::limit::{Rate, RateError};
use super::observer::{CallObserver, Unobserved};
use super::standing::Standings;
use super::transport::TransportError;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use thiserror::Error;
use url::Url;

/// An account to open, at whichever vendor.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The region, such as `cn-north-4`.
    pub region: String,
    /// The project id, at a vendor that keeps jobs in projects; looked up by region when absent.
    pub project_id: Option<String>,
    /// Who calls.
    pub credentials: CredentialSource,
    /// Full addresses by service name (`iam`, `eg`, `dms`, `cdm`, `ckafka`, `sts`) in place of the vendor's.
    pub endpoints: BTreeMap<String, Url>,
    /// Paces by service name in place of the defaults; each holds for every operation of that service.
    pub rate_limit: BTreeMap<String, Rate>,
    /// Certificates to trust besides the system's, in PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// The settings of the process.
    pub options: RemoteOptions,
    /// Hears of every request.
    pub observer: Arc<dyn CallObserver>,
    /// Where accounts with the same credential find the breaker and the budgets that they share.
    pub standings: Arc<Standings>,
}

/// What the process finds around itself; other than the real one only in tests.
#[derive(Clone)]
pub struct Surroundings {
    /// The environment.
    pub variables: BTreeMap<String, String>,
    /// Where the machine's metadata service is, if not where the vendor has it.
    pub metadata: Option<Url>,
}

/// Why an account cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The credentials belong to another vendor.
    #[error("these are no credentials of {0}")]
    Provider(&'static str),
    /// The operator's own identity would be sent to an address that the account chose.
    #[error("the operator's own identity is not used together with endpoints of one's own")]
    OwnIdentityElsewhere,
    /// The environment holds no credentials.
    #[error("the environment holds no credentials: {accepted} are read")]
    Environment {
        /// What is read.
        accepted: &'static str,
        /// What is missing.
        #[source]
        source: CredentialsError,
    },
    /// The pod has no identity.
    #[error("the pod has no identity: {0} are not all set to what they should be")]
    PodIdentity(&'static str),
    /// An address cannot be used.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A pace cannot be kept.
    #[error(transparent)]
    Rate(#[from] RateError),
    /// No client could be made.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl Settings {
    /// Settings with everything that may be absent absent.
    pub fn new(region: impl Into<String>, credentials: CredentialSource) -> Self {
        Self {
            region: region.into(),
            project_id: None,
            credentials,
            endpoints: BTreeMap::new(),
            rate_limit: BTreeMap::new(),
            ca_pem: None,
            options: RemoteOptions::default(),
            observer: Arc::new(Unobserved),
            standings: Arc::default(),
        }
    }

    /// The operator's own identity goes to the vendor and nowhere else, whatever an account says.
    pub(crate) fn keep_own_identity(&self) -> Result<(), OpenError> {
        match self.credentials {
            CredentialSource::Given(_) => Ok(()),
            CredentialSource::Environment
            | CredentialSource::InstanceMetadata
            | CredentialSource::PodIdentity
                if self.endpoints.is_empty() =>
            {
                Ok(())
            }
            CredentialSource::Environment
            | CredentialSource::InstanceMetadata
            | CredentialSource::PodIdentity => Err(OpenError::OwnIdentityElsewhere),
        }
    }
}

impl Surroundings {
    /// The real ones.
    pub fn of_process() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self {
            variables: variables.collect(),
            metadata: None,
        }
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}
