//! One side of a task: its type and the one structure that goes with it.
use super::{
    ClickHouseParam, ClsParam, CosParam, CtsdbParam, DtsParam, EsParam, EventBusParam, IcebergParam,
    KafkaParam, MariaDbParam, MongoDbParam, MqttParam, MySqlParam, PostgreSqlParam, ScfParam, SqlServerParam,
    TdwParam, TopicParam,
};
use kube::KubeSchema;
use kube::core::{Message, Rule};
use serde::{Deserialize, Serialize};

/// One side of a task, page `DatahubResource`: a type, and the one `…Param` that goes with it. A type that is not named
/// here may go with any one of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = needs(&["KAFKA"], "kafkaParam"),
    validation = needs(&["TOPIC"], "topicParam"),
    validation = needs(&["EB", "EB_", "EB_ES", "EB_COS", "EB_CLS"], "eventBusParam"),
    validation = needs(&["MONGODB"], "mongoDBParam"),
    validation = needs(&["ES"], "esParam"),
    validation = needs(&["TDW"], "tdwParam"),
    validation = needs(&["DTS"], "dtsParam"),
    validation = needs(&["CLICKHOUSE"], "clickHouseParam"),
    validation = needs(&["CLS"], "clsParam"),
    validation = needs(&["COS"], "cosParam"),
    validation = needs(&["MYSQL", "TDSQL_C_MYSQL", "MYSQL_DATA"], "mySQLParam"),
    validation = needs(&["POSTGRESQL", "TDSQL_C_POSTGRESQL", "TDSQL_POSTGRESQL", "WAREHOUSE_POSTGRESQL"], "postgreSQLParam"),
    validation = needs(&["MARIADB"], "mariaDBParam"),
    validation = needs(&["SQLSERVER"], "sqlServerParam"),
    validation = needs(&["CTSDB"], "ctsdbParam"),
    validation = needs(&["SCF"], "scfParam"),
    validation = needs(&["MQTT"], "mqttParam"),
    validation = needs(&["ICEBERG"], "icebergParam"),
    validation = at_most(1, "true", "set only the one param that goes with type"),
    validation = at_most(0, "self.type == 'HTTP'", "type HTTP goes with no param: leave it out")
)]
pub struct DatahubResource {
    /// What it is, in capitals: `KAFKA`, `TOPIC`, `HTTP`, `EB`, `EB_ES`, `EB_COS`, `EB_CLS`, `MONGODB`, `ES`, `TDW`, `DTS`,
    /// `CLICKHOUSE`, `CLS`, `COS`, `MYSQL`, `TDSQL_C_MYSQL`, `MYSQL_DATA`, `POSTGRESQL`, `TDSQL_C_POSTGRESQL`,
    /// `TDSQL_POSTGRESQL`, `WAREHOUSE_POSTGRESQL`, `MARIADB`, `SQLSERVER`, `CTSDB`, `SCF`, `MQTT`, `ICEBERG`, or another type
    /// that the vendor takes.
    #[serde(rename = "type")]
    #[schemars(length(min = 1, max = 64))]
    #[x_kube(validation = Rule::new("self.matches('^[A-Z0-9_]+$')").message("type is written in capitals, such as KAFKA: correct it"))]
    pub type_: String,
    /// Topics of a CKafka instance or another Kafka cluster; for type `KAFKA`.
    pub kafka_param: Option<Box<KafkaParam>>,
    /// An event bus; for type `EB` and those that begin with `EB_`.
    pub event_bus_param: Option<Box<EventBusParam>>,
    /// A collection of MongoDB; for type `MONGODB`.
    #[serde(rename = "mongoDBParam")]
    pub mongo_db_param: Option<Box<MongoDbParam>>,
    /// An index of Elasticsearch; for type `ES`.
    pub es_param: Option<Box<EsParam>>,
    /// A stream of TDW; for type `TDW`.
    pub tdw_param: Option<Box<TdwParam>>,
    /// A subscription of DTS; for type `DTS`.
    pub dts_param: Option<Box<DtsParam>>,
    /// A table of ClickHouse; for type `CLICKHOUSE`.
    pub click_house_param: Option<Box<ClickHouseParam>>,
    /// A topic of the log service; for type `CLS`.
    pub cls_param: Option<Box<ClsParam>>,
    /// A bucket of object storage; for type `COS`.
    pub cos_param: Option<Box<CosParam>>,
    /// Tables of MySQL; for types `MYSQL`, `TDSQL_C_MYSQL` and `MYSQL_DATA`.
    #[serde(rename = "mySQLParam")]
    pub my_sql_param: Option<Box<MySqlParam>>,
    /// Tables of PostgreSQL; for types `POSTGRESQL`, `TDSQL_C_POSTGRESQL`, `TDSQL_POSTGRESQL` and `WAREHOUSE_POSTGRESQL`.
    #[serde(rename = "postgreSQLParam")]
    pub postgre_sql_param: Option<Box<PostgreSqlParam>>,
    /// A stand-alone DIP topic; for type `TOPIC`.
    pub topic_param: Option<Box<TopicParam>>,
    /// Tables of MariaDB; for type `MARIADB`.
    #[serde(rename = "mariaDBParam")]
    pub maria_db_param: Option<Box<MariaDbParam>>,
    /// Tables of SQL Server; for type `SQLSERVER`.
    pub sql_server_param: Option<Box<SqlServerParam>>,
    /// A metric of CTSDB; for type `CTSDB`.
    pub ctsdb_param: Option<Box<CtsdbParam>>,
    /// A function; for type `SCF`.
    pub scf_param: Option<Box<ScfParam>>,
    /// Topics of MQTT; for type `MQTT`.
    pub mqtt_param: Option<Box<MqttParam>>,
    /// A table of Iceberg; for type `ICEBERG`.
    pub iceberg_param: Option<Box<IcebergParam>>,
}

/// Every structure that may go with a type.
const PARAMS: [&str; 18] = [
    "kafkaParam",
    "eventBusParam",
    "mongoDBParam",
    "esParam",
    "tdwParam",
    "dtsParam",
    "clickHouseParam",
    "clsParam",
    "cosParam",
    "mySQLParam",
    "postgreSQLParam",
    "topicParam",
    "mariaDBParam",
    "sqlServerParam",
    "ctsdbParam",
    "scfParam",
    "mqttParam",
    "icebergParam",
];

/// That the structure is there which goes with these types.
fn needs(types: &[&str], param: &str) -> Rule {
    let quoted: Vec<String> = types.iter().map(|type_| format!("'{type_}'")).collect();
    let rule = format!("!(self.type in [{}]) || has(self.{param})", quoted.join(", "));
    let told = format!("type {} needs {param}: set it", types.join(", "));
    Rule::new(rule).message(Message::Message(told))
}

/// That no more structures are there than so many, where the condition holds.
fn at_most(count: u8, condition: &str, message: &str) -> Rule {
    let set: Vec<String> = PARAMS
        .iter()
        .map(|param| format!("(has(self.{param}) ? 1 : 0)"))
        .collect();
    let rule = format!("!({condition}) || {} <= {count}", set.join(" + "));
    Rule::new(rule).message(Message::Message(message.to_owned()))
}
