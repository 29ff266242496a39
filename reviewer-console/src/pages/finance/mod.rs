//! The pages of finance: notes, payments, the budget.

pub(crate) mod budget;
pub(crate) mod desk;
pub(crate) mod payments;
