//! Identity envelopes: the officer's side and the custodian's.

pub(crate) mod custodian;
pub(crate) mod labels;
pub(crate) mod requests;
