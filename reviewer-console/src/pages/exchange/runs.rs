//! The exchange on demand, and the results of the last ones.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::error::ConsoleError;
use console_services::exchange::bundle_status::bundle_status;
use console_services::exchange::history::last_exchanges;
use console_services::exchange::runner::{ExchangeTotals, SLOTS_WAIT};
use maud::html;

use crate::http::layout::Idle;
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::exchange::fragments::status;

/// The last exchanges with result and counts, and the button for starting one.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let (last, bundles) =
        blocking(move || Ok::<_, ConsoleError>((last_exchanges(&actor)?, bundle_status(&actor)?))).await?;
    let running = at.console().exchange.is_running();
    let body = html! {
        p { (say!(at, "exchange-lead")) }
        @if running {
            p.state #running role="status" { (say!(at, "exchange-running")) }
        } @else {
            (at.form("exchange", &html! { p.actions { button #run type="submit" { (say!(at, "exchange-now")) } } }))
        }
        h2 { (say!(at, "bundles-title")) }
        (status(&at, &bundles))
        details {
            summary { (say!(at, "carry-title")) }
            ol {
                li { (say!(at, "carry-out")) }
                li { (say!(at, "carry-run")) }
                li { (say!(at, "carry-back")) }
                li { (say!(at, "carry-pass")) }
            }
            p.hint { (say!(at, "carry-hint")) }
        }
        h2 { (say!(at, "exchange-last")) }
        @if last.is_empty() { p.state { (say!(at, "exchange-none")) } }
        ul.reports #exchanges {
            @for (index, (number, day, done)) in last.iter().enumerate() {
                li {
                    @let number = *number;
                    (say!(at, "exchange-line", number = number, day = day.as_str())) " · "
                    @if index == 0 && running {
                        (say!(at, "exchange-running"))
                    } @else {
                        (outcome(&at, done))
                    }
                    p.hint {
                        (say!(at, "exchange-counts", letters = done.letters, unreadable = done.unreadable,
                            enclosures = done.enclosures, slots = done.slots))
                    }
                }
            }
        }
    };
    let idle = if running { Idle::Again } else { Idle::Leave };
    Ok(at.respond(StatusCode::OK, &say!(at, "exchange-title"), idle, &body))
}

fn outcome(at: &RequestContext, done: &ExchangeTotals) -> String {
    match done.problem.as_deref() {
        None => say!(at, "exchange-done"),
        Some(SLOTS_WAIT) => say!(at, "exchange-slots-wait"),
        Some("no-folder") => say!(at, "exchange-no-folder"),
        Some("bundle-folder") => say!(at, "exchange-bundle-folder"),
        Some("bundle-form") => say!(at, "bundle-form"),
        Some("bundle-foreign") => say!(at, "bundle-foreign"),
        Some("bundle-damaged") => say!(at, "bundle-damaged"),
        Some("bundle-record") => say!(at, "bundle-record"),
        Some("bundle-new-epoch") => say!(at, "bundle-new-epoch"),
        Some("bundle-gap") => say!(at, "bundle-gap"),
        Some("bundle-forked") => say!(at, "bundle-forked"),
        Some("recorder") => say!(at, "exchange-recorder"),
        Some("outer-key") => say!(at, "exchange-outer-key"),
        Some("log") => say!(at, "exchange-log"),
        Some("witness") => say!(at, "exchange-witness"),
        Some("witness-folder") => say!(at, "exchange-witness-folder"),
        Some("order") => say!(at, "exchange-order"),
        Some("journal") => say!(at, "exchange-journal"),
        Some("register") => say!(at, "exchange-register"),
        Some("enclosure") => say!(at, "exchange-enclosure"),
        Some("unfinished") => say!(at, "exchange-unfinished"),
        Some(_) => say!(at, "exchange-inside"),
    }
}

/// Starts an exchange in the background; the page shows its progress.
pub(crate) async fn run(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (officer, state) = (at.officer()?, at.state.clone());
    actix_web::rt::spawn(async move { state.console.exchange.run(Some(officer.session)).await });
    // The exchange begins before the redirect, so that the page shows it as running.
    actix_web::rt::task::yield_now().await;
    Ok(see_other(&at.path("exchange")))
}
