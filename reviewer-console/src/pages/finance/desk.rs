//! Payment of a claim note: it is scanned or typed, its value and validity are shown, and it is paid once. These
//! pages have no data of reports, cases or awards.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::rewards::PaymentMethod;
use console_services::error::ConsoleError;
use console_services::finance::pay::{ClaimNoteStatus, PaymentOutcome, look_up_note, pay as pay_note};
use console_services::finance::payment_order::{Payment, PaymentOrder};
use crypto::keys::words::BadWords;
use crypto::letters::claim_note::{ClaimNote, WORDS};
use crypto::letters::receipt::ReceiptCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::http::form::Ticked;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;

/// The form for a note, typed or scanned.
pub(crate) async fn page(at: RequestContext) -> HttpResponse {
    form(&at, StatusCode::OK, None)
}

fn form(at: &RequestContext, status: StatusCode, problem: Option<&Problem>) -> HttpResponse {
    let typed = at.sent().field("shown").unwrap_or_default();
    // A receipt code must not stay on the screen: the text is shown again only if it has about as many words as a note,
    // and not as many as a code.
    let typed = match typed.parse::<ClaimNote>() {
        Err(BadWords::Length { found, .. }) if found.abs_diff(WORDS) > 1 => "",
        Err(_) if ReceiptCode::resembles(typed) => "",
        _ => typed,
    };
    let fields = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "desk-lead")) }
        // Hidden until the script finds a camera or can read a file.
        section #scan hidden data-none=(say!(at, "scan-none")) data-kind=(say!(at, "scan-kind"))
            data-camera=(say!(at, "scan-no-camera")) {
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
                textarea #note name="shown" rows="3" required autocomplete="off" spellcheck="false" maxlength="400" { "\n" (typed) }
                p.hint { (say!(at, "desk-note-hint", words = WORDS)) }
            }
            p.actions { button #look type="submit" { (say!(at, "desk-look")) } }
        }))
        p { a href=(at.path("help")) { (say!(at, "desk-help")) } }
    };
    at.respond(status, &say!(at, "desk-title"), Idle::Leave, &fields)
}

/// The message for words that are no claim note.
fn bad_note(at: &RequestContext, bad: BadWords) -> Problem {
    match bad {
        // A receipt code gives access to the whole mailbox: it must not be used here. Words that may be one with a slip
        // get the same answer, so that nobody tries them a second time.
        BadWords::OtherKind | BadWords::Length { found: crypto::letters::receipt::WORDS, .. } => {
            problem!(at, "desk-receipt-code")
        }
        BadWords::Length { found, needed } => problem!(at, "desk-length", found = found, needed = needed),
        BadWords::UnknownWord(place) => problem!(at, "desk-unknown-word", place = place),
        BadWords::Checksum => problem!(at, "desk-checksum"),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct NoteForm {
    shown: String,
    /// Pay although the log has a payment that the register does not have.
    #[serde(default)]
    again_anyway: Ticked,
}

/// Shows amount and last day of a note, or why it is not payable.
pub(crate) async fn look(at: RequestContext) -> Result<HttpResponse, PageError> {
    let note: ClaimNote = match at.read_form::<NoteForm>()?.shown.parse() {
        Ok(note) => note,
        Err(bad) => return Ok(form(&at, StatusCode::BAD_REQUEST, Some(&bad_note(&at, bad)))),
    };
    let (actor, again) = (at.actor()?, note.clone());
    let shown = blocking(move || look_up_note(&actor, &note)).await?;
    Ok(match shown {
        ClaimNoteStatus::Good(order) => good(&at, &order, &again),
        other => not_payable(&at, &other),
    })
}

fn good(at: &RequestContext, order: &PaymentOrder, note: &ClaimNote) -> HttpResponse {
    let way = match order.method {
        PaymentMethod::ClaimNote => say!(at, "desk-way-note"),
        PaymentMethod::PayeeSlip => say!(at, "desk-way-slip"),
    };
    let body = html! {
        p.state #value { (say!(at, "yuan", amount = order.amount.to_string())) }
        p { (say!(at, "desk-valid", day = order.valid_until.to_string())) }
        p { (way) }
        (at.form("desk/pay", &html! {
            input type="hidden" name="shown" value=(note.qr_text().as_str());
            p.hint { (say!(at, "desk-pay-hint")) }
            p.actions {
                button #pay type="submit" { (say!(at, "desk-pay")) }
                a.button.second href=(at.path("desk")) { (say!(at, "desk-not")) }
            }
        }))
    };
    let title =
        if order.method == PaymentMethod::PayeeSlip { say!(at, "desk-slip-good") } else { say!(at, "desk-good") };
    at.page(&title, &body)
}

fn not_payable(at: &RequestContext, shown: &ClaimNoteStatus) -> HttpResponse {
    let (problem, more) = match shown {
        ClaimNoteStatus::Unknown => (problem!(at, "desk-unknown"), html! { p { (say!(at, "desk-unknown-more")) } }),
        ClaimNoteStatus::Paid { payment, receipt, by } => {
            let (receipt, day) = (receipt.as_str(), payment.on.to_string());
            let problem = problem!(at, "desk-paid", receipt = receipt, day = day, account = by.as_str());
            (problem, html! { p { (say!(at, "desk-paid-more")) } })
        }
        ClaimNoteStatus::Expired(order) => {
            let problem = problem!(at, "desk-expired", day = order.valid_until.to_string());
            (problem, html! { p { (say!(at, "desk-expired-more")) } })
        }
        ClaimNoteStatus::Held => (problem!(at, "desk-held"), html! { p { (say!(at, "desk-withdrawn-more")) } }),
        ClaimNoteStatus::Withdrawn => {
            (problem!(at, "desk-withdrawn"), html! { p { (say!(at, "desk-withdrawn-more")) } })
        }
        ClaimNoteStatus::NotYours => (problem!(at, "desk-not-yours"), html! {}),
        // These have pages of their own: `good` and `paid_before`.
        ClaimNoteStatus::Good(_) | ClaimNoteStatus::PaidBefore(_) => (problem!(at, "desk-good"), html! {}),
    };
    let body = html! {
        (problem)
        (more)
        p.actions {
            a.button href=(at.path("desk")) { (say!(at, "desk-another")) }
            a.button.second href=(at.path("help")) { (say!(at, "desk-help")) }
        }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "desk-no"), Idle::Leave, &body)
}

/// The log has a payment and the register does not: finance must check before paying again.
fn paid_before(at: &RequestContext, order: &PaymentOrder, note: &ClaimNote) -> HttpResponse {
    let body = html! {
        (problem!(at, "desk-paid-before"))
        p { (say!(at, "desk-paid-before-more", amount = order.amount.to_string())) }
        (at.form("desk/pay", &html! {
            input type="hidden" name="shown" value=(note.qr_text().as_str());
            input type="hidden" name="again-anyway" value="yes";
            p.actions {
                button.second #pay-again type="submit" { (say!(at, "desk-pay-again")) }
                a.button href=(at.path("desk")) { (say!(at, "desk-not")) }
            }
        }))
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "desk-no"), Idle::Leave, &body)
}

