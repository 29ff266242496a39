//! Letters: what a browser seals. Report, follow-up, claim and cover letter have one size.

use ed25519_dalek::SigningKey;
use model::LetterDigest;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keys::signature::{BadSignature, Signed, VerificationKey};
use crate::letters::claim_note::NoteHash;
use crate::letters::mailbox::{LetterId, MailboxId};
use crate::sealing::enclosure::EnclosureKey;
use crate::sealing::identity_envelope::SealedIdentity;
use crate::sealing::padded::{self, BadMessage};
use crate::sealing::recipient::HybridRecipient;

/// Bytes of every letter before sealing: about 15,000 Chinese characters and all keys; more
/// goes into the enclosure.
pub const LETTER: usize = 64 * 1024;

const CONTEXT: &str = "qingniao/letter/v1";

/// A letter's content: everything that its signature covers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// The mailbox that it came through; must be the one on the outside.
    pub mailbox: MailboxId,
    /// Random, chosen by the browser.
    pub letter: LetterId,
    /// 0 for the first letter, then one more than the letter that `previous` names. Cover letters: 0.
    pub sequence: u32,
    /// The last letter that the slot told of. Forks from two quick visits are accepted.
    pub previous: Option<LetterDigest>,
    /// Where answers are sealed to.
    pub reply_to: HybridRecipient,
    /// What this mailbox's letters are signed with.
    pub verify_with: VerificationKey,
    /// The serial of the key statement that the browser sealed under.
    pub statement: u64,
    /// What the letter says.
    pub body: Body,
    /// The key to the enclosure, if one follows.
    pub enclosure: Option<EnclosureKey>,
    /// Always present in a report, a dummy when anonymous; the payee in a choice to be paid openly;
    /// absent in other letters.
    pub identity: Option<SealedIdentity>,
}

/// What a letter says, by kind.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Body {
    /// The first letter of a mailbox.
    Report(Box<Report>),
    /// Anything later that the reporter wants to add.
    FollowUp {
        /// Plain text.
        text: String,
    },
    /// What the reporter chooses about an award.
    Claim {
        /// The choice.
        choice: Choice,
        /// Plain text to the post; with a request for reconsideration the reasons.
        text: String,
    },
    /// Says nothing: sent by every visit that only looks.
    Cover {},
}

/// What a reporter does about an award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "choice", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Choice {
    /// To be paid against the code: whoever shows the note of this hash.
    Note {
        /// Which offer it answers; the number of the mailbox's note.
        offer_number: u32,
        /// The note's hash.
        note: NoteHash,
    },
    /// To be paid openly: the payee is in the identity envelope.
    Open {
        /// Which offer it answers.
        offer_number: u32,
    },
    /// Not to be paid.
    Refuse {
        /// Which offer it answers.
        offer_number: u32,
    },
    /// To have it looked at again.
    Reconsider {
        /// Which offer it answers.
        offer_number: u32,
    },
}

impl Choice {
    /// Which offer it answers: a letter of an earlier one chooses nothing any more.
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

/// A report, field by field as the form asks. Codes are those of `casework::reports`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Category code, such as `covert-discharge`.
    pub category: String,
    /// Enterprise or person reported.
    pub party: String,
    /// Where.
    pub address: String,
    /// Township or subdistrict.
    pub town: String,
    /// What happens and how it is hidden.
    pub what: String,
    /// When it happened.
    pub when: String,
    /// Whether it goes on: `yes`, `no` or `unknown`.
    pub ongoing: String,
    /// How the reporter knows.
    pub knowledge: String,
    /// What evidence there is and where.
    pub evidence: String,
    /// `public`, `insider` or `organisation`.
    pub reporter: String,
    /// To whom it was reported before.
    pub elsewhere: String,
    /// What danger the reporter fears.
    pub danger: String,
    /// Whether a reward is wanted: `yes`, `no` or `later`.
    pub reward: String,
    /// `anonymous` or `real-name`; the name itself is only in the identity envelope.
    pub naming: String,
    /// Through which channel it came, where the post sealed it for somebody: a code of
    /// `casework::reports`. Empty, and not written, for what a browser sends.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
}

/// Why a letter cannot be written or is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadLetter {
    /// Too long, the wrong size or not of the format.
    #[error("the letter is not of its format")]
    Message(#[from] BadMessage),
    /// Signed by nobody, or not by the key it names.
    #[error("the letter's signature is refused")]
    Signature(#[from] BadSignature),
    /// An identity envelope where none belongs, or none where one does.
    #[error("an identity envelope belongs in every report and in a choice to be paid openly, and in nothing else")]
    Identity,
    /// The letter inside was written for another mailbox, id or key than the outside says.
    #[error("the letter does not belong to the mailbox that it came through")]
    Foreign,
}

impl Letter {
    /// Signs and pads: the plaintext of the inner age file, [`LETTER`] bytes.
    pub fn sign(&self, key: &SigningKey) -> Result<Zeroizing<Vec<u8>>, BadLetter> {
        self.check_identity()?;
        let signed = Signed::sign(self, CONTEXT, key)?;
        Ok(padded::pad(&signed, LETTER)?)
    }

    /// Reads a letter and verifies it under the key that it names itself. Whether that key is
    /// the mailbox's is for the outer header to say.
    pub fn read(plain: &[u8]) -> Result<Self, BadLetter> {
        let signed: Signed = padded::unpad(plain, LETTER)?;
        let claimed: Self = signed.unverified()?;
        let letter: Self = signed.verify(CONTEXT, &claimed.verify_with)?;
        letter.check_identity()?;
        Ok(letter)
    }

    fn check_identity(&self) -> Result<(), BadLetter> {
        let needed = matches!(self.body, Body::Report(_) | Body::Claim { choice: Choice::Open { .. }, .. });
        if needed == self.identity.is_some() { Ok(()) } else { Err(BadLetter::Identity) }
    }
}
