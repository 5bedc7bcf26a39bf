//! A stage for one scenario: a namespace on a real API server, a simulated cloud and the real operator between them.
mod cluster;
mod job;
mod manifest;
mod operator;
mod plane;
mod process;
mod release;
mod simulator;
mod stage;
mod wait;

pub use cluster::Cluster;
pub use job::Object;
pub use manifest::{Manifest, merge};
pub use operator::Operator;
pub use plane::{Plane, own_plane};
pub use simulator::{password_digest, time};
pub use stage::{Cast, Stage, Vendor};
pub use wait::{PATIENCE, until};
