//! The access log: what it permits, what it holds the register against, and reading it.

pub mod attested_register;
pub mod log;
pub(crate) mod permissions;
