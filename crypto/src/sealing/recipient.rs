//! The hybrid recipient: age's native post-quantum type `mlkem768x25519` (`age1pq1…`).
//!
//! Format: <https://age-encryption.org/v1>. HPKE base mode with X-Wing (MLKEM768-X25519),
//! HKDF-SHA256 and ChaCha20-Poly1305. The stanza carries the encapsulated key, and its
//! body the file key. age 1.3 and later open such a file with the private key.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use age_core::format::{FileKey, Stanza};
use age_core::secrecy::ExposeSecret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bech32::{FromBase32 as _, ToBase32 as _, Variant};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable as _, Kem, OpModeS, Serializable as _};
use serde_with::{DeserializeFromStr, SerializeDisplay};

/// The stanza's tag in the age header.
pub const TAG: &str = "mlkem768x25519";
/// HPKE's `info`, from age's specification.
pub const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
/// Bytes of an X-Wing public key.
pub const PUBLIC_KEY: usize = 1216;
/// Bytes of an encapsulated key.
pub const ENCAPSULATED: usize = 1120;
/// Bytes of a wrapped file key: 16 of the key and 16 of the tag.
pub const WRAPPED: usize = 32;

const HRP: &str = "age1pq";

/// A hybrid post-quantum public key.
#[derive(Clone, PartialEq, Eq, SerializeDisplay, DeserializeFromStr)]
pub struct HybridRecipient(Box<<XWing as Kem>::PublicKey>);

/// The text is not an `age1pq1…` recipient.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hybrid post-quantum recipient (age1pq1…)")]
pub struct BadRecipient;

impl HybridRecipient {
    /// Reads the raw public key of 1216 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadRecipient> {
        let key = <XWing as Kem>::PublicKey::from_bytes(bytes).map_err(|_| BadRecipient)?;
        Ok(Self(Box::new(key)))
    }

    /// The raw public key of [`PUBLIC_KEY`] bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    fn wrap(&self, file_key: &FileKey) -> Result<Stanza, hpke::HpkeError> {
        let (encapsulated, body) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &self.0,
            INFO,
            file_key.expose_secret(),
            b"",
        )?;
        let argument = STANDARD_NO_PAD.encode(encapsulated.to_bytes());
        Ok(Stanza { tag: TAG.to_owned(), args: vec![argument], body })
    }
}

impl age::Recipient for HybridRecipient {
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), age::EncryptError> {
        let stanza = self.wrap(file_key).map_err(|error| age::EncryptError::Io(std::io::Error::other(error)))?;
        // The label keeps implementations from adding a classical recipient.
        Ok((vec![stanza], HashSet::from(["postquantum".to_owned()])))
    }
}

impl fmt::Display for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Unwrap safety: encoding fails only for an invalid prefix, and HRP is a constant.
        #[allow(clippy::unwrap_used)]
        let text = bech32::encode(HRP, self.0.to_bytes().to_base32(), Variant::Bech32).unwrap();
        f.write_str(&text)
    }
}

impl fmt::Debug for HybridRecipient {
    /// A reporter's recipient identifies the mailbox, so only its kind is printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HybridRecipient(..)")
    }
}

impl FromStr for HybridRecipient {
    type Err = BadRecipient;

    fn from_str(text: &str) -> Result<Self, BadRecipient> {
        let (hrp, data, variant) = bech32::decode(text).map_err(|_| BadRecipient)?;
        // bech32 also accepts capitals; here a key has only one spelling.
        if hrp != HRP || variant != Variant::Bech32 || text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(BadRecipient);
        }
        let bytes = Vec::<u8>::from_base32(&data).map_err(|_| BadRecipient)?;
        Self::from_bytes(&bytes)
    }
}
