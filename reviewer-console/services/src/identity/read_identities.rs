//! Identities that the custodian has opened, for the post.

use crypto::letters::mailbox::MailboxId;
use crypto::sealing::identity_envelope::Identity;
use model::Digest;
use recorder_protocol::{AnyAction, HandIdentity, ReadIdentity, Recorded};
use register::StoredIdentityRequest;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::identity::request::{Reason, asked};
use crate::sealed_record;

/// Content of an envelope that the custodian has opened.
pub enum OpenedIdentity {
    /// The reporter's name, and how to reach them.
    Named(Identity),
    /// The envelope was empty.
    Nobody,
}

/// A request about a report, and its answer.
pub struct ReportIdentity {
    /// The request as stored in the register.
    pub stored: StoredIdentityRequest,
    /// Reason for opening the envelope.
    pub reason: Reason,
    /// The opened identity; none if none was handed to the post.
    pub answer: Option<OpenedIdentity>,
}

/// Reads the requests about a report. Reading an opened identity is recorded first.
pub fn identities_of_report(actor: &Actor, number: u64) -> Result<Vec<ReportIdentity>, ConsoleError> {
    let report = actor.register().report(number)?.ok_or(ConsoleError::NotFound)?;
    let letters: Vec<String> = report.letters.iter().map(|letter| letter.digest.to_hex()).collect();
    let mut shown = Vec::new();
    for stored in actor.register().identity_requests_of(&letters)? {
        let (reason, request) = match asked(actor.attested(), &stored) {
            Ok(asked) => asked,
            // A damaged request must not hide the others.
            Err(error) => {
                tracing::error!(
                    code = "identity.unreadable",
                    "identity request {} unreadable: {}",
                    stored.number,
                    program::chain(&error)
                );
                continue;
            }
        };
        let answer = match sealed_answer(actor, &stored, request)? {
            Some(sealed) => {
                let letter = stored.asked.letter.parse().map_err(ConsoleError::inside)?;
                Some(in_clear(actor.record(ReadIdentity { letter, request })?, actor, &sealed, &report.mailbox)?)
            }
            None => None,
        };
        shown.push(ReportIdentity { stored, reason, answer });
    }
    Ok(shown)
}

/// The sealed answer to a request; `Unsound` unless the recorder has signed that the custodian handed over this very
/// answer.
fn sealed_answer(
    actor: &Actor,
    stored: &StoredIdentityRequest,
    request: Digest,
) -> Result<Option<Vec<u8>>, ConsoleError> {
    let Some((answered, sealed)) = stored.answered.as_ref().and_then(|one| Some((one, one.sealed.clone()?))) else {
        return Ok(None);
    };
    let on = answered.on.parse().map_err(|_| ConsoleError::Unsound)?;
    let recorded = actor.attested().recorded(&answered.attested, &answered.by, on)?;
    let handed = AnyAction::HandIdentity(HandIdentity { request, digest: Digest::of(&sealed) });
    if recorded == handed { Ok(Some(sealed)) } else { Err(ConsoleError::Unsound) }
}

fn in_clear(
    recorded: Recorded<ReadIdentity>,
    actor: &Actor,
    sealed: &[u8],
    mailbox: &MailboxId,
) -> Result<OpenedIdentity, ConsoleError> {
    let ReadIdentity { .. } = recorded.into_action();
    let (of, identity): (MailboxId, Option<Identity>) = sealed_record::open(actor.post_keys()?, sealed)?;
    if of != *mailbox {
        return Err(ConsoleError::Unsound);
    }
    Ok(identity.map_or(OpenedIdentity::Nobody, OpenedIdentity::Named))
}
