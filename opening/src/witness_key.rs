//! Signing keys of witnesses, which cosign checkpoints.

use crypto::keys::signature::VerificationKey;
use crypto::log::witness::{ALGORITHM, WitnessKey, cosigned_text};
use ed25519_dalek::{Signer as _, SigningKey};
use signed_note::{Note, Signer};
use zeroize::Zeroizing;

use signing::NoteKeyError;

/// A witness's signing key with its name. No `Debug`, cleared on drop.
pub struct WitnessSigningKey {
    public: WitnessKey,
    name: String,
    key: SigningKey,
}

impl WitnessSigningKey {
    /// Makes a fresh key from the operating system's random generator.
    pub fn generate(name: &str) -> Result<Self, NoteKeyError> {
        Self::from_seed(name, &*random::secret()?)
    }

    /// The key of a 32-byte seed. The name must be one that C2SP allows.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteKeyError> {
        let key = SigningKey::from_bytes(seed);
        let public = WitnessKey::new(name, VerificationKey::of(&key)).map_err(|_| NoteKeyError::Name)?;
        Ok(Self { public, name: name.to_owned(), key })
    }

    /// Reads `PRIVATE+KEY+name+id+base64`.
    pub fn parse(text: &str) -> Result<Self, NoteKeyError> {
        use base64::Engine as _;
        let fields: Vec<&str> = text.trim().splitn(5, '+').collect();
        let ["PRIVATE", "KEY", name, _, encoded] = fields[..] else { return Err(NoteKeyError::Key) };
        let decoded = base64::engine::general_purpose::STANDARD.decode(encoded);
        let bytes = Zeroizing::new(decoded.map_err(|_| NoteKeyError::Key)?);
        let Some((&ALGORITHM, seed)) = bytes.split_first() else { return Err(NoteKeyError::Key) };
        let key = Self::from_seed(name, seed.try_into().map_err(|_| NoteKeyError::Key)?)?;
        if key.to_text().as_str() == text.trim() { Ok(key) } else { Err(NoteKeyError::Key) }
    }

    /// Writes `PRIVATE+KEY+name+id+base64`.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        use base64::Engine as _;
        let mut bytes = Zeroizing::new(vec![ALGORITHM]);
        bytes.extend_from_slice(self.key.as_bytes());
        let encoded = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(&*bytes));
        let id = signed_note::Verifier::key_id(&self.public);
        Zeroizing::new(format!("PRIVATE+KEY+{}+{id:08x}+{}", self.name, *encoded))
    }

    /// The public half, with the name.
    #[must_use]
    pub fn public(&self) -> &WitnessKey {
        &self.public
    }

    /// Adds a cosignature to a checkpoint. `time` is in seconds since 1970.
    pub fn cosign(&self, note: &str, time: u64) -> Result<String, NoteKeyError> {
        let mut note = Note::from_bytes(note.as_bytes()).map_err(|_| NoteKeyError::Text)?;
        note.add_sigs(&[&Cosigning { key: self, time }]).map_err(|_| NoteKeyError::Text)?;
        String::from_utf8(note.to_bytes()).map_err(|_| NoteKeyError::Text)
    }
}

/// A witness's key, with the time of a cosignature.
struct Cosigning<'a> {
    key: &'a WitnessSigningKey,
    time: u64,
}

impl Signer for Cosigning<'_> {
    fn name(&self) -> &str {
        &self.key.name
    }

    fn key_id(&self) -> u32 {
        signed_note::Verifier::key_id(&self.key.public)
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, ed25519_dalek::SignatureError> {
        let signature = self.key.key.sign(&cosigned_text(self.time, text));
        Ok([self.time.to_be_bytes().as_slice(), signature.to_bytes().as_slice()].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NoteSigningKey;
    use crypto::keys::note_text::LogKey;
    use crypto::log::checkpoint::{BadProof, Checkpoint, Hash};
    use crypto::log::witness::read_cosigned;

    #[test]
    fn a_cosignature_is_of_this_log_this_witness_and_this_time() {
        let log = NoteSigningKey::<LogKey>::from_seed("demo.test/log", &[1; 32]).expect("a key");
        let witness = WitnessSigningKey::from_seed("demo.test/witness", &[2; 32]).expect("a key");
        let other = WitnessSigningKey::from_seed("demo.test/witness", &[3; 32]).expect("a key");
        let at = Checkpoint { size: 3, root: Hash([9; 32]) };
        let note = log.sign_note(&at).expect("signed");
        let known = [witness.public().clone()];
        assert!(matches!(read_cosigned(&note, &log.public(), &known), Err(BadProof::Unwitnessed)));
        let cosigned = witness.cosign(&note, 1_700_000_000).expect("cosigned");
        assert_eq!(read_cosigned(&cosigned, &log.public(), &known).expect("cosigned"), at);
        assert_eq!(witness.public().cosigned_at(&cosigned), Some(1_700_000_000));
        assert_eq!(other.public().cosigned_at(&cosigned), None);
        let later = cosigned.replacen("\n3\n", "\n4\n", 1);
        assert_eq!(witness.public().cosigned_at(&later), None);
        let read = WitnessSigningKey::parse(&witness.to_text()).expect("read");
        assert_eq!(read.public(), witness.public());
        assert!(WitnessSigningKey::parse(&log.to_text()).is_err(), "a note key is no witness's");
    }
}
