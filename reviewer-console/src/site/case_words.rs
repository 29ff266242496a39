//! The words for codes of cases: states, kinds of entries, fields, and why something is refused.

use casework::case::{Kind, Refused, State};
use casework::entered::{BadText, TEXT};
use casework::money::NotYuan;

use super::at::At;
use super::case_forms::BadForm;
use super::say;
use crate::fault::Fault;

/// Why what was typed is no entry, in words.
pub(super) fn bad_form(at: &At, bad: BadForm) -> Result<String, Fault> {
    match bad {
        BadForm::Kind => Err(Fault::NotUnderstood),
        BadForm::Day(field) => Ok(say!(at, "bad-day", field = field_name(at, field))),
        BadForm::Amount(NotYuan::Form) => Ok(say!(at, "bad-amount")),
        BadForm::Amount(NotYuan::TooLarge) => Ok(say!(at, "bad-fine")),
    }
}

/// Why something was not entered, in words.
pub(crate) fn problem(at: &At, refused: &Refused) -> String {
    match refused {
        Refused::OutOfOrder { state: from, kind: wanted } => {
            let from = from.map(|from| state(at, from)).unwrap_or_default();
            say!(at, "case-out-of-order", step = kind(at, *wanted), state = from)
        }
        Refused::SamePerson => say!(at, "case-same-person"),
        Refused::DeadlinePast => say!(at, "case-deadline-past"),
        Refused::Future(field) => say!(at, "bad-future", field = field_name(at, field)),
        Refused::BeforeFound => say!(at, "bad-before-found"),
        Refused::AlreadyDecided(document) => say!(at, "decision-stands", document = document.as_str()),
        Refused::NotDecided => say!(at, "decision-none"),
        Refused::Category => say!(at, "bad-category"),
        Refused::Fine => say!(at, "bad-fine"),
        Refused::Text(bad) => bad_text(at, *bad),
    }
}

/// What is wrong with a text, in words.
pub(crate) fn bad_text(at: &At, bad: BadText) -> String {
    match bad {
        BadText::Empty(field) => say!(at, "bad-empty", field = field_name(at, field)),
        BadText::TooLong(field) => say!(at, "bad-too-long", field = field_name(at, field), count = TEXT),
    }
}

/// A field as its form names it.
pub(crate) fn field_name(at: &At, field: &str) -> String {
    match field {
        "party" => say!(at, "case-party"),
        "address" => say!(at, "field-address"),
        "town" => say!(at, "field-town"),
        "found" => say!(at, "case-found"),
        "found-on" => say!(at, "case-found-on"),
        "unit" => say!(at, "case-unit"),
        "responsible" => say!(at, "case-responsible"),
        "measures" => say!(at, "case-measures"),
        "deadline" => say!(at, "case-deadline"),
        "standard" => say!(at, "case-standard"),
        "document" => say!(at, "decision-document"),
        "decided-party" => say!(at, "decision-party"),
        "decided-on" => say!(at, "decision-day"),
        "grounds" => say!(at, "reward-grounds"),
        _ => say!(at, "case-note"),
    }
}

/// A state in words.
pub(crate) fn state(at: &At, state: State) -> String {
    match state {
        State::Listed => say!(at, "case-listed"),
        State::Assigned => say!(at, "case-assigned"),
        State::Rectifying => say!(at, "case-rectifying"),
        State::Applied => say!(at, "case-applied"),
        State::Verified => say!(at, "case-verified"),
        State::Closed => say!(at, "case-closed"),
    }
}

/// A kind of entry in words.
pub(crate) fn kind(at: &At, kind: Kind) -> String {
    match kind {
        Kind::Listed => say!(at, "enter-listed"),
        Kind::Assigned => say!(at, "enter-assigned"),
        Kind::Started => say!(at, "enter-started"),
        Kind::Progress => say!(at, "enter-progress"),
        Kind::Decided => say!(at, "enter-decided"),
        Kind::Withdrawn => say!(at, "enter-withdrawn"),
        Kind::Applied => say!(at, "enter-applied"),
        Kind::Verified => say!(at, "enter-verified"),
        Kind::Returned => say!(at, "enter-returned"),
        Kind::Closed => say!(at, "enter-closed"),
        Kind::Reopened => say!(at, "enter-reopened"),
    }
}
