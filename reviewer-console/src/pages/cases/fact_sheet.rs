//! The fact sheet: the only text that crosses to the case side. An officer writes it in their own words; it is
//! compared with the report, previewed as the case side will see it, then recorded. It waits, sealed, for the next
//! case day. Where the reporter is an insider, another officer reviews it first. Cases from inspections begin with
//! the same form and wait for the same day, so that a case does not show that somebody reported.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::cases::{Case, CaseEntry, FactSheet};
use casework::reports::{Category, ReportStage};
use casework::signed_entry::SignedEntry;
use console_services::cases::cross_sheet::{CrossingOutcome, SheetCrossing, SheetReport, cross_sheet};
use console_services::cases::reported_text::{begin_sheet, preview_sheet};
use maud::{Markup, html};
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::{ONCE, TextField, Ticked, Typed, VersionForm};
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::cases::fragments::{self, crossed_page, repeats};
use crate::pages::cases::labels::{self, not_comparable};
use crate::pages::reports::labels::{category, stage};

/// Where a fact sheet comes from: a report (its number, and its number of steps when shown), or an inspection (`None`).
#[derive(Clone, Copy)]
struct SheetOrigin(Option<(u64, u64)>);

impl SheetOrigin {
    fn of(at: &RequestContext) -> Result<Self, PageError> {
        let Ok(report) = at.number() else { return Ok(Self(None)) };
        let VersionForm { expected_version } = at.read_form()?;
        Ok(Self(Some((report, expected_version))))
    }

    fn base(self) -> String {
        self.0.map_or_else(|| "cases/new".to_owned(), |(report, _)| format!("reports/{report}/fact-sheet"))
    }

    fn title(self, at: &RequestContext) -> String {
        self.0.map_or_else(|| say!(at, "case-new"), |(report, _)| say!(at, "sheet-title", number = report))
    }

    fn seen(self) -> Markup {
        html! { @if let Some((_, seen)) = self.0 { input type="hidden" name="expected-version" value=(seen); } }
    }

    fn report(self) -> Option<u64> {
        self.0.map(|(report, _)| report)
    }
}

/// The empty form. 409 for a report that is not being verified, or that cannot be compared with a sheet.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let Ok(number) = at.number() else { return Ok(write(&at, StatusCode::OK, SheetOrigin(None), None)) };
    let actor = at.officer()?;
    let (shown, not) = blocking(move || begin_sheet(&actor, number)).await?;
    if shown.handled.now.stage != ReportStage::Verifying {
        let stage = stage(&at, shown.handled.now.stage.code());
        return Ok(stopped(&at, number, &problem!(at, "handling-out-of-order", stage = stage)));
    }
    if let Some(why) = not {
        return Ok(stopped(&at, number, &not_comparable(&at, why)));
    }
    Ok(write(&at, StatusCode::OK, SheetOrigin(Some((number, shown.handled.version()))), None))
}

/// The form with the text that was sent, for changes.
pub(crate) async fn edit(at: RequestContext) -> Result<HttpResponse, PageError> {
    Ok(write(&at, StatusCode::OK, SheetOrigin::of(&at)?, None))
}

fn write(at: &RequestContext, status: StatusCode, from: SheetOrigin, problem: Option<&Problem>) -> HttpResponse {
    let categories: Vec<(String, String)> =
        Category::ALL.iter().map(|one| (one.code().to_owned(), category(at, one.code()))).collect();
    let towns: Vec<(String, String)> = at.rules().towns().iter().map(|town| (town.clone(), town.clone())).collect();
    let day = at.rules().case_day_after(at.today());
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        @if from.0.is_some() { p.warning { (say!(at, "sheet-wall")) } } @else { p { (say!(at, "case-new-lead")) } }
        (at.form(&format!("{}/preview", from.base()), &html! {
            (from.seen())
            (fields::once())
            (fields::choice(at, "category", &say!(at, "field-category"), &categories))
            (fields::line(at, "party", &say!(at, "case-party"), ""))
            (fields::optional_line(at, "address", &say!(at, "field-address"), ""))
            (fields::choice(at, "town", &say!(at, "field-town"), &towns))
            (fields::text(at, "found", TextField::Found, &say!(at, "case-found"), true))
            (fields::day(at, "found-on", &say!(at, "case-found-on"), ""))
            (fields::check(at, "urgent", &say!(at, "sheet-urgent")))
            p.hint { (say!(at, "sheet-day", day = day.to_string())) }
            p.actions {
                button type="submit" { (say!(at, "sheet-preview")) }
                (fragments::back(at, from.report()))
            }
        }))
    };
    at.respond(status, &from.title(at), Idle::Stay, &body)
}

