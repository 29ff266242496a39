//! The custodian's pages: requests to open an identity envelope, and consent in the custodian's own session.
//! The key is sent from the custodian's medium with each consent and is stored nowhere. For an award that is to
//! be paid openly the custodian prints a slip with the payee, which finance pays; nobody at the post sees it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::identity::open_identity::{ConsentOutcome, CustodianKey, open_identity};
use console_services::identity::read_requests::{list_requests, read_request};
use console_services::identity::refuse_identity::refuse_identity;
use console_services::identity::request::Reason;
use crypto::keys::words::WordList;
use crypto::letters::claim_note::ClaimNote;
use crypto::sealing::identity_envelope::Identity;
use maud::{Markup, PreEscaped, html};
use register::{CONSENTED, WAITING};
use serde::Deserialize;

use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::identity::labels::{reason, state};

/// The list of requests, with state, day and account of each.
pub(crate) async fn list(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let requests = blocking(move || list_requests(&actor)).await?;
    let body = html! {
        p { (say!(&at, "custodian-lead")) }
        @if requests.is_empty() { p.state { (say!(&at, "custodian-none")) } }
        ul.reports {
            @for stored in &requests {
                li {
                    a href=(at.path(&format!("identity/{}", stored.number))) { (say!(&at, "request-number", number = stored.number)) }
                    " · " (state(&at, &stored.state))
                    p.hint { (say!(&at, "entered-by", day = stored.asked.asked_on.to_string(), account = stored.asked.account.as_str())) }
                }
            }
        }
    };
    Ok(at.page(&say!(&at, "custodian-title"), &body))
}

/// One request with its reason and document, and the forms for consenting or refusing.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let number = at.number()?;
    let actor = at.actor()?;
    let (stored, asked) = blocking(move || read_request(&actor, number)).await?;
    let waiting = stored.state == WAITING;
    let again = stored.state == CONSENTED && asked == Reason::Pay;
    let path = format!("identity/{number}");
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p.state { (state(at, &stored.state)) }
        dl {
            dt { (say!(at, "identity-reason")) } dd { (reason(at, asked)) }
            dt { (say!(at, "request-by")) } dd { (stored.asked.account) " · " (stored.asked.asked_on) }
            @if !stored.asked.document.is_empty() { dt { (say!(at, "identity-document")) } dd { (stored.asked.document) } }
        }
        @if waiting || again {
            p { (say!(at, "custodian-consent-lead")) }
            @if again {
                details {
                    summary { (say!(at, "custodian-remake")) }
                    p.warning { (say!(at, "custodian-again")) }
                    (consent_form(at, &path))
                }
            } @else { (consent_form(at, &path)) }
        }
        @if waiting {
            details {
                summary { (say!(at, "custodian-refuse")) }
                (at.form(&path, &html! {
                    input type="hidden" name="decision" value="refuse";
                    p.hint { (say!(at, "custodian-refuse-hint")) }
                    p.actions { button.second type="submit" { (say!(at, "custodian-refuse")) } }
                }))
            }
        }
        p.actions { a.button.second href=(at.path("identity")) { (say!(at, "back-to-list")) } }
    };
    Ok(at.respond(status, &say!(at, "request-number", number = number), Idle::Leave, &body))
}

fn consent_form(at: &RequestContext, path: &str) -> Markup {
    at.form_with_files(
        path,
        &html! {
            input type="hidden" name="decision" value="consent";
            div.field {
                label for="key" { (say!(at, "custodian-key")) }
                input #key name="key" type="file" required autocomplete="off";
                p.hint { (say!(at, "custodian-key-hint")) }
            }
            p.actions { button #consent type="submit" { (say!(at, "custodian-consent")) } }
        },
    )
}

#[derive(Deserialize)]
struct DecisionForm {
    decision: String,
}

/// Consents with the uploaded key, or refuses. 400 for a file that is not the custodian's key, 409 where the request
/// was answered before, or the envelope cannot be opened or names no payee.
pub(crate) async fn decide(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, number) = (at.actor()?, at.number()?);
    if at.read_form::<DecisionForm>()?.decision == "refuse" {
        return if blocking(move || refuse_identity(&actor, number)).await? {
            Ok(see_other(&at.path(&format!("identity/{number}"))))
        } else {
            show(&at, StatusCode::CONFLICT, Some(problem!(&at, "request-answered"))).await
        };
    }
    let key = at.sent().files().first().and_then(|file| CustodianKey::read(&actor, &file.content));
    let Some(key) = key else {
        return show(&at, StatusCode::BAD_REQUEST, Some(problem!(&at, "custodian-wrong-key"))).await;
    };
    let problem = match blocking(move || open_identity(&actor, number, &key)).await? {
        ConsentOutcome::Opened(identity) => return Ok(shown(&at, number, identity.as_ref(), None)),
        ConsentOutcome::Slip(payee, note) => return Ok(shown(&at, number, Some(&payee), Some(&note))),
        ConsentOutcome::Foreign => problem!(&at, "custodian-foreign"),
        ConsentOutcome::NotOpened => problem!(&at, "custodian-not-opened"),
        ConsentOutcome::NoPayee => problem!(&at, "custodian-no-payee"),
        ConsentOutcome::Answered => problem!(&at, "request-answered"),
    };
    show(&at, StatusCode::CONFLICT, Some(problem)).await
}

/// The identity from the envelope; with a slip, ready for print.
fn shown(at: &RequestContext, number: u64, identity: Option<&Identity>, slip: Option<&ClaimNote>) -> HttpResponse {
    let body = html! {
        @match identity {
            Some(identity) => dl #identity {
                dt { (say!(at, "identity-name")) } dd { (identity.name) }
                dt { (say!(at, "identity-contact")) } dd { (identity.contact) }
                @if !identity.account.is_empty() { dt { (say!(at, "identity-account")) } dd { (identity.account) } }
            },
            None => p.state { (say!(at, "identity-nobody")) },
        }
        @if let Some(note) = slip { (slip_of(at, note)) } @else { p { (say!(at, "custodian-sent")) } }
        p.actions.no-print { a.button.second href=(at.path("identity")) { (say!(at, "back-to-list")) } }
    };
    at.page(&say!(at, "request-number", number = number), &body)
}

fn slip_of(at: &RequestContext, note: &ClaimNote) -> Markup {
    let words = |list| note.words(list).to_string();
    html! {
        section.card #slip {
            h2 { (say!(at, "slip-title")) }
            p { (say!(at, "slip-lead")) }
            (qr(&note.qr_text()))
            p.words lang="zh" { (in_fives(&words(WordList::Chinese))) }
            p.words lang="en" { (words(WordList::English)) }
            p { (say!(at, "slip-day", day = at.today().to_string())) }
            p.hint.no-print { (say!(at, "slip-print")) }
            div.signatures { p { (say!(at, "slip-sign-custodian")) } p { (say!(at, "slip-sign-finance")) } }
        }
    }
}

/// Words in groups of five characters, for reading out. Spaces may be typed anywhere, so the groups do no harm.
fn in_fives(words: &str) -> String {
    let characters: Vec<char> = words.chars().collect();
    characters.chunks(5).map(|five| five.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A QR code as SVG in the page; empty for a text too long for a QR code, which no claim note is.
fn qr(text: &str) -> Markup {
    let code = qrcode::QrCode::new(text.as_bytes()).ok();
    let svg = code.map(|code| code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build());
    let svg = svg.map(|svg| svg.split_once("?>").map_or(svg.clone(), |(_, svg)| svg.to_owned()));
    html! { div.qr { (PreEscaped(svg.unwrap_or_default())) } }
}
