//! Requests to the custodian: an officer asks, with a reason; the custodian opens the envelope in their own
//! session, with a key that is in no other hands, and only for the mailbox that the request names.

use crypto::day::Day;
use crypto::identity_envelope::{Identity, SealedIdentity};
use crypto::mailbox::{LetterDigest, MailboxId};
use opening::HybridIdentity;
use opening::letter::open_identity;
use recording::{Act, AskIdentity, OpenIdentity, Recorded};
use register::{NewIdentityRequest, StoredIdentityRequest};
use serde::{Deserialize, Serialize};

use crate::books::{self, Books};
use crate::dossiers::written;
use crate::fault::Fault;
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
    pub(crate) answer_to: String,
    /// The order that is to be paid openly, by its digest in hexadecimal.
    pub(crate) order: Option<String>,
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
    session: &Session,
    asking: &Asking,
    envelope: &SealedIdentity,
    today: Day,
) -> Result<NewIdentityRequest, Fault> {
    let (deed, attested) = recorded.attested();
    let (content, digest) = written(asking)?;
    if digest != deed.digest {
        return Err(Fault::NotUnderstood);
    }
    Ok(NewIdentityRequest {
        content,
        envelope: envelope.as_bytes().to_vec(),
        asked_on: today,
        account: session.account.clone(),
        attested: books::written(&attested)?,
    })
}

/// A stored request, where the recorder has signed that an officer asked for this very thing.
pub(crate) fn asked(books: &Books, stored: &StoredIdentityRequest) -> Result<(Asking, LetterDigest), Fault> {
    let asking: Asking = serde_json::from_str(&stored.asked.content).map_err(|_| Fault::Unsound)?;
    let recorded = books.recorded(&stored.asked.attested, &stored.asked.account, stored.asked.asked_on)?;
    let deed = asking.deed()?;
    let digest = deed.digest;
    if recorded == Act::AskIdentity(deed) { Ok((asking, digest)) } else { Err(Fault::Unsound) }
}

/// Opens the envelope of a request, once that is recorded, and only if it was written for the mailbox that
/// the request names. None where the reporter gave no name.
pub(crate) fn open(
    recorded: Recorded<OpenIdentity>,
    custodian: &HybridIdentity,
    asking: &Asking,
    envelope: &[u8],
) -> Result<(Option<Identity>, String), Opened> {
    let (_, attested) = recorded.attested();
    let attested = books::written(&attested).map_err(|_| Opened::Unsound)?;
    let sealed = sealed(envelope).ok_or(Opened::Unsound)?;
    let opened = open_identity(custodian, &sealed, &asking.mailbox).map_err(|error| match error {
        opening::letter::Unreadable::Envelope(_) => Opened::Foreign,
        _ => Opened::WrongKey,
    })?;
    Ok((opened.identity, attested))
}

/// Why an envelope was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// The key is not the one that it is sealed to.
    WrongKey,
    /// It was written for another mailbox.
    Foreign,
    /// What is stored is no envelope.
    Unsound,
}

/// The stored bytes as an envelope.
pub(crate) fn sealed(envelope: &[u8]) -> Option<SealedIdentity> {
    use base64::Engine as _;
    SealedIdentity::try_from(base64::engine::general_purpose::STANDARD.encode(envelope)).ok()
}
