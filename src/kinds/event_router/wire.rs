//! Requests and answers in the vendor's spelling: answers are read leniently, requests are written exactly. No meaning.
mod answer;
mod request;

pub use answer::{
    AdvanceConfig, Dcs2Dcs, DcsConfig, JobInfo, JobPage, Kafka2Kafka, KafkaConfig, KafkaTopicMapping,
    Rocketmq2Rocketmq, RocketmqConfig, SinkConfig, SourceConfig, SyncDetail, SyncItem, SyncMetadata,
};
pub use request::{
    ActionBody, AdvanceBody, Dcs2DcsBody, DcsBody, JobBody, Kafka2KafkaBody, KafkaBody, MappingBody,
    Password, Rocketmq2RocketmqBody, RocketmqBody, SinkBody, SourceBody, SyncDetailBody,
};
