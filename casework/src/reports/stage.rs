//! How far the handling of a report is.

use model::codes;

codes!(
    /// How far the handling of a report is.
    ReportStage {
        /// Nobody has decided anything.
        New = "new",
        /// Not a matter of this authority.
        NotOurs = "not-ours",
        /// Known before, from an earlier report or an inspection.
        Known = "known",
        /// Tells of what an earlier report told of.
        Joined = "joined",
        /// Says too little to be checked.
        NotEffective = "not-effective",
        /// Being checked.
        Verifying = "verifying",
        /// Checked, and not found.
        NotConfirmed = "not-confirmed",
        /// Checked and found: minor, put right, and without a penalty.
        Minor = "minor",
        /// Checked and found; the fact sheet waits for a second pair of eyes.
        Drafted = "drafted",
        /// Checked, found, and a case, or soon one.
        Confirmed = "confirmed",
        /// A reward was proposed; its claim tells the rest.
        Proposed = "proposed",
        /// The approver has sent it back. Only for lists: handling leads to "proposed".
        Returned = "returned",
        /// The reward was approved. Likewise.
        Approved = "approved",
    }
);

// The variant stands first in the list of codes; a derive would need an attribute within the macro.
#[allow(clippy::derivable_impls)]
impl Default for ReportStage {
    fn default() -> Self {
        Self::New
    }
}

impl ReportStage {
    /// Stages of a report that stands behind a case, or will.
    pub const LEADING_TO_A_CASE: [Self; 4] = [Self::Confirmed, Self::Proposed, Self::Returned, Self::Approved];
}
