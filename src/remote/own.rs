//! What fetching the operator's own identity has in common at every vendor: who is asked, and what may be shown of it.
use super::transport::{Request, Transport, WireAnswer};
use super::{Credentials, CredentialsError, Fault, Provider, RemoteError};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Keys that come from elsewhere may become good again without a change on our side; a locked key opens after this.
pub(crate) const RETRY: Duration = Duration::from_mins(5);

/// Variables by the key of a Secret that would hold the same.
pub(crate) type Vocabulary = [(&'static str, &'static str)];

/// Reads the credentials that the environment holds, in the first vocabulary of which it holds a word.
pub(crate) fn from_environment(
    provider: Provider,
    vocabularies: &[&Vocabulary],
    variables: &BTreeMap<String, String>,
) -> Result<Credentials, CredentialsError> {
    let taken = |words: &Vocabulary| -> BTreeMap<String, Vec<u8>> {
        let values = words.iter().filter_map(|(key, variable)| {
            let value = variables
                .get(*variable)
                .filter(|value| !value.trim().is_empty())?;
            Some(((*key).to_owned(), value.clone().into_bytes()))
        });
        values.collect()
    };
    // An account name alone says nothing about who calls.
    let says_who = |data: &BTreeMap<String, Vec<u8>>| data.keys().any(|key| key != "domainName");
    let found = vocabularies.iter().map(|words| taken(words)).find(says_who);
    Credentials::from_secret(provider, &found.unwrap_or_default())
}

pub(crate) async fn sent(
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

/// The answer if it is a success. `attached` names what has to be bound to the machine or pod, such as an agency.
pub(crate) fn accepted(
    operation: &'static str,
    attached: &str,
    answer: WireAnswer,
) -> Result<WireAnswer, RemoteError> {
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
        "answered {}: check that {attached} is attached to this machine or service account",
        answer.status
    );
    Err(RemoteError::new(operation, fault, message))
}

pub(crate) fn parsed<T: DeserializeOwned>(
    operation: &'static str,
    answer: &WireAnswer,
) -> Result<T, RemoteError> {
    // What is wrong is not told either: it would quote the keys.
    serde_json::from_slice(&answer.body)
        .map_err(|_| RemoteError::new(operation, Fault::Malformed, "the answer holds no keys"))
}

/// How long keys live on, by the clock of whoever issued them.
pub(crate) fn lifetime(answer: &WireAnswer, expires: jiff::Timestamp) -> Duration {
    let now = answer.server_time().unwrap_or_else(jiff::Timestamp::now);
    Duration::try_from(expires.duration_since(now)).unwrap_or_default()
}

/// The token of a pod. The cluster replaces the file while the pod runs, so it is read every time.
pub(crate) fn pod_token(operation: &'static str, file: &Path) -> Result<SecretString, RemoteError> {
    let text = std::fs::read_to_string(file).map_err(|error| RemoteError {
        source: Some(Box::new(error)),
        ..RemoteError::new(
            operation,
            Fault::Transient,
            "the token file of the pod cannot be read",
        )
    })?;
    Ok(text.trim().into())
}

pub(crate) fn secret_value(
    operation: &'static str,
    token: &SecretString,
) -> Result<HeaderValue, RemoteError> {
    let mut value = HeaderValue::from_str(token.expose_secret())
        .map_err(|_| RemoteError::new(operation, Fault::Malformed, "the token cannot stand in a header"))?;
    value.set_sensitive(true);
    Ok(value)
}
