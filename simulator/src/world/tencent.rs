//! Tencent Cloud: its users, the neighbours of connector tasks, and the decisions about its open points.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::switches::Limiter;

/// The account that everything of the default world belongs to.
const APP_ID: u64 = 1_300_000_001;

/// Tencent Cloud.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Tencent {
    /// API users.
    pub(crate) users: Vec<TencentUser>,
    /// Roles that may be assumed.
    pub(crate) roles: Vec<Role>,
    /// Regions that `X-TC-Region` may name.
    pub(crate) regions: Vec<String>,
}

/// One API user.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TencentUser {
    /// Secret id.
    pub(crate) secret_id: String,
    /// Secret key.
    pub(crate) secret_key: String,
    /// Account number.
    pub(crate) app_id: u64,
    /// The token that must go with a temporary key; null for a permanent one.
    #[serde(default)]
    pub(crate) token: Option<String>,
    /// Unix seconds when a temporary key ends; never when null.
    #[serde(default)]
    pub(crate) expired_time: Option<i64>,
    /// Actions this user may not do, such as `ckafka:CreateDatahubTask`; a trailing `*` stands for the rest.
    #[serde(default)]
    pub(crate) denied: Vec<String>,
}

/// A role that users and pods may assume.
#[expect(clippy::struct_field_names, reason = "named as in the request body")]
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Role {
    /// `qcs::cam::uin/UIN:roleName/NAME`.
    pub(crate) role_arn: String,
    /// Account number that the role acts in.
    pub(crate) app_id: u64,
    /// Identity provider whose tokens it takes; none by web identity when null.
    #[serde(default)]
    pub(crate) provider_id: Option<String>,
}

/// The neighbours of connector tasks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Ckafka {
    /// `CKafka` instances.
    pub(crate) instances: Vec<Instance>,
    /// Connections, which hold address, user and password of other systems.
    pub(crate) connections: Vec<Connection>,
    /// Stand-alone topics.
    pub(crate) topics: Vec<DipTopic>,
    /// Schemas that a task may be bound to.
    pub(crate) schemas: Vec<Schema>,
}

/// One `CKafka` instance.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Instance {
    /// `ckafka-` and eight letters or digits.
    pub(crate) id: String,
    /// Display name.
    pub(crate) name: String,
    /// Account number.
    #[serde(default = "app_id")]
    pub(crate) app_id: u64,
    /// Region.
    #[serde(default = "region")]
    pub(crate) region: String,
    /// Number of the availability zone.
    #[serde(default = "zone")]
    pub(crate) zone_id: i64,
    /// Topics it has.
    #[serde(default)]
    pub(crate) topics: Vec<Topic>,
}

/// One topic of an instance.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Topic {
    /// `topic-` and eight letters or digits.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// Partitions.
    #[serde(default = "partitions")]
    pub(crate) partitions: i64,
}

/// One connection.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Connection {
    /// `resource-` and eight letters or digits.
    pub(crate) id: String,
    /// Kind of system, such as `ES`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Account number.
    #[serde(default = "app_id")]
    pub(crate) app_id: u64,
    /// Region.
    #[serde(default = "region")]
    pub(crate) region: String,
}

/// One stand-alone topic.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DipTopic {
    /// The account number, a hyphen and the name.
    pub(crate) name: String,
    /// `topic-` and eight letters or digits.
    pub(crate) id: String,
    /// Account number.
    #[serde(default = "app_id")]
    pub(crate) app_id: u64,
    /// Region.
    #[serde(default = "region")]
    pub(crate) region: String,
}

/// One schema.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Schema {
    /// `schema-` and eight letters or digits.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// Account number.
    #[serde(default = "app_id")]
    pub(crate) app_id: u64,
}

