//! Passwords of an installation's accounts. One Argon2id hash gives two values by HKDF
//! labels: the verifier, which is stored, and the seed of the hybrid identity to which
//! the account's keys are sealed. A stolen table holds neither the password nor a key.

use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::identity::{HybridIdentity, OpenError};

/// RFC 9106's second recommendation: 64 MiB, three passes, four lanes. Measured on two cores, one guess takes about a
/// fifth of a second; a graphics card needs as much memory for each guess.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
/// Fewest characters of a password. First passwords are generated and have 24.
pub const SHORTEST: usize = 12;
/// Most bytes of a password. Longer input is only an attempt to keep the machine busy.
pub const LONGEST: usize = 256;

/// 16 random bytes that make equal passwords differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 16]);

/// The stored value that recognises a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier([u8; 32]);

/// A password in its normal form: NFKC, without white space around it. No `Debug`, cleared on drop.
pub struct Password(Zeroizing<String>);

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Shorter than [`SHORTEST`] characters: too easy to guess once the table is stolen.
    #[error("a password has at least {SHORTEST} characters")]
    Short,
    /// Longer than [`LONGEST`] bytes.
    #[error("a password has at most {LONGEST} bytes")]
    Long,
}

/// Hashing failed, for example for lack of memory.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct NotHashed;

impl Salt {
    /// A fresh salt from the operating system's random generator.
    pub fn random() -> Result<Self, OpenError> {
        Ok(Self(random::bytes()?))
    }

    /// A salt that was stored.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes to be stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl Verifier {
    /// A verifier that was stored.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to be stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Compares two verifiers in constant time.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Password {
    /// A password typed to sign in, at most [`LONGEST`] bytes. Keyboards may send different code points for the same
    /// character; NFKC makes them equal. White space around a password comes from copying it. Capitals count, except in
    /// a password of the form of a generated one, which is printed in small letters: it means the same in capitals.
    pub fn typed(text: &str) -> Result<Self, BadPassword> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(BadPassword::Long);
        }
        // Reserved at once, so that reallocation leaves no copy behind.
        let mut normal = Zeroizing::new(String::with_capacity(text.len() * 4));
        normal.extend(text.nfkc());
        if is_of_generated_form(&normal) {
            normal.make_ascii_lowercase();
        }
        Ok(Self(normal))
    }

    /// A newly chosen password, which must have at least [`SHORTEST`] characters.
    pub fn chosen(text: &str) -> Result<Self, BadPassword> {
        let password = Self::typed(text)?;
        if password.0.chars().count() < SHORTEST { Err(BadPassword::Short) } else { Ok(password) }
    }

    /// A generated first password: 24 characters in groups of four, 96 random bits.
    pub fn generate() -> Result<Self, OpenError> {
        let bytes = random::secret::<12>()?;
        let digits = Zeroizing::new(hex::encode(*bytes));
        let mut text = Zeroizing::new(String::with_capacity(29));
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                text.push('-');
            }
            text.push(digit);
        }
        Ok(Self(text))
    }

    /// The text, to be shown once to the account's owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Derives the verifier and the slot identity. This takes
    /// memory and time on purpose: call it from a blocking thread.
    pub fn derive(&self, salt: &Salt) -> Result<(Verifier, HybridIdentity), NotHashed> {
        let parameters = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).map_err(|_| NotHashed)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
        let mut hash = Zeroizing::new([0; 32]);
        argon.hash_password_into(self.0.as_bytes(), &salt.0, hash.as_mut_slice()).map_err(|_| NotHashed)?;
        let keys = Hkdf::<Sha256>::new(Some(b"qingniao/password/v1"), hash.as_slice());
        let mut verifier = [0; 32];
        let mut seed = Zeroizing::new([0; 32]);
        keys.expand(b"verifier", &mut verifier).map_err(|_| NotHashed)?;
        keys.expand(b"slot", seed.as_mut_slice()).map_err(|_| NotHashed)?;
        Ok((Verifier(verifier), HybridIdentity::from_seed(&seed)))
    }
}

/// Whether a text has the form of [`Password::generate`], in small letters or capitals.
fn is_of_generated_form(text: &str) -> bool {
    let group = |group: &str| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.len() == 29 && text.split('-').all(group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_gives_one_verifier_and_one_slot_key() {
        let salt = Salt::from_bytes([1; 16]);
        let derive = |text: &str, salt: &Salt| Password::typed(text).expect("typed").derive(salt).expect("derived");
        let (verifier, slot) = derive("correct horse 电池", &salt);
        let (again, same) = derive("correct horse 电池", &salt);
        assert!(verifier.is(&again) && slot.recipient() == same.recipient());
        let (wide, _) = derive("ｃｏｒｒｅｃｔ horse 电池", &salt);
        assert!(verifier.is(&wide), "full-width letters are the same letters");
        // B24
        let (spaced, _) = derive(" correct horse 电池\u{3000}\n", &salt);
        assert!(verifier.is(&spaced), "white space around it");
        assert!(!verifier.is(&derive("Correct horse 电池", &salt).0), "capitals count");
        let (other, other_slot) = derive("correct horse 电泄", &salt);
        assert!(!verifier.is(&other) && slot.recipient() != other_slot.recipient());
        let (salted, _) = derive("correct horse 电池", &Salt::from_bytes([2; 16]));
        assert!(!verifier.is(&salted));
    }

    #[test]
    fn too_short_and_too_long_are_refused() {
        assert_eq!(Password::chosen("elf letters").err(), Some(BadPassword::Short));
        assert!(Password::chosen("十二个汉字也是一个好密码").is_ok());
        assert_eq!(Password::typed(&"x".repeat(LONGEST + 1)).err(), Some(BadPassword::Long));
        let first = Password::generate().expect("a password");
        assert_eq!(first.expose().len(), 29);
        assert!(Password::chosen(first.expose()).is_ok());
        // B24
        let capitals = first.expose().to_uppercase();
        assert_eq!(Password::typed(&capitals).expect("typed").expose(), first.expose());
    }
}
