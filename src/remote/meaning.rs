//! What a vendor's code says about a request: a fault, or only that it failed and how far it had come.
use super::Fault;

/// What a code says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Always this.
    Is(Fault),
    /// It failed, and whether it was carried out is unknown.
    Undone,
    /// It failed before it reached the service.
    Unreached,
}

impl Meaning {
    /// The fault: a write that may have been carried out is ambiguous.
    pub(crate) const fn fault(self, writes: bool) -> Fault {
        match (self, writes) {
            (Self::Is(fault), _) => fault,
            (Self::Undone, true) => Fault::Ambiguous,
            (Self::Undone, false) | (Self::Unreached, _) => Fault::Transient,
        }
    }
}
