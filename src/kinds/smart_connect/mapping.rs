//! What a Smart Connect task means: wish, sight, their normal form and what comes next. Pure: no I/O, no clock.
mod definition;
mod desired;
mod lifecycle;
mod observed;
mod request;

pub use definition::{Definition, KafkaSource, Mapping, ObsSink, RedisSink, RedisSource, Sink, Source};
pub use desired::{desired, secrets};
pub use lifecycle::{
    MODIFIABLE, Move, RESTART_NOTE, State, before_delete, describe, effect, evidence, next, phase,
    replacement_note, rest, restart,
};
pub use observed::{Facts, Quota, observed};
pub use request::{body, modified};

#[cfg(test)]
mod tests;
