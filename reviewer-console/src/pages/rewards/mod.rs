//! Rewards: proposing, approving, and what follows.

pub(crate) mod approval;
pub(crate) mod approval_form;
pub(crate) mod approvals;
pub(crate) mod claim;
pub(crate) mod consent;
pub(crate) mod fragments;
pub(crate) mod labels;
mod progress;
pub(crate) mod proposal;
