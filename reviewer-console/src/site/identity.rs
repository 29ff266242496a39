//! The officer's side of identity envelopes: asking the custodian, and reading what was opened.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use crypto::identity_envelope::Identity;
use crypto::letter::Body;
use crypto::mailbox::MailboxId;
use maud::{Markup, html};
use model::{LetterDigest, Purpose, Role};
use recorder_protocol::{Act, AskIdentity, HandIdentity, OpenLetter, ReadIdentity, Recorded};
use register::{CONSENTED, REFUSED, Report, StoredIdentityRequest};

use super::at::{At, post_keys};
use super::frame::Idle;
use super::guard::see_other;
use super::{fields, say};
use crate::console::Console;
use crate::fault::Fault;
use crate::identity::{self, Asking, Reason};
use crate::opened::{Read, fetch, read};
use crate::papers;
use crate::sessions::Session;

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let requests = at.block(move |console| of_report(console, &session, role, number)).await?;
    let reasons: Vec<(String, String)> =
        Reason::CHOSEN.iter().map(|(one, code)| ((*code).to_owned(), reason(at, *one))).collect();
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p { (say!(at, "identity-lead")) }
        p.warning { (say!(at, "identity-told")) }
        @for (stored, reason, answer) in &requests { (request(at, stored, *reason, answer.as_ref())) }
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

fn request(at: &At, stored: &StoredIdentityRequest, asked: Reason, answer: Option<&Answer>) -> Markup {
    html! {
        section.card.identity-request {
            p.state { (reason(at, asked)) " · " (state(at, &stored.state)) }
            p.hint { (say!(at, "entered-by", day = stored.asked.asked_on.to_string(), account = stored.asked.account.as_str())) }
            @if asked == Reason::Pay && stored.state == CONSENTED { p { (say!(at, "identity-slip-made")) } }
            @if let Some(answer) = answer {
                @match answer {
                    Answer::Named(identity) => dl {
                        dt { (say!(at, "identity-name")) } dd { (identity.name) }
                        dt { (say!(at, "identity-contact")) } dd { (identity.contact) }
                    },
                    Answer::Nobody => p { (say!(at, "identity-nobody")) },
                }
            }
        }
    }
}

/// A reason in words.
pub(super) fn reason(at: &At, reason: Reason) -> String {
    match reason {
        Reason::Pay => say!(at, "reason-pay"),
        Reason::Contact => say!(at, "reason-contact"),
        Reason::Safety => say!(at, "reason-safety"),
        Reason::Law => say!(at, "reason-law"),
    }
}

/// How far a request is, in words.
pub(super) fn state(at: &At, state: &str) -> String {
    match state {
        CONSENTED => say!(at, "request-consented"),
        REFUSED | "refused-seen" => say!(at, "request-refused"),
        "erased" => say!(at, "request-erased"),
        _ => say!(at, "request-waiting"),
    }
}

/// What the custodian has opened.
enum Answer {
    Named(Identity),
    Nobody,
}

type Shown = (StoredIdentityRequest, Reason, Option<Answer>);

/// The requests of a report; what was opened is read once that is recorded.
fn of_report(console: &Console, session: &Session, role: Role, number: u64) -> Result<Vec<Shown>, Fault> {
    let report = console.register.report(number)?.ok_or(Fault::NotFound)?;
    let letters: Vec<String> = report.letters.iter().map(|letter| letter.digest.to_hex()).collect();
    let mut shown = Vec::new();
    for stored in console.register.identity_requests_of(&letters)? {
        let (reason, request) = match identity::asked(&console.books, &stored) {
            Ok(asked) => asked,
            // One that is damaged keeps none from its own.
            Err(error) => {
                tracing::error!("identity request {} cannot be read: {}", stored.number, program::chain(&error));
                continue;
            }
        };
        let answer = match sealed_answer(console, &stored, request)? {
            Some(sealed) => {
                let letter = stored.asked.letter.parse().map_err(Fault::inside)?;
                let deed = ReadIdentity { letter, request };
                let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
                Some(in_clear(recorded, session, &sealed, &report.mailbox)?)
            }
            None => None,
        };
        shown.push((stored, reason, answer));
    }
    Ok(shown)
}