fn stopped(at: &RequestContext, number: u64, problem: &Problem) -> HttpResponse {
    let body = html! {
        (problem)
        p.actions {
            a.button href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) }
            a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
        }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "sheet-title", number = number), Idle::Leave, &body)
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct SheetForm {
    category: Typed,
    party: Typed,
    address: Typed,
    town: Typed,
    found: Typed,
    found_on: Typed,
    urgent: Ticked,
    looked: Ticked,
}

/// Parses the form, and checks the sheet by the rules for a case's first entry.
fn sheet(at: &RequestContext, form: SheetForm) -> Result<FactSheet, Problem> {
    let bad_day = || problem!(at, "bad-day", field = say!(at, "case-found-on"));
    let sheet = FactSheet {
        found_on: form.found_on.parse().map_err(|_| bad_day())?,
        category: form.category.into(),
        party: form.party.into(),
        address: form.address.into(),
        town: form.town.into(),
        found: form.found.into(),
    };
    let by = at.session().map(|session| session.account.clone()).unwrap_or_default();
    let entered = SignedEntry { by, on: at.today(), what: CaseEntry::Listed(sheet.clone()) };
    Case::listed(&entered).map_err(|refused| labels::problem(at, &refused))?;
    Ok(sheet)
}

/// The sheet as the case side will see it, with the passages that it repeats of the report.
pub(crate) async fn preview(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (from, form) = (SheetOrigin::of(&at)?, at.read_form::<SheetForm>()?);
    let sheet = match sheet(&at, form) {
        Ok(sheet) => sheet,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, from, Some(&problem))),
    };
    show(&at, StatusCode::OK, from, sheet, None).await
}

async fn show(
    at: &RequestContext,
    status: StatusCode,
    from: SheetOrigin,
    sheet: FactSheet,
    problem: Option<&Problem>,
) -> Result<HttpResponse, PageError> {
    let against = match from.report() {
        Some(report) => {
            let (actor, held) = (at.officer()?, sheet.clone());
            match blocking(move || preview_sheet(&actor, report, &held)).await? {
                Ok(against) => Some(against),
                // The form is shown again with its text: the report may be opened in another tab.
                Err(why) => return Ok(write(at, StatusCode::CONFLICT, from, Some(&not_comparable(at, why)))),
            }
        }
        None => None,
    };
    let carried: Markup = html! {
        (from.seen())
        @for name in ["category", "party", "address", "town", "found", "found-on", "urgent", ONCE] {
            @if let Some(value) = at.sent().field(name) { input type="hidden" name=(name) value=(value); }
        }
    };
    let insider = against.as_ref().is_some_and(|against| against.is_insider);
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        @if from.0.is_some() { p { (say!(at, "sheet-preview-lead")) } } @else { p { (say!(at, "preview-lead")) } }
        p { (say!(at, "sheet-final")) }
        article.message { (fragments::sheet(at, &sheet)) }
        @if at.sent().field("urgent").is_some() { p { strong { (say!(at, "sheet-urgent-yes")) } } }
        @if let Some(against) = &against { (repeats(at, &against.repeated)) }
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

/// Records the sheet: the report is confirmed and its sheet waits, both or neither.
pub(crate) async fn cross(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let (from, form) = (SheetOrigin::of(&at)?, at.read_form::<SheetForm>()?);
    let (looked, urgent) = (form.looked.0, form.urgent.0);
    let sheet = match sheet(&at, form) {
        Ok(sheet) => sheet,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, from, Some(&problem))),
    };
    // A report's steps show a form sent twice; an inspection's sheet has no steps, so the form's number is checked.
    if from.0.is_none() && !at.is_first_time() {
        return Ok(write(&at, StatusCode::CONFLICT, from, Some(&problem!(at, "sent-before"))));
    }
    let report = from.0.map(|(number, expected_version)| SheetReport { number, expected_version, looked });
    let crossing = SheetCrossing { report, sheet: sheet.clone(), urgent };
    match blocking(move || cross_sheet(&actor, crossing)).await? {
        CrossingOutcome::Conflict => {
            Ok(write(&at, StatusCode::CONFLICT, from, Some(&problem!(at, "handling-conflict"))))
        }
        CrossingOutcome::NotComparable(why) => {
            Ok(write(&at, StatusCode::CONFLICT, from, Some(&not_comparable(&at, why))))
        }
        CrossingOutcome::NotLooked => {
            let problem = problem!(at, "sheet-look");
            show(&at, StatusCode::BAD_REQUEST, from, sheet, Some(&problem)).await
        }
        done => Ok(crossed_page(&at, from.report(), &done)),
    }
}
