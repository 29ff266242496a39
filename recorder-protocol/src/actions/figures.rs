//! Figures: what is recorded before it may be done.

use model::Digest;

use super::action;

action!(
    /// Counting reports and cases. How reports were handled is read for it; only sums are shown.
    ReadFigures by [Officer] {
        /// How many reports.
        reports: u32,
    }
);

action!(
    /// Telling the public of a quarter, once and for good.
    PublishResults by [Officer] {
        /// Such as `2026-Q3`.
        quarter: String,
        /// SHA-256 of what is told.
        digest: Digest,
    }
);
