//! Queries of auditors, answered after the reading was recorded.

use crypto::log::checkpoint::{LogEntry, RECEIVED};
use jiff::civil::Date;
use logbook::{EntryQuery, Logbook};
use model::{BEIJING, Day, LetterDigest};
use recorder_protocol::{ListedEntry, LogFilter, LogPage, Refusal, RosterLine};

use crate::audit::anomalies::{self, HANDLING, OPENING};
use crate::refusals::not_recorded;

/// Entries on a page: one to three screens.
pub(crate) const PAGE: usize = 50;
/// Entries in an exported file: some years of a county's post, and still within one frame.
pub(crate) const FILE: usize = 20_000;
/// Entries searched for anomalies before a page is returned with those found so far.
const LOOK_THROUGH: usize = 20_000;

/// A page of entries, newest first, at most `most`.
pub(crate) fn log(logbook: &Logbook, filter: &LogFilter, most: usize) -> Result<LogPage, Refusal> {
    let mut which = which(filter)?;
    let (mut entries, mut looked) = (Vec::new(), 0);
    loop {
        let asked = i64::try_from(most + 1).unwrap_or(i64::MAX);
        let found = logbook.entries(which.clone(), asked).map_err(|error| not_recorded(&error))?;
        let last = found.len() <= most;
        looked += found.len();
        for stored in found.into_iter().take(most) {
            if entries.len() == most {
                return Ok(LogPage { entries, more: true });
            }
            which.before = Some(stored.sequence);
            let anomalies = anomalies::about(logbook, &stored).map_err(|error| not_recorded(&error))?;
            if !filter.anomalies || !anomalies.is_empty() {
                // The signed request and its nonce are not sent.
                let entry = LogEntry { nonce: None, ask: None, ..stored };
                entries.push(ListedEntry { entry, anomalies });
            }
        }
        if last || entries.len() == most || looked >= LOOK_THROUGH {
            return Ok(LogPage { entries, more: !last });
        }
    }
}

/// For each of the other reports, whether this one was received before anybody had opened that one. Any step of handling
/// counts as opening: the officer who entered a call knows its content. A report without an entry of its receipt counts as too late.
pub(crate) fn precedence(
    logbook: &Logbook,
    letter: LetterDigest,
    others: &[LetterDigest],
) -> Result<Vec<bool>, Refusal> {
    let report = |letter| {
        let found = logbook.report_of(letter).map_err(|error| not_recorded(&error))?;
        found.ok_or(Refusal::UnknownLetter)
    };
    let first = |report, action| logbook.first_about(report, action).map_err(|error| not_recorded(&error));
    let received = first(report(letter)?, RECEIVED)?;
    let before = others.iter().map(|other| {
        let other = report(*other)?;
        let known = first(other, OPENING)?.into_iter().chain(first(other, HANDLING)?).min();
        Ok(received.is_some_and(|received| known.is_none_or(|known| received < known)))
    });
    before.collect()
}

fn which(filter: &LogFilter) -> Result<EntryQuery, Refusal> {
    Ok(EntryQuery {
        account: filter.account.clone(),
        report: filter.report,
        action: filter.action.clone(),
        from: filter.from.map(start_of).transpose()?,
        until: filter.until.map(|day| start_of(day.plus_days(1))).transpose()?,
        before: filter.before,
    })
}

/// All accounts on the roster, revoked ones included.
pub(crate) fn roster(logbook: &Logbook) -> Result<Vec<RosterLine>, Refusal> {
    let people = logbook.roster().map_err(|error| not_recorded(&error))?;
    let line = |person: logbook::StoredAccount| RosterLine {
        number: person.number,
        account: person.account,
        roles: person.roles,
        key: person.key,
        confirmed: person.confirmed,
    };
    Ok(people.into_iter().map(line).collect())
}

/// The moment in UTC at which a day begins in Asia/Shanghai. Formatted like the log's times up to the second, so that
/// both compare as text.
fn start_of(day: Day) -> Result<String, Refusal> {
    let date: Date = day.to_string().parse().map_err(|_| Refusal::NotUnderstood)?;
    let start = date.to_zoned(BEIJING).map_err(|_| Refusal::NotUnderstood)?;
    let text = start.timestamp().to_string();
    Ok(text.trim_end_matches('Z').to_owned())
}
