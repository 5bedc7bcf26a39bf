//! How Tencent Cloud wants a request written, and what its answers say; no I/O.
use super::errors;
use super::identity::Pass;
use super::sign::{self, Unsigned};
use crate::remote::call::Call;
use crate::remote::endpoint::{Address, Endpoints};
use crate::remote::error_body::ErrorBody;
use crate::remote::exchange::Dialect;
use crate::remote::redact::presentable;
use crate::remote::transport::{Request, WireAnswer};
use crate::remote::{Fault, RemoteError, VendorError};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

const JSON: &str = "application/json";
/// The language of messages; they are shown in status.
const LANGUAGE: &str = "en-US";
/// The vendor refuses signatures that are older or newer than this.
const ALLOWED_SKEW_MINUTES: i64 = 5;

/// A call with all that is needed to write it down.
pub(super) struct Letter<'a> {
    pub(super) endpoints: &'a Endpoints,
    pub(super) region: &'a str,
    pub(super) version: &'static str,
    pub(super) call: &'a Call,
    pub(super) pass: &'a Pass,
}

/// What every answer has, failed or not.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    response: Head,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Head {
    error: Option<Told>,
    request_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    code: Option<String>,
    message: Option<String>,
}

impl Dialect for Letter<'_> {
    fn request(&self, now: jiff::Timestamp) -> Result<Request, RemoteError> {
        let address = self
            .endpoints
            .address(self.call.service, &self.call.path, "")
            .map_err(|error| self.unwritable(&error.to_string()))?;
        let headers = self.headers(now, &address)?;
        let method = Method::from_bytes(self.call.method.as_bytes())
            .map_err(|_| self.unwritable("the method has no such form"))?;
        Ok(Request {
            method,
            url: address.url,
            headers,
            body: self.body().to_vec(),
        })
    }

    /// The status is 200 for failures too: what the envelope holds decides.
    fn judge(&self, answer: &WireAnswer) -> Result<(), RemoteError> {
        let head = head(answer);
        let (told, request_id) = head.map_or((None, None), |head| (head.error, head.request_id));
        if answer.is_success() && told.is_none() {
            return match request_id {
                Some(_) => Ok(()),
                None => Err(self.call.not_understood("it is no envelope of the vendor", None)),
            };
        }
        let error = told.map_or_else(
            || on_the_way(answer),
            |told| VendorError {
                status: answer.status,
                code: told.code,
                message: told.message.unwrap_or_default(),
                is_finding: false,
            },
        );
        let message = errors::own_words(&error, skew_minutes(answer)).unwrap_or_else(|| self.message(&error));
        Err(RemoteError {
            operation: self.call.operation,
            fault: errors::fault(&error, self.call.writes, self.call.classify),
            code: error.code,
            message,
            request_id,
            source: None,
        })
    }

    fn request_id(&self, answer: &WireAnswer) -> Option<String> {
        head(answer)?.request_id
    }
}

impl Letter<'_> {
    fn body(&self) -> &[u8] {
        self.call.body.as_deref().unwrap_or(b"{}")
    }

    fn headers(&self, now: jiff::Timestamp, address: &Address) -> Result<HeaderMap, RemoteError> {
        let timestamp = now.as_second();
        let authorization = self.authorization(timestamp, address)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        headers.insert(AUTHORIZATION, self.secret(&authorization)?);
        for (name, value) in [
            ("x-tc-action", self.call.operation),
            ("x-tc-version", self.version),
            ("x-tc-region", self.region),
            ("x-tc-timestamp", &timestamp.to_string()),
            ("x-tc-language", LANGUAGE),
        ] {
            headers.insert(HeaderName::from_static(name), self.value(value)?);
        }
        if let Some(token) = &self.pass.keys.token {
            let name = HeaderName::from_static("x-tc-token");
            headers.insert(name, self.secret(token.expose_secret())?);
        }
        Ok(headers)
    }

    /// Host and content type are what the vendor's own clients sign; a proxy may rewrite other headers.
    fn authorization(&self, timestamp: i64, address: &Address) -> Result<String, RemoteError> {
        let request = Unsigned {
            service: self.call.service,
            timestamp,
            headers: &[("content-type", JSON), ("host", &address.host)],
            body: self.body(),
        };
        let keys = &self.pass.keys;
        sign::authorization(&request, &keys.secret_id, &keys.secret_key)
            .map_err(|_| self.unwritable("the key cannot be used to sign"))
    }

    fn value(&self, text: &str) -> Result<HeaderValue, RemoteError> {
        HeaderValue::from_str(text).map_err(|_| self.unwritable("a value cannot stand in a header"))
    }

    fn secret(&self, text: &str) -> Result<HeaderValue, RemoteError> {
        let mut value = self.value(text)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The request cannot be written down, so repeating it cannot help; nothing was sent.
    fn unwritable(&self, why: &str) -> RemoteError {
        RemoteError::new(self.call.operation, Fault::Rejected, why)
    }

    fn message(&self, error: &VendorError) -> String {
        let told = match (&error.code, error.message.trim()) {
            (Some(code), "") => format!("{code}, without a word"),
            (Some(_), text) => text.to_owned(),
            (None, text) => format!("answered {}: {text}", error.status),
        };
        presentable(&told, self.secrets())
    }

    fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        let keys = &self.pass.keys;
        let own = std::iter::once(&keys.secret_key).chain(&keys.token);
        self.call.hidden.iter().chain(own)
    }
}

/// The failure of something before the service, which knows no envelope.
fn on_the_way(answer: &WireAnswer) -> VendorError {
    let body = ErrorBody::read(&answer.body);
    VendorError {
        status: answer.status,
        code: body.code,
        message: body.message,
        is_finding: false,
    }
}

fn head(answer: &WireAnswer) -> Option<Head> {
    let envelope: Envelope = serde_json::from_slice(&answer.body).ok()?;
    Some(envelope.response)
}

/// The vendor's request id.
pub(super) fn request_id(answer: &WireAnswer) -> Option<String> {
    head(answer)?.request_id
}

/// How far this machine's clock is off, where that is too far to be let in.
fn skew_minutes(answer: &WireAnswer) -> Option<i64> {
    let skew = jiff::Timestamp::now().duration_since(answer.server_time()?);
    let minutes = skew.as_secs() / 60;
    (minutes.abs() >= ALLOWED_SKEW_MINUTES).then_some(minutes)
}
