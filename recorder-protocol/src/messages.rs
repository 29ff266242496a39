//! The requests and their answers. Unknown fields are refused on both sides.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::keys::signature::{Signed, VerificationKey};
use crypto::letters::mailbox::MailboxId;
use crypto::log::access_list::RecordProof;
use crypto::log::checkpoint::{LogEntry, Proof};
use crypto::sealing::outer::{Header, SEALED};
use model::{Digest, LetterDigest, Role};
use serde::{Deserialize, Serialize};

use crate::filter::Anomaly;
use crate::notice::TimedNotice;

/// A request to the recorder.
#[derive(Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// Takes what the exchange pulled: gives each letter its place in the order of first receipt, and
    /// a key of its own.
    Receive {
        /// The sealed letters, in the order in which they are to be recorded. None at all says that
        /// nothing more waits: outer keys whose period is over may then be destroyed.
        letters: Vec<SealedLetter>,
    },
    /// Records an opening, then takes the outer layer off.
    Open {
        /// An [`Ask`](crate::Ask) for [`OpenLetter`](crate::OpenLetter).
        ask: Signed,
        /// The letter.
        letter: SealedLetter,
    },
    /// Records anything else.
    Record {
        /// What.
        of: Recordable,
    },
    /// Asks for the log as it stands now, signed by the log's key.
    Checkpoint {},
    /// Asks for a proof. It holds hashes of salted entries and tells nothing of them.
    Proof {
        /// Of what.
        of: Provable,
    },
}

/// What may be proved of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Provable {
    /// That an entry is in the log.
    Entry {
        /// Its place, from 1.
        sequence: u64,
        /// The checkpoint's size.
        size: u64,
    },
    /// That the log at a later checkpoint begins with what it was at an earlier one.
    Growth {
        /// The earlier checkpoint's size.
        from: u64,
        /// The later one's.
        to: u64,
    },
}

/// What may be recorded beside openings.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Recordable {
    /// An action that a person has signed for.
    Asked {
        /// An [`Ask`](crate::Ask).
        ask: Signed,
        /// What the action names only by a digest.
        #[serde(default)]
        named: Named,
    },
    /// What the console tells on its own, oldest first. It permits nothing.
    Told(Vec<TimedNotice>),
}

/// What an action names only by a digest, because it is many.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Named {
    /// Nothing.
    #[default]
    Nothing,
    /// Mailboxes, for [`RenewSlots`](crate::RenewSlots).
    Mailboxes(Vec<MailboxId>),
    /// Letters, for [`EraseReports`](crate::EraseReports) and [`CompareReports`](crate::CompareReports).
    Letters(Vec<LetterDigest>),
}

impl Named {
    /// How the action names it: SHA-256 over the bytes of all, in this order.
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

/// A sealed letter, written in base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealedLetter(Vec<u8>);

impl std::fmt::Debug for SealedLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedLetter(..)")
    }
}

/// The text is no sealed letter.
#[derive(Debug, thiserror::Error)]
#[error("a sealed letter is base64 of {SEALED} bytes")]
pub struct WrongLetterSize;

impl SealedLetter {
    /// Wraps a sealed letter's bytes.
    pub fn new(sealed: Vec<u8>) -> Result<Self, WrongLetterSize> {
        if sealed.len() == SEALED { Ok(Self(sealed)) } else { Err(WrongLetterSize) }
    }

    /// The sealed bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The sealed bytes, to be kept.
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

/// The recorder's answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Response {
    /// To `receive`: durable before it was sent.
    Received(Received),
    /// To `open` and `record`: durable before it was sent.
    Recorded {
        /// A [`Receipt`](crate::Receipt) signed by the recorder.
        receipt: Signed,
        /// What the entry permits to be told.
        granted: Granted,
    },
    /// To `record` of what was told.
    Noted {},
    /// To `checkpoint`.
    Checkpoint {
        /// C2SP tlog-checkpoint.
        note: String,
    },
    /// To `proof`.
    Proof {
        /// Hashes as RFC 6962 has them.
        proof: Proof,
    },
    /// The request was not carried out.
    Refused {
        /// Why.
        reason: Refusal,
    },
}

/// The answer to `receive`, in the order of the request.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// One for each letter.
    pub letters: Vec<ReceivedLetter>,
}

/// What the recorder knows of one letter now.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedLetter {
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// Its place in the order of first receipt, from 1. Sending it again changes nothing.
    pub sequence: u64,
    /// The outside of the letter; absent when it does not open: it is then "unreadable".
    pub header: Option<Header>,
    /// The letter under a key of its own, to be kept instead of the one that came: that one's outer
    /// key will be destroyed. Absent like the outside.
    pub rewrapped: Option<SealedLetter>,
}

/// What the recorder tells once the entry is durable.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "granted", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Granted {
    /// The permission alone.
    Permission {},
    /// To `open`: what is under the outer layer.
    Letter {
        /// The outside.
        header: Box<Header>,
        /// The inner file, which only the post can open.
        inner: InnerFile,
    },
    /// To `open`: the outer layer does not come off.
    Unreadable {},
    /// To [`RenewSlots`](crate::RenewSlots): signed access lists, in the order of the mailboxes.
    AccessLists {
        /// One for each mailbox.
        lists: Vec<Signed>,
        /// For each mailbox, proofs of its records in the order of their numbers.
        proofs: Vec<Vec<RecordProof>>,
    },
    /// To [`CompareReports`](crate::CompareReports), in the order of the named letters.
    Precedence {
        /// Whether this report was received before anybody had opened the other.
        before: Vec<bool>,
    },
    /// To [`ReadLog`](crate::ReadLog) and [`ExportLog`](crate::ExportLog).
    Log(LogPage),
    /// To [`ReadRoster`](crate::ReadRoster).
    Roster {
        /// Everybody whose key was ever confirmed.
        people: Vec<RosterLine>,
    },
}

/// An inner file, written in base64.
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
    /// The entries.
    pub entries: Vec<ListedEntry>,
    /// Whether older ones follow.
    pub more: bool,
}

/// An entry of the access log with what the recorder says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedEntry {
    /// The entry, without the signed request and its nonce, which stay with the recorder.
    pub entry: LogEntry,
    /// What is unusual about it. It is no part of the log.
    pub anomalies: Vec<Anomaly>,
}

/// A person that the recorder knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterLine {
    /// The stable number that reporters see.
    pub number: u32,
    /// The account.
    pub account: String,
    /// The roles it may act in.
    pub roles: Vec<Role>,
    /// Its key.
    pub key: VerificationKey,
    /// Whether anything is taken from it.
    pub confirmed: bool,
}

/// Why a request was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Refusal {
    /// Not one of the requests, or not of its form.
    NotUnderstood,
    /// More than one request may hold.
    TooLarge,
    /// The log could not be written: nothing was recorded and nothing is permitted.
    NotRecorded,
    /// The account is not in the roster, its key was revoked, or the signature is not by it.
    UnknownKey,
    /// The account has not this role, or the role may not do this.
    NotAllowed,
    /// The same request was recorded before.
    Replayed,
    /// The request's time is too far from the recorder's.
    WrongTime,
    /// There is nobody of that name, or the auditor has not confirmed them.
    UnknownPerson,
    /// The log has not so many entries.
    NotInLog,
    /// The reports are not decided, or by the very person who asks.
    NotErasable,
    /// The log has a payment of this order.
    PaidBefore,
    /// A disk with the letters' keys is not there.
    NoKeys,
    /// The letter was never received, or is another than the one asked for.
    UnknownLetter,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}
