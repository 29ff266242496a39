//! Figures: how many reports and cases there are per township and category, by origin and month,
//! and which cells must be hidden so that no small number of reports can be told.

use std::collections::BTreeMap;

use model::Day;

use crate::cases::{Case, CaseState};

/// A table of counts with its margins: the last row holds the sums of columns, the last column those
/// of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Labels of rows, without the margin's.
    pub rows: Vec<String>,
    /// Labels of columns, without the margin's.
    pub columns: Vec<String>,
    cells: Vec<Vec<u32>>,
}

/// A cell as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The count.
    Count(u32),
    /// Hidden: too small, or needed to hide another.
    Hidden,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(rows: &[String], columns: &[String]) -> Self {
        let cells = vec![vec![0; columns.len() + 1]; rows.len() + 1];
        Self { rows: rows.to_vec(), columns: columns.to_vec(), cells }
    }

    /// Counts one more. What belongs to no row or column of the table is left out of it.
    pub fn count(&mut self, row: &str, column: &str) {
        let row = self.rows.iter().position(|known| known == row);
        let column = self.columns.iter().position(|known| known == column);
        let (Some(row), Some(column)) = (row, column) else { return };
        let (last_row, last_column) = (self.rows.len(), self.columns.len());
        for (row, column) in [(row, column), (row, last_column), (last_row, column), (last_row, last_column)] {
            self.cells[row][column] += 1;
        }
    }

    /// A count; rows and columns are counted from 0, the margins last.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> u32 {
        self.cells.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
    }
}

/// What the figures say of one township's cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TownCases {
    /// All.
    pub all: u32,
    /// Neither closed nor late.
    pub open: u32,
    /// Past their deadline.
    pub overdue: u32,
    /// Closed.
    pub closed: u32,
    /// Days from the listing to the first assignment, over all that were assigned.
    days_to_act: u32,
    acted: u32,
}

impl TownCases {
    /// Counts one more.
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

    /// Mean days from the listing to the first assignment, rounded up; none before any was assigned.
    #[must_use]
    pub fn days_to_act(self) -> Option<u32> {
        (self.acted > 0).then(|| self.days_to_act.div_ceil(self.acted))
    }
}

/// Cases of each township of the table, in its order; what lies elsewhere last.
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

/// A quarter as figures name it: `2026-Q4`.
#[must_use]
pub fn quarter_of(day: Day) -> String {
    format!("{}-Q{}", day.year(), day.quarter())
}

/// The last `count` quarters up to the one of `today`, oldest first.
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
