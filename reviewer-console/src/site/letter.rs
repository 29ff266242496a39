//! A report, opened: every letter was recorded before its outer layer came off, and every visit
//! to this page is recorded anew, for the console keeps no inner file.

use actix_web::HttpResponse;
use casework::report::Origin;
use crypto::letter::{Body, Letter, Report as Fields};
use crypto::slot::State;
use maud::{Markup, html};
use model::{Day, Purpose, Role};
use recorder_protocol::{ChangeState, Client, OpenLetter, ReadReplies, Recorded};
use register::{Refused, Report, Series, StoredLetter};

use super::at::{At, post_keys};
use super::handling_words::origin_name;
use super::{inbox, report, say};
use crate::console::Console;
use crate::fault::Fault;
use crate::opened::{Opened, Read, fetch, read, to_open};
use crate::replies;
use crate::sessions::Session;

/// An answer: day, author, text; none when it cannot be read.
type Answered = (Day, String, Option<String>);

/// A report in clear, for one answer and no longer.
struct Clear {
    letters: Vec<(StoredLetter, Result<Box<Letter>, Refused>)>,
    /// Letters that stay closed because there are too many.
    closed: usize,
    replies: Vec<Answered>,
    /// Whether it came from a feed.
    feed: bool,
}

/// Opens all letters of the report for a purpose.
pub(crate) async fn open(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let (number, purpose) = (at.number()?, at.purpose()?);
    let clear = at.block(move |console| open_all(console, &session, role, number, purpose)).await?;
    let seen = clear.replies.len();
    let watermark =
        say!(at, "opened-by", account = at.session()?.account.as_str(), day = at.console.clock.today().to_string());
    let body = html! {
        p.hint { (watermark) }
        @if clear.closed > 0 { p.warning { (say!(at, "report-too-many", count = clear.closed)) } }
        (thread(&at, &clear, number, purpose))
        p.actions {
            // Nobody has the receipt code of a feed's clue.
            @if !clear.feed { a.button href=(at.path(&format!("reports/{number}/reply?seen={seen}"))) { (say!(at, "reply")) } }
            a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "handling-go")) }
            a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
        }
    };
    Ok(at.page(&say!(at, "report-number", number = number), &body))
}

fn open_all(console: &Console, session: &Session, role: Role, number: u64, purpose: Purpose) -> Result<Clear, Fault> {
    let found = console.register.report(number)?.ok_or(Fault::NotFound)?;
    let mut client = console.recorder.connect()?;
    let mut letters = Vec::new();
    let (together, closed) = to_open(&found);
    for letter in together {
        let sealed = fetch(console, letter)?;
        let deed = OpenLetter { letter: letter.digest, purpose };
        let (recorded, under) = client.open(&session.person(role), deed, sealed)?;
        match read(recorded, under, &found, post_keys(session)?, console)? {
            Read::Letter(content) => {
                inbox::remember(session, letter.digest, Opened::of(number, letter, &content));
                letters.push((letter.clone(), Ok(content)));
            }
            Read::Refused(reason) => letters.push((letter.clone(), Err(reason))),
        }
    }
    let replies = match found.letters.first() {
        Some(first) => open_replies(console, &mut client, session, role, number, first)?,
        None => Vec::new(),
    };
    tell_read(console, &mut client, session, role, &found)?;
    Ok(Clear { letters, closed, replies, feed: found.feed.is_some() })
}

fn open_replies(
    console: &Console,
    client: &mut Client,
    session: &Session,
    role: Role,
    number: u64,
    first: &StoredLetter,
) -> Result<Vec<Answered>, Fault> {
    if console.register.papers(number, Series::Reply)?.is_empty() {
        return Ok(Vec::new());
    }
    let (recorded, _) = client.record(&session.person(role), ReadReplies { letter: first.digest })?;
    in_clear(recorded, console, number, session)
}

/// An answer that cannot be read, or that nobody had recorded, is shown as such.
fn in_clear(
    recorded: Recorded<ReadReplies>,
    console: &Console,
    number: u64,
    session: &Session,
) -> Result<Vec<Answered>, Fault> {
    let _ = recorded.use_up();
    let replies = replies::read(&console.books, post_keys(session)?, number)?;
    Ok(replies.into_iter().map(|(paper, text)| (paper.written_on, paper.author, text)).collect())
}

