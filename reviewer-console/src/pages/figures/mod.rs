//! Figures: tables, charts, and a CSV file of the tables.

mod charts;
pub(crate) mod tables;
