//! Exchanges and what they brought.

pub(crate) mod exchanges;
