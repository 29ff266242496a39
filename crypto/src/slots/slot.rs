//! Slots: the one fixed-size sealed answer that a mailbox holds.

use std::io;

use ed25519_dalek::SigningKey;
use model::{Award, Day, Due, Exact, codes};
use serde::{Deserialize, Serialize};
use serde_with::serde_as;

use crate::keys::signature::{BadSignature, Signed, VerificationKey};
use crate::letters::mailbox::{LetterId, MailboxId};
use crate::log::access_list::Witnessed;
use crate::sealing::padded::{self, BadMessage};
use crate::sealing::recipient::HybridRecipient;
use crate::sealing::sealed::{seal, sealed_size};

/// Bytes of every slot before sealing.
pub const PLAIN: usize = 32 * 1024;
/// Bytes of every sealed slot.
pub const SEALED: usize = sealed_size(PLAIN);

const CONTEXT: &str = "qingniao/slot/v2";

/// The content of a slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
// Variants differ in size; values are short-lived, so boxing gains nothing.
#[allow(clippy::large_enum_variant)]
pub enum Slot {
    /// Made by the browser with the first visit to a mailbox, signed by the reporter's key.
    First {
        /// Id of the mailbox.
        mailbox: MailboxId,
        /// The day of the visit, by the reporter's own clock.
        day: Day,
        /// The letter that came with it; none if that was a cover letter, so that nothing is kept under these words.
        received: Vec<ListedLetter>,
    },
    /// Made by the post at an exchange, signed by the post's key.
    Post(PostSlot),
}

/// A letter that was received, and what has come of its enclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedLetter {
    /// The letter's own id.
    pub letter: LetterId,
    /// The state of its enclosure.
    pub enclosure: EnclosureState,
}

/// How much of a letter's enclosure the post has. Officers read the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum EnclosureState {
    /// The letter has none.
    None {},
    /// The letter says that one follows; the letter came on the day of the slot.
    Announced {},
    /// All of it has arrived.
    Whole {},
    /// It has not arrived whole, although the letter came on an earlier day: the files must be sent again.
    Incomplete {
        /// The day on which the letter came.
        since: Day,
    },
}

/// The content of the post's slot for a reporter.
#[serde_as]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostSlot {
    /// Id of the mailbox.
    pub mailbox: MailboxId,
    /// Increases by one at every exchange, so that an old slot is noticed.
    #[serde_as(as = "Exact")]
    pub number: u64,
    /// The day of the exchange.
    pub day: Day,
    /// Serial of the newest key statement. Who is given an older one is given keys that were replaced.
    #[serde_as(as = "Exact")]
    pub statement: u64,
    /// Number of older letters that were left out for lack of room.
    #[serde_as(as = "Exact")]
    pub earlier: u64,
    /// The other letters collected so far, oldest first; cover letters are none.
    pub received: Vec<ListedLetter>,
    /// The stage of the handling, as shown to the reporter.
    pub state: ReportState,
    /// The outcome, once it is decided.
    pub outcome: Option<ReportOutcome>,
    /// The post's deadlines. They follow from the day of the first letter
    /// alone, so that they reveal nothing of how the report is judged.
    pub due: Option<Due>,
    /// Messages of the post, oldest first.
    pub messages: Vec<Message>,
    /// Whether older messages were left out for lack of room.
    pub dropped: bool,
    /// The day on which everything that had been sent until then was erased.
    pub erased_on: Option<Day>,
    /// Who had access: an [`AccessList`](crate::log::access_list::AccessList) signed by the recorder.
    pub access: Signed,
    /// Proof that those records are in the log; `None` before a witness has cosigned it.
    pub witnessed: Option<Witnessed>,
}

/// Most letters in a slot; the newest are kept.
pub const MOST_LETTERS: usize = 30;
/// Most bytes of JSON for one message. Several messages then fit, and the newest always does.
pub const MESSAGE: usize = 12 * 1024;

codes! {
    /// The stage of the handling, as shown to the reporter. It is neutral until the case is decided: a polluter may
    /// report itself to learn what is known.
    ReportState {
        /// Collected, but not opened yet.
        Received = "received",
        /// Opened by an officer.
        Read = "read",
        /// The post has sent a message.
        Answered = "answered",
    }
}

