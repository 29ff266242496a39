//! What waits for an approver: proposed rewards and cases to sign off. An approver sees fact
//! sheet, fine and amount; never which report stands behind.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::case::{self, Case, Status};
use casework::claim::{Entry, Proposal, Refused, State};
use casework::entered::Entered;
use crypto::access::Role;
use crypto::award::Line;
use maud::{Markup, html};
use recording::{DecideReward, ListClaims, ReadClaim};
use register::{Dossiers, Filter};

use super::at::At;
use super::frame::Idle;
use super::guard::see_other;
use super::{case_list, case_words, cases, fields, reward, say};
use crate::console::Console;
use crate::dossiers::{self, CaseFile, ClaimFile, Readable};
use crate::fault::Fault;
use crate::sessions::Session;

/// As many of each as a page lists: what waits longest first, what was decided last first.
const MOST: u32 = 100;

/// What waits, and what was decided last.
pub(crate) async fn list(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let (claims, decided, verified) = at.block(move |console| waiting(console, &session, role)).await?;
    let today = at.console.clock.today();
    let lines = |claims: &Readable<ClaimFile>| {
        html! {
            (case_list::unreadable(&at, &claims.unreadable))
            ul.reports { @for file in &claims.files { li { (line(&at, file)) } } }
        }
    };
    let body = html! {
        h2 { (say!(at, "approvals-claims")) }
        @if claims.files.is_empty() { p.state { (say!(at, "approvals-none")) } }
        (lines(&claims))
        h2 { (say!(at, "approvals-cases")) }
        @if verified.files.is_empty() { p.state { (say!(at, "approvals-no-cases")) } }
        (case_list::unreadable(&at, &verified.unreadable))
        ul.reports {
            @for file in &verified.files {
                li { (case_list::line(&at, file, &at.path(&format!("approvals/cases/{}", file.number)), today)) }
            }
        }
        @if !decided.files.is_empty() { h2 { (say!(at, "approvals-decided")) } (lines(&decided)) }
    };
    Ok(at.page(&say!(at, "approvals-title"), &body))
}

type Waiting = (Readable<ClaimFile>, Readable<ClaimFile>, Readable<CaseFile>);

fn waiting(console: &Console, session: &Session, role: Role) -> Result<Waiting, Fault> {
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ListClaims {})?;
    let _ = recorded.use_up();
    let listed = |series, states: &[&'static str], oldest_first| {
        let filter = Filter { unit: None, states: states.to_vec(), oldest_first };
        console.register.dossiers(series, &filter, 0, MOST).map(|(found, _)| found)
    };
    let claims = listed(Dossiers::Claims, &[State::Proposed.code()], true)?;
    let decided = listed(Dossiers::Claims, &[State::Approved.code(), State::Returned.code()], false)?;
    let verified = listed(Dossiers::Cases, &[case::State::Verified.code()], true)?;
    let files = |found| dossiers::readable(found, |one| console.books.claim_of(one));
    Ok((files(claims), files(decided), dossiers::readable(verified, |one| console.books.case_of(one))))
}

fn line(at: &At, file: &ClaimFile) -> Markup {
    let due = casework::money::Fen(file.now.proposal.award.due_fen).to_string();
    html! {
        a href=(at.path(&format!("approvals/claims/{}", file.number))) { (say!(at, "claim-number", number = file.number)) }
        p.plain-text { (say!(at, "award-due", due = due)) }
        p.hint {
            (state(at, file.now.state)) " · " (say!(at, "case-number", number = file.now.proposal.case)) " · "
            (file.now.proposal.document)
        }
    }
}

/// What an approver decides on.
struct Basis {
    claim: ClaimFile,
    case: CaseFile,
    /// Whether decision and rules still give what is proposed.
    sound: Result<(), Unsound>,
}

/// Why a proposal must go back.
enum Unsound {
    /// The decision was withdrawn, or is another now.
    Decision,
    /// The decision is under review.
    Contested,
    /// The amount does not follow from the rules that it names.
    Amount,
}

