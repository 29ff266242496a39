//! The order of first receipt.

use crypto::letters::mailbox::MailboxId;
use crypto::log::checkpoint::RECEIVED;
use database::{AnyConnection, DatabaseError};
use diesel::dsl::max;
use diesel::prelude::*;
use model::LetterDigest;

use crate::entry::NewEntry;
use crate::report_numbers::report_of;
use crate::schema::first_receipts;
use crate::{Logbook, entries};

impl Logbook {
    /// Gives each letter its place in the order of first receipt, from 1 without gaps; a known letter keeps its
    /// place. `now` is UTC, RFC 3339. Durable when it returns.
    pub fn receive(&self, letters: Vec<(LetterDigest, MailboxId)>, now: String) -> Result<Vec<u64>, DatabaseError> {
        let written = self.writer.write(move |connection| {
            letters.iter().map(|letter| place(connection, letter, &now)).collect::<QueryResult<Vec<i64>>>()
        });
        let places = written.wait()?;
        places.into_iter().map(|place| u64::try_from(place).map_err(|_| DatabaseError::Corrupt)).collect()
    }
}

fn place(connection: &mut AnyConnection, (digest, mailbox): &(LetterDigest, MailboxId), now: &str) -> QueryResult<i64> {
    let known = first_receipts::table.filter(first_receipts::digest.eq(digest.to_hex()));
    if let Some(place) = known.select(first_receipts::sequence).first(connection).optional()? {
        return Ok(place);
    }
    // The one writer runs jobs one after the other, so no other job takes this number.
    let last: Option<i64> = first_receipts::table.select(max(first_receipts::sequence)).first(connection)?;
    let next = last.unwrap_or(0) + 1;
    diesel::insert_into(first_receipts::table)
        .values((
            first_receipts::sequence.eq(next),
            first_receipts::digest.eq(digest.to_hex()),
            first_receipts::recorded_at.eq(now),
            first_receipts::mailbox.eq(mailbox.to_hex()),
        ))
        .execute(connection)?;
    // Log the place too: it cannot be changed without changing the tree.
    let entry = NewEntry {
        at: now.to_owned(),
        account: "recorder".to_owned(),
        action: RECEIVED.to_owned(),
        subject: format!("{next} {}", digest.to_hex()),
        ..NewEntry::default()
    };
    let report = report_of(connection, digest)?.map(|(report, _)| report);
    entries::insert(connection, &entry, report)?;
    Ok(next)
}
