//! Crossing: a fact sheet leaves a report for the case side. It is held against everything that the report and those
//! joined to it say; an insider's needs a second officer. Cases from inspections begin the same way, so that a case does
//! not tell that somebody reported.

use casework::cases::FactSheet;
use casework::reports::{HandlingRefusal, HandlingStep};
use casework::signed_entry::SignedEntry;
use register::Transaction;

use crate::actor::Actor;
use crate::cases::fact_sheet_queue::{WaitingSheet, WhichSheets, queue, release_sheets};
use crate::cases::reported_text::{NotComparable, reported_text};
use crate::error::ConsoleError;
use crate::reports::handling::{ReportHandling, read_handling};

/// The report that a sheet comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetReport {
    /// Its number.
    pub number: u64,
    /// How many steps of it were seen.
    pub expected_version: u64,
    /// Whether somebody has looked at what the sheet repeats.
    pub looked: bool,
}

/// A sheet that is to cross.
pub struct SheetCrossing {
    /// The report that it comes from; none for an inspection.
    pub report: Option<SheetReport>,
    /// The sheet.
    pub sheet: FactSheet,
    /// Whether it becomes a case at once.
    pub urgent: bool,
}

/// How crossing ended.
#[derive(Debug, PartialEq, Eq)]
pub enum CrossingOutcome {
    /// It waits for its day.
    Waits,
    /// It is a case now: an urgent one.
    Opened(Vec<u64>),
    /// It waits for another officer.
    Drafted,
    /// Another officer asks for another sheet.
    SentBack,
    /// Somebody else took a step meanwhile.
    Conflict,
    /// It could not be held against what was reported.
    NotComparable(NotComparable),
    /// Nobody has looked at what it repeats.
    NotLooked,
    /// The rules refuse it.
    Refused(HandlingRefusal),
}

/// Lets a sheet cross, or drafts it where the reporter is an insider: the report is confirmed and its sheet waits, both
/// or neither.
pub fn cross_sheet(actor: &Actor, crossing: SheetCrossing) -> Result<CrossingOutcome, ConsoleError> {
    let SheetCrossing { report, sheet, urgent } = crossing;
    let Some(SheetReport { number, expected_version, looked }) = report else {
        return cross(actor, None, WaitingSheet { sheet, urgent, report: None, on: actor.today });
    };
    let handling = read_handling(actor, number)?;
    let is_insider = match reported_text(&actor.session, &handling) {
        Ok(text) => text.is_insider,
        Err(not) => return Ok(CrossingOutcome::NotComparable(not)),
    };
    if !looked {
        return Ok(CrossingOutcome::NotLooked);
    }
    if is_insider {
        let drafted = actor.enter(HandlingStep::Drafted { sheet, urgent });
        if handling.handled.version() != expected_version || !handling.allows(&drafted) {
            return Ok(CrossingOutcome::Conflict);
        }
        return take(actor, &handling, &drafted, CrossingOutcome::Drafted);
    }
    let crossed = actor.enter(HandlingStep::Crossed {});
    if handling.handled.version() != expected_version || !handling.allows(&crossed) {
        return Ok(CrossingOutcome::Conflict);
    }
    let waiting = WaitingSheet { sheet, urgent, report: Some(number), on: actor.today };
    cross(actor, Some((&handling, &crossed)), waiting)
}

/// Keeps a step that lets no sheet across.
pub(crate) fn take(
    actor: &Actor,
    handling: &ReportHandling,
    entered: &SignedEntry<HandlingStep>,
    outcome: CrossingOutcome,
) -> Result<CrossingOutcome, ConsoleError> {
    let steps = vec![handling.next_step(actor, entered)?];
    let kept = actor.register().take_step(Transaction { steps, ..Transaction::default() })?;
    Ok(if kept.is_ok() { outcome } else { CrossingOutcome::Conflict })
}

/// Keeps a sheet, and with it the step of its report if there is one: both or neither.
pub(crate) fn cross(
    actor: &Actor,
    step: Option<(&ReportHandling, &SignedEntry<HandlingStep>)>,
    waiting: WaitingSheet,
) -> Result<CrossingOutcome, ConsoleError> {
    let mut together = Transaction::default();
    if let Some((handling, entered)) = step {
        together.steps.push(handling.next_step(actor, entered)?);
    }
    together.sheet = Some(queue(actor, &waiting)?);
    if actor.register().take_step(together)?.is_err() {
        return Ok(CrossingOutcome::Conflict);
    }
    if !waiting.urgent {
        return Ok(CrossingOutcome::Waits);
    }
    // It has crossed and is durable; if its case cannot be opened now, it goes with the next.
    Ok(match release_sheets(actor, WhichSheets::Urgent) {
        Ok(opened) => opened.map_or(CrossingOutcome::Waits, CrossingOutcome::Opened),
        Err(error) => {
            tracing::error!(
                code = "sheet.urgent-waiting",
                "urgent fact sheet not opened as a case yet: {}",
                program::chain(&error)
            );
            CrossingOutcome::Waits
        }
    })
}
