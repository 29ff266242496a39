//! Payment orders, payments and budgets.

pub(crate) mod budgets;
pub(crate) mod orders;
