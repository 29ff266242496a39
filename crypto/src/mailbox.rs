//! Mailbox tokens and ids, letter ids and digests: the handles that are not secrets of content.

use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What reaches a mailbox: whoever holds it may fetch the (sealed) slot. No `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MailboxToken([u8; 32]);

impl From<[u8; 32]> for MailboxToken {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl MailboxToken {
    /// The id that the portal keeps: SHA-256 of the token, so that a stolen table reaches no mailbox.
    #[must_use]
    pub fn mailbox_id(&self) -> MailboxId {
        MailboxId(Sha256::digest(self.0).into())
    }

    /// The bytes that travel in a visit.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Declares a fixed-size id that is written in lower-case hexadecimal.
macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $size:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $size]);

        impl $name {
            /// The raw bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; $size] {
                &self.0
            }

            /// Lower-case hexadecimal.
            #[must_use]
            pub fn to_hex(&self) -> String {
                hex::encode(self.0)
            }
        }

        impl From<[u8; $size]> for $name {
            fn from(bytes: [u8; $size]) -> Self {
                Self(bytes)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::mailbox::BadId;

            fn from_str(text: &str) -> Result<Self, $crate::mailbox::BadId> {
                // One spelling only: an id is compared as text in other languages.
                if text.bytes().any(|b| b.is_ascii_uppercase()) {
                    return Err($crate::mailbox::BadId);
                }
                let mut bytes = [0; $size];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| $crate::mailbox::BadId)?;
                Ok(Self(bytes))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::mailbox::BadId;

            fn try_from(text: String) -> Result<Self, $crate::mailbox::BadId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_hex()
            }
        }

        /// Says only which kind of id it is: mailbox and letter ids do not belong in logs.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}
pub(crate) use hex_id;

/// An id was not lower-case hexadecimal of its length.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is lower-case hexadecimal of a fixed length")]
pub struct BadId;

hex_id!(
    /// What the portal knows a mailbox by: SHA-256 of its token.
    MailboxId, 32
);
hex_id!(
    /// Sixteen random bytes that a letter carries inside its seal.
    LetterId, 16
);
hex_id!(
    /// SHA-256 of a sealed letter: what the slot, the recorder and the enclosure know it by.
    LetterDigest, 32
);

impl LetterDigest {
    /// The digest of a sealed letter's bytes.
    #[must_use]
    pub fn of(sealed: &[u8]) -> Self {
        Self(Sha256::digest(sealed).into())
    }
}

impl MailboxId {
    /// The first 63 bits, non-negative: the mailbox's row key : random, so that the order of rows says nothing of the order of arrival.
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
