//! Requests to the custodian, as their digests cover them.

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
    /// Why an envelope is to be opened. Codes, not free text: free text would leak what is reported.
    Reason {
        /// The reporter asked to be paid openly.
        Pay = "pay",
        /// The reporter must be reached and does not look into the mailbox.
        Contact = "contact",
        /// The reporter is in danger.
        Safety = "safety",
        /// The law demands it.
        Law = "law",
    }
}

impl Reason {
    /// Those that an officer may choose.
    pub const CHOSEN: &[Self] = &[Self::Contact, Self::Safety, Self::Law];
}

/// A request, as its digest covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestContent {
    /// The mailbox whose envelope it must be.
    pub(crate) mailbox: MailboxId,
    /// The letter that it came in.
    pub(crate) letter: LetterDigest,
    /// Why.
    pub(crate) reason: Reason,
    /// The number of the document that demands it, if one does.
    pub(crate) document: String,
    /// To whom the answer is sealed: the post.
    pub(crate) answer_to: HybridRecipient,
    /// The order that is to be paid openly, by its digest in hexadecimal.
    pub(crate) order: Option<String>,
    /// SHA-256 of the sealed envelope: another one was not asked for.
    pub(crate) envelope: Digest,
}

/// What an officer asks of the custodian.
pub(crate) struct IdentityQuestion {
    /// The mailbox whose envelope it must be.
    pub(crate) mailbox: MailboxId,
    /// The letter that it came in.
    pub(crate) letter: LetterDigest,
    /// Why.
    pub(crate) reason: Reason,
    /// The number of the document that demands it, if one does.
    pub(crate) document: String,
    /// The order that is to be paid openly, by its digest in hexadecimal.
    pub(crate) order: Option<String>,
}

/// Has a question recorded; gives the request, sealed to the custodian, to be kept. The reporter is told.
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
    let (deed, attested) = recorded.attested();
    Ok(NewIdentityRequest {
        letter: asking.letter.to_hex(),
        reason: deed.reason,
        document: asking.document.clone(),
        asking: sealed_record::seal_to(&actor.resources.custodian, asking)?,
        envelope: envelope.as_bytes().to_vec(),
        asked_on: actor.today,
        account: actor.account().to_owned(),
        attested: attested_register::written(&attested)?,
    })
}

/// What a stored request says in clear, where the recorder has signed that an officer asked it: the reason
/// and the digest of the whole request.
pub(crate) fn asked(
    attested: &AttestedRegister,
    stored: &StoredIdentityRequest,
) -> Result<(Reason, Digest), ConsoleError> {
    let asked = &stored.asked;
    let AnyAction::AskIdentity(deed) = attested.recorded(&asked.attested, &asked.account, asked.asked_on)? else {
        return Err(ConsoleError::Unsound);
    };
    let reason = Reason::of_code(&deed.reason).ok_or(ConsoleError::Unsound)?;
    let same = deed.letter.to_hex() == asked.letter && deed.reason == asked.reason;
    if same { Ok((reason, deed.digest)) } else { Err(ConsoleError::Unsound) }
}

/// The whole request, with the custodian's key: only if it is the one that was recorded, and the envelope
/// beside it the one that it names.
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
