//! What people enter on the way from report 1 to its reward.

use crate::desk::{Desk, text};
use crate::house::UNIT;
use crate::requests::Answer;

/// A day that has come.
const DAY: &str = "2022-01-30";
/// A fact sheet as it is typed.
pub const SHEET: &[(&str, &str)] = &[
    ("category", "covert-discharge"),
    ("party", "Dongxi Dyeing"),
    ("address", "by the bridge"),
    ("town", "平桥镇"),
    ("found", "A pipe behind the west wall."),
    ("found-on", DAY),
];
/// An assignment.
pub const ASSIGNMENT: &[(&str, &str)] = &[
    ("kind", "assigned"),
    ("unit", UNIT),
    ("responsible", "Qian"),
    ("measures", "Remove the pipe."),
    ("deadline", "2099-12-31"),
    ("standard", "Nothing flows."),
];
/// A penalty decision.
pub const DECISION: &[(&str, &str)] = &[
    ("kind", "decided"),
    ("document", "台环罚〔2026〕17 号"),
    ("decided-party", "Dongxi Dyeing"),
    ("fine", "1,234,567.89"),
    ("decided-on", DAY),
];

/// Opens the case of report 1.
pub fn open_case(zhou: &mut Desk) {
    zhou.post("/en/reports/1/open", &[("purpose", "verify")]);
    done(&zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "verify"), ("note", "by Wu")]));
    let crossed = zhou.post("/en/reports/1/fact-sheet/cross", &[&[("seen", "1")], SHEET].concat());
    assert!(text(&crossed).contains("Case 1 was opened"), "{}", text(&crossed));
}

/// Opens and assigns it, and enters its penalty decision.
pub fn decided_case(zhou: &mut Desk, qian: &mut Desk) {
    open_case(zhou);
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()));
    done(&qian.post("/en/cases/1", &[&[("seen", "2")], DECISION].concat()));
}

/// It was done: on to the page that shows it.
pub fn done(answer: &Answer) {
    assert_eq!(answer.status, 303, "{}", text(answer));
}

/// A proposal as the page of report 1 sends it, with a fine as it was shown and what else is typed.
#[must_use]
pub fn proposal<'a>(fine: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let shown = [("seen", "2"), ("claim-seen", "0"), ("document", "台环罚〔2026〕17 号"), ("fine", fine)];
    [&shown, more].concat()
}
