//! One error for every remote call, classified at the wire where the facts are known; texts are for people only.
use std::time::Duration;
use thiserror::Error;

/// Why a remote call failed, reduced to what a caller may decide on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The request had no effect, and the same request may work later.
    Transient,
    /// The service, or our own budget, asks for a slower pace. Nothing was done.
    Throttled {
        /// How long to wait at least, where known.
        retry_after: Option<Duration>,
    },
    /// A write was sent and its outcome is unknown: look before doing anything else.
    Ambiguous,
    /// The credentials were refused.
    Unauthorized,
    /// The credentials are good and may not do this.
    Forbidden,
    /// The remote thing is busy or in a state that does not allow the request.
    Conflict,
    /// A thing of that name exists already.
    Exists,
    /// The thing named in the request does not exist.
    NotFound,
    /// The service refused the request as written; repeating it cannot help.
    Rejected,
    /// A quota is used up.
    Exhausted,
    /// The service, or a feature of the instance, is not enabled.
    NotEnabled,
    /// The service answered something that this client does not understand.
    Malformed,
}

impl Fault {
    /// The word for status, metrics and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "Transient",
            Self::Throttled { .. } => "Throttled",
            Self::Ambiguous => "Ambiguous",
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::Conflict => "Conflict",
            Self::Exists => "Exists",
            Self::NotFound => "NotFound",
            Self::Rejected => "Rejected",
            Self::Exhausted => "Exhausted",
            Self::NotEnabled => "NotEnabled",
            Self::Malformed => "Malformed",
        }
    }
}

/// A failed call to a remote service.
#[derive(Debug, Error)]
#[error("{operation}: {message}")]
pub struct RemoteError {
    /// The vendor's name of the operation.
    pub operation: &'static str,
    /// What the caller decides on.
    pub fault: Fault,
    /// The vendor's error code, such as `EG.00513001`.
    pub code: Option<String>,
    /// The vendor's message, redacted, at most one kilobyte.
    pub message: String,
    /// The vendor's request id.
    pub request_id: Option<String>,
    /// What lies behind it, where that is an error of our own side.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl RemoteError {
    /// An error without code, request id and source.
    pub fn new(operation: &'static str, fault: Fault, message: impl Into<String>) -> Self {
        Self {
            operation,
            fault,
            code: None,
            message: message.into(),
            request_id: None,
            source: None,
        }
    }

    /// The same failure told to someone else; what lies behind it stays with the first one told.
    #[must_use]
    pub fn repeated(&self) -> Self {
        Self {
            operation: self.operation,
            fault: self.fault,
            code: self.code.clone(),
            message: self.message.clone(),
            request_id: self.request_id.clone(),
            source: None,
        }
    }
}
