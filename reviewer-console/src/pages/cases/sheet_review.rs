//! The review of a fact sheet whose reporter is an insider: another officer, who has opened the report too,
//! approves it or asks for a new one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::reports::{Handling, ReportStage};
use console_services::cases::cross_sheet::CrossingOutcome;
use console_services::cases::reported_text::drafted_sheet;
use console_services::cases::review_sheet::{SheetReview, Verdict, review_sheet};
use maud::html;
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::{TextField, Ticked, Typed};
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::cases::fragments::{crossed_page, repeats, sheet};
use crate::pages::cases::labels::not_comparable;
use crate::pages::reports::labels::{refused_step, stage};

/// The drafted sheet, the leak check, and the two forms; 409 where no sheet is drafted.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let number = at.number()?;
    let (shown, against) = blocking(move || drafted_sheet(&actor, number)).await?;
    let Handling { draft, stage: now, .. } = &shown.handled.now;
    let (title, back) = (say!(at, "second-title", number = number), format!("reports/{number}/handling"));
    let Some((drafted, urgent, by)) = draft.as_ref().filter(|_| *now == ReportStage::Drafted) else {
        let body = html! {
            (problem!(at, "handling-out-of-order", stage = stage(at, now.code())))
            p.actions { a.button href=(at.path(&back)) { (say!(at, "back-to-handling")) } }
        };
        return Ok(at.respond(StatusCode::CONFLICT, &title, Idle::Leave, &body));
    };
    let own = *by == at.session()?.account;
    let hidden = html! { input type="hidden" name="expected-version" value=(shown.handled.version()); };
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "second-lead", account = by.as_str())) }
        article.message { (sheet(at, drafted)) }
        @if *urgent { p { strong { (say!(at, "sheet-urgent-yes")) } } }
        @match &against {
            Ok(repeated) => (repeats(at, repeated)),
            Err(why) => p.warning { (not_comparable(at, *why)) },
        }
        @if own { p.warning { (say!(at, "second-own")) } }
        @if !own && against.is_ok() {
            (at.form(&format!("reports/{number}/draft"), &html! {
                (hidden)
                input type="hidden" name="step" value="crossed";
                (fields::check(at, "looked", &say!(at, "sheet-looked")))
                p.actions { button type="submit" { (say!(at, "sheet-cross")) } }
            }))
        }
        details open[at.sent().field("step") == Some("redraft")] {
            summary { (say!(at, "second-return")) }
            (at.form(&format!("reports/{number}/draft"), &html! {
                (hidden)
                input type="hidden" name="step" value="redraft";
                (fields::text(at, "note", TextField::Note, &say!(at, "second-why"), true))
                p.actions { button.second type="submit" { (say!(at, "second-return")) } }
            }))
        }
        p.actions { a.button.second href=(at.path(&back)) { (say!(at, "back-to-handling")) } }
    };
    Ok(at.respond(status, &title, Idle::Leave, &body))
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ReviewForm {
    expected_version: u64,
    step: String,
    #[serde(default)]
    looked: Ticked,
    #[serde(default)]
    note: Typed,
}

/// Lets the sheet cross to the case side, or sends it back with a note.
pub(crate) async fn decide(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let actor = at.officer()?;
    let number = at.number()?;
    let ReviewForm { expected_version, step, looked, note } = at.read_form()?;
    let verdict =
        if step == "crossed" { Verdict::Cross { looked: looked.0 } } else { Verdict::SendBack { note: note.into() } };
    let review = SheetReview { report: number, expected_version, verdict };
    let (status, problem) = match blocking(move || review_sheet(&actor, review)).await? {
        CrossingOutcome::SentBack => return Ok(see_other(&at.path(&format!("reports/{number}/handling")))),
        CrossingOutcome::Conflict => (StatusCode::CONFLICT, problem!(at, "handling-conflict")),
        CrossingOutcome::NotComparable(why) => (StatusCode::CONFLICT, not_comparable(&at, why)),
        CrossingOutcome::NotLooked => (StatusCode::BAD_REQUEST, problem!(at, "sheet-look")),
        CrossingOutcome::Refused(refused) => (StatusCode::BAD_REQUEST, refused_step(&at, refused)),
        how @ (CrossingOutcome::Waits | CrossingOutcome::Opened(_) | CrossingOutcome::Drafted) => {
            return Ok(crossed_page(&at, Some(number), &how));
        }
    };
    show(&at, status, Some(problem)).await
}
