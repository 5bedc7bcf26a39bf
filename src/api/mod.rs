//! What every custom resource of this operator shares; types only, no I/O and no decisions.
pub mod account;
pub mod keys;
pub mod policy;
pub mod reference;
pub mod run;
pub mod shown;
pub mod status;

/// The API group of every custom resource.
pub const GROUP: &str = "replication.dev";
/// The one served version.
pub const VERSION: &str = "v1alpha1";
