//! The inbox: reports by number, day and count. What this session has opened is shown by its
//! content too, and showing that is an entry.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::HttpResponse;
use casework::report::Category;
use casework::triage::Stage;
use maud::{Markup, html};
use model::{Day, Purpose, Role};
use recorder_protocol::{OpenLetter, Recorded, ShowList};
use register::{Listed, Listing};

use super::at::{At, post_keys};
use super::{clocks, say};
use crate::console::Console;
use crate::fault::Fault;
use crate::opened::{Opened, Read, fetch, read};
use crate::retention;
use crate::sessions::Session;

/// Reports on a page.
const PAGE: u32 = 20;
/// Letters that one click sorts: some seconds of work.
const SORT_AT_ONCE: usize = 200;
/// Letters put aside that are listed.
const ASIDE: i64 = 200;

/// What a session knows of a report: category, party, town.
type Known = HashMap<u64, (String, String, String)>;

/// The page: new ones first, all on demand.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let session = Arc::clone(at.session()?);
    let role = at.role()?;
    let listing = match at.query("show").as_deref() {
        Some("all") => Listing::All,
        Some("open") => Listing::Open,
        Some("clues") => Listing::Clues,
        _ => Listing::Unopened,
    };
    let page = at.query("page").and_then(|page| page.parse().ok()).unwrap_or(0).min(100_000);
    let (listed, count, unopened, aside, due, known) = at
        .block(move |console| {
            let (listed, count) = console.register.reports(listing, page, PAGE)?;
            let numbers: Vec<u64> = listed.iter().map(number_of).collect();
            let known = shown(console, &session, role, &numbers);
            let aside = console.register.unreadable(ASIDE)?.len();
            let due = retention::due(&console.register, &console.retention, console.clock.today())?.len();
            Ok((listed, count, console.register.count_unopened()?, aside, due, known))
        })
        .await?;
    let (known, problem) = match known {
        Ok(known) => (known, None),
        // The recorder is down: the list works, without what was opened.
        Err(error) => (Known::new(), Some(at.recorder_sentence(&error))),
    };
    let body = html! {
        @if at.session()?.keys.post.is_none() { p.warning { (say!(at, "no-keys-text")) } }
        @if let Some(problem) = problem { p.warning { (problem) " " (say!(at, "inbox-locked")) } }
        (waiting(&at).await?)
        (tabs(&at, listing))
        @if listed.is_empty() { (nothing(&at, listing, count)) } @else { (table(&at, &listed, &known)) }
        (pages(&at, listing, page, count))
        @if unopened > 0 {
            section.card {
                p { (say!(at, "sort-lead", count = unopened)) }
                (at.form("inbox/sort", &html! { button.second type="submit" { (say!(at, "sort")) } }))
            }
        }
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

/// What waits for somebody: fact sheets for another officer, since whoever wrote one cannot go on alone;
/// and reporters' choices about awards that nobody has entered.
async fn waiting(at: &At) -> Result<Markup, Fault> {
    let (drafted, choices, refused) = at
        .block(|console| {
            let register = &console.register;
            Ok((register.reports_at(&[Stage::Drafted.code()])?, register.choices()?, register.refused_identities()?))
        })
        .await?;
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

fn tabs(at: &At, listing: Listing) -> Markup {
    let tab = |name: String, path: &str, here: bool| {
        html! { a href=(at.path(path)) aria-current=[here.then_some("page")] { (name) } }
    };
    html! {
        nav.tabs aria-label=(say!(at, "inbox-title")) {
            (tab(say!(at, "inbox-unopened"), "inbox", listing == Listing::Unopened))
            (tab(say!(at, "inbox-open"), "inbox?show=open", listing == Listing::Open))
            (tab(say!(at, "inbox-clues"), "inbox?show=clues", listing == Listing::Clues))
            (tab(say!(at, "inbox-all"), "inbox?show=all", listing == Listing::All))
        }
    }
}

fn nothing(at: &At, listing: Listing, count: u64) -> Markup {
    let text = match listing {
        _ if count > 0 => say!(at, "inbox-page-empty"),
        Listing::Unopened => say!(at, "inbox-nothing-new"),
        Listing::Open => say!(at, "inbox-nothing-open"),
        Listing::Clues => say!(at, "inbox-nothing-clues"),
        Listing::All => say!(at, "inbox-empty"),
    };
    html! { p.state { (text) } }
}

fn pages(at: &At, listing: Listing, page: u32, count: u64) -> Markup {
    let show = match listing {
        Listing::All => "show=all&",
        Listing::Open => "show=open&",
        Listing::Clues => "show=clues&",
        Listing::Unopened => "",
    };
    let more = u64::from(page + 1) * u64::from(PAGE) < count;
    html! {
        p.actions {
            @if page > 0 { a href=(at.path(&format!("inbox?{show}page={}", page - 1))) { (say!(at, "page-newer")) } }
            @if more { a href=(at.path(&format!("inbox?{show}page={}", page + 1))) { (say!(at, "page-older")) } }
        }
    }
}

fn search_form(at: &At, text: &str) -> Markup {
    at.form("inbox/search", &html! {
        div.field {
            label for="search" { (say!(at, "search")) }
            input #search name="search" type="search" value=(text) maxlength="100" autocomplete="off" spellcheck="false";
            p.hint { (say!(at, "search-hint")) }
        }
        button.second type="submit" { (say!(at, "search-go")) }
    })
}

fn table(at: &At, listed: &[Listed], known: &Known) -> Markup {
    let today = at.console.clock.today();
    html! {
        ul.reports {
            @for one in listed {
                @let number = number_of(one);
                li {
                    a href=(at.path(&format!("reports/{number}"))) { (say!(at, "report-number", number = number)) }
                    @if one.unopened > 0 { " " strong.new { (say!(at, "inbox-new", count = one.unopened)) } }
                    @if let Some((category, party, town)) = known.get(&number) {
                        p.plain-text { (super::report::category(at, category)) " · " (party) " · " (town) }
                    }
                    p.hint {
                        (state(at, &one.state)) " · " (super::handling_words::stage(at, &one.stage)) " · "
                        @match age(&one.first, today) {
                            0 => (say!(at, "inbox-today")),
                            age => (say!(at, "inbox-days", first = one.first.as_str(), age = age)),
                        }
                        " · "
                        (say!(at, "inbox-letters", count = one.letters))
                        @if one.pending > 0 { " · " (say!(at, "inbox-pending", count = one.pending)) }
                        @if let Some(feed) = &one.feed { " · " (feed_name(at, feed)) }
                    }
                    @if one.feed.is_none() { p.hint { (clocks::next(at, &one.first, one.replies, &one.stage)) } }
                }
            }
        }
    }
}

/// What a feed is called: an import by its channel, another by its own name.
fn feed_name(at: &At, feed: &str) -> String {
    super::handling_words::origin_name(at, feed)
}

/// A state in words.
pub(crate) fn state(at: &At, code: &str) -> String {
    match code {
        "received" => say!(at, "state-received"),
        "read" => say!(at, "state-read"),
        _ => say!(at, "state-answered"),
    }
}

/// Whole days from a day until today.
fn age(first: &str, today: Day) -> i32 {
    first.parse::<Day>().map_or(0, |first| today.days_since(first).max(0))
}

fn number_of(listed: &Listed) -> u64 {
    u64::try_from(listed.number).unwrap_or_default()
}

/// What the session has opened of these reports, once showing it is recorded.
fn shown(
    console: &Console,
    session: &Session,
    role: Role,
    numbers: &[u64],
) -> Result<Known, recorder_protocol::ClientError> {
    let any = session.opened().values().filter(|opened| numbers.contains(&opened.report)).count();
    if any == 0 {
        return Ok(Known::new());
    }
    let reports = u32::try_from(any).unwrap_or(u32::MAX);
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ShowList { reports })?;
    Ok(known(recorded, session, numbers))
}

fn known(recorded: Recorded<ShowList>, session: &Session, numbers: &[u64]) -> Known {
    let _ = recorded.use_up();
    let opened = session.opened();
    let reports = opened.values().filter(|one| !one.category.is_empty() && numbers.contains(&one.report));
    reports.map(|one| (one.report, (one.category.clone(), one.party.clone(), one.town.clone()))).collect()
}

/// Searches what this session has opened; nothing else is in clear anywhere.
pub(crate) async fn search(at: At) -> Result<HttpResponse, Fault> {
    let typed = at.field("search")?.trim().to_owned();
    let wanted = typed.to_lowercase();
    let session = Arc::clone(at.session()?);
    let role = at.role()?;
    // Categories are codes in a report; people search for the words that stand on the page.
    let named = |code: &str| super::report::category(&at, code).to_lowercase().contains(&wanted);
    let categories: Vec<&str> =
        Category::ALL.iter().map(|category| category.code()).filter(|code| named(code)).collect();
    let (listed, known) = at
        .block(move |console| {
            let mut numbers: Vec<u64> = {
                let opened = session.opened();
                let hits = opened.values().filter(|one| {
                    !wanted.is_empty() && (one.text.contains(&wanted) || categories.contains(&one.category.as_str()))
                });
                hits.map(|one| one.report).collect()
            };
            numbers.sort_unstable();
            numbers.dedup();
            let listed = console.register.reports_numbered(&numbers)?;
            Ok((listed, shown(console, &session, role, &numbers)?))
        })
        .await?;
    let body = html! {
        (search_form(&at, &typed))
        @if typed.is_empty() {
            p.state { (say!(at, "search-empty")) }
        } @else if listed.is_empty() {
            p.state { (say!(at, "search-nothing")) }
        } @else {
            (table(&at, &listed, &known))
        }
        p.actions { a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) } }
    };
    Ok(at.page(&say!(at, "search-title"), &body))
}

