//! Mailbox tokens, mailbox ids and letter ids: identifiers that hold nothing of the content.

use model::hex_id;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The token of a mailbox: its bearer may fetch the (sealed) slot. No `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MailboxToken([u8; 32]);

impl From<[u8; 32]> for MailboxToken {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl MailboxToken {
    /// The id that the portal stores: SHA-256 of the token, so that a stolen table gives access to no mailbox.
    #[must_use]
    pub fn mailbox_id(&self) -> MailboxId {
        MailboxId(Sha256::digest(self.0).into())
    }

    /// The bytes that are sent in a visit.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

hex_id!(
    /// The id by which the portal knows a mailbox: SHA-256 of its token.
    MailboxId, 32
);
hex_id!(
    /// Sixteen random bytes that a letter carries inside its seal.
    LetterId, 16
);
impl MailboxId {
    /// The mailbox's row key: the first 63 bits of the id, never negative. It is random, so that the order of rows does
    /// not reveal the order of arrival.
    #[must_use]
    pub fn row_key(&self) -> i64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        i64::from_be_bytes(first) & i64::MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_spelling_and_say_nothing_in_debug() {
        let id: MailboxId = "ab".repeat(32).parse().expect("hex");
        assert_eq!(id.to_hex(), "ab".repeat(32));
        assert_eq!(format!("{id:?}"), "MailboxId(..)");
        assert!("AB".repeat(32).parse::<MailboxId>().is_err());
        assert!("ab".repeat(31).parse::<MailboxId>().is_err());
        assert!(MailboxId::from([0xff; 32]).row_key() > 0);
    }
}
