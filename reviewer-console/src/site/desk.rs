//! Finance's desk: a note is scanned or typed, its value and validity shown, and it is paid once. Nothing
//! here is of reports, cases or awards.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::claim::Way;
use crypto::claim_note::{ClaimNote, WORDS};
use crypto::words::BadWords;
use maud::{Markup, html};

use super::at::At;
use super::frame::Idle;
use super::say;
use crate::fault::Fault;
use crate::orders::{self, Order, Paying, Payment, Shown};

/// The form.
pub(crate) async fn page(at: At) -> HttpResponse {
    form(&at, StatusCode::OK, None)
}

fn form(at: &At, status: StatusCode, problem: Option<&str>) -> HttpResponse {
    let typed = at.sent().field("note").unwrap_or_default();
    // A receipt code that was typed by mistake must not stay on the screen.
    let typed = if problem.is_some_and(|problem| problem == say!(at, "desk-receipt-code")) { "" } else { typed };
    let fields = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p { (say!(at, "desk-lead")) }
        // The script shows this only where there is a camera or a file can be read.
        section #scan hidden data-none=(say!(at, "scan-none")) data-camera=(say!(at, "scan-no-camera")) {
            video #scan-video hidden playsinline {}
            p.actions {
                button.second #scan-camera type="button" { (say!(at, "scan-camera")) }
                label.button.second for="scan-file" { (say!(at, "scan-file")) }
                input #scan-file type="file" accept="image/*";
            }
            p.problem #scan-problem role="alert" {}
        }
        (at.form("desk", &html! {
            div.field {
                label for="note" { (say!(at, "desk-note")) }
                textarea #note name="note" rows="3" required autocomplete="off" spellcheck="false" maxlength="400" { "\n" (typed) }
                p.hint { (say!(at, "desk-note-hint", words = WORDS)) }
            }
            p.actions { button #look type="submit" { (say!(at, "desk-look")) } }
        }))
        p { a href=(at.path("help")) { (say!(at, "desk-help")) } }
    };
    at.respond(status, &say!(at, "desk-title"), Idle::Leave, &fields)
}

/// What is wrong with what was typed.
fn bad_note(at: &At, bad: BadWords) -> String {
    match bad {
        // Whoever shows a receipt code shows the whole account: it must not be used here.
        BadWords::Length { found: crypto::receipt::WORDS, .. } => say!(at, "desk-receipt-code"),
        BadWords::Length { found, needed } => say!(at, "desk-length", found = found, needed = needed),
        BadWords::UnknownWord(place) => say!(at, "desk-unknown-word", place = place),
        BadWords::Checksum => say!(at, "desk-checksum"),
    }
}

/// Shows what a note is good for.
pub(crate) async fn look(at: At) -> Result<HttpResponse, Fault> {
    let note: ClaimNote = match at.field("note")?.parse() {
        Ok(note) => note,
        Err(bad) => return Ok(form(&at, StatusCode::BAD_REQUEST, Some(&bad_note(&at, bad)))),
    };
    let session = Arc::clone(at.session()?);
    let again = note.clone();
    let shown = at.block(move |console| orders::look(console, &session, &note)).await?;
    Ok(match shown {
        Shown::Good(order) => good(&at, &order, &again),
        other => not_payable(&at, &other),
    })
}

fn good(at: &At, order: &Order, note: &ClaimNote) -> HttpResponse {
    let way = match order.way {
        Way::Note => say!(at, "desk-way-note"),
        Way::Slip => say!(at, "desk-way-slip"),
    };
    let body = html! {
        p.state #value { (say!(at, "yuan", amount = order.amount.to_string())) }
        p { (say!(at, "desk-valid", day = order.valid_until.to_string())) }
        p { (way) }
        (at.form("desk/pay", &html! {
            input type="hidden" name="note" value=(note.qr_text().as_str());
            p.hint { (say!(at, "desk-pay-hint")) }
            p.actions {
                button #pay type="submit" { (say!(at, "desk-pay")) }
                a.button.second href=(at.path("desk")) { (say!(at, "desk-not")) }
            }
        }))
    };
    at.page(&say!(at, "desk-good"), &body)
}

