//! Parts that several pages about cases share: a sheet, a line of a list, the leak check, a download.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use casework::cases::{FactSheet, Leak, LeakKind};
use console_services::cases::case_file::CaseFile;
use console_services::cases::cross_sheet::CrossingOutcome;
use console_services::cases::read_evidence::EvidenceFile;
use maud::{Markup, html};
use model::Day;
use web::headers::{DOWNLOAD_POLICY, set};

use crate::http::download::saved_as;
use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::cases::labels::state;
use crate::pages::reports::labels::category;

/// A fact sheet as a list of names and values.
pub(crate) fn sheet(at: &RequestContext, sheet: &FactSheet) -> Markup {
    let rows = [
        (say!(at, "field-category"), category(at, &sheet.category)),
        (say!(at, "case-party"), sheet.party.clone()),
        (say!(at, "field-address"), sheet.address.clone()),
        (say!(at, "field-town"), sheet.town.clone()),
        (say!(at, "case-found"), sheet.found.clone()),
        (say!(at, "case-found-on"), sheet.found_on.to_string()),
    ];
    rows_of(at, &rows)
}

pub(crate) fn rows_of(at: &RequestContext, rows: &[(String, String)]) -> Markup {
    html! {
        dl {
            @for (name, value) in rows {
                dt { (name) }
                dd { @if value.is_empty() { span.optional { (say!(at, "answer-empty")) } } @else { (value) } }
            }
        }
    }
}

/// A warning with the numbers of ledgers that cannot be read; nothing if there are none.
pub(crate) fn unreadable(at: &RequestContext, numbers: &[u64]) -> Markup {
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    html! {
        @if !numbers.is_empty() { p.warning { (say!(at, "ledgers-unreadable", numbers = numbers.join(", "))) } }
    }
}

/// A case in a list: number, marks, party, state and unit; `path` is where it links to.
pub(crate) fn line(at: &RequestContext, file: &CaseFile, path: &str, today: Day) -> Markup {
    let now = &file.now;
    html! {
        a href=(path) { (say!(at, "case-number", number = file.number)) }
        (marks(at, file, today))
        p.plain-text { (category(at, &now.sheet.category)) " · " (now.sheet.party) " · " (now.sheet.town) }
        p.hint {
            (state(at, now.state))
            @if let Some(to) = &now.assignment {
                " · " (to.unit) " · " (say!(at, "case-until", day = to.deadline.to_string()))
            }
        }
    }
}

/// Marks for a case that is overdue, supervised, at the county, or waits for a late answer to a transfer.
pub(crate) fn marks(at: &RequestContext, file: &CaseFile, today: Day) -> Markup {
    let now = &file.now;
    html! {
        @if now.is_overdue(today) { " " strong.new { (say!(at, "case-overdue")) } }
        @if now.supervised { " " strong.new { (say!(at, "case-supervised")) } }
        @if now.escalated { " " strong { (say!(at, "case-at-county")) } }
        @if now.late_answers(today).next().is_some() { " " strong.new { (say!(at, "transfer-late")) } }
    }
}

/// The result of the leak check: every passage of the report that the sheet repeats.
pub(crate) fn repeats(at: &RequestContext, repeated: &[Leak]) -> Markup {
    let name = |what| match what {
        LeakKind::Words => say!(at, "repeats-words"),
        LeakKind::Number => say!(at, "repeats-number"),
        LeakKind::Name => say!(at, "repeats-name"),
        LeakKind::File => say!(at, "repeats-file"),
        LeakKind::Day => say!(at, "repeats-day"),
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

/// The page after a sheet was recorded: whether it became a case, waits, or needs another officer.
pub(crate) fn crossed_page(at: &RequestContext, report: Option<u64>, crossed: &CrossingOutcome) -> HttpResponse {
    let day = at.rules().case_day_after(at.today()).to_string();
    let text = match crossed {
        CrossingOutcome::Opened(_) => say!(at, "sheet-crossed"),
        CrossingOutcome::Drafted => say!(at, "sheet-drafted"),
        _ => say!(at, "sheet-crossed-waits", day = day),
    };
    let body = html! {
        p.state #opened { (text) }
        @if report.is_some() && matches!(crossed, CrossingOutcome::Opened(_)) { p { (say!(at, "sheet-next")) } }
        @if matches!(crossed, CrossingOutcome::Waits) { p { (say!(at, "sheet-next-waits")) } }
        p.actions {
            @if let CrossingOutcome::Opened(cases) = crossed {
                @for case in cases { a.button href=(at.path(&format!("cases/{case}"))) { (say!(at, "case-number", number = case.to_string())) } }
            }
            (back(at, report))
        }
    };
    at.page(&say!(at, "sheet-crossed-title"), &body)
}

/// The link back from a sheet: to its report, or to the list of cases.
pub(crate) fn back(at: &RequestContext, report: Option<u64>) -> Markup {
    html! {
        @if let Some(report) = report {
            a.button.second href=(at.path(&format!("reports/{report}/handling"))) { (say!(at, "back-to-handling")) }
        } @else {
            a.button.second href=(at.path("cases")) { (say!(at, "back-to-list")) }
        }
    }
}

/// A file as a download that the browser saves and does not show.
pub(crate) fn handed_out(file: EvidenceFile) -> Result<HttpResponse, PageError> {
    let mut response = HttpResponse::Ok();
    response
        .content_type("application/octet-stream")
        .insert_header((CONTENT_DISPOSITION, saved_as("file", &file.name)?));
    let mut response = response.body(file.content);
    set(response.headers_mut(), DOWNLOAD_POLICY);
    Ok(response)
}
