//! Secrets as words: BIP-39 with its checksum; in Chinese one character is one word. Receipt codes have twelve words
//! and claim notes fifteen, so that nobody confuses them.

use bip39::{Language, Mnemonic};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize as _, Zeroizing};

/// The word list that a secret is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordList {
    /// BIP-39 Simplified Chinese: one character per word.
    Chinese,
    /// The BIP-39 English list.
    English,
}

impl WordList {
    fn language(self) -> Language {
        match self {
            Self::Chinese => Language::SimplifiedChinese,
            Self::English => Language::English,
        }
    }
}

/// Why typed words are not such a secret. Never holds the words themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWords {
    /// The number of words is wrong.
    #[error("{needed} words are needed, not {found}")]
    Length {
        /// Number of words that were typed.
        found: usize,
        /// Number of words that are needed.
        needed: usize,
    },
    /// The word at this position, from 1, is not in the word list.
    #[error("word {0} is in no word list")]
    UnknownWord(usize),
    /// The words exist, but the checksum does not match: a word is wrong or misplaced.
    #[error("the checksum does not match: a word is wrong or out of order")]
    Checksum,
}

/// Number of words for `bytes` bytes: one checksum bit for every four bytes, and 11 bits per word.
pub(crate) const fn count(bytes: usize) -> usize {
    (bytes * 8 + bytes / 4) / 11
}

/// Reads words as people type them, in any spacing, case, punctuation and full-width form.
pub(crate) fn parse<const BYTES: usize>(typed: &str) -> Result<[u8; BYTES], BadWords> {
    let (list, words) = split(typed);
    if words.len() != count(BYTES) {
        return Err(BadWords::Length { found: words.len(), needed: count(BYTES) });
    }
    let joined = Zeroizing::new(words.join(" "));
    let mnemonic = Mnemonic::parse_in_normalized(list.language(), &joined).map_err(|error| match error {
        bip39::Error::UnknownWord(at) => BadWords::UnknownWord(at + 1),
        _ => BadWords::Checksum,
    })?;
    let (mut entropy, _) = mnemonic.to_entropy_array();
    let mut bytes = [0; BYTES];
    bytes.copy_from_slice(&entropy[..BYTES]);
    entropy.zeroize();
    Ok(bytes)
}

/// Writes the words, separated by spaces in English, without
/// spaces in Chinese. `BYTES` is 16 to 32, a multiple of four.
pub(crate) fn written<const BYTES: usize>(bytes: &[u8; BYTES], list: WordList) -> Zeroizing<String> {
    const { assert!(BYTES >= 16 && BYTES <= 32 && BYTES.is_multiple_of(4)) };
    // Unwrap safety: from_entropy_in fails only for lengths that BIP-39 does not define.
    #[allow(clippy::unwrap_used)]
    let mnemonic = Mnemonic::from_entropy_in(list.language(), bytes).unwrap();
    let words: Vec<&str> = mnemonic.words().collect();
    Zeroizing::new(match list {
        WordList::Chinese => words.concat(),
        WordList::English => words.join(" "),
    })
}

/// Splits typed text into words: Chinese by character, English at anything that is no letter or digit.
fn split(typed: &str) -> (WordList, Vec<String>) {
    let plain: Zeroizing<String> = Zeroizing::new(typed.nfkc().flat_map(char::to_lowercase).collect());
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    if plain.chars().any(is_han) {
        let words = plain.chars().filter(|c| c.is_alphanumeric()).map(String::from).collect();
        return (WordList::Chinese, words);
    }
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(String::from).collect();
    (WordList::English, words)
}
