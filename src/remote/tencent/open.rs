//! Opens an account of Tencent Cloud: what its settings say is checked; nothing is sent here.
use super::TencentCloud;
use super::identity::Identity;
use super::own::{self, Own, Pod};
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

/// The vendor lets 20 requests of an action through in a second: with these two no second sees more.
const PACE: Rate = Rate {
    requests_per_second: 15.0,
    burst: 4,
};
const PACES: Paces = Paces {
    published: &[],
    read: PACE,
    write: PACE,
};
const METADATA: &str = "http://metadata.tencentyun.com/";
const STS: &str = "https://sts.tencentcloudapi.com/";
const POD_VARIABLES: &str = "TKE_REGION, TKE_PROVIDER_ID, TKE_ROLE_ARN and TKE_WEB_IDENTITY_TOKEN_FILE";
const ENVIRONMENT: &str =
    "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (and TENCENTCLOUD_SECURITY_TOKEN for temporary keys)";

impl TencentCloud {
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
        let transport = Transport::new(&options, settings.ca_pem.as_deref())?;
        let identity = identity(
            settings.credentials,
            surroundings,
            &transport,
            options.connect_timeout,
        )?;
        let parts = identity.parts();
        let credential = Credential::new("tencent", &settings.region, &settings.endpoints, &parts);
        let retry = matches!(identity, Identity::Own(..)).then_some(RETRY);
        let fresh = || (Breaker::new(options.request_timeout, retry), Limits::new(PACES));
        let share = settings.standings.join(credential, settings.rate_limit, fresh)?;
        Ok(Self {
            endpoints: Endpoints::new(&settings.region, host, settings.endpoints)?,
            region: settings.region,
            line: Line {
                transport,
                share,
                observer: settings.observer,
                timeout: options.request_timeout,
            },
            identity,
        })
    }
}

/// One host serves all regions, which a header names; the finance zones are apart.
fn host(service: &str, region: &str) -> String {
    if region.ends_with("-fsi") {
        format!("{service}.{region}.tencentcloudapi.com")
    } else {
        format!("{service}.tencentcloudapi.com")
    }
}

fn identity(
    source: CredentialSource,
    surroundings: &Surroundings,
    transport: &Transport,
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
            Ok(renewed(Own::Machine { base, transport }))
        }
        CredentialSource::PodIdentity => {
            let variable = |name: &str| {
                let found = surroundings.variables.get(name).cloned();
                found.ok_or(OpenError::PodIdentity(POD_VARIABLES))
            };
            Ok(renewed(Own::Pod(Pod {
                sts: STS.parse().map_err(|_| EndpointError::Address)?,
                region: variable("TKE_REGION")?,
                provider_id: variable("TKE_PROVIDER_ID")?,
                role_arn: variable("TKE_ROLE_ARN")?,
                token_file: variable("TKE_WEB_IDENTITY_TOKEN_FILE")?.into(),
                transport: transport.clone(),
            })))
        }
    }
}

fn renewed(own: Own) -> Identity {
    Identity::Own(Box::new((own, Renewed::new())))
}

fn given(credentials: Credentials) -> Result<Identity, OpenError> {
    match credentials {
        Credentials::TencentKeys(keys) => Ok(Identity::Keys(Arc::new(keys))),
        Credentials::HuaweiKeys(_) | Credentials::HuaweiPassword(_) => {
            Err(OpenError::Provider("Tencent Cloud"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_serves_all_regions_but_the_finance_zones() {
        assert_eq!(host("ckafka", "ap-guangzhou"), "ckafka.tencentcloudapi.com");
        assert_eq!(host("sts", "eu-frankfurt"), "sts.tencentcloudapi.com");
        assert_eq!(
            host("ckafka", "ap-shanghai-fsi"),
            "ckafka.ap-shanghai-fsi.tencentcloudapi.com"
        );
    }
}
