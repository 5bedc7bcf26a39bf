//! Every finalizer, annotation and field manager name that the operator writes or reads, in one place.

/// Keeps a job object until its remote job is gone or let go of.
pub const JOB_FINALIZER: &str = "replication.dev/remote-job";
/// Keeps an account, and the Secret it names, while job objects still need it.
pub const ACCOUNT_FINALIZER: &str = "replication.dev/account-in-use";
/// `"true"` stops everything for the object.
pub const PAUSED: &str = "replication.dev/paused";
/// Any new value asks for a look now; answered by `.status.lastHandledReconcileAt`.
pub const RECONCILE_REQUESTED_AT: &str = "replication.dev/reconcile-requested-at";
/// Any new value restarts the job once, where the vendor can; answered by `.status.lastHandledRestartAt`.
pub const RESTART_REQUESTED_AT: &str = "replication.dev/restart-requested-at";
/// Holds the hash of the plan that may be carried out under `managementPolicy: Plan`.
pub const APPROVE_PLAN: &str = "replication.dev/approve-plan";
/// The field manager of every server-side apply.
pub const FIELD_MANAGER: &str = "replication-operator";
