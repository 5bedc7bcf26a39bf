//! What the world holds beforehand: accounts, projects, clusters and instances.

use serde::{Deserialize, Serialize};

/// The account that the default users and projects belong to.
const ACCOUNT: &str = "7d1f0c5a9be24c6f8a3e5b0d4c2f1e90";
/// A second account, trusted by an agency.
const STANDBY: &str = "2b8e6f4d1c3a4957b0e8d7c6f5a49382";
/// Project `cn-south-1` of the first account; holds all default clusters and instances.
const SOUTH: &str = "5a1f0c2b77d94a6c8b1e90d3c4f7a210";

/// Huawei Cloud accounts.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Huawei {
    /// IAM users.
    pub(crate) users: Vec<User>,
    /// Projects.
    pub(crate) projects: Vec<Project>,
    /// Agencies that may be assumed.
    pub(crate) agencies: Vec<Agency>,
}

/// One IAM user.
#[expect(clippy::struct_field_names, reason = "named as in the login body")]
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct User {
    /// Access key id.
    pub(crate) access_key: String,
    /// Secret access key.
    pub(crate) secret_key: String,
    /// Name to log in with.
    pub(crate) user_name: String,
    /// Password to log in with.
    pub(crate) password: String,
    /// The account's name.
    pub(crate) domain_name: String,
    /// The account's id.
    #[serde(default = "account")]
    pub(crate) domain_id: String,
    /// The user's id.
    #[serde(default = "crate::ids::hex32")]
    pub(crate) user_id: String,
    /// IAM actions this user may not do, such as `eg:erjobs:create`; a trailing `*` stands for the rest.
    #[serde(default)]
    pub(crate) denied: Vec<String>,
}

/// One project.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Project {
    /// Project id.
    pub(crate) id: String,
    /// Project name; the default project of a region is named like it.
    pub(crate) name: String,
    /// Region id.
    pub(crate) region: String,
    /// Account that owns it.
    #[serde(default = "account")]
    pub(crate) domain_id: String,
}

/// One agency: users of other accounts act in `domain` through it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Agency {
    /// Agency name.
    pub(crate) name: String,
    /// Delegating account.
    pub(crate) domain_name: String,
    /// Its id.
    pub(crate) domain_id: String,
}

/// `EventGrid`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct EventGrid {
    /// Event-router clusters.
    pub(crate) clusters: Vec<Cluster>,
    /// Quotas.
    pub(crate) limits: Limits,
    /// Outcomes of the pre-check by `check_item_name`; what is not named succeeds.
    pub(crate) pre_check: std::collections::BTreeMap<String, String>,
}

/// Quotas of `EventGrid`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Limits {
    /// Jobs that fit on one cluster.
    pub(crate) jobs_per_cluster: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            jobs_per_cluster: 20_000,
        }
    }
}

/// One event-router cluster.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Cluster {
    /// Cluster id.
    pub(crate) id: String,
    /// Cluster name.
    pub(crate) name: String,
    /// `KAFKA`, `ROCKETMQ` or `DCS`.
    pub(crate) source_type: String,
    /// The same as `sourceType`.
    pub(crate) sink_type: String,
    /// `RUNNING` takes jobs; anything else does not.
    #[serde(default = "running")]
    pub(crate) status: String,
    /// Region id.
    #[serde(default = "region")]
    pub(crate) region: String,
    /// Project it is in.
    #[serde(default = "project")]
    pub(crate) project_id: String,
    /// VPC its jobs run in.
    #[serde(default = "vpc")]
    pub(crate) vpc_id: String,
    /// Subnet its jobs run in.
    #[serde(default = "subnet")]
    pub(crate) subnet_id: String,
}

/// DMS for Kafka.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Kafka {
    /// Kafka instances.
    pub(crate) instances: Vec<Instance>,
}

/// One Kafka instance.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Instance {
    /// Instance id.
    pub(crate) id: String,
    /// Instance name.
    pub(crate) name: String,
    /// `RUNNING` and the like.
    #[serde(default = "running")]
    pub(crate) status: String,
    /// Region id.
    #[serde(default = "region")]
    pub(crate) region: String,
    /// Project it is in.
    #[serde(default = "project")]
    pub(crate) project_id: String,
    /// Whether Smart Connect is on.
    #[serde(default)]
    pub(crate) smart_connect: bool,
    /// How many brokers it has, the upper bound of replicas.
    #[serde(default = "brokers")]
    pub(crate) brokers: i64,
    /// Kafka version.
    #[serde(default = "version")]
    pub(crate) version: String,
    /// Bootstrap addresses.
    #[serde(default)]
    pub(crate) address: String,
    /// Topics it has; any when empty.
    #[serde(default)]
    pub(crate) topics: Vec<String>,
    /// Smart Connect tasks that fit on it.
    #[serde(default = "quota")]
    pub(crate) quota_tasks: usize,
    /// Nodes of Smart Connect.
    #[serde(default = "connector_nodes")]
    pub(crate) connector_nodes: i64,
    /// Whether others reach it as a peer.
    #[serde(default = "reachable")]
    pub(crate) reachable: bool,
    /// SASL users it lets in as a peer; any when empty.
    #[serde(default)]
    pub(crate) sasl_users: Vec<SaslUser>,
}

/// One SASL user of a Kafka instance.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SaslUser {
    /// User name.
    pub(crate) user_name: String,
    /// Password.
    pub(crate) password: String,
}

