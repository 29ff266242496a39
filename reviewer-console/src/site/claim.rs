//! A report's claim at the post: the chain, and what the reporter chose, which an officer enters from the
//! letter that says so.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::claim::{Entry, Refused, State, Way};
use crypto::claim_note::NoteHash;
use crypto::letter::{Body, Choice, Letter};
use maud::{Markup, html};
use model::{LetterDigest, Purpose, Role};
use recorder_protocol::{AskIdentity, OpenLetter, ReadClaim};
use register::{NewOrder, OrderChange, Report, StoredLetter};

use super::at::{At, post_keys};
use super::award_words::{self, difference, explained, state};
use super::frame::Idle;
use super::guard::see_other;
use super::handling::{self, Shown};
use super::{case_words, chain, fields, say};
use crate::claims::{self, ClaimFile, NotFollowed};
use crate::console::Console;
use crate::dossiers::written;
use crate::fault::Fault;
use crate::identity::{self, Asking, Reason};
use crate::opened::{Read, fetch, read};
use crate::orders::Order;
use crate::sessions::Session;

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

/// Report, handling, claim and case, each read once that is recorded.
fn read_claim(console: &Console, session: &Session, role: Role, number: u64) -> Result<(Shown, ClaimFile), Fault> {
    let mut shown = handling::read(console, session, role, number)?;
    let claim = shown.claim.take().ok_or(Fault::NotFound)?;
    let deed = ReadClaim { claim: claim.number };
    let _ = console.recorder.connect()?.record(&session.person(role), deed)?.0.use_up();
    // A report that shares another's reward has its case from there.
    if shown.case.is_none() {
        shown.case = console.books.case(claim.now.proposal.case)?;
    }
    Ok((shown, claim))
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let (shown, claim) = at.block(move |console| read_claim(console, &session, role, number)).await?;
    let case = shown.case.as_ref().ok_or(Fault::Unsound)?;
    let now = &claim.now;
    let steps = chain::steps(at, &claim, case)?;
    let changed = now
        .granted
        .as_ref()
        .is_some_and(|(granted, _)| !claims::follows(&at.console.books.rules.rewards, granted, &case.now));
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p.state #claim-state { (state(at, now.state)) }
        @if now.state == State::Drawn {
            p.hint { (say!(at, "claim-next-exchange")) " " a href=(at.path("exchange")) { (say!(at, "exchange-go")) } }
        }
        (explained(at, &now.proposal.award))
        (difference(at, now, &now.proposal.award))
        @if changed && !now.is_correcting() {
            p.warning { (say!(at, "claim-decision-changed-since")) }
            p.actions { a.button href=(at.path(&format!("reports/{number}/reward"))) { (say!(at, "correction-go")) } }
        }
        (chain::table(at, &steps))
        (letters(at, number, &shown.report, now.state))
        (other_entries(at, number, &claim))
        h2 { (say!(at, "case-history")) }
        ul.reports {
            @for one in &claim.entries { li { (award_words::done(at, one)) } }
        }
        p.actions { a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) } }
    };
    Ok(at.respond(status, &say!(at, "claim-number", number = claim.number), Idle::Leave, &body))
}

/// Letters that say what the reporter chose, each with the way to enter it.
fn letters(at: &At, number: u64, report: &Report, now: State) -> Markup {
    let open = matches!(now, State::Offered | State::Refused | State::Waived | State::Lapsed | State::Paid);
    let chosen = report.letters.iter().filter(|letter| letter.kept && is_choice(letter.kind.as_deref()));
    let unsorted = report.letters.iter().any(|letter| letter.kept && letter.kind.is_none());
    html! {
        h2 { (say!(at, "claim-letters")) }
        @if unsorted { p.warning { (say!(at, "claim-unsorted")) } }
        @if chosen.clone().next().is_none() { p { (say!(at, "claim-no-letters")) } }
        @for letter in chosen {
            section.card {
                p { (say!(at, "claim-letter-of", day = letter.received_on.to_string())) }
                @if letter.kind.as_deref() == Some(register::kind::CLAIM_ENTERED) { p.hint { (say!(at, "claim-was-entered")) } }
                @else if open { (enter_form(at, number, letter)) }
            }
        }
    }
}

fn is_choice(kind: Option<&str>) -> bool {
    matches!(kind, Some(register::kind::CLAIM | register::kind::CLAIM_ENTERED))
}

/// The way to enter what a letter chooses.
pub(super) fn enter_form(at: &At, number: u64, letter: &StoredLetter) -> Markup {
    at.form(
        &format!("reports/{number}/claim"),
        &html! {
            input type="hidden" name="letter" value=(letter.digest.to_hex());
            p.actions { button.enter-choice type="submit" { (say!(at, "claim-enter")) } }
            p.hint { (say!(at, "claim-enter-hint")) }
        },
    )
}

