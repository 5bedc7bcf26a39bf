//! Cloud Data Migration: what the world holds beforehand, and in its parts the decisions about its open points.

pub(super) mod switches;
pub(super) mod words;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::entries::project;

/// Cloud Data Migration.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Cdm {
    /// CDM clusters.
    pub(crate) clusters: Vec<CdmCluster>,
    /// Parts of addresses: the test of a link that has one of them in a value fails, and so does a run over it.
    pub(crate) unreachable: Vec<String>,
}

/// One CDM cluster.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CdmCluster {
    /// Cluster id.
    pub(crate) id: String,
    /// Cluster name.
    pub(crate) name: String,
    /// Project it is in.
    #[serde(default = "project")]
    pub(crate) project_id: String,
    /// `200` is running; anything else takes no jobs.
    #[serde(default = "running")]
    pub(crate) status: String,
    /// Flavour name.
    #[serde(default = "flavor")]
    pub(crate) flavor: String,
    /// Version of CDM on it.
    #[serde(default = "version")]
    pub(crate) version: String,
    /// How many tasks may run at once.
    #[serde(default = "running_tasks")]
    pub(crate) running_tasks: usize,
    /// Hours that its time zone, in which schedules are told, is ahead of UTC.
    #[serde(default)]
    pub(crate) utc_offset: i8,
    /// Links that it has at the first look; later ones are made by the API.
    #[serde(default)]
    pub(crate) links: Vec<CdmLink>,
}

/// One link of a cluster.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CdmLink {
    /// Link name.
    pub(crate) name: String,
    /// Connector name.
    pub(crate) connector: String,
    /// Values by full input name, such as `linkConfig.host`.
    #[serde(default)]
    pub(crate) values: Map<String, Value>,
}

impl Default for Cdm {
    fn default() -> Self {
        let jdbc = |name: &str, kind: &str, host: &str, port: &str| {
            let values = json!({"linkConfig.databaseType": kind, "linkConfig.host": host, "linkConfig.port": port,
                "linkConfig.database": "shop", "linkConfig.username": "cdm", "linkConfig.password": "SimPassword1"});
            link(name, "generic-jdbc-connector", values)
        };
        let keys = json!({"linkConfig.ak": "SIMAK", "linkConfig.sk": "SimSecretKey1", "linkConfig.region": "cn-south-1",
            "linkConfig.endpoint": "https://dis.cn-south-1.myhuaweicloud.com", "linkConfig.projectId": project()});
        let obs = json!({"linkConfig.storageType": "OBS", "linkConfig.server": "obs.cn-south-1.myhuaweicloud.com",
            "linkConfig.port": "443", "linkConfig.accessKey": "SIMAK", "linkConfig.securityKey": "SimSecretKey1"});
        let css = json!({"linkConfig.host": "10.4.0.21:9200", "linkConfig.linkType": "CSS"});
        Self {
            clusters: vec![CdmCluster {
                id: "6ec9a0a4-76be-4262-8697-e7af1fac7920".to_owned(),
                name: "cdm-migration".to_owned(),
                project_id: project(),
                status: running(),
                flavor: flavor(),
                version: version(),
                running_tasks: running_tasks(),
                utc_offset: 0,
                links: vec![
                    jdbc("mysql_link", "MYSQL", "10.4.0.11", "3306"),
                    jdbc("dws_link", "DWS", "10.4.0.12", "8000"),
                    link("obs_link", "obs-connector", obs),
                    link("css", "elasticsearch-connector", css),
                    link("dis", "dis-connector", keys),
                ],
            }],
            unreachable: Vec::new(),
        }
    }
}

fn link(name: &str, connector: &str, values: Value) -> CdmLink {
    let values = match values {
        Value::Object(values) => values,
        _ => Map::new(),
    };
    CdmLink {
        name: name.to_owned(),
        connector: connector.to_owned(),
        values,
    }
}

fn running() -> String {
    "200".to_owned()
}

fn flavor() -> String {
    "cdm.large".to_owned()
}

fn version() -> String {
    "2.10.0.300".to_owned()
}

fn running_tasks() -> usize {
    30
}
