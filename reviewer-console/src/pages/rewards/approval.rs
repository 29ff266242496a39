//! The approver's page of one claim: its basis, its steps, and the decision.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::rewards::{ClaimEntry, ClaimPart, ClaimRefusal, ClaimStage, ReconsiderationResult};
use casework::signed_entry::{BadText, SignedEntry};
use console_services::actor::Actor;
use console_services::error::ConsoleError;
use console_services::finance::budget::BudgetYear;
use console_services::rewards::approve::{
    Approval, ApprovalBasis, DecisionOutcome, ReconsiderationAnswer, ReturnedProposal, UnsoundProposal, answer_request,
    approve, has_decided, read_approval_and_budget, return_proposal,
};
use maud::{Markup, html};
use model::Fen;
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::{TextField, Typed};
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::cases;
use crate::pages::rewards::fragments::{decided, not_final};
use crate::pages::rewards::labels::{self, difference, explained, state};
use crate::pages::rewards::progress;

/// One claim with fact sheet, penalty decisions, award, steps and history.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let (actor, number) = (at.actor()?, at.number()?);
    let (basis, year) = blocking(move || read_approval_and_budget(&actor, number)).await?;
    let now = &basis.claim.now;
    let chain = progress::steps(at, &basis.claim, &basis.case)?;
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p.state #claim-state { (state(at, now.state)) }
        article.message {
            p {
                a href=(at.path(&format!("approvals/cases/{}", basis.case.number))) {
                    (say!(at, "case-number", number = basis.case.number))
                }
                " · " (cases::labels::state(at, basis.case.now.state))
            }
            (cases::fragments::sheet(at, &basis.case.now.sheet))
        }
        @for penalty in &basis.case.now.penalties { (decided(at, penalty)) }
        @if now.state == ClaimStage::Proposed || now.state == ClaimStage::Agreed { (not_final(at, &basis.case.now)) }
        h2 { (say!(at, "approval-proposed")) }
        (explained(at, &now.proposal.award))
        @if !now.proposal.grounds.is_empty() {
            p { (say!(at, "reward-grounds")) }
            p.plain-text { (now.proposal.grounds) }
        }
        (difference(at, now, &now.proposal.award))
        (progress::table(at, &chain))
        (what_next(at, &basis, year)?)
        h2 { (say!(at, "case-history")) }
        ul.reports { @for entry in &basis.claim.entries { li { (done(at, number, entry)) } } }
        p.actions {
            a.button.second href=(at.path(&format!("approvals/claims/{number}/form"))) { (say!(at, "approval-form")) }
            a.button.second href=(at.path("approvals")) { (say!(at, "back-to-list")) }
        }
    };
    Ok(at.respond(status, &say!(at, "claim-number", number = number), Idle::Leave, &body))
}

/// The forms for what this account may do now, or the reason why it may not.
fn what_next(at: &RequestContext, basis: &ApprovalBasis, year: BudgetYear) -> Result<Markup, PageError> {
    let (now, account) = (&basis.claim.now, at.session()?.account.as_str());
    let own = |part| own(at, basis, account, part);
    Ok(html! {
        @match now.state {
            ClaimStage::Proposed | ClaimStage::Agreed => {
                (unsound(at, basis.sound))
                @if let Some(why) = own(ClaimPart::Approve) { (why.as_warning()) } @else { (budget_of(at, basis, year)) (forms(at, basis)) }
            }
            ClaimStage::Reconsidering => {
                p.hint { (say!(at, "answer-lead")) }
                @if let Some(by) = basis.answer_by { p { span.new[by < at.today()] { (say!(at, "answer-by", day = by.to_string())) } } }
                @if let Some(why) = own(ClaimPart::Answer) { (why.as_warning()) } @else { (answer_form(at, basis)) }
            }
            ClaimStage::Returned => {}
            _ => { @if basis.sound.is_err() { p.warning { (say!(at, "claim-decision-changed-since")) } } }
        }
    })
}

/// Why this account may not take this part in the claim; `None` if it may.
fn own(at: &RequestContext, basis: &ApprovalBasis, account: &str, part: ClaimPart) -> Option<Problem> {
    if has_decided(&basis.case, account) {
        return Some(problem!(at, "claim-own-decision"));
    }
    if basis.claim.now.may_act(account, part) {
        return None;
    }
    let taken = basis.claim.now.acts.iter().find(|(by, _, _)| by == account).map(|(_, part, _)| *part);
    Some(match taken {
        Some(ClaimPart::Propose) => problem!(at, "claim-own-proposed"),
        Some(ClaimPart::Approve) => problem!(at, "claim-own-approved"),
        _ => problem!(at, "claim-own"),
    })
}

