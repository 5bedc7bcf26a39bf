//! How a failed remote call is shown in status; the text was redacted where the error was made.
use crate::api::status::LastError;
use crate::remote::RemoteError;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;

impl LastError {
    /// The failure as shown. A failure like the one before keeps its time and request id, so that repeating it is no
    /// reason to write.
    pub fn of(error: &RemoteError, before: Option<&Self>, now: Timestamp) -> Self {
        let fresh = Self {
            operation: error.operation.into(),
            fault: error.fault.as_str().into(),
            code: error.code.clone(),
            message: error.message.clone(),
            request_id: error.request_id.clone(),
            time: Time(now),
        };
        match before {
            Some(old) if old.is_like(&fresh) => old.clone(),
            _ => fresh,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.operation == other.operation
            && self.fault == other.fault
            && self.code == other.code
            && self.message == other.message
    }
}
