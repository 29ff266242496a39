//! The exchange with the portal.

pub(crate) mod runs;
