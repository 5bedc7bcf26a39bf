//! The custom resource `CdmJob`: its fields, their documentation and the rules that admission holds. No I/O.
mod driver;
mod ends;

use crate::api::policy::JobPolicy;
use crate::api::policy::RunState;
use crate::api::run::RunSpec;
use crate::api::status::JobStatus;
use crate::engine::kind::JobResource;
use crate::kinds::cdm::resource::{
    ConnectorInputs, add, booleans, mandatory, name_rule, no_plain_secret, no_prefix, object_name_rule, once,
};
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A job of Huawei Cloud Data Migration: copies tables, files or whole databases from one link to another, each time it
/// is run.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "replication.dev",
    version = "v1alpha1",
    kind = "CdmJob",
    shortname = "cdmj",
    category = "replication",
    namespaced,
    status = "JobStatus",
    derive = "PartialEq",
    doc = "A job of Huawei Cloud Data Migration (CDM): copies tables, files or whole databases from one link to another, each time it is run.",
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Ready\")].status"
    ),
    printcolumn(
        name = "Synced",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Synced\")].status"
    ),
    printcolumn(name = "State", type_ = "string", json_path = ".status.state"),
    printcolumn(name = "Rows", type_ = "integer", json_path = ".status.run.rowsWritten"),
    printcolumn(name = "Reason", type_ = "string", json_path = ".status.reason"),
    printcolumn(name = "Run", type_ = "integer", json_path = ".status.run.submissionId", priority = "1"),
    printcolumn(name = "ID", type_ = "string", json_path = ".status.id", priority = "1"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    validation = object_name_rule()
)]
#[serde(rename_all = "camelCase")]
pub struct CdmJobSpec {
    /// What all kinds of job share.
    #[serde(flatten)]
    pub policy: JobPolicy,
    /// When the job is run: by default once. Can be changed at any time.
    #[serde(default)]
    pub run: RunSpec,
    /// The job itself, in the vendor's words.
    pub for_provider: CdmJobParameters,
}

/// The job itself, in the vendor's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = mandatory_inputs)]
#[x_kube(
    validation = ends::one_query(),
    validation = ends::query_switch(),
    validation = ends::query_without_columns(),
    validation = ends::binary_source(),
    validation = ends::binary_destination(),
    validation = ends::as_many_fields(),
    validation = ends::stage_table(),
    validation = ends::checksum(),
    validation = ends::encryption("from", "decryption", "inputFormat"),
    validation = ends::encryption("to", "encryption", "outputFormat"),
    validation = ends::initial_vector("from"),
    validation = ends::initial_vector("to"),
    validation = ends::small_letters("from"),
    validation = ends::small_letters("to"),
    validation = ends::typed_columns(),
    validation = ends::primary_key(),
    validation = ends::value_store("from"),
    validation = ends::value_store("to"),
    validation = ends::value_separator()
)]
pub struct CdmJobParameters {
    /// The id of the CDM cluster that the job runs in; its links belong to the same cluster. Cannot be changed later:
    /// delete the object and make it anew.
    #[schemars(length(min = 1, max = 64))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("clusterId cannot be changed: the job lives in its cluster, so delete this object (with deletionPolicy Orphan to keep the job) and make it anew").reason(Reason::FieldValueForbidden))]
    pub cluster_id: String,
    /// The name of the remote job; by default the name of this object. Starts with a letter and holds only letters,
    /// digits, '_' and '-', at most 240. A change renames the job in place once it does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 240))]
    #[x_kube(validation = name_rule())]
    pub name: Option<String>,
    /// What is copied: `NORMAL_JOB` tables or files, `BATCH_JOB` an entire database, `SCENARIO_JOB` a scenario.
    /// Changing it replaces the remote job.
    pub job_type: JobType,
    /// Where the data comes from.
    #[x_kube(
        validation = one_link(),
        validation = no_plain_secret("self"),
        validation = no_prefix("self", "fromJobConfig"),
        validation = once("self"),
        validation = booleans("self", &ends::BOOLEANS),
        validation = ends::plain_columns()
    )]
    pub from: CdmJobEnd,
    /// Where the data goes to.
    #[x_kube(
        validation = one_link(),
        validation = no_plain_secret("self"),
        validation = no_prefix("self", "toJobConfig"),
        validation = once("self"),
        validation = booleans("self", &ends::BOOLEANS),
        validation = ends::plain_columns()
    )]
    pub to: CdmJobEnd,
    /// How the job is run: the inputs by configuration, such as `throttlingConfig`, `schedulerConfig`,
    /// `retryJobConfig` and `groupJobConfig`, without the configuration's name in front. Every value is a text: write
    /// numbers and booleans in quotes. Can be changed at any time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "driver::inputs")]
    #[x_kube(
        validation = driver::no_prefix(),
        validation = driver::booleans(),
        validation = driver::numbers(),
        validation = driver::channel_capacity(),
        validation = driver::words("schedulerConfig", "cycleType", &["minute", "hour", "day", "week", "month"]),
        validation = driver::words("schedulerConfig", "disposableType", &["NONE", "DELETE_AFTER_SUCCEED", "DELETE"]),
        validation = driver::words("retryJobConfig", "retryJobType", &["NONE", "RETRY_TRIPLE"]),
        validation = driver::schedule(),
        validation = driver::date("startDate"),
        validation = driver::date("stopDate"),
        validation = driver::run_at()
    )]
    pub driver: BTreeMap<String, BTreeMap<String, String>>,
}

