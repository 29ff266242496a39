//! The post's own records on a report, sealed to the post: its answers, and the steps of handling.

use crypto::slots::slot::ReportState;
use database::{AnyConnection, DatabaseError};
use diesel::dsl::max;
use diesel::prelude::*;
use model::Day;

use crate::Register;
use crate::cases::fact_sheets::{self, StoredSheet};
use crate::cases::ledgers::{self, NewLedgerEntry, NotEntered};
use crate::schema::{mailboxes, sealed_records};

/// The series that a sealed record belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum RecordSeries {
    /// Answers to the reporter.
    Reply,
    /// Steps of handling the report.
    Handling,
}

impl RecordSeries {
    fn code(self) -> &'static str {
        self.into()
    }
}

/// A sealed record as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Number within the report and series, from 1.
    pub number: u64,
    /// The day it was written.
    pub written_on: Day,
    /// The account that wrote it.
    pub author: String,
    /// The record's content, sealed to the post.
    pub sealed: Vec<u8>,
    /// The author's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

/// A step of handling, and the stage after it.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// Number of the report.
    pub report: u64,
    /// The step as a sealed record.
    pub record: StoredRecord,
    /// Code of the stage after the step.
    pub stage: &'static str,
}

/// Changes that are stored together or not at all: steps, their entries on the case side, a fact sheet that begins to
/// wait, and fact sheets that no longer wait.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    /// Steps of handling, at most one for each report.
    pub steps: Vec<NewStep>,
    /// Entries, at most one for each ledger.
    pub entering: Vec<NewLedgerEntry>,
    /// A fact sheet that will become a case.
    pub sheet: Option<StoredSheet>,
    /// Row keys of fact sheets whose cases are opened; they are deleted.
    pub released: Vec<i64>,
}

/// Somebody else has written since this officer last read the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict;

impl Register {
    /// The sealed records of a report in one series, oldest first.
    pub fn sealed_records(&self, report: u64, series: RecordSeries) -> Result<Vec<StoredRecord>, DatabaseError> {
        let report = i64::try_from(report).map_err(|_| DatabaseError::Corrupt)?;
        let rows: Vec<(i64, String, String, Vec<u8>, String)> = self.readers.read(|connection| {
            sealed_records::table
                .inner_join(mailboxes::table)
                .filter(mailboxes::number.eq(report).and(sealed_records::series.eq(series.code())))
                .select((
                    sealed_records::number,
                    sealed_records::written_on,
                    sealed_records::author,
                    sealed_records::sealed,
                    sealed_records::attested,
                ))
                .order(sealed_records::number)
                .load(connection)
        })?;
        let record = |(number, day, author, sealed, attested): (i64, String, String, Vec<u8>, String)| {
            let number = u64::try_from(number).ok()?;
            Some(StoredRecord { number, written_on: day.parse().ok()?, author, sealed, attested })
        };
        rows.into_iter().map(|row| record(row).ok_or(DatabaseError::Corrupt)).collect()
    }

    /// Stores an answer if the officer has seen all earlier ones, and sets the state shown to the reporter to
    /// "answered". Durable when it returns.
    pub fn add_reply(&self, report: u64, reply: StoredRecord) -> Result<Result<(), Conflict>, DatabaseError> {
        let written = self.writer.write(move |connection| {
            let Some(mailbox) = next_in(connection, report, RecordSeries::Reply, reply.number)? else {
                return Ok(Err(Conflict));
            };
            insert(connection, mailbox, RecordSeries::Reply, reply)?;
            let answered = mailboxes::state.eq(ReportState::Answered.code());
            diesel::update(mailboxes::table.find(mailbox)).set(answered).execute(connection)?;
            Ok(Ok(()))
        });
        written.wait()
    }

    /// Stores steps of handling and everything that belongs to them, in one transaction. Durable when it returns.
    pub fn take_step(&self, together: Transaction) -> Result<Result<(), NotEntered>, DatabaseError> {
        let written = self.writer.write(move |connection| {
            // Check everything before writing anything.
            let mut mailboxes = Vec::new();
            for step in &together.steps {
                let Some(mailbox) = next_in(connection, step.report, RecordSeries::Handling, step.record.number)?
                else {
                    return Ok(Err(NotEntered::Conflict));
                };
                mailboxes.push(mailbox);
            }
            for entering in &together.entering {
                if let Err(refused) = ledgers::may_enter(connection, entering)? {
                    return Ok(Err(refused));
                }
            }
            if !fact_sheets::are_waiting(connection, &together.released)? {
                return Ok(Err(NotEntered::Conflict));
            }
            for entering in together.entering {
                ledgers::enter(connection, entering)?;
            }
            for (mailbox, step) in mailboxes.into_iter().zip(together.steps) {
                insert(connection, mailbox, RecordSeries::Handling, step.record)?;
                let stage = mailboxes::stage.eq(step.stage);
                diesel::update(mailboxes::table.find(mailbox)).set(stage).execute(connection)?;
            }
            fact_sheets::release(connection, &together.released)?;
            fact_sheets::keep(connection, together.sheet)?;
            Ok(Ok(()))
        });
        written.wait()
    }
}

/// The mailbox's row, if `number` is the next one in its series.
fn next_in(connection: &mut AnyConnection, report: u64, series: RecordSeries, number: u64) -> QueryResult<Option<i64>> {
    let report = i64::try_from(report).unwrap_or(i64::MAX);
    let mailbox = mailboxes::table.filter(mailboxes::number.eq(report)).select(mailboxes::id);
    let mailbox: i64 = mailbox.first(connection)?;
    let earlier =
        sealed_records::table.filter(sealed_records::mailbox.eq(mailbox).and(sealed_records::series.eq(series.code())));
    let last = earlier.select(max(sealed_records::number)).first::<Option<i64>>(connection)?.unwrap_or(0);
    Ok((u64::try_from(last + 1) == Ok(number)).then_some(mailbox))
}

