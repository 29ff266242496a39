//! The words in a text as people type, print and paste them: with what a page or a paper has around them, numbered, in
//! one or both languages.

use human_text::{fold, is_han};
use zeroize::{Zeroize as _, Zeroizing};

use crate::keys::word_list::WordList;

/// Names of secrets, of which a label without a colon has one.
const NAMES: [&[&str]; 5] =
    [&["回", "执", "码"], &["领", "取", "凭", "证"], &["凭", "证"], &["receipt", "code"], &["claim", "note"]];
/// Other words of such a label. A secret that begins with one is read after a colon only.
const AROUND: [&str; 13] = ["my", "your", "the", "this", "is", "我", "你", "您", "的", "这", "是", "为", "字"];
/// Words of a repeated label before each word of a secret, at most: 第…个字.
const REPEATED: usize = 4;

/// A word of a text; in Chinese one character.
struct Word {
    text: Zeroizing<String>,
    after_colon: bool,
}

/// The words of a text, apart by script, without numbers.
pub(crate) struct TypedWords([(WordList, Vec<Word>); 2]);

impl TypedWords {
    /// Splits text: Chinese by character, other words at anything that is no letter or digit. Digits alone, and before
    /// a word, number the words.
    pub(crate) fn split(typed: &str) -> Self {
        let (mut chinese, mut english) = (Vec::new(), Vec::new());
        let mut word = Zeroizing::new(String::with_capacity(typed.len()));
        let mut after_colon = false;
        let mut folded = fold(typed);
        for c in folded.iter().map(|one| one.is).chain([' ']) {
            let han = is_han(c);
            if c.is_alphanumeric() && !han {
                word.push(c);
                continue;
            }
            let text = Zeroizing::new(word.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned());
            word.clear();
            if !text.is_empty() {
                english.push(Word { text, after_colon });
                after_colon = false;
            }
            if han {
                chinese.push(Word { text: Zeroizing::new(c.into()), after_colon });
                after_colon = false;
            }
            after_colon |= c == ':';
        }
        for one in &mut folded {
            one.is.zeroize();
        }
        Self([(WordList::Chinese, chinese), (WordList::English, english)])
    }

    /// The readings of the text as a secret of so many words, at most one in each list.
    pub(crate) fn readings(&self, count: usize) -> impl Iterator<Item = (WordList, Vec<&str>)> {
        self.0.iter().filter_map(move |(list, words)| Some((*list, reading(words, count)?)))
    }

    /// How many words there are, in the script that has more of them; after the last colon, if it has words after it.
    pub(crate) fn count(&self) -> usize {
        let counts = self.0.iter().map(|(_, words)| words.len() - after_last_colon(words).unwrap_or_default());
        counts.max().unwrap_or_default()
    }
}

/// The words of a secret of `count` words: all of them, or the last of each group under one repeated label, or those
/// after the last colon, or after words that only say what follows. The number of words decides.
fn reading(words: &[Word], count: usize) -> Option<Vec<&str>> {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let extra = texts.len().checked_sub(count)?;
    if extra == 0 {
        return Some(texts);
    }
    let group = texts.len() / count;
    let labels = &texts[..group - 1];
    if texts.len() == group * count && group <= REPEATED && texts.chunks(group).all(|one| one.starts_with(labels)) {
        return Some(texts.into_iter().skip(group - 1).step_by(group).collect());
    }
    let labelled = is_label(&texts[..extra]) && !AROUND.contains(&texts[extra]);
    (after_last_colon(words) == Some(extra) || labelled).then(|| texts[extra..].to_vec())
}

/// Whether words only say that a secret follows: one of its names, with nothing of meaning around it.
fn is_label(words: &[&str]) -> bool {
    let around = |words: &[&str]| words.iter().all(|word| AROUND.contains(word));
    let has = |name: &&[&str]| {
        let at = words.windows(name.len()).position(|some| some == *name);
        at.is_some_and(|at| around(&words[..at]) && around(&words[at + name.len()..]))
    };
    NAMES.iter().any(has)
}

fn after_last_colon(words: &[Word]) -> Option<usize> {
    words.iter().rposition(|word| word.after_colon)
}
