//! The year's budget for rewards. Approvers see it to the fen beside the claim that they decide on. Finance sees
//! payments, and commitments by quarter and rounded: the exact amount of a single award would show which public fine it
//! follows from.

use casework::rewards::ClaimStage;
use model::{Day, Fen};
use recorder_protocol::{AnyAction, ReadPayments, Recorded, SetBudget};
use register::{LedgerFilter, StoredBudget};

use crate::actor::Actor;
use crate::audit::attested_register::{self, AttestedRegister};
use crate::audit::permissions::{Claims, Payments, Permits};
use crate::error::ConsoleError;
use crate::finance::payment_order::{payment, payment_entry};
use crate::rewards::claim_file::ClaimFile;

/// Claims read at most: those of some years.
const MOST: u32 = 10_000;
/// Step to which committed amounts are rounded for finance, in fen: 10,000 yuan.
const STEP: i64 = 1_000_000;
/// A quarter with fewer awards than this is added to the next one.
const FEWEST: usize = 3;

/// The budget of a year, to the fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetYear {
    /// The budget entered last; none if none was entered, or its record cannot be verified.
    pub budget: Option<Fen>,
    /// Sum of the year's payments that can be verified.
    pub paid: Fen,
    /// Sum of awards that were approved by the end of the year and are not paid.
    pub committed: Fen,
}

impl BudgetYear {
    /// Whether paying `more` would exceed the budget; false without a budget.
    #[must_use]
    pub fn is_over_with(&self, more: Fen) -> bool {
        let all = self.paid.0.saturating_add(self.committed.0).saturating_add(more.0);
        self.budget.is_some_and(|budget| all > budget.0)
    }
}

/// The budget of a year: the newest line, if the recorder has signed it.
fn entered(attested: &AttestedRegister, year: u16) -> Result<Option<Fen>, ConsoleError> {
    let Some(line) = attested.register.budgets(year)?.pop() else { return Ok(None) };
    match attested.attested(&line.attested).map(|ask| ask.action) {
        Ok(AnyAction::SetBudget(action)) if action.year == year && action.amount == line.amount => {
            Ok(Some(Fen(line.amount)))
        }
        // A damaged line must not block approvals; the pages then show no budget.
        _ => {
            tracing::error!(code = "budget.unverifiable", "budget of {year} is not as it was recorded");
            Ok(None)
        }
    }
}

/// Sum of a year's payments.
fn paid(permit: &impl Permits<Payments>, attested: &AttestedRegister, year: u16) -> Result<Fen, ConsoleError> {
    let (first, last) = Day::bounds_of_year(year).ok_or(ConsoleError::NotUnderstood)?;
    let mut sum = Fen(0);
    for stored in attested.register.payments(first, last)? {
        match payment(permit, attested, &stored) {
            Ok(paid) => sum = sum.plus(paid.amount).map_err(ConsoleError::inside)?,
            // A damaged payment must not block approvals.
            Err(error) => tracing::error!(
                code = "payment.not-counted",
                "payment {} not counted: {}",
                stored.receipt,
                program::chain(&error)
            ),
        }
    }
    Ok(sum)
}

/// The budget of a year to the fen, for approvers.
pub(crate) fn year<P: Permits<Claims> + Permits<Payments>>(
    permit: &P,
    attested: &AttestedRegister,
    year: u16,
) -> Result<BudgetYear, ConsoleError> {
    let outstanding = outstanding(permit, attested)?.into_iter().filter(|(on, _)| on.year() <= year);
    let committed = outstanding.fold(0_i64, |sum, (_, amount)| sum.saturating_add(amount.0));
    Ok(BudgetYear { budget: entered(attested, year)?, paid: paid(permit, attested, year)?, committed: Fen(committed) })
}

/// Awards that are approved and not paid, each with the day of its approval.
fn outstanding<P: Permits<Claims> + Permits<Payments>>(
    permit: &P,
    attested: &AttestedRegister,
) -> Result<Vec<(Day, Fen)>, ConsoleError> {
    let mut open = Vec::new();
    for file in claims(permit, attested)? {
        let given_up = matches!(file.now.state, ClaimStage::Lapsed | ClaimStage::Refused | ClaimStage::Waived);
        let Some((_, on)) = file.now.granted.as_ref().filter(|_| !given_up) else { continue };
        // Finance may have paid since deadlines were last applied to the claim.
        let paid = file.now.order.as_ref().map(|drawn| payment_entry(permit, attested, &drawn.order)).transpose()?;
        let amount = file.now.outstanding();
        if paid.flatten().is_none() && amount > Fen(0) {
            open.push((*on, amount));
        }
    }
    Ok(open)
}