/// What sorting found.
#[derive(Default)]
struct Sorted {
    reports: usize,
    added: usize,
    nothing: usize,
    unreadable: usize,
}

/// Opens new letters to learn which of them say something. Each opening is an entry, and the
/// reporter is told of it like of any other.
pub(crate) async fn sort(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let (sorted, left) = at
        .block(move |console| {
            let sorted = sort_all(console, &session, role)?;
            Ok((sorted, console.register.count_unopened()?))
        })
        .await?;
    let body = html! {
        p.state { (say!(at, "sort-done", reports = sorted.reports, added = sorted.added)) }
        p { (say!(at, "sort-nothing", count = sorted.nothing)) }
        @if left > 0 { p.warning { (say!(at, "sort-left", count = left)) } }
        @if sorted.unreadable > 0 { p.warning { (say!(at, "sort-unreadable", count = sorted.unreadable)) } }
        p.actions { a.button href=(at.path("inbox")) { (say!(at, "back-to-inbox")) } }
    };
    Ok(at.page(&say!(at, "sort-title"), &body))
}

fn sort_all(console: &Console, session: &Session, role: Role) -> Result<Sorted, Fault> {
    let (mut sorted, mut done) = (Sorted::default(), 0);
    let mut client = console.recorder.connect()?;
    for number in console.register.unopened(i64::try_from(SORT_AT_ONCE).unwrap_or(i64::MAX))? {
        let Some(report) = console.register.report(number)? else { continue };
        for letter in report.letters.iter().filter(|letter| letter.kept && letter.kind.is_none()) {
            if done == SORT_AT_ONCE {
                return Ok(sorted);
            }
            done += 1;
            let sealed = fetch(console, letter)?;
            let deed = OpenLetter { letter: letter.digest, purpose: Purpose::Sort };
            let (recorded, under) = client.open(&session.person(role), deed, sealed)?;
            match read(recorded, under, &report, post_keys(session)?, console)? {
                Read::Refused(_) => sorted.unreadable += 1,
                Read::Letter(letter) => match &letter.body {
                    crypto::letter::Body::Report(_) => sorted.reports += 1,
                    crypto::letter::Body::Cover {} => sorted.nothing += 1,
                    _ => sorted.added += 1,
                },
            }
        }
    }
    Ok(sorted)
}

/// Letters that were put aside, and why.
pub(crate) async fn unreadable(at: At) -> Result<HttpResponse, Fault> {
    let aside = at.block(|console| Ok(console.register.unreadable(ASIDE)?)).await?;
    let reason = |code: &str| match code {
        "outer" => say!(at, "unreadable-outer"),
        "repeated" => say!(at, "unreadable-repeated"),
        "foreign-key" => say!(at, "unreadable-foreign-key"),
        _ => say!(at, "unreadable-inner"),
    };
    let body = html! {
        p { (say!(at, "unreadable-lead")) }
        @if aside.is_empty() { p.state { (say!(at, "unreadable-none")) } }
        ul.reports {
            @for one in &aside {
                li {
                    (say!(at, "unreadable-letter", number = one.sequence, day = one.received_on.as_str()))
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

/// Remembers an opened letter for this session's list and search.
pub(crate) fn remember(session: &Session, digest: model::LetterDigest, opened: Opened) {
    session.opened().insert(digest, opened);
}
