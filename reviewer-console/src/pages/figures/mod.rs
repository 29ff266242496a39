//! Figures: tables, charts, and the same as a file.

mod charts;
#[allow(clippy::module_inception)]
pub(crate) mod figures;
