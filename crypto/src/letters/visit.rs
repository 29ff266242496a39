//! A visit: the one request that every text action is, of one fixed size, and its answer, a slot.
//!
//! `qingniao/visit/v1\n`, mailbox token (32), sealed letter, first slot. Report, follow-up,
//! looking and claiming differ in nothing that the portal or the network can see.

use crate::letters::mailbox::MailboxToken;
use crate::sealing::outer;
use crate::sealing::sealed::{self, BadForm};
use crate::slots::slot;

/// The first line, so that a later version can be told apart.
pub const MAGIC: &[u8] = b"qingniao/visit/v1\n";
const TOKEN: usize = 32;
/// Bytes of every visit.
pub const VISIT: usize = MAGIC.len() + TOKEN + outer::SEALED + slot::SEALED;

/// A visit's parts, borrowed from the request.
pub struct Visit<'a> {
    /// Reaches the mailbox.
    pub token: MailboxToken,
    /// The sealed letter.
    pub letter: &'a [u8],
    /// The slot to keep if the mailbox is new.
    pub first_slot: &'a [u8],
}

/// Why a request is no visit.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadVisit {
    /// Too long, too short, or another version.
    #[error("a visit has {VISIT} bytes and begins with its version")]
    Size,
    /// The letter is not in the form of a sealed letter.
    #[error("the letter is refused")]
    Letter(#[source] BadForm),
    /// The slot is not in the form of a sealed slot.
    #[error("the first slot is refused")]
    Slot(#[source] BadForm),
}

impl<'a> Visit<'a> {
    /// Parses and checks the form of all parts; no key is needed.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, BadVisit> {
        if bytes.len() != VISIT {
            return Err(BadVisit::Size);
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or(BadVisit::Size)?;
        let (token, rest) = rest.split_first_chunk::<TOKEN>().ok_or(BadVisit::Size)?;
        let (letter, first_slot) = rest.split_at(outer::SEALED);
        sealed::check_form(letter, outer::PLAIN).map_err(BadVisit::Letter)?;
        sealed::check_form(first_slot, slot::PLAIN).map_err(BadVisit::Slot)?;
        Ok(Self { token: MailboxToken::from(*token), letter, first_slot })
    }

    /// Writes the request.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [MAGIC, self.token.expose(), self.letter, self.first_slot].concat()
    }
}
