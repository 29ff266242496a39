//! The reporter's side in Rust: what the browser does. The post uses it to seal reports for people without a browser;
//! tests, benchmarks and vectors use it too.

use crypto::keys::signature::VerificationKey;
use crypto::keys::statement::VerifiedStatement;
use crypto::letters::claim_note::ClaimNote;
use crypto::letters::enclosure_token::EnclosureToken;
use crypto::letters::letter::{BadLetter, Body, Letter};
use crypto::letters::mailbox::{LetterId, MailboxId, MailboxKeys, MailboxLock};
use crypto::letters::receipt::ReceiptCode;
use crypto::letters::visit::Visit;
use crypto::sealing::enclosure::EnclosureSeed;
use crypto::sealing::identity_envelope::IdentityEnvelope;
use crypto::sealing::outer::{self, SealError};
use crypto::slots::slot::{self, BadSlot, EnclosureState, ListedLetter, Slot};
use ed25519_dalek::SigningKey;
use model::{Day, LetterDigest};

use crate::identity::{HybridIdentity, OpenError};

/// A reporter: all keys of one receipt code. No `Debug`.
pub struct Reporter {
    code: ReceiptCode,
    identity: HybridIdentity,
    signing: SigningKey,
}

/// A visit ready to be sent.
pub struct SealedVisit {
    /// The bytes of the request.
    pub request: Vec<u8>,
    /// The sealed letter's digest, by which the post refers to it.
    pub digest: LetterDigest,
}

/// Why a visit could not be made, or its answer could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReporterError {
    /// The letter is refused before sealing, for example as too long.
    #[error("the letter cannot be written")]
    Letter(#[from] BadLetter),
    /// The letter could not be sealed.
    #[error("the letter cannot be sealed")]
    Seal(#[from] SealError),
    /// The first slot or the identity envelope could not be sealed.
    #[error("a part cannot be sealed")]
    Io(#[from] std::io::Error),
    /// The answer does not open.
    #[error("the slot does not open")]
    Open(#[from] OpenError),
    /// The answer opens but is refused.
    #[error("the slot is refused")]
    Slot(#[from] BadSlot),
}

impl Reporter {
    /// Derives all keys of a receipt code.
    #[must_use]
    pub fn new(code: ReceiptCode) -> Self {
        let identity = HybridIdentity::from_seed(code.reply_seed().expose());
        let signing = SigningKey::from_bytes(code.signing_seed().expose());
        Self { code, identity, signing }
    }

    /// Id of the reporter's mailbox.
    #[must_use]
    pub fn mailbox(&self) -> MailboxId {
        MailboxId::of(&self.mailbox_lock(), &self.mailbox_keys())
    }

    /// The lock of the mailbox, which its letters carry.
    #[must_use]
    pub fn mailbox_lock(&self) -> MailboxLock {
        self.code.mailbox_secret().lock()
    }

    /// The hash of the mailbox's keys.
    #[must_use]
    pub fn mailbox_keys(&self) -> MailboxKeys {
        MailboxKeys::of(&self.verification_key(), &self.identity.recipient())
    }

    /// The key that verifies this mailbox's letters.
    #[must_use]
    pub fn verification_key(&self) -> VerificationKey {
        VerificationKey::of(&self.signing)
    }

    /// The key that signs letters and first slots.
    #[must_use]
    pub fn signing_key(&self) -> &SigningKey {
        &self.signing
    }

    /// The identity that opens slots.
    #[must_use]
    pub fn identity(&self) -> &HybridIdentity {
        &self.identity
    }

    /// The mailbox's claim note for this offer number.
    #[must_use]
    pub fn claim_note(&self, number: u32) -> ClaimNote {
        ClaimNote::derive(&self.code.claim_key(), number)
    }

    /// The token that permits sending the enclosure of this letter.
    #[must_use]
    pub fn enclosure_token(&self, letter: &LetterId) -> EnclosureToken {
        self.code.enclosure_token(letter)
    }

    /// The seed of the key that opens the enclosure of this letter, which a letter with an enclosure carries.
    #[must_use]
    pub fn enclosure_seed(&self, letter: &LetterId) -> EnclosureSeed {
        self.code.enclosure_seed(letter)
    }

    /// Writes a first letter: sequence 0, no enclosure, and in a report an anonymous identity envelope.
    pub fn letter(&self, id: LetterId, body: Body, keys: &VerifiedStatement) -> Result<Letter, ReporterError> {
        let identity = match body {
            Body::Report(_) => {
                let dummy = IdentityEnvelope { mailbox: self.mailbox(), identity: None };
                Some(dummy.seal(&keys.keys.custodian)?)
            }
            _ => None,
        };
        Ok(Letter {
            lock: self.mailbox_lock(),
            letter: id,
            sequence: 0,
            previous: None,
            reply_to: self.identity.recipient(),
            verify_with: self.verification_key(),
            statement: keys.statement.serial,
            body,
            enclosure: None,
            identity,
        })
    }

    /// Signs and seals a letter into a visit, with a first slot.
    pub fn visit(&self, letter: &Letter, keys: &VerifiedStatement, day: Day) -> Result<SealedVisit, ReporterError> {
        let signed = letter.sign(&self.signing)?;
        let sealed = outer::seal(letter, &signed, &keys.statement.post, &keys.statement.recorder)?;
        let digest = LetterDigest::of(&sealed);
        let announced = letter.enclosure.as_ref().map_or(EnclosureState::None {}, |_| EnclosureState::Announced {});
        let received = match letter.body {
            Body::Cover {} => Vec::new(),
            _ => vec![ListedLetter { letter: letter.letter, enclosure: announced }],
        };
        let first_slot = Slot::First { mailbox: letter.mailbox(), day, received };
        let first_slot = first_slot.seal(&self.signing, &self.identity.recipient())?;
        let (secret, keys) = (self.code.mailbox_secret(), self.mailbox_keys());
        let enclosure = self.enclosure_token(&letter.letter).lock();
        let visit = Visit { secret, keys, enclosure, letter: &sealed, first_slot: &first_slot };
        Ok(SealedVisit { request: visit.to_bytes(), digest })
    }

    /// Opens and verifies the slot that answered a visit.
    pub fn read_slot(&self, sealed: &[u8], keys: &VerifiedStatement) -> Result<Slot, ReporterError> {
        let plain = self.identity.open(sealed, slot::PLAIN)?;
        let post = keys.statement.post_signing.key();
        Ok(Slot::read(&plain, &self.mailbox(), &self.verification_key(), &post)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::sealing::outer::Header;

    /// H1 of the review: who knew a mailbox's id could send a letter to it with keys of their own.
    #[test]
    fn a_letter_with_another_lock_or_key_names_another_mailbox() {
        let header = |seed: u8| {
            let reporter = Reporter::new(ReceiptCode::from_random([seed; 16]));
            let header = Header {
                lock: reporter.mailbox_lock(),
                letter: LetterId::from([1; 16]),
                reply_to: reporter.identity().recipient(),
                verify_with: reporter.verification_key(),
                cover: false,
                restricted: false,
                enclosure: false,
            };
            (header, reporter.mailbox())
        };
        let ((own, mailbox), (other, _)) = (header(1), header(2));
        assert_eq!(own.mailbox(), mailbox);
        let forged = [
            Header { lock: own.lock, ..other.clone() },
            Header { reply_to: other.reply_to.clone(), ..own.clone() },
            Header { verify_with: other.verify_with, ..own.clone() },
            Header { lock: other.lock, ..own },
        ];
        assert!(forged.iter().all(|header| header.mailbox() != mailbox));
    }
}
