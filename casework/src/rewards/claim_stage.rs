//! How far a claim is.

use model::codes;

codes!(
    /// How far a claim is.
    ClaimStage {
        /// Waits for another person.
        Proposed = "proposed",
        /// Approved by one; another must approve too.
        Agreed = "agreed",
        /// Sent back to the post.
        Returned = "returned",
        /// Decided; the reporter is told at the next exchange.
        Approved = "approved",
        /// The reporter was told and may choose.
        Offered = "offered",
        /// The reporter took it: finance may pay.
        Ordered = "ordered",
        /// Paid, all of it.
        Paid = "paid",
        /// Nobody came for it in time.
        Lapsed = "lapsed",
        /// The reporter refused it when it was offered.
        Refused = "refused",
        /// The reporter had said that no reward is wanted.
        Waived = "waived",
        /// The reporter asked for it to be looked at again.
        Reconsidering = "reconsidering",
    }
);