/// What a letter chooses, in words.
pub(super) fn choice(at: &At, choice: &Choice) -> String {
    match choice {
        Choice::Note { .. } => say!(at, "choice-note"),
        Choice::Open { .. } => say!(at, "choice-open"),
        Choice::Refuse { .. } => say!(at, "choice-refuse"),
        Choice::Reconsider { .. } => say!(at, "choice-reconsider"),
    }
}

/// What an officer may enter without a letter.
fn other_entries(at: &At, number: u64, claim: &ClaimFile) -> Markup {
    let path = format!("reports/{number}/claim");
    html! {
        @if claim.now.state == State::Offered {
            details {
                summary { (say!(at, "claim-waive")) }
                (at.form(&path, &html! {
                    input type="hidden" name="entry" value="waived";
                    p.hint { (say!(at, "claim-waive-hint")) }
                    p.actions { button.second type="submit" { (say!(at, "record")) } }
                }))
            }
        }
        @if claim.now.state == State::Drawn {
            details open[at.sent().field("entry") == Some("undrawn")] {
                summary { (say!(at, "claim-undraw")) }
                (at.form(&path, &html! {
                    input type="hidden" name="entry" value="undrawn";
                    p.hint { (say!(at, "claim-undraw-hint")) }
                    (fields::text(at, "note", "note", &say!(at, "claim-why"), true))
                    p.actions { button.second type="submit" { (say!(at, "record")) } }
                }))
            }
        }
    }
}

/// Enters what a letter chooses, or what an officer may enter without one.
pub(crate) async fn enter(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let note = at.sent().field("note").unwrap_or_default().trim().replace("\r\n", "\n");
    let entry = at.sent().field("entry").map(str::to_owned);
    let letter =
        at.sent().field("letter").map(|digest| digest.parse().map_err(|_| Fault::NotUnderstood)).transpose()?;
    let entered = at.block(move |console| match (letter, entry.as_deref()) {
        (Some(letter), None) => {
            let entered = enter_letter(console, &session, role, number, letter)?;
            if entered.is_final() {
                console.register.note_entered(letter)?;
            }
            Ok(entered)
        }
        (None, Some("waived")) => enter_other(console, &session, role, number, None),
        (None, Some("undrawn")) => enter_other(console, &session, role, number, Some(note)),
        _ => Err(Fault::NotUnderstood),
    });
    let problem = match entered.await? {
        Entered::Done => return Ok(see_other(&at.path(&format!("reports/{number}/claim")))),
        Entered::NoChoice => say!(at, "claim-no-choice"),
        Entered::NotByCode => say!(at, "claim-not-by-code"),
        Entered::OldNote => say!(at, "claim-old-note"),
        Entered::Changed => say!(at, "claim-decision-changed-since"),
        Entered::Not(NotFollowed::Meanwhile) => say!(at, "case-conflict"),
        Entered::Not(NotFollowed::Refused(refused)) => match refused {
            Refused::Time => say!(at, "claim-late"),
            Refused::Once => say!(at, "claim-asked-before"),
            Refused::Amount => say!(at, "claim-nothing-due"),
            Refused::Text(bad) => case_words::bad_text(&at, bad),
            _ => say!(at, "claim-not-now"),
        },
    };
    show(&at, StatusCode::CONFLICT, Some(problem)).await
}

enum Entered {
    Done,
    /// The letter chooses nothing.
    NoChoice,
    /// These rules pay nobody against the code.
    NotByCode,
    /// It answers an earlier offer.
    OldNote,
    /// The decision has changed since the award was approved.
    Changed,
    Not(NotFollowed),
}

impl Entered {
    /// Whether the letter need not be looked at again: it was entered, or never can be.
    fn is_final(&self) -> bool {
        let refused = match self {
            Self::Not(NotFollowed::Refused(refused)) => refused,
            Self::Not(NotFollowed::Meanwhile) | Self::Changed => return false,
            _ => return true,
        };
        matches!(refused, Refused::Time | Refused::Once | Refused::Amount)
    }
}

impl From<Result<casework::claim::Claim, NotFollowed>> for Entered {
    fn from(followed: Result<casework::claim::Claim, NotFollowed>) -> Self {
        followed.map_or_else(Self::Not, |_| Self::Done)
    }
}

fn enter_other(
    console: &Console,
    session: &Session,
    role: Role,
    number: u64,
    undrawn: Option<String>,
) -> Result<Entered, Fault> {
    let (_, claim) = read_claim(console, session, role, number)?;
    let Some(note) = undrawn else {
        return Ok(claims::follow(console.clerk(session), &claim, Entry::Waived {}, OrderChange::None)?.into());
    };
    let clocks = console.books.rules_of(&claim.now.proposal)?.policy.clocks;
    let order = claim.now.drawn.as_ref().map(|drawn| OrderChange::Withdrawn(drawn.order.clone()));
    let last_day = console.clock.today().plus_days(clocks.claim_within_days);
    let what = Entry::Undrawn { note, last_day };
    Ok(claims::follow(console.clerk(session), &claim, what, order.unwrap_or_default())?.into())
}

