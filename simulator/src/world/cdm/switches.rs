//! Decisions about the open points of Cloud Data Migration; `--help` lists them with their defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::{
    AddedInputs, CdmAct, CdmColumn, CreateAnswer, CreateErrorTail, DeletedHistory, EmptyInputs, Encoding,
    Findings, LastUpdateUser, LinkInUse, LinkTest, LinkUpdateAnswer, Merge, MissingOnDelete, MissingOnUpdate,
    OmittedSecret, Outcome, OverRunningTasks, ProgressScale, SecretEcho, StatusAfterUpdate, StopAnswer,
    Strictness, SubmissionIds,
};
use crate::world::switches::Code;

/// Switches of CDM (CDM API reference; the reference's section 7 lists the open points).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each switch decides one open point")]
pub(crate) struct CdmSwitches {
    /// What a config without inputs holds.
    pub(crate) empty_inputs: EmptyInputs,
    /// How the member for the user of the last change is spelt.
    pub(crate) last_update_user: LastUpdateUser,
    /// A job that does not exist, when it is read.
    pub(crate) missing_job: Code,
    /// A job that does not exist, when it is started, stopped or asked for runs.
    pub(crate) missing_run: Code,
    /// A job that does not exist, when it is deleted.
    pub(crate) missing_on_delete: MissingOnDelete,
    /// A job that does not exist, when it is changed.
    pub(crate) missing_on_update: MissingOnUpdate,
    /// A link that does not exist.
    pub(crate) missing_link: Code,
    /// A link that a job names, when it is deleted.
    pub(crate) link_in_use: LinkInUse,
    /// A cluster that does not exist.
    pub(crate) missing_cluster: Code,
    /// A cluster that is not running.
    pub(crate) cluster_not_running: Code,
    /// The answer to a create.
    pub(crate) create_answer: CreateAnswer,
    /// The fourth member of an error that answers a create.
    pub(crate) create_error_tail: CreateErrorTail,
    /// The answer to an update of a link.
    pub(crate) link_update_answer: LinkUpdateAnswer,
    /// The answer to a stop.
    pub(crate) stop_answer: StopAnswer,
    /// Status after a stop.
    pub(crate) after_stop: String,
    /// First status after a start.
    pub(crate) first_state: String,
    /// How values are written in answers.
    pub(crate) encoding: Encoding,
    /// Whether escapes in values that are sent are undone.
    pub(crate) decode_values: bool,
    /// What stands in place of a secret value.
    pub(crate) secret_echo: SecretEcho,
    /// Last parts of the names of secret inputs.
    pub(crate) secret_inputs: Vec<String>,
    /// Whether inputs of jobs carry type, size and the like.
    pub(crate) full_inputs: bool,
    /// Inputs that are answered unasked.
    pub(crate) added_inputs: AddedInputs,
    /// `total` of a query by name.
    pub(crate) single_total: u64,
    /// What an input left out of an update does.
    pub(crate) update: Merge,
    /// What a secret left out of a link's update does.
    pub(crate) omitted_secret: OmittedSecret,
    /// Whether another link of the same connector may be named in an update.
    pub(crate) relink: bool,
    /// What the status of an ended run becomes by an update.
    pub(crate) status_after_update: StatusAfterUpdate,
    /// How far a run is.
    pub(crate) progress_scale: ProgressScale,
    /// What submission ids count.
    pub(crate) submission_ids: SubmissionIds,
    /// Whether the history may be paged.
    pub(crate) history_paging: bool,
    /// How long runs are told of, in simulated days.
    pub(crate) history_days: i64,
    /// What the history of a deleted job answers.
    pub(crate) deleted_history: DeletedHistory,
    /// Whether each retry is a submission of its own.
    pub(crate) retry_submissions: bool,
    /// Members of a job that no page has.
    pub(crate) unknown_members: Strictness,
    /// Inputs that the connector does not have.
    pub(crate) unknown_inputs: Strictness,
    /// The answer to a job that fails validation.
    pub(crate) findings: Findings,
    /// The test of a link.
    pub(crate) link_test: LinkTest,
    /// Whether `GET .../link/all` lists.
    pub(crate) link_list: bool,
    /// What a start does when the cluster runs as many tasks as it can.
    pub(crate) over_running_tasks: OverRunningTasks,
    /// Whether the published limits per API and minute hold.
    pub(crate) enforce_limits: bool,
    /// What may be done when.
    pub(crate) matrix: BTreeMap<CdmAct, BTreeMap<CdmColumn, String>>,
    /// How runs go.
    pub(crate) runs: Runs,
    /// How long cluster actions take, in simulated milliseconds.
    pub(crate) cluster_action: i64,
}