impl Default for Tencent {
    fn default() -> Self {
        let user = |secret_id: &str, secret_key: &str, app_id: u64| TencentUser {
            secret_id: secret_id.to_owned(),
            secret_key: secret_key.to_owned(),
            app_id,
            token: None,
            expired_time: None,
            denied: Vec::new(),
        };
        let mut auditor = user(
            "AKIDsimAuditor00000000000000000000002",
            "SimTencentAuditorKey000000000002",
            APP_ID,
        );
        auditor.denied = ["Create", "Modify", "Pause", "Resume", "Restart", "Delete"]
            .map(|act| format!("ckafka:{act}DatahubTask"))
            .to_vec();
        let mut temporary = user(
            "AKIDsimTemporary000000000000000000003",
            "SimTencentTemporaryKey0000000003",
            APP_ID,
        );
        temporary.token = Some("SimTencentToken000000000000000000000000000000003".to_owned());
        Self {
            users: vec![
                user(
                    "AKIDsimOperator0000000000000000000001",
                    "SimTencentSecretKey0000000000001",
                    APP_ID,
                ),
                auditor,
                temporary,
                user(
                    "AKIDsimStandby00000000000000000000004",
                    "SimTencentStandbyKey000000000004",
                    1_300_000_002,
                ),
            ],
            roles: vec![Role {
                role_arn: "qcs::cam::uin/100000000001:roleName/replication-operator".to_owned(),
                app_id: APP_ID,
                provider_id: Some("cls-0a1b2c3d".to_owned()),
            }],
            regions: REGIONS.map(str::to_owned).to_vec(),
        }
    }
}

/// The regions that the official SDK knows.
const REGIONS: [&str; 22] = [
    "ap-bangkok",
    "ap-beijing",
    "ap-chengdu",
    "ap-chongqing",
    "ap-guangzhou",
    "ap-guangzhou-open",
    "ap-hongkong",
    "ap-jakarta",
    "ap-mumbai",
    "ap-nanjing",
    "ap-seoul",
    "ap-shanghai",
    "ap-shanghai-fsi",
    "ap-shenzhen-fsi",
    "ap-singapore",
    "ap-tokyo",
    "eu-frankfurt",
    "eu-moscow",
    "na-ashburn",
    "na-siliconvalley",
    "na-toronto",
    "sa-saopaulo",
];

impl Default for Ckafka {
    fn default() -> Self {
        let topic = |name: &str, id: &str| Topic {
            id: id.to_owned(),
            name: name.to_owned(),
            partitions: partitions(),
        };
        let instance = |id: &str, name: &str, region: &str, topics: Vec<Topic>| Instance {
            id: id.to_owned(),
            name: name.to_owned(),
            app_id: APP_ID,
            region: region.to_owned(),
            zone_id: zone(),
            topics,
        };
        let sample = |region: &str| {
            let topics = vec![topic("topic-test", "topic-0cus2p9z")];
            instance("ckafka-7kd5rzza", "sample", region, topics)
        };
        let shop = [
            ("orders", "topic-1a2b3c4d"),
            ("payments", "topic-2b3c4d5e"),
            ("shipments", "topic-3c4d5e6f"),
        ];
        let archive = [("orders", "topic-4d5e6f7a"), ("payments", "topic-5e6f7a8b")];
        Self {
            instances: vec![
                instance(
                    "ckafka-0a1b2c3d",
                    "shop",
                    HOME,
                    shop.map(|(name, id)| topic(name, id)).to_vec(),
                ),
                instance(
                    "ckafka-4e5f6a7b",
                    "archive",
                    HOME,
                    archive.map(|(name, id)| topic(name, id)).to_vec(),
                ),
                sample(HOME),
                sample(SAMPLES[0]),
            ],
            connections: CONNECTIONS
                .map(|(id, kind)| (id, kind, HOME))
                .into_iter()
                .chain(SAMPLES.map(|region| ("resource-test", "ES", region)))
                .map(|(id, kind, region)| Connection {
                    id: id.to_owned(),
                    kind: kind.to_owned(),
                    app_id: APP_ID,
                    region: region.to_owned(),
                })
                .collect(),
            topics: [
                (format!("{APP_ID}-crm"), "topic-6f7a8b9c", HOME),
                (format!("{APP_ID}-logs"), "topic-7a8b9c0d", HOME),
                ("12345-xxx".to_owned(), "topic-8b9c0d1e", SAMPLES[1]),
            ]
            .map(|(name, id, region)| DipTopic {
                name,
                id: id.to_owned(),
                app_id: APP_ID,
                region: region.to_owned(),
            })
            .to_vec(),
            schemas: vec![Schema {
                id: "schema-0a1b2c3d".to_owned(),
                name: "orders".to_owned(),
                app_id: APP_ID,
            }],
        }
    }
}

/// Where the world is at home.
const HOME: &str = "ap-guangzhou";
/// Where the neighbours are, beside home, that the sample requests of the vendor's page `CreateDatahubTask` name.
const SAMPLES: [&str; 2] = ["ap-shanghai", "ap-beijing"];

