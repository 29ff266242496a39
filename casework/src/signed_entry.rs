//! What all entries have in common: account, day, and the limits of their texts.

use human_text::is_blank;
use model::Day;

/// Most characters of one text in an entry: a page and a half, so that entries stay short enough to read and to seal.
pub const TEXT: usize = 2000;

/// Most characters of a one-line text, such as a name or an address.
pub const LINE: usize = 200;

/// An entry with its account and day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedEntry<T> {
    /// The account that made it.
    pub by: String,
    /// The day of the entry, in Asia/Shanghai.
    pub on: Day,
    /// The content of the entry.
    pub what: T,
}

/// Why a text is refused. Names the field by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// A required text is empty, or shows nothing.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The text is longer than this many characters.
    #[error("{0} is too long")]
    TooLong(&'static str, usize),
}

/// Checks required texts: not blank, at most `TEXT` characters.
pub(crate) fn filled(texts: &[(&'static str, &str)]) -> Result<(), BadText> {
    for (name, text) in texts {
        if is_blank(text) {
            return Err(BadText::Empty(name));
        }
    }
    short(texts)
}

/// Checks texts that may be empty: at most `TEXT` characters.
pub(crate) fn short(texts: &[(&'static str, &str)]) -> Result<(), BadText> {
    within(texts, TEXT)
}

/// Checks one-line texts, which may be empty: at most `LINE` characters.
pub(crate) fn line(texts: &[(&'static str, &str)]) -> Result<(), BadText> {
    within(texts, LINE)
}

fn within(texts: &[(&'static str, &str)], limit: usize) -> Result<(), BadText> {
    match texts.iter().find(|(_, text)| text.chars().count() > limit) {
        Some((name, _)) => Err(BadText::TooLong(name, limit)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_texts_have_their_lengths() {
        assert_eq!(line(&[("name", &"水".repeat(LINE))]), Ok(()));
        assert_eq!(line(&[("ok", "x"), ("name", &"水".repeat(LINE + 1))]), Err(BadText::TooLong("name", LINE)));
        assert_eq!(short(&[("note", &"水".repeat(TEXT))]), Ok(()));
        assert_eq!(short(&[("note", &"水".repeat(TEXT + 1))]), Err(BadText::TooLong("note", TEXT)));
    }
}
