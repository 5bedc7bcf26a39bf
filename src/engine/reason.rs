//! The closed list of condition reasons; what users do about each stands in the README, held by a test.
use std::fmt;

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every reason of this condition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the condition.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

reasons! {
    /// Reasons of `Ready`: what the remote job is.
    Ready {
        /// The job runs as wished.
        Running,
        /// The job is stopped, as wished.
        Stopped,
        /// The last run ended well.
        Succeeded,
        /// The thing is there; it has nothing to run.
        Available,
        /// Shown only; nothing is wished of it.
        Observed,
        /// The remote job is being created, or is about to be.
        Creating,
        /// The remote job is being started.
        Starting,
        /// The remote job is being stopped.
        Stopping,
        /// The remote job is being changed.
        Updating,
        /// The remote job is being restarted, because somebody asked for it.
        Restarting,
        /// The remote job is being deleted in order to be created anew.
        Replacing,
        /// The remote job is being deleted.
        Deleting,
        /// The last run failed.
        RunFailed,
        /// The vendor reports that the job failed.
        RemoteFailed,
        /// The vendor is busy with the job, or reports a state that this operator does not know.
        RemoteBusy,
        /// There is no remote job.
        RemoteMissing,
        /// Nothing is known about the remote job yet.
        Unknown,
    }
}

reasons! {
    /// Reasons of `Synced`: whether remote job and spec agree.
    Synced {
        /// They agree.
        UpToDate,
        /// They agree with source and sink exchanged: the job was switched over.
        Switched,
        /// They differ.
        Drifted,
        /// They differ, and the plan waits for its approval.
        AwaitingApproval,
        /// The object is paused.
        Paused,
        /// A create may still be on its way.
        Unsure,
        /// The budget of the account is used up for the moment.
        Throttled,
        /// A call to the vendor failed.
        RemoteError,
        /// The account cannot be used yet.
        AccountNotReady,
        /// Another object that this one refers to is not ready.
        ReferenceNotReady,
        /// The object is being deleted, and others still refer to it.
        InUse,
        /// A Secret or a key of it does not exist.
        SecretNotFound,
    }
}

reasons! {
    /// Reasons of `Stalled`: why nothing changes until a person acts.
    Stalled {
        /// Not stalled.
        Progressing,
        /// The spec can never be honoured as it is.
        InvalidSpec,
        /// The vendor refused the request as written.
        Rejected,
        /// A job of that name belongs to someone else.
        NameTaken,
        /// Several remote jobs could be this one.
        Ambiguous,
        /// The change needs a replacement, which the spec does not allow.
        ReplacementRequired,
        /// A quota of the vendor is used up.
        QuotaExceeded,
        /// The vendor refused the credentials.
        CredentialsRefused,
        /// The credentials may not do this.
        Forbidden,
        /// The service, or a feature of the instance, is not enabled.
        NotEnabled,
        /// The job that `adopt` names does not exist.
        RemoteMissing,
    }
}

reasons! {
    /// Reasons of an account's `Ready`: whether the vendor takes its credentials.
    Account {
        /// The last proof succeeded.
        CredentialsWork,
        /// The vendor refused the credentials.
        CredentialsRefused,
        /// The credentials may not make the call that proves them.
        Forbidden,
        /// The Secret does not exist.
        SecretNotFound,
        /// Settings or Secret cannot be used as they are.
        InvalidSettings,
        /// There was no room for the proof.
        Throttled,
        /// The proof failed for another reason.
        RemoteError,
        /// The API server could not be asked.
        Unknown,
    }
}
