//! Handling a report: triage, checking, the way to its case and its reward.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::claim;
use casework::entered::Entered;
use casework::triage::{Refused, Stage, Step};
use maud::{Markup, html};
use model::{Fen, Role};
use recorder_protocol::ReadHandling;
use register::{NewStep, NotEntered, Report, Together};

use super::at::{At, post_keys};
use super::frame::Idle;
use super::guard::see_other;
use super::handling_words::{done, origin_name, stage, step_name};
use super::{clocks, fields, same, say};
use crate::claims::{self, ClaimFile};
use crate::console::Console;
use crate::dossiers::CaseFile;
use crate::fault::Fault;
use crate::handling::{self, Handled, ReadReport, first_letter};
use crate::sessions::Session;

/// What the page shows: the handling, and what it led to.
pub(crate) struct Shown {
    pub(crate) report: Report,
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
    let stage = handling::note_stage(&console.books, &report, &handled.now)?;
    Ok(Shown { report, handled, stage, opened, case, claim })
}

/// Seals a step that follows what was read, and has it recorded.
pub(crate) fn permit(
    console: &Console,
    session: &Session,
    role: Role,
    shown: &Shown,
    entered: &Entered<Step>,
) -> Result<NewStep, Fault> {
    let after = shown.handled.now.clone().after(entered).map_err(Fault::inside)?;
    let (letter, step) = (first_letter(&shown.report)?, (shown.handled.seen(), &entered.what));
    let mut client = console.recorder.connect()?;
    let permitted = handling::permit(&mut client, &session.person(role), post_keys(session)?, letter, step)?;
    handling::new_step(permitted, shown.report.number, entered, after.stage)
}

/// A step of this session's, today.
pub(crate) fn entered(console: &Console, session: &Session, what: Step) -> Entered<Step> {
    Entered { by: session.account.clone(), on: console.clock.today(), what }
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let (shown, officers) =
        at.block(move |console| Ok((read(console, &session, role, number)?, officers(console)?))).await?;
    let body = html! {
        @if let Some(problem) = &problem { p.problem #problem role="alert" { (problem) } }
        (kept(at, problem.is_some()))
        p.state #stage { (stage(at, shown.stage.code())) }
        @if shown.report.feed.is_some() { p.hint { (say!(at, "handling-told-feed")) } } @else { (told(at, shown.stage)) }
        (clocks::of_report(at, &shown))
        @if let Some(feed) = &shown.report.feed { p { (say!(at, "origin")) (say!(at, "colon")) (origin_name(at, feed)) } }
        (origin(at, &shown.handled))
        (history(at, &shown.handled))
        (onward(at, number, &shown))
        @if !shown.opened { p.warning { (say!(at, "handling-unopened")) } }
        (steps(at, number, &shown, &officers))
        p.actions {
            a.button.second href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) }
        }
    };
    Ok(at.respond(status, &say!(at, "handling-title", number = number), Idle::Leave, &body))
}

/// What was written for a step that was not taken: it may not be offered any more.
fn kept(at: &At, refused: bool) -> Markup {
    let note = at.sent().field("note").map(str::trim).filter(|note| refused && !note.is_empty());
    html! {
        @if let Some(note) = note {
            p.hint { (say!(at, "handling-kept")) }
            article.message #kept { p.plain-text { (note) } }
        }
    }
}

/// Officers who hold the post's keys.
fn officers(console: &Console) -> Result<Vec<String>, Fault> {
    let accounts = console.register.accounts()?.into_iter();
    let usable = accounts.filter(|one| !one.closed && one.roles.contains(&Role::Officer) && one.post_keys.is_some());
    Ok(usable.map(|one| one.name).collect())
}

/// What the reporter is told at this stage.
fn told(at: &At, stage: Stage) -> Markup {
    let text = match stage {
        Stage::New | Stage::Verifying | Stage::Drafted | Stage::Confirmed => say!(at, "handling-told-nothing"),
        Stage::NotOurs | Stage::NotEffective | Stage::NotConfirmed | Stage::Minor => say!(at, "handling-told-outcome"),
        Stage::Known => say!(at, "handling-told-known"),
        Stage::Joined => say!(at, "handling-told-joined"),
        Stage::Proposed | Stage::Returned => say!(at, "handling-told-reward"),
        Stage::Approved => say!(at, "handling-told-approved"),
    };
    html! { p.hint { (text) } }
}

