//! The same fact told twice: this report beside what the officer has opened and beside fact sheets.
//! Looking is one entry; an officer decides, and the recorder says who came before what.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::likeness::{Alike, Told, alike};
use casework::triage::{Stage, Step};
use maud::{Markup, html};
use model::{LetterDigest, Role};
use register::{Dossiers, Filter, NotEntered, Together};

use super::at::At;
use super::frame::Idle;
use super::guard::see_other;
use super::handling::{self, Shown};
use super::{fields, say};
use crate::console::Console;
use crate::dossiers::CaseFile;
use crate::fault::Fault;
use crate::handling::first_letter;
use crate::sessions::Session;

/// Fact sheets that are looked through, newest first: some years of a county's.
const CASES: u32 = 500;

/// Another report that may tell of the same.
struct OtherReport {
    number: u64,
    told: Told,
    alike: Vec<Alike>,
    /// Whether the two would share the reward: of one day, and this one was received before anybody had
    /// opened that.
    joint: bool,
}

/// A case that may be of the same.
struct OtherCase {
    number: u64,
    told: Told,
    alike: Vec<Alike>,
}

struct Compared {
    shown: Shown,
    reports: Vec<OtherReport>,
    cases: Vec<OtherCase>,
}

/// Before anything is compared.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let number = at.number()?;
    let body = html! {
        p { (say!(at, "same-lead")) }
        (at.form(&format!("reports/{number}/same"), &html! {
            p.actions {
                button type="submit" { (say!(at, "same-look")) }
                a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
            }
        }))
    };
    Ok(at.page(&say!(at, "same-title", number = number), &body))
}

/// Compares, and shows what is alike.
pub(crate) async fn compare(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let title = say!(at, "same-title", number = number);
    let Some(compared) = at.block(move |console| compare_all(console, &session, role, number)).await? else {
        let body = html! {
            p.problem #problem role="alert" { (say!(at, "same-unopened")) }
            p.actions { a.button href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) } }
        };
        return Ok(at.respond(StatusCode::CONFLICT, &title, Idle::Leave, &body));
    };
    let seen = compared.shown.handled.seen();
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        @if compared.reports.is_empty() && compared.cases.is_empty() { p.state { (say!(at, "same-none")) } }
        @if !compared.reports.is_empty() {
            h2 { (say!(at, "same-reports")) }
            p.hint { (say!(at, "same-order")) }
            ul.reports { @for other in &compared.reports { li { (report(at, number, seen, other)) } } }
        }
        @if !compared.cases.is_empty() {
            h2 { (say!(at, "same-cases")) }
            ul.reports { @for other in &compared.cases { li { (case(at, number, seen, other)) } } }
        }
        p.actions {
            a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
        }
    };
    Ok(at.respond(status, &title, Idle::Leave, &body))
}

fn why(at: &At, told: &Told, alike: &[Alike]) -> Markup {
    let names = alike.iter().map(|one| match one {
        Alike::Party => say!(at, "alike-party"),
        Alike::Place => say!(at, "alike-place"),
        Alike::Period => say!(at, "alike-period"),
    });
    html! {
        p.plain-text { (told.party) " · " (told.address) " · " (told.town) " · " (told.on) }
        p.hint { (say!(at, "alike", what = names.collect::<Vec<_>>().join(" · "))) }
    }
}

fn report(at: &At, number: u64, seen: u64, other: &OtherReport) -> Markup {
    html! {
        a href=(at.path(&format!("reports/{}/handling", other.number))) { (say!(at, "report-number", number = other.number)) }
        (why(at, &other.told, &other.alike))
        @if other.number < number {
            p.hint { @if other.joint { (say!(at, "same-joint")) } @else { (say!(at, "same-later")) } }
            (at.form(&format!("reports/{number}/join"), &html! {
                input type="hidden" name="seen" value=(seen);
                input type="hidden" name="first" value=(other.number);
                (fields::text(at, &format!("note-{}", other.number), "note", &say!(at, "handling-note"), false))
                button.second type="submit" { (say!(at, "same-join", number = other.number)) }
            }))
        } @else {
            p.hint { (say!(at, "same-other-later")) }
        }
    }
}

