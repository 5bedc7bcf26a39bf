//! Decisions about the points that the vendors' pages leave open; `--help` lists them with their defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dms::DmsSwitches;
use super::{CkafkaSwitches, TencentSwitches};

/// All switches.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Switches {
    /// Signatures, tokens and locks.
    pub(crate) auth: Auth,
    /// Request limits by service name.
    pub(crate) rate_limit: RateLimits,
    /// Event-router jobs.
    pub(crate) event_grid: EventGridSwitches,
    /// Smart Connect tasks.
    pub(crate) dms: DmsSwitches,
    /// Jobs and links of Cloud Data Migration.
    pub(crate) cdm: super::CdmSwitches,
    /// Tencent Cloud's API front.
    pub(crate) tencent: TencentSwitches,
    /// Connector tasks of `CKafka`.
    pub(crate) ckafka: CkafkaSwitches,
}

/// Switches of signatures, tokens and locks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Auth {
    /// Largest difference between `X-Sdk-Date` and the wall clock.
    pub(crate) skew_seconds: i64,
    /// Consecutive bad signatures that are still let pass.
    pub(crate) failures_before_lock: u32,
    /// How long a key stays locked.
    pub(crate) lock_seconds: u64,
    /// Wrong passwords that lock a user.
    pub(crate) logins_before_lock: u32,
    /// How long a user stays locked.
    pub(crate) login_lock_seconds: u64,
    /// Life of a token.
    pub(crate) token_seconds: i64,
    /// Who refuses a bad token on a service call.
    pub(crate) token_refusal: TokenRefusal,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            skew_seconds: 900,
            failures_before_lock: 5,
            lock_seconds: 300,
            logins_before_lock: 5,
            login_lock_seconds: 900,
            token_seconds: 86_400,
            token_refusal: TokenRefusal::Gateway,
        }
    }
}

/// Who refuses a bad token on a service call.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TokenRefusal {
    /// 401 `APIGW.0301` or `APIGW.0307`.
    Gateway,
    /// 401 with the service's own code, such as `EG.00014010`.
    Service,
}

/// Request limits by service name.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct RateLimits(BTreeMap<String, Limiter>);

impl Default for RateLimits {
    fn default() -> Self {
        Self(super::tencent::limits())
    }
}

impl RateLimits {
    /// The limit of a service.
    pub(crate) fn get(&self, service: &str) -> Option<&Limiter> {
        self.0.get(service)
    }
}

/// A request limit per caller.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Limiter {
    /// Requests that come back each second of wall time.
    pub(crate) requests_per_second: f64,
    /// Requests that pass at once.
    pub(crate) burst: f64,
    /// Seconds told in `Retry-After`; no header when null.
    #[serde(default)]
    pub(crate) retry_after: Option<u64>,
    /// Answer of the service in place of the gateway's 429.
    #[serde(default)]
    pub(crate) answer: Option<Code>,
}

