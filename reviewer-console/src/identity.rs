//! Requests to the custodian: an officer asks, with a reason; the custodian opens the envelope in their own
//! session, with a key that is in no other hands, and only for the mailbox that the request names.

use crypto::identity_envelope::{Identity, SealedIdentity};
use crypto::mailbox::MailboxId;
use crypto::recipient::HybridRecipient;
use model::LetterDigest;
use opening::HybridIdentity;
use opening::letter::open_identity;
use recorder_protocol::{Act, AskIdentity, OpenIdentity, Recorded};
use register::{NewIdentityRequest, StoredIdentityRequest};
use serde::{Deserialize, Serialize};

use crate::books::{self, Books};
use crate::console::Console;
use crate::dossiers::written;
use crate::fault::Fault;
use crate::papers;
use crate::sessions::Session;

/// Why an envelope is to be opened. Codes, not free text: free text would leak what is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    /// The reporter asked to be paid openly.
    Pay,
    /// The reporter must be reached and does not look into the mailbox.
    Contact,
    /// The reporter is in danger.
    Safety,
    /// The law demands it.
    Law,
}

impl Reason {
    /// Those that an officer may choose, with their codes.
    pub(crate) const CHOSEN: &[(Self, &str)] =
        &[(Self::Contact, "contact"), (Self::Safety, "safety"), (Self::Law, "law")];

    fn of_code(code: &str) -> Option<Self> {
        [Self::Pay, Self::Contact, Self::Safety, Self::Law].into_iter().find(|reason| reason.code() == code)
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Contact => "contact",
            Self::Safety => "safety",
            Self::Law => "law",
        }
    }
}

/// A request, as its digest covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asking {
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
    pub(crate) envelope: LetterDigest,
}

impl Asking {
    /// What is recorded for it.
    pub(crate) fn deed(&self) -> Result<AskIdentity, Fault> {
        let (_, digest) = written(self)?;
        Ok(AskIdentity { letter: self.letter, reason: self.reason.code().to_owned(), digest })
    }
}

/// The request to be kept, once it is recorded.
pub(crate) fn request(
    recorded: Recorded<AskIdentity>,
    console: &Console,
    session: &Session,
    asking: &Asking,
    envelope: &SealedIdentity,
) -> Result<NewIdentityRequest, Fault> {
    let (deed, attested) = recorded.attested();
    let (_, digest) = written(asking)?;
    if digest != deed.digest {
        return Err(Fault::NotUnderstood);
    }
    Ok(NewIdentityRequest {
        letter: asking.letter.to_hex(),
        reason: deed.reason,
        document: asking.document.clone(),
        asking: papers::seal_to(&console.custodian, asking)?,
        envelope: envelope.as_bytes().to_vec(),
        asked_on: console.clock.today(),
        account: session.account.clone(),
        attested: books::written(&attested)?,
    })
}

/// What a stored request says in clear, where the recorder has signed that an officer asked it: the reason
/// and the digest of the whole request.
pub(crate) fn asked(books: &Books, stored: &StoredIdentityRequest) -> Result<(Reason, LetterDigest), Fault> {
    let asked = &stored.asked;
    let Act::AskIdentity(deed) = books.recorded(&asked.attested, &asked.account, asked.asked_on)? else {
        return Err(Fault::Unsound);
    };
    let reason = Reason::of_code(&deed.reason).ok_or(Fault::Unsound)?;
    let same = deed.letter.to_hex() == asked.letter && deed.reason == asked.reason;
    if same { Ok((reason, deed.digest)) } else { Err(Fault::Unsound) }
}

/// The whole request, with the custodian's key: only if it is the one that was recorded, and the envelope
/// beside it the one that it names.
pub(crate) fn whole(
    books: &Books,
    stored: &StoredIdentityRequest,
    custodian: &HybridIdentity,
) -> Result<(Asking, LetterDigest), Fault> {
    let (reason, digest) = asked(books, stored)?;
    let asking: Asking = papers::open_with(custodian, &stored.asked.asking)?;
    let same = written(&asking)?.1 == digest && asking.reason == reason && asking.document == stored.asked.document;
    let envelope = asking.envelope == LetterDigest::of(&stored.asked.envelope);
    if same && envelope { Ok((asking, digest)) } else { Err(Fault::Unsound) }
}

/// Opens the envelope of a request, once that is recorded, and only if it was written for the mailbox that
/// the request names. None where the reporter gave no name. Also what shows that it was recorded.
pub(crate) fn open(
    recorded: Recorded<OpenIdentity>,
    custodian: &HybridIdentity,
    asking: &Asking,
    envelope: &[u8],
) -> Result<(Option<Identity>, String), NotOpened> {
    let (_, attested) = recorded.attested();
    let attested = books::written(&attested).map_err(|_| NotOpened::Unsound)?;
    let sealed = sealed(envelope).ok_or(NotOpened::Unsound)?;
    let opened = open_identity(custodian, &sealed, &asking.mailbox).map_err(|error| match error {
        opening::letter::Unreadable::Envelope(_) => NotOpened::Foreign,
        _ => NotOpened::Unsound,
    })?;
    Ok((opened.identity, attested))
}

/// Why an envelope was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOpened {
    /// It was written for another mailbox.
    Foreign,
    /// It is no envelope, or sealed to another key.
    Unsound,
}

/// The stored bytes as an envelope.
fn sealed(envelope: &[u8]) -> Option<SealedIdentity> {
    use base64::Engine as _;
    SealedIdentity::try_from(base64::engine::general_purpose::STANDARD.encode(envelope)).ok()
}
