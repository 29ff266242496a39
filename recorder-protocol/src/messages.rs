//! The requests and their answers. Both sides refuse unknown fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::keys::signature::{Signed, VerificationKey};
use crypto::letters::mailbox::MailboxId;
use crypto::log::access_list::RecordProof;
use crypto::log::checkpoint::{LogEntry, Proof};
use crypto::sealing::outer::{Header, SEALED};
use model::{Day, Digest, LetterDigest, Role};
use serde::{Deserialize, Serialize};

use crate::filter::Anomaly;
use crate::notice::TimedNotice;

/// A request to the recorder.
#[derive(Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// Takes in letters that the exchange pulled: gives each its place in the order of first receipt, and a key of
    /// its own.
    Receive {
        /// The letters, in the order in which they are to be recorded.
        letters: Vec<ArrivedLetter>,
        /// The day on which the portal made a bundle, if that one and all before it were taken in: outer keys whose period
        /// was over some days before may then be destroyed.
        complete_on: Option<Day>,
    },
    /// Records an opening, then opens the outer layer.
    Open {
        /// A signed [`Ask`](crate::Ask) for [`OpenLetter`](crate::OpenLetter).
        ask: Signed,
        /// The letter, rewrapped or as received.
        letter: SealedLetter,
    },
    /// Records any other action, or notices.
    Record {
        /// The action or the notices.
        of: Recordable,
    },
    /// Asks for a checkpoint of the log as it is now, signed by the log's key.
    Checkpoint {},
    /// Asks for a proof. It contains hashes of salted entries and reveals nothing of them.
    Proof {
        /// The statement to be proved.
        of: Provable,
    },
}

/// A provable statement about the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Provable {
    /// An entry is in the log.
    Entry {
        /// The entry's place, from 1.
        sequence: u64,
        /// Size of the checkpoint, in entries.
        size: u64,
    },
    /// The log at a later checkpoint begins with the log at an earlier one.
    Growth {
        /// Size of the earlier checkpoint, in entries.
        from: u64,
        /// Size of the later checkpoint, in entries.
        to: u64,
    },
}

/// A record other than an opening.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Recordable {
    /// An action that a person has signed.
    Asked {
        /// A signed [`Ask`](crate::Ask) for the action.
        ask: Signed,
        /// The items that the action names only by a digest.
        #[serde(default)]
        named: Named,
    },
    /// Notices that the console sends by itself, oldest first. They permit nothing.
    Told(Vec<TimedNotice>),
}

/// Items that an action names only by a digest, because they are many.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Named {
    /// The action names no further items.
    #[default]
    Nothing,
    /// Mailboxes, for [`RenewSlots`](crate::RenewSlots).
    Mailboxes(Vec<MailboxId>),
    /// Letters, for [`EraseReports`](crate::EraseReports) and [`CompareReports`](crate::CompareReports).
    Letters(Vec<LetterDigest>),
}

impl Named {
    /// The digest in the action: SHA-256 over the bytes of all items, in order.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let bytes: Vec<u8> = match self {
            Self::Nothing => Vec::new(),
            Self::Mailboxes(mailboxes) => mailboxes.iter().flat_map(|mailbox| *mailbox.as_bytes()).collect(),
            Self::Letters(letters) => letters.iter().flat_map(|letter| *letter.as_bytes()).collect(),
        };
        Digest::of(&bytes)
    }
}

/// A sealed letter; base64 in JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealedLetter(Vec<u8>);

impl std::fmt::Debug for SealedLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedLetter(..)")
    }
}

/// The text or the bytes are not a sealed letter.
#[derive(Debug, thiserror::Error)]
#[error("a sealed letter is base64 of {SEALED} bytes")]
pub struct WrongLetterSize;

impl SealedLetter {
    /// Wraps a sealed letter's bytes; fails unless they have the size of a sealed letter.
    pub fn new(sealed: Vec<u8>) -> Result<Self, WrongLetterSize> {
        if sealed.len() == SEALED { Ok(Self(sealed)) } else { Err(WrongLetterSize) }
    }

    /// The sealed letter's bytes, by reference.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The sealed letter's bytes, by value.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl TryFrom<String> for SealedLetter {
    type Error = WrongLetterSize;

    fn try_from(text: String) -> Result<Self, WrongLetterSize> {
        Self::new(STANDARD.decode(text).map_err(|_| WrongLetterSize)?)
    }
}

impl From<SealedLetter> for String {
    fn from(letter: SealedLetter) -> Self {
        STANDARD.encode(letter.0)
    }
}

/// A sealed letter with the mailbox that it came through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivedLetter {
    /// The mailbox whose secret the letter was sent with.
    pub mailbox: MailboxId,
    /// The letter as received.
    pub sealed: SealedLetter,
}

/// An answer of the recorder to one request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Response {
    /// The answer to `receive`, sent after its entries are durable.
    Received(Received),
    /// The answer to `open` and `record`, sent after its entry is durable.
    Recorded {
        /// A [`Receipt`](crate::Receipt) signed by the recorder.
        receipt: Signed,
        /// The content that the entry permits to be sent.
        granted: Granted,
    },
    /// The answer to `record` of notices.
    Noted {},
    /// The answer to `checkpoint`.
    Checkpoint {
        /// A signed note in the format of C2SP tlog-checkpoint.
        note: String,
    },
    /// The answer to `proof`.
    Proof {
        /// Hashes in the order of RFC 6962.
        proof: Proof,
    },
    /// The request was not carried out.
    Refused {
        /// The reason of the refusal.
        reason: Refusal,
    },
}

