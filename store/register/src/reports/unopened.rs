//! Letters whose outside does not open: junk that anybody can send, or letters for keys that the recorder lacks. Their
//! bytes are kept for some time, in a bounded space, and tried again when the recorder's keys change.

use crypto::letters::mailbox::MailboxId;
use database::{AnyConnection, DatabaseError};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use model::{Day, Digest, LetterDigest};

use crate::Register;
use crate::reports::letter_refusal::LetterRefusal;
use crate::schema::{letters, unreadable};

/// Days for which the bytes are kept. The recorder's keys come back from a backup by then, or never.
const KEPT_FOR: u16 = 30;
/// Most bytes that are kept; of what comes when there is no more room only the digest is.
const ROOM: i64 = 1024 * 1024 * 1024;
/// Rows that one transaction drops: 14 MB.
const STEP: i64 = 200;

/// A letter whose outside opens with none of the recorder's keys.
pub struct UnopenedLetter {
    /// The mailbox that it came through, which need not be its own.
    pub came_through: MailboxId,
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// The day on which the portal received it.
    pub received_on: Day,
    /// The keys that were tried.
    pub outer_keys: Digest,
    /// The letter as the portal received it.
    pub sealed: Vec<u8>,
}

impl Register {
    /// Letters that were tried with other keys than these, at most `most`; with none, the first ones.
    pub fn unopened(&self, tried_before: Option<Digest>, most: i64) -> Result<Vec<UnopenedLetter>, DatabaseError> {
        type Row = (String, String, String, Option<String>, Vec<u8>);
        let rows: Vec<Row> = self.readers.read(move |connection| {
            let other = tried_before.map_or_else(String::new, |keys| keys.to_hex());
            let waiting = unreadable::reason.eq(LetterRefusal::Outer.code()).and(unreadable::sealed.ne(Vec::new()));
            unreadable::table
                .filter(waiting.and(unreadable::outer_keys.ne(other)))
                .select((
                    unreadable::came_through,
                    unreadable::digest,
                    unreadable::received_on,
                    unreadable::outer_keys,
                    unreadable::sealed,
                ))
                .order(unreadable::id)
                .limit(most)
                .load(connection)
        })?;
        let letter = |(through, digest, day, keys, sealed): Row| {
            Some(UnopenedLetter {
                came_through: through.parse().ok()?,
                digest: digest.parse().ok()?,
                received_on: day.parse().ok()?,
                outer_keys: keys?.parse().ok()?,
                sealed,
            })
        };
        rows.into_iter().map(|row| letter(row).ok_or(DatabaseError::Corrupt)).collect()
    }

    /// Whether the bytes of a letter that does not open are kept.
    pub fn holds_unopened(&self, through: &MailboxId, digest: LetterDigest) -> Result<bool, DatabaseError> {
        let letter = unreadable::came_through.eq(through.to_hex()).and(unreadable::digest.eq(digest.to_hex()));
        let held = unreadable::table.filter(letter.and(unreadable::sealed.ne(Vec::new()))).select(unreadable::id);
        Ok(self.readers.read(|connection| held.first::<i64>(connection).optional())?.is_some())
    }

    /// Forgets letters that open by now, whatever they turned out to be.
    pub fn forget_unopened(&self, letters: Vec<(MailboxId, LetterDigest)>) -> Result<(), DatabaseError> {
        let forgotten = self.writer.write(move |connection| {
            for (through, digest) in letters {
                forget(connection, &through.to_hex(), &digest.to_hex())?;
            }
            Ok(())
        });
        forgotten.wait()
    }

    /// Drops letters whose time is over.
    pub fn give_up_unopened(&self, today: Day) -> Result<(), DatabaseError> {
        let before = today.minus_days(KEPT_FOR).to_string();
        loop {
            let before = before.clone();
            // In steps: officers wait for each, and overwriting what is dropped takes time.
            let given_up = self.writer.write(move |connection| {
                let old = unreadable::reason.eq(LetterRefusal::Outer.code()).and(unreadable::received_on.lt(before));
                let some = unreadable::table.filter(old).select(unreadable::id).limit(STEP).load::<i64>(connection)?;
                diesel::delete(unreadable::table.filter(unreadable::id.eq_any(some))).execute(connection)
            });
            if given_up.wait()? == 0 {
                return Ok(());
            }
        }
    }
}

/// Keeps a letter, or notes that it was tried again. `used`: bytes that are kept already. Returns whether it is new.
pub(crate) fn keep(connection: &mut AnyConnection, letter: &UnopenedLetter, used: &mut i64) -> QueryResult<bool> {
    let (through, digest) = (letter.came_through.to_hex(), letter.digest.to_hex());
    // It was admitted while its outer key was there.
    let admitted = letters::table.filter(letters::digest.eq(&digest)).select(letters::id);
    if admitted.first::<i64>(connection).optional()?.is_some() {
        // A copy of it may have been kept before: it is not tried for ever.
        forget(connection, &through, &digest)?;
        return Ok(false);
    }
    let row = || unreadable::table.filter(unreadable::came_through.eq(&through).and(unreadable::digest.eq(&digest)));
    let keys = letter.outer_keys.to_hex();
    if row().select(unreadable::id).first::<i64>(connection).optional()?.is_some() {
        diesel::update(row()).set(unreadable::outer_keys.eq(keys)).execute(connection)?;
        return Ok(false);
    }
    let size = i64::try_from(letter.sealed.len()).unwrap_or(i64::MAX);
    let has_room = used.saturating_add(size) <= ROOM;
    let sealed = if has_room { letter.sealed.clone() } else { Vec::new() };
    *used += if has_room { size } else { 0 };
    diesel::insert_into(unreadable::table)
        .values((
            unreadable::came_through.eq(&through),
            unreadable::digest.eq(&digest),
            unreadable::received_on.eq(letter.received_on.to_string()),
            unreadable::reason.eq(LetterRefusal::Outer.code()),
            unreadable::outer_keys.eq(keys),
            unreadable::sealed.eq(sealed),
        ))
        .execute(connection)?;
    Ok(true)
}

/// Forgets a letter that opens by now.
pub(crate) fn forget(connection: &mut AnyConnection, through: &str, digest: &str) -> QueryResult<()> {
    let row = unreadable::came_through.eq(through).and(unreadable::digest.eq(digest));
    let row = unreadable::table.filter(row.and(unreadable::reason.eq(LetterRefusal::Outer.code())));
    diesel::delete(row).execute(connection).map(|_| ())
}

/// Bytes that are kept of letters put aside.
pub(crate) fn kept(connection: &mut AnyConnection) -> QueryResult<i64> {
    let waiting = unreadable::table.filter(sql::<Bool>("length(sealed) > 0"));
    let bytes = waiting.select(sql::<Nullable<BigInt>>("sum(length(sealed))"));
    bytes.first::<Option<i64>>(connection).map(Option::unwrap_or_default)
}
