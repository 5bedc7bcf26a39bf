//! Opens an account of Huawei Cloud: what its settings say is checked; nothing is sent here.
use super::HuaweiCloud;
use super::identity::Identity;
use super::own::{self, Own};
use super::site::Site;
use crate::remote::breaker::Breaker;
use crate::remote::credentials::{CredentialSource, Credentials};
use crate::remote::endpoint::{EndpointError, Endpoints};
use crate::remote::exchange::Line;
use crate::remote::limit::{Limits, Paces, Rate};
use crate::remote::own::RETRY;
use crate::remote::renewed::Renewed;
use crate::remote::settings::{OpenError, Settings, Surroundings};
use crate::remote::standing::Credential;
use crate::remote::transport::Transport;
use std::sync::Arc;
use std::time::Duration;

/// No limit is published for these services; what others of this vendor were seen to allow.
const PACES: Paces = Paces {
    published: &CDM,
    read: Rate {
        requests_per_second: 5.0,
        burst: 10,
    },
    write: Rate {
        requests_per_second: 10.0 / 60.0,
        burst: 10,
    },
};
/// 120 requests a minute and user, whatever minute is looked at.
const BY_MINUTE_120: Rate = Rate {
    requests_per_second: 1.8,
    burst: 12,
};
/// 1200 requests a minute and user.
const BY_MINUTE_1200: Rate = Rate {
    requests_per_second: 18.0,
    burst: 120,
};
/// The page API Limitations of CDM; every job of a user shares them.
const CDM: [(&str, &str, Rate); 13] = [
    ("cdm", "CreateJob", BY_MINUTE_1200),
    ("cdm", "StartJob", BY_MINUTE_1200),
    ("cdm", "StopJob", BY_MINUTE_1200),
    ("cdm", "ShowJobs", BY_MINUTE_120),
    ("cdm", "UpdateJob", BY_MINUTE_120),
    ("cdm", "DeleteJob", BY_MINUTE_120),
    ("cdm", "ShowJobStatus", BY_MINUTE_120),
    ("cdm", "ShowSubmissions", BY_MINUTE_120),
    ("cdm", "CreateLink", BY_MINUTE_120),
    ("cdm", "ShowLink", BY_MINUTE_120),
    ("cdm", "UpdateLink", BY_MINUTE_120),
    ("cdm", "DeleteLink", BY_MINUTE_120),
    ("cdm", "ShowClusterDetail", BY_MINUTE_120),
];
const METADATA: &str = "http://169.254.169.254/";
const POD_URL: &str = "HC_CONTAINER_CREDENTIALS_FULL_URI";
const POD_TOKEN_FILE: &str = "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE";
const POD_VARIABLES: &str = "HC_CONTAINER_CREDENTIALS_FULL_URI and HC_CONTAINER_AUTHORIZATION_TOKEN_FILE";
const ENVIRONMENT: &str = "HW_ACCESS_KEY and HW_SECRET_KEY, HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, \
    or HW_USER_NAME, HW_USER_PASSWORD and HW_DOMAIN_NAME";

impl HuaweiCloud {
    /// Opens an account. Sends nothing; `verify` does.
    ///
    /// # Errors
    /// What the settings say cannot be used as it is.
    pub fn open(settings: Settings) -> Result<Self, OpenError> {
        Self::open_in(settings, &Surroundings::of_process())
    }

    /// Opens an account in surroundings that may not be the real ones.
    ///
    /// # Errors
    /// What the settings say cannot be used as it is.
    pub fn open_in(settings: Settings, surroundings: &Surroundings) -> Result<Self, OpenError> {
        settings.keep_own_identity()?;
        let options = settings.options;
        let identity = identity(settings.credentials, surroundings, options.connect_timeout)?;
        let parts = identity.parts();
        let credential = Credential::new("huawei", &settings.region, &settings.endpoints, &parts);
        let retry = matches!(identity, Identity::Own(..)).then_some(RETRY);
        let fresh = || (Breaker::new(options.request_timeout, retry), Limits::new(PACES));
        let line = Line {
            transport: Transport::new(&options, settings.ca_pem.as_deref())?,
            share: settings.standings.join(credential, settings.rate_limit, fresh)?,
            observer: settings.observer,
            timeout: options.request_timeout,
        };
        Ok(Self {
            site: Site {
                endpoints: Endpoints::new(&settings.region, host, settings.endpoints)?,
                region: settings.region,
                project_id: settings.project_id,
                line,
            },
            identity,
            project: Renewed::new(),
            options,
        })
    }
}

/// The pattern holds for every region that is known; no table is needed, and none could be complete.
fn host(service: &str, region: &str) -> String {
    // The European site has a domain of its own; `eu-west-0` does not belong to it.
    let domain = if region.starts_with("eu-west-1") {
        "myhuaweicloud.eu"
    } else {
        "myhuaweicloud.com"
    };
    format!("{service}.{region}.{domain}")
}

fn identity(
    source: CredentialSource,
    surroundings: &Surroundings,
    connect_timeout: Duration,
) -> Result<Identity, OpenError> {
    match source {
        CredentialSource::Given(credentials) => given(credentials),
        CredentialSource::Environment => {
            let read = own::from_environment(&surroundings.variables);
            given(read.map_err(|source| OpenError::Environment {
                accepted: ENVIRONMENT,
                source,
            })?)
        }
        CredentialSource::InstanceMetadata => {
            let base = match &surroundings.metadata {
                Some(base) => base.clone(),
                None => METADATA.parse().map_err(|_| EndpointError::Address)?,
            };
            let transport = Transport::local(connect_timeout)?;
            Ok(Identity::Own(
                Box::new(Own::metadata(base, transport)),
                Renewed::new(),
            ))
        }
        CredentialSource::PodIdentity => {
            let incomplete = || OpenError::PodIdentity(POD_VARIABLES);
            let variable = |name| surroundings.variables.get(name).ok_or_else(incomplete);
            let own = Own::Pod {
                url: variable(POD_URL)?.parse().map_err(|_| incomplete())?,
                token_file: variable(POD_TOKEN_FILE)?.into(),
                transport: Transport::local(connect_timeout)?,
            };
            Ok(Identity::Own(Box::new(own), Renewed::new()))
        }
    }
}

fn given(credentials: Credentials) -> Result<Identity, OpenError> {
    match credentials {
        Credentials::HuaweiKeys(keys) => Ok(Identity::Keys(Arc::new(keys))),
        Credentials::HuaweiPassword(password) => Ok(Identity::Password(password, Renewed::new())),
        Credentials::TencentKeys(_) => Err(OpenError::Provider("Huawei Cloud")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("eg", "cn-north-4", "eg.cn-north-4.myhuaweicloud.com")]
    #[case("eg", "eu-west-101", "eg.eu-west-101.myhuaweicloud.eu")]
    #[case("dms", "eu-west-0", "dms.eu-west-0.myhuaweicloud.com")]
    #[case("cdm", "eu-west-101", "cdm.eu-west-101.myhuaweicloud.eu")]
    #[case("iam", "ap-southeast-3", "iam.ap-southeast-3.myhuaweicloud.com")]
    fn a_region_is_part_of_the_host(#[case] service: &str, #[case] region: &str, #[case] expected: &str) {
        assert_eq!(host(service, region), expected);
    }
}