/// All claims that can be read.
fn claims(permit: &impl Permits<Claims>, attested: &AttestedRegister) -> Result<Vec<ClaimFile>, ConsoleError> {
    let filter = LedgerFilter { unit: None, states: Vec::new(), oldest_first: true };
    Ok(attested.claims(permit, &filter, MOST)?.files)
}

/// The budget of a year, as finance sees it.
pub struct FinanceYear {
    /// The budget entered last; none if none was entered, or its record cannot be verified.
    pub budget: Option<Fen>,
    /// Sum of the year's payments that can be verified.
    pub paid: Fen,
    /// Amounts committed by the awards of each quarter, rounded.
    pub committed: [CommittedAmount; 4],
    /// All budget lines that were entered for the year, oldest first.
    pub lines: Vec<StoredBudget>,
}

/// Reads a year's budget for finance, which is recorded.
pub fn read_year(actor: &Actor, year: u16) -> Result<FinanceYear, ConsoleError> {
    let (from, until) = Day::bounds_of_year(year).ok_or(ConsoleError::NotUnderstood)?;
    for_finance(actor.record(ReadPayments { from, until })?, actor, year)
}

fn for_finance(recorded: Recorded<ReadPayments>, actor: &Actor, year: u16) -> Result<FinanceYear, ConsoleError> {
    let attested = actor.attested();
    Ok(FinanceYear {
        budget: entered(attested, year)?,
        paid: paid(&recorded, attested, year)?,
        committed: by_quarter(&recorded, attested, year, actor.today)?,
        lines: attested.register.budgets(year)?,
    })
}

/// Enters a year's budget, in fen, which is recorded.
pub fn set_budget(actor: &Actor, year: u16, amount: Fen) -> Result<(), ConsoleError> {
    keep(actor.record(SetBudget { year, amount: amount.0 })?, actor)
}

fn keep(recorded: Recorded<SetBudget>, actor: &Actor) -> Result<(), ConsoleError> {
    let (action, attested) = recorded.attested();
    Ok(actor.register().set_budget(StoredBudget {
        year: action.year,
        amount: action.amount,
        entered_on: actor.today.to_string(),
        account: actor.account().to_owned(),
        attested: attested_register::written(&attested)?,
    })?)
}

/// Amount committed in a quarter, as finance sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommittedAmount {
    /// The quarter is not over.
    Running,
    /// The quarter has too few awards; they are added to the next one.
    Few,
    /// The sum with awards held back from earlier quarters, rounded up to 10,000 yuan.
    About(Fen),
}

/// Amounts committed by the awards of each quarter. Awards that were paid or lapsed since are included, since otherwise
/// the difference between two readings would reveal an award.
fn by_quarter(
    permit: &impl Permits<Claims>,
    attested: &AttestedRegister,
    year: u16,
    today: Day,
) -> Result<[CommittedAmount; 4], ConsoleError> {
    let granted = claims(permit, attested)?.into_iter().filter_map(|file| file.now.granted);
    let awarded: Vec<_> = granted.map(|(granted, on)| (on, Fen(granted.award.due_fen))).collect();
    Ok(rounded(&awarded, year, today))
}

fn rounded(open: &[(Day, Fen)], year: u16, today: Day) -> [CommittedAmount; 4] {
    let mut told = [CommittedAmount::Running; 4];
    let mut held: Vec<Fen> = Vec::new();
    for (quarter, place) in (1_u8..).zip(told.iter_mut()) {
        if (today.year(), today.quarter()) <= (year, quarter) {
            break;
        }
        let here = open.iter().filter(|(on, _)| (on.year(), on.quarter()) == (year, quarter));
        held.extend(here.map(|(_, amount)| *amount));
        *place = if held.is_empty() {
            CommittedAmount::About(Fen(0))
        } else if held.len() < FEWEST {
            CommittedAmount::Few
        } else {
            let sum = held.drain(..).fold(0_i64, |sum, amount| sum.saturating_add(amount.0));
            CommittedAmount::About(Fen(sum.saturating_add(STEP - 1) / STEP * STEP))
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
        let about = |yuan: i64| CommittedAmount::About(Fen(yuan * 100));
        let told = rounded(&open, 2026, today);
        // The one award of the second quarter is counted with the two of the third.
        assert_eq!(told, [about(80_000), CommittedAmount::Few, about(70_000), CommittedAmount::Running]);
        assert_eq!(rounded(&open, 2025, today), [about(0); 4]);
        assert_eq!(rounded(&open, 2027, today), [CommittedAmount::Running; 4]);
    }

    #[test]
    fn more_than_there_is_is_noticed() {
        let year = BudgetYear { budget: Some(Fen(100)), paid: Fen(50), committed: Fen(30) };
        assert!(!year.is_over_with(Fen(20)) && year.is_over_with(Fen(21)));
        assert!(!BudgetYear { budget: None, ..year }.is_over_with(Fen(1000)), "nothing was entered");
    }
}
