//! Codes of the steps of handling. The console seals the steps; the log, and so the recorder, holds only their codes.

crate::codes! {
    /// The kind of a step of handling a report.
    StepCode {
        /// An officer entered the report for somebody who called, wrote or came.
        Entered = "entered",
        /// A second officer confirmed that the report came in this way.
        Vouched = "vouched",
        /// The report was given to an officer.
        Given = "given",
        /// Not a matter of this authority.
        NotOurs = "not-ours",
        /// The matter was known before.
        Known = "known",
        /// Reports the same matter as an earlier report.
        Joined = "joined",
        /// A later report on the same matter, recorded with the earlier report.
        Merged = "merged",
        /// The later report turned out to concern another matter.
        Parted = "parted",
        /// Contains too little to be checked.
        NotEffective = "not-effective",
        /// The report is to be checked.
        Verify = "verify",
        /// Checked, and nothing was found.
        NotConfirmed = "not-confirmed",
        /// Checked and found: minor, and by law without a penalty.
        Minor = "minor",
        /// A fact sheet was written, for another officer to review.
        Drafted = "drafted",
        /// The reviewing officer asks for another sheet.
        Redraft = "redraft",
        /// The fact sheet crossed to the case side.
        Crossed = "crossed",
        /// The case of the fact sheet was opened.
        Confirmed = "confirmed",
        /// A reward was proposed.
        Proposed = "proposed",
        /// An earlier decision was wrong; the handling starts anew.
        Reconsidered = "reconsidered",
    }
}

impl StepCode {
    /// Whether it ends the handling of a report. Only then may the report be erased.
    #[must_use]
    pub fn ends_handling(self) -> bool {
        matches!(
            self,
            Self::NotOurs
                | Self::Known
                | Self::Joined
                | Self::NotEffective
                | Self::NotConfirmed
                | Self::Minor
                | Self::Proposed
        )
    }

    /// Whether it judges nothing. Taken after the end, it neither reopens the report nor decides it.
    #[must_use]
    pub fn is_beside(self) -> bool {
        matches!(self, Self::Entered | Self::Vouched | Self::Given | Self::Merged | Self::Parted)
    }
}
