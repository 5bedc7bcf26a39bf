//! The operator's own identity: keys from the environment, the machine's metadata service or the pod's identity.
use super::metadata::{self, METADATA_KEYS};
use crate::remote::RemoteError;
use crate::remote::credentials::{Credentials, CredentialsError, HuaweiKeys, Provider};
use crate::remote::own;
use crate::remote::renewed::{Fetched, Renewed};
use crate::remote::transport::{Request, Transport, WireAnswer};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

const POD_TIMEOUT: Duration = Duration::from_secs(5);
/// What a machine or pod is given an identity by.
pub(super) const AGENCY: &str = "an agency";
const POD_KEYS: &str = "AssumeAgencyForPodIdentity";

/// Where keys are fetched.
#[derive(Debug)]
pub(super) enum Own {
    Metadata {
        base: Url,
        transport: Transport,
        token: Box<Renewed<Option<SecretString>>>,
    },
    Pod {
        url: Url,
        token_file: PathBuf,
        transport: Transport,
    },
}

#[derive(Deserialize)]
struct MetadataAnswer {
    credential: MetadataKeys,
}

#[derive(Deserialize)]
struct MetadataKeys {
    access: String,
    secret: String,
    securitytoken: String,
    expires_at: jiff::Timestamp,
}

#[derive(Deserialize)]
struct PodAnswer {
    credentials: PodKeys,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PodKeys {
    access_key_id: String,
    secret_access_key: String,
    security_token: String,
    expiration: jiff::Timestamp,
}

/// Terraform's words, or if the environment holds none of those, the SDK's.
pub(super) fn from_environment(
    variables: &BTreeMap<String, String>,
) -> Result<Credentials, CredentialsError> {
    const TERRAFORM: [(&str, &str); 6] = [
        ("accessKey", "HW_ACCESS_KEY"),
        ("secretKey", "HW_SECRET_KEY"),
        ("securityToken", "HW_SECURITY_TOKEN"),
        ("userName", "HW_USER_NAME"),
        ("password", "HW_USER_PASSWORD"),
        ("domainName", "HW_DOMAIN_NAME"),
    ];
    const SDK: [(&str, &str); 3] = [
        ("accessKey", "HUAWEICLOUD_SDK_AK"),
        ("secretKey", "HUAWEICLOUD_SDK_SK"),
        ("securityToken", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ];
    own::from_environment(Provider::HuaweiCloud, &[&TERRAFORM, &SDK], variables)
}

impl Own {
    pub(super) fn metadata(base: Url, transport: Transport) -> Self {
        Self::Metadata {
            base,
            transport,
            token: Box::new(Renewed::new()),
        }
    }

    pub(super) const fn operation(&self) -> &'static str {
        match self {
            Self::Metadata { .. } => METADATA_KEYS,
            Self::Pod { .. } => POD_KEYS,
        }
    }

    pub(super) async fn fetch(&self) -> Result<Fetched<HuaweiKeys>, RemoteError> {
        match self {
            Self::Metadata {
                base,
                transport,
                token,
            } => {
                let answer = metadata::machine_keys(base, transport, token).await?;
                let keys: MetadataAnswer = own::parsed(METADATA_KEYS, &answer)?;
                let keys = keys.credential;
                Ok(fetched(
                    &answer,
                    [keys.access, keys.secret, keys.securitytoken],
                    keys.expires_at,
                ))
            }
            Self::Pod {
                url,
                token_file,
                transport,
            } => {
                let answer = pod_keys(url, token_file, transport).await?;
                let keys: PodAnswer = own::parsed(POD_KEYS, &answer)?;
                let keys = keys.credentials;
                Ok(fetched(
                    &answer,
                    [keys.access_key_id, keys.secret_access_key, keys.security_token],
                    keys.expiration,
                ))
            }
        }
    }
}

async fn pod_keys(url: &Url, token_file: &Path, transport: &Transport) -> Result<WireAnswer, RemoteError> {
    let token = own::pod_token(POD_KEYS, token_file)?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(AUTHORIZATION, own::secret_value(POD_KEYS, &token)?);
    let request = Request {
        method: Method::POST,
        url: url.clone(),
        headers,
        body: b"{}".to_vec(),
    };
    let answer = own::sent(POD_KEYS, transport, request, POD_TIMEOUT).await?;
    own::accepted(POD_KEYS, AGENCY, answer)
}

fn fetched(
    answer: &WireAnswer,
    [access_key, secret_key, token]: [String; 3],
    expires: jiff::Timestamp,
) -> Fetched<HuaweiKeys> {
    Fetched {
        value: HuaweiKeys {
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            security_token: Some(token.into()),
        },
        lifetime: Some(own::lifetime(answer, expires)),
    }
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
