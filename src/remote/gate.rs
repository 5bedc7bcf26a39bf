//! The policy gate: no mutating request can be built without a permit, and only an open gate gives one.

/// Whether a pass may write to the remote side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Reads and writes.
    Open,
    /// Reads only.
    Closed,
}

/// Proof that the policy of the object lets this pass write. Has no public constructor.
#[derive(Debug)]
pub struct WritePermit(());

impl Gate {
    /// The permit, if the gate is open.
    pub fn permit(self) -> Option<WritePermit> {
        match self {
            Self::Open => Some(WritePermit(())),
            Self::Closed => None,
        }
    }
}
