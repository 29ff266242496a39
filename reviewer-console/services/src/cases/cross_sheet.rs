//! Crossing the wall: a fact sheet leaves a report for the case side. It is compared with everything that the report
//! and those joined to it say; an insider's sheet needs a second officer. Cases from inspections begin in the same way,
//! so that a case does not reveal that somebody reported.

use casework::cases::FactSheet;
use casework::reports::{HandlingRefusal, HandlingStep};
use casework::signed_entry::SignedEntry;
use register::Transaction;

use crate::actor::Actor;
use crate::cases::fact_sheet_queue::{WaitingSheet, WhichSheets, queue, release_in_turn};
use crate::cases::reported_text::{NotComparable, reported_text};
use crate::error::ConsoleError;
use crate::reports::handling::{ReportHandling, read_handling};

/// The report that a sheet comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetReport {
    /// Number of the report.
    pub number: u64,
    /// How many handling steps the officer has seen; any other number is a conflict.
    pub expected_version: u64,
    /// Whether the officer has confirmed looking at what the sheet repeats.
    pub looked: bool,
}

/// Request to let a fact sheet cross.
pub struct SheetCrossing {
    /// The report that it comes from; none for an inspection.
    pub report: Option<SheetReport>,
    /// The fact sheet, in the officer's own words.
    pub sheet: FactSheet,
    /// Whether it becomes a case at once, not on the next case day.
    pub urgent: bool,
}

/// Outcome of [`cross_sheet`], and of reviewing a drafted sheet.
#[derive(Debug, PartialEq, Eq)]
pub enum CrossingOutcome {
    /// The sheet has crossed and waits to become a case.
    Waits,
    /// An urgent sheet has become a case: numbers of all cases that were opened with it.
    Opened(Vec<u64>),
    /// The sheet is drafted and waits for a second officer.
    Drafted,
    /// The second officer asks for another sheet.
    SentBack,
    /// Somebody else took a step in the meantime, or the step is out of order.
    Conflict,
    /// The sheet could not be compared with what was reported.
    NotComparable(NotComparable),
    /// Nobody has confirmed looking at what the sheet repeats.
    NotLooked,
    /// The rules refuse the step.
    Refused(HandlingRefusal),
}

/// Lets a sheet cross, or drafts it if the reporter is an insider. The step of the report and the waiting sheet are
/// stored together or not at all.
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

/// Stores a step that lets no sheet cross.
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

/// Stores a sheet, and with it the step of its report if there is one: both or neither.
pub(crate) fn cross(
    actor: &Actor,
    step: Option<(&ReportHandling, &SignedEntry<HandlingStep>)>,
    waiting: WaitingSheet,
) -> Result<CrossingOutcome, ConsoleError> {
    let mut together = Transaction::default();
    if let Some((handling, entered)) = step {
        together.steps.push(handling.next_step(actor, entered)?);
    }
    let turn = actor.resources.sheet_turn();
    together.sheet = Some(queue(actor, &waiting)?);
    if actor.register().take_step(together)?.is_err() {
        return Ok(CrossingOutcome::Conflict);
    }
    if !waiting.urgent {
        return Ok(CrossingOutcome::Waits);
    }
    // The sheet has crossed and is durable. If its case cannot be opened now, the next release opens it.
    Ok(match release_in_turn(actor, &turn, WhichSheets::Urgent) {
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
