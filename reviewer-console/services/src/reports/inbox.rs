//! The inbox: reports by number, day and count, with what this session has opened; and searching that.

use std::collections::HashMap;

use recorder_protocol::{ClientError, Recorded, ShowList};
use register::{ListedReport, RecordSeries, ReportSelection, StoredReport, UnreadableLetter};

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::retention;

/// Reports on a page.
pub const PAGE: u32 = 20;
/// Letters put aside that are listed.
const ASIDE: i64 = 200;

/// What a session knows of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownReport {
    /// Category code.
    pub category: String,
    /// Who is reported.
    pub party: String,
    /// Township.
    pub town: String,
}

/// What a session knows of reports, by number.
pub type KnownReports = HashMap<u64, KnownReport>;

/// A page of the inbox.
pub struct Inbox {
    /// The reports.
    pub listed: Vec<ListedReport>,
    /// How many there are in all.
    pub count: u64,
    /// Reports with letters that nobody has opened.
    pub unopened: u64,
    /// Letters that were put aside.
    pub aside: usize,
    /// Reports that may be erased.
    pub due: usize,
    /// What this session has opened of them; an error where the recorder could not be asked, since the list works all
    /// the same.
    pub known: Result<KnownReports, ClientError>,
}

/// A page of the inbox. Showing what was opened is recorded.
pub fn inbox(actor: &Actor, listing: ReportSelection, page: u32) -> Result<Inbox, ConsoleError> {
    let (listed, count) = actor.register().reports(listing, page, PAGE)?;
    let numbers: Vec<u64> = listed.iter().map(number_of).collect();
    Ok(Inbox {
        known: shown(actor, &numbers),
        aside: actor.register().unreadable(ASIDE)?.len(),
        due: retention::due(actor)?.len(),
        unopened: actor.register().count_unopened()?,
        listed,
        count,
    })
}

/// A report's number.
#[must_use]
pub fn number_of(listed: &ListedReport) -> u64 {
    u64::try_from(listed.number).unwrap_or_default()
}

/// What the session has opened of these reports, once showing it is recorded.
fn shown(actor: &Actor, numbers: &[u64]) -> Result<KnownReports, ClientError> {
    let any = actor.session.opened().values().filter(|opened| numbers.contains(&opened.report)).count();
    if any == 0 {
        return Ok(KnownReports::new());
    }
    let reports = u32::try_from(any).unwrap_or(u32::MAX);
    Ok(known(actor.record(ShowList { reports })?, actor, numbers))
}

fn known(recorded: Recorded<ShowList>, actor: &Actor, numbers: &[u64]) -> KnownReports {
    let ShowList { .. } = recorded.into_action();
    let opened = actor.session.opened();
    let reports = opened.values().filter(|one| one.is_report() && numbers.contains(&one.report));
    let known = |one: &crate::reports::opened_letter::OpenedLetter| KnownReport {
        category: one.category.clone(),
        party: one.party.clone(),
        town: one.town.clone(),
    };
    reports.map(|one| (one.report, known(one))).collect()
}

/// What a search found.
pub struct SearchResult {
    /// The reports.
    pub listed: Vec<ListedReport>,
    /// What this session has opened of them.
    pub known: KnownReports,
}

/// Searches what this session has opened; nothing else is in clear anywhere. `wanted` is in lower case; `categories`
/// are codes whose names hold it.
pub fn search(actor: &Actor, wanted: &str, categories: &[&str]) -> Result<SearchResult, ConsoleError> {
    let mut numbers: Vec<u64> = {
        let opened = actor.session.opened();
        let hits = opened.values().filter(|one| {
            !wanted.is_empty() && (one.text.contains(wanted) || categories.contains(&one.category.as_str()))
        });
        hits.map(|one| one.report).collect()
    };
    numbers.sort_unstable();
    numbers.dedup();
    let listed = actor.register().reports_numbered(&numbers)?;
    Ok(SearchResult { listed, known: shown(actor, &numbers)? })
}

/// Letters that were put aside.
pub fn unreadable(actor: &Actor) -> Result<Vec<UnreadableLetter>, ConsoleError> {
    Ok(actor.register().unreadable(ASIDE)?)
}

/// A report as it is known without opening it, and how many answers it has.
pub fn locked_report(actor: &Actor, number: u64) -> Result<(StoredReport, usize), ConsoleError> {
    let report = actor.register().report(number)?.ok_or(ConsoleError::NotFound)?;
    Ok((report, actor.register().sealed_records(number, RecordSeries::Reply)?.len()))
}
