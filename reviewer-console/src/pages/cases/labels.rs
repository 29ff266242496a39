//! Words for the codes of cases: states, kinds of entries, fields, and reasons of refusal.

use casework::cases::{Authority, CaseEntryKind, CaseRefusal, CaseState, PenaltyStatus, ReviewResult};
use casework::signed_entry::BadText;
use console_services::cases::reported_text::NotComparable;

use crate::http::problem::{Problem, problem};
use crate::http::request::RequestContext;
use crate::http::words::say;

/// The message for an entry that the rules refuse.
pub(crate) fn problem(at: &RequestContext, refused: &CaseRefusal) -> Problem {
    match refused {
        CaseRefusal::OutOfOrder { state: from, kind: wanted } => {
            let from = from.map(|from| state(at, from)).unwrap_or_default();
            problem!(at, "case-out-of-order", step = kind(at, *wanted), state = from)
        }
        CaseRefusal::SamePerson => problem!(at, "case-same-person"),
        CaseRefusal::DeadlinePast => problem!(at, "case-deadline-past"),
        CaseRefusal::Future(field) => problem!(at, "bad-future", field = field_name(at, field)),
        CaseRefusal::TooEarly("decided-on") => problem!(at, "bad-before-found"),
        CaseRefusal::TooEarly(_) => problem!(at, "bad-too-early"),
        CaseRefusal::AlreadyDecided(document) => problem!(at, "decision-stands", document = document.as_str()),
        CaseRefusal::NoDecision => problem!(at, "decision-none"),
        CaseRefusal::AlreadyTransferred(document) => problem!(at, "transfer-stands", document = document.as_str()),
        CaseRefusal::NoTransfer => problem!(at, "transfer-none"),
        CaseRefusal::Category => problem!(at, "bad-category"),
        CaseRefusal::Amount => problem!(at, "bad-fine"),
        CaseRefusal::ReviewFine => problem!(at, "bad-review-fine"),
        CaseRefusal::NothingPaid => problem!(at, "bad-nothing-paid"),
        CaseRefusal::MoreThanFine => problem!(at, "bad-more-than-fine"),
        CaseRefusal::Evidence => problem!(at, "bad-evidence"),
        CaseRefusal::Text(bad) => bad_text(at, *bad),
    }
}

/// The message for a refused entry; for one out of order also the kinds of entry that are possible now.
pub(crate) fn problem_and_way_on(at: &RequestContext, refused: &CaseRefusal, possible: &[CaseEntryKind]) -> Problem {
    let problem = problem(at, refused);
    if !matches!(refused, CaseRefusal::OutOfOrder { .. }) || possible.is_empty() {
        return problem;
    }
    let names: Vec<String> = possible.iter().map(|one| kind(at, *one)).collect();
    problem.followed_by(&say!(at, "case-possible", what = names.join(" · ")))
}

/// The message for a text that is empty or too long.
pub(crate) fn bad_text(at: &RequestContext, bad: BadText) -> Problem {
    match bad {
        BadText::Empty(field) => problem!(at, "bad-empty", field = field_name(at, field)),
        BadText::TooLong(field, most) => problem!(at, "bad-too-long", field = field_name(at, field), count = most),
    }
}

/// The label of a field in its form.
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

/// The name of a case's state.
pub(crate) fn state(at: &RequestContext, state: CaseState) -> String {
    match state {
        CaseState::Listed => say!(at, "case-listed"),
        CaseState::Escalated => say!(at, "case-escalated"),
        CaseState::Assigned => say!(at, "case-assigned"),
        CaseState::Rectifying => say!(at, "case-rectifying"),
        CaseState::Applied => say!(at, "case-applied"),
        CaseState::Verified => say!(at, "case-verified"),
        CaseState::Closed => say!(at, "case-closed"),
    }
}

/// The name of a kind of entry.
pub(crate) fn kind(at: &RequestContext, kind: CaseEntryKind) -> String {
    match kind {
        CaseEntryKind::Listed => say!(at, "enter-listed"),
        CaseEntryKind::Assigned => say!(at, "enter-assigned"),
        CaseEntryKind::Started => say!(at, "enter-started"),
        CaseEntryKind::Progress => say!(at, "enter-progress"),
        CaseEntryKind::Decided => say!(at, "enter-decided"),
        CaseEntryKind::Withdrawn => say!(at, "enter-withdrawn"),
        CaseEntryKind::Contested => say!(at, "enter-contested"),
        CaseEntryKind::Reviewed => say!(at, "enter-reviewed"),
        CaseEntryKind::Finalised => say!(at, "enter-final"),
        CaseEntryKind::Collected => say!(at, "enter-collected"),
        CaseEntryKind::Escalated => say!(at, "enter-escalated"),
        CaseEntryKind::Supervised => say!(at, "enter-supervised"),
        CaseEntryKind::Transferred => say!(at, "enter-transferred"),
        CaseEntryKind::Answered => say!(at, "enter-answered"),
        CaseEntryKind::AskedExpert => say!(at, "enter-asked-expert"),
        CaseEntryKind::Opinion => say!(at, "enter-opinion"),
        CaseEntryKind::Applied => say!(at, "enter-applied"),
        CaseEntryKind::Verified => say!(at, "enter-verified"),
        CaseEntryKind::Returned => say!(at, "enter-returned"),
        CaseEntryKind::Closed => say!(at, "enter-closed"),
        CaseEntryKind::Reopened => say!(at, "enter-reopened"),
    }
}

/// The name of a penalty decision's status.
pub(crate) fn status(at: &RequestContext, status: PenaltyStatus) -> String {
    match status {
        PenaltyStatus::Open => say!(at, "penalty-open"),
        PenaltyStatus::Contested => say!(at, "penalty-contested"),
        PenaltyStatus::Reviewed => say!(at, "penalty-reviewed"),
        PenaltyStatus::Final => say!(at, "penalty-final"),
        PenaltyStatus::Revoked => say!(at, "penalty-revoked"),
    }
}

/// The name of the result of a review.
pub(crate) fn review(at: &RequestContext, result: ReviewResult) -> String {
    match result {
        ReviewResult::Upheld => say!(at, "review-upheld"),
        ReviewResult::Changed => say!(at, "review-changed"),
        ReviewResult::Revoked => say!(at, "review-revoked"),
    }
}

/// The name of an authority that cases are transferred to; an unknown code is shown as it is.
pub(crate) fn authority(at: &RequestContext, code: &str) -> String {
    match Authority::of_code(code) {
        Some(Authority::Police) => say!(at, "authority-police"),
        Some(Authority::Procuratorate) => say!(at, "authority-procuratorate"),
        None => code.to_owned(),
    }
}

/// The message for a sheet that cannot be compared with the report.
pub(crate) fn not_comparable(at: &RequestContext, why: NotComparable) -> Problem {
    match why {
        NotComparable::NotOpened => problem!(at, "sheet-not-opened"),
        NotComparable::JoinedNotOpened(report) => problem!(at, "sheet-joined-not-opened", number = report.to_string()),
        NotComparable::NotListed => problem!(at, "sheet-not-listed"),
    }
}
