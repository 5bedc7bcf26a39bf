//! What a task means: wish, sight, their normal form and what comes next. Pure: no I/O, no clock.
mod definition;
mod desired;
mod lifecycle;
mod observed;
mod progress;
mod request;
mod structure;

pub use definition::{Definition, Written};
pub use desired::{desired, secrets};
pub use lifecycle::{
    IN_PLACE, Move, STATES, State, before_delete, describe, effect, next, phase, rest, restart, word,
};
pub use observed::{Facts, accepted, observed, row};
pub use progress::{endpoints, progress, replacement_note};
pub use request::{create_body, modify_body};
pub use structure::Structure;

#[cfg(test)]
mod tests;