/// What was handed to the post, where the recorder has signed that the custodian handed over this very thing.
fn sealed_answer(
    console: &Console,
    stored: &StoredIdentityRequest,
    request: LetterDigest,
) -> Result<Option<Vec<u8>>, Fault> {
    let Some((answered, sealed)) = stored.answered.as_ref().and_then(|one| Some((one, one.sealed.clone()?))) else {
        return Ok(None);
    };
    let on = answered.on.parse().map_err(|_| Fault::Unsound)?;
    let recorded = console.books.recorded(&answered.attested, &answered.by, on)?;
    let handed = Act::HandIdentity(HandIdentity { request, digest: LetterDigest::of(&sealed) });
    if recorded == handed { Ok(Some(sealed)) } else { Err(Fault::Unsound) }
}

fn in_clear(
    recorded: Recorded<ReadIdentity>,
    session: &Session,
    sealed: &[u8],
    mailbox: &MailboxId,
) -> Result<Answer, Fault> {
    let _ = recorded.use_up();
    let (of, identity): (MailboxId, Option<Identity>) = papers::open(post_keys(session)?, sealed)?;
    if of != *mailbox {
        return Err(Fault::Unsound);
    }
    Ok(identity.map_or(Answer::Nobody, Answer::Named))
}

/// Asks.
pub(crate) async fn ask(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let chosen = at.field("reason")?;
    let Some(reason) = Reason::CHOSEN.iter().find(|(_, code)| *code == chosen).map(|(one, _)| *one) else {
        return show(&at, StatusCode::BAD_REQUEST, Some(say!(&at, "identity-no-reason"))).await;
    };
    let document: String = at.sent().field("document").unwrap_or_default().trim().chars().take(200).collect();
    if reason == Reason::Law && document.is_empty() {
        return show(&at, StatusCode::BAD_REQUEST, Some(say!(&at, "identity-no-document"))).await;
    }
    let asked = at.block(move |console| ask_one(console, &session, role, number, (reason, document))).await?;
    match asked {
        Asked::Done => Ok(see_other(&at.path(&format!("reports/{number}/identity")))),
        Asked::Anonymous => show(&at, StatusCode::CONFLICT, Some(say!(&at, "identity-anonymous"))).await,
        Asked::Gone => show(&at, StatusCode::CONFLICT, Some(say!(&at, "identity-gone"))).await,
    }
}

enum Asked {
    Done,
    /// The report says that its envelope is empty.
    Anonymous,
    /// The report's first letter is erased or does not open.
    Gone,
}

fn ask_one(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    number: u64,
    (reason, document): (Reason, String),
) -> Result<Asked, Fault> {
    let report = console.register.report(number)?.ok_or(Fault::NotFound)?;
    let Some((letter, envelope)) = envelope(console, session, role, &report)? else { return Ok(Asked::Gone) };
    let Some(envelope) = envelope else { return Ok(Asked::Anonymous) };
    let answer_to = post_keys(session)?.post.recipient();
    let sealed = LetterDigest::of(envelope.as_bytes());
    let mailbox = report.mailbox;
    let asking = Asking { mailbox, letter, reason, document, answer_to, order: None, envelope: sealed };
    let (recorded, _) = console.recorder.connect()?.record::<AskIdentity>(&session.person(role), asking.deed()?)?;
    let request = identity::request(recorded, console, session, &asking, &envelope)?;
    console.register.ask_identity(request)?;
    Ok(Asked::Done)
}

type Envelope = Option<crypto::identity_envelope::SealedIdentity>;

/// The envelope of a report, taken out of its first letter, which is opened for this; none of one that says
/// it gives no name.
fn envelope(
    console: &Console,
    session: &Session,
    role: Role,
    report: &Report,
) -> Result<Option<(LetterDigest, Envelope)>, Fault> {
    let Some(stored) = report.letters.first().filter(|letter| letter.kept) else { return Ok(None) };
    let sealed = fetch(console, stored)?;
    let deed = OpenLetter { letter: stored.digest, purpose: Purpose::AskIdentity };
    let (recorded, under) = console.recorder.connect()?.open(&session.person(role), deed, sealed)?;
    let Read::Letter(letter) = read(recorded, under, report, post_keys(session)?, console)? else { return Ok(None) };
    let named = matches!(&letter.body, Body::Report(fields) if fields.naming == "real-name");
    Ok(Some((stored.digest, letter.identity.filter(|_| named))))
}
