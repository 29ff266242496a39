//! A second officer's look at a drafted sheet, where the reporter is an insider.

use casework::reports::{HandlingStep, ReportStage};

use crate::actor::Actor;
use crate::cases::cross_sheet::{CrossingOutcome, cross, take};
use crate::cases::fact_sheet_queue::WaitingSheet;
use crate::cases::reported_text::reported_text;
use crate::error::ConsoleError;
use crate::reports::handling::read_handling;

/// What a second officer makes of a drafted sheet.
pub enum Verdict {
    /// It may cross; whether what it repeats was looked at.
    Cross {
        /// Whether it was.
        looked: bool,
    },
    /// Another one is asked for.
    SendBack {
        /// What shines through.
        note: String,
    },
}

/// A second officer's look at a drafted sheet.
pub struct SheetReview {
    /// The report.
    pub report: u64,
    /// How many steps of it were seen.
    pub expected_version: u64,
    /// What the officer makes of it.
    pub verdict: Verdict,
}

/// A second officer lets a drafted sheet cross or sends it back.
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
    // Without a draft there is nothing that this step could let across.
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
