//! Enclosures: which are expected, and which are whole in the console's own store.

use crypto::slots::slot::EnclosureState;
use database::DatabaseError;
use diesel::prelude::*;
use model::{Day, LetterDigest};

use crate::Register;
use crate::schema::{enclosures, letters};

/// What is known of a letter's enclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredEnclosure {
    /// Size in bytes before sealing, as of the newest attempt; none before a first one.
    pub size: Option<u64>,
    /// Whether all of it has arrived.
    pub whole: bool,
}

impl StoredEnclosure {
    /// The state that officers and the reporter read, for an enclosure or none of a letter that came on a day.
    #[must_use]
    pub fn state(enclosure: Option<Self>, received_on: Day, today: Day) -> EnclosureState {
        match enclosure {
            None => EnclosureState::None {},
            Some(Self { whole: true, .. }) => EnclosureState::Whole {},
            Some(_) if received_on < today => EnclosureState::Incomplete { since: received_on },
            Some(_) => EnclosureState::Announced {},
        }
    }
}

impl Register {
    /// Whether an enclosure of this letter is still to come: the letter was admitted and announces one, and it is
    /// neither whole nor erased.
    pub fn awaits_enclosure(&self, letter: LetterDigest) -> Result<bool, DatabaseError> {
        let digest = letter.to_hex();
        self.readers.read(move |connection| {
            let whole = enclosures::table.filter(enclosures::letter.eq(&digest).and(enclosures::complete.eq(true)));
            if whole.select(enclosures::id).first::<i64>(connection).optional()?.is_some() {
                return Ok(false);
            }
            let announces = letters::table.filter(letters::digest.eq(&digest).and(letters::enclosure.eq(true)));
            Ok(announces.select(letters::id).first::<i64>(connection).optional()?.is_some())
        })
    }

    /// The row of an enclosure that is not whole, and of which parts of another attempt than this one may be stored.
    pub fn other_attempt(&self, letter: LetterDigest, attempt: u64) -> Result<Option<i64>, DatabaseError> {
        let attempt = i64::try_from(attempt).map_err(|_| DatabaseError::Corrupt)?;
        let letter = enclosures::letter.eq(letter.to_hex()).and(enclosures::complete.eq(false));
        let other = enclosures::table.filter(letter.and(enclosures::attempt.ne(attempt))).select(enclosures::id);
        self.readers.read(|connection| other.first(connection).optional())
    }

    /// Whether a letter was admitted, erased ones included.
    pub fn knows_letter(&self, letter: LetterDigest) -> Result<bool, DatabaseError> {
        let known = letters::table.filter(letters::digest.eq(letter.to_hex())).select(letters::id);
        Ok(self.readers.read(|connection| known.first::<i64>(connection).optional())?.is_some())
    }

    /// Records an enclosure; once complete it remains so, and until then a later attempt may have another size. `size`
    /// is in bytes before sealing. Returns the row, under which its parts are stored.
    pub fn note_enclosure(
        &self,
        letter: LetterDigest,
        attempt: u64,
        size: u64,
        complete: bool,
    ) -> Result<i64, DatabaseError> {
        let number = |number: u64| i64::try_from(number).map_err(|_| DatabaseError::Corrupt);
        let (attempt, size) = (number(attempt)?, number(size)?);
        let letter = letter.to_hex();
        let written = self.writer.write(move |connection| {
            let known = enclosures::table.filter(enclosures::letter.eq(&letter));
            let row = known.select(enclosures::id).first::<i64>(connection).optional()?;
            let values =
                (enclosures::size.eq(size), enclosures::attempt.eq(attempt), enclosures::complete.eq(complete));
            let Some(row) = row else {
                let values = (enclosures::letter.eq(&letter), values);
                diesel::insert_into(enclosures::table).values(values).execute(connection)?;
                let made = enclosures::table.filter(enclosures::letter.eq(&letter)).select(enclosures::id);
                return made.first(connection);
            };
            let incomplete = enclosures::table.filter(enclosures::id.eq(row).and(enclosures::complete.eq(false)));
            diesel::update(incomplete).set(values).execute(connection)?;
            Ok(row)
        });
        written.wait()
    }

