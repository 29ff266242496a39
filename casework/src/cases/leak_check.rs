//! Compares a fact sheet with the report behind it, to keep up the wall between report and case. The check can only
//! mark passages; whether they reveal a reporter is for the officer to judge.

use std::collections::{BTreeSet, HashSet};

use model::{Day, codes};
use unicode_normalization::UnicodeNormalization as _;

use crate::cases::FactSheet;

/// Length of a shared run that is marked: six Chinese characters or eighteen letters. Shorter runs are names of things.
const RUN: usize = 18;
/// Fewest letters of a marked word in a Latin script; shorter words are not names.
const WORD: usize = 4;
/// Lengths of a marked quoted term, in characters.
const QUOTED: std::ops::RangeInclusive<usize> = 2..=20;

codes!(
    /// What a fact sheet repeats of a report.
    LeakKind {
        /// A run of the reporter's own words.
        Words = "words",
        /// A number of at least two digits.
        Number = "number",
        /// A person's name, or the reporter's own term for something.
        Name = "name",
        /// The name of an attached file.
        File = "file",
        /// A day on which a letter of the report came.
        Day = "day",
    }
);

/// A passage of a fact sheet that repeats a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The kind of repetition.
    pub what: LeakKind,
    /// The passage as it was compared: NFKC, lower case, single spaces, no commas in numbers.
    pub passage: String,
}

/// The content of a report that a fact sheet must not repeat.
#[derive(Clone, Debug, Default)]
pub struct ReportedContent {
    /// The texts of all its letters.
    pub texts: Vec<String>,
    /// The names of attached files.
    pub files: Vec<String>,
    /// The days on which its letters came.
    pub days: Vec<Day>,
}

/// Finds all that a sheet repeats of a report, in the order of [`LeakKind`]. Only the findings, the address and the day
/// are compared: category, party and town cross by design, and passages that are part of party or town are skipped.
#[must_use]
pub fn find_leaks(sheet: &FactSheet, said: &ReportedContent) -> Vec<Leak> {
    let ours = [sheet.found.as_str(), &sheet.address].join("\n");
    let theirs = said.texts.join("\n");
    let crossing = [plain(&sheet.party), plain(&sheet.town)].map(String::from_iter);
    let mut found = BTreeSet::new();
    let mut point = |what, passage: String| {
        if !crossing.iter().any(|name| name.contains(&passage)) {
            found.insert(Leak { what, passage });
        }
    };
    for run in repeated(&ours, &theirs) {
        point(LeakKind::Words, run);
    }
    let with_files = [&theirs, &said.files.join("\n")].map(String::as_str).join("\n");
    let numbers = numbers(&with_files);
    for number in self::numbers(&ours).into_iter().filter(|number| numbers.contains(number)) {
        point(LeakKind::Number, number);
    }
    let flat = String::from_iter(plain(&ours));
    for name in names(&theirs).into_iter().filter(|name| flat.contains(name.as_str())) {
        point(LeakKind::Name, name);
    }
    for file in &said.files {
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let stem = String::from_iter(plain(stem));
        if stem.chars().count() >= 2 && flat.contains(&stem) {
            point(LeakKind::File, stem);
        }
    }
    if said.days.contains(&sheet.found_on) {
        point(LeakKind::Day, sheet.found_on.to_string());
    }
    found.into_iter().collect()
}

/// The longest runs of the sheet's text that also occur in the report, in order. At each position the shortest piece of
/// sufficient weight is looked up in a set of all such pieces of the report. So even a report written to slow this
/// check down is indexed only once, in time proportional to its length.
fn repeated(sheet: &str, report: &str) -> Vec<String> {
    let (sheet, report) = (plain(sheet), plain(report));
    let pieces: HashSet<&[char]> = (0..report.len()).filter_map(|at| piece(&report, at)).collect();
    let flat: String = report.iter().collect();
    let mut runs = Vec::new();
    let mut from = 0;
    while let Some(shortest) = piece(&sheet, from) {
        if !pieces.contains(shortest) {
            from += 1;
            continue;
        }
        // Every prefix of a run in the report is in the report too, so its length is found by binary search.
        let (mut fits, mut beyond) = (shortest.len(), sheet.len() - from + 1);
        while fits + 1 < beyond {
            let tried = usize::midpoint(fits, beyond);
            let run: String = sheet[from..from + tried].iter().collect();
            if flat.contains(&run) { fits = tried } else { beyond = tried }
        }
        runs.push(sheet[from..from + fits].iter().collect::<String>().trim().to_owned());
        from += fits;
    }
    runs
}

/// The shortest piece from a position on whose weight reaches `RUN`; `None` near the end of the text.
fn piece(text: &[char], at: usize) -> Option<&[char]> {
    let mut says = 0;
    let end = text[at.min(text.len())..].iter().position(|c| {
        says += weight(*c);
        says >= RUN
    })?;
    Some(&text[at..=at + end])
}

/// Numbers of at least two digits, normalised: `1,200` and `１２００` are equal.
fn numbers(text: &str) -> BTreeSet<String> {
    let plain: String = text.nfkc().collect::<String>().replace(',', "");
    let runs = plain.split(|c: char| !c.is_ascii_digit() && c != '.').map(|run| run.trim_matches('.'));
    runs.filter(|run| run.chars().filter(char::is_ascii_digit).count() >= 2).map(str::to_owned).collect()
}

