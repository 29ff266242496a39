//! Requests to open an identity, and their answers.

pub(crate) mod new_request;
pub(crate) mod requests;
