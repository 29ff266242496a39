//! Slots: the one fixed-size sealed answer that a mailbox holds.

use std::io;

use ed25519_dalek::SigningKey;
use model::{Award, Day, Due, LetterDigest, codes};
use serde::{Deserialize, Serialize};

use crate::keys::signature::{BadSignature, Signed, VerificationKey};
use crate::letters::mailbox::MailboxId;
use crate::log::access_list::Witnessed;
use crate::sealing::padded::{self, BadMessage};
use crate::sealing::recipient::HybridRecipient;
use crate::sealing::sealed::{seal, sealed_size};

/// Bytes of every slot before sealing.
pub const PLAIN: usize = 32 * 1024;
/// Bytes of every sealed slot.
pub const SEALED: usize = sealed_size(PLAIN);

const CONTEXT: &str = "qingniao/slot/v1";

/// What a slot says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
// One lives as long as it takes to seal or show it.
#[allow(clippy::large_enum_variant)]
pub enum Slot {
    /// Made by the browser itself with the first visit to a mailbox, signed by the reporter's key.
    First {
        /// The mailbox.
        mailbox: MailboxId,
        /// Whether that first visit brought a report or only a cover letter.
        letter: FirstLetter,
        /// The day of the visit, by the reporter's own clock.
        day: Day,
        /// The letter that came with it.
        received: Vec<LetterDigest>,
    },
    /// Made by the post at an exchange, signed by the post's key.
    Post(PostSlot),
}

/// What came with the first visit to a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstLetter {
    /// A report: "received, not yet collected".
    Report,
    /// Only looking: "no report was ever sent with these words".
    Cover,
}

/// What the post tells a reporter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostSlot {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// One more at every exchange, so that an old slot is noticed.
    pub number: u64,
    /// The day of the exchange.
    pub day: Day,
    /// Older letters whose digests were left out for room.
    pub earlier: u64,
    /// Digests of the other letters collected so far, oldest first. Letters that say nothing are
    /// not among them once they are known.
    pub received: Vec<LetterDigest>,
    /// How far the matter is.
    pub state: ReportState,
    /// What came of it, once it is decided.
    pub outcome: Option<ReportOutcome>,
    /// Until when what is due. It follows from the day of the first letter alone, so that it tells
    /// nothing of what anybody thinks of it.
    pub due: Option<Due>,
    /// Answers of the post, oldest first.
    pub messages: Vec<Message>,
    /// Whether older messages had to be left out for room.
    pub dropped: bool,
    /// The day on which everything that had been sent until then was erased.
    pub erased_on: Option<Day>,
    /// Who looked: an [`AccessList`](crate::log::access_list::AccessList) signed by the recorder.
    pub access: Signed,
    /// What shows that those records stand in the log; none before a witness has cosigned it.
    pub witnessed: Option<Witnessed>,
}

/// Digests that a slot holds at most, the newest ones.
pub const MOST_LETTERS: usize = 60;
/// Bytes of JSON that one message may take; several then fit, and the newest always does.
pub const MESSAGE: usize = 12 * 1024;

codes! {
    /// What a reporter is told of the handling. Neutral until the case is decided: a polluter may report itself to
    /// learn what is known.
    ReportState {
        /// Collected, not opened.
        Received = "received",
        /// Opened by an officer.
        Read = "read",
        /// The post has written.
        Answered = "answered",
    }
}

/// What came of a report. Told only once it is decided; see [`ReportState`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ReportOutcome {
    /// Not a matter of this authority.
    NotOurs {},
    /// Known before it came.
    Known {},
    /// It says too little to be checked.
    NotEffective {},
    /// Checked, and not found.
    NotConfirmed {},
    /// Checked and found: minor, put right, and by law without a penalty, so that no reward follows.
    Minor {},
    /// Checked and found; a reward was decided, which may be none.
    Confirmed {
        /// The day on which the reward was decided.
        decided_on: Day,
        /// The reward and how it was reached.
        award: Award,
        /// Whether the case is closed by now.
        closed: bool,
        /// How far the claim to it is.
        claim: ClaimStatus,
    },
}