/// The year's budget, with a warning if this award exceeds it.
fn budget_of(at: &RequestContext, basis: &ApprovalBasis, year: BudgetYear) -> Markup {
    let now = &basis.claim.now;
    let more = Fen((now.proposal.award.due_fen - now.paid_so_far().0).max(0) - now.outstanding().0);
    let Some(budget) = year.budget else {
        return html! { p.warning #budget { (say!(at, "budget-none")) } };
    };
    let text = say!(
        at,
        "budget-line",
        budget = budget.to_string(),
        paid = year.paid.to_string(),
        committed = year.committed.to_string()
    );
    html! {
        p.hint #budget { (text) }
        @if year.is_over_with(more) { p.warning #over-budget { (say!(at, "budget-over")) } }
    }
}

fn unsound(at: &RequestContext, sound: Result<(), UnsoundProposal>) -> Markup {
    html! {
        @match sound {
            Ok(()) => {}
            Err(UnsoundProposal::Decision) => p.warning { (say!(at, "claim-decision-changed")) },
            Err(UnsoundProposal::Contested) => p.warning { (say!(at, "claim-contested")) },
            Err(UnsoundProposal::Amount) => p.warning { (say!(at, "claim-amount-wrong")) },
        }
    }
}

fn forms(at: &RequestContext, basis: &ApprovalBasis) -> Markup {
    let path = format!("approvals/claims/{}", basis.claim.number);
    let seen = html! { input type="hidden" name="expected-version" value=(basis.claim.version()); };
    let now = &basis.claim.now;
    let consents = now.is_last_approval() && now.proposal.needs_consent;
    let fields = html! {
        (seen)
        input type="hidden" name="entry" value="approved";
        @if consents {
            p.hint { (say!(at, "consent-hint")) }
            (fields::line(at, "document", &say!(at, "consent-document"), ""))
            div.field {
                label for="consent" { (say!(at, "consent-file")) }
                input #consent name="consent" type="file" required autocomplete="off";
            }
        }
        @if now.is_last_approval() { p.hint { (say!(at, "claim-approve-hint")) } } @else { p.hint { (say!(at, "claim-agree-hint")) } }
        p.actions { button #approve type="submit" { (say!(at, "claim-approve")) } }
    };
    html! {
        @if basis.sound.is_ok() {
            @if consents { (at.form_with_files(&path, &fields)) } @else { (at.form(&path, &fields)) }
        }
        details open[at.sent().field("entry") == Some("returned")] {
            summary { (say!(at, "claim-return")) }
            (at.form(&path, &html! {
                (seen)
                input type="hidden" name="entry" value="returned";
                (fields::text(at, "note", TextField::Note, &say!(at, "claim-why"), true))
                p.actions { button.second type="submit" { (say!(at, "record")) } }
            }))
        }
    }
}

fn answer_form(at: &RequestContext, basis: &ApprovalBasis) -> Markup {
    let options: Vec<(String, String)> =
        ReconsiderationResult::ALL.iter().map(|one| (one.code().to_owned(), labels::answer(at, *one))).collect();
    at.form(
        &format!("approvals/claims/{}", basis.claim.number),
        &html! {
            input type="hidden" name="expected-version" value=(basis.claim.version());
            input type="hidden" name="entry" value="answered";
            (fields::choice(at, "answer", &say!(at, "answer-what-came"), &options))
            (fields::text(at, "note", TextField::Note, &say!(at, "claim-why"), true))
            p.actions { button type="submit" { (say!(at, "record")) } }
        },
    )
}

fn done(at: &RequestContext, number: u64, entered: &SignedEntry<ClaimEntry>) -> Markup {
    html! {
        (labels::done(at, entered))
        @if let Some(path) = consent_path(number, &entered.what) { p { a href=(at.path(&path)) { (say!(at, "consent-read")) } } }
    }
}

/// Approves, sends back, or answers a request for reconsideration.
pub(crate) async fn decide(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (actor, number) = (at.actor()?, at.number()?);
    match decided_as_typed(&at, actor, number).await? {
        DecisionOutcome::Kept => Ok(see_other(&at.path(&format!("approvals/claims/{number}")))),
        DecisionOutcome::Conflict => show(&at, StatusCode::CONFLICT, Some(problem!(at, "case-conflict"))).await,
        DecisionOutcome::Refused(refused) => {
            let problem = match refused {
                // The page shows which part the account took before.
                ClaimRefusal::ActsTwice => return show(&at, StatusCode::CONFLICT, None).await,
                ClaimRefusal::NoConsent | ClaimRefusal::Text(BadText::Empty("document")) => {
                    problem!(at, "consent-missing")
                }
                ClaimRefusal::Text(bad) => cases::labels::bad_text(&at, bad),
                _ => problem!(at, "claim-decided-already"),
            };
            show(&at, StatusCode::CONFLICT, Some(problem)).await
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct DecisionForm {
    expected_version: u64,
    entry: String,
    #[serde(default)]
    document: Typed,
    #[serde(default)]
    note: Typed,
    answer: Option<ReconsiderationResult>,
}

async fn decided_as_typed(at: &RequestContext, actor: Actor, claim: u64) -> Result<DecisionOutcome, PageError> {
    let DecisionForm { expected_version, entry, document, note, answer } = at.read_form()?;
    let (document, note) = (String::from(document), String::from(note));
    match entry.as_str() {
        "approved" => {
            let consent = at.sent().files().first().cloned();
            blocking(move || approve(&actor, Approval { claim, expected_version, document, consent })).await
        }
        "returned" => {
            blocking(move || return_proposal(&actor, ReturnedProposal { claim, expected_version, note })).await
        }
        "answered" => {
            let answer = answer.ok_or(ConsoleError::NotUnderstood)?;
            let answer = ReconsiderationAnswer { claim, expected_version, answer, note };
            blocking(move || answer_request(&actor, answer)).await
        }
        _ => Err(ConsoleError::NotUnderstood.into()),
    }
}

/// The path of an approval's document; `None` for entries without one.
fn consent_path(claim: u64, entry: &ClaimEntry) -> Option<String> {
    Some(format!("approvals/claims/{claim}/files/{}", entry.consent()?.file.digest))
}
