//! Every rule that admission holds, as data: what a real API server takes, what it refuses, and what it says then.
#![allow(
    clippy::needless_pass_by_value,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test says where; manifests read best as literals"
)]
mod admission;

use admission::{Admission, Case, case, job, manifest};
use replication_operator::kinds::cdm_job::CdmJob;
use replication_operator::kinds::cdm_link::CdmLink;
use serde_json::{Value, json};

const MYSQL: &str = include_str!("../examples/cdmlink-mysql.yaml");
const OBS: &str = include_str!("../examples/cdmlink-obs.yaml");
const COPY: &str = include_str!("../examples/cdmjob-mysql-obs.yaml");
const SEED: &str = include_str!("../examples/cdmjob-seed-create.yaml");
const PERMANENT: &str = include_str!("../examples/cdmjob-permanent.yaml");

/// All rules about links.
fn of_links() -> Vec<Case> {
    let config = |patch: Value| job(MYSQL, json!({ "config": patch }));
    vec![
        Case {
            is_change: true,
            ..case(
                "a link stays in its cluster",
                job(MYSQL, json!({"name": "stays-where-it-is"})),
                job(
                    MYSQL,
                    json!({"name": "stays-where-it-is", "clusterId": "another"}),
                ),
                "clusterId cannot be changed",
            )
        },
        case(
            "a connector gets its mandatory inputs",
            config(json!({"fetchSize": null})),
            config(json!({"host": null, "port": null})),
            "forProvider lacks inputs that generic-jdbc-connector requires: give databaseType, host, port",
        ),
        case(
            "a secret counts as an input",
            job(OBS, json!({})),
            job(OBS, json!({"secretConfig": []})),
            "forProvider lacks inputs that obs-connector requires",
        ),
        case(
            "a connector that is not known is taken as it is",
            job(
                MYSQL,
                json!({"connectorName": "loghub-connector", "config": {"host": null}}),
            ),
            config(json!({"username": null})),
            "forProvider lacks inputs that generic-jdbc-connector requires",
        ),
        case(
            "no secret stands in the manifest",
            config(json!({"passwordHint": "none"})),
            config(json!({"password": "hunter-2"})),
            "config must not hold secrets: move password",
        ),
        case(
            "inputs have no prefix",
            config(json!({"dialect.identifierEnclose": "'"})),
            config(json!({"linkConfig.host": "h"})),
            "without the prefix linkConfig.",
        ),
        case(
            "an input has one value",
            job(MYSQL, json!({"mapConfig": {"properties": {"a": "b"}}})),
            job(MYSQL, json!({"mapConfig": {"host": {"a": "b"}}})),
            "an input must stand in one of config, mapConfig and secretConfig only",
        ),
        case(
            "a boolean is one",
            config(json!({"usingNative": "true"})),
            config(json!({"usingNative": "yes"})),
            "config inputs must be \"true\" or \"false\" where they are switches: usingNative",
        ),
        case(
            "CloudTable needs more than HBase",
            cloud_table(json!({})),
            cloud_table(json!({"config": {"iamAuth": null}})),
            "config lacks inputs that hbaseType CloudTable requires",
        ),
        case(
            "a Secret is named by name and key",
            job(MYSQL, json!({})),
            job(
                MYSQL,
                json!({"secretConfig": [{"input": "password", "secretRef": {"name": "s"}}]}),
            ),
            "secretRef.key",
        ),
        case(
            "a value is a text",
            config(json!({"port": "3307"})),
            config(json!({"port": 3307})),
            "config.port",
        ),
    ]
    .into_iter()
    .chain(names(MYSQL))
    .collect()
}

fn cloud_table(patch: Value) -> Value {
    let mut link = job(
        MYSQL,
        json!({"connectorName": "hbase-connector", "config": {
            "hbaseType": "CloudTable", "zookeeperQuorum": "z:2181", "iamAuth": "true", "runMode": "EMBEDDED",
            "cloudtableUser": "u", "accessKey": "a"}}),
    );
    let provider = &mut link["spec"]["forProvider"];
    for (field, inputs) in patch.as_object().unwrap() {
        for input in inputs.as_object().unwrap().keys() {
            provider[field].as_object_mut().unwrap().remove(input);
        }
    }
    link
}

