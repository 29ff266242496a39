//! Proposing a reward: it is computed from the penalty decisions under the rules of the day on which the report was
//! received, explained line by line, then recorded for another person to approve. An approved award is corrected by
//! the same form if a decision has changed since.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::rewards::{ClaimRefusal, NoAward};
use casework::rules::{AddOnEvent, Exclusion, Policy};
use casework::signed_entry::BadText;
use console_services::error::ConsoleError;
use console_services::rewards::proposal_basis::{NotYet, ProposalBasis, read_basis};
use console_services::rewards::propose::{ProposalRequest, Proposed, propose as propose_reward};
use maud::{Markup, html};
use model::Fen;
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::{TextField, Ticked, Typed};
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::cases;
use crate::pages::reports::labels::stage;
use crate::pages::rewards::fragments::{decided, not_final};
use crate::pages::rewards::labels::{add_on_name, difference, exclusion_name, explained, state};

/// The computed ordinary reward, and the form for proposing it or a special one; 409 where a reward cannot be proposed.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let number = at.number()?;
    let basis = match blocking(move || read_basis(&actor, number)).await? {
        Ok(basis) => basis,
        Err(not_yet) => return Ok(stopped(at, number, &not_yet)),
    };
    let ordinary = basis.ordinary().map_err(PageError::inside)?;
    let granted = basis.handling.claim.as_ref().and_then(|file| file.now.granted.as_ref());
    let same = granted.is_some_and(|(granted, _)| granted.award == ordinary);
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        article.message { (cases::fragments::sheet(at, &basis.case.now.sheet)) }
        @for penalty in &basis.penalties { (decided(at, penalty)) }
        (not_final(at, &basis.case.now))
        @if basis.penalties.is_empty() { p.warning { (say!(at, "correction-no-decision")) } }
        h2 { (say!(at, "reward-computed")) }
        (explained(at, &ordinary))
        @if let Some(file) = &basis.handling.claim { (difference(at, &file.now, &ordinary)) }
        @if same { p.state #same { (say!(at, "correction-none")) } }
        (form(at, number, &basis, same))
    };
    Ok(at.respond(status, &say!(at, "reward-title", number = number), Idle::Leave, &body))
}

fn form(at: &RequestContext, number: u64, basis: &ProposalBasis, same: bool) -> Markup {
    let policy = &basis.rules.policy;
    let opened = ["special", "grounds", "excluded"]
        .iter()
        .any(|name| at.sent().field(name).is_some_and(|typed| !typed.is_empty()));
    html! {
        (at.form(&format!("reports/{number}/reward"), &html! {
            input type="hidden" name="expected-version" value=(basis.handling.handled.version());
            input type="hidden" name="expected-claim-version" value=(basis.claim_version());
            input type="hidden" name="decisions" value=(basis.decisions());
            @if policy.rewards(basis.category) {
                details open[opened] {
                    summary { (say!(at, "reward-otherwise")) }
                    p.hint { (say!(at, "reward-special-hint", cap = policy.special_cap_fen.to_string())) }
                    (fields::optional_line(at, "special", &say!(at, "reward-special-amount"), ""))
                    (fields::text(at, "grounds", TextField::Grounds, &say!(at, "reward-grounds"), true))
                    @for event in add_ons(policy) {
                        (fields::check(at, event.code(), &add_on_name(at, event)))
                    }
                    @if !policy.exclusions.is_empty() {
                        (fields::optional_choice(at, "excluded", &say!(at, "reward-excluded"), &exclusions(at, policy)))
                        p.hint { (say!(at, "reward-excluded-hint")) }
                    }
                }
            }
            p.actions {
                button.second[same] type="submit" { (say!(at, "reward-propose")) }
                a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
            }
        }))
    }
}

fn exclusions(at: &RequestContext, policy: &Policy) -> Vec<(String, String)> {
    let known = policy.exclusions.iter().filter_map(|code| Exclusion::of_code(code));
    known.map(|one| (one.code().to_owned(), exclusion_name(at, one))).collect()
}

fn add_ons(policy: &Policy) -> Vec<AddOnEvent> {
    policy.add_ons.iter().filter_map(|one| AddOnEvent::of_code(&one.event)).collect()
}