fn case(at: &At, number: u64, seen: u64, other: &OtherCase) -> Markup {
    html! {
        a href=(at.path(&format!("cases/{}", other.number))) { (say!(at, "case-number", number = other.number)) }
        (why(at, &other.told, &other.alike))
        (at.form(&format!("reports/{number}/handling"), &html! {
            input type="hidden" name="seen" value=(seen);
            input type="hidden" name="step" value="known";
            input type="hidden" name="case" value=(other.number);
            button.second type="submit" { (say!(at, "same-known", number = other.number)) }
        }))
    }
}

/// None when this session has not opened the report: there is nothing to compare.
fn compare_all(console: &Console, session: &Session, role: Role, number: u64) -> Result<Option<Compared>, Fault> {
    let shown = handling::read(console, session, role, number)?;
    let opened: Vec<(u64, Told)> = {
        let opened = session.opened();
        let told = |one: &crate::opened::Opened| Told {
            party: one.party.clone(),
            address: one.address.clone(),
            town: one.town.clone(),
            on: one.received_on,
        };
        opened.values().filter(|one| one.is_report()).map(|one| (one.report, told(one))).collect()
    };
    let Some((_, this)) = opened.iter().find(|(report, _)| *report == number).cloned() else { return Ok(None) };
    let others = opened.into_iter().filter(|(report, _)| *report != number);
    let mut found: Vec<_> =
        others.filter_map(|(report, told)| alike(&this, &told).map(|alike| (report, told, alike))).collect();
    found.sort_unstable_by_key(|(report, ..)| *report);
    let (mut letters, mut feeds) = (Vec::new(), Vec::new());
    for (report, ..) in &found {
        let report = console.register.report(*report)?.ok_or(Fault::NotFound)?;
        letters.push(first_letter(&report)?);
        feeds.push(report.feed.is_some());
    }
    let earns = crate::handling::may_earn(console, session, &shown.report, &shown.handled.now).unwrap_or(false);
    // One entry, whatever is found; after it fact sheets are read too.
    let before = precedence(console, session, role, &shown, letters)?;
    let reports = found.into_iter().zip(before).zip(feeds).map(|(((number, told, alike), before), feed)| {
        let joint = before && told.on == this.on && earns && !feed;
        OtherReport { number, told, alike, joint }
    });
    let reports = reports.collect();
    let (sheets, _) = console.register.dossiers(Dossiers::Cases, &Filter::default(), 0, CASES)?;
    let sheets = crate::dossiers::readable(sheets, |one| console.books.case_of(one)).files;
    let cases = sheets.into_iter().filter_map(|file| {
        let sheet = &file.now.sheet;
        let (party, address, town) = (sheet.party.clone(), sheet.address.clone(), sheet.town.clone());
        let told = Told { party, address, town, on: sheet.found_on };
        alike(&this, &told).map(|alike| OtherCase { number: file.number, told, alike })
    });
    Ok(Some(Compared { shown, reports, cases: cases.collect() }))
}

/// For each of these letters' reports, whether this report was received before it was first opened.
fn precedence(
    console: &Console,
    session: &Session,
    role: Role,
    shown: &Shown,
    others: Vec<LetterDigest>,
) -> Result<Vec<bool>, Fault> {
    let letter = first_letter(&shown.report)?;
    let (recorded, before) = console.recorder.connect()?.compare_reports(&session.person(role), letter, others)?;
    let _ = recorded.use_up();
    Ok(before)
}

