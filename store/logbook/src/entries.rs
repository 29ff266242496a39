//! Entries of the access log: appended, read, never altered.

use crypto::log::checkpoint::LogEntry;
use database::{AnyConnection, DatabaseError};
use diesel::dsl::max;
use diesel::prelude::*;

use crate::entry::{Accompanying, EntryQuery, NewEntry, NotAppended};
use crate::openings::note_opening;
use crate::report_numbers::report_of;
use crate::salt::fresh_salt;
use crate::schema::entries;
use crate::tree::{self, damaged};
use crate::{Logbook, accounts};

impl Logbook {
    /// Appends an entry and everything that belongs to it, all or nothing, and returns its place. Durable when it
    /// returns.
    pub fn append(&self, entry: NewEntry, with: Accompanying) -> Result<Result<u64, NotAppended>, DatabaseError> {
        let written = self.writer.write(move |connection| append(connection, &entry, &with)).wait()?;
        written.map_or_else(
            |reason| Ok(Err(reason)),
            |place| u64::try_from(place).map(Ok).map_err(|_| DatabaseError::Corrupt),
        )
    }

    /// The place of the first entry of an action about a report; none if there is none.
    pub fn first_about(&self, report: i64, action: &'static str) -> Result<Option<i64>, DatabaseError> {
        let about = entries::report.eq(report).and(entries::action.eq(action));
        let first = entries::table.filter(about).order(entries::sequence).select(entries::sequence);
        self.readers.read(move |connection| first.first(connection).optional())
    }

    /// Whether there is an entry of an action whose subject begins with `subject`.
    pub fn is_recorded(&self, action: &'static str, subject: &str) -> Result<bool, DatabaseError> {
        let about = entries::action.eq(action).and(entries::subject.like(format!("{subject}%")));
        let found = entries::table.filter(about).select(entries::sequence);
        Ok(self.readers.read(move |connection| found.first::<i64>(connection).optional())?.is_some())
    }

    /// Entries that match, newest first, at most `most`.
    pub fn entries(&self, which: EntryQuery, most: i64) -> Result<Vec<LogEntry>, DatabaseError> {
        let place = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let rows: Vec<(i64, String)> = self.readers.read(move |connection| {
            let mut query = entries::table.select((entries::sequence, entries::text)).into_boxed();
            if let Some(account) = which.account {
                query = query.filter(entries::account.eq(account));
            }
            if let Some(report) = which.report {
                query = query.filter(entries::report.eq(place(report)));
            }
            if let Some(action) = which.action {
                query = query.filter(entries::action.eq(action));
            }
            if let Some(from) = which.from {
                query = query.filter(entries::at.ge(from));
            }
            if let Some(until) = which.until {
                query = query.filter(entries::at.lt(until));
            }
            if let Some(before) = which.before {
                query = query.filter(entries::sequence.lt(place(before)));
            }
            query.order(entries::sequence.desc()).limit(most).load(connection)
        })?;
        let entry = |(sequence, text): (i64, String)| {
            let entry = LogEntry::parse(&text).map_err(|_| DatabaseError::Corrupt)?;
            // The row's own place, by which pages go on: a text that was altered may claim another.
            Ok(LogEntry { sequence: u64::try_from(sequence).map_err(|_| DatabaseError::Corrupt)?, ..entry })
        };
        rows.into_iter().map(entry).collect()
    }
}

fn append(
    connection: &mut AnyConnection,
    entry: &NewEntry,
    with: &Accompanying,
) -> QueryResult<Result<i64, NotAppended>> {
    if let Some(nonce) = &entry.nonce {
        let taken = entries::table.filter(entries::nonce.eq(nonce)).select(entries::sequence);
        if taken.first::<i64>(connection).optional()?.is_some() {
            return Ok(Err(NotAppended::Replayed));
        }
    }
    let mut report = None;
    if let Some(letter) = &entry.letter {
        let Some((number, mailbox)) = report_of(connection, letter)? else {
            return Ok(Err(NotAppended::UnknownLetter));
        };
        report = Some(number);
        if let Accompanying::Opening { .. } = with {
            // Before the entry, whose leaf covers the access record.
            let sequence = next_place(connection)?;
            note_opening(connection, &mailbox, with, sequence)?;
        }
    }
    if let Accompanying::Person(change) = with
        && !accounts::change(connection, change)?
    {
        return Ok(Err(NotAppended::UnknownPerson));
    }
    insert(connection, entry, report).map(Ok)
}

/// The next entry's place. The one writer runs jobs one after the other, so no other job takes it.
fn next_place(connection: &mut AnyConnection) -> QueryResult<i64> {
    let last: Option<i64> = entries::table.select(max(entries::sequence)).first(connection)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Inserts an entry with its leaf in the next place.
pub(crate) fn insert(connection: &mut AnyConnection, new: &NewEntry, report: Option<i64>) -> QueryResult<i64> {
    let next = next_place(connection)?;
    let number = |number: i64| u64::try_from(number).map_err(damaged);
    let entry = LogEntry {
        sequence: number(next)?,
        at: new.at.clone(),
        account: new.account.clone(),
        role: new.role.clone(),
        action: new.action.clone(),
        subject: new.subject.clone(),
        report: report.map(number).transpose()?,
        purpose: new.purpose.clone(),
        nonce: new.nonce.clone(),
        ask: new.ask.clone(),
    };
    let (text, salt) = (entry.to_text().map_err(damaged)?, fresh_salt()?);
    diesel::insert_into(entries::table)
        .values((entries::sequence.eq(next), entries::text.eq(&text), entries::salt.eq(&salt)))
        .execute(connection)?;
    tree::add(connection, entry.sequence, &text, &salt)?;
    Ok(next)
}
