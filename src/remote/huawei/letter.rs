//! How Huawei Cloud wants a request written, and what its answers say; no I/O.
use super::errors;
use super::identity::{Pass, Proof};
use super::sign::{self, Unsigned};
use crate::remote::call::Call;
use crate::remote::endpoint::{Address, Endpoints};
use crate::remote::error_body::ErrorBody;
use crate::remote::exchange::Dialect;
use crate::remote::redact::presentable;
use crate::remote::transport::{Request, WireAnswer};
use crate::remote::{Fault, RemoteError, VendorError};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

const JSON: &str = "application/json";
const AUTH_TOKEN: &str = "x-auth-token";
const SECURITY_TOKEN: &str = "x-security-token";
const PROJECT: &str = "x-project-id";
const REQUEST_IDS: [&str; 2] = ["x-request-id", "x-iam-trace-id"];
/// The gateway refuses signatures that are older or newer than this.
const ALLOWED_SKEW_MINUTES: i64 = 15;

/// A call with all that is needed to write it down.
pub(super) struct Letter<'a> {
    pub(super) endpoints: &'a Endpoints,
    pub(super) call: &'a Call,
    /// Absent only when the request carries its credentials in the body.
    pub(super) pass: Option<&'a Pass>,
    pub(super) project: Option<&'a str>,
}

impl Dialect for Letter<'_> {
    fn request(&self, now: jiff::Timestamp) -> Result<Request, RemoteError> {
        let query: Vec<(&str, &str)> = self
            .call
            .query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let address = self
            .endpoints
            .address(self.call.service, &self.call.path, &sign::canonical_query(&query))
            .map_err(|error| self.unwritable(&error.to_string()))?;
        let headers = self.headers(now, &query, &address)?;
        let method = Method::from_bytes(self.call.method.as_bytes())
            .map_err(|_| self.unwritable("the method has no such form"))?;
        Ok(Request {
            method,
            url: address.url,
            headers,
            body: self.body().to_vec(),
        })
    }

    fn judge(&self, answer: &WireAnswer) -> Result<(), RemoteError> {
        if answer.is_success() {
            return Ok(());
        }
        let body = ErrorBody::read(&answer.body);
        let error = VendorError {
            status: answer.status,
            code: body.code,
            message: body.message,
            is_finding: body.is_finding,
        };
        let fault = errors::fault(&error, self.call.writes, self.call.classify);
        let message = errors::own_words(&error, skew_minutes(answer)).unwrap_or_else(|| self.message(&error));
        Err(RemoteError {
            operation: self.call.operation,
            fault,
            code: error.code,
            message,
            request_id: self.request_id(answer).or(body.request_id),
            source: None,
        })
    }

    fn request_id(&self, answer: &WireAnswer) -> Option<String> {
        request_id(answer)
    }
}

impl Letter<'_> {
    fn body(&self) -> &[u8] {
        self.call.body.as_deref().unwrap_or_default()
    }

    fn headers(
        &self,
        now: jiff::Timestamp,
        query: &[(&str, &str)],
        address: &Address,
    ) -> Result<HeaderMap, RemoteError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        if self.body().is_empty() && self.call.method != "GET" {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for (name, value) in &self.call.headers {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if let Some(project) = self.project {
            headers.insert(PROJECT, self.value(project)?);
        }
        match self.pass.map(|pass| &pass.proof) {
            Some(Proof::Keys(keys)) => {
                let date = now.strftime("%Y%m%dT%H%M%SZ").to_string();
                let token = keys.security_token.as_ref();
                let authorization = self.authorization(&date, query, address)?;
                headers.insert(sign::DATE_HEADER, self.value(&date)?);
                headers.insert(AUTHORIZATION, self.secret(&authorization)?);
                if let Some(token) = token {
                    headers.insert(SECURITY_TOKEN, self.secret(token.expose_secret())?);
                }
            }
            Some(Proof::Token(token)) => {
                let name = HeaderName::from_static(AUTH_TOKEN);
                headers.insert(name, self.secret(token.value.expose_secret())?);
            }
            None => {}
        }
        Ok(headers)
    }

    fn authorization(
        &self,
        date: &str,
        query: &[(&str, &str)],
        address: &Address,
    ) -> Result<String, RemoteError> {
        let Some(Proof::Keys(keys)) = self.pass.map(|pass| &pass.proof) else {
            return Err(self.unwritable("no keys to sign with"));
        };
        // A proxy may rewrite other headers, User-Agent above all, so nothing else is signed.
        let mut signed = vec![
            ("content-type", JSON),
            ("host", address.host.as_str()),
            (sign::DATE_HEADER, date),
        ];
        signed.extend(self.project.map(|project| (PROJECT, project)));
        let token = keys.security_token.as_ref();
        signed.extend(token.map(|token| (SECURITY_TOKEN, token.expose_secret())));
        let request = Unsigned {
            method: self.call.method,
            path: address.url.path(),
            query,
            headers: &signed,
            body: self.body(),
        };
        sign::authorization(&request, &keys.access_key, &keys.secret_key)
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
        if error.message.trim().is_empty() {
            return format!("answered {} without a word", error.status);
        }
        if error.code.is_some() || error.is_finding {
            return presentable(&error.message, self.secrets());
        }
        let told = format!("answered {}: {}", error.status, error.message);
        presentable(&told, self.secrets())
    }

    fn secrets(&self) -> Vec<&SecretString> {
        let mut secrets: Vec<&SecretString> = self.call.hidden.iter().collect();
        match self.pass.map(|pass| &pass.proof) {
            Some(Proof::Keys(keys)) => {
                secrets.push(&keys.secret_key);
                secrets.extend(&keys.security_token);
            }
            Some(Proof::Token(token)) => secrets.push(&token.value),
            None => {}
        }
        secrets
    }
}

/// The vendor's request id, of whichever front answered.
pub(super) fn request_id(answer: &WireAnswer) -> Option<String> {
    let found = REQUEST_IDS.iter().find_map(|name| answer.header(name));
    found.map(ToOwned::to_owned)
}

/// How far this machine's clock is off, where that is too far to be let in.
fn skew_minutes(answer: &WireAnswer) -> Option<i64> {
    let skew = jiff::Timestamp::now().duration_since(answer.server_time()?);
    let minutes = skew.as_secs() / 60;
    (minutes.abs() >= ALLOWED_SKEW_MINUTES).then_some(minutes)
}