/// Whether a case rests on a report that was received after this one. The link from a case to its
/// report is in the papers of later reports alone; each that is read is recorded.
pub(super) fn knows_from_later(
    console: &Console,
    session: &Session,
    role: Role,
    shown: &Shown,
    case: &CaseFile,
) -> Result<bool, Fault> {
    let first = shown.report.letters.first().ok_or(Fault::NotFound)?.received_on;
    if case.now.listed_on < first {
        return Ok(false);
    }
    let stages = Stage::LEADING_TO_A_CASE.map(Stage::code);
    for later in console.register.reports_at(&stages)?.into_iter().filter(|later| *later > shown.report.number) {
        if handling::read(console, session, role, later)?.handled.now.case == Some(case.number) {
            return Ok(true);
        }
    }
    Ok(false)
}

enum Joined {
    Kept,
    Conflict,
    /// One of the two was not opened: whether it may earn a reward is not known.
    Unopened,
    /// The earlier report cannot take another one: its reward is proposed already.
    Impossible,
}

/// Joins this report to an earlier one.
pub(crate) async fn join(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let count = |name: &str| at.field(name)?.parse::<u64>().map_err(|_| Fault::NotUnderstood);
    let (seen, first) = (count("seen")?, count("first")?);
    let note = at.sent().field("note").unwrap_or_default().trim().replace("\r\n", "\n");
    if first >= number {
        return show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "same-other-later"))).await;
    }
    let joined = at.block(move |console| join_one(console, &session, role, (number, seen), first, note)).await?;
    match joined {
        Joined::Kept => Ok(see_other(&at.path(&format!("reports/{number}/handling")))),
        Joined::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "handling-conflict"))).await,
        Joined::Unopened => show(&at, StatusCode::CONFLICT, Some(say!(at, "same-unopened"))).await,
        Joined::Impossible => show(&at, StatusCode::CONFLICT, Some(say!(at, "same-impossible"))).await,
    }
}

fn join_one(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    (number, seen): (u64, u64),
    first: u64,
    note: String,
) -> Result<Joined, Fault> {
    let later = handling::read(console, session, role, number)?;
    if later.handled.seen() != seen {
        return Ok(Joined::Conflict);
    }
    let mut earlier = handling::read(console, session, role, first)?;
    // What is joined to a third one belongs to that.
    if let Some((top, _)) = earlier.handled.now.joined {
        earlier = handling::read(console, session, role, top)?;
    }
    let now = &earlier.handled.now;
    let mut group = vec![first_letter(&earlier.report)?];
    for (report, _) in &now.merged {
        group.push(first_letter(&console.register.report(*report)?.ok_or(Fault::NotFound)?)?);
    }
    let before = precedence(console, session, role, &later, group)?.into_iter().all(|before| before);
    let day = |shown: &Shown| shown.report.letters.first().map(|letter| letter.received_on);
    let earns = |shown: &Shown| crate::handling::may_earn(console, session, &shown.report, &shown.handled.now);
    // Nobody shares with a feed, nor a report that earns nothing with one that does.
    let (Some(one), Some(other)) = (earns(&later), earns(&earlier)) else { return Ok(Joined::Unopened) };
    let joint = before && day(&later) == day(&earlier) && one && other;
    let filed = crate::handling::filed(console, session, &later.report, &later.handled.now);
    let to_earlier = Step::Joined { report: earlier.report.number, joint, note, filed };
    let to_earlier = handling::entered(console, session, to_earlier);
    let merges = handling::entered(console, session, Step::Merged { report: number, joint });
    let fits = |shown: &Shown, step| shown.handled.now.clone().after(step).is_ok();
    if !fits(&later, &to_earlier) || !fits(&earlier, &merges) || !later.handled.now.merged.is_empty() {
        return Ok(Joined::Impossible);
    }
    let steps = vec![
        handling::permit(console, session, role, &later, &to_earlier)?,
        handling::permit(console, session, role, &earlier, &merges)?,
    ];
    match console.register.take(Together { steps, ..Together::default() })? {
        Ok(()) => Ok(Joined::Kept),
        Err(NotEntered::Meanwhile | NotEntered::DocumentTaken) => Ok(Joined::Conflict),
    }
}
