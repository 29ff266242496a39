//! Figures: how many reports and cases there are per township and category, by origin and month,
//! and which cells must be hidden so that no small number of reports can be told.

use std::collections::BTreeMap;

use crypto::day::Day;

use crate::case::{Case, State};

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

    /// Everything as it is.
    #[must_use]
    pub fn open(&self) -> Vec<Vec<Cell>> {
        self.cells.iter().map(|row| row.iter().copied().map(Cell::Count).collect()).collect()
    }

    /// The table without what would tell a number of reports below `smallest`: small cells and sums
    /// are hidden, and as many others as it takes so that no hidden one follows from what is shown,
    /// and so that what is hidden of one row or column together is not small either.
    ///
    /// A hidden cell follows from sums alone exactly when it is a bridge in the graph whose nodes are
    /// rows and columns (margins included) and whose edges are hidden cells.
    #[must_use]
    pub fn suppressed(&self, smallest: u32) -> Vec<Vec<Cell>> {
        let mut hidden: Vec<Vec<bool>> =
            self.cells.iter().map(|row| row.iter().map(|count| (1..smallest).contains(count)).collect()).collect();
        while let Some(told) = self.told(&hidden, smallest) {
            let Some((row, column)) = self.behind(&hidden, told) else {
                // Nothing is left to hide it behind: the whole table stays hidden.
                hidden.iter_mut().flatten().for_each(|cell| *cell = true);
                break;
            };
            for (row, column) in [(row, told.column), (told.row, column), (row, column)] {
                hidden[row][column] = true;
            }
        }
        // Another table may show the sum of all: then nothing may follow from it here.
        if hidden[self.rows.len()][self.columns.len()] {
            hidden.iter_mut().flatten().for_each(|cell| *cell = true);
        }
        let shown = |(row, of): (&Vec<u32>, &Vec<bool>)| {
            let cell = |(count, hidden): (&u32, &bool)| if *hidden { Cell::Hidden } else { Cell::Count(*count) };
            row.iter().zip(of).map(cell).collect()
        };
        self.cells.iter().zip(&hidden).map(shown).collect()
    }

    /// The first hidden cell that still tells something.
    fn told(&self, hidden: &[Vec<bool>], smallest: u32) -> Option<Told> {
        let edges = edges(hidden);
        edges.iter().find_map(|&(row, column)| {
            let in_row = self.few(edges.iter().filter(|edge| edge.0 == row), smallest);
            let in_column = self.few(edges.iter().filter(|edge| edge.1 == column), smallest);
            let told = is_bridge(&edges, (row, column)) || in_row || in_column;
            told.then_some(Told { row, column, in_row, in_column })
        })
    }

    /// Whether what is hidden of one line is fewer reports together than may be told, while its sum
    /// is shown.
    fn few<'a>(&self, line: impl Iterator<Item = &'a (usize, usize)>, smallest: u32) -> bool {
        let line: Vec<_> = line.collect();
        let sum_hidden = line.iter().any(|(row, column)| self.is_margin(*row, *column));
        let together: u32 = line.iter().map(|(row, column)| self.cells[*row][*column]).sum();
        !sum_hidden && (1..smallest).contains(&together)
    }

    fn is_margin(&self, row: usize, column: usize) -> bool {
        row == self.rows.len() || column == self.columns.len()
    }

    /// The opposite corner of the rectangle to hide with a cell: with all four corners hidden it is no
    /// bridge. Of all rectangles the one that hides least: sums and empty cells last.
    fn behind(&self, hidden: &[Vec<bool>], told: Told) -> Option<(usize, usize)> {
        let rows = (0..=self.rows.len()).filter(|row| *row != told.row);
        let corners = rows.flat_map(|row| {
            (0..=self.columns.len()).filter(|column| *column != told.column).map(move |column| (row, column))
        });
        let cost = |(row, column): (usize, usize)| {
            let new = [(row, told.column), (told.row, column), (row, column)];
            let new = new.into_iter().filter(|(row, column)| !hidden[*row][*column]);
            new.fold((0, 0, 0), |(margins, empty, count), (row, column)| {
                let cell = self.cells[row][column];
                (margins + u8::from(self.is_margin(row, column)), empty + u8::from(cell == 0), count + cell)
            })
        };
        let helps = |&(row, column): &(usize, usize)| {
            let (beside, below) = (hidden[told.row][column], hidden[row][told.column]);
            let nothing_new = beside && below && hidden[row][column];
            !(nothing_new || (told.in_row && beside) || (told.in_column && below))
        };
        corners.filter(helps).min_by_key(|corner| cost(*corner))
    }
}

/// A hidden cell that tells something, and whether because its row or its column hides too little.
#[derive(Clone, Copy)]
struct Told {
    row: usize,
    column: usize,
    in_row: bool,
    in_column: bool,
}

fn edges(hidden: &[Vec<bool>]) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    for (row, cells) in hidden.iter().enumerate() {
        edges.extend(cells.iter().enumerate().filter(|(_, hidden)| **hidden).map(|(column, _)| (row, column)));
    }
    edges
}

/// Whether the edge's ends are joined by it alone.
fn is_bridge(edges: &[(usize, usize)], edge: (usize, usize)) -> bool {
    let (mut rows, mut columns) = (vec![edge.0], Vec::new());
    let mut grown = true;
    while grown {
        let before = rows.len() + columns.len();
        for other in edges.iter().filter(|other| **other != edge) {
            if rows.contains(&other.0) && !columns.contains(&other.1) {
                columns.push(other.1);
            }
            if columns.contains(&other.1) && !rows.contains(&other.0) {
                rows.push(other.0);
            }
        }
        grown = rows.len() + columns.len() > before;
    }
    !columns.contains(&edge.1)
}

/// What the figures say of one township's cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
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

impl Cases {
    /// Counts one more.
    pub fn count(&mut self, case: &Case, today: Day) {
        self.all += 1;
        if case.state == State::Closed {
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
) -> Vec<(Option<String>, Cases)> {
    let mut by_town: BTreeMap<Option<usize>, Cases> = BTreeMap::new();
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
