//! What a CDM job means: wish, sight, their normal form and what comes next. Pure: no I/O, no clock.
mod definition;
mod desired;
mod lifecycle;
mod observed;
mod request;
mod runs;

pub use definition::{Definition, End, as_run};
pub use desired::{desired, references, secrets};
pub use lifecycle::{Move, State, before_delete, describe, effect, is_removable, next, phase, renames, rest};
pub use observed::{Facts, Run, created, observed, submission};
pub use request::body;
pub use runs::run;
pub use runs::{adopted, asked, before, evidence, finished, legal, recall, watch, with_runs};

#[cfg(test)]
mod tests;
