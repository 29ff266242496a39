//! The fact sheet: what crosses to the case side. Written by an officer in their own words, looked
//! at as the case side will see it, then recorded: a case is opened and, if it came from a report,
//! that is confirmed. Cases from inspections begin with the same form, so that a case does not
//! tell that somebody reported.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::case::{self, Case, FactSheet};
use casework::entered::Entered;
use casework::report::Category;
use casework::triage::Step;
use casework::wall::repeated;
use crypto::access::Role;
use maud::{Markup, html};
use recording::EnterCase;
use register::Dossiers;

use super::at::At;
use super::frame::Idle;
use super::{case_words, cases, fields, handling, report, say};
use crate::console::Console;
use crate::dossiers;
use crate::fault::Fault;
use crate::sessions::Session;

/// Where a fact sheet comes from: a report of which so many steps were seen, or an inspection.
#[derive(Clone, Copy)]
struct From(Option<(u64, u64)>);

impl From {
    fn of(at: &At) -> Result<Self, Fault> {
        let Ok(report) = at.number() else { return Ok(Self(None)) };
        Ok(Self(Some((report, at.field("seen")?.parse().map_err(|_| Fault::NotUnderstood)?))))
    }

    fn base(self) -> String {
        self.0.map_or_else(|| "cases/new".to_owned(), |(report, _)| format!("reports/{report}/fact-sheet"))
    }

    fn title(self, at: &At) -> String {
        self.0.map_or_else(|| say!(at, "case-new"), |(report, _)| say!(at, "sheet-title", number = report))
    }

    fn seen(self) -> Markup {
        html! { @if let Some((_, seen)) = self.0 { input type="hidden" name="seen" value=(seen); } }
    }

    fn back(self, at: &At) -> Markup {
        html! {
            @if let Some((report, _)) = self.0 {
                a.button.second href=(at.path(&format!("reports/{report}/handling"))) { (say!(at, "back-to-handling")) }
            } @else {
                a.button.second href=(at.path("cases")) { (say!(at, "back-to-list")) }
            }
        }
    }
}

/// The form, empty.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let Ok(number) = at.number() else { return Ok(write(&at, StatusCode::OK, From(None), None)) };
    let (session, role) = at.officer()?;
    let shown = at.block(move |console| handling::read(console, &session, role, number)).await?;
    if !shown.handled.now.stage.possible().contains(&"confirmed") {
        let stage = handling::stage(&at, shown.handled.now.stage.code());
        return Ok(stopped(&at, number, &say!(at, "handling-out-of-order", stage = stage)));
    }
    Ok(write(&at, StatusCode::OK, From(Some((number, shown.handled.seen()))), None))
}

/// The form with what was written, to change it.
pub(crate) async fn edit(at: At) -> Result<HttpResponse, Fault> {
    Ok(write(&at, StatusCode::OK, From::of(&at)?, None))
}

fn write(at: &At, status: StatusCode, from: From, problem: Option<&str>) -> HttpResponse {
    let categories: Vec<(String, String)> = Category::ALL
        .iter()
        .map(|category| (category.code().to_owned(), report::category(at, category.code())))
        .collect();
    let towns: Vec<(String, String)> = at.console.towns().iter().map(|town| (town.clone(), town.clone())).collect();
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        @if from.0.is_some() { p.warning { (say!(at, "sheet-wall")) } } @else { p { (say!(at, "case-new-lead")) } }
        (at.form(&format!("{}/preview", from.base()), &html! {
            (from.seen())
            (fields::choice(at, "category", &say!(at, "field-category"), &categories))
            (fields::line(at, "party", &say!(at, "case-party"), ""))
            (fields::optional_line(at, "address", &say!(at, "field-address"), ""))
            (fields::choice(at, "town", &say!(at, "field-town"), &towns))
            (fields::text(at, "found", "found", &say!(at, "case-found"), true))
            (fields::day(at, "found-on", &say!(at, "case-found-on"), ""))
            p.actions {
                button type="submit" { (say!(at, "sheet-preview")) }
                (from.back(at))
            }
        }))
    };
    at.respond(status, &from.title(at), Idle::Stay, &body)
}

fn stopped(at: &At, number: u64, problem: &str) -> HttpResponse {
    let body = html! {
        p.problem #problem role="alert" { (problem) }
        p.actions { a.button href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) } }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "sheet-title", number = number), Idle::Leave, &body)
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
        found_on: typed("found-on").parse().map_err(|_| say!(at, "bad-day", field = say!(at, "case-found-on")))?,
    };
    let by = at.session().map(|session| session.account.clone()).unwrap_or_default();
    let entered = Entered { by, on: at.console.clock.today(), what: case::Entry::Listed(sheet) };
    match Case::listed(&entered) {
        Ok(_) => Ok(entered),
        Err(refused) => Err(case_words::problem(at, &refused)),
    }
}

