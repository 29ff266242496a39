//! The custodian's desk: requests to open an identity envelope, and consent in the custodian's own session.
//! The key comes from the custodian's medium with each consent and is kept nowhere. Of an award that is to
//! be paid openly the custodian prints a slip with the payee, which finance pays; nobody at the post sees it.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use crypto::access::Role;
use crypto::claim_note::ClaimNote;
use crypto::identity_envelope::Identity;
use crypto::words::WordList;
use maud::{Markup, PreEscaped, html};
use opening::HybridIdentity;
use recording::{ListIdentityRequests, OpenIdentity, RefuseIdentity};
use register::{IdentityAnswer, StoredIdentityRequest};

use super::at::At;
use super::frame::Idle;
use super::guard::see_other;
use super::identity::{CONSENTED, REFUSED, reason, state};
use super::say;
use crate::books;
use crate::console::Console;
use crate::fault::Fault;
use crate::identity::{self, Asking, Opened, Reason};
use crate::orders;
use crate::papers;
use crate::sessions::Session;

/// Requests on the page.
const MOST: u32 = 100;

/// The list.
pub(crate) async fn list(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let requests = at
        .block(move |console| {
            let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ListIdentityRequests {})?;
            let _ = recorded.use_up();
            Ok(console.register.identity_requests(MOST)?)
        })
        .await?;
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