/// The answer to `receive`, in the order of the request.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// A result for each letter.
    pub letters: Vec<ReceivedLetter>,
    /// Names of the outer keys that were tried: SHA-256 of the recipient's text for each, in ascending order. Letters that
    /// did not open are worth another try when they have changed.
    pub outer_keys: Vec<Digest>,
}

/// The recorder's result for one letter.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedLetter {
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// What its outside shows.
    pub outside: LetterOutside,
}

/// What the outside of a letter shows, and so what the recorder keeps of it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outside", rename_all = "kebab-case", deny_unknown_fields)]
pub enum LetterOutside {
    /// It opens, says something, and came through the mailbox that it names: it has a place and a key of its own.
    Own {
        /// The letter's place in the order of first receipt, from 1. Sending it again does not change it.
        sequence: u64,
        /// The outside of the letter.
        header: Box<Header>,
        /// The letter under its own key, to be stored instead of the received one, whose outer key will be destroyed.
        rewrapped: SealedLetter,
    },
    /// A cover letter, which says nothing. The recorder keeps nothing of it; the mailbox's keys are in its outside.
    Cover {
        /// The outside of the letter.
        header: Box<Header>,
    },
    /// It names another mailbox than the one that it came through: it is a stranger's, and nothing is kept of it.
    Foreign {},
    /// It does not open with any of the outer keys. The recorder keeps nothing of it.
    Sealed {},
}

/// The content that the recorder sends once the entry is durable.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "granted", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Granted {
    /// The permission without further content.
    Permission {},
    /// For `open`: the content under the outer layer.
    Letter {
        /// The outside of the letter.
        header: Box<Header>,
        /// The inner file, which only the post can open.
        inner: InnerFile,
    },
    /// For `open`: the outer layer does not open.
    Unreadable {},
    /// For [`RenewSlots`](crate::RenewSlots): signed access lists, in the order of the mailboxes.
    AccessLists {
        /// A list for each mailbox.
        lists: Vec<Signed>,
        /// For each mailbox, proofs of its records in the order of their numbers.
        proofs: Vec<Vec<RecordProof>>,
    },
    /// For [`CompareReports`](crate::CompareReports), in the order of the named letters.
    Precedence {
        /// For each other report, whether this one was received before anybody had opened it.
        before: Vec<bool>,
    },
    /// For [`ReadLog`](crate::ReadLog) and [`ExportLog`](crate::ExportLog).
    Log(LogPage),
    /// For [`ReadRoster`](crate::ReadRoster).
    Roster {
        /// Every account whose key was ever confirmed.
        people: Vec<RosterLine>,
    },
}

/// An inner file; base64 in JSON.
#[derive(Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InnerFile(pub Vec<u8>);

impl Clone for InnerFile {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl std::fmt::Debug for InnerFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InnerFile(..)")
    }
}

impl TryFrom<String> for InnerFile {
    type Error = WrongLetterSize;

    fn try_from(text: String) -> Result<Self, WrongLetterSize> {
        STANDARD.decode(text).map(Self).map_err(|_| WrongLetterSize)
    }
}

impl From<InnerFile> for String {
    fn from(inner: InnerFile) -> Self {
        STANDARD.encode(inner.0)
    }
}

/// A page of the access log, newest entry first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogPage {
    /// The entries of the page.
    pub entries: Vec<ListedEntry>,
    /// Whether older entries may follow.
    pub more: bool,
}

/// An entry of the access log with its anomalies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedEntry {
    /// The entry, without the signed request and its nonce, which the recorder does not send.
    pub entry: LogEntry,
    /// The anomalies of the entry. They are not part of the log.
    pub anomalies: Vec<Anomaly>,
}

/// An account on the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterLine {
    /// The stable number that reporters are shown.
    pub number: u32,
    /// Name of the account on the roster.
    pub account: String,
    /// The roles it may act in.
    pub roles: Vec<Role>,
    /// The key that verifies its requests.
    pub key: VerificationKey,
    /// Whether its requests are accepted.
    pub confirmed: bool,
}

/// Why a request was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Refusal {
    /// The request is unknown or malformed.
    NotUnderstood,
    /// The request is larger than a frame may be.
    TooLarge,
    /// The log could not be read or written: nothing was recorded and nothing is permitted.
    NotRecorded,
    /// The account is not on the roster, its key was revoked, or the signature is not by its key.
    UnknownKey,
    /// The account does not have this role, or the role may not do this.
    NotAllowed,
    /// The request was recorded before.
    Replayed,
    /// The request's time differs too much from the recorder's clock.
    WrongTime,
    /// The roster has no such account, or its key is not confirmed.
    UnknownPerson,
    /// The log has fewer entries than asked for.
    NotInLog,
    /// The reports are undecided, or were decided by the person who asks.
    NotErasable,
    /// The log has a payment of this order already.
    PaidBefore,
    /// A disk with the letters' keys is missing, or an outer key cannot be read.
    NoKeys,
    /// The letter was never received, or is not the one asked for.
    UnknownLetter,
}

impl Refusal {
    /// The refusal's stable code, such as `unknown-key`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}
