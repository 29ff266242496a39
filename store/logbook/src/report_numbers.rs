//! The report of a letter. A report's number is the place of the first letter of its mailbox.

use database::{AnyConnection, DatabaseError};
use diesel::dsl::min;
use diesel::prelude::*;
use model::LetterDigest;

use crate::Logbook;
use crate::schema::first_receipts;

impl Logbook {
    /// The number of a letter's report; none if the letter was never received.
    pub fn report_of(&self, letter: LetterDigest) -> Result<Option<i64>, DatabaseError> {
        let found = self.readers.read(|connection| report_of(connection, &letter))?;
        Ok(found.map(|(report, _)| report))
    }
}

/// A letter's report and mailbox; none if the letter was never received.
pub(crate) fn report_of(connection: &mut AnyConnection, letter: &LetterDigest) -> QueryResult<Option<(i64, String)>> {
    let known = first_receipts::table.filter(first_receipts::digest.eq(letter.to_hex()));
    let Some(mailbox) = known.select(first_receipts::mailbox).first::<String>(connection).optional()? else {
        return Ok(None);
    };
    let first = first_receipts::table.filter(first_receipts::mailbox.eq(&mailbox));
    let report = first.select(min(first_receipts::sequence)).first::<Option<i64>>(connection)?;
    Ok(report.map(|report| (report, mailbox)))
}
