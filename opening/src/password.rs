//! Passwords of people in the house. One Argon2id hash gives two things by HKDF labels: the
//! verifier that is stored, and the seed of the hybrid identity that the account's keys are
//! sealed to. Whoever steals the table has neither the password nor a key.

use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::identity::{HybridIdentity, OpenError};

/// RFC 9106's second recommendation: 64 MiB, three passes, four lanes. Measured on two cores a
/// guess costs about a fifth of a second, and a graphics card must bring the memory as well.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
/// Characters that a password has at least; first passwords are generated and have 24.
pub const SHORTEST: usize = 12;
/// Bytes that are taken at most: more is no password but an attempt to keep the machine busy.
pub const LONGEST: usize = 256;

/// 16 random bytes that make equal passwords differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 16]);

/// What is stored to recognise a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier([u8; 32]);

/// A typed password in its normal form. No `Debug`, cleared on drop.
pub struct Password(Zeroizing<String>);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Too short to withstand guessing once the table is stolen.
    #[error("a password has at least {SHORTEST} characters")]
    Short,
    /// Longer than is taken.
    #[error("a password has at most {LONGEST} bytes")]
    Long,
}

/// Hashing failed: no memory for it.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct NotHashed;

impl Salt {
    /// Fresh from the operating system's random generator.
    pub fn random() -> Result<Self, OpenError> {
        Ok(Self(random::bytes()?))
    }

    /// As stored.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// To be stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl Verifier {
    /// As stored.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// To be stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Compares in constant time.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Password {
    /// A password that somebody types to sign in. The same characters typed on another keyboard
    /// may come as other code points: NFKC makes them one.
    pub fn typed(text: &str) -> Result<Self, BadPassword> {
        if text.len() > LONGEST {
            return Err(BadPassword::Long);
        }
        // Reserved at once, so that growing leaves no copy behind.
        let mut normal = Zeroizing::new(String::with_capacity(text.len() * 4));
        normal.extend(text.nfkc());
        Ok(Self(normal))
    }

    /// A password that somebody chooses: long enough.
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

    /// The text, to be shown once to whom it belongs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Verifier and slot identity. Takes memory and time on purpose: call it from a blocking
    /// thread.
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
    }
}
