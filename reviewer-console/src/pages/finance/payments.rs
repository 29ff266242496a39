//! Payments by day, and the day's sum against the cash book and the bank.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::rewards::PaymentMethod;
use console_services::error::ConsoleError;
use console_services::finance::payments::{ListedPayment, read_payments};
use maud::{Markup, html};
use model::{Day, Fen};
use serde::Deserialize;

use crate::http::fields;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;

/// The payments of the day in the address, or of today.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let day = at.query("day").map(|day| day.parse().map_err(|_| ConsoleError::NotUnderstood)).transpose()?;
    show(&at, StatusCode::OK, day.unwrap_or_else(|| at.today()), None).await
}

#[derive(Deserialize)]
struct CountForm {
    day: Day,
    counted: String,
}

/// Compares a day's payments with the amount that was counted, in yuan. The count is not stored.
pub(crate) async fn count(at: RequestContext) -> Result<HttpResponse, PageError> {
    let CountForm { day, counted } = at.read_form()?;
    match Fen::of_yuan(&counted) {
        Ok(counted) => show(&at, StatusCode::OK, day, Some(Ok(counted))).await,
        Err(_) => show(&at, StatusCode::BAD_REQUEST, day, Some(Err(problem!(&at, "bad-amount")))).await,
    }
}

async fn show(
    at: &RequestContext,
    status: StatusCode,
    day: Day,
    counted: Option<Result<Fen, Problem>>,
) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let paid = blocking(move || read_payments(&actor, day)).await?;
    let sum = |way: Option<PaymentMethod>| {
        let of_way =
            paid.iter().filter_map(|one| one.payment.as_ref()).filter(|one| way.is_none_or(|way| one.method == way));
        Fen(of_way.fold(0_i64, |sum, one| sum.saturating_add(one.amount.0)))
    };
    let all = sum(None);
    let body = html! {
        @if let Some(Err(problem)) = &counted { (problem) }
        form method="get" action=(at.path("payments")) {
            (fields::day(at, "day", &say!(at, "payments-day"), &day.to_string()))
            p.actions { button.second type="submit" { (say!(at, "payments-show")) } }
        }
        @if paid.is_empty() { p.state { (say!(at, "payments-none", day = day.to_string())) } } @else { (table(at, &paid)) }
        dl #sums {
            dt { (say!(at, "payments-notes")) } dd { (say!(at, "yuan", amount = sum(Some(PaymentMethod::ClaimNote)).to_string())) }
            dt { (say!(at, "payments-slips")) } dd { (say!(at, "yuan", amount = sum(Some(PaymentMethod::PayeeSlip)).to_string())) }
            dt { (say!(at, "payments-sum", count = paid.len())) } dd { strong { (say!(at, "yuan", amount = all.to_string())) } }
        }
        h2 { (say!(at, "count-title")) }
        @if let Some(Ok(counted)) = &counted { (compared(at, all, *counted)) }
        (at.form("payments", &html! {
            input type="hidden" name="day" value=(day);
            (fields::line(at, "counted", &say!(at, "count-counted"), ""))
            p.hint { (say!(at, "count-hint")) }
            p.actions { button type="submit" { (say!(at, "count-compare")) } }
        }))
    };
    Ok(at.respond(status, &say!(at, "payments-title"), Idle::Leave, &body))
}

fn table(at: &RequestContext, paid: &[ListedPayment]) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { (say!(at, "receipt-number")) } th { (say!(at, "receipt-amount")) } th { (say!(at, "payments-way")) } th { (say!(at, "receipt-by")) } } }
            tbody {
                @for listed in paid {
                    tr {
                        td { (listed.receipt) }
                        @match &listed.payment {
                            Some(one) => {
                                td { (one.amount) }
                                td { @if one.method == PaymentMethod::ClaimNote { (say!(at, "payments-note")) } @else { (say!(at, "payments-slip")) } }
                            },
                            None => td colspan="2" { strong { (say!(at, "payments-broken")) } },
                        }
                        td { (listed.by) }
                    }
                }
            }
        } }
    }
}

fn compared(at: &RequestContext, all: Fen, counted: Fen) -> Markup {
    let difference = Fen(counted.0 - all.0);
    html! {
        @if difference == Fen(0) { p.state #agrees { (say!(at, "count-agrees")) } }
        @else { p.warning #differs { (say!(at, "count-differs", difference = difference.to_string())) } }
    }
}
