//! Opening letters: the recorder removes the outer layer, the post the inner one.

use crypto::letters::letter::{BadLetter, LETTER, Letter};
use crypto::letters::mailbox::MailboxId;
use crypto::sealing::identity_envelope::{self, BadEnvelope, IdentityEnvelope, SealedIdentity};
use crypto::sealing::outer::{self, Header};
use crypto::sealing::padded::BadMessage;

use crate::identity::{HybridIdentity, OpenError};

/// Why a letter counts as unreadable.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// It is not sealed to this key, or was altered.
    #[error("it does not open")]
    Open(#[from] OpenError),
    /// It opens, but is not of its format.
    #[error("what is inside is not of its format")]
    Message(#[from] BadMessage),
    /// It opens, but the letter is refused.
    #[error("the letter is refused")]
    Letter(#[from] BadLetter),
    /// The identity envelope inside is refused.
    #[error("the identity envelope is refused")]
    Envelope(#[from] BadEnvelope),
}

/// Removes the outer layer. Returns the header and the inner file, which only the post can open.
pub fn open_outer(recorder: &HybridIdentity, sealed: &[u8]) -> Result<(Header, Vec<u8>), LetterError> {
    Ok(outer::split(recorder.open(sealed, outer::PLAIN)?)?)
}

/// Opens the inner file. Refuses a letter that is not the one named in its header.
pub fn open_inner(post: &HybridIdentity, header: &Header, inner: &[u8]) -> Result<Letter, LetterError> {
    let letter = Letter::read(&post.open(inner, LETTER)?)?;
    header.admits(&letter)?;
    Ok(letter)
}

/// Opens an identity envelope, which must belong to the mailbox that it was requested for.
pub fn open_identity(
    custodian: &HybridIdentity,
    envelope: &SealedIdentity,
    mailbox: &MailboxId,
) -> Result<IdentityEnvelope, LetterError> {
    let plain = custodian.open(envelope.as_bytes(), identity_envelope::PLAIN)?;
    Ok(IdentityEnvelope::read(&plain, mailbox)?)
}
