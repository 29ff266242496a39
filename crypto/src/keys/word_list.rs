//! The two lists of BIP-39 that secrets are written in.

use bip39::Language;

/// The word list that a secret is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordList {
    /// BIP-39 Simplified Chinese: one character per word.
    Chinese,
    /// The BIP-39 English list.
    English,
}

impl WordList {
    pub(super) fn language(self) -> Language {
        match self {
            Self::Chinese => Language::SimplifiedChinese,
            Self::English => Language::English,
        }
    }
}
