//! The access log: appended, asked about, verified.

pub(crate) mod anomalies;
pub(crate) mod append;
pub(crate) mod log;
pub(crate) mod log_subject;
pub(crate) mod queries;
