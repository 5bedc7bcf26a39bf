//! What the scenarios also stand on: programs as child processes, the API server, the simulated cloud, and waiting.
#[path = "../scenarios/harness/cluster.rs"]
mod cluster;
#[path = "../scenarios/harness/job.rs"]
mod job;
#[path = "../scenarios/harness/manifest.rs"]
mod manifest;
#[path = "../scenarios/harness/operator.rs"]
mod operator;
#[path = "../scenarios/harness/plane.rs"]
mod plane;
#[path = "../scenarios/harness/process.rs"]
mod process;
#[path = "../scenarios/harness/simulator.rs"]
mod simulator;
#[path = "../scenarios/harness/wait.rs"]
mod wait;

pub use cluster::Cluster;
pub use job::Object;
pub use manifest::merge;
pub use operator::Operator;
pub use plane::{Plane, plane};
pub use simulator::Simulator;
pub use wait::until;