    /// The row and the size, in bytes before sealing, of an enclosure that is whole.
    pub fn whole_enclosure(&self, letter: LetterDigest) -> Result<Option<(i64, u64)>, DatabaseError> {
        let letter = letter.to_hex();
        let row: Option<(i64, i64)> = self.readers.read(move |connection| {
            let whole = enclosures::table.filter(enclosures::letter.eq(letter).and(enclosures::complete.eq(true)));
            whole.select((enclosures::id, enclosures::size)).first(connection).optional()
        })?;
        row.map(|(row, size)| Ok((row, u64::try_from(size).map_err(|_| DatabaseError::Corrupt)?))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::admission::IncomingLetters;
    use crate::reports::admission::tests::{header, incoming};
    use crate::tests::register;
    use crypto::sealing::outer::Header;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    /// B03 of the review: the officer waited for attachments that nobody was ever going to send.
    #[test]
    fn what_was_announced_and_did_not_come_is_incomplete_from_the_next_day_on() {
        let state = |enclosure, today| StoredEnclosure::state(enclosure, day("2026-11-23"), day(today));
        let (coming, whole) =
            (StoredEnclosure { size: None, whole: false }, StoredEnclosure { size: Some(1), whole: true });
        assert_eq!(state(None, "2026-12-01"), EnclosureState::None {});
        assert_eq!(state(Some(coming), "2026-11-23"), EnclosureState::Announced {});
        let since = day("2026-11-23");
        assert_eq!(state(Some(coming), "2026-11-24"), EnclosureState::Incomplete { since });
        assert_eq!(state(Some(whole), "2026-12-01"), EnclosureState::Whole {});
    }

    #[test]
    fn only_what_was_announced_and_is_not_whole_is_awaited() {
        let (register, _folder) = register();
        let with = incoming(Header { enclosure: true, ..header(1, 1) }, 1);
        let letters = vec![with, incoming(header(1, 2), 2)];
        register.take_in(IncomingLetters { letters, ..IncomingLetters::default() }).expect("asked").expect("taken in");
        let awaits = |digest: u8| register.awaits_enclosure([digest; 32].into()).expect("asked");
        assert!(awaits(1) && !awaits(2) && !awaits(3));
        register.note_enclosure([1; 32].into(), 1, 8, false).expect("noted");
        assert!(awaits(1));
        let stored = || register.report(1).expect("asked").expect("a report").letters[0].enclosure;
        assert_eq!(stored(), Some(StoredEnclosure { size: Some(8), whole: false }));
        register.note_enclosure([1; 32].into(), 2, 16, true).expect("a later attempt");
        assert!(!awaits(1));
        assert_eq!(stored(), Some(StoredEnclosure { size: Some(16), whole: true }));
    }

    #[test]
    fn an_enclosure_that_is_whole_stays_whole() {
        let (register, _folder) = register();
        let letter: LetterDigest = [1; 32].into();
        let row = register.note_enclosure(letter, 1, 1_048_576, false).expect("noted");
        let other = |attempt| register.other_attempt(letter, attempt).expect("asked");
        assert_eq!((other(1), other(2)), (None, Some(row)));
        assert_eq!(register.whole_enclosure(letter).expect("asked"), None);
        assert_eq!(register.note_enclosure(letter, 2, 1_048_576, true).expect("noted"), row);
        assert_eq!(register.note_enclosure(letter, 3, 2_097_152, false).expect("noted"), row, "it is whole");
        assert_eq!(other(3), None, "what is whole stays");
        assert_eq!(register.whole_enclosure(letter).expect("asked"), Some((row, 1_048_576)));
    }
}
