//! What an event router job means: wish, sight, their normal form and what comes next. Pure: no I/O, no clock.
mod definition;
mod desired;
mod lifecycle;
mod observed;
mod progress;
mod request;

pub use definition::{Advanced, DcsEnd, DcsSync, Definition, End, KafkaEnd, KafkaSync, Mapping};
pub use definition::{RocketmqEnd, RocketmqSync, exchanged, is_switched};
pub use desired::{desired, secrets};
pub use lifecycle::{EFFECTS, Move, State, before_delete, describe, effect, next, phase, rest};
pub use observed::{Facts, observed};
pub use progress::{Sync, endpoints, progress, replacement_note, reports_progress, sync};
pub use request::body;

#[cfg(test)]
mod tests;
