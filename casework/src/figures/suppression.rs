//! Cell suppression: hides figures so that no small number of reports can be inferred, neither from one table nor from
//! several tables that share sums.

use super::{Cell, Table};

/// A cell among several tables: table, row and column, counted from 0; the sums are the last row and the last column.
pub type CellIndex = (usize, usize, usize);

/// A sum: cells that add up to another cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The cells that are added.
    pub parts: Vec<CellIndex>,
    /// The cell that holds their sum.
    pub whole: CellIndex,
}

/// Which counts are too small to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Smallest {
    /// The smallest figure that is shown.
    pub figure: u32,
    /// Whether a zero is hidden too, because it reveals that no report of its kind was confirmed.
    pub zero_tells: bool,
}

impl Smallest {
    fn is_small(self, count: u32) -> bool {
        count < self.figure && (self.zero_tells || count > 0)
    }
}

/// The cells of the tables after suppression: table by table, row by row, margins last.
/// Small cells and sums are hidden. Others are hidden until no hidden cell can be computed
/// from the shown ones and from `links` between the tables, and until the hidden parts of
/// a shown sum do not add up to a small number either. Shown cells hold the exact counts.
#[must_use]
pub fn suppressed(tables: &[&Table], links: &[Sum], smallest: Smallest) -> Vec<Vec<Vec<Cell>>> {
    let mut cells = Cells::of(tables, links, smallest);
    while let Some(sum) = cells.tells() {
        cells.hide_more(sum);
    }
    let shown = |at: usize| if cells.hidden[at] { Cell::Hidden } else { Cell::Count(cells.counts[at]) };
    let mut next = 0..cells.counts.len();
    let table = |table: &&Table| {
        let row = |_| next.by_ref().take(table.columns.len() + 1).map(shown).collect();
        (0..=table.rows.len()).map(row).collect()
    };
    tables.iter().map(table).collect()
}

/// A sum, as indices into the list of all cells.
struct Line {
    parts: Vec<usize>,
    whole: usize,
}

impl Line {
    fn cells(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().copied().chain([self.whole])
    }
}

/// All cells of all tables in one list, table by table and row by row.
struct Cells {
    counts: Vec<u32>,
    margin: Vec<bool>,
    hidden: Vec<bool>,
    lines: Vec<Line>,
    smallest: Smallest,
}

