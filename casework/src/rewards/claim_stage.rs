//! The stages of a claim.

use model::codes;

codes!(
    /// The stage of a claim.
    ClaimStage {
        /// Proposed; awaits an approver.
        Proposed = "proposed",
        /// Approved by one person; another must approve too.
        Agreed = "agreed",
        /// Sent back to the post.
        Returned = "returned",
        /// Decided; the reporter is informed at the next exchange.
        Approved = "approved",
        /// The reporter was informed and may choose.
        Offered = "offered",
        /// The reporter took the reward and an order is issued: finance may pay.
        Ordered = "ordered",
        /// The whole amount was paid.
        Paid = "paid",
        /// The last day passed without a claim or a payment.
        Lapsed = "lapsed",
        /// The reporter refused it when it was offered.
        Refused = "refused",
        /// The reporter had stated that no reward is wanted.
        Waived = "waived",
        /// The reporter asked for reconsideration.
        Reconsidering = "reconsidering",
    }
);
