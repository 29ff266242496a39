//! Anomalies: reading that an auditor should review, marked by rules that anybody can check by hand. A mark is not an
//! accusation.

use std::collections::BTreeSet;

use crypto::log::checkpoint::LogEntry;
use database::DatabaseError;
use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use logbook::{EntryQuery, Logbook};
use model::BEIJING;
use recorder_protocol::Anomaly;

/// Different reports opened within an hour, at most. More than this is not normal work, and is marked.
const IN_AN_HOUR: usize = 10;
/// Working hours of a day, Beijing time.
const AT_THE_DESK: std::ops::Range<i8> = 7..20;

/// Actions that show the content of a report, or of what was made from it.
const READING: &[&str] = &[
    "open-letter",
    "list-enclosure",
    "read-file",
    "read-replies",
    "read-handling",
    "compare-reports",
    "show-list",
    "read-claim",
    "open-identity",
    "read-identity",
];
/// The action that shows a letter.
pub(crate) const OPENING: &str = "open-letter";
/// The action of handling a report; its last step shows who handles it.
pub(crate) const HANDLING: &str = "handle-report";

/// The anomalies of an entry.
pub(crate) fn about(logbook: &Logbook, entry: &LogEntry) -> Result<Vec<Anomaly>, DatabaseError> {
    let mut found = Vec::new();
    if !READING.contains(&entry.action.as_str()) {
        return Ok(found);
    }
    let Ok(at) = entry.at.parse::<Timestamp>() else { return Ok(found) };
    if outside_hours(at) {
        found.push(Anomaly::OutsideHours);
    }
    if entry.action == OPENING && many(logbook, entry, at)? {
        found.push(Anomaly::ManyReports);
    }
    if handled_by_another(logbook, entry)? {
        found.push(Anomaly::AnothersReport);
    }
    Ok(found)
}

fn outside_hours(at: Timestamp) -> bool {
    let here = at.to_zoned(BEIJING);
    let weekend = matches!(here.weekday(), Weekday::Saturday | Weekday::Sunday);
    weekend || !AT_THE_DESK.contains(&here.hour())
}

fn many(logbook: &Logbook, entry: &LogEntry, at: Timestamp) -> Result<bool, DatabaseError> {
    let hour_ago = at - SignedDuration::from_hours(1);
    let which = EntryQuery {
        account: Some(entry.account.clone()),
        action: Some(OPENING.to_owned()),
        from: Some(hour_ago.to_string().trim_end_matches('Z').to_owned()),
        before: Some(entry.sequence + 1),
        ..EntryQuery::default()
    };
    // Each report may have been opened more than once.
    let most = i64::try_from(IN_AN_HOUR * 50).unwrap_or(i64::MAX);
    let opened = logbook.entries(which, most)?;
    Ok(opened.iter().filter_map(|entry| entry.report).collect::<BTreeSet<_>>().len() > IN_AN_HOUR)
}

fn handled_by_another(logbook: &Logbook, entry: &LogEntry) -> Result<bool, DatabaseError> {
    let Some(report) = entry.report else { return Ok(false) };
    let action = Some(HANDLING.to_owned());
    let which = EntryQuery { report: Some(report), action, before: Some(entry.sequence), ..EntryQuery::default() };
    Ok(logbook.entries(which, 1)?.first().is_some_and(|step| step.account != entry.account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use logbook::{Accompanying, NewEntry};
    use model::LetterDigest;

    struct Book(Logbook, #[allow(dead_code)] tempfile::TempDir);

    impl Book {
        fn with_letters(letters: u8) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("logbook.sqlite");
            logbook::migrate(&file).expect("migrated");
            let logbook = Logbook::open(&file).expect("a logbook");
            let letter = |byte| (LetterDigest::from([byte; 32]), [byte; 32].into());
            logbook.receive((1..=letters).map(letter).collect(), "2026-11-24T00:00:00Z".to_owned()).expect("received");
            Self(logbook, folder)
        }

        fn entry(&self, account: &str, action: &str, letter: u8, at: &str) -> Vec<Anomaly> {
            let entry = NewEntry {
                at: at.to_owned(),
                account: account.to_owned(),
                action: action.to_owned(),
                letter: Some([letter; 32].into()),
                ..NewEntry::default()
            };
            self.0.append(entry, Accompanying::Nothing).expect("asked").expect("appended");
            let newest = self.0.entries(EntryQuery::default(), 1).expect("entries");
            about(&self.0, &newest[0]).expect("judged")
        }
    }

    #[test]
    fn what_is_not_usual_is_named() {
        let book = Book::with_letters(12);
        // 10:00 on a Tuesday in Beijing.
        let noon = |minute: u8| format!("2026-11-24T02:{minute:02}:00.5Z");
        for letter in 1..=10 {
            assert_eq!(book.entry("zhou", "open-letter", letter, &noon(letter)), [], "the tenth is not yet many");
        }
        assert_eq!(book.entry("zhou", "open-letter", 10, &noon(11)), [], "the same one again");
        assert_eq!(book.entry("zhou", "open-letter", 11, &noon(12)), [Anomaly::ManyReports]);
        assert_eq!(book.entry("wu", "open-letter", 11, &noon(13)), [], "another person");
        assert_eq!(book.entry("zhou", "open-letter", 12, "2026-11-24T03:20:00Z"), [], "an hour later");
        assert_eq!(book.entry("zhou", "handle-report", 1, &noon(14)), []);
        assert_eq!(book.entry("zhou", "read-handling", 1, &noon(15)), []);
        assert_eq!(book.entry("wu", "read-file", 1, &noon(16)), [Anomaly::AnothersReport]);
        // 19:59 and 20:00; 06:59 on a Wednesday; noon on a Saturday.
        assert_eq!(book.entry("wu", "open-letter", 2, "2026-11-24T11:59:59Z"), []);
        for late in ["2026-11-24T12:00:00Z", "2026-11-24T22:59:59Z", "2026-11-28T04:00:00Z"] {
            assert_eq!(book.entry("wu", "open-letter", 2, late), [Anomaly::OutsideHours], "{late}");
        }
        assert_eq!(book.entry("lin", "make-account", 2, "2026-11-28T04:00:00Z"), [], "nothing was read");
    }
}
