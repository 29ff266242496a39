//! Erasure after the retention period: proposed when the period ends, confirmed by an officer who did not decide
//! the report.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::reports::erase_reports::{erase_reports, remove_enclosures};
use console_services::reports::retention::{self, AT_ONCE, RetentionDue};
use maud::{Markup, html};
use serde::Deserialize;

use crate::http::layout::Idle;
use crate::http::problem::problem;
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::reports::labels;

/// The reports that are due for erasure; those that the officer decided are listed without a form.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, said: Option<Markup>) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let due = blocking(move || retention::due(&actor)).await?;
    let own = at.session()?.account.clone();
    let (mine, others): (Vec<RetentionDue>, Vec<RetentionDue>) = due.into_iter().partition(|one| one.decided_by == own);
    let body = html! {
        @if let Some(said) = said { (said) }
        @if others.is_empty() && mine.is_empty() {
            p.state { (say!(at, "retention-none")) }
            p.actions { a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) } }
        } @else {
            p { (say!(at, "retention-lead")) }
        }
        @if !others.is_empty() {
            (at.form("retention", &html! {
                ul.reports {
                    @for one in others.iter().take(AT_ONCE) {
                        li {
                            label.check {
                                input type="checkbox" name="report" value=(one.number);
                                " " (say!(at, "report-number", number = one.number))
                            }
                            (line(at, one))
                        }
                    }
                }
                p.warning { (say!(at, "retention-final")) }
                p.actions {
                    button type="submit" { (say!(at, "retention-erase")) }
                    a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
                }
            }))
        }
        @if !mine.is_empty() {
            h2 { (say!(at, "retention-mine")) }
            p.hint { (say!(at, "retention-mine-hint")) }
            ul.reports {
                @for one in &mine { li { (say!(at, "report-number", number = one.number)) (line(at, one)) } }
            }
        }
    };
    Ok(at.respond(status, &say!(at, "retention-title"), Idle::Leave, &body))
}

fn line(at: &RequestContext, one: &RetentionDue) -> Markup {
    let (last, since) = (one.last.to_string(), one.since.to_string());
    html! {
        p.hint {
            (labels::stage(at, one.stage.code())) " · "
            (say!(at, "retention-line", last = last.as_str(), since = since.as_str(), by = one.decided_by.as_str()))
        }
    }
}

#[derive(Deserialize)]
struct RetentionForm {
    /// Numbers of the reports that were ticked.
    #[serde(default)]
    report: Vec<u64>,
}

/// Erases the ticked reports and their enclosures; 400 if none is ticked.
pub(crate) async fn erase(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let RetentionForm { report: chosen } = at.read_form()?;
    if chosen.is_empty() {
        let said = html! { (problem!(at, "retention-nothing-chosen")) };
        return show(&at, StatusCode::BAD_REQUEST, Some(said)).await;
    }
    let confirmed = actor.clone();
    let erased = blocking(move || erase_reports(&confirmed, &chosen)).await?;
    let reports = erased.reports;
    remove_enclosures(&actor, erased).await?;
    let said = html! { p.state role="status" { (say!(at, "retention-done", count = reports)) } };
    show(&at, StatusCode::OK, Some(said)).await
}