fn not_payable(at: &At, shown: &Shown) -> HttpResponse {
    let (problem, more) = match shown {
        Shown::Unknown => (say!(at, "desk-unknown"), html! { p { (say!(at, "desk-unknown-more")) } }),
        Shown::Paid(paid, by) => {
            let (receipt, day) = (paid.receipt.as_str(), paid.on.to_string());
            let problem = say!(at, "desk-paid", receipt = receipt, day = day, account = by.as_str());
            (problem, html! { p { (say!(at, "desk-paid-more")) } })
        }
        Shown::Expired(order) => {
            let problem = say!(at, "desk-expired", day = order.valid_until.to_string());
            (problem, html! { p { (say!(at, "desk-expired-more")) } })
        }
        Shown::Withdrawn => (say!(at, "desk-withdrawn"), html! { p { (say!(at, "desk-withdrawn-more")) } }),
        Shown::NotYours => (say!(at, "desk-not-yours"), html! {}),
        // Shown elsewhere.
        Shown::Good(_) => (say!(at, "desk-good"), html! {}),
    };
    let body = html! {
        p.problem #problem role="alert" { (problem) }
        (more)
        p.actions {
            a.button href=(at.path("desk")) { (say!(at, "desk-another")) }
            a.button.second href=(at.path("help")) { (say!(at, "desk-help")) }
        }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "desk-no"), Idle::Leave, &body)
}

/// Pays.
pub(crate) async fn pay(at: At) -> Result<HttpResponse, Fault> {
    let note: ClaimNote = at.field("note")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let session = Arc::clone(at.session()?);
    let paid = at.block(move |console| orders::pay(console, &session, &note)).await?;
    Ok(match paid {
        Paying::Done(payment) => receipt(&at, &payment),
        Paying::Not(shown) => not_payable(&at, &shown),
    })
}

fn receipt(at: &At, payment: &Payment) -> HttpResponse {
    let account = at.maybe_session().map_or("", |session| session.account.as_str());
    let body = html! {
        section.card #receipt {
            (of_payment(at, payment, account))
            div.signatures {
                p { (say!(at, "receipt-sign-finance")) }
                p { (say!(at, "receipt-sign-payee")) }
            }
        }
        p.hint.no-print { (say!(at, "receipt-print")) }
        p.actions.no-print { a.button href=(at.path("desk")) { (say!(at, "desk-another")) } }
    };
    at.page(&say!(at, "receipt-title", number = payment.receipt.as_str()), &body)
}

/// What a receipt says.
fn of_payment(at: &At, payment: &Payment, account: &str) -> Markup {
    html! {
        dl {
            dt { (say!(at, "receipt-number")) } dd { (payment.receipt) }
            dt { (say!(at, "receipt-amount")) } dd { (say!(at, "yuan", amount = payment.amount.to_string())) }
            dt { (say!(at, "receipt-day")) } dd { (payment.on) }
            dt { (say!(at, "receipt-by")) } dd { (account) }
            dt { (say!(at, "receipt-for")) } dd { (say!(at, "receipt-what")) }
        }
    }
}

/// What to say to somebody whose note is lost, expired or unknown.
pub(crate) async fn help(at: At) -> HttpResponse {
    let questions = [
        (say!(&at, "help-receipt"), say!(&at, "help-receipt-answer")),
        (say!(&at, "help-lost"), say!(&at, "help-lost-answer")),
        (say!(&at, "help-expired"), say!(&at, "help-expired-answer")),
        (say!(&at, "help-unknown"), say!(&at, "help-unknown-answer")),
        (say!(&at, "help-paid"), say!(&at, "help-paid-answer")),
        (say!(&at, "help-who"), say!(&at, "help-who-answer")),
        (say!(&at, "help-cut"), say!(&at, "help-cut-answer")),
    ];
    let body = html! {
        @for (question, answer) in &questions { h2 { (question) } p { (answer) } }
        p.actions { a.button href=(at.path("desk")) { (say!(&at, "back-to-desk")) } }
    };
    at.page(&say!(&at, "help-title"), &body)
}
