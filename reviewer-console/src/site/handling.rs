//! Handling a report: triage, checking, the way to its case and its reward.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::claim;
use casework::money::Fen;
use casework::triage::{Handling, Refused, Stage, Step};
use crypto::access::Role;
use crypto::mailbox::LetterDigest;
use maud::{Markup, html};
use recording::ReadHandling;
use register::{NotEntered, Report};

use super::at::{At, post_keys};
use super::frame::Idle;
use super::guard::see_other;
use super::{fields, say};
use crate::console::Console;
use crate::dossiers::{CaseFile, ClaimFile};
use crate::fault::Fault;
use crate::handling::{self, Handled, Permitted};
use crate::sessions::Session;

/// What the page shows: the handling, and what it led to.
pub(crate) struct Shown {
    pub(crate) handled: Handled,
    pub(crate) stage: Stage,
    /// Whether anybody has opened a letter of it.
    opened: bool,
    pub(crate) case: Option<CaseFile>,
    pub(crate) claim: Option<ClaimFile>,
}

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

/// Reads a report's handling, once that is recorded, with its case and claim.
pub(crate) fn read(console: &Console, session: &Session, role: Role, number: u64) -> Result<Shown, Fault> {
    let report = console.register.report(number)?.ok_or(Fault::NotFound)?;
    let opened = report.letters.iter().any(|letter| letter.kind.is_some());
    let letter = first_letter(&report)?;
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ReadHandling { letter })?;
    let handled = handling::read(recorded, &console.books, post_keys(session)?, number)?;
    let case = handled.now.case.map(|case| console.books.case(case)).transpose()?.flatten();
    let claim = handled.now.claim.map(|claim| console.books.claim(claim)).transpose()?.flatten();
    let stage = handling::note_stage(&console.books, &report, handled.now)?;
    Ok(Shown { handled, stage, opened, case, claim })
}

fn first_letter(report: &Report) -> Result<LetterDigest, Fault> {
    report.letters.first().map(|letter| letter.digest).ok_or(Fault::NotFound)
}

/// Seals a step and has it recorded.
pub(crate) fn permit(
    console: &Console,
    session: &Session,
    role: Role,
    (number, seen): (u64, u64),
    step: &Step,
) -> Result<Permitted, Fault> {
    let letter = first_letter(&console.register.report(number)?.ok_or(Fault::NotFound)?)?;
    handling::permit(&mut console.recorder.connect()?, &session.person(role), post_keys(session)?, letter, (seen, step))
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let shown = at.block(move |console| read(console, &session, role, number)).await?;
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p.state #stage { (stage(at, shown.stage.code())) }
        (told(at, shown.stage))
        (history(at, &shown.handled))
        (onward(at, number, &shown))
        @if shown.opened { (steps(at, number, &shown.handled)) } @else { p.warning { (say!(at, "handling-unopened")) } }
        p.actions {
            a.button.second href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) }
        }
    };
    Ok(at.respond(status, &say!(at, "handling-title", number = number), Idle::Leave, &body))
}

/// What the reporter is told at this stage.
fn told(at: &At, stage: Stage) -> Markup {
    let text = match stage {
        Stage::New | Stage::Verifying | Stage::Confirmed => say!(at, "handling-told-nothing"),
        Stage::NotOurs | Stage::NotEffective | Stage::NotConfirmed => say!(at, "handling-told-outcome"),
        Stage::Known => say!(at, "handling-told-known"),
        Stage::Proposed | Stage::Returned => say!(at, "handling-told-reward"),
        Stage::Approved => say!(at, "handling-told-approved"),
    };
    html! { p.hint { (text) } }
}

fn history(at: &At, handled: &Handled) -> Markup {
    html! {
        @if handled.steps.is_empty() { p { (say!(at, "handling-none")) } }
        ul.reports {
            @for step in &handled.steps {
                li {
                    (done(at, &step.what))
                    p.hint { (say!(at, "entered-by", day = step.on.to_string(), account = step.by.as_str())) }
                    @if !step.what.note().is_empty() { p.plain-text { (step.what.note()) } }
                }
            }
        }
    }
}

