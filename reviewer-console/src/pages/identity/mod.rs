//! Identity envelopes: the officer's pages and the custodian's.

pub(crate) mod custodian;
pub(crate) mod labels;
pub(crate) mod requests;
