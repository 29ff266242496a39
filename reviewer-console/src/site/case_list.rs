//! The list of problems: open ones, late ones, all. The same page serves officers and, at their own
//! door, the case units, which see theirs alone.

use std::sync::Arc;

use actix_web::HttpResponse;
use casework::case::State;
use maud::{Markup, html};
use model::{Day, Role};
use recorder_protocol::ListCases;
use register::{Dossiers, Filter};

use super::at::At;
use super::case_words::state;
use super::cases::only_unit;
use super::{report, say};
use crate::console::Console;
use crate::dossiers::{self, CaseFile, Readable};
use crate::fault::Fault;
use crate::sessions::Session;

/// Cases on a page.
const PAGE: u32 = 20;
/// Open cases that are looked through for late ones.
const OPEN: u32 = 1000;

/// Which cases are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    Open,
    /// Past their deadline, watched from above, or without an answer that was due.
    Late,
    All,
}

impl Show {
    fn of(at: &At) -> Self {
        match at.query("show").as_deref() {
            Some("all") => Self::All,
            Some("late") => Self::Late,
            _ => Self::Open,
        }
    }

    fn query(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Late => "show=late&",
            Self::All => "show=all&",
        }
    }
}

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let show = Show::of(&at);
    let page = at.query("page").and_then(|page| page.parse().ok()).unwrap_or(0).min(100_000);
    let (found, count, waiting) = at.block(move |console| listed(console, &session, role, show, page)).await?;
    let today = at.console.clock.today();
    let tab = |name: String, path: &str, here: Show| {
        html! { a href=(at.path(path)) aria-current=[(show == here).then_some("page")] { (name) } }
    };
    let body = html! {
        nav.tabs aria-label=(say!(at, "cases-title")) {
            (tab(say!(at, "cases-open"), "cases", Show::Open))
            (tab(say!(at, "cases-late"), "cases?show=late", Show::Late))
            (tab(say!(at, "cases-all"), "cases?show=all", Show::All))
        }
        (unreadable(&at, &found.unreadable))
        @if found.files.is_empty() { p.state { (nothing(&at, role, show)) } }
        @if role == Role::Officer {
            p.actions {
                a.button.second href=(at.path("cases/new")) { (say!(at, "case-new")) }
                @if waiting > 0 { a href=(at.path("cases/waiting")) { (say!(at, "waiting-link", count = waiting)) } }
                a href=(at.path("figures")) { (say!(at, "nav-figures")) }
            }
        }
        ul.reports { @for file in &found.files { li { (line(&at, file, &at.path(&format!("cases/{}", file.number)), today)) } } }
        (pages(&at, show, page, count))
    };
    Ok(at.page(&say!(at, "cases-title"), &body))
}

fn nothing(at: &At, role: Role, show: Show) -> String {
    match (role, show) {
        (_, Show::Late) => say!(at, "cases-none-late"),
        (Role::CaseUnit, _) => say!(at, "cases-none-unit"),
        _ => say!(at, "cases-none"),
    }
}

fn pages(at: &At, show: Show, page: u32, count: u64) -> Markup {
    let show = show.query();
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
    show: Show,
    page: u32,
) -> Result<(Readable<CaseFile>, u64, u64), Fault> {
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ListCases {})?;
    let _ = recorded.use_up();
    let open = State::ALL.iter().filter(|state| **state != State::Closed).map(|state| state.code());
    let filter = Filter {
        unit: only_unit(session, role)?,
        states: if show == Show::All { Vec::new() } else { open.collect() },
        oldest_first: false,
    };
    let waiting = if role == Role::Officer { console.register.count_waiting_sheets()? } else { 0 };
    let size = if show == Show::Late { OPEN } else { PAGE };
    let (found, count) = console.register.dossiers(Dossiers::Cases, &filter, page, size)?;
    let mut files = dossiers::readable(found, |one| console.books.case_of(one));
    if show == Show::Late {
        let today = console.clock.today();
        files.files.retain(|file| is_late(file, today));
        // A transfer may be late after the case was closed; those are found under all.
        return Ok((files, 0, waiting));
    }
    Ok((files, count, waiting))
}

fn is_late(file: &CaseFile, today: Day) -> bool {
    file.now.is_overdue(today) || file.now.supervised || file.now.late_answers(today).next().is_some()
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
        (marks(at, file, today))
        p.plain-text { (report::category(at, &now.sheet.category)) " · " (now.sheet.party) " · " (now.sheet.town) }
        p.hint {
            (state(at, now.state))
            @if let Some(to) = &now.assignment {
                " · " (to.unit) " · " (say!(at, "case-until", day = to.deadline.to_string()))
            }
        }
    }
}

/// What makes a case stand out.
pub(crate) fn marks(at: &At, file: &CaseFile, today: Day) -> Markup {
    let now = &file.now;
    html! {
        @if now.is_overdue(today) { " " strong.new { (say!(at, "case-overdue")) } }
        @if now.supervised { " " strong.new { (say!(at, "case-supervised")) } }
        @if now.escalated { " " strong { (say!(at, "case-at-county")) } }
        @if now.late_answers(today).next().is_some() { " " strong.new { (say!(at, "transfer-late")) } }
    }
}
