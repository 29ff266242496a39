//! The outer layer of a letter: the header that the recorder reads, and the inner file that it cannot open.

use std::io;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keys::signature::VerificationKey;
use crate::letters::letter::{BadLetter, Body, LETTER, Letter};
use crate::letters::mailbox::{LetterId, MailboxId, MailboxKeys, MailboxLock};
use crate::sealing::padded::{self, BadMessage};
use crate::sealing::recipient::HybridRecipient;
use crate::sealing::sealed::{self, sealed_size};

/// Bytes of the header before the inner file; the recipient alone takes 1,959.
pub const HEADER: usize = 2560;
/// Bytes of the inner age file.
pub const INNER: usize = sealed_size(LETTER);
/// Bytes of the outer plaintext: header and inner file.
pub const PLAIN: usize = HEADER + INNER;
/// Bytes of every sealed letter.
pub const SEALED: usize = sealed_size(PLAIN);

/// The header of a letter, which the recorder reads: enough to seal an answer and to know what to keep, nothing of the
/// content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The lock of the mailbox that the letter is for.
    pub lock: MailboxLock,
    /// The letter's own id.
    pub letter: LetterId,
    /// The reporter's recipient, to which slots are sealed.
    pub reply_to: HybridRecipient,
    /// The key that verifies the mailbox's letters.
    pub verify_with: VerificationKey,
    /// Whether it is a cover letter, which says nothing: nobody needs to open it, and nothing of it is kept.
    pub cover: bool,
    /// Whether it is a report that only a chosen few may read.
    pub restricted: bool,
    /// Whether an enclosure follows, so that one that never comes is noticed before the letter is opened.
    pub enclosure: bool,
}

impl Header {
    /// The header that belongs to a letter.
    #[must_use]
    pub fn of(letter: &Letter) -> Self {
        Self {
            lock: letter.lock,
            letter: letter.letter,
            reply_to: letter.reply_to.clone(),
            verify_with: letter.verify_with,
            cover: matches!(letter.body, Body::Cover {}),
            restricted: matches!(&letter.body, Body::Report(report) if report.restricted),
            enclosure: letter.enclosure.is_some(),
        }
    }

    /// Checks that the letter inside is the one that the header names. Otherwise somebody may have put another
    /// reporter's letter under a new header.
    pub fn admits(&self, letter: &Letter) -> Result<(), BadLetter> {
        if *self == Self::of(letter) { Ok(()) } else { Err(BadLetter::Foreign) }
    }

    /// The mailbox that the letter is for. A letter that came through another one is not its reporter's.
    #[must_use]
    pub fn mailbox(&self) -> MailboxId {
        MailboxId::of(&self.lock, &MailboxKeys::of(&self.verify_with, &self.reply_to))
    }
}

/// Seals a signed letter twice: to the post, then with its header to the recorder. Returns [`SEALED`] bytes.
pub fn seal(
    letter: &Letter,
    signed: &[u8],
    post: &HybridRecipient,
    recorder: &HybridRecipient,
) -> Result<Vec<u8>, SealError> {
    let inner = sealed::seal(post, signed)?;
    let mut plain = padded::pad(&Header::of(letter), HEADER)?;
    plain.extend_from_slice(&inner);
    Ok(sealed::seal(recorder, &plain)?)
}

/// Splits the outer plaintext into its header and the inner age file.
pub fn split(mut plain: Zeroizing<Vec<u8>>) -> Result<(Header, Vec<u8>), BadMessage> {
    if plain.len() != PLAIN {
        return Err(BadMessage::Size);
    }
    let inner = plain.split_off(HEADER);
    let header = padded::unpad(&plain, HEADER)?;
    Ok((header, inner))
}

/// Why a letter could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The header did not fit or the letter was refused.
    #[error("the letter is not of its format")]
    Message(#[from] BadMessage),
    /// The sealing itself failed.
    #[error("sealing failed")]
    Io(#[from] io::Error),
}
