//! Actions on claims, and the roles that may request them.

use model::Digest;

use super::action;

action!(
    /// Showing the list of proposed rewards, and of cases to sign off.
    ListClaims by [Approver] {}
);

action!(
    /// Reading a claim with its entries.
    ReadClaim by [Officer, Approver] {
        /// Number of the claim.
        claim: u64,
    }
);

action!(
    /// Proposing a reward for a confirmed report.
    ProposeReward by [Officer] {
        /// Number of the claim.
        claim: u64,
        /// The entry's place in the claim, from 1.
        number: u64,
        /// SHA-256 of the entry.
        digest: Digest,
    }
);

action!(
    /// Approving a proposed reward, sending it back, or answering a request for reconsideration.
    DecideReward by [Approver] {
        /// Number of the claim.
        claim: u64,
        /// The entry's place in the claim, from 1.
        number: u64,
        /// The entry's code: approved, returned, or answered.
        entry: String,
        /// SHA-256 of the entry.
        digest: Digest,
    }
);

action!(
    /// Following up a decision on a reward: offered, taken, refused, paid or lapsed.
    FollowReward by [Officer] {
        /// Number of the claim.
        claim: u64,
        /// The entry's place in the claim, from 1.
        number: u64,
        /// Code of the claim's entry.
        entry: String,
        /// SHA-256 of the entry.
        digest: Digest,
    }
);