fn done(at: &At, step: &Step) -> String {
    match step {
        Step::Known { case, .. } => say!(at, "step-known-case", case = case.to_string()),
        Step::Confirmed { case } => say!(at, "step-confirmed-case", case = case.to_string()),
        Step::Proposed { .. } => say!(at, "step-proposed"),
        other => step_name(at, other.code()),
    }
}

/// Where the work goes on: the case, the reward.
fn onward(at: &At, number: u64, shown: &Shown) -> Markup {
    let decided = shown.case.as_ref().is_some_and(|file| file.now.decision.is_some());
    let other = shown.claim.as_ref().zip(shown.case.as_ref()).is_some_and(|(claim, case)| {
        case.now.decision.as_ref().is_none_or(|decision| decision.document != claim.now.proposal.document)
    });
    let again = shown.claim.as_ref().is_some_and(|file| file.now.state == claim::State::Returned);
    let propose = (shown.handled.now.stage == Stage::Confirmed && decided) || again;
    html! {
        @if let Some(file) = &shown.case {
            p {
                a href=(at.path(&format!("cases/{}", file.number))) { (say!(at, "case-number", number = file.number)) }
                " · " (super::case_words::state(at, file.now.state))
            }
        }
        @if shown.handled.now.stage == Stage::Confirmed && !decided { p.hint { (say!(at, "reward-waits")) } }
        @if let Some(file) = &shown.claim { (claim_state(at, file)) }
        @if other { p.warning { (say!(at, "claim-decision-changed-since")) } }
        @if propose {
            p.actions { a.button href=(at.path(&format!("reports/{number}/reward"))) { (say!(at, "reward-go")) } }
        }
        @if shown.handled.now.stage == Stage::Verifying && shown.opened {
            p.actions { a.button href=(at.path(&format!("reports/{number}/fact-sheet"))) { (say!(at, "sheet-go")) } }
        }
    }
}

fn claim_state(at: &At, file: &ClaimFile) -> Markup {
    let returned = file.entries.last().and_then(|last| match &last.what {
        claim::Entry::Returned { note } => Some(note.as_str()),
        _ => None,
    });
    html! {
        p #claim {
            (say!(at, "claim-number", number = file.number)) " · " (super::approvals::state(at, file.now.state)) " · "
            (say!(at, "award-due", due = Fen(file.now.proposal.award.due_fen).to_string()))
        }
        @if let Some(why) = returned { p.warning { (say!(at, "claim-returned", why = why)) } }
    }
}

/// A form for each step that may follow and needs no page of its own.
fn steps(at: &At, number: u64, handled: &Handled) -> Markup {
    let possible = handled.now.stage.possible();
    let forms = possible.iter().filter(|code| !matches!(**code, "confirmed" | "proposed"));
    let tried = at.sent().field("step").unwrap_or_default();
    html! {
        @for code in forms {
            details open[*code == tried] {
                summary { (step_name(at, code)) }
                (at.form(&format!("reports/{number}/handling"), &html! {
                    input type="hidden" name="seen" value=(handled.seen());
                    input type="hidden" name="step" value=(code);
                    @if *code == "known" {
                        p.hint { (say!(at, "known-hint")) }
                        (fields::line(at, "case", &say!(at, "known-case"), ""))
                    }
                    (fields::text(at, &format!("note-{code}"), "note", &say!(at, "handling-note"), *code == tried))
                    p.actions { button type="submit" { (say!(at, "record-this", what = step_name(at, code))) } }
                }))
            }
        }
    }
}

/// Takes a step.
pub(crate) async fn take(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let seen: u64 = at.field("seen")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let step = match step_of(&at) {
        Ok(step) => step,
        Err(problem) => return show(&at, StatusCode::BAD_REQUEST, Some(problem)).await,
    };
    let taken = at.block(move |console| take_one(console, &session, role, (number, seen), &step)).await?;
    match taken {
        Taken::Kept => Ok(see_other(&at.path(&format!("reports/{number}/handling")))),
        Taken::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "handling-conflict"))).await,
        Taken::Unopened => show(&at, StatusCode::CONFLICT, Some(say!(at, "handling-unopened"))).await,
        Taken::NoCase => show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "known-case-unknown"))).await,
        Taken::Refused(refused) => show(&at, StatusCode::BAD_REQUEST, Some(problem(&at, refused))).await,
    }
}

