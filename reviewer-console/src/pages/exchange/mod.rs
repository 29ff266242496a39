//! The exchange with the portal.

pub(crate) mod fragments;
pub(crate) mod portal;
pub(crate) mod runs;
