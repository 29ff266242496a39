//! The stages of a case, and the entries that may follow each.

use model::codes;

use super::CaseEntryKind;

codes!(
    /// The stage of a case.
    CaseState {
        /// Listed as a problem; no unit is responsible yet.
        Listed = "listed",
        /// Concerns more than one township or department; the county assigns it.
        Escalated = "escalated",
        /// Assigned to one lead unit and one responsible person, with one deadline.
        Assigned = "assigned",
        /// Measures are under way.
        Rectifying = "rectifying",
        /// The unit has applied for closure.
        Applied = "applied",
        /// Checked on the spot and found to be done.
        Verified = "verified",
        /// Signed off by another person.
        Closed = "closed",
    }
);

impl CaseState {
    /// Kinds of entries that may follow on the way to closure.
    pub(super) fn next(self) -> &'static [CaseEntryKind] {
        match self {
            Self::Listed => &[CaseEntryKind::Assigned, CaseEntryKind::Escalated, CaseEntryKind::Supervised],
            Self::Escalated => &[CaseEntryKind::Assigned, CaseEntryKind::Supervised],
            Self::Assigned => {
                &[CaseEntryKind::Started, CaseEntryKind::Assigned, CaseEntryKind::Escalated, CaseEntryKind::Supervised]
            }
            Self::Rectifying => &[
                CaseEntryKind::Progress,
                CaseEntryKind::Applied,
                CaseEntryKind::Assigned,
                CaseEntryKind::Escalated,
                CaseEntryKind::Supervised,
            ],
            Self::Applied => &[CaseEntryKind::Verified, CaseEntryKind::Returned, CaseEntryKind::Supervised],
            Self::Verified => &[CaseEntryKind::Closed, CaseEntryKind::Returned, CaseEntryKind::Supervised],
            Self::Closed => &[CaseEntryKind::Reopened],
        }
    }
}