impl Default for Huawei {
    fn default() -> Self {
        let user =
            |key: &str, secret: &str, name: &str, password: &str, account: (&str, &str), id: &str| User {
                access_key: key.to_owned(),
                secret_key: secret.to_owned(),
                user_name: name.to_owned(),
                password: password.to_owned(),
                domain_name: account.0.to_owned(),
                domain_id: account.1.to_owned(),
                user_id: id.to_owned(),
                denied: Vec::new(),
            };
        let (acme, globex) = (("acme", ACCOUNT), ("acme-standby", STANDBY));
        let mut auditor = user(
            "HPUASIMAUDITOR000002",
            "SimAuditorSecretKey000000000000000000002",
            "auditor",
            "Auditor@Sim2026",
            acme,
            "0c4d7e1b2a3f4c5d8e9f0a1b2c3d4e02",
        );
        auditor.denied = ["create", "update", "delete", "operate"]
            .map(|act| format!("eg:erjobs:{act}"))
            .to_vec();
        auditor.denied.extend(
            [
                "createConnectorSinkTask",
                "updateConnectorTask",
                "deleteConnectorSinkTask",
            ]
            .map(|act| format!("dms:instance:{act}")),
        );
        auditor
            .denied
            .extend(["job", "link", "cluster"].map(|of| format!("cdm:{of}:operate")));
        Self {
            users: vec![
                user(
                    "HPUASIMOPERATOR00001",
                    "SimOperatorSecretKey00000000000000000001",
                    "replication-operator",
                    "Operator@Sim2026",
                    acme,
                    "0c4d7e1b2a3f4c5d8e9f0a1b2c3d4e01",
                ),
                auditor,
                user(
                    "HPUASIMSTANDBY000003",
                    "SimStandbySecretKey000000000000000000003",
                    "standby",
                    "Standby@Sim2026",
                    globex,
                    "0c4d7e1b2a3f4c5d8e9f0a1b2c3d4e03",
                ),
            ],
            projects: vec![
                place(SOUTH, "cn-south-1", ACCOUNT),
                place("9e77b1aa03c6425fb4d08c15e6f2d3a8", "cn-east-3", ACCOUNT),
                place("c0f2a86d4b1e4f7799d35a8e6b7c1d04", "cn-north-4", ACCOUNT),
                place("31d5f7a9c2b84e6d8f0a1c3e5b7d9f12", "cn-south-1", STANDBY),
            ],
            agencies: vec![Agency {
                name: "replication_agency".to_owned(),
                domain_name: "acme-standby".to_owned(),
                domain_id: STANDBY.to_owned(),
            }],
        }
    }
}

fn place(id: &str, region: &str, account: &str) -> Project {
    Project {
        id: id.to_owned(),
        name: region.to_owned(),
        region: region.to_owned(),
        domain_id: account.to_owned(),
    }
}

impl Default for EventGrid {
    fn default() -> Self {
        let cluster = |id: &str, name: &str, kind: &str| Cluster {
            id: id.to_owned(),
            name: name.to_owned(),
            source_type: kind.to_owned(),
            sink_type: kind.to_owned(),
            status: running(),
            region: region(),
            project_id: project(),
            vpc_id: vpc(),
            subnet_id: subnet(),
        };
        Self {
            clusters: vec![
                cluster("0b8e6a3c-91d7-0000-0013-7d2e5a4b1c39", "router-kafka", "KAFKA"),
                cluster(
                    "1c9f7b4d-a2e8-0000-0013-8e3f6b5c2d4a",
                    "router-rocketmq",
                    "ROCKETMQ",
                ),
                cluster("2da08c5e-b3f9-0000-0013-9f407c6d3e5b", "router-dcs", "DCS"),
            ],
            limits: Limits::default(),
            pre_check: std::collections::BTreeMap::new(),
        }
    }
}

impl Default for Kafka {
    fn default() -> Self {
        let instance = |id: &str, name: &str, on: bool, host: u8| Instance {
            id: id.to_owned(),
            name: name.to_owned(),
            status: running(),
            region: region(),
            project_id: project(),
            smart_connect: on,
            brokers: brokers(),
            version: version(),
            address: (11..14)
                .map(|n| format!("10.{host}.0.{n}:9092"))
                .collect::<Vec<_>>()
                .join(","),
            topics: [
                "orders",
                "payments",
                "shipments",
                "refunds",
                "invoices",
                "receipts",
                "carts-relay",
                "topic-sc-1",
                "topic-sc-2",
                "topic-sc-3",
            ]
            .map(str::to_owned)
            .to_vec(),
            quota_tasks: quota(),
            connector_nodes: connector_nodes(),
            reachable: reachable(),
            sasl_users: vec![SaslUser {
                user_name: "replicator".to_owned(),
                password: "Replicator@Sim2026".to_owned(),
            }],
        };
        Self {
            instances: vec![
                instance("c3d1e9a2-44f0-4b0e-8a65-0f9a3b7d6e12", "kafka-site-a", true, 1),
                instance("f0a7c6d5-2b18-4f3a-9d4e-6c5b4a392817", "kafka-site-b", true, 2),
                instance("a7e5d3c1-90b8-4d76-8f54-3e2d1c0b9a87", "kafka-plain", false, 3),
            ],
        }
    }
}

fn account() -> String {
    ACCOUNT.to_owned()
}

pub(super) fn project() -> String {
    SOUTH.to_owned()
}

fn region() -> String {
    "cn-south-1".to_owned()
}

fn running() -> String {
    "RUNNING".to_owned()
}

fn vpc() -> String {
    "4f0b7e51-6a3c-4a8e-b9d2-1e7c5f3a0d68".to_owned()
}

fn subnet() -> String {
    "a91c3d27-58e4-4b1f-8c06-2d7f9e5b4a13".to_owned()
}

fn brokers() -> i64 {
    3
}

fn version() -> String {
    "2.7".to_owned()
}

fn quota() -> usize {
    18
}

fn connector_nodes() -> i64 {
    2
}

fn reachable() -> bool {
    true
}
