//! Rewards: computing an amount, and the claim to it from proposal to payment.

mod award;
mod claim;
mod claim_refusal;
mod claim_stage;
mod entry;

pub use award::{Facts, NoAward, Share, adds_up, award, follows_from};
pub use claim::{Claim, ClaimPart, IssuedOrder};
pub use claim_refusal::ClaimRefusal;
pub use claim_stage::ClaimStage;
pub use entry::{Approved, ClaimEntry, Consent, PaymentMethod, Proposal, ReconsiderationResult};