/// Switches of event-router jobs (EventGrid API reference, professional event stream jobs).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each switch decides one open point")]
pub(crate) struct EventGridSwitches {
    /// Words of the action call by meaning.
    pub(crate) operations: Operations,
    /// Words of the status by meaning.
    pub(crate) statuses: BTreeMap<String, String>,
    /// Whether `STARTING`, `STOPPING`, `SWITCHING` and `DELETING` are shown.
    pub(crate) transitional_states: bool,
    /// How long transitions take, in simulated milliseconds.
    pub(crate) delays: Delays,
    /// What may be done when.
    pub(crate) matrix: BTreeMap<Act, BTreeMap<Column, Cell>>,
    /// Whether an update of a running job leaves it stopped (where the matrix allows it).
    pub(crate) update_leaves_stopped: bool,
    /// What a deleted job answers.
    pub(crate) after_delete: Gone,
    /// What answers hold in place of a password.
    pub(crate) password_echo: PasswordEcho,
    /// Which keys answers hold.
    pub(crate) style: Style,
    /// Whether documented defaults of left-out members are answered.
    pub(crate) fill_defaults: bool,
    /// Whether a left-out address of a known instance is answered.
    pub(crate) fill_address: bool,
    /// Whether one-element arrays stand for objects in requests.
    pub(crate) accept_arrays: bool,
    /// What a changed immutable field does.
    pub(crate) immutable_change: Immutable,
    /// The answer to an operation in a forbidden state.
    pub(crate) forbidden_state: Code,
    /// Whether a name may be used once per project.
    pub(crate) unique_names: bool,
    /// What a configuration left out of an update does.
    pub(crate) omitted_config: Absent,
    /// Page size when none is asked for.
    pub(crate) default_limit: usize,
    /// Largest page size.
    pub(crate) max_limit: usize,
    /// What an offset at or past the total does.
    pub(crate) offset_past_total: Past,
    /// Whether list rows hold the configurations.
    pub(crate) list_carries_configs: bool,
    /// How `RocketMQ` is spelt in `source_type` and `sink_type`.
    pub(crate) rocketmq_type: String,
    /// Whether `updated_time` moves.
    pub(crate) updated_time_moves: bool,
    /// What happens to the log ids when logging is turned off.
    pub(crate) log_ids_after_disable: Clearing,
    /// Whether the sink must be a cloud instance.
    pub(crate) sink_must_be_cloud: bool,
    /// Whether `advance_config` must be given on create.
    pub(crate) advance_config_required: bool,
    /// Accepted `config_type` words.
    pub(crate) config_types: Vec<String>,
    /// Accepted `authenticate_mode` words.
    pub(crate) authenticate_modes: Vec<String>,
    /// Accepted `sasl_mechanism` words.
    pub(crate) sasl_mechanisms: Vec<String>,
    /// Accepted `synchronize_type` words; any when empty.
    pub(crate) synchronize_types: Vec<String>,
    /// Records that the source gets each simulated second.
    pub(crate) produced_per_second: i64,
    /// Records that a running job moves each simulated second.
    pub(crate) synced_per_second: i64,
}

/// Words of the action call by meaning.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Operations {
    /// Enables the job.
    pub(crate) start: Vec<String>,
    /// Disables the job.
    pub(crate) stop: Vec<String>,
    /// Exchanges the ends.
    pub(crate) switch: Vec<String>,
}

/// Durations of transitions, in simulated milliseconds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Delays {
    /// `CREATING` to `WAIT_START`.
    pub(crate) create: i64,
    /// To `RUNNING`.
    pub(crate) start: i64,
    /// To `STOPPED`.
    pub(crate) stop: i64,
    /// Exchange of the ends, unless `switch_now`.
    pub(crate) switch: i64,
    /// To being gone.
    pub(crate) delete: i64,
}

/// An HTTP status with a code.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Code {
    /// HTTP status.
    pub(crate) status: u16,
    /// The vendor's code.
    pub(crate) code: String,
}

/// An operation of the matrix.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Act {
    /// PUT.
    Update,
    /// Enable.
    Start,
    /// Disable.
    Stop,
    /// Exchange the ends.
    Switch,
    /// DELETE.
    Delete,
    /// Log switch.
    Log,
}

/// A state of the matrix.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Column {
    /// Being made.
    Creating,
    /// Never started.
    WaitStart,
    /// Syncing.
    Running,
    /// Disabled.
    Stopped,
    /// Failed; also every status of a foreign hand.
    Error,
    /// Starting, stopping, switching; an operation is under way.
    Busy,
    /// A delete is under way.
    Deleting,
}

/// A cell of the matrix.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Cell {
    /// Carried out.
    Allow,
    /// Answered as if carried out, nothing happens.
    Noop,
    /// Refused with the code for it.
    Refuse,
}

/// What a deleted job answers.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Gone {
    /// 404 `EG.00014040`.
    NotFound,
    /// 200 with status `DELETED`.
    Deleted,
}

/// What answers hold in place of a password.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PasswordEcho {
    /// null.
    Null,
    /// Six stars.
    Masked,
    /// The password.
    Echo,
}

