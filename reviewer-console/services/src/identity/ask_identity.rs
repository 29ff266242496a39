//! Asking the custodian to open the identity envelope of a report.

use casework::reports::Naming;
use crypto::letters::letter::Body;
use crypto::sealing::identity_envelope::SealedIdentity;
use model::{LetterDigest, Purpose};
use register::StoredReport;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::identity::request::{IdentityQuestion, Reason, ask};
use crate::reports::open_letter::{LetterOpened, open_letter};

/// Request to open the identity envelope of a report.
pub struct IdentityRequest {
    /// Number of the report.
    pub report: u64,
    /// Reason for opening the envelope.
    pub reason: Reason,
    /// Number of the document that demands it; empty if there is none.
    pub document: String,
}

/// Outcome of [`ask_identity`]: sent, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityRequestOutcome {
    /// The request is stored and durable. It is shown to the reporter.
    Done,
    /// According to the report its envelope is empty.
    Anonymous,
    /// The report's first letter is erased or cannot be opened.
    Gone,
}

/// Sends a request to the custodian. Records it, and also opening the letter that contains the envelope.
pub fn ask_identity(actor: &Actor, request: IdentityRequest) -> Result<IdentityRequestOutcome, ConsoleError> {
    let IdentityRequest { report, reason, document } = request;
    let report = actor.register().report(report)?.ok_or(ConsoleError::NotFound)?;
    let Some((letter, envelope)) = envelope(actor, &report)? else { return Ok(IdentityRequestOutcome::Gone) };
    let Some(envelope) = envelope else { return Ok(IdentityRequestOutcome::Anonymous) };
    let question = IdentityQuestion { mailbox: report.mailbox, letter, reason, document, order: None };
    actor.register().ask_identity(ask(actor, question, &envelope)?)?;
    Ok(IdentityRequestOutcome::Done)
}

/// The envelope of a report, from its first letter, which is opened for this. Outer none: the letter is erased or
/// cannot be opened. Inner none: the report gives no name.
fn envelope(
    actor: &Actor,
    report: &StoredReport,
) -> Result<Option<(LetterDigest, Option<SealedIdentity>)>, ConsoleError> {
    let Some(stored) = report.letters.first().filter(|letter| letter.kept) else { return Ok(None) };
    let opened = open_letter(actor, &mut actor.connect()?, report, stored, Purpose::AskIdentity)?;
    let LetterOpened::Letter(letter) = opened else { return Ok(None) };
    let named = matches!(&letter.body, Body::Report(fields) if fields.naming == Naming::RealName.code());
    Ok(Some((stored.digest, letter.identity.filter(|_| named))))
}
