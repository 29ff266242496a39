//! What all entries have: who made them and when, and what their texts may be.

use crypto::day::Day;

/// Characters of one text in an entry: a page and a half, so that entries stay short enough to
/// read and to seal.
pub const TEXT: usize = 2000;

/// Something that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered<T> {
    /// The account that did it.
    pub by: String,
    /// The day, Asia/Shanghai.
    pub on: Day,
    /// What.
    pub what: T,
}

/// Why a text is refused. Names the field by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// It must say something.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// Longer than [`TEXT`] characters.
    #[error("{0} is too long")]
    TooLong(&'static str),
}

/// Checks texts that must be there.
pub(crate) fn filled(texts: &[(&'static str, &str)]) -> Result<(), BadText> {
    for (name, text) in texts {
        if text.trim().is_empty() {
            return Err(BadText::Empty(name));
        }
    }
    short(texts)
}

/// Checks texts that may be empty.
pub(crate) fn short(texts: &[(&'static str, &str)]) -> Result<(), BadText> {
    match texts.iter().find(|(_, text)| text.chars().count() > TEXT) {
        Some((name, _)) => Err(BadText::TooLong(name)),
        None => Ok(()),
    }
}
