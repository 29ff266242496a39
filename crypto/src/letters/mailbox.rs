//! Ids of mailboxes and letters. A mailbox's id commits to a secret of its reporter and to the reporter's keys, so that
//! nobody else can send a letter to it or have its answers sealed to other keys.

use model::hex_id;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::keys::signature::VerificationKey;
use crate::sealing::recipient::HybridRecipient;

/// The secret of a mailbox, which every visit sends: its bearer may fetch the (sealed) slot. No `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MailboxSecret([u8; 32]);

impl From<[u8; 32]> for MailboxSecret {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl MailboxSecret {
    /// The lock that only this secret fits. Letters carry it, so that whoever opens them still cannot visit.
    #[must_use]
    pub fn lock(&self) -> MailboxLock {
        MailboxLock(hash("qingniao/mailbox-lock/v2\n", &[&self.0]))
    }

    /// The bytes that are sent in a visit.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

hex_id!(
    /// The hash of a mailbox's secret, a part of its id.
    MailboxLock, 32
);
hex_id!(
    /// The hash of a mailbox's keys, a part of its id.
    MailboxKeys, 32
);
hex_id!(
    /// The id by which everybody knows a mailbox: the hash of its lock and of the hash of its keys.
    MailboxId, 32
);
hex_id!(
    /// Sixteen random bytes that a letter carries inside its seal.
    LetterId, 16
);

impl MailboxKeys {
    /// The hash of the key that verifies the mailbox's letters and of the recipient of its answers.
    #[must_use]
    pub fn of(verify_with: &VerificationKey, reply_to: &HybridRecipient) -> Self {
        Self(hash("qingniao/mailbox-keys/v2\n", &[&verify_with.to_bytes(), &reply_to.to_bytes()]))
    }
}

impl MailboxId {
    /// The mailbox with this lock and these keys. Who stores them apart computes the id again before using a key.
    #[must_use]
    pub fn of(lock: &MailboxLock, keys: &MailboxKeys) -> Self {
        Self(hash("qingniao/mailbox/v2\n", &[&lock.0, &keys.0]))
    }

    /// The mailbox's row key: the first 63 bits of the id, never negative. It is random, so that the order of rows does
    /// not reveal the order of arrival.
    #[must_use]
    pub fn row_key(&self) -> i64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        i64::from_be_bytes(first) & i64::MAX
    }
}

/// SHA-256 of a context and of parts of fixed sizes.
pub(crate) fn hash(context: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(context);
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
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

    #[test]
    fn an_id_changes_with_its_lock_and_with_its_keys() {
        let id = |secret: u8, keys: u8| MailboxId::of(&MailboxSecret([secret; 32]).lock(), &MailboxKeys([keys; 32]));
        assert_eq!(id(1, 1), id(1, 1));
        assert!(id(1, 1) != id(2, 1) && id(1, 1) != id(1, 2) && id(1, 2) != id(2, 1));
    }
}