/// How far a claim is, and what the reporter may do. Amounts are in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimStatus {
    /// How far.
    pub state: ClaimState,
    /// The last day for what may be done in this state: to choose, or to fetch the money.
    pub last_day: Option<Day>,
    /// The last day on which reconsideration may be asked for; none where it may not.
    pub reconsider_until: Option<Day>,
    /// Which offer stands: the number that a choice names, and that of its note.
    pub offer_number: u32,
    /// Whether these rules pay against the code.
    pub against_code: bool,
    /// What is due and not paid.
    pub open_fen: i64,
    /// What was paid so far.
    pub paid_fen: i64,
    /// When it was paid last.
    pub paid_on: Option<Day>,
    /// What was awarded before a correction.
    pub before_fen: Option<i64>,
    /// When the reporter's request for reconsideration was answered.
    pub answered_on: Option<Day>,
}

/// How far a claim is, as the reporter is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimState {
    /// There is nothing to claim.
    Nothing,
    /// It may be taken or refused.
    Open,
    /// An order is out for the reporter's note.
    Note,
    /// The custodian was asked for the payee, and finance is to pay.
    Transfer,
    /// It was paid.
    Paid,
    /// Nobody came in time.
    Lapsed,
    /// The reporter refused it, and may still come.
    Refused,
    /// The report said that no reward is wanted; the reporter may still come.
    Waived,
    /// It is being looked at again.
    Reconsidering,
    /// The amount is being corrected; nothing is paid meanwhile.
    Correcting,
}

/// One answer of the post: plain text, shown as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The day it was written.
    pub day: Day,
    /// What it says.
    pub text: String,
}

impl Slot {
    /// Signs, pads and seals to the reporter.
    pub fn seal(&self, key: &SigningKey, reply_to: &HybridRecipient) -> Result<Vec<u8>, io::Error> {
        let signed = Signed::sign(self, CONTEXT, key).map_err(io::Error::other)?;
        let plain = padded::pad(&signed, PLAIN).map_err(io::Error::other)?;
        seal(reply_to, &plain)
    }

    /// Seals a post's slot with as many of the newest messages as there is room for.
    pub fn seal_fitting(
        mut slot: PostSlot,
        key: &SigningKey,
        reply_to: &HybridRecipient,
    ) -> Result<Vec<u8>, io::Error> {
        loop {
            let whole = Self::Post(slot);
            let signed = Signed::sign(&whole, CONTEXT, key).map_err(io::Error::other)?;
            match padded::pad(&signed, PLAIN) {
                Ok(plain) => return seal(reply_to, &plain),
                Err(BadMessage::TooLong { .. }) => {}
                Err(error) => return Err(io::Error::other(error)),
            }
            let Self::Post(mut rest) = whole else { return Err(io::ErrorKind::InvalidData.into()) };
            if rest.messages.is_empty() {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            rest.messages.remove(0);
            rest.dropped = true;
            slot = rest;
        }
    }

    /// Reads an opened slot: verified under the reporter's own key if it is a first slot, else
    /// under the post's; and only if it is this mailbox's.
    pub fn read(
        plain: &[u8],
        mailbox: &MailboxId,
        own: &VerificationKey,
        post: &VerificationKey,
    ) -> Result<Self, BadSlot> {
        let signed: Signed = padded::unpad(plain, PLAIN)?;
        let key = match signed.unverified::<Self>()? {
            Self::First { .. } => own,
            Self::Post(_) => post,
        };
        let slot: Self = signed.verify(CONTEXT, key)?;
        if slot.mailbox() == mailbox { Ok(slot) } else { Err(BadSlot::Foreign) }
    }

    /// The mailbox that the slot says it is for.
    #[must_use]
    pub fn mailbox(&self) -> &MailboxId {
        match self {
            Self::First { mailbox, .. } => mailbox,
            Self::Post(slot) => &slot.mailbox,
        }
    }
}

/// Why an opened slot is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadSlot {
    /// Not of the format.
    #[error("the slot is not of its format")]
    Message(#[from] BadMessage),
    /// Not signed by the reporter (first slot) or the post.
    #[error("the slot's signature is refused")]
    Signature(#[from] BadSignature),
    /// Another mailbox's slot.
    #[error("the slot belongs to another mailbox")]
    Foreign,
}