fn insert(connection: &mut AnyConnection, mailbox: i64, series: RecordSeries, record: StoredRecord) -> QueryResult<()> {
    diesel::insert_into(sealed_records::table)
        .values((
            sealed_records::mailbox.eq(mailbox),
            sealed_records::series.eq(series.code()),
            sealed_records::number.eq(i64::try_from(record.number).unwrap_or(i64::MAX)),
            sealed_records::written_on.eq(record.written_on.to_string()),
            sealed_records::author.eq(record.author),
            sealed_records::sealed.eq(record.sealed),
            sealed_records::attested.eq(record.attested),
        ))
        .execute(connection)
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OrderChange;
    use crate::cases::ledgers::LedgerKind;
    use crate::reports::admission::tests::letters;
    use crate::tests::register;

    fn record(number: u64, author: &str) -> StoredRecord {
        let written_on = "2026-11-23".parse().expect("a day");
        StoredRecord { number, written_on, author: author.to_owned(), sealed: vec![1], attested: String::new() }
    }

    #[test]
    fn of_two_officers_who_write_at_once_the_second_is_told() {
        let (register, _folder) = register();
        register.take_in(letters([(1, 1, 1)])).expect("asked").expect("taken in");
        assert_eq!(register.add_reply(1, record(1, "zhou")).expect("asked"), Ok(()));
        assert_eq!(register.add_reply(1, record(1, "wu")).expect("asked"), Err(Conflict));
        assert_eq!(register.add_reply(1, record(2, "wu")).expect("asked"), Ok(()));
        let replies = register.sealed_records(1, RecordSeries::Reply).expect("replies");
        let authors: Vec<String> = replies.into_iter().map(|one| one.author).collect();
        assert_eq!(authors, ["zhou", "wu"]);
        assert_eq!(register.report(1).expect("asked").expect("a report").state, ReportState::Answered);
        assert_eq!(register.take_step(step(1, "zhou", "verifying")).expect("asked"), Ok(()));
        let late = register.take_step(step(1, "wu", "not-ours")).expect("asked");
        assert_eq!(late, Err(NotEntered::Conflict));
        assert_eq!(register.report(1).expect("asked").expect("a report").stage, "verifying");
    }

    fn step(number: u64, author: &str, stage: &'static str) -> Transaction {
        let steps = vec![NewStep { report: 1, record: record(number, author), stage }];
        Transaction { steps, ..Transaction::default() }
    }

    fn case(ledger: u64, number: u64) -> NewLedgerEntry {
        NewLedgerEntry {
            kind: LedgerKind::Cases,
            ledger,
            number,
            on: "2026-11-23".parse().expect("a day"),
            author: "zhou".to_owned(),
            entry: "{}".to_owned(),
            attested: String::new(),
            state: "listed",
            unit: None,
            documents: Vec::new(),
            resting_on: None,
            evidence: Vec::new(),
            event: None,
            order: OrderChange::None,
        }
    }

    #[test]
    fn a_step_and_the_case_that_it_opens_are_kept_together_or_not_at_all() {
        let (register, _folder) = register();
        register.take_in(letters([(1, 1, 1)])).expect("asked").expect("taken in");
        let with = |number| Transaction { entering: vec![case(1, number)], ..step(1, "zhou", "confirmed") };
        let refused = register.take_step(with(2)).expect("asked");
        assert_eq!(refused, Err(NotEntered::Conflict), "its first entry is number 1");
        assert!(register.sealed_records(1, RecordSeries::Handling).expect("sealed_records").is_empty());
        register.take_step(with(1)).expect("asked").expect("kept");
        let late = register.take_step(Transaction { entering: vec![case(1, 2)], ..step(1, "wu", "confirmed") });
        assert_eq!(late.expect("asked"), Err(NotEntered::Conflict));
        assert_eq!(register.ledger(LedgerKind::Cases, 1).expect("asked").expect("a case").entries.len(), 1);
    }

    #[test]
    fn a_sheet_waits_until_its_case_is_opened_once() {
        let (register, _folder) = register();
        register.take_in(letters([(1, 1, 1)])).expect("asked").expect("taken in");
        let sheet = |row| StoredSheet { row, sealed: vec![1], attested: "{}".to_owned() };
        let kept = Transaction { sheet: Some(sheet(7)), ..step(1, "zhou", "confirmed") };
        register.take_step(kept).expect("asked").expect("kept");
        register
            .take_step(Transaction { sheet: Some(sheet(3)), ..Transaction::default() })
            .expect("asked")
            .expect("kept");
        let rows = || register.waiting_sheets().expect("sheets").iter().map(|one| one.row).collect::<Vec<_>>();
        assert_eq!(rows(), [3, 7]);
        let release = |released: &[i64], number| {
            let together =
                Transaction { released: released.to_vec(), entering: vec![case(number, 1)], ..Transaction::default() };
            register.take_step(together).expect("asked")
        };
        assert_eq!(release(&[7, 8], 1), Err(NotEntered::Conflict));
        assert_eq!((release(&[7], 1), rows()), (Ok(()), vec![3]));
        assert_eq!(release(&[7], 2), Err(NotEntered::Conflict), "once");
    }
}
