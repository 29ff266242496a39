//! The inbox: reports by number, day and count. Reports that this session has opened are listed with content, which
//! is an entry of the log.

use actix_web::HttpResponse;
use casework::reports::Category;
use console_services::reports::inbox::{self, KnownReports, PAGE, number_of};
use console_services::tasks::waiting::waiting;
use human_text::plain;
use maud::{Markup, html};
use model::Day;
use register::{ListedReport, ReportSelection};
use serde::Deserialize;

use crate::http::form::Typed;
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::reports::{clocks, labels};

/// One page of the list; `show` is `open`, `clues` or `all`, otherwise unopened reports; `page` is at most 100,000.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let listing = match at.query("show").as_deref() {
        Some("all") => ReportSelection::All,
        Some("open") => ReportSelection::Open,
        Some("clues") => ReportSelection::Clues,
        _ => ReportSelection::Unopened,
    };
    let page = at.query("page").and_then(|page| page.parse().ok()).unwrap_or(0).min(100_000);
    let actor = at.actor()?;
    let shown = blocking(move || inbox::inbox(&actor, listing, page)).await?;
    let (listed, count, aside, due) = (shown.listed, shown.count, shown.aside, shown.due);
    let (known, problem) = match shown.known {
        Ok(known) => (known, None),
        // If the recorder is down, the list has no content of opened reports.
        Err(error) => (KnownReports::new(), Some(at.recorder_problem(&error))),
    };
    let body = html! {
        @if !at.session()?.has_post_keys() { p.warning { (say!(at, "no-keys-text")) } }
        @if let Some(problem) = problem { p.warning { (problem) " " (say!(at, "inbox-locked")) } }
        (waits(&at).await?)
        (tabs(&at, listing))
        @if listed.is_empty() { (nothing(&at, listing, count)) } @else { (table(&at, &listed, &known)) }
        (pages(&at, listing, page, count))
        p.actions {
            a.button.second href=(at.path("enter")) { (say!(at, "by-hand-go")) }
            a.button.second href=(at.path("import")) { (say!(at, "import-title")) }
        }
        (search_form(&at, ""))
        @if due > 0 { p { a href=(at.path("retention")) { (say!(at, "retention-link", count = due)) } } }
        @if aside > 0 { p { a href=(at.path("unreadable")) { (say!(at, "unreadable-link", count = aside)) } } }
    };
    Ok(at.page(&say!(at, "inbox-title"), &body))
}

