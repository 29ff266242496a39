//! The forms of a case: one for each kind of entry, and reading what was typed into them.

use casework::case::{Assignment, Decision, Entry, Kind};
use casework::money::{Fen, NotYuan};
use maud::{Markup, html};

use super::at::At;
use super::{case_words, fields, say};
use crate::dossiers::CaseFile;

/// What was typed is no entry.
#[derive(Clone, Copy)]
pub(crate) enum BadForm {
    /// No kind of entry that a form has.
    Kind,
    /// No day in this field.
    Day(&'static str),
    /// No amount.
    Amount(NotYuan),
}

/// The form for one kind of entry; open when it was tried and came back.
pub(crate) fn form(at: &At, base: &str, file: &CaseFile, kind: Kind, units: &[String]) -> Markup {
    let tried = at.sent().field("kind") == Some(kind.code());
    html! {
        details open[tried] id=(format!("enter-{}", kind.code())) {
            summary { (case_words::kind(at, kind)) }
            (at.form(&format!("{base}/{}", file.number), &html! {
                input type="hidden" name="seen" value=(file.seen());
                input type="hidden" name="kind" value=(kind.code());
                (inputs(at, file, kind, units, tried))
                p.actions { button type="submit" { (say!(at, "record-this", what = case_words::kind(at, kind))) } }
            }))
        }
    }
}

fn inputs(at: &At, file: &CaseFile, kind: Kind, units: &[String], tried: bool) -> Markup {
    match kind {
        Kind::Assigned => {
            let units: Vec<(String, String)> = units.iter().map(|unit| (unit.clone(), unit.clone())).collect();
            html! {
                @if units.is_empty() { p.warning { (say!(at, "case-no-units")) } }
                (fields::choice(at, "unit", &say!(at, "case-unit"), &units))
                (fields::line(at, "responsible", &say!(at, "case-responsible"), ""))
                (fields::text(at, "measures", "measures", &say!(at, "case-measures"), tried))
                (fields::day(at, "deadline", &say!(at, "case-deadline"), ""))
                (fields::text(at, "standard", "standard", &say!(at, "case-standard"), tried))
            }
        }
        Kind::Decided => html! {
            (fields::line(at, "document", &say!(at, "decision-document"), ""))
            (fields::line(at, "decided-party", &say!(at, "decision-party"), &file.now.sheet.party))
            (fields::line(at, "fine", &say!(at, "decision-fine-typed"), ""))
            p.hint { (say!(at, "decision-fine-hint")) }
            (fields::day(at, "decided-on", &say!(at, "decision-day"), ""))
        },
        Kind::Started => html! { p { (say!(at, "case-start-hint")) } },
        _ => fields::text(at, &format!("note-{}", kind.code()), "note", &say!(at, "case-note"), tried),
    }
}

/// The entry that was typed.
pub(crate) fn read(at: &At) -> Result<Entry, BadForm> {
    let typed = |name: &str| at.sent().field(name).unwrap_or_default().trim().replace("\r\n", "\n");
    let day = |name: &'static str| typed(name).parse().map_err(|_| BadForm::Day(name));
    let note = typed("note");
    Ok(match Kind::of_code(&typed("kind")).ok_or(BadForm::Kind)? {
        Kind::Listed => return Err(BadForm::Kind),
        Kind::Assigned => Entry::Assigned(Assignment {
            unit: typed("unit"),
            responsible: typed("responsible"),
            measures: typed("measures"),
            deadline: day("deadline")?,
            standard: typed("standard"),
        }),
        Kind::Decided => Entry::Decided(Decision {
            document: typed("document"),
            party: typed("decided-party"),
            fine: Fen::of_yuan(&typed("fine")).map_err(BadForm::Amount)?,
            decided_on: day("decided-on")?,
        }),
        Kind::Started => Entry::Started {},
        Kind::Progress => Entry::Progress { note },
        Kind::Withdrawn => Entry::Withdrawn { note },
        Kind::Applied => Entry::Applied { note },
        Kind::Verified => Entry::Verified { note },
        Kind::Returned => Entry::Returned { note },
        Kind::Closed => Entry::Closed { note },
        Kind::Reopened => Entry::Reopened { note },
    })
}
