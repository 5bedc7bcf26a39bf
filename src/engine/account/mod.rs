//! Accounts: from an account object and its Secret to a connection that jobs call through; knows no kind of job.
pub mod controller;
pub mod registry;
pub mod secrets;

pub use registry::{Accounts, Connected, NotReady};
pub use secrets::Secrets;

use crate::api::reference::{AccountKind, AccountRef};

/// One account object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountKey {
    /// Its kind.
    pub kind: AccountKind,
    /// Its namespace; empty for cluster-wide accounts.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl AccountKey {
    /// The account that a job in `namespace` refers to.
    pub fn of(reference: &AccountRef, namespace: &str) -> Self {
        let namespace = match reference.kind {
            AccountKind::CloudAccount => namespace.to_owned(),
            AccountKind::ClusterCloudAccount => String::new(),
        };
        Self {
            kind: reference.kind,
            namespace,
            name: reference.name.clone(),
        }
    }

    /// The controller that reconciles it.
    pub const fn controller(&self) -> &'static str {
        match self.kind {
            AccountKind::CloudAccount => "cloudaccount",
            AccountKind::ClusterCloudAccount => "clustercloudaccount",
        }
    }
}

impl std::fmt::Display for AccountKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind {
            AccountKind::CloudAccount => write!(f, "CloudAccount {}/{}", self.namespace, self.name),
            AccountKind::ClusterCloudAccount => write!(f, "ClusterCloudAccount {}", self.name),
        }
    }
}

/// The finalizer by which one installation holds accounts and their Secrets.
///
/// An installation that sees only some of the job objects cannot tell whether others need the account, so each has a
/// finalizer of its own, named after its Lease, and takes off no other.
pub fn finalizer_name(area: &crate::engine::watch::Area, release: &str) -> String {
    if !area.is_partial() {
        return crate::api::keys::ACCOUNT_FINALIZER.to_owned();
    }
    let mut digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(release));
    digest.truncate(8);
    format!("{}-{digest}", crate::api::keys::ACCOUNT_FINALIZER)
}
