//! Notices that the console sends by itself. They permit nothing.

use jiff::{SignedDuration, Timestamp};
use logbook::{Accompanying, NewEntry};
use recorder_protocol::{Notice, Refusal, Response, TimedNotice};

use super::Recorder;
use crate::audit::append::append;

/// A notice that is later than this is logged with the time at which it happened.
const LATE: SignedDuration = SignedDuration::from_mins(1);

impl Recorder {
    /// Records notices. Each has an id, so that a repeated one is one entry. A notice about a letter that this log
    /// does not know is recorded without a report.
    pub(super) fn note(&self, notices: Vec<TimedNotice>, now: Timestamp) -> Result<Response, Refusal> {
        for TimedNotice { id, at, notice } in notices {
            let letter = match &notice {
                Notice::Unreadable { letter } => Some(*letter),
                _ => None,
            };
            let late = now.duration_since(at).abs() > LATE;
            let entry = NewEntry {
                at: now.to_string(),
                account: notice.account().unwrap_or_default().to_owned(),
                action: notice.code().to_owned(),
                subject: match &notice {
                    Notice::ErasureDue { reports } => reports.to_string(),
                    Notice::Bundle { direction, number, made_on, digest } => {
                        format!("{direction} {number} {made_on} {}", digest.to_hex())
                    }
                    _ if late => at.to_string(),
                    _ => String::new(),
                },
                letter,
                nonce: Some(id),
                ..NewEntry::default()
            };
            let told = match append(&self.logbook, entry.clone(), Accompanying::Nothing) {
                Err(Refusal::UnknownLetter) => {
                    append(&self.logbook, NewEntry { letter: None, ..entry }, Accompanying::Nothing)
                }
                told => told,
            };
            match told {
                Ok(_) | Err(Refusal::Replayed) => {}
                Err(reason) => return Err(reason),
            }
        }
        Ok(Response::Noted {})
    }
}
