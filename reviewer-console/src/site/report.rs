//! A report, locked: what is known without opening it, and the way to open it.

use actix_web::HttpResponse;
use maud::{Markup, html};
use model::Purpose;
use register::{Report, Series, StoredLetter};

use super::at::At;
use super::{inbox, say};
use crate::fault::Fault;

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let number = at.number()?;
    let (report, replies) = at
        .block(move |console| {
            let report = console.register.report(number)?.ok_or(Fault::NotFound)?;
            Ok((report, console.register.papers(number, Series::Reply)?.len()))
        })
        .await?;
    let body = html! {
        p.state {
            (inbox::state(&at, register::state_code(report.state))) " · " (super::handling_words::stage(&at, &report.stage))
        }
        (letters(&at, &report))
        @if !report.aside.is_empty() {
            p.warning { (say!(at, "report-aside", count = report.aside.len())) }
            p { a href=(at.path(&format!("reports/{number}/reply"))) { (say!(at, "reply")) } }
        }
        @if replies > 0 { p { (say!(at, "report-replies", count = replies)) } }
        @if let Some(day) = report.erased_on {
            p.state { (say!(at, "report-erased", day = day.to_string())) }
        }
        @if report.letters.iter().any(|letter| letter.kept) { (open_form(&at, number)) }
        p.actions {
            @if report.letters.is_empty() {
                (say!(at, "report-says-nothing")) " "
            } @else {
                a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "handling-go")) }
            }
            a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
        }
    };
    Ok(at.page(&say!(at, "report-number", number = number), &body))
}

fn open_form(at: &At, number: u64) -> Markup {
    html! {
        section.card {
            h2 { (say!(at, "open-title")) }
            p { (say!(at, "open-lead")) }
            (at.form(&format!("reports/{number}/open"), &html! {
                (at.purposes(Purpose::Review))
                p.actions { button type="submit" { (say!(at, "open")) } }
            }))
        }
    }
}

fn letters(at: &At, report: &Report) -> Markup {
    html! {
        ul.reports {
            @for letter in &report.letters {
                li {
                    (kind(at, letter.kind.as_deref())) " · "
                    (say!(at, "letter-received", day = letter.received_on.to_string(), number = letter.sequence))
                    p.hint {
                        @if letter.kept { (enclosure_state(at, letter)) } @else { (say!(at, "letter-erased")) }
                    }
                }
            }
        }
    }
}

/// What a letter turned out to be, in words.
pub(crate) fn kind(at: &At, kind: Option<&str>) -> String {
    match kind {
        None => say!(at, "kind-unopened"),
        Some("report") => say!(at, "kind-report"),
        Some("claim" | "claim-entered") => say!(at, "kind-claim"),
        Some(_) => say!(at, "kind-follow-up"),
    }
}

/// What there is of an enclosure, in words.
pub(crate) fn enclosure_state(at: &At, letter: &StoredLetter) -> String {
    match letter.enclosure {
        None => say!(at, "enclosure-none"),
        Some((size, false)) => say!(at, "enclosure-pending", size = mebibytes(size)),
        Some((size, true)) => say!(at, "enclosure-whole", size = mebibytes(size)),
    }
}

fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1024 * 1024)
}

/// A category in words; an unknown code stands for itself.
pub(crate) fn category(at: &At, code: &str) -> String {
    match code {
        "covert-discharge" => say!(at, "category-covert-discharge"),
        "falsified-monitoring" => say!(at, "category-falsified-monitoring"),
        "hazardous-dumping" => say!(at, "category-hazardous-dumping"),
        "water-protection-zone" => say!(at, "category-water-protection-zone"),
        "other" => say!(at, "category-other"),
        other => other.to_owned(),
    }
}
