//! One case with everything that was entered, and what may be entered next. The same page serves
//! officers, approvers who sign off, and, at their own door, the case units.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::case::{Case, Entry, FactSheet, Kind, Refused, ReviewResult};
use casework::entered::Entered;
use maud::{Markup, html};
use model::Role;
use recorder_protocol::{EnterCase, Notice, ReadCase};
use register::{Dossiers, NotEntered};

use super::at::At;
use super::case_list::marks;
use super::case_words::{authority, bad_form, kind, problem_and_way_on, review, state, status};
use super::door::Door;
use super::frame::Idle;
use super::guard::see_other;
use super::{case_forms, report, say};
use crate::console::Console;
use crate::dossiers::{self, CaseFile};
use crate::fault::Fault;
use crate::sessions::Session;

/// Entries of one case: years of weekly progress; every page of it replays them all.
const MOST_ENTRIES: usize = 500;
/// Bytes of all files of one case: a case unit must not fill the disk that reports are kept on.
const MOST_BYTES: u64 = 200 * 1024 * 1024;

/// The unit whose cases alone this person may see; none for whoever may see all.
pub(super) fn only_unit(session: &Session, role: Role) -> Result<Option<String>, Fault> {
    match role {
        Role::CaseUnit => session.unit.clone().map(Some).ok_or(Fault::NotFound),
        _ => Ok(None),
    }
}

/// One case.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

/// A case that this person may see; what is not theirs looks as if it were not there, and
/// trying is an entry.
pub(super) fn read(console: &Console, session: &Session, role: Role, number: u64) -> Result<CaseFile, Fault> {
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
            (state(at, file.now.state)) (marks(at, &file, today))
        }
        article.message { (sheet(at, &file.now.sheet)) }
        (standing(at, &file.now))
        section.no-print {
            h2 { (say!(at, "case-next")) }
            @if forms.is_empty() { p { (say!(at, "case-nothing-to-do")) } }
            @for kind in &forms { (case_forms::form(at, &base(role), &file, *kind, &units)) }
        }
        h2 { (say!(at, "case-history")) }
        ul.reports { @for entry in &file.entries { li { (done(at, &base(role), number, entry)) } } }
        (signatures(at))
        p.hint.no-print { (say!(at, "case-print")) }
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

/// Who does what until when; penalty decisions, transfers, the expert.
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
        @for penalty in &case.penalties {
            h2 { (say!(at, "case-decision")) }
            (rows_of(at, &[
                (say!(at, "decision-document"), penalty.decision.document.clone()),
                (say!(at, "decision-party"), penalty.decision.party.clone()),
                (say!(at, "decision-fine"), say!(at, "yuan", amount = penalty.fine.to_string())),
                (say!(at, "decision-day"), penalty.decision.decided_on.to_string()),
                (say!(at, "penalty-status"), status(at, penalty.status)),
                (say!(at, "penalty-collected"), say!(at, "yuan", amount = penalty.collected.to_string())),
            ]))
        }
        @for transfer in &case.transfers {
            h2 { (say!(at, "transfer")) }
            (rows_of(at, &[
                (say!(at, "transfer-to"), authority(at, &transfer.to)),
                (say!(at, "transfer-document"), transfer.document.clone()),
                (say!(at, "transfer-sent-on"), transfer.sent_on.to_string()),
                (say!(at, "transfer-answer-by"), transfer.answer_by.to_string()),
                (say!(at, "answer-what"), match &transfer.answer {
                    None => say!(at, "answer-waits"),
                    Some(answer) if answer.taken => format!("{} · {}", say!(at, "answer-taken"), answer.on),
                    Some(answer) => format!("{} · {}", say!(at, "answer-not-taken"), answer.on),
                }),
            ]))
        }
        @if let Some(expert) = &case.expert { p { (say!(at, "expert-waits", expert = expert.as_str())) } }
    }
}

/// What an entry says in one line, beside its note.
fn about(at: &At, entry: &Entry) -> String {
    let yuan = |fine: &model::Fen| say!(at, "yuan", amount = fine.to_string());
    match entry {
        Entry::Assigned(to) => format!("{} · {} · {}", to.unit, to.responsible, to.deadline),
        Entry::Decided(decision) => format!("{} · {}", decision.document, yuan(&decision.fine)),
        Entry::Withdrawn { document, .. } => document.clone(),
        Entry::Contested { document, on, .. } | Entry::Finalised { document, on } => format!("{document} · {on}"),
        Entry::Reviewed { document, result, fine, on, .. } => {
            let result = ReviewResult::of_code(result).map(|result| review(at, result)).unwrap_or_default();
            let fine = fine.as_ref().map(|fine| format!(" · {}", yuan(fine))).unwrap_or_default();
            format!("{document} · {result}{fine} · {on}")
        }
        Entry::Collected { document, amount, on } => format!("{document} · {} · {on}", yuan(amount)),
        Entry::Transferred(transfer) => format!("{} · {}", authority(at, &transfer.to), transfer.document),
        Entry::Answered { document, answer } => {
            let taken = if answer.taken { say!(at, "answer-taken") } else { say!(at, "answer-not-taken") };
            format!("{document} · {taken} · {}", answer.on)
        }
        Entry::AskedExpert { expert, .. } => expert.clone(),
        _ => String::new(),
    }
}

