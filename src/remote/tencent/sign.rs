//! TC3-HMAC-SHA256 as a pure function of the request; no clock and no I/O.
use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const TERMINATOR: &str = "tc3_request";

/// A request as far as the signature covers it. It is always a `POST` of `/` without a query.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned<'a> {
    /// The service, which is part of the derived key; never taken from a host name, which may be one of the user's own.
    pub service: &'a str,
    /// Seconds since 1970, as in the header `X-TC-Timestamp`.
    pub timestamp: i64,
    /// The headers to sign, with their values as they are sent; at least `content-type` and `host`.
    pub headers: &'a [(&'a str, &'a str)],
    /// The exact bytes of the body.
    pub body: &'a [u8],
}

/// The text whose hash is signed.
pub fn canonical_request(request: &Unsigned<'_>) -> String {
    let headers = canonical_headers(request.headers);
    let lines = headers.iter().fold(String::new(), |lines, (name, value)| {
        lines + name + ":" + value + "\n"
    });
    let payload = hex::encode(Sha256::digest(request.body));
    ["POST", "/", "", &lines, &signed_names(&headers), &payload].join("\n")
}

/// The text that is signed.
pub fn string_to_sign(request: &Unsigned<'_>) -> String {
    let hash = hex::encode(Sha256::digest(canonical_request(request)));
    let scope = scope(request);
    format!("{ALGORITHM}\n{}\n{scope}\n{hash}", request.timestamp)
}

/// The value of the header `Authorization`.
///
/// # Errors
/// Never in practice: the algorithm takes keys of any length.
pub fn authorization(
    request: &Unsigned<'_>,
    secret_id: &SecretString,
    secret_key: &SecretString,
) -> Result<String, InvalidLength> {
    let key = signing_key(request, secret_key)?;
    Ok(format!(
        "{ALGORITHM} Credential={}/{}, SignedHeaders={}, Signature={}",
        secret_id.expose_secret(),
        scope(request),
        signed_names(&canonical_headers(request.headers)),
        hex::encode(hash(&key, string_to_sign(request).as_bytes())?),
    ))
}

fn signing_key(request: &Unsigned<'_>, secret_key: &SecretString) -> Result<Vec<u8>, InvalidLength> {
    let seed = SecretString::from(format!("TC3{}", secret_key.expose_secret()));
    let date = hash(seed.expose_secret().as_bytes(), date(request).as_bytes())?;
    let service = hash(&date, request.service.as_bytes())?;
    hash(&service, TERMINATOR.as_bytes())
}

fn hash(key: &[u8], text: &[u8]) -> Result<Vec<u8>, InvalidLength> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)?;
    mac.update(text);
    Ok(mac.finalize().into_bytes().to_vec())
}

fn scope(request: &Unsigned<'_>) -> String {
    format!("{}/{}/{TERMINATOR}", date(request), request.service)
}

/// The day of the timestamp at Greenwich, whatever day it is here.
fn date(request: &Unsigned<'_>) -> String {
    let moment = jiff::Timestamp::from_second(request.timestamp).unwrap_or_default();
    moment.strftime("%Y-%m-%d").to_string()
}

fn canonical_headers(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_ascii_lowercase()))
        .collect();
    lines.sort_unstable();
    lines
}

fn signed_names(headers: &[(String, String)]) -> String {
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    names.join(";")
}

#[cfg(test)]
#[path = "sign_vectors.rs"]
mod tests;
