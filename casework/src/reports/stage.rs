//! The stages of a report's handling.

use model::codes;

codes!(
    /// The stage of a report's handling.
    ReportStage {
        /// Nothing has been decided yet.
        New = "new",
        /// Not a matter of this authority.
        NotOurs = "not-ours",
        /// Known before, from an earlier report or an inspection.
        Known = "known",
        /// Reports the same matter as an earlier report.
        Joined = "joined",
        /// Contains too little to be checked.
        NotEffective = "not-effective",
        /// The report is being checked.
        Verifying = "verifying",
        /// Checked, and nothing was found.
        NotConfirmed = "not-confirmed",
        /// Checked and found: minor, put right, and without a penalty.
        Minor = "minor",
        /// Checked and found; the fact sheet awaits a second officer's review.
        Drafted = "drafted",
        /// Checked and found; it is a case or will soon be one.
        Confirmed = "confirmed",
        /// A reward was proposed; its claim holds the further stages.
        Proposed = "proposed",
        /// The approver has sent the proposal back. Used in lists only: handling itself stays at `Proposed`.
        Returned = "returned",
        /// The reward was approved. Used in lists only: handling itself stays at `Proposed`.
        Approved = "approved",
    }
);

// The first variant is the default; a derive would need an attribute inside the macro.
#[allow(clippy::derivable_impls)]
impl Default for ReportStage {
    fn default() -> Self {
        Self::New
    }
}

impl ReportStage {
    /// Stages of a report whose case exists or will be opened.
    pub const LEADING_TO_A_CASE: [Self; 4] = [Self::Confirmed, Self::Proposed, Self::Returned, Self::Approved];
}