/// How it came, where that matters for a reward; who handles it; what belongs to it.
fn origin(at: &At, handled: &Handled) -> Markup {
    let now = &handled.now;
    html! {
        @if let Some(entry) = &now.by_hand {
            p {
                (say!(at, "origin")) (say!(at, "colon")) (origin_name(at, entry.origin.code())) " · "
                @if entry.vouched { (say!(at, "vouched-yes")) } @else { strong { (say!(at, "vouched-no")) } }
            }
        }
        @if let Some(to) = &now.given_to { p { (say!(at, "step-given-to", account = to.as_str())) } }
        @if let Some((first, joint)) = now.joined {
            p {
                a href=(at.path(&format!("reports/{first}/handling"))) { (say!(at, "report-number", number = first)) }
                " · " @if joint { (say!(at, "joined-joint")) } @else { (say!(at, "joined-later")) }
            }
        }
        @for (report, joint) in &now.merged {
            p {
                a href=(at.path(&format!("reports/{report}/handling"))) { (say!(at, "report-number", number = report.to_string())) }
                " · " @if *joint { (say!(at, "merged-joint")) } @else { (say!(at, "merged-later")) }
            }
        }
    }
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

/// Where the work goes on: the case, the reward.
fn onward(at: &At, number: u64, shown: &Shown) -> Markup {
    let now = &shown.handled.now;
    let decided = shown.case.as_ref().is_some_and(|file| file.now.decisive().is_some());
    let other =
        shown.claim.as_ref().zip(shown.case.as_ref()).is_some_and(|(claim, case)| {
            !claims::follows(&at.console.books.rules.rewards, &claim.now.proposal, &case.now)
        });
    let again = shown.claim.as_ref().is_some_and(|file| file.now.state == claim::State::Returned);
    let joint = now.stage == Stage::Joined && now.joined.is_some_and(|(_, joint)| joint);
    let propose = (now.stage == Stage::Confirmed && decided) || (joint && shown.claim.is_none()) || again;
    let button = |path: &str, name: String| {
        html! { a.button href=(at.path(&format!("reports/{number}/{path}"))) { (name) } }
    };
    html! {
        @if let Some(file) = &shown.case {
            p {
                a href=(at.path(&format!("cases/{}", file.number))) { (say!(at, "case-number", number = file.number)) }
                " · " (super::case_words::state(at, file.now.state))
            }
        }
        @if now.stage == Stage::Confirmed && now.case.is_none() {
            p { (say!(at, "sheet-waits")) " " a href=(at.path("cases/waiting")) { (say!(at, "waiting-go")) } }
        } @else if now.stage == Stage::Confirmed && !decided {
            p.hint { (say!(at, "reward-waits")) }
        }
        @if let Some(file) = &shown.claim { (claim_state(at, file)) }
        @if other { p.warning { (say!(at, "claim-decision-changed-since")) } }
        p.actions {
            @if propose { (button("reward", say!(at, "reward-go"))) }
            @if shown.claim.is_some() { (button("claim", say!(at, "claim-go"))) }
            @if now.stage == Stage::Verifying && shown.opened { (button("fact-sheet", say!(at, "sheet-go"))) }
            @if now.stage == Stage::Drafted { (button("draft", say!(at, "second-go"))) }
            @if matches!(now.stage, Stage::New | Stage::Verifying) && shown.opened {
                a.button.second href=(at.path(&format!("reports/{number}/same"))) { (say!(at, "same-go")) }
            }
            @if shown.opened && shown.report.feed.is_none() {
                a.button.second href=(at.path(&format!("reports/{number}/identity"))) { (say!(at, "identity-go")) }
            }
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
            (say!(at, "claim-number", number = file.number)) " · " (super::award_words::state(at, file.now.state)) " · "
            (say!(at, "award-due", due = Fen(file.now.proposal.award.due_fen).to_string()))
        }
        @if let Some(why) = returned { p.warning { (say!(at, "claim-returned", why = why)) } }
    }
}

/// Steps that have a form on this page, in the order in which it offers them.
const FORMS: [&str; 9] =
    ["vouched", "verify", "given", "not-ours", "known", "not-effective", "not-confirmed", "minor", "reconsidered"];

/// A form for each step that may follow and needs no page of its own.
fn steps(at: &At, number: u64, shown: &Shown, officers: &[String]) -> Markup {
    let possible = shown.handled.now.possible();
    let (me, today) = (at.session().map_or("", |session| session.account.as_str()), at.console.clock.today());
    let entry = shown.handled.now.by_hand.as_ref();
    let vouches = entry.is_some_and(|entry| entry.by != me && entry.on == today);
    let offered = |code: &&&str| match **code {
        "vouched" => possible.contains(*code) && vouches,
        "given" => possible.contains(*code),
        _ => possible.contains(*code) && shown.opened,
    };
    let tried = at.sent().field("step").unwrap_or_default();
    html! {
        @for code in FORMS.iter().filter(offered) {
            details open[*code == tried] {
                summary { (step_name(at, code)) }
                (at.form(&format!("reports/{number}/handling"), &html! {
                    input type="hidden" name="seen" value=(shown.handled.seen());
                    input type="hidden" name="step" value=(code);
                    (inputs(at, code, *code == tried, officers))
                    p.actions { button type="submit" { (say!(at, "record-this", what = step_name(at, code))) } }
                }))
            }
        }
    }
}

fn inputs(at: &At, code: &str, tried: bool, officers: &[String]) -> Markup {
    let note = || fields::text(at, &format!("note-{code}"), "note", &say!(at, "handling-note"), tried);
    let officers: Vec<(String, String)> = officers.iter().map(|name| (name.clone(), name.clone())).collect();
    match code {
        "vouched" => html! { p.hint { (say!(at, "vouched-hint")) } },
        "given" => fields::choice(at, "to", &say!(at, "given-to"), &officers),
        "known" => html! {
            p.hint { (say!(at, "known-hint")) }
            (fields::line(at, "case", &say!(at, "known-case"), ""))
            (note())
        },
        "minor" => html! { p.hint { (say!(at, "minor-hint")) } (note()) },
        _ => note(),
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
    let taken = at.block(move |console| take_one(console, &session, role, (number, seen), step)).await?;
    match taken {
        Taken::Kept => Ok(see_other(&at.path(&format!("reports/{number}/handling")))),
        Taken::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "handling-conflict"))).await,
        Taken::Unopened => show(&at, StatusCode::CONFLICT, Some(say!(at, "handling-unopened"))).await,
        Taken::NoCase => show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "known-case-unknown"))).await,
        Taken::KnownFromLater => show(&at, StatusCode::CONFLICT, Some(say!(at, "known-from-later"))).await,
        Taken::NoOfficer => show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "given-unknown"))).await,
        Taken::Refused(refused) => show(&at, StatusCode::BAD_REQUEST, Some(problem(&at, refused))).await,
    }
}