/// Pays a note and shows the receipt; 409 for a note that is not payable.
pub(crate) async fn pay(at: RequestContext) -> Result<HttpResponse, PageError> {
    let form: NoteForm = at.read_form()?;
    let note: ClaimNote = form.shown.parse().map_err(|_| ConsoleError::NotUnderstood)?;
    let actor = at.actor()?;
    let (again, shown) = (form.again_anyway.0, note.clone());
    Ok(match blocking(move || pay_note(&actor, &note, again)).await? {
        PaymentOutcome::Done { payment, receipt: number } => receipt(&at, &payment, &number),
        PaymentOutcome::Not(ClaimNoteStatus::PaidBefore(order)) => paid_before(&at, &order, &shown),
        PaymentOutcome::Not(status) => not_payable(&at, &status),
    })
}

fn receipt(at: &RequestContext, payment: &Payment, number: &str) -> HttpResponse {
    let account = at.maybe_session().map_or("", |session| session.account.as_str());
    let body = html! {
        section.card #receipt {
            (of_payment(at, payment, number, account))
            div.signatures {
                p { (say!(at, "receipt-sign-finance")) }
                p { (say!(at, "receipt-sign-payee")) }
            }
        }
        p.hint.no-print { (say!(at, "receipt-print")) }
        p.actions.no-print { a.button href=(at.path("desk")) { (say!(at, "desk-another")) } }
    };
    at.page(&say!(at, "receipt-title", number = number), &body)
}

/// The lines of a receipt; no name of a payee.
fn of_payment(at: &RequestContext, payment: &Payment, number: &str, account: &str) -> Markup {
    html! {
        dl {
            dt { (say!(at, "receipt-number")) } dd { (number) }
            dt { (say!(at, "receipt-amount")) } dd { (say!(at, "yuan", amount = payment.amount.to_string())) }
            dt { (say!(at, "receipt-day")) } dd { (payment.on) }
            dt { (say!(at, "receipt-by")) } dd { (account) }
            dt { (say!(at, "receipt-for")) } dd { (say!(at, "receipt-what")) }
        }
    }
}

/// Answers for a payee whose note is lost, expired or unknown.
pub(crate) async fn help(at: RequestContext) -> HttpResponse {
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
