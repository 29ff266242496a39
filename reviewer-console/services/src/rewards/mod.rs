//! Rewards: proposals, approvals, offers, choices, and deadlines.

pub mod approve;
pub mod claim_file;
pub(crate) mod claim_status;
pub(crate) mod deadlines;
pub mod enter_choice;
pub mod follow_claim;
pub(crate) mod issue_order;
pub mod list_claims;
pub mod proposal_basis;
pub mod propose;
pub mod read_consent;
pub mod report_claim;
