//! The metadata service of the machine, in both its versions.
use super::own::AGENCY;
use crate::remote::own::{accepted, secret_value, sent};
use crate::remote::renewed::{Fetched, Renewed};
use crate::remote::transport::{Request, Transport, WireAnswer};
use crate::remote::{Fault, RemoteError};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;
use std::time::Duration;
use url::Url;

const METADATA_TIMEOUT: Duration = Duration::from_secs(3);
const METADATA_TOKEN: &str = "MetadataToken";
pub(super) const METADATA_KEYS: &str = "MetadataSecurityKey";
const TOKEN_SECONDS: &str = "21600";
const TOKEN_LIFE: Duration = Duration::from_hours(6);
/// A machine without the second version of the service is not asked for it again for so long.
const WITHOUT_TOKEN: Duration = Duration::from_hours(24);

pub(super) async fn machine_keys(
    base: &Url,
    transport: &Transport,
    token: &Renewed<Option<SecretString>>,
) -> Result<WireAnswer, RemoteError> {
    let held = token.get(|| metadata_token(base, transport)).await?;
    let answer = metadata_answer(base, transport, held.value.as_ref().as_ref()).await?;
    if answer.status != 401 || held.value.is_none() {
        return accepted(METADATA_KEYS, AGENCY, answer);
    }
    // Either the token is spent, or the machine has no agency; only the text tells, so one renewal is tried.
    let renewed = token
        .after(held.number, || metadata_token(base, transport))
        .await?;
    let answer = metadata_answer(base, transport, renewed.value.as_ref().as_ref()).await?;
    accepted(METADATA_KEYS, AGENCY, answer)
}

async fn metadata_token(
    base: &Url,
    transport: &Transport,
) -> Result<Fetched<Option<SecretString>>, RemoteError> {
    let mut headers = HeaderMap::new();
    headers.insert(
        HeaderName::from_static("x-metadata-token-ttl-seconds"),
        HeaderValue::from_static(TOKEN_SECONDS),
    );
    let request = Request {
        method: Method::PUT,
        url: below(METADATA_TOKEN, base, "meta-data/latest/api/token")?,
        headers,
        body: vec![],
    };
    let answer = sent(METADATA_TOKEN, transport, request, METADATA_TIMEOUT).await?;
    if matches!(answer.status, 404 | 405 | 503) {
        return Ok(Fetched {
            value: None,
            lifetime: Some(WITHOUT_TOKEN),
        });
    }
    let answer = accepted(METADATA_TOKEN, AGENCY, answer)?;
    let text = String::from_utf8_lossy(&answer.body).trim().to_owned();
    Ok(Fetched {
        value: Some(text.into()),
        lifetime: Some(TOKEN_LIFE),
    })
}

async fn metadata_answer(
    base: &Url,
    transport: &Transport,
    token: Option<&SecretString>,
) -> Result<WireAnswer, RemoteError> {
    let mut headers = HeaderMap::new();
    if let Some(token) = token {
        let name = HeaderName::from_static("x-metadata-token");
        headers.insert(name, secret_value(METADATA_KEYS, token)?);
    }
    let request = Request {
        method: Method::GET,
        url: below(METADATA_KEYS, base, "openstack/latest/securitykey")?,
        headers,
        body: vec![],
    };
    sent(METADATA_KEYS, transport, request, METADATA_TIMEOUT).await
}

fn below(operation: &'static str, base: &Url, path: &str) -> Result<Url, RemoteError> {
    base.join(path)
        .map_err(|_| RemoteError::new(operation, Fault::Rejected, "the address cannot be written"))
}