fn names(example: &str) -> Vec<Case> {
    let long = |length| "a".repeat(length);
    let called = |name: &str| {
        let mut object = job(example, json!({ "name": null }));
        object["metadata"]["name"] = json!(name);
        object
    };
    let mut named = called(&long(241));
    named["spec"]["forProvider"]["name"] = json!("short");
    vec![
        case(
            "a name starts with a letter",
            job(example, json!({"name": "A_b-1"})),
            job(example, json!({"name": "1a"})),
            "name must start with a letter",
        ),
        case(
            "a name has no dot",
            job(example, json!({"name": "a"})),
            job(example, json!({"name": "a.b"})),
            "name must start with a letter",
        ),
        case(
            "all is the service's word for the list",
            job(example, json!({"name": "all-of-it"})),
            job(example, json!({"name": "all"})),
            "not be all",
        ),
        case(
            "a name is not longer than the vendor's",
            job(example, json!({"name": long(240)})),
            job(example, json!({"name": long(241)})),
            "forProvider.name",
        ),
        case(
            "the object's name serves as remote name",
            named,
            called(&long(241)),
            "metadata.name must start with a letter",
        ),
        case(
            "the object's name is one of the vendor's",
            called("orders"),
            called("1.orders"),
            "choose another one or set spec.forProvider.name",
        ),
    ]
}

