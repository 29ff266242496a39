//! Compares a fact sheet with the report behind it, to keep up the wall between report and case. The check can only
//! mark passages; whether they reveal a reporter is for the officer to judge.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use model::{Day, codes};

use crate::cases::FactSheet;
use crate::cases::compared_numbers::common_numbers;
use crate::cases::compared_text::{ComparedText, flat};
use crate::cases::reported_names::names;

/// Weight of a shared run that is marked: six Chinese characters or fifteen letters. Shorter runs are names of things.
const RUN: usize = 30;

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
    /// The passage, as it stands in the sheet.
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
/// Letters, ideographs and digits are compared as [`human_text::fold`] gives them, whatever separates them.
#[must_use]
pub fn find_leaks(sheet: &FactSheet, said: &ReportedContent) -> Vec<Leak> {
    let ours = [sheet.found.as_str(), &sheet.address].join("\n");
    let theirs = said.texts.join("\n");
    let crossing = [flat(&sheet.party), flat(&sheet.town)];
    let mut found = BTreeSet::new();
    let mut point = |what, passage: &str| {
        let compared = flat(passage);
        if !crossing.iter().any(|name| name.contains(&compared)) {
            found.insert(Leak { what, passage: passage.to_owned() });
        }
    };
    let text = ComparedText::of(&ours);
    for run in repeated(&text, &ComparedText::of(&theirs)) {
        point(LeakKind::Words, text.passage(run));
    }
    let with_files = [&theirs, &said.files.join("\n")].map(String::as_str).join("\n");
    for number in common_numbers(&ours, &with_files) {
        point(LeakKind::Number, number);
    }
    for passage in names(&theirs).iter().filter_map(|name| text.find(name)) {
        point(LeakKind::Name, passage);
    }
    for file in &said.files {
        let stem = flat(file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem));
        if stem.chars().count() >= 2
            && let Some(passage) = text.find(&stem)
        {
            point(LeakKind::File, passage);
        }
    }
    if said.days.contains(&sheet.found_on) {
        found.insert(Leak { what: LeakKind::Day, passage: sheet.found_on.to_string() });
    }
    found.into_iter().collect()
}