/// Which keys answers hold.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Style {
    /// As in the samples: some left out, some null.
    Samples,
    /// Every key of the tables, null where there is no value.
    Full,
}

/// What a changed immutable field does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Immutable {
    /// 400 with the service's code.
    Reject,
    /// 200, the old value stays.
    Ignore,
}

/// What a configuration left out of an update does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Absent {
    /// The old one stays.
    Keep,
    /// It is emptied.
    Clear,
}

/// What an offset at or past the total does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Past {
    /// 400, except offset 0.
    Refuse,
    /// An empty page.
    EmptyPage,
}

/// What happens to the log ids when logging is turned off.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Clearing {
    /// They become null.
    Clear,
    /// They stay.
    Keep,
}

impl Default for EventGridSwitches {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        Self {
            operations: Operations {
                start: words(&["START"]),
                stop: words(&["PAUSE", "STOP"]),
                switch: words(&["SWITCH"]),
            },
            statuses: STATUSES
                .iter()
                .map(|s| ((*s).to_owned(), (*s).to_owned()))
                .collect(),
            transitional_states: false,
            delays: Delays {
                create: 2000,
                start: 1000,
                stop: 1000,
                switch: 1000,
                delete: 1000,
            },
            matrix: matrix(),
            update_leaves_stopped: true,
            after_delete: Gone::NotFound,
            password_echo: PasswordEcho::Null,
            style: Style::Samples,
            fill_defaults: false,
            fill_address: false,
            accept_arrays: false,
            immutable_change: Immutable::Reject,
            forbidden_state: Code {
                status: 403,
                code: "EG.00514004".to_owned(),
            },
            unique_names: true,
            omitted_config: Absent::Keep,
            default_limit: 15,
            max_limit: 1000,
            offset_past_total: Past::Refuse,
            list_carries_configs: false,
            rocketmq_type: "ROCKETMQ".to_owned(),
            updated_time_moves: false,
            log_ids_after_disable: Clearing::Clear,
            sink_must_be_cloud: true,
            advance_config_required: true,
            config_types: words(&["CLOUD", "ADDRESS"]),
            authenticate_modes: words(&["PLAINTEXT", "SASL_SSL", "SASL_PLAINTEXT"]),
            sasl_mechanisms: words(&["PLAIN", "SCRAM-SHA-512"]),
            synchronize_types: Vec::new(),
            produced_per_second: 100,
            synced_per_second: 1000,
        }
    }
}

/// The statuses by meaning.
pub(crate) const STATUSES: [&str; 10] = [
    "CREATING",
    "WAIT_START",
    "RUNNING",
    "STOPPED",
    "ERROR",
    "DELETED",
    "STARTING",
    "STOPPING",
    "SWITCHING",
    "DELETING",
];

/// Which operation in which state (EventGrid API reference, professional event stream jobs).
fn matrix() -> BTreeMap<Act, BTreeMap<Column, Cell>> {
    use Cell::{Allow, Noop, Refuse};
    let columns = [
        Column::Creating,
        Column::WaitStart,
        Column::Running,
        Column::Stopped,
        Column::Error,
        Column::Busy,
        Column::Deleting,
    ];
    let rows = [
        (Act::Update, [Refuse, Allow, Refuse, Allow, Allow, Refuse, Refuse]),
        (Act::Start, [Refuse, Allow, Refuse, Allow, Allow, Refuse, Refuse]),
        (Act::Stop, [Refuse, Refuse, Allow, Noop, Allow, Refuse, Refuse]),
        (Act::Switch, [Refuse, Refuse, Allow, Allow, Allow, Refuse, Refuse]),
        (Act::Delete, [Refuse, Allow, Allow, Allow, Allow, Allow, Noop]),
        (Act::Log, [Refuse, Allow, Allow, Allow, Allow, Refuse, Refuse]),
    ];
    rows.into_iter()
        .map(|(act, cells)| (act, columns.into_iter().zip(cells).collect()))
        .collect()
}
