//! Every rule that admission holds, as data: what a real API server takes, what it refuses, and what it says then.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "a failed test says where; manifests read best as literals"
)]
mod admission;

use admission::{Admission, Case, case, job};
use replication_operator::kinds::smart_connect::SmartConnectTask;
use serde_json::{Value, json};

const KAFKA: &str = include_str!("../examples/smartconnecttask-kafka.yaml");
const OBS: &str = include_str!("../examples/smartconnecttask-obs.yaml");
const REDIS: &str = include_str!("../examples/smartconnecttask-redis.yaml");
const EXAMPLES: [&str; 6] = [
    KAFKA,
    OBS,
    REDIS,
    include_str!("../examples/smartconnecttask-seed-obs.yaml"),
    include_str!("../examples/smartconnecttask-seed-kafka.yaml"),
    include_str!("../examples/smartconnecttask-seed-redis.yaml"),
];

/// All rules.
fn cases() -> Vec<Case> {
    [
        pairs(),
        topics(),
        selectors(),
        peer(),
        credentials(),
        replication(),
        obs(),
        redis(),
        texts(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn provider(example: &str, field: &str) -> Value {
    admission::manifest(example)["spec"]["forProvider"][field].clone()
}

fn kafka(patch: Value) -> Value {
    job(KAFKA, json!({"source": {"kafka": patch}}))
}

fn bucket(patch: Value) -> Value {
    job(OBS, json!({"sink": {"obs": patch}}))
}

fn pairs() -> Vec<Case> {
    let together = "source and sink do not go together";
    vec![
        case(
            "Kafka has no sink",
            job(KAFKA, json!({})),
            job(KAFKA, json!({"sink": provider(OBS, "sink")})),
            together,
        ),
        case(
            "OBS has no source",
            job(OBS, json!({})),
            job(OBS, json!({"source": provider(REDIS, "source")})),
            together,
        ),
        case(
            "a Redis source has a Redis sink",
            job(REDIS, json!({})),
            job(REDIS, json!({"sink": null})),
            together,
        ),
        case(
            "a Redis sink has a Redis source",
            job(REDIS, json!({})),
            job(REDIS, json!({"source": null})),
            together,
        ),
        case(
            "a task has one of the two at least",
            job(OBS, json!({})),
            job(OBS, json!({"sink": null})),
            together,
        ),
        case(
            "a source is of one kind",
            job(REDIS, json!({})),
            job(
                REDIS,
                json!({"source": {"kafka": provider(KAFKA, "source")["kafka"]}}),
            ),
            "set exactly one of kafka and redis in source",
        ),
        case(
            "a source is of a kind",
            job(KAFKA, json!({})),
            job(KAFKA, json!({"source": {"kafka": null}})),
            "set exactly one of kafka and redis in source",
        ),
        case(
            "a sink is of one kind",
            job(REDIS, json!({})),
            job(REDIS, json!({"sink": {"obs": provider(OBS, "sink")["obs"]}})),
            "set exactly one of obs and redis in sink",
        ),
        Case {
            is_change: true,
            ..case(
                "a task stays in its instance",
                job(OBS, json!({"name": "stays-where-it-is"})),
                job(OBS, json!({"name": "stays-where-it-is", "instanceId": "another"})),
                "instanceId cannot be changed",
            )
        },
    ]
}

fn topics() -> Vec<Case> {
    vec![
        case(
            "topics and expression exclude each other",
            job(OBS, json!({"topics": null, "topicsRegex": "orders-.*"})),
            job(OBS, json!({"topicsRegex": "orders-.*"})),
            "topics and topicsRegex exclude each other",
        ),
        case(
            "a dump needs topics",
            job(OBS, json!({"topics": ["a"]})),
            job(OBS, json!({"topics": null})),
            "the task has no topics",
        ),
        case(
            "Kafka needs topics or mappings",
            job(KAFKA, json!({"topics": null})),
            job(
                KAFKA,
                json!({"topics": null, "source": {"kafka": {"topicMappings": null}}}),
            ),
            "the task has no topics",
        ),
        case(
            "Redis passes through a topic that is named",
            job(REDIS, json!({})),
            job(REDIS, json!({"topics": null, "topicsRegex": "carts-.*"})),
            "Redis to Redis needs topics",
        ),
        case(
            "mappings do not stand beside an expression",
            job(
                KAFKA,
                json!({"topics": null, "topicsRegex": "a.*", "source": {"kafka": {"topicMappings": null}}}),
            ),
            job(KAFKA, json!({"topics": null, "topicsRegex": "a.*"})),
            "source.kafka.topicMappings cannot stand beside topicsRegex",
        ),
        case(
            "what is mapped is copied",
            job(KAFKA, json!({"topics": ["payments"]})),
            job(KAFKA, json!({"topics": ["refunds"]})),
            "source.kafka.topicMappings maps a topic that topics does not list",
        ),
        case(
            "not everything is dumped",
            job(OBS, json!({"topics": null, "topicsRegex": "topic-obs*"})),
            job(OBS, json!({"topics": null, "topicsRegex": ".*"})),
            "topicsRegex must not be .* for a dump to OBS",
        ),
        case(
            "internal topics are not replicated",
            job(KAFKA, json!({"topics": ["payments", "internal-notes"]})),
            job(KAFKA, json!({"topics": ["payments", "notes.internal"]})),
            "topics holds one that ends in internal",
        ),
    ]
}

fn selectors() -> Vec<Case> {
    let many = |count: usize| -> Vec<String> { (0..count).map(|number| format!("t{number}")).collect() };
    let pairs = |count: usize| -> Vec<Value> {
        let pair = |number| json!({"source": format!("s{number}"), "sink": format!("t{number}")});
        (0..count).map(pair).collect()
    };
    let mapped = |mappings: Vec<Value>| {
        job(
            KAFKA,
            json!({"topics": null, "source": {"kafka": {"topicMappings": mappings}}}),
        )
    };
    vec![
        case(
            "there are twenty topics at most",
            job(OBS, json!({"topics": many(20)})),
            job(OBS, json!({"topics": many(21)})),
            "must have at most 20 items",
        ),
        case(
            "there are twenty mappings at most",
            mapped(pairs(20)),
            mapped(pairs(21)),
            "must have at most 20 items",
        ),
        case(
            "a topic is one topic",
            job(OBS, json!({"topics": ["a.b_c-1"]})),
            job(OBS, json!({"topics": ["a,b"]})),
            "topics[0]",
        ),
        case(
            "a mapped topic is one topic",
            mapped(vec![json!({"source": "a", "sink": "b"})]),
            mapped(vec![json!({"source": "a:b", "sink": "c"})]),
            "topicMappings[0].source",
        ),
        case(
            "a topic is named once",
            job(OBS, json!({"topics": ["a", "b"]})),
            job(OBS, json!({"topics": ["a", "a"]})),
            "Duplicate value",
        ),
        case(
            "a topic is mapped once",
            mapped(vec![
                json!({"source": "a", "sink": "x"}),
                json!({"source": "b", "sink": "x"}),
            ]),
            mapped(vec![
                json!({"source": "a", "sink": "x"}),
                json!({"source": "a", "sink": "y"}),
            ]),
            "Duplicate value",
        ),
        case(
            "an expression says something",
            job(OBS, json!({"topics": null, "topicsRegex": "a"})),
            job(OBS, json!({"topics": null, "topicsRegex": ""})),
            "topicsRegex",
        ),
    ]
}

fn peer() -> Vec<Case> {
    let one = "source.kafka needs exactly one of instanceId and bootstrapServers";
    let servers = json!(["10.2.0.21:9093", "10.2.0.22:9093"]);
    vec![
        case(
            "the other cluster is named in one way",
            kafka(json!({"instanceId": null, "bootstrapServers": servers})),
            kafka(json!({"bootstrapServers": servers})),
            one,
        ),
        case(
            "the other cluster is named",
            kafka(json!({})),
            kafka(json!({"instanceId": null})),
            one,
        ),
        case(
            "the other cluster is another one",
            kafka(json!({"instanceId": "another"})),
            kafka(json!({"instanceId": provider(KAFKA, "instanceId")})),
            "source.kafka.instanceId must differ from instanceId",
        ),
        case(
            "a server is one server",
            kafka(json!({"instanceId": null, "bootstrapServers": ["a:1"]})),
            kafka(json!({"instanceId": null, "bootstrapServers": ["a:1,b:2"]})),
            "bootstrapServers[0]",
        ),
        case(
            "the two clusters have names of their own",
            kafka(json!({"currentClusterName": null, "clusterName": "site-a"})),
            kafka(json!({"clusterName": "site-a"})),
            "source.kafka.clusterName must differ from currentClusterName",
        ),
        case(
            "the name of a cluster is short",
            kafka(json!({"clusterName": "a".repeat(20)})),
            kafka(json!({"clusterName": "a".repeat(21)})),
            "source.kafka.clusterName",
        ),
        case(
            "the name of a cluster has no dot",
            kafka(json!({"currentClusterName": "A_b-1"})),
            kafka(json!({"currentClusterName": "a.b"})),
            "source.kafka.currentClusterName",
        ),
    ]
}

fn credentials() -> Vec<Case> {
    let sasl = "are required when securityProtocol is SASL_SSL or SASL_PLAINTEXT";
    let nobody = json!({"securityProtocol": "PLAINTEXT", "saslMechanism": null, "userName": null, "passwordSecretRef": null});
    vec![
        case(
            "SASL_SSL needs a mechanism",
            kafka(json!({"saslMechanism": "PLAIN"})),
            kafka(json!({"saslMechanism": null})),
            sasl,
        ),
        case(
            "SASL_PLAINTEXT needs a user",
            kafka(json!({"securityProtocol": "SASL_PLAINTEXT"})),
            kafka(json!({"securityProtocol": "SASL_PLAINTEXT", "userName": null, "passwordSecretRef": null})),
            sasl,
        ),
        case(
            "SASL_SSL needs a password",
            kafka(json!({})),
            kafka(json!({"passwordSecretRef": null})),
            sasl,
        ),
        case(
            "PLAINTEXT has no user",
            kafka(nobody),
            kafka(json!({"securityProtocol": "PLAINTEXT"})),
            "mean nothing when securityProtocol is PLAINTEXT",
        ),
        case(
            "a user has a password, also where the service finds the protocol",
            kafka(json!({"securityProtocol": null})),
            kafka(json!({"securityProtocol": null, "passwordSecretRef": null})),
            "source.kafka.userName and source.kafka.passwordSecretRef go together",
        ),
        case(
            "there are three protocols",
            kafka(json!({"securityProtocol": "SASL_PLAINTEXT"})),
            kafka(json!({"securityProtocol": "SSL"})),
            "supported values: \"PLAINTEXT\", \"SASL_SSL\", \"SASL_PLAINTEXT\"",
        ),
        case(
            "there are two mechanisms",
            kafka(json!({"saslMechanism": "PLAIN"})),
            kafka(json!({"saslMechanism": "SCRAM-SHA-256"})),
            "supported values: \"PLAIN\", \"SCRAM-SHA-512\"",
        ),
        case(
            "a Secret is named by name and key",
            kafka(json!({"passwordSecretRef": {"name": "s", "key": "k"}})),
            kafka(json!({"passwordSecretRef": {"key": null}})),
            "passwordSecretRef.key",
        ),
    ]
}

fn replication() -> Vec<Case> {
    let both = "source.kafka.direction two-way needs provenanceHeader or renameTopic";
    vec![
        case(
            "there are three directions",
            kafka(json!({"direction": "push"})),
            kafka(json!({"direction": "both"})),
            "supported values: \"pull\", \"push\", \"two-way\"",
        ),
        case(
            "two-way without a header goes round",
            kafka(json!({"renameTopic": true, "provenanceHeader": null, "topicMappings": null})),
            kafka(json!({"provenanceHeader": null})),
            both,
        ),
        case(
            "two-way with the header off goes round",
            kafka(json!({"direction": "pull", "provenanceHeader": false})),
            kafka(json!({"provenanceHeader": false})),
            both,
        ),
        case(
            "renaming and mappings exclude each other",
            kafka(json!({"renameTopic": false})),
            kafka(json!({"renameTopic": true})),
            "source.kafka.renameTopic and source.kafka.topicMappings exclude each other",
        ),
        case(
            "there is one replica at least",
            kafka(json!({"replicationFactor": 1})),
            kafka(json!({"replicationFactor": 0})),
            "replicationFactor",
        ),
        case(
            "the number of replicas is said",
            kafka(json!({"replicationFactor": 3})),
            kafka(json!({"replicationFactor": null})),
            "replicationFactor",
        ),
        case(
            "there is one task at least",
            kafka(json!({"taskCount": null})),
            kafka(json!({"taskCount": 0})),
            "taskCount",
        ),
        case(
            "there are two points to start at",
            kafka(json!({"consumerStrategy": "latest"})),
            kafka(json!({"consumerStrategy": "first"})),
            "supported values: \"latest\", \"earliest\"",
        ),
        case(
            "there are five compressions",
            kafka(json!({"compression": "zstd"})),
            kafka(json!({"compression": "brotli"})),
            "supported values: \"none\", \"gzip\", \"snappy\", \"lz4\", \"zstd\"",
        ),
    ]
}

fn obs() -> Vec<Case> {
    let keys = "sink.obs needs both accessKeySecretRef and secretKeySecretRef, or agencyName alone";
    vec![
        case(
            "keys come in pairs",
            bucket(json!({})),
            bucket(json!({"secretKeySecretRef": null})),
            keys,
        ),
        case(
            "an agency needs no keys",
            bucket(json!({"agencyName": "dms", "accessKeySecretRef": null, "secretKeySecretRef": null})),
            bucket(json!({"agencyName": "dms"})),
            keys,
        ),
        case(
            "somebody writes the files",
            bucket(json!({})),
            bucket(json!({"accessKeySecretRef": null, "secretKeySecretRef": null})),
            keys,
        ),
        case(
            "files come every half minute at most",
            bucket(json!({"deliverIntervalSeconds": 30})),
            bucket(json!({"deliverIntervalSeconds": 29})),
            "deliverIntervalSeconds",
        ),
        case(
            "files come every quarter of an hour at least",
            bucket(json!({"deliverIntervalSeconds": 900})),
            bucket(json!({"deliverIntervalSeconds": 901})),
            "deliverIntervalSeconds",
        ),
        case(
            "a directory has plain letters",
            bucket(json!({"path": "/kafka/Orders_1-a/"})),
            bucket(json!({"path": "kafka/orders.1"})),
            "sink.obs.path",
        ),
        case(
            "a directory is short",
            bucket(json!({"path": "a".repeat(64)})),
            bucket(json!({"path": "a".repeat(65)})),
            "sink.obs.path",
        ),
        case(
            "files are text",
            bucket(json!({"fileType": "TEXT"})),
            bucket(json!({"fileType": "PARQUET"})),
            "supported values: \"TEXT\"",
        ),
        case(
            "there are five partitions by time",
            bucket(json!({"partitionFormat": "yyyy"})),
            bucket(json!({"partitionFormat": "yyyy-MM"})),
            "\"yyyy/MM/dd/HH/mm\"",
        ),
        case(
            "there are five delimiters",
            bucket(json!({"recordDelimiter": "NULL"})),
            bucket(json!({"recordDelimiter": "\\n"})),
            "recordDelimiter",
        ),
        case(
            "a dump starts somewhere",
            bucket(json!({"consumerStrategy": "latest"})),
            bucket(json!({"consumerStrategy": null})),
            "consumerStrategy",
        ),
        case(
            "a bucket is named",
            bucket(json!({"bucket": "b"})),
            bucket(json!({"bucket": ""})),
            "sink.obs.bucket",
        ),
    ]
}

fn redis() -> Vec<Case> {
    let source = |patch: Value| job(REDIS, json!({"source": {"redis": patch}}));
    let sink = |patch: Value| job(REDIS, json!({"sink": {"redis": patch}}));
    vec![
        case(
            "a Redis source is somewhere",
            source(json!({"addresses": null, "dcsInstanceId": "d"})),
            source(json!({"addresses": null})),
            "source.redis.addresses or source.redis.dcsInstanceId is required",
        ),
        case(
            "a Redis sink is somewhere",
            sink(json!({"addresses": null, "dcsInstanceId": "d"})),
            sink(json!({"addresses": null})),
            "sink.redis.addresses or sink.redis.dcsInstanceId is required",
        ),
        case(
            "a Redis source has a type",
            source(json!({"type": "proxy"})),
            source(json!({"type": null})),
            "source.redis.type",
        ),
        case(
            "a Redis sink has a type",
            sink(json!({"type": "cluster"})),
            sink(json!({"type": null})),
            "sink.redis.type",
        ),
        case(
            "Redis is copied in two ways",
            source(json!({"syncMode": "RDB_ONLY"})),
            source(json!({"syncMode": "INCREMENTAL"})),
            "supported values: \"RDB_ONLY\", \"CUSTOM_OFFSET\"",
        ),
        case(
            "retries are counted from 0",
            source(json!({"fullSyncMaxRetry": 0})),
            source(json!({"fullSyncMaxRetry": -1})),
            "fullSyncMaxRetry",
        ),
        case(
            "a retry does not come before its time",
            source(json!({"fullSyncWaitMs": 0})),
            source(json!({"fullSyncWaitMs": -1})),
            "fullSyncWaitMs",
        ),
        case(
            "a rate of nothing copies nothing",
            source(json!({"rateLimitKBps": -1})),
            source(json!({"rateLimitKBps": 0})),
            "rateLimitKBps must not be 0",
        ),
        case(
            "a rate is not negative",
            source(json!({"rateLimitKBps": null})),
            source(json!({"rateLimitKBps": -2})),
            "rateLimitKBps",
        ),
    ]
}

fn texts() -> Vec<Case> {
    let metadata = |name: &str| {
        let mut task = job(OBS, json!({}));
        task["metadata"]["name"] = json!(name);
        task
    };
    let mut named = job(OBS, json!({"name": "orders"}));
    named["metadata"]["name"] = json!("a.b");
    vec![
        case(
            "the object's name serves as remote name",
            named,
            metadata("orders.archive"),
            "choose another one or set spec.forProvider.name",
        ),
        case(
            "the object's name is long enough",
            metadata("abcd"),
            metadata("abc"),
            "metadata.name cannot be the name of a Smart Connect task",
        ),
        case(
            "the object's name is short enough",
            metadata(&"a".repeat(64)),
            metadata(&"a".repeat(65)),
            "metadata.name cannot be the name of a Smart Connect task",
        ),
        case(
            "a name has plain letters",
            job(OBS, json!({"name": "A_b-1"})),
            job(OBS, json!({"name": "orders.archive"})),
            "name must hold only letters, digits, '_' and '-'",
        ),
        case(
            "a name is long enough",
            job(OBS, json!({"name": "abcd"})),
            job(OBS, json!({"name": "abc"})),
            "forProvider.name",
        ),
        case(
            "a name is short enough",
            job(OBS, json!({"name": "a".repeat(64)})),
            job(OBS, json!({"name": "a".repeat(65)})),
            "forProvider.name",
        ),
        case(
            "an instance is named",
            job(OBS, json!({})),
            job(OBS, json!({"instanceId": null})),
            "forProvider.instanceId",
        ),
    ]
}

#[tokio::test]
async fn a_real_api_server_holds_every_rule() {
    Admission::of::<SmartConnectTask>()
        .holds(&EXAMPLES, &cases())
        .await;
}

#[test]
fn every_rule_of_the_definition_has_a_case() {
    Admission::of::<SmartConnectTask>().every_rule_has_a_case(&cases(), 25);
}

#[test]
fn every_text_and_list_is_bounded() {
    Admission::of::<SmartConnectTask>().every_text_and_list_is_bounded();
}
