//! The operator's own identity: keys from the environment, the machine's role or the service account of the pod.
use crate::remote::credentials::{Credentials, CredentialsError, Provider, TencentKeys};
use crate::remote::error_body::ErrorBody;
use crate::remote::own;
use crate::remote::renewed::Fetched;
use crate::remote::transport::{Request, Transport, WireAnswer};
use crate::remote::{Fault, RemoteError};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// What a machine or pod is given an identity by.
const ROLE: &str = "a role";
const MACHINE_TIMEOUT: Duration = Duration::from_secs(3);
const MACHINE_KEYS: &str = "MetadataSecurityCredentials";
const MACHINE_ROLES: &str = "latest/meta-data/cam/security-credentials/";
const POD_TIMEOUT: Duration = Duration::from_secs(10);
const POD_KEYS: &str = "AssumeRoleWithWebIdentity";
const SESSION: &str = "replication-operator";
/// The vendor's default, and less than the most that it gives.
const SESSION_SECONDS: u32 = 7200;

/// Where keys are fetched.
#[derive(Debug)]
pub(super) enum Own {
    Machine { base: Url, transport: Transport },
    Pod(Pod),
}

/// What the cluster tells a pod about its identity, and where that is exchanged for keys.
#[derive(Debug)]
pub(super) struct Pod {
    pub(super) sts: Url,
    pub(super) region: String,
    pub(super) provider_id: String,
    pub(super) role_arn: String,
    pub(super) token_file: PathBuf,
    pub(super) transport: Transport,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MachineAnswer {
    #[serde(flatten)]
    keys: Keys,
    expired_time: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PodAnswer {
    response: Assumed,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Assumed {
    credentials: Keys,
    expired_time: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    tmp_secret_id: String,
    tmp_secret_key: String,
    token: String,
}

/// Reads the credentials that the environment holds.
pub(super) fn from_environment(
    variables: &BTreeMap<String, String>,
) -> Result<Credentials, CredentialsError> {
    const WORDS: [(&str, &str); 3] = [
        ("secretId", "TENCENTCLOUD_SECRET_ID"),
        ("secretKey", "TENCENTCLOUD_SECRET_KEY"),
        ("token", "TENCENTCLOUD_SECURITY_TOKEN"),
    ];
    own::from_environment(Provider::TencentCloud, &[&WORDS], variables)
}

impl Own {
    pub(super) const fn operation(&self) -> &'static str {
        match self {
            Self::Machine { .. } => MACHINE_KEYS,
            Self::Pod(_) => POD_KEYS,
        }
    }

    pub(super) async fn fetch(&self) -> Result<Fetched<TencentKeys>, RemoteError> {
        match self {
            Self::Machine { base, transport } => machine_keys(base, transport).await,
            Self::Pod(pod) => pod.keys().await,
        }
    }
}

async fn machine_keys(base: &Url, transport: &Transport) -> Result<Fetched<TencentKeys>, RemoteError> {
    let roles = machine_answer(base, MACHINE_ROLES, transport).await?;
    let roles = String::from_utf8_lossy(&roles.body).into_owned();
    let Some(role) = roles.lines().map(str::trim).find(|role| !role.is_empty()) else {
        let message = "the machine has no role: bind one to it";
        return Err(RemoteError::new(MACHINE_KEYS, Fault::Unauthorized, message));
    };
    let answer = machine_answer(base, &format!("{MACHINE_ROLES}{role}"), transport).await?;
    let MachineAnswer { keys, expired_time } = own::parsed(MACHINE_KEYS, &answer)?;
    fetched(MACHINE_KEYS, &answer, keys, expired_time)
}

async fn machine_answer(base: &Url, path: &str, transport: &Transport) -> Result<WireAnswer, RemoteError> {
    let unwritable = |_| RemoteError::new(MACHINE_KEYS, Fault::Rejected, "the address cannot be written");
    let request = Request {
        method: Method::GET,
        url: base.join(path).map_err(unwritable)?,
        headers: HeaderMap::new(),
        body: vec![],
    };
    let answer = own::sent(MACHINE_KEYS, transport, request, MACHINE_TIMEOUT).await?;
    own::accepted(MACHINE_KEYS, ROLE, answer)
}

impl Pod {
    async fn keys(&self) -> Result<Fetched<TencentKeys>, RemoteError> {
        let token = own::pod_token(POD_KEYS, &self.token_file)?;
        let body = json!({
            "ProviderId": self.provider_id,
            "WebIdentityToken": token.expose_secret(),
            "RoleArn": self.role_arn,
            "RoleSessionName": SESSION,
            "DurationSeconds": SESSION_SECONDS,
        });
        let request = Request {
            method: Method::POST,
            url: self.sts.clone(),
            headers: self.headers()?,
            body: body.to_string().into_bytes(),
        };
        let answer = own::sent(POD_KEYS, &self.transport, request, POD_TIMEOUT).await?;
        let answer = own::accepted(POD_KEYS, ROLE, answer)?;
        // A refusal is answered with 200; its code may be shown, its text may quote the token.
        if let Some(code) = ErrorBody::read(&answer.body).code {
            let message = "the role was refused: check that it trusts the cluster's identity provider and this service account";
            return Err(RemoteError {
                code: Some(code),
                ..RemoteError::new(POD_KEYS, Fault::Unauthorized, message)
            });
        }
        let PodAnswer { response } = own::parsed(POD_KEYS, &answer)?;
        fetched(POD_KEYS, &answer, response.credentials, response.expired_time)
    }

    /// This one request is not signed: the token proves who calls.
    fn headers(&self) -> Result<HeaderMap, RemoteError> {
        let region = HeaderValue::from_str(&self.region)
            .map_err(|_| RemoteError::new(POD_KEYS, Fault::Rejected, "TKE_REGION names no region"))?;
        Ok(HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (AUTHORIZATION, HeaderValue::from_static("SKIP")),
            (
                HeaderName::from_static("x-tc-action"),
                HeaderValue::from_static(POD_KEYS),
            ),
            (
                HeaderName::from_static("x-tc-version"),
                HeaderValue::from_static(super::STS_VERSION),
            ),
            (HeaderName::from_static("x-tc-region"), region),
        ]))
    }
}

fn fetched(
    operation: &'static str,
    answer: &WireAnswer,
    keys: Keys,
    expires: i64,
) -> Result<Fetched<TencentKeys>, RemoteError> {
    let expires = jiff::Timestamp::from_second(expires)
        .map_err(|_| RemoteError::new(operation, Fault::Malformed, "the answer holds no time"))?;
    Ok(Fetched {
        lifetime: Some(own::lifetime(answer, expires)),
        value: TencentKeys {
            secret_id: keys.tmp_secret_id.into(),
            secret_key: keys.tmp_secret_key.into(),
            token: Some(keys.token.into()),
        },
    })
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
