//! The officer's side of identity envelopes: asking the custodian, and reading what was opened.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::identity::ask_identity::{IdentityRequest, IdentityRequestOutcome, ask_identity};
use console_services::identity::read_identities::{OpenedIdentity, ReportIdentity, identities_of_report};
use console_services::identity::request::Reason;
use maud::{Markup, html};
use register::CONSENTED;
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::Typed;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::identity::labels::{reason, state};

/// The requests of a report with their answers, and the form for a new one.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let number = at.number()?;
    let requests = blocking(move || identities_of_report(&actor, number)).await?;
    let reasons: Vec<(String, String)> =
        Reason::CHOSEN.iter().map(|one| (one.code().to_owned(), reason(at, *one))).collect();
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "identity-lead")) }
        p.warning { (say!(at, "identity-told")) }
        @for one in &requests { (request(at, one)) }
        details open[at.sent().field("reason").is_some()] {
            summary { (say!(at, "identity-ask")) }
            (at.form(&format!("reports/{number}/identity"), &html! {
                (fields::choice(at, "reason", &say!(at, "identity-reason"), &reasons))
                (fields::optional_line(at, "document", &say!(at, "identity-document"), &say!(at, "identity-document-hint")))
                p.actions { button type="submit" { (say!(at, "identity-send")) } }
            }))
        }
        p.actions { a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) } }
    };
    Ok(at.respond(status, &say!(at, "identity-title", number = number), Idle::Leave, &body))
}

fn request(at: &RequestContext, one: &ReportIdentity) -> Markup {
    let ReportIdentity { stored, reason: asked, answer } = one;
    html! {
        section.card.identity-request {
            p.state { (reason(at, *asked)) " · " (state(at, &stored.state)) }
            p.hint { (say!(at, "entered-by", day = stored.asked.asked_on.to_string(), account = stored.asked.account.as_str())) }
            @if *asked == Reason::Pay && stored.state == CONSENTED { p { (say!(at, "identity-slip-made")) } }
            @if let Some(answer) = answer {
                @match answer {
                    OpenedIdentity::Named(identity) => dl {
                        dt { (say!(at, "identity-name")) } dd { (identity.name) }
                        dt { (say!(at, "identity-contact")) } dd { (identity.contact) }
                    },
                    OpenedIdentity::Nobody => p { (say!(at, "identity-nobody")) },
                }
            }
        }
    }
}

#[derive(Deserialize)]
struct IdentityForm {
    reason: String,
    #[serde(default)]
    document: Typed,
}

/// Sends a request to the custodian. A reason is required, and for `Reason::Law` a document (at most 200 characters).
pub(crate) async fn ask(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let number = at.number()?;
    let form: IdentityForm = at.read_form()?;
    let chosen = Reason::of_code(&form.reason).filter(|reason| Reason::CHOSEN.contains(reason));
    let Some(reason) = chosen else {
        return show(&at, StatusCode::BAD_REQUEST, Some(problem!(&at, "identity-no-reason"))).await;
    };
    let document: String = form.document.chars().take(200).collect();
    if reason == Reason::Law && document.is_empty() {
        return show(&at, StatusCode::BAD_REQUEST, Some(problem!(&at, "identity-no-document"))).await;
    }
    let request = IdentityRequest { report: number, reason, document };
    match blocking(move || ask_identity(&actor, request)).await? {
        IdentityRequestOutcome::Done => Ok(see_other(&at.path(&format!("reports/{number}/identity")))),
        IdentityRequestOutcome::Anonymous => {
            show(&at, StatusCode::CONFLICT, Some(problem!(&at, "identity-anonymous"))).await
        }
        IdentityRequestOutcome::Gone => show(&at, StatusCode::CONFLICT, Some(problem!(&at, "identity-gone"))).await,
    }
}
