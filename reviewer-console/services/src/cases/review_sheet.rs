//! A second officer's review of a drafted sheet, required if the reporter is an insider.

use casework::reports::{HandlingStep, ReportStage};

use crate::actor::Actor;
use crate::cases::cross_sheet::{CrossingOutcome, cross, take};
use crate::cases::fact_sheet_queue::WaitingSheet;
use crate::cases::reported_text::reported_text;
use crate::error::ConsoleError;
use crate::reports::handling::read_handling;

/// A second officer's decision on a drafted sheet.
pub enum Verdict {
    /// The sheet may cross.
    Cross {
        /// Whether the officer has confirmed looking at what the sheet repeats.
        looked: bool,
    },
    /// The sheet goes back, and another one is asked for.
    SendBack {
        /// What the sheet reveals of the report, for its author.
        note: String,
    },
}

/// Request to review a drafted sheet.
pub struct SheetReview {
    /// Number of the report.
    pub report: u64,
    /// How many handling steps the officer has seen; any other number is a conflict.
    pub expected_version: u64,
    /// The second officer's decision.
    pub verdict: Verdict,
}

/// Lets a drafted sheet cross or sends it back. The rules refuse letting one's own draft cross.
pub fn review_sheet(actor: &Actor, review: SheetReview) -> Result<CrossingOutcome, ConsoleError> {
    let handling = read_handling(actor, review.report)?;
    let crosses = match review.verdict {
        Verdict::Cross { looked } => {
            if let Err(not) = reported_text(&actor.session, &handling) {
                return Ok(CrossingOutcome::NotComparable(not));
            }
            if !looked {
                return Ok(CrossingOutcome::NotLooked);
            }
            None
        }
        Verdict::SendBack { note } => Some(note),
    };
    // Without a draft there is no sheet to cross or to send back.
    if handling.handled.version() != review.expected_version || handling.handled.now.stage != ReportStage::Drafted {
        return Ok(CrossingOutcome::Conflict);
    }
    let step = crosses.map_or(HandlingStep::Crossed {}, |note| HandlingStep::Redraft { note });
    let (sends_back, entered) = (matches!(step, HandlingStep::Redraft { .. }), actor.enter(step));
    if let Err(refused) = handling.handled.now.clone().apply(&entered) {
        return Ok(CrossingOutcome::Refused(refused));
    }
    match handling.handled.now.draft.clone().filter(|_| !sends_back) {
        Some((sheet, urgent, _)) => {
            let waiting = WaitingSheet { sheet, urgent, report: Some(review.report), on: actor.today };
            cross(actor, Some((&handling, &entered)), waiting)
        }
        None => take(actor, &handling, &entered, CrossingOutcome::SentBack),
    }
}
