//! Every rule that admission holds, as data: what a real API server takes, what it refuses, and what it says then.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test says where"
)]
mod admission;

use admission::{Admission, Case, case, job, manifest};
use replication_operator::kinds::event_router::EventRouterJob;
use serde_json::{Value, json};

const KAFKA: &str = include_str!("../examples/eventrouterjob-kafka.yaml");
const ROCKETMQ: &str = include_str!("../examples/eventrouterjob-rocketmq.yaml");
const DCS: &str = include_str!("../examples/eventrouterjob-dcs.yaml");
const EXAMPLES: [&str; 5] = [
    KAFKA,
    ROCKETMQ,
    DCS,
    include_str!("../examples/eventrouterjob-seed-create.yaml"),
    include_str!("../examples/eventrouterjob-seed-update.yaml"),
];

/// All rules.
fn cases() -> Vec<Case> {
    [ends(), kafka(), kafka_options(), rocketmq(), dcs(), texts()]
        .into_iter()
        .flatten()
        .collect()
}

fn ends() -> Vec<Case> {
    let dcs_end = manifest(DCS)["spec"]["forProvider"]["source"]["dcs"].clone();
    let dcs_sync = manifest(DCS)["spec"]["forProvider"]["advanced"]["dcsToDcs"].clone();
    vec![
        case(
            "a source has no two kinds",
            job(KAFKA, json!({})),
            job(KAFKA, json!({"source": {"dcs": dcs_end}})),
            "set exactly one of kafka, rocketmq and dcs",
        ),
        case(
            "a source has a kind",
            job(ROCKETMQ, json!({})),
            job(ROCKETMQ, json!({"source": {"rocketmq": null}})),
            "set exactly one of kafka, rocketmq and dcs",
        ),
        case(
            "the sink is of the source's kind",
            job(DCS, json!({})),
            job(KAFKA, json!({"sink": {"kafka": null, "dcs": dcs_end}})),
            "sink must be of the same kind as source",
        ),
        case(
            "advanced is of the source's kind",
            job(DCS, json!({})),
            job(
                KAFKA,
                json!({"advanced": {"kafkaToKafka": null, "dcsToDcs": dcs_sync}}),
            ),
            "advanced must match source",
        ),
        case(
            "advanced holds nothing else",
            job(KAFKA, json!({})),
            job(KAFKA, json!({"advanced": {"dcsToDcs": dcs_sync}})),
            "advanced must match source",
        ),
        case(
            "a Kafka sink has an alias of its own",
            job(KAFKA, json!({"sink": {"kafka": {"clusterAlias": "c"}}})),
            job(KAFKA, json!({"sink": {"kafka": {"clusterAlias": "site-a"}}})),
            "sink clusterAlias must differ",
        ),
        case(
            "a RocketMQ sink has an alias of its own",
            job(ROCKETMQ, json!({})),
            job(ROCKETMQ, json!({"sink": {"rocketmq": {"clusterAlias": "biz-a"}}})),
            "sink clusterAlias must differ",
        ),
        case(
            "a Kafka instance is not replicated into itself",
            job(KAFKA, json!({"sink": {"kafka": {"instanceId": "another"}}})),
            job(
                KAFKA,
                json!({"sink": {"kafka": {"instanceId": "c3d1e9a2-44f0-4b0e-8a65-0f9a3b7d6e12"}}}),
            ),
            "sink instanceId must differ",
        ),
        case(
            "a RocketMQ instance is not replicated into itself",
            job(ROCKETMQ, json!({})),
            job(
                ROCKETMQ,
                json!({"source": {"rocketmq": {"instanceId": "i"}}, "sink": {"rocketmq": {"instanceId": "i"}}}),
            ),
            "sink instanceId must differ",
        ),
        case(
            "a DCS instance is not replicated into itself",
            job(DCS, json!({})),
            job(
                DCS,
                json!({"source": {"dcs": {"instanceId": "i"}}, "sink": {"dcs": {"instanceId": "i"}}}),
            ),
            "sink instanceId must differ",
        ),
        case(
            "a sink is an instance of the cloud",
            job(
                KAFKA,
                json!({"source": {"kafka": {"configType": "ADDRESS", "instanceId": null}}}),
            ),
            job(KAFKA, json!({"sink": {"kafka": {"configType": "ADDRESS"}}})),
            "sink configType must be CLOUD",
        ),
    ]
}

