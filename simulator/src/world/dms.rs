//! Decisions about the open points of Smart Connect tasks (DMS for Kafka API reference, Smart Connect).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::switches::{Absent, Cell, Code, Immutable, Past};

/// Switches of Smart Connect tasks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each switch decides one open point")]
pub(crate) struct DmsSwitches {
    /// Words of the status by meaning.
    pub(crate) statuses: BTreeMap<String, String>,
    /// Whether `CREATING` is shown, which no published list of statuses holds.
    pub(crate) creating_shown: bool,
    /// How long transitions take, in simulated milliseconds.
    pub(crate) delays: TaskDelays,
    /// What may be done when.
    pub(crate) matrix: BTreeMap<TaskAct, BTreeMap<TaskColumn, Cell>>,
    /// Answers whose code no page gives.
    pub(crate) codes: Codes,
    /// What the service puts in place of members that were left out.
    pub(crate) filled: Filled,
    /// What a member does that is left out although the page asks for it.
    pub(crate) omitted_mandatory: Omitted,
    /// What stands for the side that a task does not use.
    pub(crate) unused_side: Unused,
    /// How a line feed is answered in `record_delimiter`.
    pub(crate) newline_echo: Newline,
    /// Accepted `record_delimiter` texts.
    pub(crate) record_delimiters: Vec<String>,
    /// Whether answers hold an invented `dcs_instance_id` when only addresses were given.
    pub(crate) fill_dcs_instance: bool,
    /// Whether `agency_name` stands in for an access key.
    pub(crate) accept_agency: bool,
    /// Whether Redis tasks, which newer pages leave out, can be created.
    pub(crate) redis_tasks: bool,
    /// Accepted `redis_type` words; any when empty.
    pub(crate) redis_types: Vec<String>,
    /// Whether both ends of a Redis task must have the same `redis_type`.
    pub(crate) strict_redis_types: bool,
    /// Whether a two-way task needs a rename or the header.
    pub(crate) strict_two_way: bool,
    /// Whether a topic of an OBS or Kafka task may be in no other task.
    pub(crate) strict_topics: bool,
    /// Whether the sources of `topics_mapping` must be among `topics` when both are given.
    pub(crate) mapping_within_topics: bool,
    /// Whether an OBS task may not have `.*` as `topics_regex`.
    pub(crate) refuse_match_all: bool,
    /// Whether listed topics must exist, where the world knows the instance.
    pub(crate) topics_must_exist: bool,
    /// Whether a peer must be an instance of the world.
    pub(crate) peers_must_be_known: bool,
    /// Whether the key of an OBS task must be one of `huawei.users`.
    pub(crate) check_obs_keys: bool,
    /// Whether create tries the peer as validate does.
    pub(crate) create_verifies_peer: bool,
    /// Whether a name may be used once per instance.
    pub(crate) unique_names: bool,
    /// Topics of one task.
    pub(crate) max_topics: usize,
    /// Pairs of `topics_mapping`.
    pub(crate) max_mappings: usize,
    /// `max_tasks` of lists.
    pub(crate) max_tasks: usize,
    /// Largest `task_num`.
    pub(crate) max_task_num: i64,
    /// Largest `full_sync_max_retry`, `full_sync_wait_ms` and `ratelimit`.
    pub(crate) max_redis_number: i64,
    /// Whether list and show need a running instance too.
    pub(crate) reads_need_running: bool,
    /// Page size when none is asked for.
    pub(crate) default_limit: usize,
    /// Largest page size.
    pub(crate) max_limit: usize,
    /// What an offset at or past the total does.
    pub(crate) offset_past_total: Past,
    /// Order of lists.
    pub(crate) list_order: ListOrder,
    /// Members that modify changes; `source_task.` and `sink_task.` before those of the sides.
    pub(crate) modifiable: Vec<String>,
    /// What a modify of any other member does.
    pub(crate) immutable_change: Immutable,
    /// What a modifiable member that is left out of modify does.
    pub(crate) omitted_in_modify: Absent,
    /// What passwords and keys in a modify do.
    pub(crate) credentials_in_modify: Credentials,
    /// Whether a modify of a running task goes through `RESTARTING`.
    pub(crate) modify_restarts: bool,
    /// Status of a successful validate.
    pub(crate) validate_status: u16,
    /// Whether validate needs `type`.
    pub(crate) validate_needs_type: bool,
    /// Status of a successful restart by the path without `kafka`.
    pub(crate) plain_restart_status: u16,
    /// Slips seen in samples and earlier versions.
    pub(crate) oddities: Oddities,
}

/// Durations of transitions, in simulated milliseconds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TaskDelays {
    /// `CREATING` to `RUNNING`.
    pub(crate) create: i64,
    /// `CREATING` to `WAITING`.
    pub(crate) create_later: i64,
    /// `WAITING` to `RUNNING`.
    pub(crate) start: i64,
    /// To `PAUSED`.
    pub(crate) pause: i64,
    /// `PAUSED` to `RUNNING`.
    pub(crate) resume: i64,
    /// `RESTARTING` to `RUNNING`.
    pub(crate) restart: i64,
    /// `RESTARTING` to `RUNNING` after a modify.
    pub(crate) modify: i64,
    /// To being gone.
    pub(crate) delete: i64,
}