fn read(console: &Console, session: &Session, role: Role, number: u64) -> Result<Basis, Fault> {
    let claim = console.books.claim(number)?.ok_or(Fault::NotFound)?;
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ReadClaim { claim: number })?;
    let _ = recorded.use_up();
    let case = console.books.case(claim.now.proposal.case)?.ok_or(Fault::NotFound)?;
    let sound = sound(console, &claim.now.proposal, &case.now);
    Ok(Basis { claim, case, sound })
}

/// Computes the proposal again: whoever could write the register must not set an amount.
fn sound(console: &Console, proposal: &Proposal, case: &Case) -> Result<(), Unsound> {
    // Another decision with a higher fine is another reward: the proposal goes back.
    let decisive = case.decisive().filter(|penalty| penalty.decision.document == proposal.document);
    let penalty = decisive.ok_or(Unsound::Decision)?;
    let fine = penalty.fine.0;
    if proposal.award.lines.iter().any(|line| fine_of(line).is_some_and(|proposed| proposed != fine)) {
        return Err(Unsound::Decision);
    }
    if penalty.status == Status::Contested {
        return Err(Unsound::Contested);
    }
    if dossiers::adds_up(&console.books.rules.rewards, proposal, case) { Ok(()) } else { Err(Unsound::Amount) }
}

fn fine_of(line: &Line) -> Option<i64> {
    match line {
        Line::Share { fine_fen, .. } => Some(*fine_fen),
        Line::NoFine {} => Some(0),
        _ => None,
    }
}

/// One claim.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    let basis = at.block(move |console| read(console, &session, role, number)).await?;
    let now = &basis.claim.now;
    let account = at.session()?.account.as_str();
    let own = now.proposers.iter().any(|proposer| proposer == account) || has_decided(&basis.case, account);
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p.state #claim-state { (state(at, now.state)) }
        article.message {
            p {
                a href=(at.path(&format!("approvals/cases/{}", basis.case.number))) {
                    (say!(at, "case-number", number = basis.case.number))
                }
                " · " (case_words::state(at, basis.case.now.state))
            }
            (cases::sheet(at, &basis.case.now.sheet))
        }
        @for penalty in &basis.case.now.penalties { (reward::decided(at, penalty)) }
        h2 { (say!(at, "approval-proposed")) }
        (reward::explained(at, &now.proposal.award))
        @if !now.proposal.grounds.is_empty() {
            p { (say!(at, "reward-grounds")) }
            p.plain-text { (now.proposal.grounds) }
        }
        @if now.state == State::Approved && basis.sound.is_err() {
            p.warning { (say!(at, "claim-decision-changed-since")) }
        }
        @if now.state == State::Proposed {
            (unsound(at, &basis.sound))
            @if own { p.warning { (say!(at, "claim-own")) } } @else { (forms(at, &basis)) }
        }
        h2 { (say!(at, "case-history")) }
        ul.reports { @for entry in &basis.claim.entries { li { (done(at, entry)) } } }
        p.actions { a.button.second href=(at.path("approvals")) { (say!(at, "back-to-list")) } }
    };
    Ok(at.respond(status, &say!(at, "claim-number", number = number), Idle::Leave, &body))
}

fn unsound(at: &At, sound: &Result<(), Unsound>) -> Markup {
    html! {
        @match sound {
            Ok(()) => {}
            Err(Unsound::Decision) => p.warning { (say!(at, "claim-decision-changed")) },
            Err(Unsound::Contested) => p.warning { (say!(at, "claim-contested")) },
            Err(Unsound::Amount) => p.warning { (say!(at, "claim-amount-wrong")) },
        }
    }
}

/// Whether somebody entered a decision or what a review made of it: they set what the reward follows
/// from.
fn has_decided(case: &CaseFile, account: &str) -> bool {
    let sets = |what: &case::Entry| matches!(what, case::Entry::Decided(_) | case::Entry::Reviewed { .. });
    case.entries.iter().any(|entered| entered.by == account && sets(&entered.what))
}

