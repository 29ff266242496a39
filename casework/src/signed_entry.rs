//! What all entries have: who made them and when, and what their texts may be.

use model::Day;

/// Characters of one text in an entry: a page and a half, so that entries stay short enough to
/// read and to seal.
pub const TEXT: usize = 2000;

/// Characters of a text that stands in one line: a name, an address.
pub const LINE: usize = 200;

/// Something that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedEntry<T> {
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
    /// Longer than so many characters.
    #[error("{0} is too long")]
    TooLong(&'static str, usize),
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
    within(texts, TEXT)
}

/// Checks texts of one line, which may be empty.
pub(crate) fn line(texts: &[(&'static str, &str)]) -> Result<(), BadText> {
    within(texts, LINE)
}

fn within(texts: &[(&'static str, &str)], limit: usize) -> Result<(), BadText> {
    match texts.iter().find(|(_, text)| text.chars().count() > limit) {
        Some((name, _)) => Err(BadText::TooLong(name, limit)),
        None => Ok(()),
    }
}
