//! Two reports of one fact: this report is compared with those that the officer has opened, and with fact sheets.
//! A comparison is one entry of the log. The officer decides; precedence is the recorder's answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::reports::{Particulars, Similarity};
use console_services::reports::duplicates::{
    JoinOutcome, JoinRequest, SimilarCase, SimilarReport, compare_report, join_report,
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::{TextField, Typed};
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;

/// The form that starts the comparison.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let number = at.number()?;
    let body = html! {
        p { (say!(at, "same-lead")) }
        (at.form(&format!("reports/{number}/same"), &html! {
            p.actions {
                button type="submit" { (say!(at, "same-look")) }
                a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
            }
        }))
    };
    Ok(at.page(&say!(at, "same-title", number = number), &body))
}

/// Compares, and shows similar reports and cases; 409 for a report that the officer has not opened.
pub(crate) async fn compare(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let number = at.number()?;
    let title = say!(at, "same-title", number = number);
    let Some(compared) = blocking(move || compare_report(&actor, number)).await? else {
        let body = html! {
            (problem!(at, "same-unopened"))
            p.actions { a.button href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) } }
        };
        return Ok(at.respond(StatusCode::CONFLICT, &title, Idle::Leave, &body));
    };
    let seen = compared.version;
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        @if compared.reports.is_empty() && compared.cases.is_empty() { p.state { (say!(at, "same-none")) } }
        @if !compared.reports.is_empty() {
            h2 { (say!(at, "same-reports")) }
            p.hint { (say!(at, "same-order")) }
            ul.reports { @for other in &compared.reports { li { (report(at, number, seen, other)) } } }
        }
        @if !compared.cases.is_empty() {
            h2 { (say!(at, "same-cases")) }
            ul.reports { @for other in &compared.cases { li { (case(at, number, seen, other)) } } }
        }
        p.actions {
            a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
        }
    };
    Ok(at.respond(status, &title, Idle::Leave, &body))
}

fn why(at: &RequestContext, told: &Particulars, alike: &[Similarity]) -> Markup {
    let names = alike.iter().map(|one| match one {
        Similarity::Party => say!(at, "alike-party"),
        Similarity::Place => say!(at, "alike-place"),
        Similarity::Period => say!(at, "alike-period"),
    });
    html! {
        p.plain-text { (told.party) " · " (told.address) " · " (told.town) " · " (told.on) }
        p.hint { (say!(at, "alike", what = names.collect::<Vec<_>>().join(" · "))) }
    }
}

fn report(at: &RequestContext, number: u64, seen: u64, other: &SimilarReport) -> Markup {
    html! {
        a href=(at.path(&format!("reports/{}/handling", other.number))) { (say!(at, "report-number", number = other.number)) }
        (why(at, &other.particulars, &other.alike))
        @if other.number < number {
            p.hint { @if other.joint { (say!(at, "same-joint")) } @else { (say!(at, "same-later")) } }
            (at.form(&format!("reports/{number}/join"), &html! {
                input type="hidden" name="expected-version" value=(seen);
                input type="hidden" name="first" value=(other.number);
                (fields::text(at, &format!("note-{}", other.number), TextField::Note, &say!(at, "handling-note"), false))
                button.second type="submit" { (say!(at, "same-join", number = other.number)) }
            }))
        } @else {
            p.hint { (say!(at, "same-other-later")) }
        }
    }
}

fn case(at: &RequestContext, number: u64, seen: u64, other: &SimilarCase) -> Markup {
    html! {
        a href=(at.path(&format!("cases/{}", other.number))) { (say!(at, "case-number", number = other.number)) }
        (why(at, &other.particulars, &other.alike))
        (at.form(&format!("reports/{number}/handling"), &html! {
            input type="hidden" name="expected-version" value=(seen);
            input type="hidden" name="step" value="known";
            input type="hidden" name="case" value=(other.number);
            button.second type="submit" { (say!(at, "same-known", number = other.number)) }
        }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct JoinForm {
    expected_version: u64,
    /// Number of the earlier report.
    first: u64,
    #[serde(default)]
    note: Typed,
}

/// Joins this report to one with a smaller number; 409 for a conflict, an unopened report, or an impossible join.
pub(crate) async fn join(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let actor = at.officer()?;
    let number = at.number()?;
    let JoinForm { expected_version, first, note } = at.read_form()?;
    if first >= number {
        return show(&at, StatusCode::BAD_REQUEST, Some(problem!(at, "same-other-later"))).await;
    }
    let request = JoinRequest { report: number, expected_version, first, note: note.into() };
    match blocking(move || join_report(&actor, request)).await? {
        JoinOutcome::Kept => Ok(see_other(&at.path(&format!("reports/{number}/handling")))),
        JoinOutcome::Conflict => show(&at, StatusCode::CONFLICT, Some(problem!(at, "handling-conflict"))).await,
        JoinOutcome::Unopened => show(&at, StatusCode::CONFLICT, Some(problem!(at, "same-unopened"))).await,
        JoinOutcome::Impossible => show(&at, StatusCode::CONFLICT, Some(problem!(at, "same-impossible"))).await,
    }
}
