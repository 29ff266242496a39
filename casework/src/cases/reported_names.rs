//! Names in a report: persons with a title or a cue, quoted terms, words of a Latin script.

use std::collections::BTreeSet;

use human_text::{fold, is_han};

/// Fewest letters of a marked word in a Latin script; shorter words are not names.
const WORD: usize = 4;
/// Lengths of a marked quoted term, in characters.
const QUOTED: std::ops::RangeInclusive<usize> = 2..=20;

/// The names, as [`super::compared_text::flat`] gives them.
pub(super) fn names(text: &str) -> BTreeSet<String> {
    let folded: Vec<char> = fold(text).into_iter().map(|one| one.is).collect();
    let flat: Vec<char> = folded.iter().copied().filter(|c| c.is_alphanumeric()).collect();
    let tight: Vec<char> = folded.iter().copied().filter(|c| !c.is_whitespace()).collect();
    let mut names: BTreeSet<String> = (0..flat.len()).filter_map(|at| person(&flat, at)).collect();
    names.extend((0..tight.len()).filter_map(|at| quoted(&tight, at)));
    let words = folded.split(|c| !c.is_alphabetic() || is_han(*c)).filter(|word| word.len() >= WORD);
    names.extend(words.map(String::from_iter).filter(|word| !COMMON.contains(&word.as_str())));
    names
}

/// Frequent surnames. A name with a rarer surname is still found as a run of words or by its quotes.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤裘庞奚娄洪";
/// Titles that follow a person's name.
const TITLES: &[&str] = &[
    "师傅", "经理", "厂长", "主任", "老板", "队长", "书记", "班长", "科长", "局长", "会计", "司机", "某", "总", "工",
    "哥", "姐", "叔",
];
/// Words that precede a person's name.
const CUES: &[&str] = &["名叫", "姓名", "姓", "叫", "找", "老", "小", "阿"];
/// Frequent English words of at least `WORD` letters that are not names.
const COMMON: &[&str] = &[
    "about",
    "after",
    "again",
    "also",
    "been",
    "before",
    "behind",
    "below",
    "black",
    "chimney",
    "discharge",
    "during",
    "every",
    "factory",
    "found",
    "from",
    "have",
    "into",
    "night",
    "over",
    "pipe",
    "plant",
    "river",
    "that",
    "their",
    "there",
    "they",
    "this",
    "under",
    "waste",
    "wall",
    "water",
    "were",
    "west",
    "east",
    "north",
    "south",
    "when",
    "where",
    "which",
    "with",
    "works",
];

fn person(text: &[char], at: usize) -> Option<String> {
    if !SURNAMES.contains(*text.get(at)?) {
        return None;
    }
    let follows = |from: usize, words: &[&str]| {
        words.iter().any(|word| {
            word.chars().zip(text.get(from..).unwrap_or_default()).all(|(one, two)| one == *two)
                && text.len() >= from + word.chars().count()
        })
    };
    let precedes = CUES.iter().any(|cue| {
        let length = cue.chars().count();
        at >= length && cue.chars().zip(&text[at - length..at]).all(|(one, two)| one == *two)
    });
    let length = (1..=3).find(|length| follows(at + length, TITLES)).or(precedes.then_some(3))?;
    let name: Vec<char> = text.get(at..at + length)?.to_vec();
    // A surname alone identifies nobody; with its title it may.
    let with_title = if length == 1 { text.get(at..at + 3)?.to_vec() } else { name };
    with_title.iter().all(|c| is_han(*c)).then(|| with_title.into_iter().collect())
}

fn quoted(text: &[char], at: usize) -> Option<String> {
    let close = match text.get(at)? {
        '“' => '”',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '"' => '"',
        _ => return None,
    };
    let inside = text[at + 1..].iter().take(QUOTED.end() + 1).position(|c| *c == close)?;
    let term: String = text[at + 1..=at + inside].iter().filter(|c| c.is_alphanumeric()).collect();
    QUOTED.contains(&term.chars().count()).then_some(term)
}