enum Taken {
    Kept,
    /// Nobody has read what is to be judged.
    Unopened,
    Conflict,
    NoCase,
    /// The case rests on a report that came after this one: whoever told first must not lose by that.
    KnownFromLater,
    NoOfficer,
    Refused(Refused),
}

fn take_one(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    (number, seen): (u64, u64),
    step: Step,
) -> Result<Taken, Fault> {
    let shown = read(console, session, role, number)?;
    if shown.handled.seen() != seen {
        return Ok(Taken::Conflict);
    }
    if !shown.opened && step.judges() {
        return Ok(Taken::Unopened);
    }
    match &step {
        Step::Known { case, .. } => match console.books.case(*case)? {
            None => return Ok(Taken::NoCase),
            Some(file) if same::knows_from_later(console, session, role, &shown, &file)? => {
                return Ok(Taken::KnownFromLater);
            }
            Some(_) => {}
        },
        Step::Given { to } if !officers(console)?.contains(to) => return Ok(Taken::NoOfficer),
        _ => {}
    }
    let reopens = matches!(step, Step::Reconsidered { .. });
    let filed = handling::filed(console, session, &shown.report, &shown.handled.now);
    let entered = entered(console, session, step.filed_under(filed));
    if let Err(refused) = shown.handled.now.clone().after(&entered) {
        return Ok(Taken::Refused(refused));
    }
    let mut steps = vec![permit(console, session, role, &shown, &entered)?];
    // The earlier report must not go on counting one that is judged by itself again.
    if let Some((first, _)) = shown.handled.now.joined.filter(|_| reopens) {
        let parted = Entered { what: Step::Parted { report: number }, ..entered };
        steps.push(ReadReport::of(console, session, role, first)?.step(console, session, role, &parted)?);
    }
    match console.register.take(Together { steps, ..Together::default() })? {
        Ok(()) => Ok(Taken::Kept),
        Err(NotEntered::Meanwhile | NotEntered::DocumentTaken) => Ok(Taken::Conflict),
    }
}

fn step_of(at: &At) -> Result<Step, String> {
    let note = at.sent().field("note").unwrap_or_default().trim().replace("\r\n", "\n");
    Ok(match at.sent().field("step").unwrap_or_default() {
        "vouched" => Step::Vouched {},
        "given" => match at.sent().field("to").unwrap_or_default() {
            "" => return Err(say!(at, "given-nobody")),
            to => Step::Given { to: to.to_owned() },
        },
        "verify" => Step::Verify { note, filed: None },
        "not-ours" => Step::NotOurs { note, filed: None },
        "not-effective" => Step::NotEffective { note, filed: None },
        "not-confirmed" => Step::NotConfirmed { note },
        "minor" => Step::Minor { note },
        "reconsidered" => Step::Reconsidered { note },
        "known" => {
            let case = at.sent().field("case").unwrap_or_default().trim().parse();
            Step::Known { case: case.map_err(|_| say!(at, "known-case-number"))?, note, filed: None }
        }
        _ => return Err(say!(at, "not-understood-text")),
    })
}

/// Why a step was refused, in words.
pub(crate) fn problem(at: &At, refused: Refused) -> String {
    match refused {
        Refused::OutOfOrder { stage: from, .. } => {
            say!(at, "handling-out-of-order", stage = stage(at, from.code()))
        }
        Refused::SamePerson => say!(at, "second-person"),
        Refused::TooLate => say!(at, "vouched-late"),
        Refused::Origin => say!(at, "not-understood-text"),
        Refused::Text(bad) => super::case_words::bad_text(at, bad),
    }
}
