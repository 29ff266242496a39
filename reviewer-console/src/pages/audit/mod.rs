//! The access log, for auditors.

pub(crate) mod acknowledge;
mod filter;
mod fragments;
pub(crate) mod labels;
pub(crate) mod log;
pub(crate) mod log_file;
