//! What may be erased: reports whose handling has ended, by another officer than the one who asks.
//! The log itself says so; what the console's register says is not asked.

use std::collections::BTreeSet;

use crypto::mailbox::LetterDigest;
use logbook::{Logbook, Which};
use recording::Refusal;

use crate::answer::not_recorded;
use crate::unusual::HANDLING;

/// Steps that end the handling of a report.
const ENDING: &[&str] = &["not-ours", "known", "joined", "not-effective", "not-confirmed", "minor", "proposed"];
/// Steps that judge nothing: whoever takes one after the end neither opens it again nor decides it.
const BESIDE: &[&str] = &["entered", "vouched", "given", "merged", "parted"];
/// Steps of one report that are looked through for the last that judges.
const STEPS: i64 = 200;

/// Refuses letters of a report that is not decided, or was by `account`; or of another number of
/// reports than is said.
pub(crate) fn check(logbook: &Logbook, account: &str, count: u32, letters: &[LetterDigest]) -> Result<(), Refusal> {
    let mut reports = BTreeSet::new();
    for letter in letters {
        let report = logbook.report_of(*letter).map_err(|error| not_recorded(&error))?;
        reports.insert(report.ok_or(Refusal::UnknownLetter)?);
    }
    for report in &reports {
        let which = Which { report: Some(*report), action: Some(HANDLING.to_owned()), ..Which::default() };
        let steps = logbook.entries(which, STEPS).map_err(|error| not_recorded(&error))?;
        let last = steps.iter().find(|step| !BESIDE.contains(&step.subject.as_str()));
        let decided = last.is_some_and(|step| ENDING.contains(&step.subject.as_str()) && step.account != account);
        if !decided {
            return Err(Refusal::NotErasable);
        }
    }
    if reports.len() == count as usize { Ok(()) } else { Err(Refusal::NotUnderstood) }
}
