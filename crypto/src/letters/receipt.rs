//! Receipt codes: 128 random bits as twelve words, the reporter's whole account.
//!
//! All of a reporter's secrets are derived from the code, so that nothing
//! else has to be stored. 128 random bits need no key stretching.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::keys::words::{self, BadWords, WordList};
use crate::letters::enclosure_token::EnclosureToken;
use crate::letters::mailbox::{LetterId, MailboxSecret};
use crate::sealing::enclosure::EnclosureSeed;

/// Separates these keys from every other use of HKDF over the same bytes.
const SALT: &[u8] = b"qingniao/receipt/v1";

/// Number of words of a receipt code.
pub const WORDS: usize = words::count(16);

/// The sixteen secret bytes of a receipt code. No `Debug`, cleared on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ReceiptCode([u8; 16]);

/// A 32-byte secret derived from a receipt code. No `Debug`, cleared on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct DerivedSecret([u8; 32]);

impl DerivedSecret {
    /// The secret bytes; the caller must not let them outlive their use.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl ReceiptCode {
    /// Takes sixteen fresh bytes of the operating system's random generator.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads a code as people type and paste it, with what stands around it on the page or on paper.
    pub fn parse(typed: &str) -> Result<Self, BadWords> {
        words::parse(typed).map(Self)
    }

    /// Whether a text may be meant as a receipt code, although a word may be wrong: no page may show it.
    #[must_use]
    pub fn resembles(typed: &str) -> bool {
        words::resembles(typed, 16)
    }

    /// The twelve words, to be shown once: separated by spaces in English, without spaces in Chinese.
    #[must_use]
    pub fn words(&self, list: WordList) -> Zeroizing<String> {
        words::written(&self.0, list)
    }

    /// The secret by which the browser reaches its mailbox at the portal.
    #[must_use]
    pub fn mailbox_secret(&self) -> MailboxSecret {
        MailboxSecret::from(*self.derive("mailbox").expose())
    }

    /// The X-Wing seed of the identity that opens the mailbox's slot.
    #[must_use]
    pub fn reply_seed(&self) -> DerivedSecret {
        self.derive("reply")
    }

    /// The Ed25519 seed of the key that signs this mailbox's letters.
    #[must_use]
    pub fn signing_seed(&self) -> DerivedSecret {
        self.derive("sign")
    }

    /// The key from which claim notes are derived.
    #[must_use]
    pub fn claim_key(&self) -> DerivedSecret {
        self.derive("claim")
    }

    /// The token that permits sending the enclosure of this letter, from any device that has the code.
    #[must_use]
    pub fn enclosure_token(&self, letter: &LetterId) -> EnclosureToken {
        EnclosureToken::from(*self.derive_for("enclosure", letter).expose())
    }

    /// The seed of the key that opens the enclosure of this letter. The letter tells it to the post; whoever has the
    /// code can seal the files again, under a fresh file key each time.
    #[must_use]
    pub fn enclosure_seed(&self, letter: &LetterId) -> EnclosureSeed {
        EnclosureSeed::from(*self.derive_for("enclosure-seed", letter).expose())
    }

    fn derive_for(&self, label: &str, letter: &LetterId) -> DerivedSecret {
        self.expand(&[label.as_bytes(), letter.as_bytes()])
    }

    fn derive(&self, label: &str) -> DerivedSecret {
        self.expand(&[label.as_bytes()])
    }

    fn expand(&self, info: &[&[u8]]) -> DerivedSecret {
        let mut out = [0; 32];
        // Unwrap safety: expand fails only above 255 * 32 bytes of output.
        #[allow(clippy::unwrap_used)]
        Hkdf::<Sha256>::new(Some(SALT), &self.0).expand_multi_info(info, &mut out).unwrap();
        DerivedSecret(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_lists_round_trip(bytes: [u8; 16]) {
            let code = ReceiptCode::from_random(bytes);
            for list in [WordList::Chinese, WordList::English] {
                let again = ReceiptCode::parse(&code.words(list)).expect("our own words");
                prop_assert_eq!(again.0, bytes);
            }
        }

        #[test]
        fn typed_text_never_panics(typed in "\\PC*") {
            let _ = ReceiptCode::parse(&typed);
        }
    }

    #[test]
    fn forgives_how_people_type() {
        let code = ReceiptCode::from_random([7; 16]);
        let chinese = code.words(WordList::Chinese);
        assert_eq!(chinese.chars().count(), WORDS);
        let spaced: String = chinese.chars().flat_map(|c| [c, '\u{3000}']).collect();
        assert_eq!(ReceiptCode::parse(&spaced).expect("full-width spaces").0, [7; 16]);
        let english = code.words(WordList::English);
        let full_width: String = english
            .to_uppercase()
            .chars()
            .map(|c| {
                if c.is_ascii_uppercase() {
                    char::from_u32(u32::from(c) + 0xfee0).expect("full-width letter")
                } else {
                    c
                }
            })
            .collect();
        assert_eq!(ReceiptCode::parse(&full_width).expect("full-width capitals").0, [7; 16]);
        assert_eq!(ReceiptCode::parse(&english.replace(' ', ",\n")).expect("commas").0, [7; 16]);
    }

    #[test]
    fn says_what_is_wrong() {
        let code = ReceiptCode::from_random([7; 16]);
        let english = code.words(WordList::English);
        let mut words: Vec<&str> = english.split(' ').collect();
        assert_eq!(ReceiptCode::parse(&words[..11].join(" ")).err(), Some(BadWords::Length { found: 11, needed: 12 }));
        words[4] = "qingniao";
        assert_eq!(ReceiptCode::parse(&words.join(" ")).err(), Some(BadWords::UnknownWord(5)));
        words[4] = "zoo";
        words[5] = "abandon";
        assert_eq!(ReceiptCode::parse(&words.join(" ")).err(), Some(BadWords::Checksum));
    }
}
