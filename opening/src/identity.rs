//! Hybrid identities: the private half of `age1pq1…`, written `AGE-SECRET-KEY-PQ-1…`.

use random::NoRandomness;
use std::io::{self, Read};

use age_core::format::{FileKey, Stanza};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bech32::{FromBase32 as _, ToBase32 as _, Variant};
use crypto::sealing::recipient::{HybridRecipient, INFO, TAG, WRAPPED};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable as _, Kem, OpModeR, Serializable as _};
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

const HRP: &str = "age-secret-key-pq-";

/// A hybrid private key, held as its 32-byte seed. No `Debug`, cleared on drop.
#[derive(zeroize::Zeroize, ZeroizeOnDrop)]
pub struct HybridIdentity([u8; 32]);

/// Why a sealed file does not open. Holds nothing of keys or content.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The text is not an `AGE-SECRET-KEY-PQ-1…`.
    #[error("not a hybrid post-quantum identity (AGE-SECRET-KEY-PQ-1…)")]
    BadIdentity,
    /// Not sealed to this key by exactly one hybrid stanza, or altered since.
    #[error("the file does not open with this key")]
    Refused(#[source] age::DecryptError),
    /// The ciphertext is cut short or altered, or reading failed.
    #[error("the sealed stream is broken")]
    Broken(#[source] io::Error),
    /// The operating system's random generator failed.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl HybridIdentity {
    /// Makes a fresh identity from the operating system's random generator.
    pub fn generate() -> Result<Self, OpenError> {
        Ok(Self::from_seed(&*random::secret()?))
    }

    /// The identity of a 32-byte seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(*seed)
    }

    /// Reads `AGE-SECRET-KEY-PQ-1…`, as age's tools write it.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        let (hrp, data, variant) = bech32::decode(text.trim()).map_err(|_| OpenError::BadIdentity)?;
        if hrp.to_lowercase() != HRP || variant != Variant::Bech32 {
            return Err(OpenError::BadIdentity);
        }
        let bytes = Zeroizing::new(Vec::<u8>::from_base32(&data).map_err(|_| OpenError::BadIdentity)?);
        let seed: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| OpenError::BadIdentity)?;
        Ok(Self::from_seed(seed))
    }

    /// Writes `AGE-SECRET-KEY-PQ-1…`, for a key file that age's tools can use.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        // Unwrap safety: encoding fails only for an invalid prefix, and HRP is a constant.
        #[allow(clippy::unwrap_used)]
        let mut text = bech32::encode(HRP, self.0.to_base32(), Variant::Bech32).unwrap();
        let upper = Zeroizing::new(text.to_uppercase());
        text.zeroize();
        upper
    }

    /// The public half, to which files are sealed.
    #[must_use]
    pub fn recipient(&self) -> HybridRecipient {
        let public = XWing::sk_to_pk(&self.private_key());
        // Unwrap safety: the bytes were just written by the type that reads them.
        #[allow(clippy::unwrap_used)]
        HybridRecipient::from_bytes(&public.to_bytes()).unwrap()
    }

    /// Opens a whole file. `capacity` is the plaintext's known size, reserved at once.
    pub fn open(&self, sealed: &[u8], capacity: usize) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(capacity));
        self.open_stream(sealed)?.read_to_end(&mut plain).map_err(OpenError::Broken)?;
        Ok(plain)
    }

    /// Opens a stream. Every chunk is authenticated before it is
    /// returned; a stream that was cut short ends in an error.
    pub fn open_stream<R: Read>(&self, sealed: R) -> Result<impl Read + use<R>, OpenError> {
        let decryptor = age::Decryptor::new(sealed).map_err(OpenError::Refused)?;
        decryptor.decrypt(std::iter::once(self as &dyn age::Identity)).map_err(OpenError::Refused)
    }

    fn private_key(&self) -> <XWing as Kem>::PrivateKey {
        // Unwrap safety: an X-Wing private key is any 32 bytes, and only the length is checked.
        #[allow(clippy::unwrap_used)]
        <XWing as Kem>::PrivateKey::from_bytes(&self.0).unwrap()
    }

    fn unwrap(&self, stanza: &Stanza) -> Result<FileKey, age::DecryptError> {
        let [argument] = stanza.args.as_slice() else {
            return Err(age::DecryptError::InvalidHeader);
        };
        let encapsulated = STANDARD_NO_PAD.decode(argument).map_err(|_| age::DecryptError::InvalidHeader)?;
        if !is_contributory(&encapsulated) {
            return Err(age::DecryptError::InvalidHeader);
        }
        let encapsulated = <XWing as Kem>::EncappedKey::from_bytes(&encapsulated);
        let encapsulated = encapsulated.map_err(|_| age::DecryptError::InvalidHeader)?;
        if stanza.body.len() != WRAPPED {
            return Err(age::DecryptError::InvalidHeader);
        }
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.private_key(),
            &encapsulated,
            INFO,
            &stanza.body,
            b"",
        );
        let opened = Zeroizing::new(opened.map_err(|_| age::DecryptError::DecryptionFailed)?);
        FileKey::try_init_with_mut(|key| {
            if opened.len() != key.len() {
                return Err(age::DecryptError::InvalidHeader);
            }
            key.copy_from_slice(&opened);
            Ok(())
        })
    }
}

/// Whether the X25519 half (the last 32 bytes) is a point of full order. age refuses others: with them the secret of
/// that half would be zero for every key.
fn is_contributory(encapsulated: &[u8]) -> bool {
    // Any clamped scalar maps exactly the points of low order to zero.
    let any_scalar = [0x40; 32];
    encapsulated.last_chunk::<32>().is_some_and(|point| x25519_dalek::x25519(any_scalar, *point) != [0; 32])
}

impl age::Identity for HybridIdentity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        (stanza.tag == TAG).then(|| self.unwrap(stanza))
    }

    /// Exactly one stanza: a file that another key opens too is not sealed to this key alone.
    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, age::DecryptError>> {
        match stanzas {
            [stanza] => self.unwrap_stanza(stanza),
            _ => Some(Err(age::DecryptError::InvalidHeader)),
        }
    }
}
