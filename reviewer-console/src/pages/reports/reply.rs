//! Answering a reporter: the answer is written, previewed as the reporter will see it, then sent. Every page on the
//! way contains the text, so it is not lost.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::error::ConsoleError;
use console_services::reports::replies::{self, BadReply, NewReply, ReplyWritten, count_replies, write_reply};
use maud::{Markup, html};
use serde::Deserialize;

use crate::http::form::TextField;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;

/// The empty form, with the number of answers so far.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let number = at.number()?;
    let actor = at.actor()?;
    let stored = blocking(move || count_replies(&actor, number)).await?;
    let seen = at.query("expected-version").and_then(|seen| seen.parse().ok()).unwrap_or(stored);
    Ok(write(&at, number, seen, "", None))
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ReplyForm {
    /// Number of answers when the page was shown.
    expected_version: u64,
    text: String,
}

/// The form with the text that was sent, for changes.
pub(crate) async fn edit(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (number, form) = (at.number()?, at.read_form::<ReplyForm>()?);
    Ok(write(&at, number, form.expected_version, &form.text, None))
}

fn write(at: &RequestContext, number: u64, seen: u64, text: &str, problem: Option<Problem>) -> HttpResponse {
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "reply-lead")) }
        (at.form(&format!("reports/{number}/preview"), &html! {
            input type="hidden" name="expected-version" value=(seen);
            div.field {
                label for="text" { (say!(at, "reply-text")) }
                textarea #text name=(TextField::Text.code()) rows="10" required maxlength="20000" autocomplete="off" spellcheck="false" {
                    // Browsers drop a line feed at the start of a text area, so one is added.
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
    // Writing may take longer than the idle limit; the officer's own words may stay on the screen.
    at.respond(StatusCode::OK, &say!(at, "reply-title", number = number), Idle::Stay, &body)
}

fn problem(at: &RequestContext, bad: BadReply) -> Problem {
    match bad {
        BadReply::Empty => problem!(at, "reply-empty"),
        BadReply::TooLong(bytes) => problem!(at, "reply-too-long", count = bytes.div_ceil(3)),
    }
}

/// The answer as the reporter will see it.
pub(crate) async fn preview(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (number, ReplyForm { expected_version: seen, text: typed }) = (at.number()?, at.read_form()?);
    let text = match replies::check(&typed) {
        Ok(text) => text,
        Err(bad) => return Ok(write(&at, number, seen, &typed, Some(problem(&at, bad)))),
    };
    let carried = html! {
        input type="hidden" name="expected-version" value=(seen);
        input type="hidden" name="text" value=(text);
    };
    let body = html! {
        p { (say!(at, "preview-lead")) }
        article.message.ours {
            h2 { (say!(at, "preview-message", day = at.today().to_string())) }
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

/// Stores the answer; the reporter can read it after the next exchange. On failure the text is shown again.
pub(crate) async fn send(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let (number, ReplyForm { expected_version: seen, text: typed }) = (at.number()?, at.read_form()?);
    let text = match replies::check(&typed) {
        Ok(text) => text,
        Err(bad) => return Ok(write(&at, number, seen, &typed, Some(problem(&at, bad)))),
    };
    let reply = NewReply { report: number, expected_version: seen, text: text.clone() };
    match blocking(move || write_reply(&actor, &reply)).await {
        Ok(ReplyWritten::Kept | ReplyWritten::KeptBefore) => {}
        // A colleague has answered meanwhile: the officer's text is shown again, to be compared with that answer.
        Ok(ReplyWritten::Conflict) => return Ok(conflict(&at, number, &text)),
        Err(PageError::Console(ConsoleError::Recorder(error))) => {
            tracing::error!(code = "reply.not-stored", "answer not stored: {}", program::chain(&error));
            return Ok(write(&at, number, seen, &text, Some(at.recorder_problem(&error))));
        }
        Err(PageError::Console(ConsoleError::Register(error))) => {
            tracing::error!(code = "reply.not-stored", "answer not stored: {}", program::chain(&error));
            return Ok(write(&at, number, seen, &text, Some(problem!(at, "reply-not-kept"))));
        }
        Err(error) => return Err(error),
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

fn conflict(at: &RequestContext, number: u64, text: &str) -> HttpResponse {
    let body: Markup = html! {
        (problem!(at, "reply-conflict"))
        p { (say!(at, "reply-conflict-text")) }
        article.message { p.plain-text { (text) } }
        p.actions { a.button href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) } }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "reply-conflict-title"), Idle::Stay, &body)
}
