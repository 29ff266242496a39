//! The exchange with the portal.

#[allow(clippy::module_inception)]
pub(crate) mod exchange;
