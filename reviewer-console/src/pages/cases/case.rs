//! One case with all its entries, and the forms for the next ones. The page serves officers, approvers who sign
//! off, and, at their own listener, the case units.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::cases::{Case, CaseEntry, ReviewResult};
use casework::signed_entry::SignedEntry;
use console_services::accounts::audience::Audience;
use console_services::cases::enter_case::{CaseEntryOutcome, NewCaseEntry, enter_case};
use console_services::cases::read_case::{read_case, units};
use maud::{Markup, html};
use model::Role;

use crate::http::form::VersionForm;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::cases::forms;
use crate::pages::cases::fragments::{marks, rows_of, sheet};
use crate::pages::cases::labels::{authority, kind, problem_and_way_on, review, state, status};

/// One case: state, fact sheet, forms, history.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let (role, number) = (actor.role, at.number()?);
    let (file, units) = blocking(move || Ok((read_case(&actor, number)?, units(&actor)?))).await?;
    let today = at.today();
    let possible = file.now.possible(role);
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p.state #case-state {
            (state(at, file.now.state)) (marks(at, &file, today))
        }
        article.message { (sheet(at, &file.now.sheet)) }
        (status_lines(at, &file.now))
        section.no-print {
            h2 { (say!(at, "case-next")) }
            @if possible.is_empty() { p { (say!(at, "case-nothing-to-do")) } }
            @for kind in &possible { (forms::form(at, &base(role), &file, *kind, &units)) }
        }
        h2 { (say!(at, "case-history")) }
        ul.reports { @for entry in &file.entries { li { (done(at, &base(role), number, entry)) } } }
        (signatures(at))
        p.hint.no-print { (say!(at, "case-print")) }
        p.actions { a.button.second href=(at.path(back(role))) { (say!(at, "back-to-list")) } }
    };
    // With forms the page stays when idle, so that a note being typed is not lost; a case file is no report.
    let idle = if possible.is_empty() { Idle::Leave } else { Idle::Stay };
    let title = format!("{} · {}", say!(at, "case-number", number = number), file.now.sheet.party);
    Ok(at.respond(status, &title, idle, &body))
}

fn base(role: Role) -> String {
    if role == Role::Approver { "approvals/cases".to_owned() } else { "cases".to_owned() }
}

fn back(role: Role) -> &'static str {
    if role == Role::Approver { "approvals" } else { "cases" }
}

/// Assignment with its deadline, penalty decisions, transfers, and the expert who is asked.
fn status_lines(at: &RequestContext, case: &Case) -> Markup {
    html! {
        @if let Some(to) = &case.assignment {
            h2 { (say!(at, "case-assignment")) }
            (rows_of(at, &[
                (say!(at, "case-unit"), to.unit.clone()),
                (say!(at, "case-responsible"), to.responsible.clone()),
                (say!(at, "case-measures"), to.measures.clone()),
                (say!(at, "case-deadline"), to.deadline.to_string()),
                (say!(at, "case-standard"), to.standard.clone()),
            ]))
        }
        @for penalty in &case.penalties {
            h2 { (say!(at, "case-decision")) }
            (rows_of(at, &[
                (say!(at, "decision-document"), penalty.decision.document.clone()),
                (say!(at, "decision-party"), penalty.decision.party.clone()),
                (say!(at, "decision-fine"), say!(at, "yuan", amount = penalty.fine.to_string())),
                (say!(at, "decision-day"), penalty.decision.decided_on.to_string()),
                (say!(at, "penalty-status"), status(at, penalty.status)),
                (say!(at, "penalty-collected"), say!(at, "yuan", amount = penalty.collected.to_string())),
            ]))
        }
        @for transfer in &case.transfers {
            h2 { (say!(at, "transfer")) }
            (rows_of(at, &[
                (say!(at, "transfer-to"), authority(at, &transfer.to)),
                (say!(at, "transfer-document"), transfer.document.clone()),
                (say!(at, "transfer-sent-on"), transfer.sent_on.to_string()),
                (say!(at, "transfer-answer-by"), transfer.answer_by.to_string()),
                (say!(at, "answer-what"), match &transfer.answer {
                    None => say!(at, "answer-waits"),
                    Some(answer) if answer.taken => format!("{} · {}", say!(at, "answer-taken"), answer.on),
                    Some(answer) => format!("{} · {}", say!(at, "answer-not-taken"), answer.on),
                }),
            ]))
        }
        @if let Some(expert) = &case.expert { p { (say!(at, "expert-waits", expert = expert.as_str())) } }
    }
}

