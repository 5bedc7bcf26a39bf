//! What an account says about itself, checked when it is opened; nothing is sent here.
use super::HuaweiCloud;
use super::endpoint::{EndpointError, Endpoints};
use super::identity::Identity;
use super::own::{self, Own};
use super::site::Site;
use crate::remote::RemoteOptions;
use crate::remote::breaker::Breaker;
use crate::remote::credentials::{CredentialSource, Credentials, CredentialsError};
use crate::remote::exchange::Line;
use crate::remote::limit::{Limits, Paces, Rate, RateError};
use crate::remote::observer::{CallObserver, Unobserved};
use crate::remote::renewed::Renewed;
use crate::remote::transport::{Transport, TransportError};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use url::Url;

/// No limit is published for these services; what others of this vendor were seen to allow.
const PACES: Paces = Paces {
    read: Rate {
        requests_per_second: 5.0,
        burst: 10,
    },
    write: Rate {
        requests_per_second: 10.0 / 60.0,
        burst: 10,
    },
};
/// Keys that come from elsewhere may become good again without a change on our side; a locked key opens after this.
const OWN_RETRY: Duration = Duration::from_mins(5);
const METADATA: &str = "http://169.254.169.254/";
const POD_URL: &str = "HC_CONTAINER_CREDENTIALS_FULL_URI";
const POD_TOKEN_FILE: &str = "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// An account to open.
#[derive(Clone, Debug)]
pub struct HuaweiSettings {
    /// The region, such as `cn-north-4`.
    pub region: String,
    /// The project id; looked up by region when absent.
    pub project_id: Option<String>,
    /// Who calls.
    pub credentials: CredentialSource,
    /// Full addresses by service name (`iam`, `eg`, `dms`, `cdm`, `sts`) in place of the vendor's.
    pub endpoints: BTreeMap<String, Url>,
    /// Paces by service name in place of the defaults; each holds for every operation of that service.
    pub rate_limit: BTreeMap<String, Rate>,
    /// Certificates to trust besides the system's, in PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// The settings of the process.
    pub options: RemoteOptions,
    /// Hears of every request.
    pub observer: Arc<dyn CallObserver>,
}

/// What the process finds around itself; other than the real one only in tests.
#[derive(Clone)]
pub struct Surroundings {
    /// The environment.
    pub variables: BTreeMap<String, String>,
    /// Where the machine's metadata service is.
    pub metadata: Option<Url>,
}

/// Why an account cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The credentials belong to another vendor.
    #[error("these are no credentials of Huawei Cloud")]
    Provider,
    /// The operator's own identity would be sent to an address that the account chose.
    #[error("the operator's own identity is not used together with endpoints of one's own")]
    OwnIdentityElsewhere,
    /// The environment holds no credentials.
    #[error(
        "the environment holds no credentials: HW_ACCESS_KEY and HW_SECRET_KEY, HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, \
         or HW_USER_NAME, HW_USER_PASSWORD and HW_DOMAIN_NAME are read"
    )]
    Environment(#[source] CredentialsError),
    /// The pod has no identity.
    #[error(
        "the pod has no identity: {POD_URL} and {POD_TOKEN_FILE} are not both set to what they should be"
    )]
    PodIdentity,
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

impl HuaweiSettings {
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
            metadata: METADATA.parse().ok(),
        }
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

impl HuaweiCloud {
    /// Opens an account. Sends nothing; `verify` does.
    ///
    /// # Errors
    /// What the settings say cannot be used as it is.
    pub fn open(settings: HuaweiSettings) -> Result<Self, OpenError> {
        Self::open_in(settings, &Surroundings::of_process())
    }

    /// Opens an account in surroundings that may not be the real ones.
    ///
    /// # Errors
    /// What the settings say cannot be used as it is.
    pub fn open_in(settings: HuaweiSettings, surroundings: &Surroundings) -> Result<Self, OpenError> {
        let is_own = !matches!(settings.credentials, CredentialSource::Given(_));
        if is_own && !settings.endpoints.is_empty() {
            return Err(OpenError::OwnIdentityElsewhere);
        }
        let identity = identity(settings.credentials, surroundings, &settings.options)?;
        let options = settings.options;
        let line = Line {
            transport: Transport::new(&options, settings.ca_pem.as_deref())?,
            limits: Limits::new(PACES, settings.rate_limit)?,
            observer: settings.observer,
            timeout: options.request_timeout,
        };
        let retry = matches!(identity, Identity::Own(..)).then_some(OWN_RETRY);
        Ok(Self {
            site: Site {
                endpoints: Endpoints::new(&settings.region, settings.endpoints)?,
                region: settings.region,
                project_id: settings.project_id,
                line,
                breaker: Breaker::new(options.request_timeout, retry),
            },
            identity,
            project: Renewed::new(),
            options,
        })
    }
}

fn identity(
    source: CredentialSource,
    surroundings: &Surroundings,
    options: &RemoteOptions,
) -> Result<Identity, OpenError> {
    match source {
        CredentialSource::Given(credentials) => given(credentials),
        CredentialSource::Environment => {
            given(own::from_environment(&surroundings.variables).map_err(OpenError::Environment)?)
        }
        CredentialSource::InstanceMetadata => {
            let base = surroundings.metadata.clone().ok_or(EndpointError::Address)?;
            let transport = Transport::local(options.connect_timeout)?;
            Ok(Identity::Own(
                Box::new(Own::metadata(base, transport)),
                Renewed::new(),
            ))
        }
        CredentialSource::PodIdentity => {
            let variable = |name| surroundings.variables.get(name).ok_or(OpenError::PodIdentity);
            let own = Own::Pod {
                url: variable(POD_URL)?.parse().map_err(|_| OpenError::PodIdentity)?,
                token_file: variable(POD_TOKEN_FILE)?.into(),
                transport: Transport::local(options.connect_timeout)?,
            };
            Ok(Identity::Own(Box::new(own), Renewed::new()))
        }
    }
}

fn given(credentials: Credentials) -> Result<Identity, OpenError> {
    match credentials {
        Credentials::HuaweiKeys(keys) => Ok(Identity::Keys(Arc::new(keys))),
        Credentials::HuaweiPassword(password) => Ok(Identity::Password(password, Renewed::new())),
        Credentials::TencentKeys(_) => Err(OpenError::Provider),
    }
}
