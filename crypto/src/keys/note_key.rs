//! Ed25519 keys that sign C2SP notes, such as those of root, statement, recorder, log and post.

use signed_note::{Note, StandardVerifier, Verifier as _, VerifierList};

use crate::keys::signature::VerificationKey;

/// Prefix of the names of demonstration keys, which production refuses.
pub const DEMO: &str = "demo.";

/// Why a key or a signed note is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNote {
    /// The named part is not of its format.
    #[error("{0} is not of its format")]
    Form(&'static str),
    /// The signature is not by the expected key.
    #[error("a signature is not by the key it must be by")]
    Signature,
}

/// An Ed25519 verification key in the C2SP form `name+id+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteKey {
    text: String,
    name: String,
    key: VerificationKey,
}

impl NoteKey {
    /// Reads `name+id+base64`; the id must be the hash of name and key.
    pub fn parse(text: &str) -> Result<Self, BadNote> {
        use base64::Engine as _;
        let verifier = StandardVerifier::new(text).map_err(|_| BadNote::Form("a key"))?;
        // base64 may itself contain '+': the key is everything after the second one.
        let encoded = text.splitn(3, '+').nth(2).unwrap_or_default();
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).map_err(|_| BadNote::Form("a key"))?;
        let raw: [u8; 32] = bytes.get(1..).and_then(|b| b.try_into().ok()).ok_or(BadNote::Form("a key"))?;
        let key = VerificationKey::from_bytes(&raw).map_err(|_| BadNote::Form("a key"))?;
        // The library also accepts an id in capitals or with a sign; here a key has only one spelling.
        let id = text.split('+').nth(1).unwrap_or_default();
        if id != format!("{:08x}", verifier.key_id()) {
            return Err(BadNote::Form("a key"));
        }
        Ok(Self { text: text.to_owned(), name: verifier.name().to_owned(), key })
    }

    /// The key's name, such as `tiantai.example/root`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bare verification key.
    #[must_use]
    pub fn key(&self) -> VerificationKey {
        self.key
    }

    /// Whether its name marks the key as one for demonstration.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.name.starts_with(DEMO)
    }

    /// Verifies that this key has signed a note, and returns the note's text.
    pub fn verified_text(&self, note: &str) -> Result<String, BadNote> {
        let note = Note::from_bytes(note.as_bytes()).map_err(|_| BadNote::Form("a signed note"))?;
        let verifier = StandardVerifier::new(&self.text).map_err(|_| BadNote::Form("a key"))?;
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).map_err(|_| BadNote::Signature)?;
        String::from_utf8(note.text().to_vec()).map_err(|_| BadNote::Form("a signed note"))
    }
}

impl std::fmt::Display for NoteKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}
