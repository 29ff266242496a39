//! Exchanges and their totals.

pub(crate) mod exchanges;
