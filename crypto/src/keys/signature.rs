//! Signed JSON: the exact text that was signed is carried as a string, so no canonical form of JSON is needed.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::strict;

/// An Ed25519 verification key, written as 64 lower-case hexadecimal characters.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VerificationKey(VerifyingKey);

/// The text is not an Ed25519 verification key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 verification key of 64 lower-case hexadecimal characters")]
pub struct BadVerificationKey;

impl VerificationKey {
    /// The public half of a signing key.
    #[must_use]
    pub fn of(key: &SigningKey) -> Self {
        Self(key.verifying_key())
    }

    /// Reads the 32 raw bytes. Refuses weak keys.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, BadVerificationKey> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| BadVerificationKey)?;
        if key.is_weak() {
            return Err(BadVerificationKey);
        }
        Ok(Self(key))
    }

    /// Whether the key has signed this message, checked strictly by RFC 8032.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }

    /// The 32 raw bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }
}

impl std::fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VerificationKey(..)")
    }
}

impl TryFrom<String> for VerificationKey {
    type Error = BadVerificationKey;

    fn try_from(text: String) -> Result<Self, BadVerificationKey> {
        let mut bytes = [0; 32];
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(BadVerificationKey);
        }
        hex::decode_to_slice(&text, &mut bytes).map_err(|_| BadVerificationKey)?;
        Self::from_bytes(&bytes)
    }
}

impl From<VerificationKey> for String {
    fn from(key: VerificationKey) -> Self {
        hex::encode(key.to_bytes())
    }
}

/// A JSON text and its signature.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The JSON text that is signed, byte for byte.
    content: String,
    /// Ed25519 over `purpose`, a line feed and the content, as 128 lower-case hexadecimal characters.
    signature: String,
}

/// Why signed content is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// The signature does not verify for this key, text and purpose.
    #[error("the signature does not verify")]
    Signature,
    /// The text is not the expected JSON.
    #[error("the signed text is not of its format")]
    Form,
}

impl Signed {
    /// Signs a value under a purpose such as `qingniao/letter/v1`. The purpose keeps a signature of one format from
    /// being presented as one of another.
    pub fn sign(value: &impl Serialize, purpose: &str, key: &SigningKey) -> Result<Self, BadSignature> {
        let content = serde_json::to_string(value).map_err(|_| BadSignature::Form)?;
        let signature = hex::encode(key.sign(&message(purpose, &content)).to_bytes());
        Ok(Self { content, signature })
    }

    /// SHA-256 of content and signature, by which a reply refers to the signed text.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        use sha2::Digest as _;
        sha2::Sha256::new().chain_update(&self.content).chain_update(&self.signature).finalize().into()
    }

    /// Reads the content without verifying it. Only for learning which key it names.
    pub fn unverified<T: DeserializeOwned>(&self) -> Result<T, BadSignature> {
        serde_json::from_str(&self.content).map_err(|_| BadSignature::Form)
    }

    /// Verifies the signature, then reads the content.
    pub fn verify<T: DeserializeOwned>(&self, purpose: &str, key: &VerificationKey) -> Result<T, BadSignature> {
        self.check(purpose, key)?;
        self.unverified()
    }

    /// Verifies the signature, then reads the content as strictly as the browser does.
    pub fn verify_strictly<T: DeserializeOwned + Serialize>(
        &self,
        purpose: &str,
        key: &VerificationKey,
    ) -> Result<T, BadSignature> {
        self.check(purpose, key)?;
        strict::read(self.content.as_bytes()).ok_or(BadSignature::Form)
    }

    fn check(&self, purpose: &str, key: &VerificationKey) -> Result<(), BadSignature> {
        let mut bytes = [0; 64];
        // Only one spelling, as of keys and digests.
        if self.signature.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(BadSignature::Signature);
        }
        hex::decode_to_slice(&self.signature, &mut bytes).map_err(|_| BadSignature::Signature)?;
        let good = key.verifies(&message(purpose, &self.content), &bytes);
        if good { Ok(()) } else { Err(BadSignature::Signature) }
    }
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signed(..)")
    }
}

impl Drop for Signed {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.content);
    }
}

fn message(purpose: &str, content: &str) -> zeroize::Zeroizing<Vec<u8>> {
    zeroize::Zeroizing::new([purpose.as_bytes(), b"\n", content.as_bytes()].concat())
}
