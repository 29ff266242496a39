//! Tables of counts with margins, cases per township, and quarters.

use std::collections::BTreeMap;

use model::Day;

use crate::cases::{Case, CaseState};

/// A table of counts with margins: the last row holds the sums of the columns, the last column those of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Labels of the rows, without the margin.
    pub rows: Vec<String>,
    /// Labels of the columns, without the margin.
    pub columns: Vec<String>,
    cells: Vec<Vec<u32>>,
}

/// A cell as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The exact count of the cell.
    Count(u32),
    /// Hidden because it is too small, or to hide another cell.
    Hidden,
}

impl Table {
    /// A table of zeros with these labels.
    #[must_use]
    pub fn new(rows: &[String], columns: &[String]) -> Self {
        let cells = vec![vec![0; columns.len() + 1]; rows.len() + 1];
        Self { rows: rows.to_vec(), columns: columns.to_vec(), cells }
    }

    /// Adds one to a cell and its margins. Nothing is counted if the table lacks the row or the column.
    pub fn count(&mut self, row: &str, column: &str) {
        let row = self.rows.iter().position(|known| known == row);
        let column = self.columns.iter().position(|known| known == column);
        let (Some(row), Some(column)) = (row, column) else { return };
        let (last_row, last_column) = (self.rows.len(), self.columns.len());
        for (row, column) in [(row, column), (row, last_column), (last_row, column), (last_row, last_column)] {
            self.cells[row][column] += 1;
        }
    }

    /// The count of a cell; rows and columns from 0, the margins last. 0 outside the table.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> u32 {
        self.cells.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
    }
}

/// Numbers of cases of one township, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TownCases {
    /// Number of all cases.
    pub all: u32,
    /// Number of cases that are neither closed nor overdue.
    pub open: u32,
    /// Number of cases past their deadline.
    pub overdue: u32,
    /// Number of closed cases.
    pub closed: u32,
    /// Days from the listing to the first assignment, summed over all assigned cases.
    days_to_act: u32,
    acted: u32,
}

impl TownCases {
    /// Counts one more case in its state.
    pub fn count(&mut self, case: &Case, today: Day) {
        self.all += 1;
        if case.state == CaseState::Closed {
            self.closed += 1;
        } else if case.is_overdue(today) {
            self.overdue += 1;
        } else {
            self.open += 1;
        }
        if let Some(assigned) = case.first_assigned_on {
            self.acted += 1;
            self.days_to_act += u32::try_from(assigned.days_since(case.listed_on)).unwrap_or(0);
        }
    }

    /// Mean days from the listing to the first assignment, rounded up; `None` if no case was assigned.
    #[must_use]
    pub fn days_to_act(self) -> Option<u32> {
        (self.acted > 0).then(|| self.days_to_act.div_ceil(self.acted))
    }
}

/// Cases of each township in the order of `towns`; cases elsewhere, if any, follow as `None`.
#[must_use]
pub fn cases_by_town<'a>(
    towns: &[String],
    cases: impl IntoIterator<Item = &'a Case>,
    today: Day,
) -> Vec<(Option<String>, TownCases)> {
    let mut by_town: BTreeMap<Option<usize>, TownCases> = BTreeMap::new();
    for case in cases {
        let town = towns.iter().position(|town| *town == case.sheet.town);
        by_town.entry(town).or_default().count(case, today);
    }
    let mut found: Vec<_> = towns
        .iter()
        .enumerate()
        .map(|(at, town)| (Some(town.clone()), by_town.get(&Some(at)).copied().unwrap_or_default()))
        .collect();
    found.extend(by_town.get(&None).map(|elsewhere| (None, *elsewhere)));
    found
}

/// The name of a day's quarter, such as `2026-Q4`.
#[must_use]
pub fn quarter_of(day: Day) -> String {
    format!("{}-Q{}", day.year(), day.quarter())
}

/// Names of the last `count` quarters up to the one of `today`, oldest first.
#[must_use]
pub fn quarters(today: Day, count: usize) -> Vec<String> {
    let (mut year, mut quarter) = (today.year(), today.quarter());
    let mut names = Vec::new();
    for _ in 0..count {
        names.push(format!("{year}-Q{quarter}"));
        (year, quarter) = if quarter == 1 { (year.saturating_sub(1), 4) } else { (year, quarter - 1) };
    }
    names.reverse();
    names
}

#[cfg(test)]
mod tests;
