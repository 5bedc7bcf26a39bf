//! AK/SK signatures, SDK-HMAC-SHA256 (API Request Signing Guide).

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::call::{Call, decode};

/// The algorithm's name in the `Authorization` header.
pub(crate) const ALGORITHM: &str = "SDK-HMAC-SHA256";
const DATE: &str = "%Y%m%dT%H%M%SZ";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// A parsed `Authorization` header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authorization<'a> {
    /// The access key.
    pub(crate) access_key: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// Why a signature does not hold.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The date is too far off; the text to answer.
    Stale(String),
    /// The signature is another one; the canonical request with `|` for each line feed.
    Mismatch(String),
}

impl<'a> Authorization<'a> {
    /// Reads the header; the separators are exactly comma and space.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix(ALGORITHM)?.strip_prefix(' ')?.split(", ");
        let parsed = Self {
            access_key: parts.next()?.strip_prefix("Access=")?,
            signed_headers: parts.next()?.strip_prefix("SignedHeaders=")?,
            signature: parts.next()?.strip_prefix("Signature=")?,
        };
        parts.next().is_none().then_some(parsed)
    }

    /// Verifies exactly the headers that are listed; only `x-sdk-date` must be.
    pub(crate) fn verify(&self, call: &Call, secret: &str, skew_seconds: i64) -> Result<(), Failed> {
        let date = call.header("x-sdk-date").unwrap_or_default();
        let requests = self.canonical(call);
        let echo = requests
            .first()
            .map(|request| request.replace('\n', "|"))
            .unwrap_or_default();
        let lists_date = self.signed_headers.split(';').any(|name| name == "x-sdk-date");
        let Some(moment) = moment(date).filter(|_| lists_date) else {
            return Err(Failed::Mismatch(echo));
        };
        let now = Timestamp::now();
        if (now.as_second() - moment.as_second()).abs() > skew_seconds {
            let server = now.strftime(DATE);
            return Err(Failed::Stale(format!(
                "signature expired, signature time:{date},server time:{server}"
            )));
        }
        let holds =
            self.all_present(call) && requests.iter().any(|request| self.matches(secret, date, request));
        if holds {
            Ok(())
        } else {
            Err(Failed::Mismatch(echo))
        }
    }

    fn all_present(&self, call: &Call) -> bool {
        self.signed_headers
            .split(';')
            .all(|name| call.headers.contains_key(name))
    }

    fn matches(&self, secret: &str, date: &str, request: &str) -> bool {
        let text = format!("{ALGORITHM}\n{date}\n{}", digest(request.as_bytes()));
        sign(secret, &text)
            .as_bytes()
            .ct_eq(self.signature.as_bytes())
            .into()
    }

    /// The canonical request; two readings where the official clients differ.
    fn canonical(&self, call: &Call) -> Vec<String> {
        let head = format!(
            "{}\n{}\n{}\n{}\n{}",
            call.method,
            canonical_path(&call.path),
            canonical_query(call),
            self.canonical_headers(call),
            self.signed_headers
        );
        let hashed = digest(&call.body);
        let given = call.header("x-sdk-content-sha256").map(str::to_owned);
        // With UNSIGNED-PAYLOAD and no body Python signs the hash of nothing, Go the literal word (section 2.3).
        let also = given.as_deref() == Some(UNSIGNED) && call.body.is_empty();
        let mut payloads = vec![given.unwrap_or_else(|| hashed.clone())];
        if also {
            payloads.push(hashed);
        }
        payloads
            .into_iter()
            .map(|payload| format!("{head}\n{payload}"))
            .collect()
    }

    fn canonical_headers(&self, call: &Call) -> String {
        let mut lines = String::new();
        for name in self.signed_headers.split(';') {
            let mut values: Vec<String> = call
                .headers
                .get_all(name)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
                .collect();
            values.sort();
            for value in values {
                lines.push_str(name);
                lines.push(':');
                lines.push_str(&value);
                lines.push('\n');
            }
        }
        lines
    }
}

fn moment(date: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime(DATE, date).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn canonical_path(path: &str) -> String {
    let mut canonical = decode(path).split('/').map(encode).collect::<Vec<_>>().join("/");
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

fn canonical_query(call: &Call) -> String {
    let mut pairs = call.parameters();
    pairs.sort();
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode_upper([byte]));
        }
    }
    encoded
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn sign(secret: &str, text: &str) -> String {
    // A key of any length is taken, so there is no error to answer.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        },
    )
}

#[cfg(test)]
mod tests;
