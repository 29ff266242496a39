//! Secrets as words: BIP-39 with its checksum; in Chinese one character is one word. Receipt codes have twelve words
//! and claim notes fifteen, so that nobody confuses them.

use bip39::Mnemonic;
use zeroize::{Zeroize as _, Zeroizing};

use crate::keys::typed_words::TypedWords;
pub use crate::keys::word_list::WordList;

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
    /// The words exist, but the checksum does not match: a word is wrong or misplaced. Or the text has a secret in both
    /// languages, and they differ.
    #[error("the checksum does not match: a word is wrong or out of order")]
    Checksum,
    /// The words are a secret of the other kind, with its checksum: a claim note instead of a receipt code, or the other
    /// way round.
    #[error("these words are a secret of another kind")]
    OtherKind,
}

/// Numbers of words of the two kinds of secrets: receipt codes and claim notes.
const KINDS: [usize; 2] = [count(16), count(20)];

/// Number of words for `bytes` bytes: one checksum bit for every four bytes, and 11 bits per word.
pub(crate) const fn count(bytes: usize) -> usize {
    (bytes * 8 + bytes / 4) / 11
}

/// Reads words as people type and paste them: in any spacing, case, punctuation and full-width form, with radicals or
/// traditional characters for the simplified ones, numbered, after a label, in one language or in both. What is not
/// certainly such a secret is refused.
pub(crate) fn parse<const BYTES: usize>(typed: &str) -> Result<[u8; BYTES], BadWords> {
    let typed = TypedWords::split(typed);
    let bad = match secret(&typed, count(BYTES)) {
        Ok(entropy) => {
            let mut bytes = [0; BYTES];
            bytes.copy_from_slice(&entropy[..BYTES]);
            return Ok(bytes);
        }
        Err(bad) => bad,
    };
    let other = KINDS.iter().any(|kind| *kind != count(BYTES) && secret(&typed, *kind).is_ok());
    Err(if other { BadWords::OtherKind } else { bad })
}

/// Whether a text may be meant as a secret of so many bytes, although a word may be wrong: such text must not be shown.
pub(crate) fn resembles(typed: &str, bytes: usize) -> bool {
    TypedWords::split(typed).readings(count(bytes)).next().is_some()
}

/// The one secret of so many words in a text, in the first of its bytes.
fn secret(typed: &TypedWords, needed: usize) -> Result<Zeroizing<[u8; 33]>, BadWords> {
    let mut found: Option<Zeroizing<[u8; 33]>> = None;
    let mut bad = None;
    for (list, words) in typed.readings(needed) {
        match entropy(list, &words) {
            Ok(secret) if found.as_ref().is_none_or(|other| *other == secret) => found = Some(secret),
            // Two secrets, or one that a slip has spoiled: it is not certain which one is meant.
            Ok(_) | Err(BadWords::Checksum) => return Err(BadWords::Checksum),
            Err(other) => bad = bad.or(Some(other)),
        }
    }
    found.ok_or_else(|| bad.unwrap_or(BadWords::Length { found: typed.count(), needed }))
}

fn entropy(list: WordList, words: &[&str]) -> Result<Zeroizing<[u8; 33]>, BadWords> {
    let joined = Zeroizing::new(words.join(" "));
    let mnemonic = Mnemonic::parse_in_normalized(list.language(), &joined).map_err(|error| match error {
        bip39::Error::UnknownWord(at) => BadWords::UnknownWord(at + 1),
        _ => BadWords::Checksum,
    })?;
    let (mut entropy, _) = mnemonic.to_entropy_array();
    let kept = Zeroizing::new(entropy);
    entropy.zeroize();
    Ok(kept)
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

#[cfg(test)]
mod tests {
    use super::*;

    // B09
    #[test]
    fn every_word_is_compared_as_itself() {
        for list in [WordList::Chinese, WordList::English] {
            for word in list.language().word_list() {
                assert_eq!(human_text::plain(word), *word);
            }
        }
    }
}
