//! A report's claim at the post: its steps, and the reporter's choice, which an officer enters from the letter.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::rewards::{ClaimRefusal, ClaimStage};
use console_services::error::ConsoleError;
use console_services::rewards::claim_file::ClaimFile;
use console_services::rewards::enter_choice::{ChoiceRequest, enter_choice};
use console_services::rewards::follow_claim::{ChoiceEntered, NotFollowed};
use console_services::rewards::report_claim::read_report_claim;
use maud::{Markup, html};
use model::LetterDigest;
use register::{LetterKind, StoredReport};
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::{TextField, Typed};
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::cases::labels::bad_text;
use crate::pages::rewards::fragments::enter_form;
use crate::pages::rewards::labels::{difference, done, explained, state};
use crate::pages::rewards::progress;

/// The claim with award, steps, letters and history.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let number = at.number()?;
    let read = blocking(move || {
        let read = read_report_claim(&actor, number)?;
        let changed = read.has_changed(&actor);
        Ok((read, changed))
    });
    let (read, changed) = read.await?;
    let (shown, claim) = (&read.handling, &read.claim);
    let case = shown.case.as_ref().ok_or(ConsoleError::Unsound)?;
    let now = &claim.now;
    let steps = progress::steps(at, claim, case)?;
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p.state #claim-state { (state(at, now.state)) }
        @if now.state == ClaimStage::Ordered {
            p.hint { (say!(at, "claim-next-exchange")) " " a href=(at.path("exchange")) { (say!(at, "exchange-go")) } }
        }
        (explained(at, &now.proposal.award))
        (difference(at, now, &now.proposal.award))
        @if changed && !now.is_correcting() {
            p.warning { (say!(at, "claim-decision-changed-since")) }
            p.actions { a.button href=(at.path(&format!("reports/{number}/reward"))) { (say!(at, "correction-go")) } }
        }
        (progress::table(at, &steps))
        (letters(at, number, &shown.report, now.state))
        (other_entries(at, number, claim))
        h2 { (say!(at, "case-history")) }
        ul.reports {
            @for one in &claim.entries { li { (done(at, one)) } }
        }
        p.actions { a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) } }
    };
    Ok(at.respond(status, &say!(at, "claim-number", number = claim.number), Idle::Leave, &body))
}

/// Letters with the reporter's choice, each with the form for entering it while the claim is open to one.
fn letters(at: &RequestContext, number: u64, report: &StoredReport, now: ClaimStage) -> Markup {
    let open = matches!(
        now,
        ClaimStage::Offered | ClaimStage::Refused | ClaimStage::Waived | ClaimStage::Lapsed | ClaimStage::Paid
    );
    let chosen = report.letters.iter().filter(|letter| letter.kept && is_choice(letter.kind.as_deref()));
    let unsorted = report.letters.iter().any(|letter| letter.kept && letter.kind.is_none());
    html! {
        h2 { (say!(at, "claim-letters")) }
        @if unsorted { p.warning { (say!(at, "claim-unsorted")) } }
        @if chosen.clone().next().is_none() { p { (say!(at, "claim-no-letters")) } }
        @for letter in chosen {
            section.card {
                p { (say!(at, "claim-letter-of", day = letter.received_on.to_string())) }
                @if letter.kind.as_deref() == Some(LetterKind::ClaimEntered.code()) { p.hint { (say!(at, "claim-was-entered")) } }
                @else if open { (enter_form(at, number, letter)) }
            }
        }
    }
}

fn is_choice(kind: Option<&str>) -> bool {
    kind.and_then(LetterKind::of_code).is_some_and(|kind| matches!(kind, LetterKind::Claim | LetterKind::ClaimEntered))
}

/// Forms for what an officer may enter without a letter: a waiver, or the withdrawal of an order.
fn other_entries(at: &RequestContext, number: u64, claim: &ClaimFile) -> Markup {
    let path = format!("reports/{number}/claim");
    html! {
        @if claim.now.state == ClaimStage::Offered {
            details {
                summary { (say!(at, "claim-waive")) }
                (at.form(&path, &html! {
                    input type="hidden" name="entry" value="waived";
                    p.hint { (say!(at, "claim-waive-hint")) }
                    p.actions { button.second type="submit" { (say!(at, "record")) } }
                }))
            }
        }
        @if claim.now.state == ClaimStage::Ordered {
            details open[at.sent().field("entry") == Some("order-withdrawn")] {
                summary { (say!(at, "claim-undraw")) }
                (at.form(&path, &html! {
                    input type="hidden" name="entry" value="order-withdrawn";
                    p.hint { (say!(at, "claim-undraw-hint")) }
                    (fields::text(at, "note", TextField::Note, &say!(at, "claim-why"), true))
                    p.actions { button.second type="submit" { (say!(at, "record")) } }
                }))
            }
        }
    }
}

#[derive(Deserialize)]
struct ChoiceForm {
    /// The letter with the choice; exclusive with `entry`.
    letter: Option<LetterDigest>,
    /// `waived` or `order-withdrawn`, entered without a letter.
    entry: Option<String>,
    #[serde(default)]
    note: Typed,
}

/// Enters the choice in a letter, a waiver, or the withdrawal of an order; 409 where the claim does not allow it.
pub(crate) async fn enter(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let actor = at.officer()?;
    let number = at.number()?;
    let ChoiceForm { letter, entry, note } = at.read_form()?;
    let request = match (letter, entry.as_deref()) {
        (Some(letter), None) => ChoiceRequest::Letter(letter),
        (None, Some("waived")) => ChoiceRequest::Waived,
        (None, Some("order-withdrawn")) => ChoiceRequest::Withdrawn { note: note.into() },
        _ => return Err(ConsoleError::NotUnderstood.into()),
    };
    let problem = match blocking(move || enter_choice(&actor, number, request)).await? {
        ChoiceEntered::Kept => return Ok(see_other(&at.path(&format!("reports/{number}/claim")))),
        ChoiceEntered::NoChoice => problem!(at, "claim-no-choice"),
        ChoiceEntered::NotByCode => problem!(at, "claim-not-by-code"),
        ChoiceEntered::OldOffer => problem!(at, "claim-old-note"),
        ChoiceEntered::Changed => problem!(at, "claim-decision-changed-since"),
        ChoiceEntered::Not(NotFollowed::Conflict) => problem!(at, "case-conflict"),
        ChoiceEntered::Not(NotFollowed::Refused(refused)) => match refused {
            ClaimRefusal::Time => problem!(at, "claim-late"),
            ClaimRefusal::Once => problem!(at, "claim-asked-before"),
            ClaimRefusal::Amount => problem!(at, "claim-nothing-due"),
            ClaimRefusal::Text(bad) => bad_text(&at, bad),
            _ => problem!(at, "claim-not-now"),
        },
    };
    show(&at, StatusCode::CONFLICT, Some(problem)).await
}