/// One connection per kind of system that takes one.
const CONNECTIONS: [(&str, &str); 12] = [
    ("resource-0a1b2c3d", "ES"),
    ("resource-9z8y7x6w", "POSTGRESQL"),
    ("resource-1m2y3s4q", "MYSQL"),
    ("resource-5m6o7n8g", "MONGODB"),
    ("resource-2c3l4k5h", "CLICKHOUSE"),
    ("resource-6m7a8r9d", "MARIADB"),
    ("resource-3s4q5l6v", "SQLSERVER"),
    ("resource-4c5t6s7d", "CTSDB"),
    ("resource-7k8a9f0k", "KAFKA"),
    ("resource-8m9q0t1t", "MQTT"),
    ("resource-9i0c1e2b", "ICEBERG"),
    ("resource-0d1t2s3n", "DTS"),
];

fn app_id() -> u64 {
    APP_ID
}

fn region() -> String {
    HOME.to_owned()
}

fn zone() -> i64 {
    100_006
}

fn partitions() -> i64 {
    3
}

/// Switches of Tencent Cloud's API front.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TencentSwitches {
    /// Largest difference between `X-TC-Timestamp` and the wall clock.
    pub(crate) skew_seconds: i64,
    /// The code of an action that a policy denies.
    pub(crate) denied_code: String,
    /// What a limit per second counts by.
    pub(crate) limited_per: LimitedPer,
}

impl Default for TencentSwitches {
    fn default() -> Self {
        Self {
            skew_seconds: 300,
            denied_code: "AuthFailure.UnauthorizedOperation".to_owned(),
            limited_per: LimitedPer::SecretId,
        }
    }
}

/// What a limit per second counts by, beside the action.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LimitedPer {
    /// Each secret id by itself.
    SecretId,
    /// All secret ids of an account together.
    Account,
}

/// Switches of connector tasks (Datahub API notes).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each switch decides one open point")]
pub(crate) struct CkafkaSwitches {
    /// How long transitions take, in simulated milliseconds; null for ever.
    pub(crate) delays: Delays,
    /// Statuses that an action may be asked in.
    pub(crate) matrix: Matrix,
    /// Whether a healthy running task may be restarted.
    pub(crate) restart_healthy: bool,
    /// Status of a task that failed while running; it stays 1 when null.
    pub(crate) abnormal_status: Option<i64>,
    /// Status while restarting; it stays what it was when null.
    pub(crate) restarting_status: Option<i64>,
    /// Names of tasks whose transitions end badly.
    pub(crate) forced_ends: ForcedEnds,
    /// `ErrorMessage` of a healthy running task.
    pub(crate) running_message: String,
    /// `TaskProgress` once a task was created.
    pub(crate) finished_progress: f64,
    /// Whether `StepList` holds the steps begun while a task is created.
    pub(crate) list_steps: bool,
    /// How long a deleted task can still be described, in simulated milliseconds; null for ever.
    pub(crate) deleted_readable: Option<i64>,
    /// Whether lists hold deleted tasks while they can be described.
    pub(crate) deleted_in_lists: bool,
    /// Simulated milliseconds until lists hold a new task.
    pub(crate) list_lag: i64,
    /// Simulated milliseconds until a new task can be described.
    pub(crate) describe_lag: i64,
    /// Order of list rows.
    pub(crate) list_order: Order,
    /// Whether a name may be used once per account and region.
    pub(crate) unique_names: bool,
    /// Code of an action asked in another status.
    pub(crate) wrong_state: String,
    /// Code of a description of an unknown task; `null` for an answer whose `Result` is null.
    pub(crate) unknown_described: String,
    /// Code of every other action on an unknown task.
    pub(crate) unknown_changed: String,
    /// Whether pause, resume and restart answer a null `Result`.
    pub(crate) null_results: bool,
    /// What answers hold in place of a password.
    pub(crate) secrets: Secrets,
    /// Members of params, such as `Index`, that answers leave out whatever a task was made with.
    pub(crate) unechoed: Vec<String>,
    /// What params beside the one that the type decides do.
    pub(crate) extra_params: ExtraParams,
    /// Types beyond the documented ones.
    pub(crate) undocumented_types: Vec<String>,
    /// What instances, connections, topics and schemas do that the world does not hold.
    pub(crate) unknown_references: Unknown,
    /// What an empty description does on modify.
    pub(crate) empty_description: EmptyText,
    /// Hours that `CreateTime` is ahead of UTC.
    pub(crate) time_zone_hours: i8,
    /// Tasks that an account may have.
    pub(crate) quota: usize,
}

