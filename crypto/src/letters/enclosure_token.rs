//! The right to send a letter's enclosure: a secret of the letter's writer, of which the letter brings the hash along.

use std::str::FromStr;

use model::{BadId, hex_id};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::letters::mailbox::hash;

/// The secret that permits sending the enclosure of one letter. No `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct EnclosureToken([u8; 32]);

hex_id!(
    /// The hash of a letter's enclosure token. Every visit carries one, at random where no enclosure follows, so that
    /// nobody sees which letters have attachments before they are sent.
    EnclosureLock, 32
);

impl From<[u8; 32]> for EnclosureToken {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for EnclosureToken {
    type Err = BadId;

    /// Reads 64 lower-case hexadecimal characters.
    fn from_str(text: &str) -> Result<Self, BadId> {
        let mut token = Self([0; 32]);
        match hex::decode_to_slice(text, &mut token.0) {
            Ok(()) if !text.bytes().any(|byte| byte.is_ascii_uppercase()) => Ok(token),
            _ => Err(BadId),
        }
    }
}

impl EnclosureToken {
    /// The lock that only this token fits.
    #[must_use]
    pub fn lock(&self) -> EnclosureLock {
        EnclosureLock::from(hash("qingniao/enclosure-lock/v2\n", &[&self.0]))
    }

    /// The bytes that are sent with every part.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}
