//! The access log: appending, queries, anomalies, verification.

pub(crate) mod anomalies;
pub(crate) mod append;
pub(crate) mod log;
pub(crate) mod log_subject;
pub(crate) mod queries;
