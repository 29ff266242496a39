//! Figures: tables, charts, and the same as a file.

mod charts;
pub(crate) mod tables;
