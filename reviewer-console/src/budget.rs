//! The year's budget for rewards. Approvers see what it comes to with the claim before them. Finance sees
//! what was paid, and what is committed by quarter and rounded: a single award, known to the fen, would
//! show which public fine it follows from.

use model::{Day, Fen};
use recorder_protocol::Act;
use register::{Dossiers, Filter};

use crate::books::Books;
use crate::claims::ClaimFile;
use crate::dossiers::readable;
use crate::fault::Fault;
use crate::orders;

/// Claims of some years.
const MOST: u32 = 10_000;
/// Committed amounts are told to finance in steps of so many fen: 10,000 yuan.
const STEP: i64 = 1_000_000;
/// Fewer awards than this in a quarter are told with the next one.
const FEWEST: usize = 3;

/// A year, to the fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Year {
    /// What was entered as the budget; none when nothing was.
    pub(crate) budget: Option<Fen>,
    /// What was paid.
    pub(crate) paid: Fen,
    /// What was awarded and is not paid.
    pub(crate) committed: Fen,
}

impl Year {
    /// Whether `more` would be more than there is.
    pub(crate) fn is_over_with(&self, more: Fen) -> bool {
        let all = self.paid.0.saturating_add(self.committed.0).saturating_add(more.0);
        self.budget.is_some_and(|budget| all > budget.0)
    }
}

/// The budget of a year: the newest line that was recorded.
pub(crate) fn entered(books: &Books, year: u16) -> Result<Option<Fen>, Fault> {
    let Some(line) = books.register.budgets(year)?.pop() else { return Ok(None) };
    match books.attested(&line.attested).map(|ask| ask.act) {
        Ok(Act::SetBudget(deed)) if deed.year == year && deed.amount == line.amount => Ok(Some(Fen(line.amount))),
        // It must not keep awards from being approved; the pages say that nothing was entered.
        _ => {
            tracing::error!("the budget of {year} is not as it was recorded");
            Ok(None)
        }
    }
}

/// What was paid in a year.
pub(crate) fn paid(books: &Books, year: u16) -> Result<Fen, Fault> {
    let (first, last) = orders::year_of(year)?;
    let mut sum = Fen(0);
    for stored in books.register.payments(first, last)? {
        match orders::payment(books, &stored) {
            Ok(paid) => sum = sum.plus(paid.amount).map_err(Fault::inside)?,
            // One that is damaged must not keep all others from being approved.
            Err(error) => tracing::error!("the payment {} is not counted: {}", stored.receipt, program::chain(&error)),
        }
    }
    Ok(sum)
}

/// A year to the fen, for approvers.
pub(crate) fn year(books: &Books, year: u16) -> Result<Year, Fault> {
    let outstanding = outstanding(books)?.into_iter().filter(|(on, _)| on.year() <= year);
    let committed = outstanding.fold(0_i64, |sum, (_, amount)| sum.saturating_add(amount.0));
    Ok(Year { budget: entered(books, year)?, paid: paid(books, year)?, committed: Fen(committed) })
}

/// What was awarded and is not paid, each with the day of its approval.
fn outstanding(books: &Books) -> Result<Vec<(Day, Fen)>, Fault> {
    let mut open = Vec::new();
    for file in claims(books)? {
        let given_up = matches!(file.now.state.code(), "lapsed" | "refused" | "waived");
        let Some((_, on)) = file.now.granted.as_ref().filter(|_| !given_up) else { continue };
        // Finance may have paid since the claim was looked after.
        let paid = file.now.drawn.as_ref().map(|drawn| orders::payment_of(books, &drawn.order)).transpose()?;
        let amount = file.now.outstanding();
        if paid.flatten().is_none() && amount > Fen(0) {
            open.push((*on, amount));
        }
    }
    Ok(open)
}

/// All claims that can be read.
fn claims(books: &Books) -> Result<Vec<ClaimFile>, Fault> {
    let filter = Filter { unit: None, states: Vec::new(), oldest_first: true };
    let (found, _) = books.register.dossiers(Dossiers::Claims, &filter, 0, MOST)?;
    Ok(readable(found, |one| books.claim_of(one)).files)
}

/// What finance is told of a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Committed {
    /// It is not over.
    Running,
    /// Too few awards: they are told with the next quarter.
    Few,
    /// Rounded up to [`STEP`].
    About(Fen),
}

/// What was committed by the awards of each quarter, for finance: also what was paid or lapsed since, or the
/// difference from one look to the next would show an award.
pub(crate) fn by_quarter(books: &Books, year: u16, today: Day) -> Result<[Committed; 4], Fault> {
    let granted = claims(books)?.into_iter().filter_map(|file| file.now.granted);
    let awarded: Vec<_> = granted.map(|(granted, on)| (on, Fen(granted.award.due_fen))).collect();
    Ok(rounded(&awarded, year, today))
}

fn rounded(open: &[(Day, Fen)], year: u16, today: Day) -> [Committed; 4] {
    let mut told = [Committed::Running; 4];
    let mut held: Vec<Fen> = Vec::new();
    for (quarter, place) in (1_u8..).zip(told.iter_mut()) {
        if (today.year(), today.quarter()) <= (year, quarter) {
            break;
        }
        let here = open.iter().filter(|(on, _)| (on.year(), on.quarter()) == (year, quarter));
        held.extend(here.map(|(_, amount)| *amount));
        *place = if held.is_empty() {
            Committed::About(Fen(0))
        } else if held.len() < FEWEST {
            Committed::Few
        } else {
            let sum = held.drain(..).fold(0_i64, |sum, amount| sum.saturating_add(amount.0));
            Committed::About(Fen(sum.saturating_add(STEP - 1) / STEP * STEP))
        };
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str, yuan: i64) -> (Day, Fen) {
        (day.parse().expect("a day"), Fen(yuan * 100))
    }

    #[test]
    fn finance_is_told_by_quarter_and_rounded() {
        let open = [
            on("2026-01-05", 12_345),
            on("2026-02-05", 1),
            on("2026-03-05", 60_000),
            on("2026-05-05", 61_728),
            on("2026-08-05", 100),
            on("2026-09-05", 200),
            on("2026-11-05", 300),
        ];
        let today = "2026-11-25".parse().expect("a day");
        let about = |yuan: i64| Committed::About(Fen(yuan * 100));
        let told = rounded(&open, 2026, today);
        // The one award of the second quarter is told with the two of the third.
        assert_eq!(told, [about(80_000), Committed::Few, about(70_000), Committed::Running]);
        assert_eq!(rounded(&open, 2025, today), [about(0); 4]);
        assert_eq!(rounded(&open, 2027, today), [Committed::Running; 4]);
    }

    #[test]
    fn more_than_there_is_is_noticed() {
        let year = Year { budget: Some(Fen(100)), paid: Fen(50), committed: Fen(30) };
        assert!(!year.is_over_with(Fen(20)) && year.is_over_with(Fen(21)));
        assert!(!Year { budget: None, ..year }.is_over_with(Fen(1000)), "nothing was entered");
    }
}