/// How runs go.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Runs {
    /// Milliseconds of `PENDING`, where it is the first status.
    pub(crate) pending: i64,
    /// Milliseconds of `BOOTING`.
    pub(crate) boot: i64,
    /// Milliseconds of `RUNNING`.
    pub(crate) run: i64,
    /// Milliseconds from a stop to its being seen.
    pub(crate) stop: i64,
    /// How runs end.
    pub(crate) outcome: Outcome,
    /// Rows that a run copies.
    pub(crate) rows: i64,
    /// Bytes that a run copies.
    pub(crate) bytes: i64,
    /// Files that a run copies.
    pub(crate) files: i64,
}

impl Default for CdmSwitches {
    fn default() -> Self {
        let code = |status, code: &str| Code {
            status,
            code: code.to_owned(),
        };
        Self {
            empty_inputs: EmptyInputs::Array,
            last_update_user: LastUpdateUser::Misspelled,
            missing_job: code(400, "Cdm.0100"),
            missing_run: code(400, "Cdm.0054"),
            missing_on_delete: MissingOnDelete::Short,
            missing_on_update: MissingOnUpdate::Padded,
            missing_link: code(404, "Cdm.0101"),
            link_in_use: LinkInUse::Documented,
            missing_cluster: code(404, "Cdm.0001"),
            cluster_not_running: code(503, "Cdm.0201"),
            create_answer: CreateAnswer::Whole,
            create_error_tail: CreateErrorTail::ExternalMessage,
            link_update_answer: LinkUpdateAnswer::List,
            stop_answer: StopAnswer::Object,
            after_stop: "STOPPED".to_owned(),
            first_state: "BOOTING".to_owned(),
            encoding: Encoding::Percent,
            decode_values: false,
            secret_echo: SecretEcho::Omit,
            secret_inputs: ["password", "securityKey", "sk", "dek", "iv"]
                .map(str::to_owned)
                .to_vec(),
            full_inputs: false,
            added_inputs: AddedInputs::Recent,
            single_total: 0,
            update: Merge::Replace,
            omitted_secret: OmittedSecret::Keep,
            relink: true,
            status_after_update: StatusAfterUpdate::Keep,
            progress_scale: ProgressScale::Percent,
            submission_ids: SubmissionIds::Job,
            history_paging: false,
            history_days: 30,
            deleted_history: DeletedHistory::Keep,
            retry_submissions: false,
            unknown_members: Strictness::Ignore,
            unknown_inputs: Strictness::Refuse,
            findings: Findings::Answer,
            link_test: LinkTest::World,
            link_list: true,
            over_running_tasks: OverRunningTasks::Refuse,
            enforce_limits: false,
            matrix: matrix(),
            runs: Runs {
                pending: 1000,
                boot: 2000,
                run: 10_000,
                stop: 1000,
                outcome: Outcome::Succeed,
                rows: 10_000,
                bytes: 1_000_000,
                files: 10,
            },
            cluster_action: 5000,
        }
    }
}

/// Which operation in which state; a code refuses (CDM reference, operation matrix).
fn matrix() -> BTreeMap<CdmAct, BTreeMap<CdmColumn, String>> {
    let columns = [CdmColumn::New, CdmColumn::Active, CdmColumn::Ended];
    let rows = [
        (CdmAct::Update, ["allow", "Cdm.0107", "allow"]),
        (CdmAct::Start, ["allow", "Cdm.0052", "allow"]),
        (CdmAct::Stop, ["Cdm.0053", "allow", "Cdm.0053"]),
        (CdmAct::Delete, ["allow", "Cdm.0322", "allow"]),
    ];
    rows.into_iter()
        .map(|(act, cells)| (act, columns.into_iter().zip(cells.map(str::to_owned)).collect()))
        .collect()
}