enum Taken {
    Kept,
    /// Nobody has read what is to be judged.
    Unopened,
    Conflict,
    NoCase,
    Refused(Refused),
}

fn take_one(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    (number, seen): (u64, u64),
    step: &Step,
) -> Result<Taken, Fault> {
    let Shown { handled, opened, .. } = read(console, session, role, number)?;
    if handled.seen() != seen {
        return Ok(Taken::Conflict);
    }
    if !opened {
        return Ok(Taken::Unopened);
    }
    if let Step::Known { case, .. } = step
        && console.books.case(*case)?.is_none()
    {
        return Ok(Taken::NoCase);
    }
    let after: Handling = match handled.now.after(step) {
        Ok(after) => after,
        Err(refused) => return Ok(Taken::Refused(refused)),
    };
    let permitted = permit(console, session, role, (number, seen), step)?;
    let done = (session.account.as_str(), console.clock.today(), after.stage);
    match handling::keep(permitted, &console.register, number, done, None)? {
        Ok(()) => Ok(Taken::Kept),
        Err(NotEntered::Meanwhile | NotEntered::DocumentTaken) => Ok(Taken::Conflict),
    }
}

fn step_of(at: &At) -> Result<Step, String> {
    let note = at.sent().field("note").unwrap_or_default().trim().replace("\r\n", "\n");
    Ok(match at.sent().field("step").unwrap_or_default() {
        "verify" => Step::Verify { note },
        "not-ours" => Step::NotOurs { note },
        "not-effective" => Step::NotEffective { note },
        "not-confirmed" => Step::NotConfirmed { note },
        "reconsidered" => Step::Reconsidered { note },
        "known" => {
            let case = at.sent().field("case").unwrap_or_default().trim().parse();
            Step::Known { case: case.map_err(|_| say!(at, "known-case-unknown"))?, note }
        }
        _ => return Err(say!(at, "not-understood-text")),
    })
}

fn problem(at: &At, refused: Refused) -> String {
    match refused {
        Refused::OutOfOrder { stage: from, .. } => {
            say!(at, "handling-out-of-order", stage = stage(at, from.code()))
        }
        Refused::Text(bad) => super::case_words::bad_text(at, bad),
    }
}

/// A stage in words.
pub(crate) fn stage(at: &At, code: &str) -> String {
    match Stage::of_code(code) {
        Some(Stage::New) => say!(at, "stage-new"),
        Some(Stage::NotOurs) => say!(at, "stage-not-ours"),
        Some(Stage::Known) => say!(at, "stage-known"),
        Some(Stage::NotEffective) => say!(at, "stage-not-effective"),
        Some(Stage::Verifying) => say!(at, "stage-verifying"),
        Some(Stage::NotConfirmed) => say!(at, "stage-not-confirmed"),
        Some(Stage::Confirmed) => say!(at, "stage-confirmed"),
        Some(Stage::Proposed) => say!(at, "stage-proposed"),
        Some(Stage::Returned) => say!(at, "stage-returned"),
        Some(Stage::Approved) => say!(at, "stage-approved"),
        None => code.to_owned(),
    }
}

/// A step in words.
pub(crate) fn step_name(at: &At, code: &str) -> String {
    match code {
        "verify" => say!(at, "step-verify"),
        "not-ours" => say!(at, "step-not-ours"),
        "known" => say!(at, "step-known"),
        "not-effective" => say!(at, "step-not-effective"),
        "not-confirmed" => say!(at, "step-not-confirmed"),
        "confirmed" => say!(at, "step-confirmed"),
        "proposed" => say!(at, "step-proposed"),
        "reconsidered" => say!(at, "step-reconsidered"),
        other => other.to_owned(),
    }
}
