//! Text of which only letters, ideographs and digits are compared, whatever separates them: spaces of a text recognition,
//! line ends, dashes, what cannot be seen.

use std::ops::Range;

use human_text::{Folded, fold, is_han};

/// Words of the text in a row, each with its place in the original.
pub(super) struct ComparedText<'a> {
    original: &'a str,
    characters: Vec<Folded>,
    flat: String,
}

impl<'a> ComparedText<'a> {
    pub(super) fn of(original: &'a str) -> Self {
        let characters: Vec<Folded> = fold(original).into_iter().filter(|one| one.is.is_alphanumeric()).collect();
        let flat = characters.iter().map(|one| one.is).collect();
        Self { original, characters, flat }
    }

    /// The characters in a row, without what separates them.
    pub(super) fn flat(&self) -> &str {
        &self.flat
    }

    pub(super) fn characters(&self) -> impl Iterator<Item = char> {
        self.characters.iter().map(|one| one.is)
    }

    /// The passage of the original that gave these characters, with what separates them.
    pub(super) fn passage(&self, places: Range<usize>) -> &'a str {
        match self.characters.get(places) {
            Some([first, .., last]) => &self.original[first.at.start..last.at.end],
            Some([only]) => &self.original[only.at.clone()],
            _ => "",
        }
    }

    /// The first passage that reads like these characters. One of letters only is a word or stands within one: the end
    /// of a word and the beginning of the next are no occurrence.
    pub(super) fn find(&self, name: &str) -> Option<&'a str> {
        let length = name.chars().count();
        let places = self.flat.match_indices(name).map(|(at, _)| self.flat[..at].chars().count());
        let mut places = places.map(|from| from..from + length);
        let fits =
            |places: &Range<usize>| name.chars().any(is_han) || self.begins_word(places.start) || !self.has_gap(places);
        places.find(|places| length > 0 && fits(places)).map(|places| self.passage(places))
    }

    fn begins_word(&self, place: usize) -> bool {
        place == 0 || is_han(self.characters[place - 1].is) || self.is_gap(place)
    }

    fn has_gap(&self, places: &Range<usize>) -> bool {
        (places.start + 1..places.end).any(|place| self.is_gap(place))
    }

    /// Whether something separates a character from the one before it.
    fn is_gap(&self, place: usize) -> bool {
        let between = self.characters[place - 1].at.end..self.characters[place].at.start;
        self.original.get(between).is_some_and(|text| !human_text::visible(text).is_empty())
    }
}

/// The characters of a text as they are compared, without what separates them.
pub(super) fn flat(text: &str) -> String {
    fold(text).into_iter().map(|one| one.is).filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_where_it_stands_alone_or_within_a_word() {
        for (text, name, found) in [
            ("裘师傅", "裘", Some("裘")),
            ("anything", "", None),
            ("Zhou Jin 在", "zhoujin", Some("Zhou Jin")),
            ("问Zhou Jin", "zhoujin", Some("Zhou Jin")),
            ("xzhoujinx", "zhoujin", Some("zhoujin")),
            ("a bzhoujin", "zhoujin", Some("zhoujin")),
            ("high rent", "hrent", None),
        ] {
            assert_eq!(ComparedText::of(text).find(name), found, "{name} in {text}");
        }
    }
}