/// Names in a report: persons with a title or a cue, quoted terms, Latin words.
fn names(text: &str) -> BTreeSet<String> {
    let text = plain(text);
    let mut names = BTreeSet::new();
    for at in 0..text.len() {
        names.extend(person(&text, at));
        names.extend(quoted(&text, at));
        let begins = at == 0 || !text[at - 1].is_alphabetic() || is_han(text[at - 1]);
        if !begins {
            continue;
        }
        let word: String = text[at..].iter().take_while(|c| c.is_alphabetic() && !is_han(**c)).collect();
        if word.chars().count() >= WORD && !COMMON.contains(&word.as_str()) {
            names.insert(word);
        }
    }
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
        '《' => '》',
        '"' => '"',
        _ => return None,
    };
    let inside = text[at + 1..].iter().take(QUOTED.end() + 1).position(|c| *c == close)?;
    QUOTED.contains(&inside).then(|| text[at + 1..=at + inside].iter().collect())
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// NFKC, lower case, and each run of white space as one space,
/// so that line breaks and full-width letters hide no match.
fn plain(text: &str) -> Vec<char> {
    let one_form: String = text.nfkc().collect();
    let words: Vec<&str> = one_form.split_whitespace().collect();
    words.join(" ").to_lowercase().chars().collect()
}

/// The weight of a character: a Chinese one counts as three letters.
fn weight(c: char) -> usize {
    if c.is_ascii() { 1 } else { 3 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sheet(found: &str) -> FactSheet {
        FactSheet {
            category: "other".to_owned(),
            party: "东溪印染有限公司".to_owned(),
            address: String::new(),
            town: "平桥镇".to_owned(),
            found: found.to_owned(),
            found_on: "2026-11-20".parse().expect("a day"),
        }
    }

    fn pointed(found: &str, texts: &[&str], files: &[&str]) -> Vec<(LeakKind, String)> {
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let said = ReportedContent {
            texts: owned(texts),
            files: owned(files),
            days: vec!["2026-11-19".parse().expect("a day")],
        };
        find_leaks(&sheet(found), &said).into_iter().map(|one| (one.what, one.passage)).collect()
    }

    #[test]
    fn what_is_repeated_is_pointed_at() {
        let report = "每天夜里十一点以后，厂区西墙外的暗管向溪里排放深色废水。\n白天用石板盖住。";
        let words = |found: &str| pointed(found, &[report], &[]);
        assert_eq!(words("发现厂区西墙外的暗管一根。"), [(LeakKind::Words, "厂区西墙外的暗管".to_owned())]);
        assert_eq!(words("检查发现西侧围墙外有暗管。"), []);
        assert_eq!(words("废水。 白天用石板盖住"), [(LeakKind::Words, "废水。 白天用石板盖住".to_owned())]);
        let english = pointed("A bucket of Clean air stood there", &["hung into a bucket of clean air"], &[]);
        assert_eq!(english[0], (LeakKind::Words, "a bucket of clean air".to_owned()));
        assert!(pointed("", &[report], &[]).is_empty() && pointed("anything", &[""], &[]).is_empty());
        let party = pointed("东溪印染有限公司西侧", &["我在东溪印染有限公司上班"], &[]);
        assert_eq!(party, [], "the party crosses by design");
    }

    #[test]
    fn numbers_names_files_and_days_are_pointed_at() {
        let report = "23:40 以后放水，1,200 吨。班组的裘师傅知道，阀门叫“老虎口”，问老周建国。Zhoujin knows.";
        let found = |text: &str| pointed(text, &[report], &["IMG_5521 西墙.jpg"]);
        assert_eq!(found("共 1200 吨。"), [(LeakKind::Number, "1200".to_owned())]);
        assert_eq!(found("第 5521 号井。"), [(LeakKind::Number, "5521".to_owned())], "of a file's name");
        assert_eq!(found("裘师傅在场。"), [(LeakKind::Name, "裘师傅".to_owned())]);
        assert_eq!(found("周建国在场。"), [(LeakKind::Name, "周建国".to_owned())]);
        assert_eq!(found("老虎口的阀门"), [(LeakKind::Name, "老虎口".to_owned())]);
        assert_eq!(found("asked ZHOUJIN"), [(LeakKind::Name, "zhoujin".to_owned())]);
        assert_eq!(found("见 img_5521 西墙")[1], (LeakKind::File, "img_5521 西墙".to_owned()));
        let days = ReportedContent { days: vec!["2026-11-20".parse().expect("a day")], ..ReportedContent::default() };
        assert_eq!(find_leaks(&sheet("x"), &days)[0].what, LeakKind::Day);
    }

    #[test]
    fn a_report_that_is_made_to_be_slow_is_not() {
        // A long run of one character: comparing at every position would take far too long.
        let long = "a".repeat(900_000);
        let unclosed = "“".repeat(60_000);
        assert_eq!(pointed("aaaa aaaa", &[&long, &unclosed], &[]), []);
        let found = pointed(&"a".repeat(1000), &[&long], &[]);
        assert_eq!((found.len(), found[0].1.len()), (1, 1000));
    }

    proptest! {
        #[test]
        fn every_run_stands_in_both(sheet in "[a-c水火 ]{0,60}", report in "[a-c水火 ]{0,60}") {
            let flat = |text: &str| plain(text).into_iter().collect::<String>();
            for run in repeated(&sheet, &report) {
                prop_assert!(flat(&sheet).contains(&run) && flat(&report).contains(&run));
            }
        }

        #[test]
        fn nothing_makes_it_stumble(sheet_text in ".{0,80}", report in ".{0,80}", file in ".{0,20}") {
            let points = pointed(&sheet_text, &[&report], &[&file]);
            let flat = |text: &str| plain(text).into_iter().collect::<String>().replace(',', "");
            for (_, passage) in points {
                prop_assert!(flat(&sheet_text).contains(&passage.replace(',', "")));
            }
        }
    }
}
