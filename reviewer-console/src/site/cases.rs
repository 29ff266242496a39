//! Cases: the list, one case with everything that was entered, and what may be entered next. The
//! same pages serve officers, approvers who sign off, and, at their own door, the case units.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::case::{Case, Entry, FactSheet, Refused, State};
use casework::entered::Entered;
use crypto::access::Role;
use crypto::day::Day;
use maud::{Markup, html};
use recording::{EnterCase, ListCases, Notice, ReadCase};
use register::{Dossiers, Filter, NotEntered};

use super::at::At;
use super::case_forms;
use super::case_words::{bad_form, kind, problem, state};
use super::door::Door;
use super::frame::Idle;
use super::guard::see_other;
use super::{report, say};
use crate::console::Console;
use crate::dossiers::{self, CaseFile, Readable};
use crate::fault::Fault;
use crate::sessions::Session;

/// Cases on a page.
const PAGE: u32 = 20;
/// Entries of one case: years of weekly progress; every page of it replays them all.
const MOST_ENTRIES: usize = 500;

/// The list: open cases first, all on demand.
pub(crate) async fn list(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let all = at.query("show").as_deref() == Some("all");
    let page = at.query("page").and_then(|page| page.parse().ok()).unwrap_or(0).min(100_000);
    let (found, count) = at.block(move |console| listed(console, &session, role, all, page)).await?;
    let today = at.console.clock.today();
    let body = html! {
        nav.tabs aria-label=(say!(at, "cases-title")) {
            a href=(at.path("cases")) aria-current=[(!all).then_some("page")] { (say!(at, "cases-open")) }
            a href=(at.path("cases?show=all")) aria-current=[all.then_some("page")] { (say!(at, "cases-all")) }
        }
        (unreadable(&at, &found.unreadable))
        @if found.files.is_empty() {
            p.state { @if role == Role::CaseUnit { (say!(at, "cases-none-unit")) } @else { (say!(at, "cases-none")) } }
        }
        @if role == Role::Officer { p.actions { a.button.second href=(at.path("cases/new")) { (say!(at, "case-new")) } } }
        ul.reports { @for file in &found.files { li { (line(&at, file, &at.path(&format!("cases/{}", file.number)), today)) } } }
        (pages(&at, all, page, count))
    };
    Ok(at.page(&say!(at, "cases-title"), &body))
}

fn pages(at: &At, all: bool, page: u32, count: u64) -> Markup {
    let show = if all { "show=all&" } else { "" };
    html! {
        p.actions {
            @if page > 0 { a href=(at.path(&format!("cases?{show}page={}", page - 1))) { (say!(at, "page-newer")) } }
            @if u64::from(page + 1) * u64::from(PAGE) < count {
                a href=(at.path(&format!("cases?{show}page={}", page + 1))) { (say!(at, "page-older")) }
            }
        }
    }
}

fn listed(
    console: &Console,
    session: &Session,
    role: Role,
    all: bool,
    page: u32,
) -> Result<(Readable<CaseFile>, u64), Fault> {
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ListCases {})?;
    let _ = recorded.use_up();
    let open = State::ALL.iter().filter(|state| **state != State::Closed).map(|state| state.code());
    let filter = Filter {
        unit: only_unit(session, role)?,
        states: if all { Vec::new() } else { open.collect() },
        oldest_first: false,
    };
    let (found, count) = console.register.dossiers(Dossiers::Cases, &filter, page, PAGE)?;
    Ok((dossiers::readable(found, |one| console.books.case_of(one)), count))
}

/// The unit whose cases alone this person may see; none for whoever may see all.
fn only_unit(session: &Session, role: Role) -> Result<Option<String>, Fault> {
    match role {
        Role::CaseUnit => session.unit.clone().map(Some).ok_or(Fault::NotFound),
        _ => Ok(None),
    }
}

/// A word on dossiers that cannot be read.
pub(crate) fn unreadable(at: &At, numbers: &[u64]) -> Markup {
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    html! {
        @if !numbers.is_empty() { p.warning { (say!(at, "dossiers-unreadable", numbers = numbers.join(", "))) } }
    }
}

