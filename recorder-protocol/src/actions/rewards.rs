//! Claims: what is recorded before it may be done.

use model::Digest;

use super::action;

action!(
    /// Showing the list of proposed rewards and cases to sign off.
    ListClaims by [Approver] {}
);

action!(
    /// Reading a claim.
    ReadClaim by [Officer, Approver] {
        /// Its number.
        claim: u64,
    }
);

action!(
    /// Proposing a reward.
    ProposeReward by [Officer] {
        /// The claim.
        claim: u64,
        /// The entry's place in it.
        number: u64,
        /// SHA-256 of the entry.
        digest: Digest,
    }
);

action!(
    /// Approving a proposed reward, sending it back, or answering a request for reconsideration.
    DecideReward by [Approver] {
        /// The claim.
        claim: u64,
        /// The entry's place in it.
        number: u64,
        /// The entry's code: approved or returned.
        entry: String,
        /// SHA-256 of the entry.
        digest: Digest,
    }
);

action!(
    /// What follows a decision on a reward: it is offered, taken, refused, paid, or lapses.
    FollowReward by [Officer] {
        /// The claim.
        claim: u64,
        /// The entry's place in it.
        number: u64,
        /// The entry's code.
        entry: String,
        /// SHA-256 of the entry.
        digest: Digest,
    }
);