fn kafka() -> Vec<Case> {
    let source = |patch: Value| job(KAFKA, json!({ "source": { "kafka": patch } }));
    let sasl = "required when authenticateMode is SASL_SSL";
    vec![
        case(
            "a Kafka cluster of the cloud is named by its instance",
            source(json!({"addresses": null})),
            source(json!({"instanceId": null})),
            "kafka.instanceId is required when configType is CLOUD",
        ),
        case(
            "another Kafka cluster is named by its addresses",
            source(json!({"configType": "ADDRESS", "instanceId": null})),
            source(json!({"configType": "ADDRESS", "addresses": null})),
            "kafka.addresses is required when configType is not CLOUD",
        ),
        case(
            "SASL_SSL needs a user name",
            source(json!({"authenticateMode": "PLAINTEXT", "userName": null})),
            source(json!({"userName": ""})),
            sasl,
        ),
        case(
            "SASL_SSL needs a password",
            source(json!({"authenticateMode": null, "passwordSecretRef": null})),
            source(json!({"passwordSecretRef": null})),
            sasl,
        ),
        case(
            "SASL_SSL needs a mechanism",
            source(json!({"saslMechanism": "PLAIN"})),
            source(json!({"saslMechanism": null})),
            sasl,
        ),
        case(
            "an address is one address",
            source(json!({"addresses": ["kafka-1.example.com:9092"]})),
            source(json!({"addresses": ["a:1,b:2"]})),
            "addresses[0]",
        ),
        case(
            "a Secret is named by name and key",
            source(json!({"passwordSecretRef": {"name": "s", "key": "k"}})),
            source(json!({"passwordSecretRef": {"key": null}})),
            "passwordSecretRef.key",
        ),
    ]
}

fn kafka_options() -> Vec<Case> {
    let sync = |patch: Value| job(KAFKA, json!({ "advanced": { "kafkaToKafka": patch } }));
    let one = "exactly one of topics and topicRegex";
    vec![
        case(
            "topics and expression exclude each other",
            sync(json!({"topicRegex": ""})),
            sync(json!({"topicRegex": ".*"})),
            one,
        ),
        case(
            "topics or an expression are needed",
            sync(json!({"topics": [], "topicRegex": ".*"})),
            sync(json!({"topics": []})),
            one,
        ),
        case(
            "a topic is one topic",
            sync(json!({"topics": ["a.b_c-1"]})),
            sync(json!({"topics": ["a,b"]})),
            "topics[0]",
        ),
        case(
            "a topic is named once",
            sync(json!({"topics": ["a", "b"]})),
            sync(json!({"topics": ["a", "a"]})),
            "Duplicate value",
        ),
        case(
            "renaming and mappings exclude each other",
            sync(json!({"renameTopic": true, "topicMappings": []})),
            sync(json!({"renameTopic": true})),
            "renameTopic and kafkaToKafka.topicMappings exclude each other",
        ),
        case(
            "a topic is mapped once",
            sync(json!({"topicMappings": [{"source": "a", "sink": "x"}, {"source": "b", "sink": "y"}]})),
            sync(json!({"topicMappings": [{"source": "a", "sink": "x"}, {"source": "a", "sink": "y"}]})),
            "Duplicate value",
        ),
        case(
            "there is one replica at least",
            sync(json!({"replicaCount": 1})),
            sync(json!({"replicaCount": 0})),
            "replicaCount",
        ),
        case(
            "Kafka starts at one of two points",
            sync(json!({"seekTo": "latest"})),
            sync(json!({"seekTo": "first"})),
            "supported values: \"earliest\", \"latest\"",
        ),
        case(
            "Kafka knows five compressions",
            sync(json!({"compression": "snappy"})),
            sync(json!({"compression": "brotli"})),
            "supported values: \"none\", \"gzip\", \"snappy\", \"lz4\", \"zstd\"",
        ),
    ]
}

