//! The fact sheet: what crosses to the case side. Written by an officer in their own words, looked
//! at as the case side will see it, then recorded: the report is confirmed and a case is opened.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::case::{self, Case, FactSheet};
use casework::entered::Entered;
use casework::report::Category;
use casework::triage::Step;
use crypto::access::Role;
use maud::{Markup, html};
use recording::EnterCase;
use register::Dossiers;

use super::at::{At, post_keys};
use super::frame::Idle;
use super::{cases, fields, handling, report, say};
use crate::console::Console;
use crate::dossiers;
use crate::fault::Fault;
use crate::sessions::Session;

/// The form, empty.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let shown = at.block(move |console| handling::read(console, &session, role, number)).await?;
    if !shown.handled.now.stage.possible().contains(&"confirmed") {
        let stage = handling::stage(&at, shown.handled.now.stage.code());
        let problem = say!(at, "handling-out-of-order", stage = stage);
        return Ok(stopped(&at, number, &problem));
    }
    Ok(write(&at, StatusCode::OK, number, shown.handled.seen(), None))
}

/// The form with what was written, to change it.
pub(crate) async fn edit(at: At) -> Result<HttpResponse, Fault> {
    Ok(write(&at, StatusCode::OK, at.number()?, seen(&at)?, None))
}

fn write(at: &At, status: StatusCode, number: u64, seen: u64, problem: Option<&str>) -> HttpResponse {
    let categories: Vec<(String, String)> = Category::ALL
        .iter()
        .map(|category| (category.code().to_owned(), report::category(at, category.code())))
        .collect();
    let towns: Vec<(String, String)> = at.console.towns().iter().map(|town| (town.clone(), town.clone())).collect();
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p.warning { (say!(at, "sheet-wall")) }
        (at.form(&format!("reports/{number}/fact-sheet/preview"), &html! {
            input type="hidden" name="seen" value=(seen);
            (fields::choice(at, "category", &say!(at, "field-category"), &categories))
            (fields::line(at, "party", &say!(at, "case-party"), ""))
            (fields::optional_line(at, "address", &say!(at, "field-address"), ""))
            (fields::choice(at, "town", &say!(at, "field-town"), &towns))
            (fields::text(at, "found", "found", &say!(at, "case-found"), true))
            (fields::day(at, "found-on", &say!(at, "case-found-on"), ""))
            p.actions {
                button type="submit" { (say!(at, "sheet-preview")) }
                a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
            }
        }))
    };
    at.respond(status, &say!(at, "sheet-title", number = number), Idle::Stay, &body)
}

fn stopped(at: &At, number: u64, problem: &str) -> HttpResponse {
    let body = html! {
        p.problem #problem role="alert" { (problem) }
        p.actions { a.button href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) } }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "sheet-title", number = number), Idle::Leave, &body)
}

fn seen(at: &At) -> Result<u64, Fault> {
    at.field("seen")?.parse().map_err(|_| Fault::NotUnderstood)
}

/// What was typed, checked as an entry.
fn sheet(at: &At) -> Result<Entered<case::Entry>, String> {
    let typed = |name: &str| at.sent().field(name).unwrap_or_default().trim().replace("\r\n", "\n");
    let sheet = FactSheet {
        category: typed("category"),
        party: typed("party"),
        address: typed("address"),
        town: typed("town"),
        found: typed("found"),
        found_on: typed("found-on").parse().map_err(|_| say!(at, "bad-day"))?,
    };
    let by = at.session().map(|session| session.account.clone()).unwrap_or_default();
    let entered = Entered { by, on: at.console.clock.today(), what: case::Entry::Listed(sheet) };
    match Case::listed(&entered) {
        Ok(_) => Ok(entered),
        Err(refused) => Err(cases::problem(at, &refused)),
    }
}

/// As the case side will see it.
pub(crate) async fn preview(at: At) -> Result<HttpResponse, Fault> {
    let (number, seen) = (at.number()?, seen(&at)?);
    let entered = match sheet(&at) {
        Ok(entered) => entered,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, number, seen, Some(&problem))),
    };
    let case::Entry::Listed(sheet) = &entered.what else { return Err(Fault::NotUnderstood) };
    let carried: Markup = html! {
        input type="hidden" name="seen" value=(seen);
        @for name in ["category", "party", "address", "town", "found", "found-on"] {
            input type="hidden" name=(name) value=(at.sent().field(name).unwrap_or_default());
        }
    };
    let body = html! {
        p { (say!(at, "sheet-preview-lead")) }
        article.message { (cases::sheet(&at, sheet)) }
        (at.form(&format!("reports/{number}/fact-sheet/cross"), &html! {
            (carried)
            p.actions { button type="submit" { (say!(at, "sheet-cross")) } }
        }))
        (at.form(&format!("reports/{number}/fact-sheet"), &html! {
            (carried)
            button.second type="submit" { (say!(at, "reply-change")) }
        }))
    };
    Ok(at.respond(StatusCode::OK, &say!(at, "sheet-preview-title"), Idle::Stay, &body))
}

/// Records it: the report is confirmed and its case is opened, both or neither.
pub(crate) async fn cross(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let (number, seen) = (at.number()?, seen(&at)?);
    let entered = match sheet(&at) {
        Ok(entered) => entered,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, number, seen, Some(&problem))),
    };
    match at.block(move |console| open_case(console, &session, role, (number, seen), &entered)).await? {
        Some(case) => Ok(opened(&at, number, case)),
        None => Ok(write(&at, StatusCode::CONFLICT, number, seen, Some(&say!(at, "handling-conflict")))),
    }
}

fn open_case(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    (number, seen): (u64, u64),
    entered: &Entered<case::Entry>,
) -> Result<Option<u64>, Fault> {
    let handled = handling::read(console, session, role, number)?.handled;
    let case = console.register.next_dossier(Dossiers::Cases)?;
    let step = Step::Confirmed { case };
    let (Ok(after), true) = (handled.now.after(&step), handled.seen() == seen) else { return Ok(None) };
    let permission = handling::recorded(console, session, role, number, &step)?;
    let (_, digest) = dossiers::written(&entered.what)?;
    let deed = EnterCase { case, entry: entered.what.kind().code().to_owned(), digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let listed = Case::listed(entered).map_err(Fault::inside)?;
    let entering = dossiers::case_entering(recorded, 0, entered, &listed)?;
    let step = (seen + 1, Entered { by: entered.by.clone(), on: entered.on, what: &step }, after.stage);
    let keys = post_keys(session)?;
    let kept = crate::handling::keep(permission, &console.register, keys, number, step, Some(entering))?;
    Ok(kept.is_ok().then_some(case))
}

fn opened(at: &At, number: u64, case: u64) -> HttpResponse {
    let body = html! {
        p.state #opened { (say!(at, "sheet-crossed", case = case)) }
        p { (say!(at, "sheet-next")) }
        p.actions {
            a.button href=(at.path(&format!("cases/{case}"))) { (say!(at, "case-number", number = case)) }
            a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
        }
    };
    at.page(&say!(at, "case-number", number = case), &body)
}
