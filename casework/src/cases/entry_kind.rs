//! Kinds of case entries, and the roles that may make them.

use model::{Role, codes};

codes!(
    /// The kind of a case entry, in the order in which a page offers them.
    CaseEntryKind {
        /// The fact sheet is listed and the case begins.
        Listed = "listed",
        /// Lead unit, responsible person, measures, deadline and standard are assigned.
        Assigned = "assigned",
        /// The unit has started the measures.
        Started = "started",
        /// The unit reports progress.
        Progress = "progress",
        /// The unit applies for closure.
        Applied = "applied",
        /// An officer has checked on the spot that it is done.
        Verified = "verified",
        /// Not done; the case goes back to the unit.
        Returned = "returned",
        /// An approver signs the case off.
        Closed = "closed",
        /// The problem has come back after the closure.
        Reopened = "reopened",
        /// A penalty decision was made.
        Decided = "decided",
        /// A penalty decision is withdrawn, because it was entered by mistake.
        Withdrawn = "withdrawn",
        /// The party asks for a review, or sues.
        Contested = "contested",
        /// A review has ended.
        Reviewed = "reviewed",
        /// The decision has become final and cannot be changed any more.
        Finalised = "final",
        /// A payment towards the fine.
        Collected = "collected",
        /// The case goes to the county, because it concerns more than one township or department.
        Escalated = "escalated",
        /// A higher authority supervises the case.
        Supervised = "supervised",
        /// Transferred to the police or the procuratorate.
        Transferred = "transferred",
        /// The other authority has answered a transfer.
        Answered = "answered",
        /// An expert was asked for an opinion.
        AskedExpert = "asked-expert",
        /// The expert has given an opinion.
        Opinion = "opinion",
    }
);

impl CaseEntryKind {
    /// The roles that may make such an entry.
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
            // The unit learns of these first. An officer enters them for a unit that does not use this system.
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

    /// Whether it may be entered in every state, because it is not a step on the way to closure.
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