fn stopped(at: &RequestContext, number: u64, not_yet: &NotYet) -> HttpResponse {
    let problem = match not_yet {
        NotYet::Stage(code) => problem!(at, "handling-out-of-order", stage = stage(at, code)),
        NotYet::Claim(now) => problem!(at, "handling-out-of-order", stage = state(at, *now)),
        NotYet::NoDecision => problem!(at, "reward-waits"),
        NotYet::Contested => problem!(at, "claim-contested"),
        NotYet::NoRules => problem!(at, "reward-no-rules"),
        NotYet::Origin => problem!(at, "reward-no-origin"),
        NotYet::Unopened => problem!(at, "reward-unopened"),
        NotYet::First(first) => problem!(at, "reward-first-first", number = first.to_string()),
        NotYet::FirstOnly(first) => problem!(at, "reward-first-only", number = first.to_string()),
    };
    let body = html! {
        (problem)
        p.actions { a.button href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) } }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "reward-title", number = number), Idle::Leave, &body)
}

/// Records the proposal, for another person to approve.
pub(crate) async fn propose(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let actor = at.officer()?;
    let number = at.number()?;
    let request = match typed(&at, number)? {
        Ok(request) => request,
        Err(problem) => return show(&at, StatusCode::BAD_REQUEST, Some(problem)).await,
    };
    match blocking(move || propose_reward(&actor, request)).await? {
        Proposed::Kept => Ok(proposed(&at, number)),
        Proposed::Conflict => show(&at, StatusCode::CONFLICT, Some(problem!(at, "reward-conflict"))).await,
        Proposed::DocumentTaken => show(&at, StatusCode::CONFLICT, Some(problem!(at, "reward-document-taken"))).await,
        Proposed::NotYet(not_yet) => Ok(stopped(&at, number, &not_yet)),
        Proposed::NoAward(no) => show(&at, StatusCode::BAD_REQUEST, Some(no_award(&at, &no))).await,
        Proposed::Refused(refused) => {
            let problem = match refused {
                ClaimRefusal::Text(BadText::Empty(_)) => problem!(at, "reward-no-grounds"),
                ClaimRefusal::Text(bad) => cases::labels::bad_text(&at, bad),
                ClaimRefusal::Same => problem!(at, "correction-none"),
                ClaimRefusal::ActsTwice => problem!(at, "claim-own"),
                _ => problem!(at, "reward-conflict"),
            };
            show(&at, StatusCode::BAD_REQUEST, Some(problem)).await
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ProposalForm {
    expected_version: u64,
    expected_claim_version: u64,
    /// The penalty decisions as the page showed them, to notice a change.
    decisions: String,
    #[serde(default)]
    special: Typed,
    #[serde(default)]
    grounds: Typed,
    #[serde(default)]
    excluded: Typed,
    #[serde(default)]
    detention: Ticked,
    #[serde(default)]
    arrest: Ticked,
    #[serde(default)]
    conviction: Ticked,
}

fn typed(at: &RequestContext, report: u64) -> Result<Result<ProposalRequest, Problem>, PageError> {
    let form: ProposalForm = at.read_form()?;
    let Ok(special) = Some(&*form.special).filter(|typed| !typed.is_empty()).map(Fen::of_yuan).transpose() else {
        return Ok(Err(problem!(at, "bad-amount")));
    };
    let ticked = |event: &AddOnEvent| match event {
        AddOnEvent::Detention => form.detention.0,
        AddOnEvent::Arrest => form.arrest.0,
        AddOnEvent::Conviction => form.conviction.0,
    };
    let add_ons = AddOnEvent::ALL.iter().copied().filter(ticked).collect();
    let grounds = String::from(form.grounds);
    if special.is_none() && !grounds.is_empty() {
        return Ok(Err(problem!(at, "reward-no-amount")));
    }
    let excluded = Some(&*form.excluded).filter(|code| !code.is_empty());
    let excluded = excluded.map(|code| Exclusion::of_code(code).ok_or(ConsoleError::NotUnderstood)).transpose()?;
    Ok(Ok(ProposalRequest {
        report,
        expected_version: form.expected_version,
        expected_claim_version: form.expected_claim_version,
        expected_decisions: form.decisions,
        special,
        grounds,
        excluded,
        add_ons,
    }))
}

fn proposed(at: &RequestContext, number: u64) -> HttpResponse {
    let body = html! {
        p.state #proposed { (say!(at, "reward-proposed")) }
        p.actions {
            a.button href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
            a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
        }
    };
    at.page(&say!(at, "reward-title", number = number), &body)
}

fn no_award(at: &RequestContext, no: &NoAward) -> Problem {
    match no {
        NoAward::AboveSpecialCap(cap) => problem!(at, "reward-above-special", cap = cap.to_string()),
        NoAward::NotMore(ordinary) => problem!(at, "reward-not-more", due = ordinary.to_string()),
        NoAward::NotRewarded => problem!(at, "award-not-rewarded"),
        NoAward::Excluded => problem!(at, "reward-excluded-special"),
        NoAward::Negative | NoAward::Overflow(_) | NoAward::NoRule(_) | NoAward::NoShare => problem!(at, "bad-fine"),
    }
}
