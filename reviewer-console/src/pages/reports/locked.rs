//! A report before it is opened: what is known without its keys, and the form for opening it.

use actix_web::HttpResponse;
use console_services::reports::inbox::locked_report;
use maud::{Markup, html};
use model::Purpose;
use register::StoredReport;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::reports::labels;

/// The report's state and letters, without content.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let number = at.number()?;
    let actor = at.actor()?;
    let (report, replies) = blocking(move || locked_report(&actor, number)).await?;
    let body = html! {
        p.state {
            (labels::state(&at, report.state.code())) " · " (labels::stage(&at, &report.stage))
        }
        (letters(&at, &report))
        @if !report.aside.is_empty() {
            p.warning { (say!(at, "report-aside", count = report.aside.len())) }
            p { a href=(at.path(&format!("reports/{number}/reply"))) { (say!(at, "reply")) } }
        }
        @if replies > 0 { p { (say!(at, "report-replies", count = replies)) } }
        @if let Some(day) = report.erased_on {
            p.state { (say!(at, "report-erased", day = day.to_string())) }
        }
        @if report.letters.iter().any(|letter| letter.kept) { (open_form(&at, number)) }
        p.actions {
            @if report.letters.is_empty() {
                (say!(at, "report-says-nothing")) " "
            } @else {
                a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "handling-go")) }
            }
            a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
        }
    };
    Ok(at.page(&say!(at, "report-number", number = number), &body))
}

fn open_form(at: &RequestContext, number: u64) -> Markup {
    html! {
        section.card {
            h2 { (say!(at, "open-title")) }
            p { (say!(at, "open-lead")) }
            (at.form(&format!("reports/{number}/open"), &html! {
                (at.purposes(Purpose::Review))
                p.actions { button type="submit" { (say!(at, "open")) } }
            }))
        }
    }
}

fn letters(at: &RequestContext, report: &StoredReport) -> Markup {
    html! {
        ul.reports {
            @for letter in &report.letters {
                li {
                    (labels::kind(at, letter.kind.as_deref())) " · "
                    (say!(at, "letter-received", day = letter.received_on.to_string(), number = letter.sequence))
                    p.hint {
                        @if letter.kept { (labels::enclosure_state(at, letter)) } @else { (say!(at, "letter-erased")) }
                    }
                }
            }
        }
    }
}
