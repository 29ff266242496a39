//! The fact sheet: what crosses to the case side. Written by an officer in their own words, held
//! against the report, looked at as the case side will see it, then recorded. It waits, sealed, for
//! the next case day. Where the reporter is an insider, another officer looks at it first. Cases from
//! inspections begin with the same form and wait likewise, so that a case does not tell that somebody
//! reported.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::case::{self, Case, FactSheet};
use casework::entered::Entered;
use casework::report::Category;
use casework::triage::{Stage, Step};
use casework::wall::{Repeated, Said, What, compare};
use maud::{Markup, html};
use model::Role;
use register::Together;

use super::at::{At, post_keys};
use super::frame::Idle;
use super::handling::{self, Shown};
use super::handling_words::stage;
use super::{case_words, cases, fields, report, say};
use crate::console::Console;
use crate::fault::Fault;
use crate::sessions::Session;
use crate::sheets::{self, Waiting, Which};

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
    let reading = Arc::clone(&session);
    let shown = at.block(move |console| handling::read(console, &reading, role, number)).await?;
    if shown.handled.now.stage != Stage::Verifying {
        let stage = stage(&at, shown.handled.now.stage.code());
        return Ok(stopped(&at, number, &say!(at, "handling-out-of-order", stage = stage)));
    }
    if let Err(problem) = said(&at, &session, &group(&shown)) {
        return Ok(stopped(&at, number, &problem));
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
    let towns: Vec<(String, String)> =
        at.console.books.rules.towns().iter().map(|town| (town.clone(), town.clone())).collect();
    let day = at.console.books.rules.case_day_after(at.console.clock.today());
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        @if from.0.is_some() { p.warning { (say!(at, "sheet-wall")) } } @else { p { (say!(at, "case-new-lead")) } }
        (at.form(&format!("{}/preview", from.base()), &html! {
            (from.seen())
            (fields::once())
            (fields::choice(at, "category", &say!(at, "field-category"), &categories))
            (fields::line(at, "party", &say!(at, "case-party"), ""))
            (fields::optional_line(at, "address", &say!(at, "field-address"), ""))
            (fields::choice(at, "town", &say!(at, "field-town"), &towns))
            (fields::text(at, "found", "found", &say!(at, "case-found"), true))
            (fields::day(at, "found-on", &say!(at, "case-found-on"), ""))
            (fields::check(at, "urgent", &say!(at, "sheet-urgent")))
            p.hint { (say!(at, "sheet-day", day = day.to_string())) }
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
        p.actions {
            a.button href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) }
            a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
        }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "sheet-title", number = number), Idle::Leave, &body)
}

/// What was typed, checked as an entry.
fn sheet(at: &At) -> Result<FactSheet, String> {
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
    let entered = Entered { by, on: at.console.clock.today(), what: case::Entry::Listed(sheet.clone()) };
    Case::listed(&entered).map_err(|refused| case_words::problem(at, &refused))?;
    Ok(sheet)
}

/// A report and those that were joined to it: a sheet must repeat none of them.
pub(super) fn group(shown: &Shown) -> Vec<u64> {
    std::iter::once(shown.report.number).chain(shown.handled.now.merged.iter().map(|(later, _)| *later)).collect()
}

/// The same, read anew: another officer may have joined one meanwhile.
async fn group_of(at: &At, report: u64) -> Result<Vec<u64>, Fault> {
    let (session, role) = at.officer()?;
    at.block(move |console| Ok(group(&handling::read(console, &session, role, report)?))).await
}

/// What these reports say, as this session has opened them, and whether one of their reporters is an
/// insider; or why a sheet cannot be held against them. The first is the one that the sheet is written on.
pub(super) fn said(at: &At, session: &Session, reports: &[u64]) -> Result<(Said, bool), String> {
    let opened = session.opened();
    let letters: Vec<_> = opened.values().filter(|one| reports.contains(&one.report)).collect();
    let unopened = |report: &&u64| !letters.iter().any(|one| one.report == **report && one.is_report());
    match reports.iter().find(unopened) {
        Some(first) if reports.first() == Some(first) => return Err(say!(at, "sheet-not-opened")),
        Some(joined) => return Err(say!(at, "sheet-joined-not-opened", number = joined.to_string())),
        None => {}
    }
    // The names of attached files are inside the attachment: it must have been listed.
    if letters.iter().any(|one| one.unlisted) {
        return Err(say!(at, "sheet-not-listed"));
    }
    let said = Said {
        texts: letters.iter().map(|one| one.text.clone()).collect(),
        files: letters.iter().flat_map(|one| one.files.iter().cloned()).collect(),
        days: letters.iter().map(|one| one.received_on).collect(),
    };
    Ok((said, letters.iter().any(|one| one.insider)))
}

