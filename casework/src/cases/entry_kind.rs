//! Kinds of entries of a case, and who may make them.

use model::{Role, codes};

codes!(
    /// What may be entered, in the order in which a page offers it.
    CaseEntryKind {
        /// The fact sheet: the case begins.
        Listed = "listed",
        /// Lead unit, responsible person, measures, deadline, standard.
        Assigned = "assigned",
        /// The unit has begun.
        Started = "started",
        /// The unit tells how it goes.
        Progress = "progress",
        /// The unit applies for closure.
        Applied = "applied",
        /// Checked on the spot: done.
        Verified = "verified",
        /// Not done: back to the unit.
        Returned = "returned",
        /// Signed off.
        Closed = "closed",
        /// It has come back.
        Reopened = "reopened",
        /// A penalty decision.
        Decided = "decided",
        /// A penalty decision that was entered wrongly.
        Withdrawn = "withdrawn",
        /// The party asks for a review, or sues.
        Contested = "contested",
        /// What the review came to.
        Reviewed = "reviewed",
        /// Nothing can change the decision any more.
        Finalised = "final",
        /// Part of the fine was paid.
        Collected = "collected",
        /// Beyond one township or department.
        Escalated = "escalated",
        /// Somebody above watches it.
        Supervised = "supervised",
        /// Sent to police or procuratorate.
        Transferred = "transferred",
        /// What they answered.
        Answered = "answered",
        /// An expert was asked.
        AskedExpert = "asked-expert",
        /// What the expert said.
        Opinion = "opinion",
    }
);

impl CaseEntryKind {
    /// Who may enter it.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Listed
            | Self::Assigned
            | Self::Verified
            | Self::Reopened
            | Self::Transferred
            | Self::Answered
            | Self::AskedExpert
            | Self::Opinion => &[Role::Officer],
            Self::Started | Self::Progress | Self::Applied => &[Role::CaseUnit],
            // The unit knows these first; where it does not work here, an officer enters them.
            Self::Decided
            | Self::Withdrawn
            | Self::Contested
            | Self::Reviewed
            | Self::Finalised
            | Self::Collected
            | Self::Escalated => &[Role::CaseUnit, Role::Officer],
            Self::Returned | Self::Supervised => &[Role::Officer, Role::Approver],
            Self::Closed => &[Role::Approver],
        }
    }

    /// Whether it may be entered in every state: it goes beside the way to closure.
    pub(super) fn is_beside(self) -> bool {
        matches!(
            self,
            Self::Decided
                | Self::Withdrawn
                | Self::Contested
                | Self::Reviewed
                | Self::Finalised
                | Self::Collected
                | Self::Transferred
                | Self::Answered
                | Self::AskedExpert
                | Self::Opinion
        )
    }
}
