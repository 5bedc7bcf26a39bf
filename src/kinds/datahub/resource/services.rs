//! Services as one side of a task: data subscription, MQTT, event buses and functions.
use crate::api::reference::SecretKeyRef;
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// A subscription of the data transmission service, page `DtsParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct DtsParam {
    /// The id of the DTS instance.
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// The address, where there is no connection.
    #[schemars(length(max = 4096))]
    pub ip: Option<String>,
    /// The port, where there is no connection.
    #[schemars(range(min = 1, max = 65_535))]
    pub port: Option<i64>,
    /// The topic that is subscribed to.
    #[schemars(length(max = 4096))]
    pub topic: Option<String>,
    /// The consumer group.
    #[schemars(length(max = 4096))]
    pub group_id: Option<String>,
    /// The user of the consumer group.
    #[schemars(length(max = 4096))]
    pub group_user: Option<String>,
    /// The Secret that holds that user's password. Vendors do not show passwords: a changed value is told by its digest.
    pub group_password_secret_ref: Option<SecretKeyRef>,
    /// Whether messages are carried as JSON (true, default) or as they are.
    pub tran_sql: Option<bool>,
}

/// Topics of MQTT, page `MqttParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.selfBuilt) || !self.selfBuilt")
        .message("mqttParam.selfBuilt must be false: the service reads instances of the cloud only")
)]
pub struct MqttParam {
    /// The topics, joined by commas in any order.
    #[schemars(length(min = 1, max = 4096))]
    pub topics: String,
    /// Whether every connection begins a session of its own.
    pub clean_session: bool,
    /// The id of the MQTT instance.
    #[schemars(length(max = 4096))]
    pub resource: Option<String>,
    /// The address, where there is no connection.
    #[schemars(length(max = 4096))]
    pub ip: Option<String>,
    /// The port, where there is no connection.
    #[schemars(range(min = 1, max = 65_535))]
    pub port: Option<i64>,
    /// The user.
    #[schemars(length(max = 4096))]
    pub user_name: Option<String>,
    /// The Secret that holds the user's password. Vendors do not show passwords: a changed value is told by its digest.
    pub password_secret_ref: Option<SecretKeyRef>,
    /// The quality of service.
    #[schemars(range(min = 0, max = 2))]
    pub qos: Option<i64>,
    /// How many workers read; 1 by default, and with more the subscription is shared.
    #[schemars(range(min = 1))]
    pub max_tasks: Option<i64>,
    /// The address of the instance within the network.
    #[schemars(length(max = 4096))]
    pub service_vip: Option<String>,
    /// The id of the network.
    #[schemars(length(max = 4096))]
    pub uniq_vpc_id: Option<String>,
    /// Must be false: only instances of the cloud are read.
    pub self_built: Option<bool>,
    /// A statement that filters messages.
    #[schemars(length(max = 65_536))]
    pub sql_filter: Option<String>,
}

/// An event bus, page `EventBusParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventBusParam {
    /// What stands behind the bus: `COS`, `ES` or `CLS`; older texts say `EB_COS`, `EB_ES` and `EB_CLS`.
    #[serde(rename = "type")]
    #[schemars(length(min = 1, max = 64))]
    pub type_: String,
    /// Whether it is one that the user runs.
    pub self_built: bool,
    /// The target instance.
    #[schemars(length(min = 1, max = 256))]
    pub resource: String,
    /// The namespace of the function.
    #[schemars(length(max = 4096))]
    pub namespace: Option<String>,
    /// The function.
    #[schemars(length(max = 4096))]
    pub function_name: Option<String>,
    /// The version or alias of the function, such as `$LATEST`.
    #[schemars(length(max = 4096))]
    pub qualifier: Option<String>,
}

/// A function, page `ScfParam`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScfParam {
    /// The function.
    #[schemars(length(min = 1, max = 256))]
    pub function_name: String,
    /// Its namespace; `default` by default.
    #[schemars(length(max = 4096))]
    pub namespace: Option<String>,
    /// Its version or alias; `$DEFAULT` by default.
    #[schemars(length(max = 4096))]
    pub qualifier: Option<String>,
    /// How many messages one call carries; 1000 by default.
    #[schemars(range(min = 0))]
    pub batch_size: Option<i64>,
    /// How often a call that failed is tried again; 5 by default.
    #[schemars(range(min = 0))]
    pub max_retries: Option<i64>,
}
