//! One request as it came in.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request};
use serde_json::Value;

/// AK/SK-signed bodies are limited to 12 MB (API Request Signing Guide).
const BODY_LIMIT: usize = 12 * 1024 * 1024;

/// A request, read whole.
#[derive(Debug)]
pub(crate) struct Call {
    /// Upper case.
    pub(crate) method: String,
    /// The path as sent, still escaped.
    pub(crate) path: String,
    /// The query as sent, without the question mark.
    pub(crate) query: String,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
}

impl Call {
    /// Reads the whole request; `None` when the body is over the limit or broken off.
    pub(crate) async fn read(request: Request<Body>) -> Result<Self, Self> {
        let (head, body) = request.into_parts();
        let mut call = Self {
            method: head.method.as_str().to_owned(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            body: Bytes::new(),
        };
        match axum::body::to_bytes(body, BODY_LIMIT).await {
            Ok(bytes) => {
                call.body = bytes;
                Ok(call)
            }
            Err(_) => Err(call),
        }
    }

    /// A header's text, trimmed; `None` when absent or not text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .map(str::trim)
    }

    /// The path's segments, unescaped one by one.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path.split('/').skip(1).map(decode).collect()
    }

    /// A query parameter; the first one when it is repeated.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.parameters()
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// All query parameters, unescaped. A plus is a plus: nothing here is a form.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(value))
            })
            .collect()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

/// Undoes percent escapes; bytes that are not UTF-8 become replacement characters.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = if *first == b'%' {
            tail.get(..2).and_then(hex_pair)
        } else {
            None
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() {
            tail.get(2..).unwrap_or_default()
        } else {
            tail
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let mut byte = [0_u8];
    hex::decode_to_slice(pair, &mut byte).ok()?;
    byte.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_a_plus_stays() {
        assert_eq!(decode("a%20b%2Fc+d~%C3%A9%zz%4"), "a b/c+d~é%zz%4");
    }
}