/// A case in a list.
pub(crate) fn line(at: &At, file: &CaseFile, path: &str, today: Day) -> Markup {
    let now = &file.now;
    html! {
        a href=(path) { (say!(at, "case-number", number = file.number)) }
        @if now.is_overdue(today) { " " strong.new { (say!(at, "case-overdue")) } }
        p.plain-text { (report::category(at, &now.sheet.category)) " · " (now.sheet.party) " · " (now.sheet.town) }
        p.hint {
            (state(at, now.state))
            @if let Some(to) = &now.assignment {
                " · " (to.unit) " · " (say!(at, "case-until", day = to.deadline.to_string()))
            }
        }
    }
}

/// One case.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

/// A case that this person may see; what is not theirs looks as if it were not there, and
/// trying is an entry.
fn read(console: &Console, session: &Session, role: Role, number: u64) -> Result<CaseFile, Fault> {
    let unit = only_unit(session, role)?;
    let dossier = console.register.dossier(Dossiers::Cases, number)?;
    let Some(dossier) = dossier.filter(|dossier| unit.is_none() || unit == dossier.unit) else {
        if unit.is_some() {
            console.recorder.notice(&Notice::Refused { account: session.account.clone() })?;
        }
        return Err(Fault::NotFound);
    };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ReadCase { case: number })?;
    let _ = recorded.use_up();
    console.books.case_of(dossier)
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    let (file, units) =
        at.block(move |console| Ok((read(console, &session, role, number)?, console.register.units()?))).await?;
    let today = at.console.clock.today();
    let forms = file.now.possible(role);
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p.state #case-state {
            (state(at, file.now.state))
            @if file.now.is_overdue(today) { " · " (say!(at, "case-overdue")) }
        }
        article.message { (sheet(at, &file.now.sheet)) }
        (standing(at, &file.now))
        h2 { (say!(at, "case-next")) }
        @if forms.is_empty() { p { (say!(at, "case-nothing-to-do")) } }
        @for kind in &forms { (case_forms::form(at, &base(role), &file, *kind, &units)) }
        h2 { (say!(at, "case-history")) }
        ul.reports { @for entry in &file.entries { li { (done(at, entry)) } } }
        p.actions { a.button.second href=(at.path(back(role))) { (say!(at, "back-to-list")) } }
    };
    // Whoever is writing a note keeps it; a case file is no report.
    let idle = if forms.is_empty() { Idle::Leave } else { Idle::Stay };
    let title = format!("{} · {}", say!(at, "case-number", number = number), file.now.sheet.party);
    Ok(at.respond(status, &title, idle, &body))
}

fn base(role: Role) -> String {
    if role == Role::Approver { "approvals/cases".to_owned() } else { "cases".to_owned() }
}

fn back(role: Role) -> &'static str {
    if role == Role::Approver { "approvals" } else { "cases" }
}

/// The fact sheet.
pub(crate) fn sheet(at: &At, sheet: &FactSheet) -> Markup {
    let rows = [
        (say!(at, "field-category"), report::category(at, &sheet.category)),
        (say!(at, "case-party"), sheet.party.clone()),
        (say!(at, "field-address"), sheet.address.clone()),
        (say!(at, "field-town"), sheet.town.clone()),
        (say!(at, "case-found"), sheet.found.clone()),
        (say!(at, "case-found-on"), sheet.found_on.to_string()),
    ];
    rows_of(at, &rows)
}

fn rows_of(at: &At, rows: &[(String, String)]) -> Markup {
    html! {
        dl {
            @for (name, value) in rows {
                dt { (name) }
                dd { @if value.is_empty() { span.optional { (say!(at, "answer-empty")) } } @else { (value) } }
            }
        }
    }
}

/// Who does what until when, and the standing decision.
fn standing(at: &At, case: &Case) -> Markup {
    html! {
        @if let Some(to) = &case.assignment {
            h2 { (say!(at, "case-assignment")) }
            (rows_of(at, &[
                (say!(at, "case-unit"), to.unit.clone()),
                (say!(at, "case-responsible"), to.responsible.clone()),
                (say!(at, "case-measures"), to.measures.clone()),
                (say!(at, "case-deadline"), to.deadline.to_string()),
                (say!(at, "case-standard"), to.standard.clone()),
            ]))
        }
        @if let Some(decision) = &case.decision {
            h2 { (say!(at, "case-decision")) }
            (rows_of(at, &[
                (say!(at, "decision-document"), decision.document.clone()),
                (say!(at, "decision-party"), decision.party.clone()),
                (say!(at, "decision-fine"), say!(at, "yuan", amount = decision.fine.to_string())),
                (say!(at, "decision-day"), decision.decided_on.to_string()),
            ]))
        }
    }
}

