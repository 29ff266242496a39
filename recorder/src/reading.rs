//! What an auditor reads, after the reading itself was recorded.

use crypto::day::Day;
use jiff::civil::Date;
use jiff::tz::{self, TimeZone};
use logbook::{Logbook, StoredEntry, Which};
use recording::{Entry, Filter, LogPage, Refusal, RosterLine};

use crate::answer::not_recorded;

/// Entries on a page: what fits a screen or three.
const PAGE: usize = 50;

/// A page of the log, newest first.
pub(crate) fn log(logbook: &Logbook, filter: &Filter) -> Result<LogPage, Refusal> {
    let number = |number: Option<u64>| number.map(i64::try_from).transpose().map_err(|_| Refusal::NotUnderstood);
    let which = Which {
        account: filter.account.clone(),
        report: number(filter.report)?,
        action: filter.action.clone(),
        from: filter.from.map(start_of).transpose()?,
        until: filter.until.map(|day| start_of(day.plus_days(1))).transpose()?,
        before: number(filter.before)?,
    };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = logbook.entries(which, most).map_err(|error| not_recorded(&error))?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    Ok(LogPage { entries: found.into_iter().map(entry).collect(), more })
}

/// Everybody in the roster.
pub(crate) fn roster(logbook: &Logbook) -> Result<Vec<RosterLine>, Refusal> {
    let people = logbook.roster().map_err(|error| not_recorded(&error))?;
    let line = |person: logbook::RosterPerson| RosterLine {
        number: person.number,
        account: person.account,
        roles: person.roles,
        key: person.key,
        confirmed: person.confirmed,
    };
    Ok(people.into_iter().map(line).collect())
}

fn entry(stored: StoredEntry) -> Entry {
    Entry {
        sequence: u64::try_from(stored.sequence).unwrap_or_default(),
        at: stored.at,
        account: stored.account,
        role: stored.role,
        action: stored.action,
        subject: stored.subject,
        report: stored.report.and_then(|report| u64::try_from(report).ok()),
        purpose: stored.purpose,
    }
}

/// The moment, UTC, at which a day begins in Asia/Shanghai. Written like the log's own times up
/// to the second, so that both compare as text.
fn start_of(day: Day) -> Result<String, Refusal> {
    let date: Date = day.to_string().parse().map_err(|_| Refusal::NotUnderstood)?;
    let start = date.to_zoned(TimeZone::fixed(tz::offset(8))).map_err(|_| Refusal::NotUnderstood)?;
    let text = start.timestamp().to_string();
    Ok(text.trim_end_matches('Z').to_owned())
}