/// As the case side will see it.
pub(crate) async fn preview(at: At) -> Result<HttpResponse, Fault> {
    let from = From::of(&at)?;
    let entered = match sheet(&at) {
        Ok(entered) => entered,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, from, Some(&problem))),
    };
    let case::Entry::Listed(sheet) = &entered.what else { return Err(Fault::NotUnderstood) };
    let carried: Markup = html! {
        (from.seen())
        @for name in ["category", "party", "address", "town", "found", "found-on"] {
            input type="hidden" name=(name) value=(at.sent().field(name).unwrap_or_default());
        }
    };
    let body = html! {
        @if from.0.is_some() { p { (say!(at, "sheet-preview-lead")) } } @else { p { (say!(at, "preview-lead")) } }
        p { (say!(at, "sheet-final")) }
        article.message { (cases::sheet(&at, sheet)) }
        (repeats(&at, from, sheet)?)
        (at.form(&format!("{}/cross", from.base()), &html! {
            (carried)
            p.actions { button type="submit" { (say!(at, "sheet-cross")) } }
        }))
        (at.form(&from.base(), &html! {
            (carried)
            button.second type="submit" { (say!(at, "reply-change")) }
        }))
    };
    Ok(at.respond(StatusCode::OK, &say!(at, "sheet-preview-title"), Idle::Stay, &body))
}

/// What the sheet repeats of the report, as far as this session has opened it.
fn repeats(at: &At, from: From, sheet: &FactSheet) -> Result<Markup, Fault> {
    let Some((report, _)) = from.0 else { return Ok(html! {}) };
    let session = at.session()?;
    let said: Vec<String> =
        session.opened().values().filter(|one| one.report == report).map(|one| one.text.clone()).collect();
    let runs = repeated(&[sheet.found.as_str(), &sheet.address].join("\n"), &said.join("\n"));
    Ok(html! {
        @if said.is_empty() { p.warning { (say!(at, "sheet-not-compared")) } }
        @if !runs.is_empty() {
            p.warning { (say!(at, "sheet-repeats")) }
            ul #repeats { @for run in &runs { li { (run) } } }
        }
    })
}

/// Records it: the report is confirmed and its case is opened, both or neither.
pub(crate) async fn cross(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let from = From::of(&at)?;
    let entered = match sheet(&at) {
        Ok(entered) => entered,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, from, Some(&problem))),
    };
    match at.block(move |console| open_case(console, &session, role, from, &entered)).await? {
        Some(case) => Ok(opened(&at, from, case)),
        None => Ok(write(&at, StatusCode::CONFLICT, from, Some(&say!(at, "handling-conflict")))),
    }
}

fn open_case(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    from: From,
    entered: &Entered<case::Entry>,
) -> Result<Option<u64>, Fault> {
    let case = console.register.next_dossier(Dossiers::Cases)?;
    let step = Step::Confirmed { case };
    let confirmed = match from.0 {
        None => None,
        Some((report, seen)) => {
            let handled = handling::read(console, session, role, report)?.handled;
            let (Ok(after), true) = (handled.now.after(&step), handled.seen() == seen) else { return Ok(None) };
            let permitted = handling::permit(console, session, role, (report, seen), &step)?;
            Some((report, after, permitted))
        }
    };
    let (_, digest) = dossiers::written(&entered.what)?;
    let deed = EnterCase { case, number: 1, entry: entered.what.kind().code().to_owned(), digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let listed = Case::listed(entered).map_err(Fault::inside)?;
    let entering = dossiers::case_entering(recorded, 0, entered, &listed)?;
    let kept = match confirmed {
        None => console.register.enter(entering)?,
        Some((report, after, permitted)) => {
            let done = (entered.by.as_str(), entered.on, after.stage);
            crate::handling::keep(permitted, &console.register, report, done, Some(entering))?
        }
    };
    Ok(kept.is_ok().then_some(case))
}

fn opened(at: &At, from: From, case: u64) -> HttpResponse {
    let body = html! {
        p.state #opened { (say!(at, "sheet-crossed", case = case)) }
        @if from.0.is_some() { p { (say!(at, "sheet-next")) } }
        p.actions {
            a.button href=(at.path(&format!("cases/{case}"))) { (say!(at, "case-number", number = case)) }
            (from.back(at))
        }
    };
    at.page(&say!(at, "case-number", number = case), &body)
}
