//! The operator's own identity: keys from the environment, the machine's metadata service or the pod's identity.
use super::metadata::{self, METADATA_KEYS};
use crate::remote::credentials::{Credentials, CredentialsError, HuaweiKeys, Provider};
use crate::remote::renewed::{Fetched, Renewed};
use crate::remote::transport::{Request, Transport, WireAnswer};
use crate::remote::{Fault, RemoteError};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

const POD_TIMEOUT: Duration = Duration::from_secs(5);
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

/// Reads the credentials that the environment holds, in Terraform's words or, if it holds none of those, the SDK's.
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
    let taken = |words: &[(&str, &str)]| -> BTreeMap<String, Vec<u8>> {
        let values = words.iter().filter_map(|(key, variable)| {
            let value = variables
                .get(*variable)
                .filter(|value| !value.trim().is_empty())?;
            Some(((*key).to_owned(), value.clone().into_bytes()))
        });
        values.collect()
    };
    let terraform = taken(&TERRAFORM);
    // An account name alone says nothing about who calls.
    let holds_any = terraform.keys().any(|key| key != "domainName");
    let data = if holds_any { terraform } else { taken(&SDK) };
    Credentials::from_secret(Provider::HuaweiCloud, &data)
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
                let keys: MetadataAnswer = parsed(METADATA_KEYS, &answer)?;
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
                let keys: PodAnswer = parsed(POD_KEYS, &answer)?;
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

async fn pod_keys(url: &Url, token_file: &PathBuf, transport: &Transport) -> Result<WireAnswer, RemoteError> {
    // The cluster replaces the file while the pod runs, so it is read every time.
    let token = std::fs::read_to_string(token_file).map_err(|error| RemoteError {
        source: Some(Box::new(error)),
        ..RemoteError::new(
            POD_KEYS,
            Fault::Transient,
            "the token file of the pod cannot be read",
        )
    })?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(AUTHORIZATION, secret_value(POD_KEYS, token.trim())?);
    let request = Request {
        method: Method::POST,
        url: url.clone(),
        headers,
        body: b"{}".to_vec(),
    };
    accepted(POD_KEYS, sent(POD_KEYS, transport, request, POD_TIMEOUT).await?)
}

pub(super) async fn sent(
    operation: &'static str,
    transport: &Transport,
    request: Request,
    timeout: Duration,
) -> Result<WireAnswer, RemoteError> {
    let answer = transport.send(request, timeout).await;
    answer.map_err(|lost| RemoteError {
        source: Some(Box::new(lost)),
        ..RemoteError::new(
            operation,
            Fault::Transient,
            "the source of the operator's own identity does not answer",
        )
    })
}

pub(super) fn accepted(operation: &'static str, answer: WireAnswer) -> Result<WireAnswer, RemoteError> {
    let fault = match answer.status {
        200..=299 => return Ok(answer),
        401 | 403 | 404 => Fault::Unauthorized,
        429 => Fault::Throttled {
            retry_after: answer.retry_after(),
        },
        _ => Fault::Transient,
    };
    // The body may hold a token, so it is not shown.
    let message = format!(
        "answered {}: check that an agency is attached to this machine or service account",
        answer.status
    );
    Err(RemoteError::new(operation, fault, message))
}

fn parsed<T: for<'a> Deserialize<'a>>(
    operation: &'static str,
    answer: &WireAnswer,
) -> Result<T, RemoteError> {
    // What is wrong is not told either: it would quote the keys.
    serde_json::from_slice(&answer.body)
        .map_err(|_| RemoteError::new(operation, Fault::Malformed, "the answer holds no keys"))
}

fn fetched(
    answer: &WireAnswer,
    [access_key, secret_key, token]: [String; 3],
    expires: jiff::Timestamp,
) -> Fetched<HuaweiKeys> {
    let now = answer.server_time().unwrap_or_else(jiff::Timestamp::now);
    let lifetime = Duration::try_from(expires.duration_since(now)).unwrap_or_default();
    Fetched {
        value: HuaweiKeys {
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            security_token: Some(token.into()),
        },
        lifetime: Some(lifetime),
    }
}

pub(super) fn secret_value(operation: &'static str, text: &str) -> Result<HeaderValue, RemoteError> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| RemoteError::new(operation, Fault::Malformed, "the token cannot stand in a header"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
