//! Letters put aside because they do not open or were refused. They are stored apart and block nothing.

use database::DatabaseError;
use diesel::prelude::*;
use model::LetterDigest;

use crate::Register;
use crate::reports::letter_refusal::LetterRefusal;
use crate::reports::unopened;
use crate::schema::{letters, mailboxes, unreadable};

/// A letter that does not open, or was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableLetter {
    /// Its place in the order of first receipt; none if its outside does not open.
    pub sequence: Option<i64>,
    /// The day on which the portal received it.
    pub received_on: String,
    /// The code of [`LetterRefusal`].
    pub reason: String,
    /// The number of the report that it was sent to; none if it was refused before admission.
    pub report: Option<i64>,
}

impl Register {
    /// Puts aside a letter that does not open or must be refused. It stays stored.
    pub fn put_aside(&self, letter: LetterDigest, reason: LetterRefusal) -> Result<(), DatabaseError> {
        let digest = letter.to_hex();
        self.writer
            .write(move |connection| {
                type Row = (i64, String, String, i64, String, Vec<u8>);
                let row = letters::table.inner_join(mailboxes::table).filter(letters::digest.eq(&digest)).select((
                    letters::mailbox,
                    mailboxes::mailbox,
                    letters::letter,
                    letters::sequence,
                    letters::received_on,
                    letters::sealed,
                ));
                // No row: somebody else put the letter aside in the meantime.
                let Some((mailbox, through, letter, sequence, received_on, sealed)) =
                    row.first::<Row>(connection).optional()?
                else {
                    return Ok(());
                };
                unopened::forget(connection, &through, &digest)?;
                diesel::insert_into(unreadable::table)
                    .values((
                        unreadable::came_through.eq(through),
                        unreadable::mailbox.eq(mailbox),
                        unreadable::letter.eq(letter),
                        unreadable::digest.eq(&digest),
                        unreadable::sequence.eq(sequence),
                        unreadable::received_on.eq(received_on),
                        unreadable::reason.eq(reason.code()),
                        unreadable::sealed.eq(sealed),
                    ))
                    .execute(connection)?;
                diesel::delete(letters::table.filter(letters::digest.eq(&digest))).execute(connection).map(|_| ())
            })
            .wait()
    }

    /// Letters put aside, newest first, at most `most`; without junk of which only the digest is kept.
    pub fn unreadable(&self, most: i64) -> Result<Vec<UnreadableLetter>, DatabaseError> {
        type Row = (Option<i64>, String, String, Option<i64>);
        let rows: Vec<Row> = self.readers.read(|connection| {
            unreadable::table
                .left_join(mailboxes::table)
                .filter(unreadable::reason.ne(LetterRefusal::Outer.code()).or(unreadable::sealed.ne(Vec::new())))
                .select((
                    unreadable::sequence,
                    unreadable::received_on,
                    unreadable::reason,
                    mailboxes::number.nullable(),
                ))
                .order((unreadable::received_on.desc(), unreadable::sequence.desc()))
                .limit(most)
                .load(connection)
        })?;
        let one =
            |(sequence, received_on, reason, report): Row| UnreadableLetter { sequence, received_on, reason, report };
        Ok(rows.into_iter().map(one).collect())
    }
}
