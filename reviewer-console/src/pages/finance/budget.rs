//! The year's budget for finance: payments, and commitments only by quarter.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::error::ConsoleError;
use console_services::finance::budget::{CommittedAmount, read_year, set_budget};
use maud::{Markup, html};
use model::Fen;
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::Typed;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;

/// The budget of the year in the address, or of this year.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let year = at.query("year").map(|year| year.parse().map_err(|_| ConsoleError::NotUnderstood)).transpose()?;
    show(&at, StatusCode::OK, year.unwrap_or_else(|| at.today().year()), None).await
}

async fn show(
    at: &RequestContext,
    status: StatusCode,
    year: u16,
    problem: Option<Problem>,
) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let shown = blocking(move || read_year(&actor, year)).await?;
    let about: i64 =
        shown.committed.iter().map(|one| if let CommittedAmount::About(fen) = one { fen.0 } else { 0 }).sum();
    let spent = shown.paid.0.max(about);
    let over = shown.budget.is_some_and(|budget| spent > budget.0);
    // The warning comes when four fifths are spent.
    let soon = shown.budget.is_some_and(|budget| !over && spent / 4 >= budget.0 / 5);
    let yuan = |fen: Fen| say!(at, "yuan", amount = fen.to_string());
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        @if over { p.warning #over-budget { (say!(at, "budget-finance-over")) } }
        @if soon { p.warning #soon-over { (say!(at, "budget-soon")) } }
        dl #year {
            dt { (say!(at, "budget-of", year = i64::from(year).to_string())) }
            dd { @if let Some(budget) = shown.budget { (yuan(budget)) } @else { (say!(at, "budget-nothing")) } }
            dt { (say!(at, "budget-paid")) } dd { (yuan(shown.paid)) }
            @if let Some(budget) = shown.budget {
                dt { (say!(at, "budget-left")) } dd { (yuan(Fen(budget.0 - shown.paid.0))) }
            }
        }
        (quarters(at, year, shown.committed))
        h2 { (say!(at, "budget-enter")) }
        (at.form("budget", &html! {
            (fields::line(at, "year", &say!(at, "budget-year"), &year.to_string()))
            (fields::line(at, "amount", &say!(at, "budget-amount"), ""))
            p.actions { button type="submit" { (say!(at, "record")) } }
        }))
        @if !shown.lines.is_empty() {
            h2 { (say!(at, "case-history")) }
            ul.reports {
                @for line in shown.lines.iter().rev() {
                    li {
                        (yuan(Fen(line.amount)))
                        p.hint { (say!(at, "entered-by", day = line.entered_on.as_str(), account = line.account.as_str())) }
                    }
                }
            }
        }
    };
    Ok(at.respond(status, &say!(at, "budget-title"), Idle::Leave, &body))
}

fn quarters(at: &RequestContext, year: u16, committed: [CommittedAmount; 4]) -> Markup {
    html! {
        h2 { (say!(at, "budget-committed")) }
        div.scroll { table #committed {
            thead { tr { th { (say!(at, "budget-quarter")) } th { (say!(at, "budget-about")) } } }
            tbody {
                @for (quarter, one) in (1..).zip(committed) {
                    tr {
                        td { (format!("{year}-Q{quarter}")) }
                        td {
                            @match one {
                                CommittedAmount::Running => (say!(at, "budget-running")),
                                CommittedAmount::Few => (say!(at, "budget-few")),
                                CommittedAmount::About(fen) => (say!(at, "yuan", amount = fen.to_string())),
                            }
                        }
                    }
                }
            }
        } }
        p.hint { (say!(at, "budget-why")) }
    }
}

#[derive(Deserialize)]
struct BudgetForm {
    year: Typed,
    amount: String,
}

/// Sets a year's budget in yuan; the year is at most five years from this one.
pub(crate) async fn enter(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let this_year = at.today().year();
    let BudgetForm { year, amount } = at.read_form()?;
    let year = year.parse().ok().filter(|year: &u16| year.abs_diff(this_year) <= 5);
    let (Some(year), Ok(amount)) = (year, Fen::of_yuan(&amount)) else {
        return show(&at, StatusCode::BAD_REQUEST, this_year, Some(problem!(&at, "bad-budget"))).await;
    };
    blocking(move || set_budget(&actor, year, amount)).await?;
    Ok(see_other(&at.path(&format!("budget?year={year}"))))
}