/// One request.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let number = at.number()?;
    let (stored, asking) = at.block(move |console| read(console, number)).await?;
    let waiting = stored.state == "waiting";
    let again = stored.state == CONSENTED && asking.order.is_some();
    let path = format!("identity/{number}");
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p.state { (state(at, &stored.state)) }
        dl {
            dt { (say!(at, "identity-reason")) } dd { (reason(at, asking.reason)) }
            dt { (say!(at, "request-by")) } dd { (stored.asked.account) " · " (stored.asked.asked_on) }
            @if !asking.document.is_empty() { dt { (say!(at, "identity-document")) } dd { (asking.document) } }
        }
        @if waiting || again {
            p { (say!(at, "custodian-consent-lead")) }
            @if again { p.warning { (say!(at, "custodian-again")) } }
            (at.form_with_files(&path, &html! {
                input type="hidden" name="decision" value="consent";
                div.field {
                    label for="key" { (say!(at, "custodian-key")) }
                    input #key name="key" type="file" required autocomplete="off";
                    p.hint { (say!(at, "custodian-key-hint")) }
                }
                p.actions { button #consent type="submit" { (say!(at, "custodian-consent")) } }
            }))
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

fn read(console: &Console, number: u64) -> Result<(StoredIdentityRequest, Asking), Fault> {
    let stored = console.register.identity_request(number)?.ok_or(Fault::NotFound)?;
    let (asking, _) = identity::asked(&console.books, &stored)?;
    Ok((stored, asking))
}

/// Consents or refuses.
pub(crate) async fn decide(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    if at.field("decision")? == "refuse" {
        let refused = at.block(move |console| refuse(console, &session, role, number)).await?;
        let path = at.path(&format!("identity/{number}"));
        return if refused {
            Ok(see_other(&path))
        } else {
            show(&at, StatusCode::CONFLICT, Some(say!(&at, "request-answered"))).await
        };
    }
    let text = at.sent().files().first().and_then(|file| std::str::from_utf8(&file.content).ok());
    // A key file may begin with lines of comment, as those of age do.
    let line = text.and_then(|text| text.lines().map(str::trim).find(|line| line.starts_with("AGE-SECRET-KEY-PQ-")));
    let key = line.and_then(|line| HybridIdentity::parse(line).ok());
    let Some(key) = key.filter(|key| key.recipient() == at.console.custodian) else {
        return show(&at, StatusCode::BAD_REQUEST, Some(say!(&at, "custodian-wrong-key"))).await;
    };
    let consented = at.block(move |console| consent(console, &session, role, number, &key)).await?;
    match consented {
        Consented::Shown(identity, slip) => Ok(shown(&at, number, identity.as_ref(), slip.as_ref())),
        Consented::Not(Opened::Foreign) => show(&at, StatusCode::CONFLICT, Some(say!(&at, "custodian-foreign"))).await,
        Consented::Not(_) => show(&at, StatusCode::CONFLICT, Some(say!(&at, "custodian-not-opened"))).await,
        Consented::Answered => show(&at, StatusCode::CONFLICT, Some(say!(&at, "request-answered"))).await,
    }
}

fn refuse(console: &Console, session: &Session, role: Role, number: u64) -> Result<bool, Fault> {
    let stored = console.register.identity_request(number)?.ok_or(Fault::NotFound)?;
    let (asking, request) = identity::asked(&console.books, &stored)?;
    let deed = RefuseIdentity { letter: asking.letter, request };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let (_, attested) = recorded.attested();
    let answer = IdentityAnswer {
        state: REFUSED,
        on: console.clock.today().to_string(),
        by: session.account.clone(),
        attested: books::written(&attested)?,
        sealed: None,
        slip: None,
    };
    Ok(console.register.answer_identity(number, answer)?)
}

enum Consented {
    Shown(Option<Identity>, Option<ClaimNote>),
    Not(Opened),
    /// Somebody has answered it, or its order is paid or withdrawn.
    Answered,
}

fn consent(
    console: &Console,
    session: &Session,
    role: Role,
    number: u64,
    key: &HybridIdentity,
) -> Result<Consented, Fault> {
    let stored = console.register.identity_request(number)?.ok_or(Fault::NotFound)?;
    let (asking, request) = identity::asked(&console.books, &stored)?;
    let may = stored.state == "waiting" || (stored.state == CONSENTED && asking.order.is_some());
    if !may {
        return Ok(Consented::Answered);
    }
    let slip = asking.order.as_ref().map(|order| Ok::<_, Fault>((order.clone(), orders::new_note()?))).transpose()?;
    let note = slip.as_ref().map(|(order, note)| orders::slip_subject(order, note.hash())).unwrap_or_default();
    let deed = OpenIdentity { letter: asking.letter, request, note };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let (identity, attested) = match identity::open(recorded, key, &asking, &stored.asked.envelope) {
        Ok(opened) => opened,
        Err(not) => return Ok(Consented::Not(not)),
    };
    // What is paid openly goes to finance on paper and to nobody at the post.
    let sealed = match asking.reason {
        Reason::Pay => None,
        _ => Some(papers::seal_to(&asking.answer_to, &(asking.mailbox, &identity))?),
    };
    let answer = IdentityAnswer {
        state: CONSENTED,
        on: console.clock.today().to_string(),
        by: session.account.clone(),
        attested,
        sealed,
        slip: slip.as_ref().map(|(order, note)| (order.clone(), note.hash().to_hex())),
    };
    if !console.register.answer_identity(number, answer)? {
        return Ok(Consented::Answered);
    }
    Ok(Consented::Shown(identity, slip.map(|(_, note)| note)))
}

/// What was opened; with a slip, ready to be printed.
fn shown(at: &At, number: u64, identity: Option<&Identity>, slip: Option<&ClaimNote>) -> HttpResponse {
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

fn slip_of(at: &At, note: &ClaimNote) -> Markup {
    let words = |list| note.words(list).to_string();
    html! {
        section.card #slip {
            h2 { (say!(at, "slip-title")) }
            p { (say!(at, "slip-lead")) }
            (qr(&note.qr_text()))
            p.words lang="zh" { (in_fives(&words(WordList::Chinese))) }
            p.words lang="en" { (words(WordList::English)) }
            p.hint.no-print { (say!(at, "slip-print")) }
        }
    }
}

/// As one reads them out; spaces are forgiven wherever they are typed.
fn in_fives(words: &str) -> String {
    let characters: Vec<char> = words.chars().collect();
    characters.chunks(5).map(|five| five.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A QR code as a picture in the page. None for a text that does not fit, which no note is.
fn qr(text: &str) -> Markup {
    let code = qrcode::QrCode::new(text.as_bytes()).ok();
    let svg = code.map(|code| code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build());
    let svg = svg.map(|svg| svg.split_once("?>").map_or(svg.clone(), |(_, svg)| svg.to_owned()));
    html! { div.qr { (PreEscaped(svg.unwrap_or_default())) } }
}