/// An operation of the matrix.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TaskAct {
    /// Pause.
    Pause,
    /// Resume.
    Resume,
    /// Restart, which is also the first start.
    Restart,
    /// Modify.
    Modify,
    /// Delete.
    Delete,
}

/// A state of the matrix. A task on its way to a state counts as being there, except while created or restarted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TaskColumn {
    /// Never started.
    Waiting,
    /// Being made.
    Creating,
    /// Copying.
    Running,
    /// Paused.
    Paused,
    /// Being restarted.
    Restarting,
    /// A status of a foreign hand.
    Other,
    /// A delete is under way.
    Deleting,
}

/// Answers whose code no page gives, or gives for several things.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Codes {
    /// A wrong value, a missing or an unknown member.
    pub(crate) parameter: Code,
    /// Both or neither of `topics` and `topics_regex`.
    pub(crate) topic_selector: Code,
    /// A two-way task that would loop.
    pub(crate) two_way: Code,
    /// Peer, protocol or credentials of a Kafka source.
    pub(crate) kafka_settings: Code,
    /// More replicas than the peer has brokers.
    pub(crate) replicas: Code,
    /// A name in use.
    pub(crate) duplicate_name: Code,
    /// No such task.
    pub(crate) unknown_task: Code,
    /// A pause that the matrix refuses.
    pub(crate) pause: Code,
    /// A resume that the matrix refuses.
    pub(crate) resume: Code,
    /// A restart that the matrix refuses.
    pub(crate) restart: Code,
    /// A modify that the matrix refuses, or of a member that cannot be changed.
    pub(crate) modify: Code,
    /// A delete that the matrix refuses.
    pub(crate) delete: Code,
    /// A wrong `limit` or `offset`.
    pub(crate) paging: Code,
    /// An offset at or past the total, where that is refused.
    pub(crate) past_total: Code,
}

/// What the service puts in place of members that were left out.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Filled {
    /// Alias of the own instance.
    pub(crate) current_cluster_name: String,
    /// Alias of the peer.
    pub(crate) cluster_name: String,
    /// `security_protocol` when a user or a mechanism is given.
    pub(crate) sasl_protocol: String,
    /// `direction`.
    pub(crate) direction: String,
    /// `replication_factor`.
    pub(crate) replication_factor: i64,
    /// `consumer_strategy`.
    pub(crate) consumer_strategy: String,
    /// `redis_type`.
    pub(crate) redis_type: String,
    /// `sync_mode`.
    pub(crate) sync_mode: String,
    /// `full_sync_max_retry`.
    pub(crate) full_sync_max_retry: i64,
    /// `full_sync_wait_ms`.
    pub(crate) full_sync_wait_ms: i64,
    /// `timezone` of OBS tasks.
    pub(crate) timezone: String,
}

/// What a member does that is left out although the page asks for it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Omitted {
    /// The service fills it.
    Fill,
    /// `codes.parameter`.
    Refuse,
}

/// What stands for the side that a task does not use.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Unused {
    /// null.
    Null,
    /// `{}`.
    Object,
    /// Nothing.
    Absent,
}

/// How a line feed is answered.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Newline {
    /// As it was given.
    AsGiven,
    /// Backslash and n.
    Escaped,
    /// A line feed.
    LineFeed,
}

/// Order of lists.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ListOrder {
    /// By `create_time`, the youngest first.
    NewestFirst,
    /// By `create_time`, the oldest first.
    OldestFirst,
}

/// What passwords and keys in a modify do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Credentials {
    /// `codes.parameter`, as any unknown member.
    Refuse,
    /// Nothing.
    Ignore,
    /// They replace the old ones.
    Accept,
}

/// Slips seen in samples and earlier versions; all off.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each switch decides one open point")]
pub(crate) struct Oddities {
    /// Lists spell `deliver_time_interva`.
    pub(crate) misspelt_interval: bool,
    /// `sync_mode` ends with a comma.
    pub(crate) trailing_comma: bool,
    /// `replication_factor`, `task_num` and `target_db` are strings.
    pub(crate) numbers_as_text: bool,
    /// OBS tasks hold `connector_class`, `storage_class` and `format_class`.
    pub(crate) legacy_classes: bool,
}