impl Default for CkafkaSwitches {
    fn default() -> Self {
        Self {
            delays: Delays::default(),
            matrix: Matrix::default(),
            restart_healthy: false,
            abnormal_status: None,
            restarting_status: None,
            forced_ends: ForcedEnds::default(),
            running_message: "运行中".to_owned(),
            finished_progress: 36.0,
            list_steps: false,
            deleted_readable: Some(60_000),
            deleted_in_lists: false,
            list_lag: 0,
            describe_lag: 0,
            list_order: Order::Newest,
            unique_names: false,
            wrong_state: "FailedOperation".to_owned(),
            unknown_described: "InvalidParameterValue".to_owned(),
            unknown_changed: "InvalidParameterValue.InstanceNotExist".to_owned(),
            null_results: false,
            secrets: Secrets::Absent,
            unechoed: Vec::new(),
            extra_params: ExtraParams::Refuse,
            undocumented_types: ["EB", "ICEBERG"].map(str::to_owned).to_vec(),
            unknown_references: Unknown::Refuse,
            empty_description: EmptyText::Clear,
            time_zone_hours: 8,
            quota: 150,
        }
    }
}

/// Durations of transitions, in simulated milliseconds; null for ever.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Delays {
    /// 0 to 1.
    pub(crate) create: Option<i64>,
    /// 5 to 6.
    pub(crate) pause: Option<i64>,
    /// 8 to 1.
    pub(crate) resume: Option<i64>,
    /// To 1.
    pub(crate) restart: Option<i64>,
    /// 2 to 3.
    pub(crate) delete: Option<i64>,
}

impl Default for Delays {
    fn default() -> Self {
        let usual = Some(2000);
        Self {
            create: usual,
            pause: usual,
            resume: usual,
            restart: usual,
            delete: usual,
        }
    }
}

/// Statuses that an action may be asked in.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Matrix {
    /// `ModifyDatahubTask`.
    pub(crate) modify: Vec<i64>,
    /// `PauseDatahubTask`.
    pub(crate) pause: Vec<i64>,
    /// `ResumeDatahubTask`.
    pub(crate) resume: Vec<i64>,
    /// `RestartDatahubTask`; an abnormal task may always be restarted.
    pub(crate) restart: Vec<i64>,
    /// `DeleteDatahubTask`.
    pub(crate) delete: Vec<i64>,
}

impl Default for Matrix {
    fn default() -> Self {
        Self {
            modify: vec![1, 6],
            pause: vec![1],
            resume: vec![6, 7, 9],
            restart: vec![4, 7, 9],
            delete: vec![-1, 1, 4, 6, 7, 9],
        }
    }
}

/// Names of tasks whose transitions end badly.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ForcedEnds {
    /// To -1.
    pub(crate) create: Vec<String>,
    /// To 7.
    pub(crate) pause: Vec<String>,
    /// To 9.
    pub(crate) resume: Vec<String>,
    /// To 4.
    pub(crate) delete: Vec<String>,
}

/// Order of list rows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Order {
    /// The youngest first.
    Newest,
    /// The oldest first.
    Oldest,
}

/// What answers hold in place of a password.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Secrets {
    /// Nothing: the member is left out.
    Absent,
    /// An empty string.
    Empty,
    /// Six stars.
    Masked,
    /// The password.
    Plain,
}

/// What params beside the one that the type decides do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ExtraParams {
    /// `InvalidParameterValue`.
    Refuse,
    /// They are left out.
    Ignore,
}

/// What a reference to something does that the world does not hold.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Unknown {
    /// `InvalidParameterValue.InstanceNotExist` or `ResourceNotFound`.
    Refuse,
    /// It is taken as it is.
    Accept,
}

/// What an empty text does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EmptyText {
    /// The old value is cleared.
    Clear,
    /// The old value stays.
    Keep,
}

/// The request limits that hold without being asked for.
pub(super) fn limits() -> BTreeMap<String, Limiter> {
    let limiter = Limiter {
        requests_per_second: 20.0,
        burst: 20.0,
        retry_after: None,
        answer: None,
    };
    BTreeMap::from([("ckafka".to_owned(), limiter)])
}