fn done(at: &At, base: &str, number: u64, entered: &Entered<Entry>) -> Markup {
    let (about, note) = (about(at, &entered.what), entered.what.note().unwrap_or_default());
    html! {
        (kind(at, entered.what.kind()))
        // A unit needs no names of the post: who lists cases would tell where they come from.
        @if at.door() == Door::Cases && at.session().is_ok_and(|session| session.account != entered.by) {
            p.hint { (entered.on) }
        } @else {
            p.hint { (say!(at, "entered-by", day = entered.on.to_string(), account = entered.by.as_str())) }
        }
        @if !about.is_empty() { p.plain-text { (about) } }
        @if !note.is_empty() { p.plain-text { (note) } }
        @if let Entry::Closed { publication, .. } = &entered.what {
            @if !publication.is_empty() { p.plain-text { (say!(at, "case-publication")) (say!(at, "colon")) (publication) } }
        }
        @for file in entered.what.evidence() {
            p {
                a href=(at.path(&format!("{base}/{number}/files/{}", file.digest))) download=(file.name) { (file.name) }
                " · " (say!(at, "bytes", count = file.size))
            }
        }
    }
}

/// Places to sign, on paper only.
fn signatures(at: &At) -> Markup {
    html! {
        dl.print-only {
            @for name in [say!(at, "print-responsible"), say!(at, "print-checked"), say!(at, "print-signed-off")] {
                dt { (name) }
                dd { "　" }
            }
        }
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
    // The very bytes that were sent, in no other order: their digests stand in the entry.
    let files = at.sent().files().iter().map(|file| (file.digest.clone(), file.content.to_vec())).collect();
    let done = at.block(move |console| enter_one(console, &session, role, (number, seen), (entry, files))).await?;
    match done {
        Outcome::Kept => Ok(see_other(&at.path(&format!("{}/{number}", base(role))))),
        Outcome::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "case-conflict"))).await,
        Outcome::UnknownUnit => show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "case-unknown-unit"))).await,
        Outcome::FilesFull => show(&at, StatusCode::CONFLICT, Some(say!(at, "case-files-full"))).await,
        Outcome::Full => show(&at, StatusCode::CONFLICT, Some(say!(at, "case-full"))).await,
        Outcome::DocumentTaken => show(&at, StatusCode::CONFLICT, Some(say!(at, "decision-taken"))).await,
        Outcome::Refused(refused, possible) => {
            let problem = problem_and_way_on(&at, &refused, &possible);
            show(&at, StatusCode::BAD_REQUEST, Some(problem)).await
        }
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
    /// Too many bytes of files.
    FilesFull,
    /// And what may be entered instead.
    Refused(Refused, Vec<Kind>),
}

fn enter_one(
    console: &Console,
    session: &Session,
    role: Role,
    (number, seen): (u64, u64),
    (what, files): (Entry, Vec<(String, Vec<u8>)>),
) -> Result<Outcome, Fault> {
    let file = read(console, session, role, number)?;
    if file.seen() != seen {
        return Ok(Outcome::Conflict);
    }
    if file.entries.len() >= MOST_ENTRIES {
        return Ok(Outcome::Full);
    }
    let so_far = file.entries.iter().map(|entered| &entered.what).chain([&what]);
    if so_far.flat_map(Entry::evidence).map(|one| one.size).sum::<u64>() > MOST_BYTES {
        return Ok(Outcome::FilesFull);
    }
    if let Entry::Assigned(to) = &what
        && !console.register.units()?.contains(&to.unit)
    {
        return Ok(Outcome::UnknownUnit);
    }
    let (kind, possible) = (what.kind(), file.now.possible(role));
    let entered = Entered { by: session.account.clone(), on: console.clock.today(), what };
    let after = match file.now.clone().after(&entered) {
        Ok(after) => after,
        Err(refused) => return Ok(Outcome::Refused(refused, possible)),
    };
    // After the rules have said what is wrong; a role that may not at all is told no more.
    if !possible.contains(&kind) {
        return Ok(Outcome::Refused(Refused::OutOfOrder { state: Some(file.now.state), kind }, possible));
    }
    let (_, digest) = dossiers::written(&entered.what)?;
    let deed = EnterCase { case: number, number: seen + 1, entry: kind.code().to_owned(), digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let files = if entered.what.evidence().is_empty() { Vec::new() } else { files };
    let entering = dossiers::case_entering(recorded, seen, &entered, &after, (files, &console.events))?;
    Ok(match console.register.enter(entering)? {
        Ok(()) => Outcome::Kept,
        Err(NotEntered::Meanwhile) => Outcome::Conflict,
        Err(NotEntered::DocumentTaken) => Outcome::DocumentTaken,
    })
}
