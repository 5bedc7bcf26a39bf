//! How matters stand, as a value: three findings from which the conditions of an object are made.
use super::kind::Failure;
use super::reason::{Ready, Stalled, Synced};
use crate::remote::Fault;

/// The status of one condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// `True`.
    Yes,
    /// `False`.
    No,
    /// `Unknown`.
    Unknown,
}

impl Truth {
    /// The word in the condition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "True",
            Self::No => "False",
            Self::Unknown => "Unknown",
        }
    }
}

/// One condition without its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<R> {
    /// Its status.
    pub truth: Truth,
    /// Its reason.
    pub reason: R,
    /// What a person should know, and do.
    pub message: String,
}

/// All conditions of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What the remote job is; `None` leaves what was said before, because nothing was seen.
    pub ready: Option<Finding<Ready>>,
    /// Whether remote job and spec agree.
    pub synced: Finding<Synced>,
    /// Why a person must act, if one must.
    pub stalled: Option<Finding<Stalled>>,
}

fn finding<R>(truth: Truth, reason: R, message: impl Into<String>) -> Finding<R> {
    Finding {
        truth,
        reason,
        message: message.into(),
    }
}

impl Verdict {
    /// The job is as wished.
    pub fn settled(ready: Ready) -> Self {
        Self::of(
            finding(Truth::Yes, ready, ""),
            finding(Truth::Yes, Synced::UpToDate, ""),
        )
    }

    /// Something is under way that ends by itself.
    pub fn progressing(ready: Ready, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::of(
            finding(Truth::No, ready, message.clone()),
            finding(Truth::No, Synced::Drifted, message),
        )
    }

    /// The definition agrees, and the vendor is busy with the job.
    pub fn moving(ready: Ready, message: impl Into<String>) -> Self {
        Self::of(
            finding(Truth::No, ready, message),
            finding(Truth::Yes, Synced::UpToDate, ""),
        )
    }

    /// The definition agrees, and the vendor reports a failure.
    pub fn failed(called: Ready, failure: Option<&Failure>) -> Self {
        let message = failure.map_or_else(
            || "the vendor reports that the job failed, without a cause".into(),
            |f| match &f.code {
                Some(code) => format!("{code}: {}", f.message),
                None => f.message.clone(),
            },
        );
        Self::of(
            finding(Truth::No, called, message),
            finding(Truth::Yes, Synced::UpToDate, ""),
        )
    }

    /// Whether the job is good, beside whatever else is said about agreement.
    pub fn beside(ready: Finding<Ready>, synced: Synced, message: impl Into<String>) -> Self {
        let truth = match synced {
            Synced::UpToDate | Synced::Switched => Truth::Yes,
            Synced::Drifted | Synced::AwaitingApproval => Truth::No,
            Synced::Paused
            | Synced::Unsure
            | Synced::Throttled
            | Synced::RemoteError
            | Synced::AccountNotReady
            | Synced::ReferenceNotReady
            | Synced::InUse
            | Synced::SecretNotFound => Truth::Unknown,
        };
        Self::of(ready, finding(truth, synced, message))
    }

    /// Nothing was seen, for a reason that passes; what was said of the job stands.
    pub fn unseen(synced: Synced, message: impl Into<String>) -> Self {
        Self {
            ready: None,
            synced: finding(Truth::Unknown, synced, message),
            stalled: None,
        }
    }

    /// Says something beside about the agreement.
    #[must_use]
    pub fn noting(mut self, message: impl AsRef<str>) -> Self {
        if !self.synced.message.is_empty() {
            self.synced.message.push_str("; ");
        }
        self.synced.message.push_str(message.as_ref());
        self
    }

    /// Says that they differ, whatever the job is.
    #[must_use]
    pub fn differing(mut self, message: impl Into<String>) -> Self {
        self.synced = finding(Truth::No, Synced::Drifted, message);
        self
    }

    /// A person must act.
    #[must_use]
    pub fn stalled(mut self, reason: Stalled, message: impl Into<String>) -> Self {
        self.stalled = Some(finding(Truth::Yes, reason, message));
        self
    }

    /// What a failed call means.
    pub fn fault(fault: Fault, message: &str) -> Self {
        let synced = match fault {
            Fault::Throttled { .. } => Synced::Throttled,
            Fault::Ambiguous => Synced::Unsure,
            Fault::Transient
            | Fault::Unauthorized
            | Fault::Forbidden
            | Fault::Conflict
            | Fault::Exists
            | Fault::NotFound
            | Fault::Rejected
            | Fault::Exhausted
            | Fault::NotEnabled
            | Fault::Malformed => Synced::RemoteError,
        };
        let verdict = Self::unseen(synced, message);
        match stalls(fault) {
            Some(reason) => verdict.stalled(reason, message),
            None => verdict,
        }
    }

    /// Whether remote job and spec agree.
    pub fn is_in_sync(&self) -> bool {
        self.synced.reason == Synced::UpToDate
    }

    /// Whether this is neither settled nor in need of a person nor a failure.
    pub fn is_under_way(&self) -> bool {
        self.stalled.is_none()
            && self.ready.as_ref().is_some_and(|r| {
                matches!(
                    r.reason,
                    Ready::Creating
                        | Ready::Starting
                        | Ready::Stopping
                        | Ready::Updating
                        | Ready::Restarting
                        | Ready::Replacing
                        | Ready::Deleting
                        | Ready::RemoteBusy
                )
            })
    }

    const fn of(ready: Finding<Ready>, synced: Finding<Synced>) -> Self {
        Self {
            ready: Some(ready),
            synced,
            stalled: None,
        }
    }
}

/// The faults that no waiting cures.
pub const fn stalls(fault: Fault) -> Option<Stalled> {
    match fault {
        Fault::Unauthorized => Some(Stalled::CredentialsRefused),
        Fault::Forbidden => Some(Stalled::Forbidden),
        Fault::Rejected => Some(Stalled::Rejected),
        Fault::Exhausted => Some(Stalled::QuotaExceeded),
        Fault::NotEnabled => Some(Stalled::NotEnabled),
        Fault::Transient
        | Fault::Throttled { .. }
        | Fault::Ambiguous
        | Fault::Conflict
        | Fault::Exists
        | Fault::NotFound
        | Fault::Malformed => None,
    }
}
