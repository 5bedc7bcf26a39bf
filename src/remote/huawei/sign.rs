//! SDK-HMAC-SHA256 as a pure function of the request; no clock and no I/O.
use crate::remote::endpoint::escape;
use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "SDK-HMAC-SHA256";
/// Carries the time of the signature, `YYYYMMDDTHHMMSSZ`.
pub const DATE_HEADER: &str = "x-sdk-date";
/// A request that carries this header is signed with its value instead of the hash of the body.
const PAYLOAD_HEADER: &str = "x-sdk-content-sha256";

/// A request as far as the signature covers it.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path as it is on the wire, escaped.
    pub path: &'a str,
    /// The parameters, not escaped.
    pub query: &'a [(&'a str, &'a str)],
    /// The headers to sign, `x-sdk-date` among them. Names with an underscore, and `Authorization`, stay unsigned.
    pub headers: &'a [(&'a str, &'a str)],
    /// The exact bytes of the body.
    pub body: &'a [u8],
}

/// The query in the form that is signed; sent in the same form, there is nothing to disagree about.
pub fn canonical_query(query: &[(&str, &str)]) -> String {
    let mut sorted = query.to_vec();
    sorted.sort_unstable();
    let pairs: Vec<String> = sorted
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect();
    pairs.join("&")
}

/// The text whose hash is signed.
pub fn canonical_request(request: &Unsigned<'_>) -> String {
    let headers = canonical_headers(request.headers);
    let lines = headers.iter().fold(String::new(), |lines, (name, value)| {
        lines + name + ":" + value + "\n"
    });
    let payload = headers
        .iter()
        .find(|(name, _)| name == PAYLOAD_HEADER)
        .map_or_else(
            || hex::encode(Sha256::digest(request.body)),
            |(_, value)| (*value).to_owned(),
        );
    [
        request.method,
        &canonical_path(request.path),
        &canonical_query(request.query),
        &lines,
        &signed_names(&headers),
        &payload,
    ]
    .join("\n")
}

/// The value of the header `Authorization`.
///
/// # Errors
/// Never in practice: the algorithm takes keys of any length.
pub fn authorization(
    request: &Unsigned<'_>,
    access_key: &SecretString,
    secret_key: &SecretString,
) -> Result<String, InvalidLength> {
    let headers = canonical_headers(request.headers);
    let date = headers
        .iter()
        .find(|(name, _)| name == DATE_HEADER)
        .map_or("", |(_, value)| *value);
    let hash = hex::encode(Sha256::digest(canonical_request(request)));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.expose_secret().as_bytes())?;
    mac.update(format!("{ALGORITHM}\n{date}\n{hash}").as_bytes());
    Ok(format!(
        "{ALGORITHM} Access={}, SignedHeaders={}, Signature={}",
        access_key.expose_secret(),
        signed_names(&headers),
        hex::encode(mac.finalize().into_bytes()),
    ))
}

/// An escaped slash is taken for a plain one here, although the wire keeps it; the path always ends in a slash.
fn canonical_path(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let escaped: Vec<String> = decoded.split('/').map(escape).collect();
    let mut path = escaped.join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

fn canonical_headers<'a>(headers: &[(&str, &'a str)]) -> Vec<(String, &'a str)> {
    let mut lines: Vec<(String, &str)> = headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .filter(|(name, _)| name != "authorization" && !name.contains('_'))
        .collect();
    lines.sort_unstable();
    lines
}

fn signed_names(headers: &[(String, &str)]) -> String {
    let mut names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    names.join(";")
}

#[cfg(test)]
#[path = "sign_vectors.rs"]
mod tests;