impl Cells {
    fn of(tables: &[&Table], shared: &[Sum], smallest: Smallest) -> Self {
        let (mut counts, mut margin, mut lines, mut starts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for table in tables {
            let (start, last_row, last_column) = (counts.len(), table.rows.len(), table.columns.len());
            let at = |row: usize, column: usize| start + row * (last_column + 1) + column;
            for row in 0..=last_row {
                let parts = (0..last_column).map(|column| at(row, column)).collect();
                lines.push(Line { parts, whole: at(row, last_column) });
            }
            for column in 0..=last_column {
                let parts = (0..last_row).map(|row| at(row, column)).collect();
                lines.push(Line { parts, whole: at(last_row, column) });
            }
            for (row, column) in (0..=last_row).flat_map(|row| (0..=last_column).map(move |column| (row, column))) {
                counts.push(table.at(row, column));
                margin.push(row == last_row || column == last_column);
            }
            starts.push((start, last_column + 1));
        }
        let place = |(table, row, column): CellIndex| starts[table].0 + row * starts[table].1 + column;
        lines.extend(
            shared
                .iter()
                .map(|link| Line { parts: link.parts.iter().copied().map(place).collect(), whole: place(link.whole) }),
        );
        let hidden = counts.iter().map(|count| smallest.is_small(*count)).collect();
        Self { counts, margin, hidden, lines, smallest }
    }

    /// Finds a sum in which more must be hidden: its whole is shown and its hidden parts add up to a small number, or
    /// one of its cells can be computed from the shown ones.
    fn tells(&self) -> Option<usize> {
        let few = self.lines.iter().position(|line| {
            let mut hidden = line.parts.iter().filter(|part| self.hidden[**part]).peekable();
            let any = hidden.peek().is_some();
            let together = hidden.map(|part| self.counts[*part]).sum();
            any && !self.hidden[line.whole] && self.smallest.is_small(together)
        });
        let shows = |line: &Line| line.cells().any(|cell| !self.hidden[cell]);
        let hides = |line: &Line| line.cells().filter(|cell| self.hidden[*cell]).count();
        few.or_else(|| self.lines.iter().position(|line| hides(line) == 1 && shows(line))).or_else(|| {
            let follows = self.follows()?;
            let lines = || self.lines.iter().enumerate().filter(|(_, line)| shows(line) && hides(line) > 0);
            let its_own = lines().filter(|(_, line)| line.cells().any(|cell| cell == follows));
            its_own.min_by_key(|(_, line)| hides(line)).or_else(|| lines().next()).map(|(at, _)| at)
        })
    }

    /// Hides one more cell of a sum. Sums and empty cells are taken only if nothing else is left. Cells whose other
    /// sums already hide something are preferred, since a cell hidden alone could be computed again.
    fn hide_more(&mut self, sum: usize) {
        let alone = |cell: usize| {
            let others = self.lines.iter().enumerate().filter(|(at, _)| *at != sum);
            let of_it = others.filter(|(_, line)| line.cells().any(|one| one == cell));
            of_it.filter(|(_, line)| !line.cells().any(|one| self.hidden[one])).count()
        };
        let cost = |cell: usize| (self.margin[cell], self.counts[cell] == 0, alone(cell), self.counts[cell]);
        let cell = self.lines[sum].cells().filter(|cell| !self.hidden[*cell]).min_by_key(|cell| cost(*cell));
        if let Some(cell) = cell {
            self.hidden[cell] = true;
        }
    }

    /// Finds a hidden cell that can be computed from the shown ones: after
    /// solving the sums for the hidden cells, it is alone in its equation.
    fn follows(&self) -> Option<usize> {
        let unknown: Vec<usize> = (0..self.hidden.len()).filter(|cell| self.hidden[*cell]).collect();
        let equation = |line: &Line| {
            let mut row = vec![0; unknown.len()];
            let mut add = |cell: &usize, factor: u64| {
                if let Ok(column) = unknown.binary_search(cell) {
                    row[column] = factor;
                }
            };
            line.parts.iter().for_each(|part| add(part, 1));
            add(&line.whole, PRIME - 1);
            row
        };
        let mut equations: Vec<Vec<u64>> = self.lines.iter().map(equation).collect();
        solve(&mut equations);
        let alone = |row: &Vec<u64>| {
            let mut factors = row.iter().enumerate().filter(|(_, factor)| **factor != 0);
            factors.next().filter(|_| factors.next().is_none()).map(|(column, _)| unknown[column])
        };
        equations.iter().find_map(alone)
    }
}

/// Equations are solved modulo this prime, because integers are exact where fractions would be rounded. All factors are
/// 1 or -1, and the system is far too small to reach a multiple of it.
const PRIME: u64 = (1 << 31) - 1;

/// Gauss-Jordan elimination modulo `PRIME`.
fn solve(equations: &mut [Vec<u64>]) {
    let columns = equations.first().map_or(0, Vec::len);
    let mut solved = 0;
    for column in 0..columns {
        let Some(pivot) = (solved..equations.len()).find(|row| equations[*row][column] != 0) else { continue };
        equations.swap(solved, pivot);
        let scale = inverse(equations[solved][column]);
        equations[solved].iter_mut().for_each(|factor| *factor = *factor * scale % PRIME);
        let from = equations[solved].clone();
        for (row, equation) in equations.iter_mut().enumerate() {
            let factor = PRIME - equation[column];
            if row != solved && factor != PRIME {
                equation.iter_mut().zip(&from).for_each(|(one, pivot)| *one = (*one + factor * pivot) % PRIME);
            }
        }
        solved += 1;
    }
}

/// The inverse modulo `PRIME` by Fermat's little theorem: the power `PRIME - 2`.
fn inverse(number: u64) -> u64 {
    let (mut result, mut base, mut power) = (1, number, PRIME - 2);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        power >>= 1;
    }
    result
}
