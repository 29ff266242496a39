//! The year's budget, as finance sees it.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};
use model::{Fen, Role};
use recorder_protocol::{ReadPayments, Recorded, SetBudget};
use register::StoredBudget;

use super::at::At;
use super::frame::Idle;
use super::guard::see_other;
use super::{fields, say};
use crate::budget::{self, Committed};
use crate::console::Console;
use crate::fault::Fault;
use crate::sessions::Session;
use crate::{books, orders};

/// What the page shows.
struct Shown {
    budget: Option<Fen>,
    paid: Fen,
    committed: [Committed; 4],
    lines: Vec<StoredBudget>,
}

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let year = at.query("year").map(|year| year.parse().map_err(|_| Fault::NotUnderstood)).transpose()?;
    show(&at, StatusCode::OK, year.unwrap_or_else(|| at.console.clock.today().year()), None).await
}

fn read(console: &Console, session: &Session, year: u16) -> Result<Shown, Fault> {
    let (from, until) = orders::year_of(year)?;
    let deed = ReadPayments { from, until };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(Role::Finance), deed)?;
    let _ = recorded.use_up();
    let books = &console.books;
    Ok(Shown {
        budget: budget::entered(books, year)?,
        paid: budget::paid(books, year)?,
        committed: budget::by_quarter(books, year, console.clock.today())?,
        lines: console.register.budgets(year)?,
    })
}

async fn show(at: &At, status: StatusCode, year: u16, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let session = Arc::clone(at.session()?);
    let shown = at.block(move |console| read(console, &session, year)).await?;
    let about: i64 = shown.committed.iter().map(|one| if let Committed::About(fen) = one { fen.0 } else { 0 }).sum();
    let spent = shown.paid.0.max(about);
    let over = shown.budget.is_some_and(|budget| spent > budget.0);
    // In good time: four fifths are gone.
    let soon = shown.budget.is_some_and(|budget| !over && spent / 4 >= budget.0 / 5);
    let yuan = |fen: Fen| say!(at, "yuan", amount = fen.to_string());
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
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

fn quarters(at: &At, year: u16, committed: [Committed; 4]) -> Markup {
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
                                Committed::Running => (say!(at, "budget-running")),
                                Committed::Few => (say!(at, "budget-few")),
                                Committed::About(fen) => (say!(at, "yuan", amount = fen.to_string())),
                            }
                        }
                    }
                }
            }
        } }
        p.hint { (say!(at, "budget-why")) }
    }
}

/// Enters a budget.
pub(crate) async fn enter(at: At) -> Result<HttpResponse, Fault> {
    let session = Arc::clone(at.session()?);
    let this_year = at.console.clock.today().year();
    let year = at.field("year")?.trim().parse().ok().filter(|year: &u16| year.abs_diff(this_year) <= 5);
    let (Some(year), Ok(amount)) = (year, Fen::of_yuan(at.field("amount")?)) else {
        return show(&at, StatusCode::BAD_REQUEST, this_year, Some(say!(&at, "bad-budget"))).await;
    };
    at.block(move |console| {
        let deed = SetBudget { year, amount: amount.0 };
        let (recorded, _) = console.recorder.connect()?.record(&session.person(Role::Finance), deed)?;
        keep(recorded, console, &session)
    })
    .await?;
    Ok(see_other(&at.path(&format!("budget?year={year}"))))
}

fn keep(recorded: Recorded<SetBudget>, console: &Console, session: &Session) -> Result<(), Fault> {
    let (deed, attested) = recorded.attested();
    Ok(console.register.set_budget(StoredBudget {
        year: deed.year,
        amount: deed.amount,
        entered_on: console.clock.today().to_string(),
        account: session.account.clone(),
        attested: books::written(&attested)?,
    })?)
}
