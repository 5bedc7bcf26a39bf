//! The custom resource `CdmLink`: its fields, their documentation and the rules that admission holds. No I/O.
use crate::api::policy::JobPolicy;
use crate::api::policy::RunState;
use crate::api::status::JobStatus;
use crate::engine::kind::JobResource;
use crate::kinds::cdm::resource::{
    ConnectorInputs, add, booleans, mandatory, name_rule, no_plain_secret, no_prefix, object_name_rule, once,
};
use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};

/// The inputs of links that hold `true` or `false`, page Link Parameters.
const BOOLEANS: [&str; 7] = [
    "usingNative",
    "isRds",
    "useSSL",
    "safemode",
    "iamAuth",
    "obsSupport",
    "isPlatinumInstance",
];

/// The inputs that the vendor's pages mark as mandatory, by connector. Connectors with several flavours are held to
/// what all of them need.
const MANDATORY: [(&str, &[&str]); 15] = [
    (
        "generic-jdbc-connector",
        &["databaseType", "host", "port", "username", "password"],
    ),
    (
        "obs-connector",
        &["storageType", "server", "port", "accessKey", "securityKey"],
    ),
    ("hdfs-connector", &["hadoopType"]),
    ("hbase-connector", &["hbaseType"]),
    (
        "hive-connector",
        &["host", "authType", "hiveVersion", "obsSupport", "runMode"],
    ),
    ("ftp-connector", &["server", "port", "username", "password"]),
    ("sftp-connector", &["server", "port", "username", "password"]),
    (
        "mongodb-connector",
        &["serverList", "database", "userName", "password"],
    ),
    (
        "redis-connector",
        &["deploymentMode", "serverlist", "password", "dbIndex"],
    ),
    ("kafka-connector", &["hadoopType", "brokerList"]),
    (
        "dms-kafka-connector",
        &["kafkaType", "brokerList", "isPlatinumInstance"],
    ),
    ("dis-connector", &["region", "endpoint", "ak", "sk", "projectId"]),
    ("dli-connector", &["ak", "sk", "region", "projectId"]),
    ("elasticsearch-connector", &["host", "linkType"]),
    ("opentsdb-connector", &["openTSDBQuorum", "securityMode"]),
];

/// A link of Huawei Cloud Data Migration: how the jobs of one cluster reach one source or destination of data.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "replication.dev",
    version = "v1alpha1",
    kind = "CdmLink",
    shortname = "cdml",
    category = "replication",
    namespaced,
    status = "JobStatus",
    derive = "PartialEq",
    doc = "A link of Huawei Cloud Data Migration (CDM): how the jobs of one cluster reach one source or destination of data.",
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
    printcolumn(
        name = "Connector",
        type_ = "string",
        json_path = ".spec.forProvider.connectorName"
    ),
    printcolumn(name = "Reason", type_ = "string", json_path = ".status.reason"),
    printcolumn(name = "ID", type_ = "string", json_path = ".status.id", priority = "1"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    validation = object_name_rule()
)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = hourly)]
pub struct CdmLinkSpec {
    /// What all kinds of job share.
    #[serde(flatten)]
    pub policy: JobPolicy,
    /// The link itself, in the vendor's words.
    pub for_provider: CdmLinkParameters,
}

/// The link itself, in the vendor's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = mandatory_inputs)]
#[x_kube(
    validation = no_plain_secret("self"),
    validation = no_prefix("self", "linkConfig"),
    validation = once("self"),
    validation = booleans("self", &BOOLEANS),
    validation = Rule::new("self.connectorName != 'hbase-connector' || self.?config.?hbaseType.orValue('') != 'CloudTable' || ['zookeeperQuorum', 'iamAuth', 'runMode', 'cloudtableUser', 'accessKey'].all(i, i in self.config)")
        .message("config lacks inputs that hbaseType CloudTable requires: add zookeeperQuorum, iamAuth, runMode, cloudtableUser and accessKey")
)]
pub struct CdmLinkParameters {
    /// The id of the CDM cluster that the link belongs to. Cannot be changed later: delete the object and make it anew.
    #[schemars(length(min = 1, max = 64))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("clusterId cannot be changed: the link lives in its cluster, so delete this object (with deletionPolicy Orphan to keep the link) and make it anew").reason(Reason::FieldValueForbidden))]
    pub cluster_id: String,
    /// The name of the remote link; by default the name of this object. Starts with a letter and holds only letters,
    /// digits, '_' and '-'. Changing it replaces the remote link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 240))]
    #[x_kube(validation = name_rule())]
    pub name: Option<String>,
    /// The connector, such as `generic-jdbc-connector`, `obs-connector` or `elasticsearch-connector`; the service adds
    /// to the list. Changing it replaces the remote link.
    #[schemars(length(min = 1, max = 128))]
    pub connector_name: String,
    /// The inputs of the connector.
    #[serde(flatten)]
    pub inputs: ConnectorInputs,
    /// Whether jobs may use the link. When absent, what is there stays; a new link is enabled. Can be changed at any
    /// time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

fn mandatory_inputs(schema: &mut schemars::Schema) {
    let rules = MANDATORY
        .iter()
        .map(|one| mandatory("self", "forProvider", "false", *one));
    add(schema, rules);
}

/// The service has no list of links, so each is read by itself, and seldom.
fn hourly(schema: &mut schemars::Schema) {
    let interval = schema.pointer_mut("/properties/syncInterval");
    if let Some(interval) = interval.and_then(serde_json::Value::as_object_mut) {
        interval.insert("default".into(), "1h".into());
        let text = interval.get("description").and_then(serde_json::Value::as_str);
        let text = text.map(|text| text.replace("`5m` (default) or `1h30m`", "`1h` (default) or `10m`"));
        interval.extend(text.map(|text| ("description".into(), text.into())));
    }
}

impl JobResource for CdmLink {
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