/// The places of the longest runs of the sheet's text that also occur in the report, in order. At each position the shortest piece of
/// sufficient weight is looked up in a set of all such pieces of the report. So even a report written to slow this
/// check down is indexed only once, in time proportional to its length.
fn repeated(sheet: &ComparedText, report: &ComparedText) -> Vec<Range<usize>> {
    let (flat, report): (&str, Vec<char>) = (report.flat(), report.characters().collect());
    let sheet: Vec<char> = sheet.characters().collect();
    let pieces: HashSet<&[char]> = (0..report.len()).filter_map(|at| piece(&report, at)).collect();
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
        runs.push(from..from + fits);
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

/// The weight of a character: a Chinese one counts as two and a half letters, a digit as half of one.
fn weight(c: char) -> usize {
    match c {
        '0'..='9' => 1,
        'a'..='z' => 2,
        _ => 5,
    }
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
        assert_eq!(english[0], (LeakKind::Words, "A bucket of Clean air".to_owned()));
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
        assert_eq!(found("asked ZHOUJIN"), [(LeakKind::Name, "ZHOUJIN".to_owned())]);
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
        let (digits, marks) = ("1 2 ".repeat(100_000), "a\u{301}\u{323}\u{200b}".repeat(100_000));
        assert_eq!(pointed("1 2 3", &[&digits, &marks], &[]), [(LeakKind::Number, "1 2".to_owned())]);
    }

    const SHEET: &str = "检查发现厂区西墙外的暗管一根。电话13800138000，裘师傅在场，老虎口阀门。23:40 开。";
    const REPORT: &str = "夜里由厂区西墙外的暗管排水，问裘师傅，电话13800138000，阀门叫“老虎口”，23:40 放水";

    /// What the sheet repeats of a report that is written in another way.
    fn in_sheet(report: &str) -> Vec<(LeakKind, String)> {
        pointed(SHEET, &[report], &[])
    }

    // B02
    #[test]
    fn nothing_between_the_characters_hides_a_passage() {
        let all = in_sheet(REPORT);
        let owned = |what, passage: &str| (what, passage.to_owned());
        let expected = [
            owned(LeakKind::Words, "厂区西墙外的暗管"),
            owned(LeakKind::Number, "13800138000"),
            owned(LeakKind::Number, "23"),
            owned(LeakKind::Number, "40"),
            owned(LeakKind::Name, "老虎口"),
            owned(LeakKind::Name, "裘师傅"),
        ];
        assert_eq!(all, expected);
        for between in ["\u{200b}", "\u{2060}", "\u{fe00}", "\u{ad}", " ", "\u{3000}", "\n", "\r\n", "-", "·", "*_* "]
        {
            let report: String = REPORT.chars().flat_map(|c| [c.to_string(), between.to_owned()]).collect();
            // Signs between the digits of a time are no part of a number.
            let found = in_sheet(&report);
            let signs = ["-", "·", "*_* "].contains(&between);
            let expected = all.iter().filter(|(_, passage)| !(signs && passage.len() == 2));
            assert_eq!(found, expected.cloned().collect::<Vec<_>>(), "{between:?}");
        }
        for width in [5, 9] {
            let lines: Vec<String> =
                REPORT.chars().collect::<Vec<_>>().chunks(width).map(|line| line.iter().collect()).collect();
            assert_eq!(in_sheet(&lines.join("\n")), all, "lines of {width}");
        }
        for phone in [
            "138-0013-8000",
            "138 0013 8000",
            "138.0013.8000",
            "1380013\n8000",
            "(138)0013-8000",
            "１３８００１３８０００",
        ] {
            assert_eq!(in_sheet(&REPORT.replace("13800138000", phone)), all, "{phone}");
        }
        for (simplified, other) in
            [("西", "⻄"), ("厂区西墙", "廠區西牆"), ("裘师傅", "裘師傅"), ("叫“老虎口”", "叫「老虎口」")]
        {
            assert_eq!(in_sheet(&REPORT.replace(simplified, other)), all, "{other}");
        }
        let sheet = SHEET.replace("西墙", "西\n墙").replace("13800138000", "138-0013-8000");
        let passages: Vec<String> = pointed(&sheet, &[REPORT], &[]).into_iter().map(|(_, passage)| passage).collect();
        assert_eq!(passages[..2], ["厂区西\n墙外的暗管", "138-0013-8000"], "as it stands in the sheet");
    }

    // B02, the texts of the finding.
    #[test]
    fn texts_as_they_were_pasted() {
        let words = "厂区西墙外的暗管";
        let cases: [(&str, &[&str]); 6] = [
            ("夜 里 由 厂 区 西 墙 外 的 暗 管 排 水 ， 问 裘 师 傅", &[words, "裘师傅"]),
            ("联系电话138-0013-8000", &["13800138000"]),
            ("厂区⻄墙外的暗管", &[words]),
            ("廠區西牆外的暗管，問裘師傅", &[words, "裘师傅"]),
            ("夜里由厂区西墙外的\n暗管排水，问裘师\n傅，电话1380013\n8000", &[words, "13800138000", "裘师傅"]),
            (
                "夜里由厂区西墙外的暗管排水，问裘\u{200b}师傅，电话138\u{200b}00138000",
                &[words, "13800138000", "裘师傅"],
            ),
        ];
        for (report, expected) in cases {
            let found = in_sheet(report);
            assert_eq!(found.iter().map(|(_, passage)| passage.as_str()).collect::<Vec<_>>(), expected, "{report}");
        }
    }

    #[test]
    fn words_and_numbers_are_no_part_of_others() {
        let found = |sheet: &str, report: &str| pointed(sheet, &[report], &[]).len();
        assert_eq!(found("a valve for entry", "high rent"), 0, "across two words");
        assert_eq!(found("ask Zhou Jin", "Zhoujin knows"), 1);
        assert_eq!(found("共 15 吨", "1.5 吨"), 0);
        assert_eq!(found("共 1,200.5 吨", "1200.5 吨"), 1);
        assert_eq!(found("1 2 0 0 吨", "1,200 吨"), 1);
        assert_eq!(found("331023199001011234", "3 3 1 0 2 3 1 9 9 0 0 1 0 1 1 2 3 4"), 1);
        assert_eq!(found("在 3 号，20 日", "3-20 号"), 1, "20 alone");
    }

    proptest! {
        #[test]
        fn every_run_stands_in_both(sheet in "[a-c水火 ]{0,60}", report in "[a-c水火 ]{0,60}") {
            let (sheet, report) = (ComparedText::of(&sheet), ComparedText::of(&report));
            for run in repeated(&sheet, &report) {
                let run = flat(sheet.passage(run));
                prop_assert!(sheet.flat().contains(&run) && report.flat().contains(&run));
            }
        }

        #[test]
        fn nothing_makes_it_stumble(sheet_text in ".{0,80}", report in ".{0,80}", file in ".{0,20}") {
            let points = pointed(&sheet_text, &[&report], &[&file]);
            for (_, passage) in points {
                prop_assert!(sheet_text.contains(&passage));
            }
        }
    }
}
