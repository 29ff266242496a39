//! The custodian's desk: requests to open an identity envelope, and consent in the custodian's own session.
//! The key comes from the custodian's medium with each consent and is kept nowhere. Of an award that is to
//! be paid openly the custodian prints a slip with the payee, which finance pays; nobody at the post sees it.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use crypto::claim_note::ClaimNote;
use crypto::identity_envelope::Identity;
use crypto::words::WordList;
use maud::{Markup, PreEscaped, html};
use model::{LetterDigest, Role};
use opening::HybridIdentity;
use recorder_protocol::{HandIdentity, ListIdentityRequests, MakeSlip, OpenIdentity, RefuseIdentity};
use register::{CONSENTED, IdentityAnswer, NewSlip, REFUSED, StoredIdentityRequest, WAITING};

use super::at::At;
use super::frame::Idle;
use super::guard::see_other;
use super::identity::{reason, state};
use super::say;
use crate::console::Console;
use crate::fault::Fault;
use crate::identity::{self, NotOpened, Reason};
use crate::sessions::Session;
use crate::{books, orders, papers};

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
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let (stored, asked) = at.block(move |console| read(console, &session, role, number)).await?;
    let waiting = stored.state == WAITING;
    let again = stored.state == CONSENTED && asked == Reason::Pay;
    let path = format!("identity/{number}");
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
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

fn consent_form(at: &At, path: &str) -> Markup {
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

fn read(
    console: &Console,
    session: &Session,
    role: Role,
    number: u64,
) -> Result<(StoredIdentityRequest, Reason), Fault> {
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ListIdentityRequests {})?;
    let _ = recorded.use_up();
    let stored = console.register.identity_request(number)?.ok_or(Fault::NotFound)?;
    let (reason, _) = identity::asked(&console.books, &stored)?;
    Ok((stored, reason))
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
        Consented::Not(NotOpened::Foreign) => {
            show(&at, StatusCode::CONFLICT, Some(say!(&at, "custodian-foreign"))).await
        }
        Consented::NoPayee => show(&at, StatusCode::CONFLICT, Some(say!(&at, "custodian-no-payee"))).await,
        Consented::Not(_) => show(&at, StatusCode::CONFLICT, Some(say!(&at, "custodian-not-opened"))).await,
        Consented::Answered => show(&at, StatusCode::CONFLICT, Some(say!(&at, "request-answered"))).await,
    }
}

fn refuse(console: &Console, session: &Session, role: Role, number: u64) -> Result<bool, Fault> {
    let stored = console.register.identity_request(number)?.ok_or(Fault::NotFound)?;
    let (_, request) = identity::asked(&console.books, &stored)?;
    let deed = RefuseIdentity { letter: stored.asked.letter.parse().map_err(Fault::inside)?, request };
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
    Not(NotOpened),
    /// It is to be paid openly, and names nobody, or no account.
    NoPayee,
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
    let again = stored.state == CONSENTED && stored.asked.reason == Reason::Pay.code();
    if stored.state != WAITING && !again {
        return Ok(Consented::Answered);
    }
    let (asking, request) = identity::whole(&console.books, &stored, key)?;
    // An order that needs no slip any more opens nothing.
    if let Some(order) = &asking.order
        && console.register.unpaid_order(order)?.is_none()
    {
        return Ok(Consented::Answered);
    }
    let mut client = console.recorder.connect()?;
    let (recorded, _) = client.record(&session.person(role), OpenIdentity { letter: asking.letter, request })?;
    let (identity, attested) = match identity::open(recorded, key, &asking, &stored.asked.envelope) {
        Ok(opened) => opened,
        Err(not) => return Ok(Consented::Not(not)),
    };
    let answer = |state, attested| IdentityAnswer {
        state,
        on: console.clock.today().to_string(),
        by: session.account.clone(),
        attested,
        sealed: None,
        slip: None,
    };
    let kept = |answer| Ok::<_, Fault>(console.register.answer_identity(number, answer)?);
    let Some(order) = asking.order else {
        let sealed = papers::seal_to(&asking.answer_to, &(asking.mailbox, &identity))?;
        let deed = HandIdentity { request, digest: LetterDigest::of(&sealed) };
        let (_, attested) = client.record(&session.person(role), deed)?.0.attested();
        let answer = IdentityAnswer { sealed: Some(sealed), ..answer(CONSENTED, books::written(&attested)?) };
        return Ok(if kept(answer)? { Consented::Shown(identity, None) } else { Consented::Answered });
    };
    // What is paid openly goes to finance on paper and to nobody at the post.
    let Some(payee) = identity.filter(|payee| !payee.name.trim().is_empty() && !payee.account.trim().is_empty()) else {
        let refused = answer(REFUSED, attested);
        return Ok(if kept(refused)? { Consented::NoPayee } else { Consented::Answered });
    };
    let note = orders::new_note()?;
    let deed = MakeSlip { order: order.parse().map_err(Fault::inside)?, note: note.hash() };
    let (_, noted) = client.record(&session.person(role), deed)?.0.attested();
    let slip = Some(NewSlip { order, note: note.hash().to_hex(), noted: books::written(&noted)? });
    let answer = IdentityAnswer { slip, ..answer(CONSENTED, attested) };
    Ok(if kept(answer)? { Consented::Shown(Some(payee), Some(note)) } else { Consented::Answered })
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
            p { (say!(at, "slip-day", day = at.console.clock.today().to_string())) }
            p.hint.no-print { (say!(at, "slip-print")) }
            div.signatures { p { (say!(at, "slip-sign-custodian")) } p { (say!(at, "slip-sign-finance")) } }
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
