//! The list of cases: open, late, or all. The page serves officers and, at their own listener, the case units,
//! which see only their own cases.

use actix_web::HttpResponse;
use console_services::cases::list_cases::{PAGE, WhichCases, list_cases};
use maud::{Markup, html};
use model::Role;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::cases::fragments::{line, unreadable};

fn which(at: &RequestContext) -> WhichCases {
    match at.query("show").as_deref() {
        Some("all") => WhichCases::All,
        Some("late") => WhichCases::Late,
        _ => WhichCases::Open,
    }
}

fn query(which: WhichCases) -> &'static str {
    match which {
        WhichCases::Open => "",
        WhichCases::Late => "show=late&",
        WhichCases::All => "show=all&",
    }
}

/// One page of the list; `show` is `late` or `all`, otherwise open cases; `page` counts from 0, at most 100,000.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let (role, show) = (actor.role, which(&at));
    let page = at.query("page").and_then(|page| page.parse().ok()).unwrap_or(0).min(100_000);
    let listed = blocking(move || list_cases(&actor, show, page)).await?;
    let (found, count, waiting) = (listed.cases, listed.count, listed.sheets);
    let today = at.today();
    let tab = |name: String, path: &str, here: WhichCases| {
        html! { a href=(at.path(path)) aria-current=[(show == here).then_some("page")] { (name) } }
    };
    let body = html! {
        nav.tabs aria-label=(say!(at, "cases-title")) {
            (tab(say!(at, "cases-open"), "cases", WhichCases::Open))
            (tab(say!(at, "cases-late"), "cases?show=late", WhichCases::Late))
            (tab(say!(at, "cases-all"), "cases?show=all", WhichCases::All))
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

fn nothing(at: &RequestContext, role: Role, show: WhichCases) -> String {
    match (role, show) {
        (_, WhichCases::Late) => say!(at, "cases-none-late"),
        (Role::CaseUnit, _) => say!(at, "cases-none-unit"),
        _ => say!(at, "cases-none"),
    }
}

fn pages(at: &RequestContext, show: WhichCases, page: u32, count: u64) -> Markup {
    let show = query(show);
    html! {
        p.actions {
            @if page > 0 { a href=(at.path(&format!("cases?{show}page={}", page - 1))) { (say!(at, "page-newer")) } }
            @if u64::from(page + 1) * u64::from(PAGE) < count {
                a href=(at.path(&format!("cases?{show}page={}", page + 1))) { (say!(at, "page-older")) }
            }
        }
    }
}
