//! Letters: what a browser seals. Reports, follow-ups, claims and cover letters have one size.

use ed25519_dalek::SigningKey;
use model::Exact;
use serde::{Deserialize, Serialize};
use serde_with::serde_as;
use zeroize::Zeroizing;

use crate::keys::signature::{BadSignature, Signed, VerificationKey};
use crate::letters::claim_note::NoteHash;
use crate::letters::mailbox::{LetterId, MailboxId, MailboxKeys, MailboxLock};
use crate::sealing::enclosure::EnclosureSeed;
use crate::sealing::identity_envelope::SealedIdentity;
use crate::sealing::padded::{self, BadMessage};
use crate::sealing::recipient::HybridRecipient;

/// Bytes of every letter before sealing: about 15,000 Chinese
/// characters and all keys. Longer content goes into the enclosure.
pub const LETTER: usize = 64 * 1024;

const CONTEXT: &str = "qingniao/letter/v2";

/// A letter's content: everything that its signature covers.
#[serde_as]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// The lock of the mailbox that it came through; must equal the one in the outer header.
    pub lock: MailboxLock,
    /// Random id, chosen by the browser.
    pub letter: LetterId,
    /// 0 for the first letter, then one more than in the letter that `previous` names; 0 in cover letters.
    pub sequence: u32,
    /// The last letter that the slot listed. Forks caused by two quick visits are accepted.
    pub previous: Option<LetterId>,
    /// The recipient to which answers are sealed.
    pub reply_to: HybridRecipient,
    /// The key that verifies this mailbox's letters.
    pub verify_with: VerificationKey,
    /// The serial of the key statement whose keys the browser used.
    #[serde_as(as = "Exact")]
    pub statement: u64,
    /// The content of the letter, by kind.
    pub body: Body,
    /// The seed of the key that opens the enclosure, if one follows. Its size is not signed: a later attempt may hold
    /// other files.
    pub enclosure: Option<EnclosureSeed>,
    /// Present in every report, as a dummy if anonymous; holds the
    /// payee in a choice to be paid openly; absent in other letters.
    pub identity: Option<SealedIdentity>,
}

/// The content of a letter, by kind.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Body {
    /// A report, the first letter of a mailbox.
    Report(Box<Report>),
    /// Anything that the reporter adds later.
    FollowUp {
        /// The addition, in plain text.
        text: String,
    },
    /// The reporter's choice about an award.
    Claim {
        /// The choice, with its offer number.
        choice: Choice,
        /// Plain text for the post; with a request for reconsideration, the reasons.
        text: String,
    },
    /// A cover letter, without content: sent by every visit that only checks the mailbox.
    Cover {},
}

/// A reporter's choice about an award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "choice", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Choice {
    /// To be paid against the code, to the bearer of the note with this hash.
    Note {
        /// Number of the offer that it answers, and of the mailbox's note.
        offer_number: u32,
        /// The hash of the note.
        note: NoteHash,
    },
    /// To be paid openly: the payee is in the identity envelope.
    Open {
        /// Number of the offer that it answers.
        offer_number: u32,
    },
    /// To refuse the reward.
    Refuse {
        /// Number of the offer that it answers.
        offer_number: u32,
    },
    /// To ask for reconsideration.
    Reconsider {
        /// Number of the offer that it answers.
        offer_number: u32,
    },
}

impl Choice {
    /// Number of the offer that it answers. A choice for an earlier offer has no effect.
    #[must_use]
    pub fn offer_number(&self) -> u32 {
        match self {
            Self::Note { offer_number, .. }
            | Self::Open { offer_number }
            | Self::Refuse { offer_number }
            | Self::Reconsider { offer_number } => *offer_number,
        }
    }
}

/// A report with the fields of the form. Codes are those of `casework::reports`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Category code, such as `covert-discharge`.
    pub category: String,
    /// The enterprise or person that is reported.
    pub party: String,
    /// Address of the place.
    pub address: String,
    /// Township or subdistrict of the place.
    pub town: String,
    /// What happens and how it is hidden.
    pub what: String,
    /// When it happens or happened.
    pub when: String,
    /// Whether it is still going on: `yes`, `no` or `unknown`.
    pub ongoing: String,
    /// How the reporter knows of it.
    pub knowledge: String,
    /// What evidence there is and where.
    pub evidence: String,
    /// The kind of reporter: `public`, `insider` or `organisation`.
    pub reporter: String,
    /// Where it was reported before.
    pub elsewhere: String,
    /// The danger that the reporter fears.
    pub danger: String,
    /// Whether a reward is wanted: `yes`, `no` or `later`.
    pub reward: String,
    /// `anonymous` or `real-name`; the name itself is only in the identity envelope.
    pub naming: String,
    /// Whether only a chosen few may read the report. The mailbox keeps the mark.
    pub restricted: bool,
    /// The channel, as a code of `casework::reports`, if the post sealed the report for somebody. Empty, and omitted in
    /// JSON, for a report from a browser.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
}

/// Why a letter cannot be written or is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadLetter {
    /// The text is too long, or size or format is wrong.
    #[error("the letter is not of its format")]
    Message(#[from] BadMessage),
    /// The signature is missing, or not by the key that the letter names.
    #[error("the letter's signature is refused")]
    Signature(#[from] BadSignature),
    /// An identity envelope is present where none belongs, or missing where one does.
    #[error("an identity envelope belongs in every report and in a choice to be paid openly, and in nothing else")]
    Identity,
    /// The letter was written for another mailbox, id or key than the outer header names.
    #[error("the letter does not belong to the mailbox that it came through")]
    Foreign,
}

impl Letter {
    /// Signs and pads the letter. Returns the plaintext of the inner age file, [`LETTER`] bytes.
    pub fn sign(&self, key: &SigningKey) -> Result<Zeroizing<Vec<u8>>, BadLetter> {
        self.check_identity()?;
        let signed = Signed::sign(self, CONTEXT, key)?;
        Ok(padded::pad(&signed, LETTER)?)
    }

    /// Reads a letter and verifies it under the key that it names itself.
    /// Whether that key is the mailbox's is checked against the outer header.
    pub fn read(plain: &[u8]) -> Result<Self, BadLetter> {
        let signed: Signed = padded::unpad(plain, LETTER)?;
        let claimed: Self = signed.unverified()?;
        let letter: Self = signed.verify_strictly(CONTEXT, &claimed.verify_with)?;
        letter.check_identity()?;
        Ok(letter)
    }

    /// The mailbox that it was written for.
    #[must_use]
    pub fn mailbox(&self) -> MailboxId {
        MailboxId::of(&self.lock, &MailboxKeys::of(&self.verify_with, &self.reply_to))
    }

    fn check_identity(&self) -> Result<(), BadLetter> {
        let needed = matches!(self.body, Body::Report(_) | Body::Claim { choice: Choice::Open { .. }, .. });
        if needed == self.identity.is_some() { Ok(()) } else { Err(BadLetter::Identity) }
    }
}
