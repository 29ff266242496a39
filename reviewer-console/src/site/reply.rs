//! Answering: written, looked at as the reporter will see it, then sent. A text that was typed is
//! on every page on the way, so nothing loses it.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};
use model::Role;
use register::{Meanwhile, Series};

use super::at::{At, post_keys};
use super::frame::Idle;
use super::say;
use crate::console::Console;
use crate::fault::Fault;
use crate::papers;
use crate::replies::{self, BadReply, NewReply};
use crate::sessions::Session;

/// The form, empty.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let number = at.number()?;
    let stored = at
        .block(move |console| {
            console.register.report(number)?.ok_or(Fault::NotFound)?;
            Ok(console.register.papers(number, Series::Reply)?.len() as u64)
        })
        .await?;
    let seen = at.query("seen").and_then(|seen| seen.parse().ok()).unwrap_or(stored);
    Ok(write(&at, number, seen, "", None))
}

/// The form with what was written, to change it.
pub(crate) async fn edit(at: At) -> Result<HttpResponse, Fault> {
    let (number, seen) = (at.number()?, seen(&at)?);
    Ok(write(&at, number, seen, at.field("text")?, None))
}

fn write(at: &At, number: u64, seen: u64, text: &str, problem: Option<String>) -> HttpResponse {
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p { (say!(at, "reply-lead")) }
        (at.form(&format!("reports/{number}/preview"), &html! {
            input type="hidden" name="seen" value=(seen);
            div.field {
                label for="text" { (say!(at, "reply-text")) }
                textarea #text name="text" rows="10" required maxlength="20000" autocomplete="off" spellcheck="false" {
                    // The first line feed of a text area is the browser's own.
                    "\n" (text)
                }
                p.hint { (say!(at, "reply-hint")) }
            }
            p.actions {
                button type="submit" { (say!(at, "reply-preview")) }
                a.button.second href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) }
            }
        }))
    };
    // Somebody may write for longer than the idle limit; their own words may stay on the screen.
    at.respond(StatusCode::OK, &say!(at, "reply-title", number = number), Idle::Stay, &body)
}

fn problem(at: &At, bad: BadReply) -> String {
    match bad {
        BadReply::Empty => say!(at, "reply-empty"),
        BadReply::TooLong(bytes) => say!(at, "reply-too-long", count = bytes.div_ceil(3)),
    }
}

/// As the reporter will see it.
pub(crate) async fn preview(at: At) -> Result<HttpResponse, Fault> {
    let (number, seen, typed) = (at.number()?, seen(&at)?, at.field("text")?);
    let text = match replies::check(typed) {
        Ok(text) => text,
        Err(bad) => return Ok(write(&at, number, seen, typed, Some(problem(&at, bad)))),
    };
    let carried = html! {
        input type="hidden" name="seen" value=(seen);
        input type="hidden" name="text" value=(text);
    };
    let body = html! {
        p { (say!(at, "preview-lead")) }
        article.message.ours {
            h2 { (say!(at, "preview-message", day = at.console.clock.today().to_string())) }
            p.plain-text { (text) }
        }
        (at.form(&format!("reports/{number}/send"), &html! {
            (carried)
            p.actions { button type="submit" { (say!(at, "reply-send")) } }
        }))
        (at.form(&format!("reports/{number}/reply"), &html! {
            (carried)
            button.second type="submit" { (say!(at, "reply-change")) }
        }))
    };
    Ok(at.respond(StatusCode::OK, &say!(at, "preview-title"), Idle::Stay, &body))
}

/// Keeps the answer; the reporter has it after the next exchange.
pub(crate) async fn send(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let (number, seen, typed) = (at.number()?, seen(&at)?, at.field("text")?);
    let text = match replies::check(typed) {
        Ok(text) => text,
        Err(bad) => return Ok(write(&at, number, seen, typed, Some(problem(&at, bad)))),
    };
    let kept = text.clone();
    let sent = at.block(move |console| keep(console, &session, role, number, seen, &kept)).await;
    match sent {
        Ok(Ok(())) => {}
        // Sent twice, by a double click or after going back: it is there.
        Ok(Err(Meanwhile)) if is_kept(&at, number, &text).await? => {}
        // Their text is looked at again beside the colleague's, which they have not seen.
        Ok(Err(Meanwhile)) => return Ok(conflict(&at, number, &text)),
        Err(Fault::Recorder(error)) => {
            tracing::error!("an answer was not kept: {}", program::chain(&error));
            return Ok(write(&at, number, seen, &text, Some(at.recorder_sentence(&error))));
        }
        Err(Fault::Register(error)) => {
            tracing::error!("an answer was not kept: {}", program::chain(&error));
            return Ok(write(&at, number, seen, &text, Some(say!(at, "reply-not-kept"))));
        }
        Err(fault) => return Err(fault),
    }
    let body = html! {
        p.state #sent { (say!(at, "reply-sent")) }
        p.actions {
            a.button href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
            a.button.second href=(at.path("exchange")) { (say!(at, "nav-exchange")) }
        }
    };
    Ok(at.page(&say!(at, "reply-title", number = number), &body))
}

/// Whether the newest answer is this very one, by this very account.
async fn is_kept(at: &At, number: u64, text: &str) -> Result<bool, Fault> {
    let (session, text) = (Arc::clone(at.session()?), text.to_owned());
    at.block(move |console| {
        let newest =
            console.register.papers(number, Series::Reply)?.pop().filter(|newest| newest.author == session.account);
        let Some(newest) = newest else { return Ok(false) };
        Ok(papers::open::<String>(post_keys(&session)?, &newest.sealed)? == text)
    })
    .await
}

fn keep(
    console: &Console,
    session: &Session,
    role: Role,
    number: u64,
    seen: u64,
    text: &str,
) -> Result<Result<(), Meanwhile>, Fault> {
    let report = console.register.report(number)?.ok_or(Fault::NotFound)?;
    // Looked at first: most conflicts then leave no entry of an answer that was never kept.
    if console.register.papers(number, Series::Reply)?.len() as u64 != seen {
        return Ok(Err(Meanwhile));
    }
    let newest = report.letters.last().map(|letter| letter.digest).or(report.aside.last().copied());
    let newest = newest.ok_or(Fault::NotFound)?;
    let reply = NewReply { number: seen + 1, day: console.clock.today(), text };
    let kept_in = (&console.register, post_keys(session)?);
    replies::keep(&mut console.recorder.connect()?, &session.person(role), kept_in, (number, newest), &reply)
}

fn conflict(at: &At, number: u64, text: &str) -> HttpResponse {
    let body: Markup = html! {
        p.problem #problem role="alert" { (say!(at, "reply-conflict")) }
        p { (say!(at, "reply-conflict-text")) }
        article.message { p.plain-text { (text) } }
        p.actions { a.button href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) } }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "reply-conflict-title"), Idle::Stay, &body)
}

fn seen(at: &At) -> Result<u64, Fault> {
    at.field("seen")?.parse().map_err(|_| Fault::NotUnderstood)
}