impl Default for DmsSwitches {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        Self {
            statuses: STATUSES
                .iter()
                .map(|s| ((*s).to_owned(), (*s).to_owned()))
                .collect(),
            creating_shown: true,
            delays: TaskDelays::default(),
            matrix: matrix(),
            codes: Codes::default(),
            filled: Filled::default(),
            omitted_mandatory: Omitted::Fill,
            unused_side: Unused::Null,
            newline_echo: Newline::AsGiven,
            record_delimiters: words(&[",", ";", "|", "\n", "\\n", "", "NULL"]),
            fill_dcs_instance: true,
            accept_agency: true,
            redis_tasks: true,
            redis_types: Vec::new(),
            strict_redis_types: false,
            strict_two_way: false,
            strict_topics: false,
            mapping_within_topics: true,
            refuse_match_all: true,
            topics_must_exist: true,
            peers_must_be_known: false,
            check_obs_keys: true,
            create_verifies_peer: false,
            unique_names: true,
            max_topics: 20,
            max_mappings: 20,
            max_tasks: 18,
            max_task_num: 1000,
            max_redis_number: i64::from(i32::MAX),
            reads_need_running: true,
            default_limit: 10,
            max_limit: 50,
            offset_past_total: Past::EmptyPage,
            list_order: ListOrder::NewestFirst,
            modifiable: words(&MODIFIABLE),
            immutable_change: Immutable::Reject,
            omitted_in_modify: Absent::Keep,
            credentials_in_modify: Credentials::Refuse,
            modify_restarts: true,
            validate_status: 204,
            validate_needs_type: true,
            plain_restart_status: 204,
            oddities: Oddities::default(),
        }
    }
}

impl Default for TaskDelays {
    fn default() -> Self {
        Self {
            create: 2000,
            create_later: 0,
            start: 1000,
            pause: 1000,
            resume: 1000,
            restart: 2000,
            modify: 2000,
            delete: 0,
        }
    }
}

impl Default for Codes {
    fn default() -> Self {
        let code = |status: u16, code: &str| Code {
            status,
            code: code.to_owned(),
        };
        Self {
            parameter: code(400, "DMS.00400800"),
            topic_selector: code(400, "DMS.00400800"),
            two_way: code(400, "DMS.00400800"),
            kafka_settings: code(400, "DMS.40001016"),
            replicas: code(400, "DMS.00400861"),
            duplicate_name: code(400, "DMS.00400867"),
            unknown_task: code(404, "DMS.00404026"),
            pause: code(400, "DMS.00400868"),
            resume: code(400, "DMS.00400869"),
            restart: code(400, "DMS.00400872"),
            modify: code(400, "DMS.00400873"),
            delete: code(400, "DMS.00400026"),
            paging: code(400, "DMS.00400800"),
            past_total: code(400, "DMS.40050010"),
        }
    }
}

impl Default for Filled {
    fn default() -> Self {
        Self {
            current_cluster_name: "A".to_owned(),
            cluster_name: "B".to_owned(),
            sasl_protocol: "SASL_SSL".to_owned(),
            direction: "pull".to_owned(),
            replication_factor: 3,
            consumer_strategy: "latest".to_owned(),
            redis_type: "standalone".to_owned(),
            sync_mode: "CUSTOM_OFFSET".to_owned(),
            full_sync_max_retry: 10,
            full_sync_wait_ms: 10_000,
            timezone: "Asia/Chongqing".to_owned(),
        }
    }
}

/// The statuses by meaning.
const STATUSES: [&str; 5] = ["WAITING", "CREATING", "RUNNING", "PAUSED", "RESTARTING"];

/// The members that the schema of modify holds and no guide calls fixed.
const MODIFIABLE: [&str; 14] = [
    "topics",
    "topics_regex",
    "source_task.task_num",
    "source_task.replication_factor",
    "source_task.consumer_strategy",
    "source_task.compression_type",
    "source_task.rename_topic_enabled",
    "source_task.provenance_header_enabled",
    "source_task.topics_mapping",
    "sink_task.deliver_time_interval",
    "sink_task.obs_path",
    "sink_task.partition_format",
    "sink_task.record_delimiter",
    "sink_task.store_keys",
];

/// Which operation in which state (DMS for Kafka API reference, Smart Connect).
fn matrix() -> BTreeMap<TaskAct, BTreeMap<TaskColumn, Cell>> {
    use Cell::{Allow, Noop, Refuse};
    let columns = [
        TaskColumn::Waiting,
        TaskColumn::Creating,
        TaskColumn::Running,
        TaskColumn::Paused,
        TaskColumn::Restarting,
        TaskColumn::Other,
        TaskColumn::Deleting,
    ];
    let rows = [
        (
            TaskAct::Pause,
            [Refuse, Refuse, Allow, Noop, Refuse, Refuse, Refuse],
        ),
        (
            TaskAct::Resume,
            [Refuse, Refuse, Noop, Allow, Refuse, Refuse, Refuse],
        ),
        (
            TaskAct::Restart,
            [Allow, Refuse, Allow, Allow, Refuse, Allow, Refuse],
        ),
        (
            TaskAct::Modify,
            [Allow, Refuse, Allow, Allow, Refuse, Refuse, Refuse],
        ),
        (TaskAct::Delete, [Allow, Allow, Allow, Allow, Allow, Allow, Noop]),
    ];
    rows.into_iter()
        .map(|(act, cells)| (act, columns.into_iter().zip(cells).collect()))
        .collect()
}
