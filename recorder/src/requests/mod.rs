//! The requests and their answers. Every answer follows its durable entry; if the entry fails, nothing is permitted.

mod letters;
mod notices;
mod proofs;
mod records;

use std::path::Path;

use crypto::keys::note_text;
use crypto::keys::signature::Signed;
use jiff::{SignedDuration, Timestamp};
use logbook::{Accompanying, Logbook, NewEntry};
use opening::NoteSigningKey;
use recorder_protocol::{ASK_REFUSED, Ask, Granted, Receipt, Recordable, Refusal, Request, Response};

use crate::audit::append::append;
use crate::keys::letter_keys::LetterKeys;
use crate::keys::periods::Periods;
use crate::keys::signing;
use crate::refusals::not_recorded;

/// Largest difference between a request's time and the recorder's clock. It allows for two machines' clocks. A
/// captured request cannot be used later, and within this time its nonce is known.
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// The recorder: its keys and its log. It answers one request after the other on each connection.
pub struct Recorder {
    periods: Periods,
    letter_keys: LetterKeys,
    signing: NoteSigningKey<note_text::RecorderKey>,
    log_key: NoteSigningKey<note_text::LogKey>,
    logbook: Logbook,
}

impl Recorder {
    /// Opens a recorder's folder, with its migrated log. Fails if a key is missing or the log's schema is not this
    /// version's.
    pub fn open(folder: &Path, log: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self {
            periods: Periods::at(folder),
            letter_keys: LetterKeys::open(folder)?,
            signing: signing::signing(folder)?,
            log_key: signing::log(folder)?,
            logbook: Logbook::open(log)?,
        })
    }

    /// Answers a request; a request that fails gets [`Response::Refused`].
    #[must_use]
    pub fn answer(&self, request: Request) -> Response {
        // The log needs the exact time: an auditor must be able to order events.
        #[allow(clippy::disallowed_methods)]
        let now = Timestamp::now();
        let answered = match request {
            Request::Receive { letters, complete_on } => self.receive(&letters, complete_on, now),
            Request::Open { ask, letter } => {
                self.open_letter(&ask, &letter, now).inspect_err(|reason| self.note_refused(&ask, *reason, now))
            }
            Request::Record { of: Recordable::Asked { ask, named } } => {
                self.record(&ask, &named, now).inspect_err(|reason| self.note_refused(&ask, *reason, now))
            }
            Request::Record { of: Recordable::Told(notices) } => self.note(notices, now),
            Request::Checkpoint {} => self.checkpoint(),
            Request::Proof { of } => self.prove(of),
        };
        answered.unwrap_or_else(|reason| Response::Refused { reason })
    }

    /// Logs a refused request too: forged, repeated or late requests do not come from normal work. The account is
    /// named only if the roster has it.
    fn note_refused(&self, signed: &Signed, reason: Refusal, now: Timestamp) {
        if reason == Refusal::NotRecorded {
            return;
        }
        tracing::warn!(code = "request.refused", "request refused: {}", reason.code());
        let claimed = Ask::claimed(signed).ok().and_then(|ask| self.logbook.person(&ask.account).ok().flatten());
        let entry = NewEntry {
            at: now.to_string(),
            account: claimed.map(|person| person.account).unwrap_or_default(),
            action: ASK_REFUSED.to_owned(),
            subject: reason.code().to_owned(),
            ..NewEntry::default()
        };
        // Nothing was permitted; a failure of the log is reported by `append`.
        let _ = append(&self.logbook, entry, Accompanying::Nothing);
    }

    /// Verifies a request, in this order: the account is known and confirmed, its key signed, the time is right, the
    /// account has the role, and the role may do the action. Two checks follow when the entry is appended: the request
    /// was not recorded before, and its letter was received (`Logbook::append`).
    fn verified(&self, signed: &Signed, now: Timestamp) -> Result<(Ask, u32), Refusal> {
        let claimed = Ask::claimed(signed).map_err(|_| Refusal::NotUnderstood)?;
        let person = self.logbook.person(&claimed.account).map_err(|error| not_recorded(&error))?;
        let person = person.filter(|person| person.confirmed).ok_or(Refusal::UnknownKey)?;
        let ask = Ask::read(signed, &person.key).map_err(|_| Refusal::UnknownKey)?;
        if now.duration_since(ask.at).abs() > CLOCKS {
            return Err(Refusal::WrongTime);
        }
        if !person.roles.contains(&ask.role) || !ask.action.allowed(ask.role) {
            return Err(Refusal::NotAllowed);
        }
        Ok((ask, person.number))
    }

    fn recorded(&self, signed: &Signed, sequence: u64, granted: Granted) -> Result<Response, Refusal> {
        let receipt = Receipt { ask: signed.digest().into(), sequence };
        let receipt = receipt.sign(self.signing.signing_key()).map_err(|_| Refusal::NotUnderstood)?;
        Ok(Response::Recorded { receipt, granted })
    }
}
