//! The access log: reading it, verifying the register with it, and the reads that each record permits.

pub mod attested_register;
pub mod log;
pub(crate) mod permissions;
