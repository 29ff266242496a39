//! Signing keys of signed notes, such as those of root, statement, recorder, log and post.

use std::marker::PhantomData;

use crypto::keys::note_key::NoteKey;
use crypto::keys::note_text::{NoteText, RecorderKey};
use crypto::keys::signature::VerificationKey;
use crypto::keys::statement::Statement;
use ed25519_dalek::SigningKey;
use random::NoRandomness;
use signed_note::{Note, StandardSigner};
use zeroize::Zeroizing;

/// An Ed25519 signing key with a name, in the C2SP form, for notes of the kinds that are `Role`'s. No `Debug`, cleared
/// on drop.
pub struct NoteSigningKey<Role> {
    name: String,
    key: SigningKey,
    role: PhantomData<Role>,
}

/// Why a key cannot be read, or a note cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum NoteKeyError {
    /// The text is not of the form `PRIVATE+KEY+name+id+base64`.
    #[error("not a note signing key (PRIVATE+KEY+name+id+…)")]
    Key,
    /// The name is not allowed: it must not have spaces or a plus sign.
    #[error("a key's name has no spaces and no plus sign")]
    Name,
    /// The text is not a note of a kind that this key signs.
    #[error("the text cannot be signed as a note by this key")]
    Text,
    /// The operating system's random generator failed.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl<Role> NoteSigningKey<Role> {
    /// Makes a fresh key from the operating system's random generator.
    pub fn generate(name: &str) -> Result<Self, NoteKeyError> {
        Self::from_seed(name, &*random::secret()?)
    }

    /// The key of a 32-byte seed. The name must be one that C2SP allows.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteKeyError> {
        if !signed_note::is_key_name_valid(name) {
            return Err(NoteKeyError::Name);
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed), role: PhantomData })
    }

    /// Reads `PRIVATE+KEY+name+id+base64`.
    pub fn parse(text: &str) -> Result<Self, NoteKeyError> {
        use base64::Engine as _;
        let text = text.trim();
        // The library checks everything, the id included, but does not expose the key.
        StandardSigner::new(text).map_err(|_| NoteKeyError::Key)?;
        let mut fields = text.splitn(5, '+').skip(2);
        let name = fields.next().ok_or(NoteKeyError::Key)?;
        let encoded = fields.nth(1).ok_or(NoteKeyError::Key)?;
        let decoded = base64::engine::general_purpose::STANDARD.decode(encoded);
        let bytes = Zeroizing::new(decoded.map_err(|_| NoteKeyError::Key)?);
        let seed: &[u8; 32] = bytes.get(1..).and_then(|seed| seed.try_into().ok()).ok_or(NoteKeyError::Key)?;
        Self::from_seed(name, seed)
    }

    /// Writes `PRIVATE+KEY+name+id+base64`.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        use base64::Engine as _;
        let public = self.public().to_string();
        let id = public.split('+').nth(1).unwrap_or_default();
        // Algorithm 1 is Ed25519.
        let mut bytes = Zeroizing::new(vec![1]);
        bytes.extend_from_slice(self.key.as_bytes());
        let encoded = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(&*bytes));
        Zeroizing::new(format!("PRIVATE+KEY+{}+{id}+{}", self.name, *encoded))
    }

    /// The public half, with the name.
    #[must_use]
    pub fn public(&self) -> NoteKey {
        let text = signed_note::new_ed25519_verifier_key(&self.name, &self.key.verifying_key());
        // Unwrap safety: the name was checked at construction and the key is our own.
        #[allow(clippy::unwrap_used)]
        NoteKey::parse(&text).unwrap()
    }

    /// The bare verification key.
    #[must_use]
    pub fn verification_key(&self) -> VerificationKey {
        VerificationKey::of(&self.key)
    }

    /// The bare signing key, which signs slots.
    #[must_use]
    pub fn signing_key(&self) -> &SigningKey {
        &self.key
    }

    /// Signs a text as a note.
    pub fn sign_note(&self, text: &impl NoteText<Signer = Role>) -> Result<String, NoteKeyError> {
        let text = text.note_text(&self.public()).ok_or(NoteKeyError::Text)?;
        self.sign(Note::new(text.as_bytes(), &[]).map_err(|_| NoteKeyError::Text)?)
    }

    fn sign(&self, mut note: Note) -> Result<String, NoteKeyError> {
        let signer = StandardSigner::new(&self.to_text()).map_err(|_| NoteKeyError::Key)?;
        note.add_sigs(&[&signer]).map_err(|_| NoteKeyError::Text)?;
        String::from_utf8(note.to_bytes()).map_err(|_| NoteKeyError::Text)
    }
}

impl NoteSigningKey<RecorderKey> {
    /// Adds the recorder's signature to a statement that its statement key has signed. Refuses a note of any other kind.
    pub fn cosign_statement(&self, note: &str) -> Result<String, NoteKeyError> {
        let note = Note::from_bytes(note.as_bytes()).map_err(|_| NoteKeyError::Text)?;
        let text = std::str::from_utf8(note.text()).map_err(|_| NoteKeyError::Text)?;
        Statement::parse(text).map_err(|_| NoteKeyError::Text)?;
        self.sign(note)
    }
}
