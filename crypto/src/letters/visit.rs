//! A visit: the one request of every text action, always of one size; its answer is a slot.
//!
//! Layout: `qingniao/visit/v2\n`, the mailbox's secret (32 bytes), the hash of its keys (32 bytes), the lock of the
//! letter's enclosure (32 bytes, random where none follows), sealed letter, first slot. Reports, follow-ups, checks of the mailbox and claims do not differ in anything that the portal or the network
//! can see.

use crate::letters::enclosure_token::EnclosureLock;
use crate::letters::mailbox::{MailboxId, MailboxKeys, MailboxSecret};
use crate::sealing::outer;
use crate::sealing::sealed::{self, BadForm};
use crate::slots::slot;

/// The first line, which distinguishes later versions.
pub const MAGIC: &[u8] = b"qingniao/visit/v2\n";
const SECRET: usize = 32;
const KEYS: usize = 32;
const LOCK: usize = 32;
/// Bytes of every visit.
pub const VISIT: usize = MAGIC.len() + SECRET + KEYS + LOCK + outer::SEALED + slot::SEALED;

/// A visit's parts, borrowed from the request.
pub struct Visit<'a> {
    /// The secret of the mailbox.
    pub secret: MailboxSecret,
    /// The hash of the mailbox's keys.
    pub keys: MailboxKeys,
    /// The hash of the token that permits sending the letter's enclosure; random where none follows.
    pub enclosure: EnclosureLock,
    /// The sealed letter, [`outer::SEALED`] bytes.
    pub letter: &'a [u8],
    /// The slot to store if the mailbox is new, [`slot::SEALED`] bytes.
    pub first_slot: &'a [u8],
}

/// Why a request is not a visit.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadVisit {
    /// The size is not [`VISIT`], or the first line is of another version.
    #[error("a visit has {VISIT} bytes and begins with its version")]
    Size,
    /// The letter does not have the form of a sealed letter.
    #[error("the letter is refused")]
    Letter(#[source] BadForm),
    /// The slot does not have the form of a sealed slot.
    #[error("the first slot is refused")]
    Slot(#[source] BadForm),
}

impl<'a> Visit<'a> {
    /// Splits a request and checks the form of all parts; no key is needed.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, BadVisit> {
        if bytes.len() != VISIT {
            return Err(BadVisit::Size);
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or(BadVisit::Size)?;
        let (secret, rest) = rest.split_first_chunk::<SECRET>().ok_or(BadVisit::Size)?;
        let (keys, rest) = rest.split_first_chunk::<KEYS>().ok_or(BadVisit::Size)?;
        let (enclosure, rest) = rest.split_first_chunk::<LOCK>().ok_or(BadVisit::Size)?;
        let (letter, first_slot) = rest.split_at(outer::SEALED);
        sealed::check_form(letter, outer::PLAIN).map_err(BadVisit::Letter)?;
        sealed::check_form(first_slot, slot::PLAIN).map_err(BadVisit::Slot)?;
        let (secret, keys) = (MailboxSecret::from(*secret), MailboxKeys::from(*keys));
        Ok(Self { secret, keys, enclosure: EnclosureLock::from(*enclosure), letter, first_slot })
    }

    /// The mailbox that is visited.
    #[must_use]
    pub fn mailbox(&self) -> MailboxId {
        MailboxId::of(&self.secret.lock(), &self.keys)
    }

    /// The bytes of the request.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { secret, keys, enclosure, letter, first_slot } = self;
        [MAGIC, secret.expose(), keys.as_bytes(), enclosure.as_bytes(), letter, first_slot].concat()
    }
}