/// All rules about jobs.
fn of_jobs() -> Vec<Case> {
    [
        ends(),
        relational(),
        files(),
        others(),
        driver(),
        runs(),
        names(COPY),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn from(example: &str, config: Value) -> Value {
    job(example, json!({ "from": { "config": config } }))
}

fn to(example: &str, config: Value) -> Value {
    job(example, json!({ "to": { "config": config } }))
}

fn ends() -> Vec<Case> {
    vec![
        Case {
            is_change: true,
            ..case(
                "a job stays in its cluster",
                job(COPY, json!({"name": "stays-where-it-is"})),
                job(COPY, json!({"name": "stays-where-it-is", "clusterId": "another"})),
                "clusterId cannot be changed",
            )
        },
        case(
            "an end has one link",
            job(COPY, json!({"from": {"linkRef": null, "linkName": "l"}})),
            job(COPY, json!({"from": {"linkName": "l"}})),
            "set exactly one of linkName and linkRef",
        ),
        case(
            "an end has a link",
            job(COPY, json!({})),
            job(COPY, json!({"to": {"linkRef": null}})),
            "set exactly one of linkName and linkRef",
        ),
        case(
            "a source gets its mandatory inputs",
            from(SEED, json!({"splitNestedField": null})),
            from(SEED, json!({"index": null})),
            "from lacks inputs that elasticsearch-connector requires: give index, type",
        ),
        case(
            "a destination gets its mandatory inputs",
            to(COPY, json!({"fieldSeparator": null})),
            to(COPY, json!({"bucketName": null, "outputFormat": null})),
            "to lacks inputs that obs-connector requires: give bucketName",
        ),
        case(
            "an entire database has other inputs",
            job(
                COPY,
                json!({"jobType": "BATCH_JOB", "to": {"config": {"bucketName": null}}}),
            ),
            job(COPY, json!({"jobType": "DATABASE"})),
            "supported values: \"NORMAL_JOB\", \"BATCH_JOB\", \"SCENARIO_JOB\"",
        ),
        case(
            "a source's inputs have no prefix",
            from(COPY, json!({"whereClause": "id > 1"})),
            from(COPY, json!({"fromJobConfig.whereClause": "id > 1"})),
            "without the prefix fromJobConfig.",
        ),
        case(
            "a destination's inputs have no prefix",
            to(COPY, json!({"filePrefix": "p"})),
            to(COPY, json!({"toJobConfig.filePrefix": "p"})),
            "without the prefix toJobConfig.",
        ),
        case(
            "no key stands in the manifest",
            from(COPY, json!({"whereClause": ""})),
            from(COPY, json!({"dek": "00"})),
            "config must not hold secrets: move password",
        ),
        case(
            "an input of an end has one value",
            job(COPY, json!({"from": {"mapConfig": {"formats": {"d": "yyyy"}}}})),
            job(
                COPY,
                json!({"from": {"mapConfig": {"formats": {"d": "yyyy"}}, "config": {"formats": "d"}}}),
            ),
            "an input must stand in one of config, mapConfig and secretConfig only",
        ),
        case(
            "a boolean of an end is one",
            to(COPY, json!({"firstRowAsHeader": "true"})),
            to(COPY, json!({"firstRowAsHeader": "1"})),
            "config inputs must be \"true\" or \"false\" where they are switches: useSql",
        ),
        case(
            "as many fields arrive as leave",
            to(COPY, json!({"columnList": "1&2&3"})),
            to(COPY, json!({"columnList": "1&2"})),
            "must name as many fields",
        ),
        case(
            "a field has no escape in its name",
            from(COPY, json!({"columnList": "a&b"})),
            from(COPY, json!({"columnList": "a%20b"})),
            "config.columnList must not contain %",
        ),
    ]
}

fn relational() -> Vec<Case> {
    let query = json!({"useSql": "true", "sql": "select 1", "schemaName": null, "tableName": null, "columnList": null});
    let with = |more: Value| {
        let mut config = query.clone();
        config
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        from(COPY, config)
    };
    let one = "needs exactly one of sql and the pair schemaName and tableName";
    vec![
        case(
            "a statement stands for a table",
            with(json!({})),
            with(json!({"tableName": "orders"})),
            one,
        ),
        case(
            "a table needs its schema",
            from(COPY, json!({})),
            from(COPY, json!({"schemaName": null})),
            one,
        ),
        case(
            "the switch agrees with the statement",
            with(json!({})),
            with(json!({"useSql": "false"})),
            "from.config.useSql must say which is used",
        ),
        case(
            "the switch is there",
            from(COPY, json!({})),
            from(COPY, json!({"useSql": null})),
            "from.config.useSql must say which is used",
        ),
        case(
            "a statement names its columns itself",
            with(json!({"columnList": ""})),
            with(json!({"columnList": "id"})),
            "from.config.sql excludes from.config.columnList",
        ),
        case(
            "a stage table that is cleared is used",
            to(
                COPY,
                json!({"shouldClearStageTable": "true", "useStageTable": "true"}),
            ),
            to(COPY, json!({"shouldClearStageTable": "true"})),
            "needs a stage table",
        ),
    ]
}

/// A copy of files as they are.
fn binary(patch: Value) -> Value {
    let mut copy = job(
        COPY,
        json!({
            "from": {"connectorName": "sftp-connector", "config": {"inputDirectory": "/a", "inputFormat": "BINARY_FILE",
                "useSql": null, "schemaName": null, "tableName": null, "columnList": null}},
            "to": {"config": {"outputFormat": "BINARY_FILE", "fieldSeparator": null}},
        }),
    );
    let target = copy["spec"]["forProvider"].take();
    let mut wrapped = json!({"spec": {"forProvider": target}});
    admission::merge(&mut wrapped["spec"]["forProvider"], patch);
    copy["spec"]["forProvider"] = wrapped["spec"]["forProvider"].take();
    copy
}

fn files() -> Vec<Case> {
    let key = json!([{"input": "dek", "secretRef": {"name": "s", "key": "k"}}]);
    let vector = "0123456789abcdef0123456789ABCDEF";
    vec![
        case(
            "files come from files",
            binary(json!({})),
            binary(json!({"from": {"connectorName": "hive-connector", "config": {"table": "t"}}})),
            "from.connectorName must be one for files",
        ),
        case(
            "files go to files",
            binary(json!({"to": {"connectorName": "nas-connector"}})),
            binary(json!({"to": {"connectorName": "http-connector"}})),
            "to.connectorName must be one for files",
        ),
        case(
            "a checksum is of files as they are",
            binary(json!({"to": {"config": {"validateMD5": "true"}}})),
            binary(json!({"to": {"config": {"validateMD5": "true", "encryption": "KMS"}}})),
            "to.config.validateMD5 needs outputFormat BINARY_FILE and excludes encryption KMS",
        ),
        case(
            "a key at the source goes with its algorithm",
            binary(
                json!({"from": {"secretConfig": key, "config": {"decryption": "AES-256-GCM", "iv": vector}}}),
            ),
            binary(json!({"from": {"secretConfig": key}})),
            "dek and iv of from need",
        ),
        case(
            "a key at the destination goes with its algorithm",
            binary(json!({"to": {"secretConfig": key, "config": {"encryption": "AES-256-GCM"}}})),
            binary(json!({"to": {"config": {"iv": vector}}})),
            "dek and iv of to need",
        ),
        case(
            "a vector at the source has 32 digits",
            binary(json!({"from": {"config": {"decryption": "AES-256-GCM", "iv": vector}}})),
            binary(json!({"from": {"config": {"decryption": "AES-256-GCM", "iv": "0"}}})),
            "from.config.iv must be 32 hexadecimal digits",
        ),
        case(
            "a vector at the destination has 32 digits",
            binary(json!({"to": {"config": {"encryption": "AES-256-GCM", "iv": vector}}})),
            binary(json!({"to": {"config": {"encryption": "AES-256-GCM", "iv": "x"}}})),
            "to.config.iv must be 32 hexadecimal digits",
        ),
    ]
}

fn redis(patch: Value) -> Value {
    let mut copy = job(
        COPY,
        json!({"to": {"connectorName": "redis-connector", "config": {"keyPrefix": "p", "keySeparator": ":",
            "primaryKeyList": "id", "valueStoreType": "hash"}}}),
    );
    admission::merge(&mut copy["spec"]["forProvider"]["to"]["config"], patch);
    copy
}

fn others() -> Vec<Case> {
    vec![
        case(
            "an index at the source is written small",
            from(SEED, json!({"index": "a_1-b"})),
            from(SEED, json!({"index": "Orders"})),
            "from.config.index and from.config.type must be in small letters",
        ),
        case(
            "an index at the destination is written small",
            to(PERMANENT, json!({"index": "a"})),
            to(PERMANENT, json!({"type": "Click"})),
            "to.config.index and to.config.type must be in small letters",
        ),
        case(
            "fields at Elasticsearch have types",
            to(PERMANENT, json!({"columnList": "id:long"})),
            to(PERMANENT, json!({"columnList": "id:long&page"})),
            "to.config.columnList must give every field its type",
        ),
        case(
            "a key at Elasticsearch is a field",
            to(PERMANENT, json!({"primaryKey": "page"})),
            to(PERMANENT, json!({"primaryKey": "pag"})),
            "to.config.primaryKey must be one of the fields",
        ),
        case(
            "a value at a Redis destination is of one of two kinds",
            redis(json!({})),
            redis(json!({"valueStoreType": "list"})),
            "to.config.valueStoreType must be string or hash",
        ),
        case(
            "a value at a Redis source is of one of two kinds",
            job(
                COPY,
                json!({"from": {"connectorName": "redis-connector", "config": {"keyPrefix": "p", "keySeparator": ":",
                    "valueStoreType": "string"}}}),
            ),
            job(
                COPY,
                json!({"from": {"connectorName": "redis-connector", "config": {"keyPrefix": "p", "keySeparator": ":",
                    "valueStoreType": "set"}}}),
            ),
            "from.config.valueStoreType must be string or hash",
        ),
        case(
            "texts at Redis need a separator",
            redis(json!({"valueStoreType": "string", "valueSeparator": ","})),
            redis(json!({"valueStoreType": "string"})),
            "to.config.valueSeparator is required at Redis",
        ),
    ]
}

fn driver() -> Vec<Case> {
    let with = |config: &str, inputs: Value| job(COPY, json!({ "driver": { config: inputs } }));
    let schedule = |inputs: Value| {
        let mut all = json!({"isSchedulerJob": "true", "cycleType": "day", "cycle": "1",
            "startDate": "2024-01-04 12:00:00"});
        admission::merge(&mut all, inputs);
        with("schedulerConfig", all)
    };
    vec![
        case(
            "driver inputs have no prefix",
            with("throttlingConfig", json!({"numLoaders": "1"})),
            with("throttlingConfig", json!({"throttlingConfig.numLoaders": "1"})),
            "driver inputs are written below their configuration",
        ),
        case(
            "a boolean of the driver is one",
            with("throttlingConfig", json!({"recordDirtyData": "true"})),
            with("throttlingConfig", json!({"recordDirtyData": "on"})),
            "recordDirtyData, throttling, isSchedulerJob, isNeedNotification must be",
        ),
        case(
            "a number of the driver is one",
            with("throttlingConfig", json!({"numExtractors": "16"})),
            with("throttlingConfig", json!({"numExtractors": "many"})),
            "must be whole numbers",
        ),
        case(
            "a channel holds up to 500 MB",
            with("throttlingConfig", json!({"channelCapacityMb": "500"})),
            with("throttlingConfig", json!({"channelCapacityMb": "501"})),
            "channelCapacityMb must be from 1 to 500",
        ),
        case(
            "a cycle is one of five",
            schedule(json!({"cycleType": "hour"})),
            schedule(json!({"cycleType": "HOUR"})),
            "cycleType must be one of minute, hour, day, week, month",
        ),
        case(
            "a job deletes itself in one of two ways",
            with(
                "schedulerConfig",
                json!({"disposableType": "DELETE_AFTER_SUCCEED"}),
            ),
            with("schedulerConfig", json!({"disposableType": "ALWAYS"})),
            "disposableType must be one of NONE, DELETE_AFTER_SUCCEED, DELETE",
        ),
        case(
            "a run is tried again three times or not",
            with("retryJobConfig", json!({"retryJobType": "RETRY_TRIPLE"})),
            with("retryJobConfig", json!({"retryJobType": "RETRY"})),
            "retryJobType must be one of NONE, RETRY_TRIPLE",
        ),
        case(
            "a schedule says when",
            schedule(json!({})),
            schedule(json!({"startDate": null})),
            "needs cycleType, cycle and startDate",
        ),
        case(
            "a schedule begins at a moment",
            schedule(json!({})),
            schedule(json!({"startDate": "2024-01-04T12:00:00Z"})),
            "driver: startDate must be written as yyyy-MM-dd HH:mm:ss",
        ),
        case(
            "a schedule ends at a moment",
            schedule(json!({"stopDate": "2025-01-04 12:00:00"})),
            schedule(json!({"stopDate": "tomorrow"})),
            "driver: stopDate must be written as yyyy-MM-dd HH:mm:ss",
        ),
        case(
            "a week has seven days",
            schedule(json!({"cycleType": "week", "runAt": "mon,sun"})),
            schedule(json!({"cycleType": "week", "runAt": "1,2"})),
            "runAt must be minutes",
        ),
    ]
}

fn runs() -> Vec<Case> {
    let run = |run: Value| {
        let mut copy = manifest(COPY);
        copy["spec"]["run"] = run;
        copy
    };
    vec![
        case(
            "a job is run by one of three policies",
            run(json!({"policy": "OnChange", "variables": {"day": "1"}})),
            run(json!({"policy": "Always"})),
            "supported values: \"Never\", \"Once\", \"OnChange\"",
        ),
        case(
            "an empty request asks for nothing",
            run(json!({"requestedAt": "1"})),
            run(json!({"requestedAt": ""})),
            "spec.run.requestedAt",
        ),
    ]
}

#[tokio::test]
async fn a_real_api_server_holds_every_rule_about_links() {
    Admission::of::<CdmLink>().holds(&[MYSQL, OBS], &of_links()).await;
}

#[tokio::test]
async fn a_real_api_server_holds_every_rule_about_jobs() {
    Admission::of::<CdmJob>()
        .holds(&[COPY, SEED, PERMANENT], &of_jobs())
        .await;
}

/// The tables of mandatory inputs are one rule each; a case for a source, a destination and two links stands for them.
#[test]
fn every_rule_of_the_definitions_has_a_case() {
    let of_table = [
        "forProvider lacks inputs that",
        "from lacks inputs that",
        "to lacks inputs that",
    ];
    Admission::of::<CdmLink>().every_rule_but_those_has_a_case(&of_links(), &of_table, 8);
    Admission::of::<CdmJob>().every_rule_but_those_has_a_case(&of_jobs(), &of_table, 45);
}

#[test]
fn every_text_and_list_is_bounded() {
    Admission::of::<CdmLink>().every_text_and_list_is_bounded();
    Admission::of::<CdmJob>().every_text_and_list_is_bounded();
}

/// The interval of links is their own.
#[test]
fn links_are_read_every_hour_by_default() {
    use kube::CustomResourceExt;
    let interval = |definition: Value| {
        let schema = &definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        schema["properties"]["spec"]["properties"]["syncInterval"].clone()
    };
    let of_links = interval(serde_json::to_value(CdmLink::crd()).unwrap());
    assert_eq!(of_links["default"], "1h");
    assert!(
        of_links["description"]
            .as_str()
            .unwrap()
            .contains("`1h` (default)")
    );
    assert_eq!(
        interval(serde_json::to_value(CdmJob::crd()).unwrap())["default"],
        "5m"
    );
}
