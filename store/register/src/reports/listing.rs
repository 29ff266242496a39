//! Lists of locked reports: numbers, days and counts, no content.

use database::DatabaseError;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::Register;

/// A report in the list.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct ListedReport {
    /// The place of its first letter in the order of first receipt.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// `received`, `read` or `answered`: the state shown to the reporter.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// The stage of handling, as a code of `casework`.
    #[diesel(sql_type = Text)]
    pub stage: String,
    /// The day of its first letter.
    #[diesel(sql_type = Text)]
    pub first: String,
    /// The day of its newest letter.
    #[diesel(sql_type = Text)]
    pub newest: String,
    /// Number of letters.
    #[diesel(sql_type = BigInt)]
    pub letters: i64,
    /// Number of letters that nobody has opened.
    #[diesel(sql_type = BigInt)]
    pub unopened: i64,
    /// Number of enclosures that have not arrived completely.
    #[diesel(sql_type = BigInt)]
    pub pending: i64,
    /// Number of the post's answers.
    #[diesel(sql_type = BigInt)]
    pub replies: i64,
    /// The feed that it came from; none for what people sent.
    #[diesel(sql_type = Nullable<Text>)]
    pub feed: Option<String>,
}

/// A selection of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportSelection {
    /// People's reports with letters that nobody has opened.
    Unopened,
    /// People's reports at a stage at which they wait for the post.
    Open,
    /// Clues of feeds at a stage at which they wait for the post.
    Clues,
    /// All reports.
    All,
}

/// Reports, newest first. The inner query counts once per report.
const LISTED: &str = "SELECT m.number, m.state, m.stage, \
    min(l.received_on) AS first, max(l.received_on) AS newest, count(*) AS letters, \
    sum(l.kind IS NULL) AS unopened, \
    (SELECT count(*) FROM letters x WHERE x.mailbox = m.id AND x.enclosure AND NOT EXISTS \
     (SELECT 1 FROM enclosures e WHERE e.letter = x.digest AND e.complete)) AS pending, \
    (SELECT count(*) FROM sealed_records p WHERE p.mailbox = m.id AND p.series = 'reply') AS replies, m.feed \
    FROM mailboxes m JOIN letters l ON l.mailbox = m.id \
    GROUP BY m.id";

/// Stages at which a report waits for the post.
const OPEN: &str = "m.stage IN ('new', 'verifying', 'drafted', 'confirmed', 'returned')";

impl Register {
    /// A page of reports, numbered from 0, newest first, and the total number of reports selected.
    pub fn reports(
        &self,
        listing: ReportSelection,
        page: u32,
        size: u32,
    ) -> Result<(Vec<ListedReport>, u64), DatabaseError> {
        let having = match listing {
            ReportSelection::Unopened => " HAVING unopened > 0 AND m.feed IS NULL".to_owned(),
            ReportSelection::Open => format!(" HAVING {OPEN} AND m.feed IS NULL"),
            ReportSelection::Clues => format!(" HAVING {OPEN} AND m.feed IS NOT NULL"),
            ReportSelection::All => String::new(),
        };
        let (limit, offset) = (i64::from(size), i64::from(page) * i64::from(size));
        self.readers.read(move |connection| {
            let listed = diesel::sql_query(format!("{LISTED}{having} ORDER BY m.number DESC LIMIT ? OFFSET ?"))
                .bind::<BigInt, _>(limit)
                .bind::<BigInt, _>(offset)
                .load::<ListedReport>(connection)?;
            let count = format!("SELECT count(*) AS count FROM ({LISTED}{having})");
            let count = diesel::sql_query(count).get_result::<Count>(connection)?;
            Ok((listed, u64::try_from(count.count).unwrap_or_default()))
        })
    }

    /// The reports with these numbers, newest first.
    pub fn reports_numbered(&self, numbers: &[u64]) -> Result<Vec<ListedReport>, DatabaseError> {
        // No escaping needed: these are numbers, not text.
        let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let chosen = format!("{LISTED} HAVING m.number IN ({}) ORDER BY m.number DESC", numbers.join(","));
        self.readers.read(|connection| diesel::sql_query(chosen).load(connection))
    }

    /// All reports that have more than cover letters, oldest first.
    pub fn all_reports(&self) -> Result<Vec<ListedReport>, DatabaseError> {
        let all = format!("{LISTED} ORDER BY m.number");
        self.readers.read(move |connection| diesel::sql_query(all).load(connection))
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
