//! The words for codes of cases: states, kinds of entries, fields, and why something is refused.

use casework::case::{Authority, Kind, Refused, ReviewResult, State, Status};
use casework::entered::BadText;
use console_services::cases::reported_text::NotComparable;

use crate::http::request::RequestContext;
use crate::http::words::say;

/// Why something was not entered, in words.
pub(crate) fn problem(at: &RequestContext, refused: &Refused) -> String {
    match refused {
        Refused::OutOfOrder { state: from, kind: wanted } => {
            let from = from.map(|from| state(at, from)).unwrap_or_default();
            say!(at, "case-out-of-order", step = kind(at, *wanted), state = from)
        }
        Refused::SamePerson => say!(at, "case-same-person"),
        Refused::DeadlinePast => say!(at, "case-deadline-past"),
        Refused::Future(field) => say!(at, "bad-future", field = field_name(at, field)),
        Refused::TooEarly("decided-on") => say!(at, "bad-before-found"),
        Refused::TooEarly(_) => say!(at, "bad-too-early"),
        Refused::AlreadyDecided(document) => say!(at, "decision-stands", document = document.as_str()),
        Refused::NoDecision => say!(at, "decision-none"),
        Refused::AlreadyTransferred(document) => say!(at, "transfer-stands", document = document.as_str()),
        Refused::NoTransfer => say!(at, "transfer-none"),
        Refused::Category => say!(at, "bad-category"),
        Refused::Amount => say!(at, "bad-fine"),
        Refused::ReviewFine => say!(at, "bad-review-fine"),
        Refused::NothingPaid => say!(at, "bad-nothing-paid"),
        Refused::MoreThanFine => say!(at, "bad-more-than-fine"),
        Refused::Evidence => say!(at, "bad-evidence"),
        Refused::Text(bad) => bad_text(at, *bad),
    }
}

/// The same, and what may be entered instead.
pub(crate) fn problem_and_way_on(at: &RequestContext, refused: &Refused, possible: &[Kind]) -> String {
    let problem = problem(at, refused);
    if !matches!(refused, Refused::OutOfOrder { .. }) || possible.is_empty() {
        return problem;
    }
    let names: Vec<String> = possible.iter().map(|one| kind(at, *one)).collect();
    format!("{problem} {}", say!(at, "case-possible", what = names.join(" · ")))
}

/// What is wrong with a text, in words.
pub(crate) fn bad_text(at: &RequestContext, bad: BadText) -> String {
    match bad {
        BadText::Empty(field) => say!(at, "bad-empty", field = field_name(at, field)),
        BadText::TooLong(field, most) => say!(at, "bad-too-long", field = field_name(at, field), count = most),
    }
}

/// A field as its form names it.
pub(crate) fn field_name(at: &RequestContext, field: &str) -> String {
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
        "on" => say!(at, "case-on"),
        "answer-by" => say!(at, "transfer-answer-by"),
        "expert" => say!(at, "case-expert"),
        "publication" => say!(at, "case-publication"),
        "to" => say!(at, "given-to"),
        _ => say!(at, "case-note"),
    }
}

/// A state in words.
pub(crate) fn state(at: &RequestContext, state: State) -> String {
    match state {
        State::Listed => say!(at, "case-listed"),
        State::Escalated => say!(at, "case-escalated"),
        State::Assigned => say!(at, "case-assigned"),
        State::Rectifying => say!(at, "case-rectifying"),
        State::Applied => say!(at, "case-applied"),
        State::Verified => say!(at, "case-verified"),
        State::Closed => say!(at, "case-closed"),
    }
}

/// A kind of entry in words.
pub(crate) fn kind(at: &RequestContext, kind: Kind) -> String {
    match kind {
        Kind::Listed => say!(at, "enter-listed"),
        Kind::Assigned => say!(at, "enter-assigned"),
        Kind::Started => say!(at, "enter-started"),
        Kind::Progress => say!(at, "enter-progress"),
        Kind::Decided => say!(at, "enter-decided"),
        Kind::Withdrawn => say!(at, "enter-withdrawn"),
        Kind::Contested => say!(at, "enter-contested"),
        Kind::Reviewed => say!(at, "enter-reviewed"),
        Kind::Finalised => say!(at, "enter-final"),
        Kind::Collected => say!(at, "enter-collected"),
        Kind::Escalated => say!(at, "enter-escalated"),
        Kind::Supervised => say!(at, "enter-supervised"),
        Kind::Transferred => say!(at, "enter-transferred"),
        Kind::Answered => say!(at, "enter-answered"),
        Kind::AskedExpert => say!(at, "enter-asked-expert"),
        Kind::Opinion => say!(at, "enter-opinion"),
        Kind::Applied => say!(at, "enter-applied"),
        Kind::Verified => say!(at, "enter-verified"),
        Kind::Returned => say!(at, "enter-returned"),
        Kind::Closed => say!(at, "enter-closed"),
        Kind::Reopened => say!(at, "enter-reopened"),
    }
}

/// How far a penalty decision is, in words.
pub(crate) fn status(at: &RequestContext, status: Status) -> String {
    match status {
        Status::Open => say!(at, "penalty-open"),
        Status::Contested => say!(at, "penalty-contested"),
        Status::Upheld => say!(at, "penalty-reviewed"),
        Status::Final => say!(at, "penalty-final"),
        Status::Revoked => say!(at, "penalty-revoked"),
    }
}

/// What a review came to, in words.
pub(crate) fn review(at: &RequestContext, result: ReviewResult) -> String {
    match result {
        ReviewResult::Upheld => say!(at, "review-upheld"),
        ReviewResult::Changed => say!(at, "review-changed"),
        ReviewResult::Revoked => say!(at, "review-revoked"),
    }
}

/// Another authority, in words.
pub(crate) fn authority(at: &RequestContext, code: &str) -> String {
    match Authority::of_code(code) {
        Some(Authority::Police) => say!(at, "authority-police"),
        Some(Authority::Procuratorate) => say!(at, "authority-procuratorate"),
        None => code.to_owned(),
    }
}

/// Why a sheet cannot be held against what was reported, in words.
pub(crate) fn not_comparable(at: &RequestContext, why: NotComparable) -> String {
    match why {
        NotComparable::NotOpened => say!(at, "sheet-not-opened"),
        NotComparable::JoinedNotOpened(report) => say!(at, "sheet-joined-not-opened", number = report.to_string()),
        NotComparable::NotListed => say!(at, "sheet-not-listed"),
    }
}
