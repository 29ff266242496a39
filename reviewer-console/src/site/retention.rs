//! Erasing what was kept long enough: proposed by the clock, confirmed by an officer who did not
//! decide the report.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};

use super::at::At;
use super::frame::Idle;
use super::{handling_words, say};
use crate::fault::Fault;
use crate::retention::{self, AT_ONCE, Due};

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, said: Option<Markup>) -> Result<HttpResponse, Fault> {
    let today = at.console.clock.today();
    let due = at.block(move |console| retention::due(&console.register, &console.retention, today)).await?;
    let own = at.session()?.account.clone();
    let (mine, others): (Vec<Due>, Vec<Due>) = due.into_iter().partition(|one| one.decided_by == own);
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

fn line(at: &At, one: &Due) -> Markup {
    let (last, since) = (one.last.to_string(), one.since.to_string());
    html! {
        p.hint {
            (handling_words::stage(at, one.stage.code())) " · "
            (say!(at, "retention-line", last = last.as_str(), since = since.as_str(), by = one.decided_by.as_str()))
        }
    }
}

/// Erases the reports that were ticked.
pub(crate) async fn erase(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let chosen: Vec<u64> = at.sent().all("report").iter().filter_map(|number| number.parse().ok()).collect();
    if chosen.is_empty() {
        let said = html! { p.problem role="alert" { (say!(at, "retention-nothing-chosen")) } };
        return show(&at, StatusCode::BAD_REQUEST, Some(said)).await;
    }
    let erased = at.block(move |console| retention::erase(console, &session, role, &chosen)).await?;
    for row in &erased.enclosures {
        at.console.store.remove(*row).await.map_err(|error| Fault::Enclosure(Box::new(error)))?;
    }
    let rows = erased.enclosures;
    at.block(move |console| Ok(console.register.forget_enclosures(rows)?)).await?;
    let said = html! { p.state role="status" { (say!(at, "retention-done", count = erased.reports)) } };
    show(&at, StatusCode::OK, Some(said)).await
}
