//! Fact sheets that wait for the next case day.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::cases::fact_sheet_queue::{QueuedSheet, WhichSheets, read_queue, release_sheets};
use maud::html;

use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::cases::fragments::sheet;
use crate::pages::reports::labels::category;

/// The waiting sheets with the day on which each becomes a case.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let waiting = blocking(move || read_queue(&actor)).await?;
    let (rules, today) = (at.rules(), at.today());
    let is_due = |kept: &QueuedSheet| kept.waiting.urgent || rules.case_day_after(kept.waiting.on) <= today;
    let due = waiting.iter().filter(|kept| is_due(kept)).count();
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "waiting-lead")) }
        @if waiting.is_empty() { p.state { (say!(at, "waiting-none")) } }
        ul.reports {
            @for kept in &waiting {
                li {
                    p.plain-text {
                        (category(at, &kept.waiting.sheet.category)) " · " (kept.waiting.sheet.party) " · "
                        (kept.waiting.sheet.town)
                    }
                    details { summary { (say!(at, "waiting-show")) } (sheet(at, &kept.waiting.sheet)) }
                    p.hint {
                        @if kept.waiting.urgent { (say!(at, "sheet-urgent-yes")) " " }
                        @if is_due(kept) { (say!(at, "waiting-due")) } @else {
                            (say!(at, "waiting-until", day = rules.case_day_after(kept.waiting.on).to_string()))
                        }
                    }
                }
            }
        }
        @if due > 0 {
            (at.form("cases/waiting", &html! {
                p.actions { button type="submit" { (say!(at, "waiting-release", count = due)) } }
            }))
        }
        p.actions { a.button.second href=(at.path("cases")) { (say!(at, "back-to-list")) } }
    };
    Ok(at.respond(status, &say!(at, "waiting-title"), Idle::Leave, &body))
}

/// Makes cases of urgent sheets and of those whose day has come. The console also does this on its own while an
/// officer is signed in; the button only saves the wait.
pub(crate) async fn release(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let released = blocking(move || {
        let urgent = release_sheets(&actor, WhichSheets::Urgent)?;
        Ok(urgent.and(release_sheets(&actor, WhichSheets::Due)?))
    });
    match released.await? {
        Ok(_) => Ok(see_other(&at.path("cases"))),
        Err(_) => show(&at, StatusCode::CONFLICT, Some(problem!(at, "handling-conflict"))).await,
    }
}
