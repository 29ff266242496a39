//! Checks of reports before their erasure.

pub(crate) mod erasure_check;
