//! Actions on figures, and the roles that may request them.

use model::Digest;

use super::action;

action!(
    /// Counting reports and cases. The handling of reports is read for it; only sums are shown.
    ReadFigures by [Officer] {
        /// Number of reports counted.
        reports: u32,
    }
);

action!(
    /// Publishing the results of a quarter, once and finally.
    PublishResults by [Officer] {
        /// The quarter, such as `2026-Q3`.
        quarter: String,
        /// SHA-256 of the published figures.
        digest: Digest,
    }
);
