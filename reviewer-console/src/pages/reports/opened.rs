//! An opened report. Every letter is recorded before its outer layer is opened, and every request of this page is
//! recorded anew, because the console stores no inner file.

use actix_web::HttpResponse;
use casework::reports::Origin;
use console_services::reports::open_report::{OpenedReport, ReadLetter, open_report};
use crypto::letters::letter::{Body, Letter, Report as Fields};
use human_text::is_blank;
use maud::{Markup, html};
use model::{Day, Purpose};
use register::StoredLetter;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::reports::labels;
use crate::pages::rewards;

/// Opens all letters of the report for a purpose.
pub(crate) async fn open(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let (number, purpose) = (at.number()?, at.purpose()?);
    let clear = blocking(move || open_report(&actor, number, purpose)).await?;
    let seen = clear.replies.len();
    let watermark = say!(at, "opened-by", account = at.session()?.account.as_str(), day = at.today().to_string());
    let body = html! {
        p.hint { (watermark) }
        @if clear.closed > 0 { p.warning { (say!(at, "report-too-many", count = clear.closed)) } }
        (thread(&at, &clear, number, purpose))
        p.actions {
            // A clue cannot be answered: nobody has its receipt code.
            @if !clear.is_feed { a.button href=(at.path(&format!("reports/{number}/reply?expected-version={seen}"))) { (say!(at, "reply")) } }
            a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "handling-go")) }
            a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
        }
    };
    Ok(at.page(&say!(at, "report-number", number = number), &body))
}

/// Letters and answers by day; on one day, letters come first.
fn thread(at: &RequestContext, clear: &OpenedReport, number: u64, purpose: Purpose) -> Markup {
    let mut parts: Vec<(Day, u8, Markup)> = Vec::new();
    for (letter, content) in &clear.letters {
        let shown = match content {
            Ok(content) => letter_in_clear(at, letter, content, number, purpose),
            Err(_) => Some(html! { p.warning { (say!(at, "letter-unreadable")) } }),
        };
        parts.extend(shown.map(|shown| (letter.received_on, 0, shown)));
    }
    for reply in &clear.replies {
        let shown = html! {
            article.message.ours {
                h2 { (say!(at, "reply-of", day = reply.written_on.to_string(), account = reply.author.as_str())) }
                @if let Some(text) = &reply.text { p.plain-text { (text) } } @else { p.warning { (say!(at, "reply-unreadable")) } }
            }
        };
        parts.push((reply.written_on, 1, shown));
    }
    parts.sort_by_key(|(day, ours, _)| (*day, *ours));
    html! {
        @if parts.is_empty() { p.state { (say!(at, "report-says-nothing")) } }
        @for (_, _, part) in &parts { (part) }
    }
}

/// A letter's content; `None` for a letter that says nothing.
fn letter_in_clear(
    at: &RequestContext,
    letter: &StoredLetter,
    read: &ReadLetter,
    number: u64,
    purpose: Purpose,
) -> Option<Markup> {
    let content = read.letter.as_ref();
    let (kind, said) = match &content.body {
        Body::Report(fields) => ("report", fields_in_order(at, fields)),
        Body::FollowUp { text } => ("follow-up", html! { p.plain-text { (text) } }),
        Body::Claim { choice, text } => (
            "claim",
            html! {
                p.state { (rewards::labels::choice(at, choice)) }
                @if !is_blank(text) { p.plain-text { (text) } }
                @if letter.kind.as_deref() != Some(register::LetterKind::ClaimEntered.code()) { (rewards::fragments::enter_form(at, number, letter)) }
            },
        ),
        Body::Cover {} => return None,
    };
    Some(html! {
        article.message {
            h2 { (labels::kind(at, Some(kind))) " · " (letter.received_on) }
            @if read.is_under_old_keys { p.warning data-problem="old-keys" { (say!(at, "letter-old-keys")) } }
            (said)
            (enclosure(at, letter, content, number, purpose))
        }
    })
}

fn enclosure(at: &RequestContext, letter: &StoredLetter, content: &Letter, number: u64, purpose: Purpose) -> Markup {
    let whole = letter.enclosure.is_some_and(|enclosure| enclosure.whole);
    html! {
        @if content.enclosure.is_some() && whole {
            (at.form(&format!("reports/{number}/enclosure"), &html! {
                input type="hidden" name="letter" value=(letter.digest.to_hex());
                input type="hidden" name="purpose" value=(purpose.code());
                p.hint { (labels::enclosure_state(at, letter)) " " (say!(at, "enclosure-own-tab")) }
                // In a tab of its own: this page answers a form, and coming back to it would open the report again.
                button.second type="submit" formtarget="_blank" { (say!(at, "enclosure-list")) }
            }))
        } @else if content.enclosure.is_some() {
            p.warning { (labels::enclosure_state(at, letter)) }
        }
    }
}

/// The fields in reading order: what, who and where, when, how it is known, what is feared.
fn fields_in_order(at: &RequestContext, fields: &Fields) -> Markup {
    let yes_no = |code: &str| match code {
        "yes" => say!(at, "answer-yes"),
        "no" => say!(at, "answer-no"),
        "later" => say!(at, "answer-later"),
        _ => say!(at, "answer-unknown"),
    };
    let reporter = match fields.reporter.as_str() {
        "insider" => say!(at, "reporter-insider"),
        "organisation" => say!(at, "reporter-organisation"),
        _ => say!(at, "reporter-public"),
    };
    let origin = if fields.origin.is_empty() { Origin::Web.code() } else { &fields.origin };
    let naming = if fields.naming == "real-name" { say!(at, "naming-real-name") } else { say!(at, "naming-anonymous") };
    let rows = [
        (say!(at, "field-category"), labels::category(at, &fields.category)),
        (say!(at, "field-what"), fields.what.clone()),
        (say!(at, "field-party"), fields.party.clone()),
        (say!(at, "field-address"), fields.address.clone()),
        (say!(at, "field-town"), fields.town.clone()),
        (say!(at, "field-when"), fields.when.clone()),
        (say!(at, "field-ongoing"), yes_no(&fields.ongoing)),
        (say!(at, "field-knowledge"), fields.knowledge.clone()),
        (say!(at, "field-evidence"), fields.evidence.clone()),
        (say!(at, "field-reporter"), reporter),
        (say!(at, "field-elsewhere"), fields.elsewhere.clone()),
        (say!(at, "field-danger"), fields.danger.clone()),
        (say!(at, "field-reward"), yes_no(&fields.reward)),
        (say!(at, "field-naming"), naming),
        (say!(at, "letter-origin"), labels::origin_name(at, origin)),
    ];
    html! {
        dl {
            @for (name, value) in &rows {
                dt { (name) }
                dd { @if is_blank(value) { span.optional { (say!(at, "answer-empty")) } } @else { (value) } }
            }
        }
    }
}
