//! Characters that show nothing: pasted text is full of them, and a field that holds nothing else is empty.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// A blank pattern of dots, which Unicode counts among the symbols.
const BLANK_BRAILLE: char = '\u{2800}';

/// Whether a character is shown by nothing, not even by a space: Unicode's `Default_Ignorable_Code_Point`. These are
/// joiners, direction marks, variation selectors, fillers, soft hyphens and tags.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    !c.is_ascii() && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// The text without its invisible characters.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).collect()
}

/// Whether a text shows nothing: a required field that holds it is empty.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || c == BLANK_BRAILLE || is_invisible(c))
}