/// An entry's fields in one line, without its note; empty for entries that have none.
fn about(at: &RequestContext, entry: &CaseEntry) -> String {
    let yuan = |fine: &model::Fen| say!(at, "yuan", amount = fine.to_string());
    match entry {
        CaseEntry::Assigned(to) => format!("{} · {} · {}", to.unit, to.responsible, to.deadline),
        CaseEntry::Decided(decision) => format!("{} · {}", decision.document, yuan(&decision.fine)),
        CaseEntry::Withdrawn { document, .. } => document.clone(),
        CaseEntry::Contested { document, on, .. } | CaseEntry::Finalised { document, on } => {
            format!("{document} · {on}")
        }
        CaseEntry::Reviewed { document, result, fine, on, .. } => {
            let result = ReviewResult::of_code(result).map(|result| review(at, result)).unwrap_or_default();
            let fine = fine.as_ref().map(|fine| format!(" · {}", yuan(fine))).unwrap_or_default();
            format!("{document} · {result}{fine} · {on}")
        }
        CaseEntry::Collected { document, amount, on } => format!("{document} · {} · {on}", yuan(amount)),
        CaseEntry::Transferred(transfer) => format!("{} · {}", authority(at, &transfer.to), transfer.document),
        CaseEntry::Answered { document, answer } => {
            let taken = if answer.taken { say!(at, "answer-taken") } else { say!(at, "answer-not-taken") };
            format!("{document} · {taken} · {}", answer.on)
        }
        CaseEntry::AskedExpert { expert, .. } => expert.clone(),
        _ => String::new(),
    }
}

fn done(at: &RequestContext, base: &str, number: u64, entered: &SignedEntry<CaseEntry>) -> Markup {
    let (about, note) = (about(at, &entered.what), entered.what.note().unwrap_or_default());
    html! {
        (kind(at, entered.what.kind()))
        // A unit sees no names of other accounts: the name of the officer who lists a case would show its origin.
        @if at.audience() == Audience::Cases && at.session().is_ok_and(|session| session.account != entered.by) {
            p.hint { (entered.on) }
        } @else {
            p.hint { (say!(at, "entered-by", day = entered.on.to_string(), account = entered.by.as_str())) }
        }
        @if !about.is_empty() { p.plain-text { (about) } }
        @if !note.is_empty() { p.plain-text { (note) } }
        @if let CaseEntry::Closed { publication, .. } = &entered.what {
            @if !publication.is_empty() { p.plain-text { (say!(at, "case-publication")) (say!(at, "colon")) (publication) } }
        }
        @for file in entered.what.evidence() {
            p {
                a href=(at.path(&format!("{base}/{number}/files/{}", file.digest))) download=(file.name) { (file.name) }
                " · " (say!(at, "bytes", count = file.size))
            }
        }
    }
}

/// Lines for signatures, shown only in print.
fn signatures(at: &RequestContext) -> Markup {
    html! {
        dl.print-only {
            @for name in [say!(at, "print-responsible"), say!(at, "print-checked"), say!(at, "print-signed-off")] {
                dt { (name) }
                dd { "　" }
            }
        }
    }
}

/// Adds an entry to the case, with uploaded files. 400 for a form that is wrong or refused by the rules, 409 where the
/// case has changed, it or its files are full, or the decision's document number is taken.
pub(crate) async fn enter(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (actor, number) = (at.actor()?, at.number()?);
    let role = actor.role;
    let VersionForm { expected_version } = at.read_form()?;
    let what = match forms::read(&at, at.read_form()?) {
        Ok(entry) => entry,
        Err(bad) => return show(&at, StatusCode::BAD_REQUEST, Some(forms::bad_form(&at, bad)?)).await,
    };
    let request = NewCaseEntry { case: number, expected_version, what, files: at.sent().files().to_vec() };
    let (status, problem) = match blocking(move || enter_case(&actor, request)).await? {
        CaseEntryOutcome::Kept => return Ok(see_other(&at.path(&format!("{}/{number}", base(role))))),
        CaseEntryOutcome::Conflict => (StatusCode::CONFLICT, problem!(at, "case-conflict")),
        CaseEntryOutcome::UnknownUnit => (StatusCode::BAD_REQUEST, problem!(at, "case-unknown-unit")),
        CaseEntryOutcome::FilesFull => (StatusCode::CONFLICT, problem!(at, "case-files-full")),
        CaseEntryOutcome::Full => (StatusCode::CONFLICT, problem!(at, "case-full")),
        CaseEntryOutcome::DocumentTaken => (StatusCode::CONFLICT, problem!(at, "decision-taken")),
        CaseEntryOutcome::Refused(refused, possible) => {
            (StatusCode::BAD_REQUEST, problem_and_way_on(&at, &refused, &possible))
        }
    };
    show(&at, status, Some(problem)).await
}
