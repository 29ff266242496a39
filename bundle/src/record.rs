//! What bundles consist of. A record is a small JSON object, followed by bytes for some kinds.

use crypto::letters::mailbox::MailboxId;
use crypto::sealing::enclosure::EnclosureSize;
use model::{Day, LetterDigest};
use serde::{Deserialize, Serialize};

/// A record of an inward bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum InwardRecord {
    /// A letter; the bytes are the sealed letter.
    Letter {
        /// The mailbox that it came through.
        mailbox: MailboxId,
        /// The day on which the portal received it.
        received_on: Day,
    },
    /// One part of an enclosure; the bytes are the part. An enclosure's parts may be in several bundles.
    Part {
        /// The mailbox that the enclosure's letter came through.
        mailbox: MailboxId,
        /// SHA-256 of the sealed letter that it belongs to.
        letter: LetterDigest,
        /// The number of the attempt; parts of two attempts never fit together.
        attempt: u64,
        /// Size of the enclosure before sealing.
        size: EnclosureSize,
        /// The part's place, from 0.
        part: u32,
    },
}

/// What the console did with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// It is held or needed no more, and no enclosure is expected.
    Done,
    /// It is held, and its enclosure is expected.
    EnclosureWanted,
    /// It is held and does not open yet. Its enclosure may be wanted later; until then none is taken.
    Unopened,
}

/// A record of an outward bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OutwardRecord {
    /// A mailbox that stays, in the order of row keys. The bytes are its new slot; without any it keeps the one it has.
    Mailbox {
        /// The mailbox.
        mailbox: MailboxId,
    },
    /// A letter that the console has taken in. Repeated until the portal has applied it.
    Letter {
        /// The mailbox that it came through.
        mailbox: MailboxId,
        /// SHA-256 of the sealed letter.
        letter: LetterDigest,
        /// What became of it.
        taken: Taken,
    },
    /// An enclosure that the console holds whole, or does not want. Repeated until the portal has applied it.
    Enclosure {
        /// The mailbox that its letter came through.
        mailbox: MailboxId,
        /// SHA-256 of the sealed letter that it belongs to.
        letter: LetterDigest,
        /// The number of the attempt.
        attempt: u64,
    },
    /// The key statement; the bytes are JSON.
    Statement {},
    /// The newest checkpoint of the access log; the bytes are a signed note.
    Checkpoint {},
    /// The published results; the bytes are a signed note.
    Results {},
}
