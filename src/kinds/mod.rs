//! Every kind of job, one folder each, and the one list that names them.
pub mod cdm;
pub mod cdm_job;
pub mod cdm_link;
pub mod datahub;
pub mod event_router;
pub mod lenient;
pub mod pages;
pub mod smart_connect;

use crate::engine::kind::JobKind;

/// Something to be done for every kind: definitions, controllers, permissions, metrics.
pub trait Visitor {
    /// Called once for each kind.
    fn visit<K: JobKind>(&mut self);
}

/// The one list of kinds.
pub fn each(visitor: &mut impl Visitor) {
    visitor.visit::<event_router::EventRouter>();
    visitor.visit::<datahub::Datahub>();
    visitor.visit::<smart_connect::SmartConnect>();
    visitor.visit::<cdm_link::CdmLinks>();
    visitor.visit::<cdm_job::CdmJobs>();
}
