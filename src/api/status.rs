//! The part of a status that is the same for every kind of job; shown to users, written by the driver alone.
use super::run::RunStatus;
use super::shown::Shown;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, MicroTime, Time};
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How matters stand with the remote job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
// One owner, one value: the API server does not keep who owns which field of it, which it would have to at every write.
#[schemars(extend("x-kubernetes-map-type" = "atomic"))]
pub struct JobStatus {
    /// The generation of the spec that this status describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// The vendor's identifier of the remote job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The state of the remote job in the vendor's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The reason of the first condition that is not good, else that of Ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Ready, Synced and Stalled; always all three.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["type".into()]))]
    pub conditions: Vec<Condition>,
    /// What would be, or is being, changed on the remote side; absent when both agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<FieldPlan>,
    /// What the vendor reports about the progress of the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_object")]
    pub progress: Option<Shown>,
    /// Connectivity of source and sink, where the vendor reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_object")]
    pub endpoints: Option<Shown>,
    /// The last failure that has not been overcome yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<LastError>,
    /// When a failed call is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// The remote definition as it was last observed, in the words of `forProvider`; secrets are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_object")]
    pub at_provider: Option<Shown>,
    /// When the vendor says the remote job was created; tells it from one that was made anew under its name. Only where
    /// the vendor has no place for a mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<MicroTime>,
    /// The announcement of the last create; proof of ownership where the vendor has no place for a mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// The announcements of the last other requests that must not be repeated, one of each act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["act".into()]))]
    pub acts: Vec<Act>,
    /// The fields that the remote job was last given and that go back to the vendor's defaults once the spec names them
    /// no more. Only where the vendor's definitions are open, as those of CDM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Vec<String>>,
    /// The last run of a job that is run, whoever started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunStatus>,
    /// Keyed digests of the secret values that the remote job was last given, by field. They tell nothing without
    /// the operator's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_digests: Option<BTreeMap<String, String>>,
    /// The remote job that was taken over because `adopt` named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted_id: Option<String>,
    /// The hash of the approved plan that is being carried out, until remote job and spec agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_plan: Option<ApprovedPlan>,
    /// The last value of the annotation `replication.dev/reconcile-requested-at` that was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
    /// The last value of the annotation `replication.dev/restart-requested-at` that was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_handled_restart_at: Option<String>,
}

/// A difference and what would be done about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldPlan {
    /// Names this plan; the value for the annotation `replication.dev/approve-plan`.
    pub hash: String,
    /// What the plan does on the whole.
    pub action: PlanAction,
    /// The fields that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    /// What the plan costs beyond the changed fields, such as lost progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a plan does on the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PlanAction {
    /// Creates the remote job.
    Create,
    /// Changes fields of the remote job.
    #[default]
    Update,
    /// Starts the remote job.
    Start,
    /// Stops the remote job.
    Stop,
    /// Restarts the remote job once.
    Restart,
    /// Deletes the remote job and creates it anew.
    Replace,
    /// Deletes the remote job.
    Delete,
}

/// What changing a field does to the remote job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Effect {
    /// The job goes on running.
    InPlace,
    /// The job is stopped, changed and started again.
    Restart,
    /// The job has to be deleted and created anew.
    Replace,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
pub struct FieldChange {
    /// The JSON path below `forProvider`.
    pub path: String,
    /// The remote value; absent where it is unset or secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_value")]
    pub from: Option<Value>,
    /// The wished value; absent where it is unset or secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_value")]
    pub to: Option<Value>,
    /// What the change does to the remote job.
    pub effect: Effect,
}

/// A failed call to the vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastError {
    /// The vendor's name of the operation.
    pub operation: String,
    /// What kind of failure it was.
    pub fault: String,
    /// The vendor's error code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The vendor's message.
    pub message: String,
    /// The vendor's request id, for a support ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// When it was first seen.
    pub time: Time,
}

/// A failed call that is tried again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Retry {
    /// How often it has failed in a row.
    pub attempt: i32,
    /// When it is tried again.
    pub next_retry_time: Time,
}

/// The announcement of a create, written before the request leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Tells this claim from every other.
    pub nonce: String,
    /// When it was made.
    pub time: Time,
    /// The remote name that the create carries.
    pub name: String,
    /// A hash of the definition that the create carries.
    pub definition: String,
    /// The definition itself, without secrets: by it the job is recognised where the vendor has no place for a mark, and
    /// told what another create would make no different. Where there is a mark, only what cannot be changed in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_object")]
    pub carries: Option<Shown>,
    /// The job that this object had before, which this create did not make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// Whether the create is known to have had no effect.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub void: bool,
}

/// A job that an object had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Previous {
    /// The vendor's identifier.
    pub id: String,
    /// When the vendor said it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<MicroTime>,
}

/// A request that must not be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum ActKind {
    /// A restart that was asked for.
    Restart,
    /// A run of a job that runs once.
    Run,
    /// The end of a run that was asked for.
    Stop,
    /// Another name, which is what the vendor knows the job by.
    Rename,
}

/// What became of a request that must not be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ActOutcome {
    /// The vendor accepted it, or showed that it did.
    Done,
    /// The answer was lost, and nothing shows what became of it. It is not sent again.
    Unknown,
}

/// The announcement of a request that must not be repeated, written before the request leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Act {
    /// What is asked of the vendor.
    pub act: ActKind,
    /// Tells this announcement from every other.
    pub nonce: String,
    /// When it was made.
    pub time: Time,
    /// What it answers, by name: the value of an annotation or of a field that asked for it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, String>,
    /// What the one before it answered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub earlier: BTreeMap<String, String>,
    /// What became of it; absent while that is not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ActOutcome>,
    /// By what the vendor knows it, such as the number of a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// An approval that is being carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApprovedPlan {
    /// The approved hash.
    pub hash: String,
    /// What was approved. Only this, and the start that ends it, is carried out.
    #[serde(default)]
    pub action: PlanAction,
    /// The generation of the spec it was given for; a later one needs a new approval.
    pub generation: i64,
}

fn any_object(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true })
}

fn any_value(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "x-kubernetes-preserve-unknown-fields": true })
}
