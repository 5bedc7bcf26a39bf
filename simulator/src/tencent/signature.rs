//! TC3-HMAC-SHA256 signatures (Datahub API notes, signing).

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::auth::digest;
use crate::call::Call;

/// The algorithm's name in the `Authorization` header.
const ALGORITHM: &str = "TC3-HMAC-SHA256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
/// The least that must be signed.
const LEAST: [&str; 2] = ["content-type", "host"];

/// A parsed `Authorization` header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Authorization<'a> {
    /// The secret id.
    pub(super) secret_id: &'a str,
    date: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads the header; blanks after the commas are free.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text
            .strip_prefix(ALGORITHM)?
            .strip_prefix(' ')?
            .split(',')
            .map(str::trim);
        let mut scope = parts.next()?.strip_prefix("Credential=")?.split('/');
        let signed_headers = parts.next()?.strip_prefix("SignedHeaders=")?;
        let signature = parts.next()?.strip_prefix("Signature=")?;
        let parsed = Self {
            secret_id: scope.next()?,
            date: scope.next()?,
            service: scope.next()?,
            signed_headers,
            signature,
        };
        let whole = scope.next()? == "tc3_request" && scope.next().is_none() && parts.next().is_none();
        (whole && parsed.signs_enough()).then_some(parsed)
    }

    fn signs_enough(&self) -> bool {
        LEAST
            .iter()
            .all(|least| self.signed_headers.split(';').any(|name| name == *least))
    }

    /// Whether the request was signed with the secret at the second, for the service.
    pub(super) fn holds(&self, call: &Call, secret: &str, service: &str, second: i64) -> bool {
        let day = Timestamp::from_second(second).map(|at| at.strftime("%Y-%m-%d").to_string());
        self.service == service
            && day.is_ok_and(|day| day == self.date)
            && self.all_present(call)
            && self
                .canonical(call)
                .iter()
                .any(|request| self.matches(secret, second, request))
    }

    fn all_present(&self, call: &Call) -> bool {
        self.signed_headers
            .split(';')
            .all(|name| call.headers.contains_key(name))
    }

    fn matches(&self, secret: &str, second: i64, request: &str) -> bool {
        let text = self.string_to_sign(second, &digest(request.as_bytes()));
        hex::encode(hmac(&self.key(secret), &text))
            .as_bytes()
            .ct_eq(self.signature.as_bytes())
            .into()
    }

    fn string_to_sign(&self, second: i64, hash: &str) -> String {
        let (date, service) = (self.date, self.service);
        format!("{ALGORITHM}\n{second}\n{date}/{service}/tc3_request\n{hash}")
    }

    fn key(&self, secret: &str) -> Vec<u8> {
        let day = hmac(format!("TC3{secret}").as_bytes(), self.date);
        hmac(&hmac(&day, self.service), "tc3_request")
    }

    /// The canonical request; two readings, because the vendor's page lowers values that its SDKs leave alone.
    fn canonical(&self, call: &Call) -> [String; 2] {
        let payload = match call.header("x-tc-content-sha256") {
            Some(UNSIGNED) => digest(UNSIGNED.as_bytes()),
            _ => digest(&call.body),
        };
        [false, true].map(|lowers| {
            format!(
                "{}\n{}\n{}\n{}\n{}\n{payload}",
                call.method,
                call.path,
                call.query,
                self.canonical_headers(call, lowers),
                self.signed_headers
            )
        })
    }

    fn canonical_headers(&self, call: &Call, lowers: bool) -> String {
        let line = |name: &str| {
            let value = call.header(name).unwrap_or_default();
            if lowers {
                format!("{name}:{}\n", value.to_lowercase())
            } else {
                format!("{name}:{value}\n")
            }
        };
        self.signed_headers.split(';').map(line).collect()
    }
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    // A key of any length is taken, so there is no error to answer.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        },
    )
}

#[cfg(test)]
mod tests;
