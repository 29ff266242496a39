//! Numbers of a text, whatever separates their digits: `13800138000`, `138-0013-8000` and a number that a line end cuts
//! are one.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

use human_text::{Folded, fold};

/// Digits that make a number of digits between any signs: a telephone number, not a day or a time.
const LONG: usize = 7;
/// Runs of digits that may be one number: a bank card has nineteen digits, each of which may stand alone.
const RUNS: usize = 20;

/// What stands between two runs of digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    /// White space or commas only, as between groups of digits.
    Space,
    /// One point.
    Point,
    /// Other signs.
    Signs,
    /// Letters or ideographs.
    Words,
}

/// Digits in a row, and what stands before them.
struct Run {
    digits: String,
    at: Range<usize>,
    before: Between,
}

/// The passages of a text with numbers of at least two digits that the other text has too. Of passages within each
/// other the longest.
pub(super) fn common_numbers<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let mut here: Vec<(String, Range<usize>)> = Vec::new();
    each_number(&runs(text), |number, at| here.push((number.to_owned(), at)));
    let wanted: HashSet<&str> = here.iter().map(|(number, _)| number.as_str()).collect();
    let mut common = HashSet::new();
    each_number(&runs(other), |number, _| common.extend(wanted.get(number).copied()));
    let mut found: Vec<Range<usize>> =
        here.iter().filter(|(number, _)| common.contains(number.as_str())).map(|(_, at)| at.clone()).collect();
    found.sort_by_key(|at| (at.start, Reverse(at.end)));
    // In this order a passage within another one comes after it, and ends no later than some earlier one.
    let mut end = 0;
    found.retain(|at| {
        let longer = at.end > end;
        end = end.max(at.end);
        longer
    });
    found.into_iter().map(|at| &text[at]).collect()
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut before = Some(Between::Words);
    for Folded { is, at } in fold(text) {
        if is.is_ascii_digit() {
            match (runs.last_mut(), before.take()) {
                (Some(run), None) => {
                    run.digits.push(is);
                    run.at.end = at.end;
                }
                (_, between) => {
                    runs.push(Run { digits: is.into(), at, before: between.unwrap_or(Between::Words) });
                }
            }
            continue;
        }
        before = Some(match (is, before) {
            (c, _) if c.is_alphanumeric() => Between::Words,
            ('.', None) => Between::Point,
            (c, None | Some(Between::Space)) if c.is_whitespace() || c == ',' => Between::Space,
            (_, Some(Between::Words)) => Between::Words,
            _ => Between::Signs,
        });
    }
    runs
}

/// Every number that some runs in a row may be, with its place.
fn each_number(runs: &[Run], mut tell: impl FnMut(&str, Range<usize>)) {
    let mut number = String::new();
    for (from, first) in runs.iter().enumerate() {
        number.clear();
        let (mut plain, mut points) = (true, None);
        for (more, run) in runs[from..].iter().take(RUNS).enumerate() {
            if more > 0 {
                match run.before {
                    Between::Words => break,
                    Between::Space => plain &= points.is_none(),
                    Between::Point => {
                        plain &= points.is_none();
                        points = Some(number.len());
                    }
                    Between::Signs => plain = false,
                }
            }
            number.push_str(&run.digits);
            let at = first.at.start..run.at.end;
            match points {
                Some(point) if plain => {
                    let decimal = format!("{}.{}", &number[..point], &number[point..]);
                    tell(&decimal, at.clone());
                }
                None if plain && number.len() >= 2 => tell(&number, at.clone()),
                _ => {}
            }
            if (!plain || points.is_some()) && number.len() >= LONG {
                tell(&number, at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_one_number_and_no_other_is_made_of_its_parts() {
        for (text, other, found) in [
            ("共 12.5 吨", "12.5 吨", ["12.5"].as_slice()),
            ("0.12 34", "0.1234", &["12 34"]),
            ("10.11.12", "1011.12", &["12"]),
            ("1-2.5", "12.5", &[]),
        ] {
            assert_eq!(common_numbers(text, other), found, "{text} and {other}");
        }
    }
}
