//! Faults in the driver's bookkeeping, seeded one at a time: the laws have to catch each of them.

/// What the driver does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// Nothing.
    None,
    /// The claim is not written before the create.
    ClaimUnwritten,
    /// The claim is cleared as soon as the job is seen.
    ClaimClearedAtSight,
    /// Absence is believed at once.
    AbsenceBelieved,
    /// Absence is believed at once where the object is being removed.
    AbsenceBelievedAtRemoval,
    /// One single read that shows nothing is absence.
    OneBlindReadBelieved,
    /// A claim counts as void although nobody knows what became of its create.
    AmbiguousClaimVoid,
    /// The finalizer goes with the answer to the delete.
    ReleasedAtDelete,
    /// One single read that shows nothing after our delete is absence, whatever the list shows.
    DeleteBelieved,
    /// A list row is good enough to move or delete a job.
    RowTrusted,
    /// A list row is good enough to let go of the finalizer.
    RowReleases,
    /// List rows count between a request and the rest after it.
    RowsCountAfterWrite,
    /// Any list row counts after the first start.
    AnyRowAfterFirstStart,
    /// A list from before our last request counts once the job was seen at rest.
    OldListCounts,
    /// A list from soon after a single read counts, whatever it says.
    AnyRowAsRead,
    /// A list row is good enough to find our job by its mark.
    FirstRowTrusted,
    /// While something is under way, a list may be as old as at rest.
    OldListWhileWaiting,
    /// A job that is shown as deleted is a job.
    DeletedCounts,
    /// A foreign job is no hindrance to a create.
    ForeignIsAbsent,
    /// A foreign job of our name is ours.
    ForeignIsOurs,
    /// A foreign job makes a young claim forgotten.
    ForeignHidesClaim,
    /// The id is not stored.
    IdForgotten,
    /// Writes are not fenced by the version that was read.
    Unfenced,
    /// A process that lost its lease writes its report all the same.
    LateReport,
    /// The approval is not written down before the first request.
    ApprovalForgotten,
    /// The approval outlives the plan.
    ApprovalKept,
    /// The digests of the secrets are stored with the answer to the create, not with the claim.
    DigestLate,
    /// A rotated secret is not noticed.
    RotationUnseen,
    /// An adoption is forgotten when the job is replaced.
    AdoptionForgotten,
    /// The claim of a create that had no effect proves whose a job is.
    VoidClaimProves,
    /// A claim proves whose a job is although its job is known.
    ClaimProvesTwice,
    /// A job from before the claim is the one that it made.
    ClaimTimeIgnored,
    /// A job of another definition than the claimed one is the one that it made.
    ClaimedDefinitionIgnored,
    /// A job that was made anew under the id of ours is ours.
    BirthIgnored,
    /// The job before is taken for the one that the claim made.
    PreviousForgotten,
    /// A job that was recognised by its claim is changed before that is written down.
    RecognitionUnwritten,
    /// A row without a definition is judged as it is.
    BareRowsJudged,
    /// Where there is no list, absence is believed unseen.
    NamesUnseen,
    /// A restart is not announced.
    ActUnwritten,
    /// A restart whose answer was lost is taken for one that had no effect.
    AmbiguousActVoid,
    /// A create does not answer the wish for a restart.
    RestartOutlivesCreate,
    /// A rename is not announced.
    RenameUnwritten,
    /// What a create made its job with is forgotten.
    CreationForgotten,
}

impl Mutant {
    /// Every fault.
    pub const ALL: [Self; 42] = [
        Self::ClaimUnwritten,
        Self::ClaimClearedAtSight,
        Self::AbsenceBelieved,
        Self::AbsenceBelievedAtRemoval,
        Self::OneBlindReadBelieved,
        Self::AmbiguousClaimVoid,
        Self::ReleasedAtDelete,
        Self::DeleteBelieved,
        Self::RowTrusted,
        Self::RowReleases,
        Self::RowsCountAfterWrite,
        Self::AnyRowAfterFirstStart,
        Self::OldListCounts,
        Self::AnyRowAsRead,
        Self::FirstRowTrusted,
        Self::OldListWhileWaiting,
        Self::DeletedCounts,
        Self::ForeignIsAbsent,
        Self::ForeignIsOurs,
        Self::ForeignHidesClaim,
        Self::IdForgotten,
        Self::Unfenced,
        Self::LateReport,
        Self::ApprovalForgotten,
        Self::ApprovalKept,
        Self::DigestLate,
        Self::RotationUnseen,
        Self::AdoptionForgotten,
        Self::VoidClaimProves,
        Self::ClaimProvesTwice,
        Self::ClaimTimeIgnored,
        Self::ClaimedDefinitionIgnored,
        Self::BirthIgnored,
        Self::PreviousForgotten,
        Self::RecognitionUnwritten,
        Self::BareRowsJudged,
        Self::NamesUnseen,
        Self::ActUnwritten,
        Self::AmbiguousActVoid,
        Self::RestartOutlivesCreate,
        Self::RenameUnwritten,
        Self::CreationForgotten,
    ];
}
