//! Requests to the custodian, in the form that their digests cover.

use crypto::letters::mailbox::MailboxId;
use crypto::sealing::identity_envelope::SealedIdentity;
use crypto::sealing::recipient::HybridRecipient;
use model::{Digest, LetterDigest};
use opening::HybridIdentity;
use recorder_protocol::{AnyAction, AskIdentity, Recorded};
use register::{NewIdentityRequest, StoredIdentityRequest};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::audit::attested_register::{self, AttestedRegister};
use crate::error::ConsoleError;
use crate::ledger::written;
use crate::sealed_record;

model::codes! {
    /// Reason for opening an envelope. A code, since free text would leak what is reported.
    Reason {
        /// The reporter asked to be paid openly.
        Pay = "pay",
        /// The reporter must be reached and does not check the mailbox.
        Contact = "contact",
        /// The reporter is in danger.
        Safety = "safety",
        /// The law demands it.
        Law = "law",
    }
}

impl Reason {
    /// Reasons that an officer may choose.
    pub const CHOSEN: &[Self] = &[Self::Contact, Self::Safety, Self::Law];
}

/// A request, in the form that its digest covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestContent {
    /// Mailbox that the envelope must belong to.
    pub(crate) mailbox: MailboxId,
    /// Letter that contained the envelope.
    pub(crate) letter: LetterDigest,
    pub(crate) reason: Reason,
    /// Number of the document that demands it; empty if there is none.
    pub(crate) document: String,
    /// Recipient of the answer: the post.
    pub(crate) answer_to: HybridRecipient,
    /// Digest of the order that is to be paid openly, in hexadecimal.
    pub(crate) order: Option<String>,
    /// SHA-256 of the sealed envelope, so that no other one is opened for this request.
    pub(crate) envelope: Digest,
}

/// A question to the custodian, before it is recorded.
pub(crate) struct IdentityQuestion {
    /// Mailbox that the envelope must belong to.
    pub(crate) mailbox: MailboxId,
    /// Letter that contained the envelope.
    pub(crate) letter: LetterDigest,
    pub(crate) reason: Reason,
    /// Number of the document that demands it; empty if there is none.
    pub(crate) document: String,
    /// Digest of the order that is to be paid openly, in hexadecimal.
    pub(crate) order: Option<String>,
}

/// Has the recorder log a question, which is shown to the reporter. Returns the request to be stored, sealed to the
/// custodian.
pub(crate) fn ask(
    actor: &Actor,
    question: IdentityQuestion,
    envelope: &SealedIdentity,
) -> Result<NewIdentityRequest, ConsoleError> {
    let IdentityQuestion { mailbox, letter, reason, document, order } = question;
    let answer_to = actor.post_keys()?.post.recipient();
    let envelope_digest = Digest::of(envelope.as_bytes());
    let asking = RequestContent { mailbox, letter, reason, document, answer_to, order, envelope: envelope_digest };
    let (_, digest) = written(&asking)?;
    let recorded = actor.record(AskIdentity { letter, reason: reason.code().to_owned(), digest })?;
    request(recorded, actor, &asking, envelope)
}

fn request(
    recorded: Recorded<AskIdentity>,
    actor: &Actor,
    asking: &RequestContent,
    envelope: &SealedIdentity,
) -> Result<NewIdentityRequest, ConsoleError> {
    let (action, attested) = recorded.attested();
    Ok(NewIdentityRequest {
        letter: asking.letter.to_hex(),
        reason: action.reason,
        document: asking.document.clone(),
        asking: sealed_record::seal_to(&actor.resources.custodian, asking)?,
        envelope: envelope.as_bytes().to_vec(),
        asked_on: actor.today,
        account: actor.account().to_owned(),
        attested: attested_register::written(&attested)?,
    })
}

/// The reason of a stored request and the digest of the whole request; `Unsound` unless the recorder has signed that
/// this officer asked.
pub(crate) fn asked(
    attested: &AttestedRegister,
    stored: &StoredIdentityRequest,
) -> Result<(Reason, Digest), ConsoleError> {
    let asked = &stored.asked;
    let AnyAction::AskIdentity(action) = attested.recorded(&asked.attested, &asked.account, asked.asked_on)? else {
        return Err(ConsoleError::Unsound);
    };
    let reason = Reason::of_code(&action.reason).ok_or(ConsoleError::Unsound)?;
    let same = action.letter.to_hex() == asked.letter && action.reason == asked.reason;
    if same { Ok((reason, action.digest)) } else { Err(ConsoleError::Unsound) }
}

/// Opens the whole request with the custodian's key; `Unsound` unless it is the one that was recorded and names the
/// stored envelope.
pub(crate) fn whole(
    attested: &AttestedRegister,
    stored: &StoredIdentityRequest,
    custodian: &HybridIdentity,
) -> Result<(RequestContent, Digest), ConsoleError> {
    let (reason, digest) = asked(attested, stored)?;
    let asking: RequestContent = sealed_record::open_with(custodian, &stored.asked.asking)?;
    let same = written(&asking)?.1 == digest && asking.reason == reason && asking.document == stored.asked.document;
    let envelope = asking.envelope == Digest::of(&stored.asked.envelope);
    if same && envelope { Ok((asking, digest)) } else { Err(ConsoleError::Unsound) }
}
