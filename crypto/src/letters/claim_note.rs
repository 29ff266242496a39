//! Claim notes: what a reporter shows to finance to be paid against the code. The browser derives the note from the
//! receipt code's claim key; the post receives only its hash, and signs an order for that. Showing the note proves
//! possession of the code, and reveals nothing else of it.

use std::str::FromStr;

use hkdf::Hkdf;
use model::hex_id;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::keys::words::{self, BadWords, WordList};
use crate::letters::receipt::DerivedSecret;

/// Separates claim notes from every other use of HKDF over the claim key, and their hashes from other hashes.
const SALT: &[u8] = b"qingniao/claim-note/v1";
/// Prefix of a note's QR code.
const QR: &str = "QINGNIAO-NOTE-1:";

/// Number of words of a note: three more than a receipt code, so that nobody confuses them.
pub const WORDS: usize = words::count(20);

/// The 20 secret bytes of a note; its bearer is paid. No `Debug`, cleared on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ClaimNote([u8; 20]);

hex_id!(
    /// SHA-256 of a fixed prefix and a note; it names the note before that is shown.
    NoteHash, 32
);

impl ClaimNote {
    /// Derives the note for an offer number, from 1: every order of a mailbox has a note of its own.
    #[must_use]
    pub fn derive(claim_key: &DerivedSecret, offer_number: u32) -> Self {
        let mut note = Self([0; 20]);
        // Unwrap safety: expand fails only above 255 * 32 bytes of output.
        #[allow(clippy::unwrap_used)]
        Hkdf::<Sha256>::new(Some(SALT), claim_key.expose())
            .expand(offer_number.to_string().as_bytes(), &mut note.0)
            .unwrap();
        note
    }

    /// Takes twenty fresh bytes of the operating system's random generator:
    /// for a slip, which the custodian makes and not a reporter.
    #[must_use]
    pub fn from_random(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The hash that an order names.
    #[must_use]
    pub fn hash(&self) -> NoteHash {
        let hash: [u8; 32] = Sha256::new().chain_update(SALT).chain_update(self.0).finalize().into();
        hash.into()
    }

    /// The fifteen words of the note.
    #[must_use]
    pub fn words(&self, list: WordList) -> Zeroizing<String> {
        words::written(&self.0, list)
    }

    /// The text of the QR code: capitals, digits and few signs, which keep the code small.
    #[must_use]
    pub fn qr_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{QR}{}", hex::encode_upper(self.0)))
    }
}

/// Reads a scanned QR code or typed words.
impl FromStr for ClaimNote {
    type Err = BadWords;

    fn from_str(typed: &str) -> Result<Self, BadWords> {
        let seen = Zeroizing::new(human_text::visible(typed));
        let Some(digits) = seen.trim().strip_prefix(QR) else { return words::parse(typed).map(Self) };
        let mut note = Self([0; 20]);
        hex::decode_to_slice(digits, &mut note.0).map_err(|_| BadWords::Checksum)?;
        Ok(note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::receipt::ReceiptCode;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_and_qr_codes_are_read_again(bytes: [u8; 20]) {
            let note = ClaimNote::from_random(bytes);
            for written in [note.words(WordList::Chinese), note.words(WordList::English), note.qr_text()] {
                prop_assert!(written.parse::<ClaimNote>().expect("our own") == note);
            }
            prop_assert_eq!(note.words(WordList::Chinese).chars().count(), WORDS);
        }
    }

    #[test]
    fn a_receipt_code_is_no_note_and_a_note_no_receipt_code() {
        let code = ReceiptCode::from_random([7; 16]);
        let note = ClaimNote::derive(&code.claim_key(), 1);
        for list in [WordList::Chinese, WordList::English] {
            assert_eq!(code.words(list).parse::<ClaimNote>().err(), Some(BadWords::OtherKind));
            assert_eq!(ReceiptCode::parse(&note.words(list)).err(), Some(BadWords::OtherKind));
        }
        // B01: the three characters of a label make fifteen of twelve, and these are no note.
        let labelled = format!("回执码：{}", *code.words(WordList::Chinese));
        assert_eq!(labelled.parse::<ClaimNote>().err(), Some(BadWords::OtherKind));
        let slip = labelled.replace('码', "馬").replace('：', "");
        assert!(ReceiptCode::resembles(&labelled) && !ReceiptCode::resembles(&slip));
        // Words that do not check out are called nothing.
        assert_eq!("的".repeat(12).parse::<ClaimNote>().err(), Some(BadWords::Length { found: 12, needed: 15 }));
    }

    #[test]
    fn each_number_has_a_note_of_its_own() {
        let key = ReceiptCode::from_random([7; 16]).claim_key();
        let note = |number| ClaimNote::derive(&key, number).hash();
        assert!(note(1) == note(1) && note(1) != note(2) && note(1) != note(11));
    }

    #[test]
    fn an_altered_note_is_refused_or_another() {
        let note = ClaimNote::from_random([9; 20]);
        let english = note.words(WordList::English);
        let mut words: Vec<&str> = english.split(' ').collect();
        words[3] = "zoo";
        assert_eq!(words.join(" ").parse::<ClaimNote>().err(), Some(BadWords::Checksum));
        let qr = note.qr_text().replace("09", "0A");
        assert!(qr.parse::<ClaimNote>().expect("digits").hash() != note.hash());
        assert_eq!(format!("{QR}0909").parse::<ClaimNote>().err(), Some(BadWords::Checksum));
    }
}
