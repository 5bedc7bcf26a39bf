//! A real Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager) for tests, benchmarks and the demo.
//!
//! There is no scheduler and no kubelet: a Deployment is accepted and stays without pods.

mod binaries;
mod certificates;
mod flags;
mod home;
mod plane;
mod ports;
mod probe;
mod program;

pub use binaries::Binaries;
pub use plane::{ControlPlane, Options};
pub use program::bound_command;
