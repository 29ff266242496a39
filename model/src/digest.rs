//! SHA-256 digests and other ids of a fixed size, written in lower-case hexadecimal.

use sha2::{Digest as _, Sha256};

/// Declares a fixed-size id that is written in lower-case hexadecimal. The calling crate depends on `hex` and `serde`.
#[macro_export]
macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $size:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $size]);

        impl $name {
            /// The raw bytes of the id.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; $size] {
                &self.0
            }

            /// The id in lower-case hexadecimal.
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
            type Err = $crate::BadId;

            fn from_str(text: &str) -> Result<Self, $crate::BadId> {
                // Only one spelling, because other languages compare ids as text.
                if text.bytes().any(|b| b.is_ascii_uppercase()) {
                    return Err($crate::BadId);
                }
                let mut bytes = [0; $size];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| $crate::BadId)?;
                Ok(Self(bytes))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::BadId;

            fn try_from(text: String) -> Result<Self, $crate::BadId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_hex()
            }
        }

        /// Prints only the kind of the id: ids of mailboxes and letters do not belong in logs.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

/// The text is not lower-case hexadecimal of the id's length.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is lower-case hexadecimal of a fixed length")]
pub struct BadId;

hex_id!(
    /// SHA-256 of anything except a sealed letter: an entry, an order, a rule set, a file.
    Digest, 32
);
hex_id!(
    /// SHA-256 of a sealed letter, by which slot, recorder and enclosure refer to it.
    LetterDigest, 32
);

impl Digest {
    /// Computes the digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl LetterDigest {
    /// Computes the digest of a sealed letter's bytes.
    #[must_use]
    pub fn of(sealed: &[u8]) -> Self {
        Self(Sha256::digest(sealed).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_spelling_and_say_nothing_in_debug() {
        let id: LetterDigest = "ab".repeat(32).parse().expect("hex");
        assert_eq!(id.to_hex(), "ab".repeat(32));
        assert_eq!(format!("{id:?} {:?}", Digest::from([0; 32])), "LetterDigest(..) Digest(..)");
        assert!("AB".repeat(32).parse::<Digest>().is_err());
        assert!("ab".repeat(31).parse::<Digest>().is_err());
    }

    #[test]
    fn a_digest_is_sha256() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((Digest::of(b"abc").to_hex(), LetterDigest::of(b"abc").to_hex()), (abc.to_owned(), abc.to_owned()));
    }
}