/// As the case side will see it.
pub(crate) async fn preview(at: At) -> Result<HttpResponse, Fault> {
    let from = From::of(&at)?;
    let sheet = match sheet(&at) {
        Ok(sheet) => sheet,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, from, Some(&problem))),
    };
    show(&at, StatusCode::OK, from, sheet, None).await
}

async fn show(
    at: &At,
    status: StatusCode,
    from: From,
    sheet: FactSheet,
    problem: Option<&str>,
) -> Result<HttpResponse, Fault> {
    let against = match (from.0, at.session()) {
        (Some((report, _)), Ok(session)) => match said(at, session, &group_of(at, report).await?) {
            Ok((said, insider)) => Some((held_against(at, &sheet, said).await?, insider)),
            // What was typed stays: the report may be opened beside it, in another tab.
            Err(problem) => return Ok(write(at, StatusCode::CONFLICT, from, Some(&problem))),
        },
        _ => None,
    };
    let carried: Markup = html! {
        (from.seen())
        @for name in ["category", "party", "address", "town", "found", "found-on", "urgent", fields::ONCE] {
            @if let Some(value) = at.sent().field(name) { input type="hidden" name=(name) value=(value); }
        }
    };
    let insider = against.as_ref().is_some_and(|(_, insider)| *insider);
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        @if from.0.is_some() { p { (say!(at, "sheet-preview-lead")) } } @else { p { (say!(at, "preview-lead")) } }
        p { (say!(at, "sheet-final")) }
        article.message { (cases::sheet(at, &sheet)) }
        @if at.sent().field("urgent").is_some() { p { strong { (say!(at, "sheet-urgent-yes")) } } }
        @if let Some((repeated, _)) = &against { (repeats(at, repeated)) }
        @if insider { p.warning { (say!(at, "sheet-insider")) } }
        (at.form(&format!("{}/cross", from.base()), &html! {
            (carried)
            @if from.0.is_some() { (fields::check(at, "looked", &say!(at, "sheet-looked"))) }
            p.actions {
                button type="submit" {
                    @if insider { (say!(at, "sheet-draft")) } @else { (say!(at, "sheet-cross")) }
                }
            }
        }))
        (at.form(&from.base(), &html! {
            (carried)
            button.second type="submit" { (say!(at, "reply-change")) }
        }))
    };
    Ok(at.respond(status, &say!(at, "sheet-preview-title"), Idle::Stay, &body))
}

/// What a sheet repeats of a report. Reports may be long: not on the thread that serves everybody.
pub(super) async fn held_against(at: &At, sheet: &FactSheet, said: Said) -> Result<Vec<Repeated>, Fault> {
    let sheet = sheet.clone();
    at.block(move |_| Ok(compare(&sheet, &said))).await
}

/// Every passage that the sheet repeats of the report.
pub(super) fn repeats(at: &At, repeated: &[Repeated]) -> Markup {
    let name = |what| match what {
        What::Words => say!(at, "repeats-words"),
        What::Number => say!(at, "repeats-number"),
        What::Name => say!(at, "repeats-name"),
        What::File => say!(at, "repeats-file"),
        What::Day => say!(at, "repeats-day"),
    };
    html! {
        @if repeated.is_empty() {
            p { (say!(at, "sheet-repeats-none")) }
        } @else {
            p.warning { (say!(at, "sheet-repeats")) }
            ul #repeats { @for one in repeated { li { (name(one.what)) (say!(at, "colon")) mark { (one.passage) } } } }
        }
    }
}

/// How crossing ended.
pub(super) enum Crossed {
    /// It waits for its day.
    Waits,
    /// It is a case now: an urgent one.
    Opened(Vec<u64>),
    /// It waits for another officer.
    Drafted,
    Conflict,
}

