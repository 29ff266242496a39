//! Figures: how many reports and cases there are per township and category, by origin and month, and which cells are
//! hidden so that no small number of reports can be told.

mod suppression;
mod tables;

pub use suppression::{CellIndex, Smallest, Sum, suppressed};
pub use tables::{Cell, Table, TownCases, cases_by_town, quarter_of, quarters};
