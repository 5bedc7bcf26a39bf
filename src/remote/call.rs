//! One request to a vendor as a value: built by a kind's client, sent by the vendor's transport.
use super::redact::presentable;
use super::{Fault, RemoteError, WritePermit};
use secrecy::SecretString;
use serde::Serialize;
use std::fmt;

/// A vendor's error answer, before it is classified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorError {
    /// The HTTP status.
    pub status: u16,
    /// The vendor's code, where the body holds one.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: String,
    /// Whether the body holds what a check of the request found, in place of a code.
    pub is_finding: bool,
}

/// What a service's own codes mean; `None` leaves it to the vendor's general table. Decides by code, never by text.
pub type Classify = fn(&VendorError) -> Option<Fault>;

/// A request. Its body may hold secrets, so it is never printed.
pub struct Call {
    pub(crate) service: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: PathSegments,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) writes: bool,
    pub(crate) classify: Classify,
    pub(crate) hidden: Vec<SecretString>,
}

/// A path as its unescaped segments; the transport escapes each one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathSegments(pub Vec<String>);

impl<S: Into<String>, const N: usize> From<[S; N]> for PathSegments {
    fn from(segments: [S; N]) -> Self {
        Self(segments.into_iter().map(Into::into).collect())
    }
}

impl Call {
    /// A request that changes nothing, whatever its method.
    pub fn read(
        service: &'static str,
        operation: &'static str,
        method: &'static str,
        path: impl Into<PathSegments>,
        classify: Classify,
    ) -> Self {
        Self {
            service,
            operation,
            method,
            path: path.into(),
            query: vec![],
            headers: vec![],
            body: None,
            writes: false,
            classify,
            hidden: vec![],
        }
    }

    /// A request that changes something; it cannot be built without a permit.
    pub fn write(
        _permit: &WritePermit,
        service: &'static str,
        operation: &'static str,
        method: &'static str,
        path: impl Into<PathSegments>,
        classify: Classify,
    ) -> Self {
        Self {
            service,
            operation,
            method,
            path: path.into(),
            query: vec![],
            headers: vec![],
            body: None,
            writes: true,
            classify,
            hidden: vec![],
        }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Adds a header of the service's own, its name in small letters. It is not signed.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Names a secret that the body holds, so that an answer that echoes it is not shown as it is.
    #[must_use]
    pub fn hiding(mut self, secret: SecretString) -> Self {
        self.hidden.push(secret);
        self
    }

    /// Sets the JSON body.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self, serde_json::Error> {
        self.body = Some(serde_json::to_vec(body)?);
        Ok(self)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// A success answer.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The parsed body.
    pub body: T,
    /// The vendor's request id.
    pub request_id: Option<String>,
    /// The vendor's clock (header `Date`), against which times in bodies are compared.
    pub server_time: Option<jiff::Timestamp>,
}

impl<T> Answer<T> {
    /// A success, as far as it could be read.
    pub(crate) fn of(
        call: &Call,
        read: Result<T, serde_json::Error>,
        request_id: Option<String>,
        server_time: Option<jiff::Timestamp>,
    ) -> Result<Self, RemoteError> {
        match read {
            Ok(body) => Ok(Self {
                body,
                request_id,
                server_time,
            }),
            Err(error) => Err(call.not_understood(&error.to_string(), request_id)),
        }
    }
}

impl Call {
    /// The service did what it was asked, and what came of it is not known.
    pub(crate) fn not_understood(&self, why: &str, request_id: Option<String>) -> RemoteError {
        RemoteError {
            operation: self.operation,
            fault: if self.writes {
                Fault::Ambiguous
            } else {
                Fault::Malformed
            },
            code: None,
            message: presentable(&format!("the answer is not understood: {why}"), &self.hidden),
            request_id,
            source: None,
        }
    }
}