fn forms(at: &At, basis: &Basis) -> Markup {
    let path = format!("approvals/claims/{}", basis.claim.number);
    let seen = html! { input type="hidden" name="seen" value=(basis.claim.seen()); };
    html! {
        @if basis.sound.is_ok() {
            (at.form(&path, &html! {
                (seen)
                input type="hidden" name="entry" value="approved";
                p.hint { (say!(at, "claim-approve-hint")) }
                p.actions { button #approve type="submit" { (say!(at, "claim-approve")) } }
            }))
        }
        details open[at.sent().field("entry") == Some("returned")] {
            summary { (say!(at, "claim-return")) }
            (at.form(&path, &html! {
                (seen)
                input type="hidden" name="entry" value="returned";
                (fields::text(at, "note", "note", &say!(at, "claim-why"), true))
                p.actions { button.second type="submit" { (say!(at, "record")) } }
            }))
        }
    }
}

fn done(at: &At, entered: &Entered<Entry>) -> Markup {
    let (what, note) = match &entered.what {
        Entry::Proposed(proposal) => {
            let due = casework::money::Fen(proposal.award.due_fen).to_string();
            (state(at, State::Proposed), say!(at, "award-due", due = due))
        }
        Entry::Approved { .. } => (state(at, State::Approved), String::new()),
        Entry::Returned { note } => (state(at, State::Returned), note.clone()),
    };
    html! {
        (what)
        p.hint { (say!(at, "entered-by", day = entered.on.to_string(), account = entered.by.as_str())) }
        @if !note.is_empty() { p.plain-text { (note) } }
    }
}

/// Approves, or sends back.
pub(crate) async fn decide(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    let seen: u64 = at.field("seen")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let what = match at.field("entry")? {
        // The proposal's digest is filled in when it was read.
        "approved" => Entry::Approved { proposal: String::new() },
        "returned" => Entry::Returned { note: at.field("note")?.trim().replace("\r\n", "\n") },
        _ => return Err(Fault::NotUnderstood),
    };
    match at.block(move |console| decide_one(console, &session, role, (number, seen), what)).await? {
        Decided::Kept => Ok(see_other(&at.path(&format!("approvals/claims/{number}")))),
        Decided::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "case-conflict"))).await,
        Decided::Refused(refused) => {
            let problem = match refused {
                Refused::OwnProposal => say!(at, "claim-own"),
                Refused::OutOfOrder { .. } => say!(at, "claim-decided-already"),
                Refused::Text(bad) => case_words::bad_text(&at, bad),
            };
            show(&at, StatusCode::CONFLICT, Some(problem)).await
        }
    }
}

enum Decided {
    Kept,
    Conflict,
    Refused(Refused),
}

fn decide_one(
    console: &Console,
    session: &Session,
    role: Role,
    (number, seen): (u64, u64),
    what: Entry,
) -> Result<Decided, Fault> {
    let basis = read(console, session, role, number)?;
    let approves = matches!(what, Entry::Approved { .. });
    let what = if approves { approval_of(&basis.claim)? } else { what };
    let entered = Entered { by: session.account.clone(), on: console.clock.today(), what };
    let after = match basis.claim.now.clone().after(&entered) {
        Ok(_) if has_decided(&basis.case, &session.account) => {
            return Ok(Decided::Refused(Refused::OwnProposal));
        }
        Ok(after) => after,
        Err(refused) => return Ok(Decided::Refused(refused)),
    };
    if basis.claim.seen() != seen || (approves && basis.sound.is_err()) {
        return Ok(Decided::Conflict);
    }
    let (_, digest) = dossiers::written(&entered.what)?;
    let deed = DecideReward { claim: number, number: seen + 1, entry: entered.what.code().to_owned(), digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let kept = dossiers::decide(recorded, &console.register, seen, &entered, &after, &basis.case)?;
    Ok(if kept.is_ok() { Decided::Kept } else { Decided::Conflict })
}

/// An approval of the proposal that stands, by its digest.
fn approval_of(claim: &ClaimFile) -> Result<Entry, Fault> {
    let proposed = claim.entries.iter().rev().find(|entered| matches!(entered.what, Entry::Proposed(_)));
    let (_, digest) = dossiers::written(&proposed.ok_or(Fault::Unsound)?.what)?;
    Ok(Entry::Approved { proposal: digest.to_hex() })
}

/// A claim's state in words.
pub(crate) fn state(at: &At, state: State) -> String {
    match state {
        State::Proposed => say!(at, "claim-proposed"),
        State::Returned => say!(at, "claim-returned-state"),
        State::Approved => say!(at, "claim-approved"),
    }
}
