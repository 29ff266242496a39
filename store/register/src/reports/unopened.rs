//! Letters whose outside does not open: junk that anybody can send, or letters for keys that the recorder lacks. Their
//! bytes are kept for some time, in a bounded space, and tried again when the recorder's keys change.

use crypto::letters::mailbox::MailboxId;
use database::{AnyConnection, DatabaseError};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use model::{Day, Digest, LetterDigest};

use crate::Register;
use crate::reports::admission::{LetterRefusal, UnopenedLetter};
use crate::schema::unreadable;

/// Days for which the bytes are kept. The recorder's keys come back from a backup by then, or never.
const KEPT_FOR: u16 = 30;
/// Most bytes that are kept; of what comes when there is no more room only the digest is.
const ROOM: i64 = 1024 * 1024 * 1024;

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

    /// Drops the bytes of letters whose time is over; their digests remain.
    pub fn give_up_unopened(&self, today: Day) -> Result<(), DatabaseError> {
        let before = today.minus_days(KEPT_FOR).to_string();
        let given_up = self.writer.write(move |connection| {
            let old = unreadable::reason.eq(LetterRefusal::Outer.code()).and(unreadable::received_on.lt(before));
            let row = unreadable::table.filter(old.and(unreadable::sealed.ne(Vec::new())));
            diesel::update(row).set(unreadable::sealed.eq(Vec::new())).execute(connection).map(|_| ())
        });
        given_up.wait()
    }
}

/// Keeps a letter, or notes that it was tried again. Returns whether it is new.
pub(crate) fn keep(connection: &mut AnyConnection, letter: &UnopenedLetter) -> QueryResult<bool> {
    let (through, digest) = (letter.came_through.to_hex(), letter.digest.to_hex());
    let row = || unreadable::table.filter(unreadable::came_through.eq(&through).and(unreadable::digest.eq(&digest)));
    let keys = letter.outer_keys.to_hex();
    if row().select(unreadable::id).first::<i64>(connection).optional()?.is_some() {
        diesel::update(row()).set(unreadable::outer_keys.eq(keys)).execute(connection)?;
        return Ok(false);
    }
    let size = i64::try_from(letter.sealed.len()).unwrap_or(i64::MAX);
    let sealed = if kept(connection)?.saturating_add(size) <= ROOM { letter.sealed.clone() } else { Vec::new() };
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

/// Bytes that are kept of letters that do not open.
fn kept(connection: &mut AnyConnection) -> QueryResult<i64> {
    let waiting = unreadable::table.filter(unreadable::reason.eq(LetterRefusal::Outer.code()));
    let bytes = waiting.select(sql::<Nullable<BigInt>>("sum(length(sealed))"));
    bytes.first::<Option<i64>>(connection).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::admission::IncomingLetters;
    use crate::reports::admission::tests::{header, incoming};
    use crate::tests::register;

    fn unopened(came_through: MailboxId, digest: u8, keys: u8) -> IncomingLetters {
        let letter = UnopenedLetter {
            came_through,
            digest: [digest; 32].into(),
            received_on: "2026-11-23".parse().expect("a day"),
            outer_keys: [keys; 32].into(),
            sealed: vec![digest; 8],
        };
        IncomingLetters { unopened: vec![letter], ..IncomingLetters::default() }
    }

    /// H3 of the review: junk cost storage for ever. And a copy of an honest letter that came first, while the recorder
    /// lacked the key, must not stand in its way.
    #[test]
    fn what_does_not_open_is_tried_again_with_other_keys_and_then_only_counted() {
        let (register, _folder) = register();
        let (own, other) = (header(1, 1).mailbox(), header(2, 1).mailbox());
        let take = |batch| register.take_in(batch).expect("asked").expect("taken in").refused;
        assert_eq!((take(unopened(other, 1, 1)), take(unopened(own, 1, 1)), take(unopened(own, 1, 1))), (1, 1, 0));
        let waiting = |keys: Option<u8>| {
            let found = register.unopened(keys.map(|keys| [keys; 32].into()), 10).expect("asked");
            found.into_iter().map(|letter| letter.came_through).collect::<Vec<_>>()
        };
        assert_eq!((waiting(None), waiting(Some(1))), (vec![other, own], vec![]));
        assert_eq!(waiting(Some(2)), [other, own]);
        assert_eq!(take(unopened(other, 1, 2)), 0);
        assert_eq!(waiting(Some(2)), [own]);
        let opens = IncomingLetters { letters: vec![incoming(header(1, 1), 1)], ..IncomingLetters::default() };
        assert_eq!(register.take_in(opens).expect("asked").expect("taken in").admitted, 1);
        assert_eq!(waiting(Some(3)), [other], "the letter itself is not hidden by its copy");
        register.forget_unopened(vec![(own, [1; 32].into())]).expect("forgotten before");
        register.give_up_unopened("2026-12-23".parse().expect("a day")).expect("given up");
        assert_eq!(waiting(Some(3)), [other]);
        register.give_up_unopened("2026-12-24".parse().expect("a day")).expect("given up");
        assert_eq!(waiting(Some(3)), []);
        assert_eq!(register.unreadable(10).expect("asked").len(), 0, "nobody needs to look at it");
        assert_eq!(take(unopened(other, 1, 4)), 0);
    }
}
