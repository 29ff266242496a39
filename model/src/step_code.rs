//! Codes of the steps of handling. The console seals the steps; the log, and so the recorder, holds their codes alone.

crate::codes! {
    /// The kind of a step of handling a report.
    StepCode {
        /// An officer entered it for somebody who called, wrote or came.
        Entered = "entered",
        /// A second officer confirmed that it came so.
        Vouched = "vouched",
        /// Who handles it.
        Given = "given",
        /// Not a matter of this authority.
        NotOurs = "not-ours",
        /// Known before.
        Known = "known",
        /// Tells of what an earlier report told of.
        Joined = "joined",
        /// The same, kept with the earlier report.
        Merged = "merged",
        /// That later report does not tell of this after all.
        Parted = "parted",
        /// Too little to be checked.
        NotEffective = "not-effective",
        /// To be checked.
        Verify = "verify",
        /// Checked, and not found.
        NotConfirmed = "not-confirmed",
        /// Checked and found: minor, and by law without a penalty.
        Minor = "minor",
        /// A fact sheet is written, for another officer to look at.
        Drafted = "drafted",
        /// The other officer asks for another sheet.
        Redraft = "redraft",
        /// The fact sheet crossed.
        Crossed = "crossed",
        /// Its case was opened.
        Confirmed = "confirmed",
        /// A reward was proposed.
        Proposed = "proposed",
        /// An earlier decision was wrong: everything is open again.
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

    /// Whether it judges nothing: taken after the end it neither opens the report again nor decides it.
    #[must_use]
    pub fn is_beside(self) -> bool {
        matches!(self, Self::Entered | Self::Vouched | Self::Given | Self::Merged | Self::Parted)
    }
}
