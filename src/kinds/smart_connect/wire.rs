//! Requests and answers in the vendor's spelling: answers are read leniently, requests are written exactly. No meaning.
mod answer;
mod request;

pub use answer::{Entity, SinkConfig, SourceConfig, Task, TaskInfo, TaskPage};
pub use request::{
    KafkaBody, ObsBody, Password, RedisSinkBody, RedisSourceBody, SinkBody, SourceBody, TaskBody,
};