/// Opens the letter once more, for this, and enters what it chooses.
fn enter_letter(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    number: u64,
    digest: LetterDigest,
) -> Result<Entered, Fault> {
    let (shown, claim) = read_claim(console, session, role, number)?;
    let stored = shown.report.letters.iter().find(|letter| letter.digest == digest && letter.kept);
    let stored = stored.ok_or(Fault::NotFound)?;
    let Some(letter) = open(console, session, role, &shown.report, stored)? else { return Ok(Entered::NoChoice) };
    let Body::Claim { choice, .. } = &letter.body else { return Ok(Entered::NoChoice) };
    let asked_on = stored.received_on;
    let clerk = console.clerk(session);
    let what = match choice {
        Choice::Refuse { .. } => Entry::Refused { asked_on },
        Choice::Reconsider { .. } => Entry::Asked { asked_on },
        Choice::Note { note, .. } => {
            let rules = console.books.rules_of(&claim.now.proposal)?;
            if !rules.policy.anonymous_payment {
                return Ok(Entered::NotByCode);
            }
            return draw(console, session, (&shown, &claim), stored, (Some(*note), &letter));
        }
        Choice::Open { .. } => return draw(console, session, (&shown, &claim), stored, (None, &letter)),
    };
    if let Err(refused) = claim.now.clone().after(&by(console, session, what.clone())) {
        return Ok(Entered::Not(NotFollowed::Refused(refused)));
    }
    if choice.number() != claim.now.turn {
        return Ok(Entered::OldNote);
    }
    Ok(claims::follow(clerk, &claim, what, OrderChange::None)?.into())
}

fn by(console: &Console, session: &Session, what: Entry) -> casework::entered::Entered<Entry> {
    casework::entered::Entered { by: session.account.clone(), on: console.clock.today(), what }
}

/// A letter in clear, opened for the claim.
fn open(
    console: &Console,
    session: &Session,
    role: Role,
    report: &Report,
    stored: &StoredLetter,
) -> Result<Option<Box<Letter>>, Fault> {
    let sealed = fetch(console, stored)?;
    let deed = OpenLetter { letter: stored.digest, purpose: Purpose::Claim };
    let (recorded, under) = console.recorder.connect()?.open(&session.person(role), deed, sealed)?;
    Ok(match read(recorded, under, report, post_keys(session)?, console)? {
        Read::Letter(letter) => Some(letter),
        Read::Refused(_) => None,
    })
}

/// Signs the order that the reporter's choice draws; of one to be paid openly the custodian is asked for the
/// payee, all in one transaction.
fn draw(
    console: &Console,
    session: &Session,
    (shown, claim): (&Shown, &ClaimFile),
    stored: &StoredLetter,
    (note, letter): (Option<NoteHash>, &Letter),
) -> Result<Entered, Fault> {
    let way = if note.is_some() { Way::Note } else { Way::Slip };
    let case = shown.case.as_ref().ok_or(Fault::Unsound)?;
    let clocks = console.books.rules_of(&claim.now.proposal)?.policy.clocks;
    let (amount, valid_until) = (claim.now.outstanding(), console.clock.today().plus_days(clocks.pay_within_days));
    let (content, digest) = written(&Order::new(amount, way, note, valid_until)?)?;
    let (order, asked_on) = (digest.to_hex(), stored.received_on);
    let what = Entry::Drawn { order: order.clone(), way, amount, valid_until, asked_on };
    // Before the custodian is asked for anything.
    if let Err(refused) = claim.now.clone().after(&by(console, session, what.clone())) {
        return Ok(Entered::Not(NotFollowed::Refused(refused)));
    }
    let number = match &letter.body {
        Body::Claim { choice, .. } => choice.number(),
        _ => 0,
    };
    if number != claim.now.turn {
        return Ok(Entered::OldNote);
    }
    if !console.books.stands(&claim.now, &case.now) {
        return Ok(Entered::Changed);
    }
    let request = match (&letter.identity, way) {
        (Some(envelope), Way::Slip) => {
            let asking = Asking {
                mailbox: letter.mailbox,
                letter: stored.digest,
                reason: Reason::Pay,
                document: String::new(),
                answer_to: post_keys(session)?.post.recipient(),
                order: Some(order),
                envelope: LetterDigest::of(envelope.as_bytes()),
            };
            let deed = asking.deed()?;
            let (recorded, _) =
                console.recorder.connect()?.record::<AskIdentity>(&session.person(Role::Officer), deed)?;
            Some(identity::request(recorded, console, session, &asking, envelope)?)
        }
        _ => None,
    };
    let note = note.map(|hash| hash.to_hex());
    let order = OrderChange::Issued(NewOrder { content, note, request });
    Ok(claims::follow(console.clerk(session), claim, what, order)?.into())
}