fn done(at: &At, entered: &Entered<Entry>) -> Markup {
    let about = match &entered.what {
        Entry::Assigned(to) => format!("{} · {} · {}", to.unit, to.responsible, to.deadline),
        Entry::Decided(decision) => {
            format!("{} · {}", decision.document, say!(at, "yuan", amount = decision.fine.to_string()))
        }
        other => other.note().unwrap_or_default().to_owned(),
    };
    html! {
        (kind(at, entered.what.kind()))
        // A unit needs no names of the post: who lists cases would tell where they come from.
        @if at.door() == Door::Cases && at.session().is_ok_and(|session| session.account != entered.by) {
            p.hint { (entered.on) }
        } @else {
            p.hint { (say!(at, "entered-by", day = entered.on.to_string(), account = entered.by.as_str())) }
        }
        @if !about.is_empty() { p.plain-text { (about) } }
    }
}

/// Enters something.
pub(crate) async fn enter(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    let seen: u64 = at.field("seen")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let entry = match case_forms::read(&at) {
        Ok(entry) => entry,
        Err(bad) => return show(&at, StatusCode::BAD_REQUEST, Some(bad_form(&at, bad)?)).await,
    };
    let done = at.block(move |console| enter_one(console, &session, role, (number, seen), entry)).await?;
    match done {
        Outcome::Kept => Ok(see_other(&at.path(&format!("{}/{number}", base(role))))),
        Outcome::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "case-conflict"))).await,
        Outcome::UnknownUnit => show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "case-unknown-unit"))).await,
        Outcome::Full => show(&at, StatusCode::CONFLICT, Some(say!(at, "case-full"))).await,
        Outcome::DocumentTaken => show(&at, StatusCode::CONFLICT, Some(say!(at, "decision-taken"))).await,
        Outcome::Refused(refused) => show(&at, StatusCode::BAD_REQUEST, Some(problem(&at, &refused))).await,
    }
}

/// How an attempt to enter something ended.
enum Outcome {
    Kept,
    Conflict,
    DocumentTaken,
    /// Nobody of that unit works here: the case would be seen by nobody.
    UnknownUnit,
    /// Too many entries.
    Full,
    Refused(Refused),
}

fn enter_one(
    console: &Console,
    session: &Session,
    role: Role,
    (number, seen): (u64, u64),
    what: Entry,
) -> Result<Outcome, Fault> {
    let file = read(console, session, role, number)?;
    if file.seen() != seen {
        return Ok(Outcome::Conflict);
    }
    if file.entries.len() >= MOST_ENTRIES {
        return Ok(Outcome::Full);
    }
    if let Entry::Assigned(to) = &what
        && !console.register.units()?.contains(&to.unit)
    {
        return Ok(Outcome::UnknownUnit);
    }
    let kind = what.kind();
    let entered = Entered { by: session.account.clone(), on: console.clock.today(), what };
    let after = match file.now.clone().after(&entered) {
        Ok(after) => after,
        Err(refused) => return Ok(Outcome::Refused(refused)),
    };
    // After the rules have said what is wrong; a role that may not at all is told no more.
    if !file.now.possible(role).contains(&kind) {
        return Ok(Outcome::Refused(Refused::OutOfOrder { state: Some(file.now.state), kind }));
    }
    let (_, digest) = dossiers::written(&entered.what)?;
    let deed = EnterCase { case: number, number: seen + 1, entry: kind.code().to_owned(), digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let entering = dossiers::case_entering(recorded, seen, &entered, &after)?;
    Ok(match console.register.enter(entering)? {
        Ok(()) => Outcome::Kept,
        Err(NotEntered::Meanwhile) => Outcome::Conflict,
        Err(NotEntered::DocumentTaken) => Outcome::DocumentTaken,
    })
}
