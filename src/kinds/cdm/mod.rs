//! What `CdmLink` and `CdmJob` share: inputs, how they are written and compared, and the service's codes. No kind of its own.
pub mod classify;
pub mod cluster;
pub mod inputs;
pub mod name;
pub mod resource;
pub mod wire;