/// What a job copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum JobType {
    /// Tables or files.
    #[serde(rename = "NORMAL_JOB")]
    Normal,
    /// An entire database.
    #[serde(rename = "BATCH_JOB")]
    Batch,
    /// A scenario.
    #[serde(rename = "SCENARIO_JOB")]
    Scenario,
}

impl JobType {
    /// The vendor's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL_JOB",
            Self::Batch => "BATCH_JOB",
            Self::Scenario => "SCENARIO_JOB",
        }
    }
}

/// One end of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct CdmJobEnd {
    /// The name of the remote link, whoever keeps it. Exactly one of this and `linkRef`. Can be changed at any time, to
    /// a link of the same connector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 240))]
    pub link_name: Option<String>,
    /// The `CdmLink` in the namespace of this object whose link is used; the job waits until it is ready. Exactly one
    /// of this and `linkName`. Can be changed at any time, to a link of the same connector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_ref: Option<LinkRef>,
    /// The connector of the link, such as `generic-jdbc-connector`; the service adds to the list. Changing it replaces
    /// the remote job.
    #[schemars(length(min = 1, max = 128))]
    pub connector_name: String,
    /// The inputs of the connector.
    #[serde(flatten)]
    pub inputs: ConnectorInputs,
}

/// A link by the object that keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
pub struct LinkRef {
    /// The name of the `CdmLink`.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

fn mandatory_inputs(schema: &mut schemars::Schema) {
    let of = |end: &'static str| {
        move |one: &(&str, &[&str])| mandatory(&format!("self.{end}"), end, ends::NOT_NORMAL, *one)
    };
    let sources = ends::SOURCES.iter().map(of("from"));
    add(schema, sources.chain(ends::DESTINATIONS.iter().map(of("to"))));
}

fn one_link() -> kube::core::Rule {
    kube::core::Rule::new("has(self.linkName) != has(self.linkRef)")
        .message("set exactly one of linkName and linkRef: linkRef for a CdmLink of this namespace, linkName for any other link")
}

impl JobResource for CdmJob {
    fn policy(&self) -> &JobPolicy {
        &self.spec.policy
    }

    fn run_state(&self) -> Option<RunState> {
        None
    }

    fn job_status(&self) -> Option<&JobStatus> {
        self.status.as_ref()
    }
}
