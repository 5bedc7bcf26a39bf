//! The shapes of requests and answers of the service's task actions, spelled as the vendor spells them. No logic.
mod answer;
mod names;
mod request;

pub use answer::{Connection, Tag, Task, TaskId, TaskPage};
pub use names::{from_wire, to_wire};
pub use request::{CreateBody, ListBody, ModifyBody, Named, TagBody, TaskBody};
