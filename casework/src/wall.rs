//! The wall between report and case: what a fact sheet repeats of a report's own words. A machine
//! can only point; whether a reporter shines through is for the officer to see.

/// How much two texts must share in one run to be pointed at: six Chinese characters, or eighteen
/// letters. Shorter runs are names of things.
const RUN: usize = 18;

/// Runs of the sheet's text that stand in the report too, longest possible, in order.
#[must_use]
pub fn repeated(sheet: &str, report: &str) -> Vec<String> {
    let (sheet, report) = (plain(sheet), plain(report));
    let mut runs = Vec::new();
    let mut from = 0;
    while from < sheet.len() {
        let until = from + longest(&sheet[from..], &report);
        let run = &sheet[from..until];
        if run.iter().map(|c| weight(*c)).sum::<usize>() >= RUN {
            runs.push(run.iter().collect::<String>().trim().to_owned());
            from = until;
        } else {
            from += 1;
        }
    }
    runs
}

/// Lower case, and each run of white space as one space, so that a line break hides nothing.
fn plain(text: &str) -> Vec<char> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().chars().collect()
}

/// A Chinese character says as much as three letters.
fn weight(c: char) -> usize {
    if c.is_ascii() { 1 } else { 3 }
}

/// How many characters of the beginning of `text` stand together somewhere in `other`.
fn longest(text: &[char], other: &[char]) -> usize {
    let same = |at: usize| text.iter().zip(&other[at..]).take_while(|(one, two)| one == two).count();
    (0..other.len()).map(same).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_repeated_is_pointed_at() {
        let report = "每天夜里十一点以后，厂区西墙外的暗管向溪里排放深色废水。\n白天用石板盖住。";
        assert_eq!(repeated("发现厂区西墙外的暗管一根。", report), ["厂区西墙外的暗管"]);
        assert_eq!(repeated("检查发现西侧围墙外有暗管。", report), Vec::<String>::new());
        assert_eq!(repeated("废水。 白天用石板盖住", report), ["废水。 白天用石板盖住"], "a line break hides nothing");
        assert_eq!(
            repeated("A bucket of Clean air stood there", "hung into a bucket of clean air"),
            ["a bucket of clean air"]
        );
        assert!(repeated("", report).is_empty() && repeated("anything", "").is_empty());
    }

    proptest! {
        #[test]
        fn every_run_stands_in_both(sheet in "[a-c水火 ]{0,60}", report in "[a-c水火 ]{0,60}") {
            let flat = |text: &str| plain(text).into_iter().collect::<String>();
            for run in repeated(&sheet, &report) {
                prop_assert!(flat(&sheet).contains(&run) && flat(&report).contains(&run));
            }
        }
    }
}