/// Records it: the report is confirmed and its sheet waits, both or neither.
pub(crate) async fn cross(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let from = From::of(&at)?;
    let sheet = match sheet(&at) {
        Ok(sheet) => sheet,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, from, Some(&problem))),
    };
    let mut insider = false;
    if let Some((report, _)) = from.0 {
        match said(&at, &session, &group_of(&at, report).await?) {
            Ok((_, is_insider)) => insider = is_insider,
            Err(problem) => return Ok(write(&at, StatusCode::CONFLICT, from, Some(&problem))),
        }
        if at.sent().field("looked").is_none() {
            let problem = say!(at, "sheet-look");
            return show(&at, StatusCode::BAD_REQUEST, from, sheet, Some(&problem)).await;
        }
    }
    // A report's own steps show that it was sent before; an inspection's sheet has none.
    if from.0.is_none() && !at.is_first_time() {
        return Ok(write(&at, StatusCode::CONFLICT, from, Some(&say!(at, "sent-before"))));
    }
    let urgent = at.sent().field("urgent").is_some();
    let step = from.0.map(|(report, seen)| {
        let drafted = Step::Drafted { sheet: sheet.clone(), urgent };
        (report, seen, if insider { drafted } else { Step::Crossed {} })
    });
    let crossed = at.block(move |console| cross_one(console, &session, role, step, (sheet, urgent))).await?;
    match crossed {
        Crossed::Conflict => Ok(write(&at, StatusCode::CONFLICT, from, Some(&say!(at, "handling-conflict")))),
        done => Ok(crossed_page(&at, from.0.map(|(report, _)| report), &done)),
    }
}

/// A step of the report, if there is one, and with it the sheet unless the step only drafts it.
pub(super) fn cross_one(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    step: Option<(u64, u64, Step)>,
    (sheet, urgent): (FactSheet, bool),
) -> Result<Crossed, Fault> {
    let mut together = Together::default();
    let drafts = matches!(step, Some((_, _, Step::Drafted { .. })));
    let report = step.as_ref().map(|(report, ..)| *report);
    if let Some((report, seen, step)) = step {
        let shown = handling::read(console, session, role, report)?;
        let entered = handling::entered(console, session, step);
        if shown.handled.seen() != seen || shown.handled.now.clone().after(&entered).is_err() {
            return Ok(Crossed::Conflict);
        }
        together.steps.push(handling::permit(console, session, role, &shown, &entered)?);
    }
    if !drafts {
        let waiting = Waiting { sheet, urgent, report, on: console.clock.today() };
        together.sheet = Some(sheets::cross(console, &session.person(role), post_keys(session)?, &waiting)?);
    }
    if console.register.take(together)?.is_err() {
        return Ok(Crossed::Conflict);
    }
    match (drafts, urgent) {
        (true, _) => Ok(Crossed::Drafted),
        (false, false) => Ok(Crossed::Waits),
        // It has crossed and is durable; if its case cannot be opened now, it goes with the next.
        (false, true) => Ok(match sheets::release(console, session, Which::Urgent) {
            Ok(opened) => opened.map_or(Crossed::Waits, Crossed::Opened),
            Err(error) => {
                tracing::error!("an urgent fact sheet goes on waiting: {}", program::chain(&error));
                Crossed::Waits
            }
        }),
    }
}

/// What happens to it now.
pub(super) fn crossed_page(at: &At, report: Option<u64>, crossed: &Crossed) -> HttpResponse {
    let day = at.console.books.rules.case_day_after(at.console.clock.today()).to_string();
    let text = match crossed {
        Crossed::Opened(_) => say!(at, "sheet-crossed"),
        Crossed::Drafted => say!(at, "sheet-drafted"),
        Crossed::Waits | Crossed::Conflict => say!(at, "sheet-crossed-waits", day = day),
    };
    let body = html! {
        p.state #opened { (text) }
        @if report.is_some() && matches!(crossed, Crossed::Opened(_)) { p { (say!(at, "sheet-next")) } }
        @if matches!(crossed, Crossed::Waits) { p { (say!(at, "sheet-next-waits")) } }
        p.actions {
            @if let Crossed::Opened(cases) = crossed {
                @for case in cases { a.button href=(at.path(&format!("cases/{case}"))) { (say!(at, "case-number", number = case.to_string())) } }
            }
            (From(report.map(|report| (report, 0))).back(at))
        }
    };
    at.page(&say!(at, "sheet-crossed-title"), &body)
}
