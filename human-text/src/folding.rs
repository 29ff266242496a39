//! Text as it is compared: two texts that a reader takes for the same have the same folding.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

use crate::invisible::is_invisible;

/// The table that Rust and TypeScript share; its head names the sources.
const TABLE: &str = include_str!("han-folding.txt");

static FORMS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let characters: Vec<char> = lines.flat_map(str::chars).collect();
    characters.as_chunks().0.iter().map(|[from, to]| (*from, *to)).collect()
});

/// A character of folded text, and where in the text it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The folded character.
    pub is: char,
    /// The bytes of the original text that gave this character. Several characters may share a range, where one sign
    /// folds to several letters.
    pub at: Range<usize>,
}

/// The text as it is compared, each character with its place: without invisible characters, in NFKC, radicals as
/// ideographs, traditional characters as simplified ones, in lower case. White space and punctuation stay.
#[must_use]
pub fn fold(text: &str) -> Vec<Folded> {
    // Room for everything at once: growing would leave copies of secrets behind.
    let mut folded = Vec::with_capacity(text.len());
    let mut piece = String::new();
    let mut at = 0..0;
    let end_piece = |piece: &mut String, at: &Range<usize>, folded: &mut Vec<Folded>| {
        let mut characters = piece.chars();
        // Most pieces are one character that normalisation leaves as it is.
        if let (Some(c @ ('\0'..='\x7f' | '\u{3400}'..='\u{9fff}')), None) = (characters.next(), characters.next()) {
            folded.push(Folded { is: form(c).to_ascii_lowercase(), at: at.clone() });
        } else {
            let forms = piece.nfkc().flat_map(|c| form(c).to_lowercase());
            folded.extend(forms.map(|is| Folded { is, at: at.clone() }));
        }
        piece.clear();
    };
    for (from, c) in text.char_indices().filter(|(_, c)| !is_invisible(*c)) {
        if begins(c) {
            end_piece(&mut piece, &at, &mut folded);
            at = from..from;
        }
        piece.push(c);
        at.end = from + c.len_utf8();
    }
    end_piece(&mut piece, &at, &mut folded);
    folded
}

/// The text of [`fold`], without the places.
#[must_use]
pub fn plain(text: &str) -> String {
    fold(text).into_iter().map(|one| one.is).collect()
}

/// Whether a character is an ideograph, of which each is a word or part of one without spaces.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn form(c: char) -> char {
    if c.is_ascii() { c } else { FORMS.get(&c).copied().unwrap_or(c) }
}

/// Whether normalisation never joins this character with one before it.
fn begins(c: char) -> bool {
    if c.is_ascii() || is_han(c) {
        return true;
    }
    let mut first = None;
    decompose_compatible(c, |part| first = first.or(Some(part)));
    let first = first.unwrap_or(c);
    canonical_combining_class(first) == 0 && is_nfkc_quick(std::iter::once(first)) != IsNormalized::Maybe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table_has_pairs_and_folds_once() {
        let characters = TABLE.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars).count();
        assert_eq!((characters % 2, FORMS.len()), (0, characters / 2), "no character twice");
        for (from, to) in &*FORMS {
            assert!(from != to && !FORMS.contains_key(to), "{from}{to}");
            assert_eq!(from.nfkc().chain(to.nfkc()).collect::<String>(), format!("{from}{to}"));
        }
    }

    #[test]
    fn a_character_knows_its_place() {
        let text = "a\u{301}ﬁ\u{200b}廠㎏";
        let found: Vec<(char, &str)> = fold(text).into_iter().map(|one| (one.is, &text[one.at])).collect();
        let expected = [('á', "a\u{301}"), ('f', "ﬁ"), ('i', "ﬁ"), ('厂', "廠"), ('k', "㎏"), ('g', "㎏")];
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn pieces_fold_as_the_whole_does(text in ".{0,40}") {
            let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
            let whole: String = seen.nfkc().flat_map(|c| form(c).to_lowercase()).collect();
            prop_assert_eq!(plain(&text), whole);
        }

        #[test]
        fn places_are_in_order_and_within_the_text(text in ".{0,40}") {
            let folded = fold(&text);
            prop_assert!(folded.iter().all(|one| text.get(one.at.clone()).is_some_and(|from| !from.is_empty())));
            prop_assert!(folded.is_sorted_by(|one, next| one.at == next.at || one.at.end <= next.at.start));
        }
    }
}
