//! The check before erasure: the handling of a report must have ended, by another officer than the one who asks. It
//! relies on the log alone, not on the console's register.

use std::collections::BTreeSet;

use crypto::log::checkpoint::LogEntry;
use logbook::{EntryQuery, Logbook};
use model::{LetterDigest, StepCode};
use recorder_protocol::Refusal;

use crate::audit::anomalies::HANDLING;
use crate::refusals::not_recorded;

/// Steps of one report searched for the last decisive one.
const STEPS: i64 = 200;

/// Refuses letters of a report that is undecided, or was decided by `account`. Also refuses if the letters belong to
/// another number of reports than `count`.
pub(crate) fn check(logbook: &Logbook, account: &str, count: u32, letters: &[LetterDigest]) -> Result<(), Refusal> {
    let mut reports = BTreeSet::new();
    for letter in letters {
        let report = logbook.report_of(*letter).map_err(|error| not_recorded(&error))?;
        reports.insert(report.ok_or(Refusal::UnknownLetter)?);
    }
    for report in &reports {
        let which = EntryQuery {
            report: Some(u64::try_from(*report).unwrap_or(u64::MAX)),
            action: Some(HANDLING.to_owned()),
            ..EntryQuery::default()
        };
        let steps = logbook.entries(which, STEPS).map_err(|error| not_recorded(&error))?;
        // A step unknown to this version is decisive, and does not end the handling.
        let kind = |step: &LogEntry| StepCode::of_code(&step.subject);
        let last = steps.iter().find(|step| !kind(step).is_some_and(StepCode::is_beside));
        let decided =
            last.is_some_and(|step| kind(step).is_some_and(StepCode::ends_handling) && step.account != account);
        if !decided {
            return Err(Refusal::NotErasable);
        }
    }
    if reports.len() == count as usize { Ok(()) } else { Err(Refusal::NotUnderstood) }
}
