//! Figures: tables of reports, cases per township, quarters, and the
//! suppression of cells from which a small number of reports could be inferred.

mod suppression;
mod tables;

pub use suppression::{CellIndex, Smallest, Sum, suppressed};
pub use tables::{Cell, Table, TownCases, cases_by_town, quarter_of, quarters};
