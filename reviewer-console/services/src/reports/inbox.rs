//! The inbox: reports by number, day and count, with the content that this session has opened, and a search in that.

use std::collections::HashMap;

use human_text::plain;
use recorder_protocol::{ClientError, Recorded, ShowList};
use register::{ListedReport, RecordSeries, ReportSelection, StoredReport, UnreadableLetter};

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::retention;

/// Reports on one page of the inbox.
pub const PAGE: u32 = 20;
/// Unreadable letters that are listed at most.
const ASIDE: i64 = 200;

/// Content of a report that this session has opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownReport {
    /// Code of the category.
    pub category: String,
    /// The party that is reported.
    pub party: String,
    /// The township, as the letter states it.
    pub town: String,
}

/// Content of the reports that this session has opened, by number.
pub type KnownReports = HashMap<u64, KnownReport>;

/// One page of the inbox.
pub struct Inbox {
    /// The reports of this page, newest first.
    pub listed: Vec<ListedReport>,
    /// Number of reports on all pages.
    pub count: u64,
    /// Number of letters that were put aside as unreadable, at most 200.
    pub aside: usize,
    /// Number of reports that may be erased today.
    pub due: usize,
    /// Content of these reports that this session has opened. An error if showing it was not recorded, since the list
    /// works all the same.
    pub known: Result<KnownReports, ClientError>,
}

/// Reads a page of the inbox, numbered from 0. Showing opened content is recorded.
pub fn inbox(actor: &Actor, listing: ReportSelection, page: u32) -> Result<Inbox, ConsoleError> {
    let (listed, count) = actor.register().reports(listing, page, PAGE)?;
    let numbers: Vec<u64> = listed.iter().map(number_of).collect();
    Ok(Inbox {
        known: shown(actor, &numbers),
        aside: actor.register().unreadable(ASIDE)?.len(),
        due: retention::due(actor)?.len(),
        listed,
        count,
    })
}

/// The number of a listed report.
#[must_use]
pub fn number_of(listed: &ListedReport) -> u64 {
    u64::try_from(listed.number).unwrap_or_default()
}

/// Content of these reports that the session has opened; showing it is recorded first.
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

/// Reports that a search found.
pub struct SearchResult {
    /// The reports with a match.
    pub listed: Vec<ListedReport>,
    /// Content of these reports that this session has opened.
    pub known: KnownReports,
}

/// Searches the content that this session has opened; there is no other content in clear. `wanted` is text as typed;
/// `categories` are the codes whose names contain it. Showing the result is recorded.
pub fn search(actor: &Actor, wanted: &str, categories: &[&str]) -> Result<SearchResult, ConsoleError> {
    let wanted = plain(wanted);
    let mut numbers: Vec<u64> = {
        let opened = actor.session.opened();
        let hits = opened.values().filter(|one| {
            !wanted.is_empty() && (one.text.contains(&wanted) || categories.contains(&one.category.as_str()))
        });
        hits.map(|one| one.report).collect()
    };
    numbers.sort_unstable();
    numbers.dedup();
    let listed = actor.register().reports_numbered(&numbers)?;
    Ok(SearchResult { listed, known: shown(actor, &numbers)? })
}

/// Letters that were put aside as unreadable, at most 200.
pub fn unreadable(actor: &Actor) -> Result<Vec<UnreadableLetter>, ConsoleError> {
    Ok(actor.register().unreadable(ASIDE)?)
}

/// A report without its content, and the number of answers to it.
pub fn locked_report(actor: &Actor, number: u64) -> Result<(StoredReport, usize), ConsoleError> {
    let report = actor.register().report(number)?.ok_or(ConsoleError::NotFound)?;
    Ok((report, actor.register().sealed_records(number, RecordSeries::Reply)?.len()))
}