fn rocketmq() -> Vec<Case> {
    let source = |patch: Value| job(ROCKETMQ, json!({ "source": { "rocketmq": patch } }));
    let sync = |patch: Value| job(ROCKETMQ, json!({ "advanced": { "rocketmqToRocketmq": patch } }));
    let acl = "rocketmq.userName and rocketmq.passwordSecretRef are required when aclEnabled is true";
    let one = "exactly one of topics and topicRegex";
    vec![
        case(
            "a RocketMQ cluster of the cloud is named by its instance",
            source(json!({})),
            source(json!({"instanceId": null})),
            "rocketmq.instanceId is required when configType is CLOUD",
        ),
        case(
            "another RocketMQ cluster is named by its addresses",
            source(json!({"configType": "ADDRESS", "instanceId": null, "addresses": ["a:8100"]})),
            source(json!({"configType": "ADDRESS", "addresses": []})),
            "rocketmq.addresses is required when configType is not CLOUD",
        ),
        case(
            "an access list needs a user name",
            source(json!({"aclEnabled": false, "userName": null})),
            source(json!({"userName": null})),
            acl,
        ),
        case(
            "an access list needs a password",
            source(json!({"aclEnabled": null, "passwordSecretRef": null})),
            source(json!({"passwordSecretRef": null})),
            acl,
        ),
        case(
            "RocketMQ topics and expression exclude each other",
            sync(json!({"topics": ["a"], "topicRegex": null})),
            sync(json!({"topics": ["a"]})),
            one,
        ),
        case(
            "RocketMQ topics or an expression are needed",
            sync(json!({})),
            sync(json!({"topicRegex": ""})),
            one,
        ),
        case(
            "RocketMQ starts at a word or a time",
            sync(json!({"seekTo": "first"})),
            sync(json!({"seekTo": "earliest"})),
            "seekTo must be first, last or a timestamp",
        ),
        case(
            "RocketMQ knows no snappy",
            sync(json!({"compression": "zstd"})),
            sync(json!({"compression": "snappy"})),
            "supported values: \"none\", \"gzip\", \"lz4\", \"zstd\"",
        ),
    ]
}

fn dcs() -> Vec<Case> {
    let source = |patch: Value| job(DCS, json!({ "source": { "dcs": patch } }));
    let sync = |patch: Value| job(DCS, json!({ "advanced": { "dcsToDcs": patch } }));
    vec![
        case(
            "a DCS instance of the cloud is named by its id",
            source(json!({"addresses": null})),
            source(json!({"instanceId": null})),
            "dcs.instanceId is required when configType is CLOUD",
        ),
        case(
            "another DCS instance is named by its addresses",
            source(json!({"configType": "ADDRESS", "instanceId": null})),
            source(json!({"configType": "ADDRESS", "addresses": []})),
            "dcs.addresses is required when configType is not CLOUD",
        ),
        case(
            "a rate is not negative",
            sync(json!({"rateLimitMBps": 0})),
            sync(json!({"rateLimitMBps": -1})),
            "rateLimitMBps",
        ),
        case(
            "a retry waits a second at least",
            sync(json!({"connectRetrySeconds": null})),
            sync(json!({"connectRetrySeconds": 0})),
            "connectRetrySeconds",
        ),
        case(
            "the kind of synchronisation is said",
            sync(json!({"synchronizeType": "RDB_ONLY"})),
            sync(json!({"synchronizeType": null})),
            "synchronizeType",
        ),
    ]
}

fn texts() -> Vec<Case> {
    let long = |length| "a".repeat(length);
    let mut named = job(KAFKA, json!({"name": "orders"}));
    named["metadata"]["name"] = json!(long(129));
    let mut unnamed = job(KAFKA, json!({}));
    unnamed["metadata"]["name"] = json!(long(129));
    vec![
        case(
            "the object's name serves as remote name",
            named,
            unnamed,
            "shorten it or set spec.forProvider.name",
        ),
        case(
            "a name starts with a letter or digit",
            job(KAFKA, json!({"name": "1A.b_c-d"})),
            job(KAFKA, json!({"name": "-orders"})),
            "name must start with a letter or digit",
        ),
        case(
            "a name is not longer than the vendor's",
            job(KAFKA, json!({"name": long(128)})),
            job(KAFKA, json!({"name": long(129)})),
            "forProvider.name",
        ),
        case(
            "a description leaves room for the mark",
            job(KAFKA, json!({"description": long(234)})),
            job(KAFKA, json!({"description": long(235)})),
            "forProvider.description",
        ),
        case(
            "a description holds no mark",
            job(KAFKA, json!({"description": "[rd:0123456789abcdef] and more"})),
            job(KAFKA, json!({"description": "orders [rd:0123456789abcdef]"})),
            "description must not end in a mark",
        ),
        case(
            "a cluster is named",
            job(KAFKA, json!({})),
            job(KAFKA, json!({"clusterId": ""})),
            "forProvider.clusterId",
        ),
    ]
}

#[tokio::test]
async fn a_real_api_server_holds_every_rule() {
    Admission::of::<EventRouterJob>().holds(&EXAMPLES, &cases()).await;
}

#[test]
fn every_rule_of_the_definition_has_a_case() {
    Admission::of::<EventRouterJob>().every_rule_has_a_case(&cases(), 30);
}

#[test]
fn every_text_and_list_is_bounded() {
    Admission::of::<EventRouterJob>().every_text_and_list_is_bounded();
}