/// The reporter is told "read" from the next exchange on.
fn tell_read(
    console: &Console,
    client: &mut Client,
    session: &Session,
    role: Role,
    report: &Report,
) -> Result<(), Fault> {
    let Some(first) = report.letters.first().filter(|_| report.state == State::Received) else { return Ok(()) };
    let state = register::state_code(State::Read).to_owned();
    let (recorded, _) = client.record(&session.person(role), ChangeState { letter: first.digest, state })?;
    let _ = recorded.use_up();
    Ok(console.register.set_state(report.number, State::Read)?)
}

/// Letters and answers in order of their days; of one day, letters first.
fn thread(at: &At, clear: &Clear, number: u64, purpose: Purpose) -> Markup {
    let mut parts: Vec<(Day, u8, Markup)> = Vec::new();
    for (letter, content) in &clear.letters {
        let shown = match content {
            Ok(content) => letter_in_clear(at, letter, content, number, purpose),
            Err(_) => Some(html! { p.warning { (say!(at, "letter-unreadable")) } }),
        };
        parts.extend(shown.map(|shown| (letter.received_on, 0, shown)));
    }
    for (day, author, text) in &clear.replies {
        let shown = html! {
            article.message.ours {
                h2 { (say!(at, "reply-of", day = day.to_string(), account = author.as_str())) }
                @if let Some(text) = text { p.plain-text { (text) } } @else { p.warning { (say!(at, "reply-unreadable")) } }
            }
        };
        parts.push((*day, 1, shown));
    }
    parts.sort_by_key(|(day, ours, _)| (*day, *ours));
    html! {
        @if parts.is_empty() { p.state { (say!(at, "report-says-nothing")) } }
        @for (_, _, part) in &parts { (part) }
    }
}

/// None for a letter that says nothing.
fn letter_in_clear(at: &At, letter: &StoredLetter, content: &Letter, number: u64, purpose: Purpose) -> Option<Markup> {
    let (kind, said) = match &content.body {
        Body::Report(fields) => ("report", fields_in_order(at, fields)),
        Body::FollowUp { text } => ("follow-up", html! { p.plain-text { (text) } }),
        Body::Claim { choice, text } => (
            "claim",
            html! {
                p.state { (super::claim::choice(at, choice)) }
                @if !text.is_empty() { p.plain-text { (text) } }
                @if letter.kind.as_deref() != Some(register::kind::CLAIM_ENTERED) { (super::claim::enter_form(at, number, letter)) }
            },
        ),
        Body::Cover {} => return None,
    };
    Some(html! {
        article.message {
            h2 { (report::kind(at, Some(kind))) " · " (letter.received_on) }
            (said)
            (enclosure(at, letter, content, number, purpose))
        }
    })
}

fn enclosure(at: &At, letter: &StoredLetter, content: &Letter, number: u64, purpose: Purpose) -> Markup {
    let whole = letter.enclosure.is_some_and(|(_, whole)| whole);
    html! {
        @if content.enclosure.is_some() && whole {
            (at.form(&format!("reports/{number}/enclosure"), &html! {
                input type="hidden" name="letter" value=(letter.digest.to_hex());
                input type="hidden" name="purpose" value=(purpose.code());
                p.hint { (report::enclosure_state(at, letter)) }
                button.second type="submit" { (say!(at, "enclosure-list")) }
            }))
        } @else if content.enclosure.is_some() {
            p.warning { (say!(at, "enclosure-announced")) }
        }
    }
}

/// In the order in which one reads: what, who and where, when, how it is known, what is feared.
fn fields_in_order(at: &At, fields: &Fields) -> Markup {
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
        (say!(at, "field-category"), report::category(at, &fields.category)),
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
        (say!(at, "letter-origin"), origin_name(at, origin)),
    ];
    html! {
        dl {
            @for (name, value) in &rows {
                dt { (name) }
                dd { @if value.is_empty() { span.optional { (say!(at, "answer-empty")) } } @else { (value) } }
            }
        }
    }
}