/// Work that waits for an officer: fact sheets that need another officer's review, reporters' choices that nobody has
/// entered, and refusals of the custodian that no officer has seen.
async fn waits(at: &RequestContext) -> Result<Markup, PageError> {
    let actor = at.actor()?;
    let waiting = blocking(move || waiting(&actor)).await?;
    let (drafted, choices, refused) = (waiting.drafted, waiting.choices, waiting.refused);
    let links = |numbers: &[u64], page: &str| {
        html! {
            @for number in numbers {
                " " a href=(at.path(&format!("reports/{number}/{page}"))) { (say!(at, "report-number", number = number.to_string())) }
            }
        }
    };
    Ok(html! {
        @if !drafted.is_empty() { p.warning #second { (say!(at, "inbox-second")) (links(&drafted, "handling")) } }
        @if !choices.is_empty() { p.warning #choices { (say!(at, "inbox-choices")) (links(&choices, "claim")) } }
        @if !refused.is_empty() { p.warning #refused { (say!(at, "inbox-refused")) (links(&refused, "identity")) } }
    })
}

fn tabs(at: &RequestContext, listing: ReportSelection) -> Markup {
    let tab = |name: String, path: &str, here: bool| {
        html! { a href=(at.path(path)) aria-current=[here.then_some("page")] { (name) } }
    };
    html! {
        nav.tabs aria-label=(say!(at, "inbox-title")) {
            (tab(say!(at, "inbox-unopened"), "inbox", listing == ReportSelection::Unopened))
            (tab(say!(at, "inbox-open"), "inbox?show=open", listing == ReportSelection::Open))
            (tab(say!(at, "inbox-clues"), "inbox?show=clues", listing == ReportSelection::Clues))
            (tab(say!(at, "inbox-all"), "inbox?show=all", listing == ReportSelection::All))
        }
    }
}

fn nothing(at: &RequestContext, listing: ReportSelection, count: u64) -> Markup {
    let text = match listing {
        _ if count > 0 => say!(at, "inbox-page-empty"),
        ReportSelection::Unopened => say!(at, "inbox-nothing-new"),
        ReportSelection::Open => say!(at, "inbox-nothing-open"),
        ReportSelection::Clues => say!(at, "inbox-nothing-clues"),
        ReportSelection::All => say!(at, "inbox-empty"),
    };
    html! { p.state { (text) } }
}

fn pages(at: &RequestContext, listing: ReportSelection, page: u32, count: u64) -> Markup {
    let show = match listing {
        ReportSelection::All => "show=all&",
        ReportSelection::Open => "show=open&",
        ReportSelection::Clues => "show=clues&",
        ReportSelection::Unopened => "",
    };
    let more = u64::from(page + 1) * u64::from(PAGE) < count;
    html! {
        p.actions {
            @if page > 0 { a href=(at.path(&format!("inbox?{show}page={}", page - 1))) { (say!(at, "page-newer")) } }
            @if more { a href=(at.path(&format!("inbox?{show}page={}", page + 1))) { (say!(at, "page-older")) } }
        }
    }
}

fn search_form(at: &RequestContext, text: &str) -> Markup {
    at.form("inbox/search", &html! {
        div.field {
            label for="search" { (say!(at, "search")) }
            input #search name="search" type="search" value=(text) maxlength="100" autocomplete="off" spellcheck="false";
            p.hint { (say!(at, "search-hint")) }
        }
        button.second type="submit" { (say!(at, "search-go")) }
    })
}

fn table(at: &RequestContext, listed: &[ListedReport], known: &KnownReports) -> Markup {
    let today = at.today();
    html! {
        ul.reports {
            @for one in listed {
                @let number = number_of(one);
                li {
                    a href=(at.path(&format!("reports/{number}"))) { (say!(at, "report-number", number = number)) }
                    @if one.unopened > 0 { " " strong.new { (say!(at, "inbox-new", count = one.unopened)) } }
                    @if let Some(known) = known.get(&number) {
                        p.plain-text { (labels::category(at, &known.category)) " · " (known.party) " · " (known.town) }
                    }
                    p.hint {
                        (labels::state(at, &one.state)) " · " (labels::stage(at, &one.stage)) " · "
                        @match age(&one.first, today) {
                            0 => (say!(at, "inbox-today")),
                            age => (say!(at, "inbox-days", first = one.first.as_str(), age = age)),
                        }
                        " · "
                        (say!(at, "inbox-letters", count = one.letters))
                        @if one.pending > 0 { " · " (say!(at, "inbox-pending", count = one.pending)) }
                        @if let Some(feed) = &one.feed { " · " (labels::origin_name(at, feed)) }
                    }
                    @if one.feed.is_none() { p.hint { (clocks::next(at, &one.first, one.replies, &one.stage)) } }
                }
            }
        }
    }
}

/// Whole days from a day until today, never negative; 0 for a text that is no day.
fn age(first: &str, today: Day) -> i32 {
    first.parse::<Day>().map_or(0, |first| today.days_since(first).max(0))
}

#[derive(Deserialize)]
struct SearchForm {
    search: Typed,
}

/// Searches the reports that this session has opened; no others are in the clear.
pub(crate) async fn search(at: RequestContext) -> Result<HttpResponse, PageError> {
    let typed = String::from(at.read_form::<SearchForm>()?.search);
    let wanted = typed.clone();
    let compared = plain(&typed);
    // A report has a category's code; officers search for its name on the page.
    let named = |code: &str| plain(&labels::category(&at, code)).contains(&compared);
    let categories: Vec<&str> =
        Category::ALL.iter().map(|category| category.code()).filter(|code| named(code)).collect();
    let actor = at.actor()?;
    let found = blocking(move || inbox::search(&actor, &wanted, &categories)).await?;
    let body = html! {
        (search_form(&at, &typed))
        @if typed.is_empty() {
            p.state { (say!(at, "search-empty")) }
        } @else if found.listed.is_empty() {
            p.state { (say!(at, "search-nothing")) }
        } @else {
            (table(&at, &found.listed, &found.known))
        }
        p.actions { a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) } }
    };
    Ok(at.page(&say!(at, "search-title"), &body))
}

/// Letters that could not be read, each with the reason.
pub(crate) async fn unreadable(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let aside = blocking(move || inbox::unreadable(&actor)).await?;
    let reason = |code: &str| match code {
        "outer" => say!(at, "unreadable-outer"),
        "repeated" => say!(at, "unreadable-repeated"),
        "foreign" => say!(at, "unreadable-foreign"),
        _ => say!(at, "unreadable-inner"),
    };
    let body = html! {
        p { (say!(at, "unreadable-lead")) }
        @if aside.is_empty() { p.state { (say!(at, "unreadable-none")) } }
        ul.reports {
            @for one in &aside {
                li {
                    @match one.sequence {
                        Some(number) => (say!(at, "unreadable-letter", number = number, day = one.received_on.as_str())),
                        None => (say!(at, "unreadable-unplaced", day = one.received_on.as_str())),
                    }
                    p.hint { (reason(&one.reason)) }
                    @if let Some(report) = one.report {
                        a href=(at.path(&format!("reports/{report}"))) { (say!(at, "report-number", number = report)) }
                    }
                }
            }
        }
        p.actions { a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) } }
    };
    Ok(at.page(&say!(at, "unreadable-title"), &body))
}
