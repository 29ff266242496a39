//! Fact sheets that wait for their day to become cases.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::html;

use super::at::{At, post_keys};
use super::frame::Idle;
use super::guard::see_other;
use super::{cases, report, say};
use crate::fault::Fault;
use crate::sheets::{self, Which};

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let waiting = at.block(move |console| sheets::read(console, &session.person(role), post_keys(&session)?)).await?;
    let (rules, today) = (&at.console.books.rules, at.console.clock.today());
    let is_due = |kept: &sheets::Kept| kept.waiting.urgent || rules.case_day_after(kept.waiting.on) <= today;
    let due = waiting.iter().filter(|kept| is_due(kept)).count();
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p { (say!(at, "waiting-lead")) }
        @if waiting.is_empty() { p.state { (say!(at, "waiting-none")) } }
        ul.reports {
            @for kept in &waiting {
                li {
                    p.plain-text {
                        (report::category(at, &kept.waiting.sheet.category)) " · " (kept.waiting.sheet.party) " · "
                        (kept.waiting.sheet.town)
                    }
                    details { summary { (say!(at, "waiting-show")) } (cases::sheet(at, &kept.waiting.sheet)) }
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

/// Makes cases of those whose day has come: the console does it by itself while an officer is signed
/// in, so this is for whoever does not want to wait for it.
pub(crate) async fn release(at: At) -> Result<HttpResponse, Fault> {
    let (session, _) = at.officer()?;
    let released = at
        .block(move |console| {
            let urgent = sheets::release(console, &session, Which::Urgent)?;
            Ok(urgent.and(sheets::release(console, &session, Which::Due)?))
        })
        .await?;
    match released {
        Ok(_) => Ok(see_other(&at.path("cases"))),
        Err(_) => show(&at, StatusCode::CONFLICT, Some(say!(at, "handling-conflict"))).await,
    }
}