/// The outcome of a report. It is shown only once it is decided; see [`ReportState`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ReportOutcome {
    /// Not a matter of this authority.
    NotOurs {},
    /// The matter was known before the report came.
    Known {},
    /// The report contains too little to be checked.
    NotEffective {},
    /// Checked, and nothing was found.
    NotConfirmed {},
    /// Checked and found: minor, put right, and by law without a penalty, so that no reward follows.
    Minor {},
    /// Checked and found; a reward was decided, which may be zero.
    Confirmed {
        /// The day on which the reward was decided.
        decided_on: Day,
        /// The reward and its explanation.
        award: Award,
        /// Whether the case is closed by now.
        closed: bool,
        /// The state of the claim to it.
        claim: ClaimStatus,
    },
}

/// The state of a claim, and what the reporter may do. Amounts are in fen.
#[serde_as]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimStatus {
    /// The state of the claim.
    pub state: ClaimState,
    /// The last day of this state: to choose, to fetch the money, or for the answer to a request for reconsideration.
    pub last_day: Option<Day>,
    /// The last day on which reconsideration may be asked for; `None` where it may not.
    pub reconsider_until: Option<Day>,
    /// Number of the current offer, which a choice names and from which the note is derived.
    pub offer_number: u32,
    /// Whether the rules allow payment against the code.
    pub against_code: bool,
    /// The amount due and not paid.
    #[serde_as(as = "Exact")]
    pub open_fen: i64,
    /// The amount paid so far.
    #[serde_as(as = "Exact")]
    pub paid_fen: i64,
    /// The day of the last payment.
    pub paid_on: Option<Day>,
    /// The amount awarded before a correction.
    #[serde_as(as = "Option<Exact>")]
    pub before_fen: Option<i64>,
    /// The day on which the reporter's request for reconsideration was answered.
    pub answered_on: Option<Day>,
}

/// The state of a claim, as shown to the reporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimState {
    /// There is nothing to claim.
    Nothing,
    /// The reward may be taken or refused.
    Open,
    /// An order is issued for the reporter's note.
    Note,
    /// The custodian was asked for the payee, and finance is to pay.
    Transfer,
    /// The reward was paid.
    Paid,
    /// The last day passed without a claim or a payment.
    Lapsed,
    /// The reporter refused it, and may still claim it.
    Refused,
    /// The report stated that no reward is wanted; the reporter may still claim it.
    Waived,
    /// The award is being reconsidered.
    Reconsidering,
    /// The amount is being corrected; nothing is paid meanwhile.
    Correcting,
}

/// A message of the post: plain text, shown as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The day on which it was written.
    pub day: Day,
    /// The text, at most [`MESSAGE`] bytes as JSON.
    pub text: String,
}

impl Slot {
    /// Signs and pads the slot, and seals it to the reporter. Returns [`SEALED`] bytes.
    pub fn seal(&self, key: &SigningKey, reply_to: &HybridRecipient) -> Result<Vec<u8>, io::Error> {
        let signed = Signed::sign(self, CONTEXT, key).map_err(io::Error::other)?;
        let plain = padded::pad(&signed, PLAIN).map_err(io::Error::other)?;
        seal(reply_to, &plain)
    }

    /// Seals the post's slot with as many of the newest messages as fit, and sets `dropped` if one was left out.
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

    /// Reads an opened slot. A first slot is verified under the reporter's
    /// own key, any other under the post's. It must be for this mailbox.
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
        let slot: Self = signed.verify_strictly(CONTEXT, key)?;
        if slot.mailbox() == mailbox { Ok(slot) } else { Err(BadSlot::Foreign) }
    }

    /// The mailbox that the slot names.
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
    /// The content is not of its format.
    #[error("the slot is not of its format")]
    Message(#[from] BadMessage),
    /// Not signed by the reporter (first slot) or the post.
    #[error("the slot's signature is refused")]
    Signature(#[from] BadSignature),
    /// It is another mailbox's slot.
    #[error("the slot belongs to another mailbox")]
    Foreign,
}
