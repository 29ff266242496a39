//! Exchanges: numbers and totals, the reports that slots are made of, and enclosures.

use crypto::letters::mailbox::MailboxId;
use database::DatabaseError;
use diesel::dsl::max;
use diesel::prelude::*;
use model::{Day, LetterDigest};

use crate::reports::stored_report::StoredReport;
use crate::schema::{enclosures, exchanges, letters, mailboxes, sealed_records, unreadable};
use crate::{LetterKind, Register};

/// Totals of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExchangeTotals {
    /// Number of letters taken in.
    pub letters: u64,
    /// Number of letters put aside as unreadable.
    pub unreadable: u64,
    /// Number of enclosures copied completely.
    pub enclosures: u64,
    /// Number of slots replaced.
    pub slots: u64,
    /// The code of the problem that stopped it; none if it succeeded.
    pub problem: Option<String>,
}

impl Register {
    /// Begins an exchange and returns its number, one more than the last. Slots carry this number.
    pub fn begin_exchange(&self, day: Day) -> Result<u64, DatabaseError> {
        let begun = self.writer.write(move |connection| {
            let last = exchanges::table.select(max(exchanges::number)).first::<Option<i64>>(connection)?;
            let number = last.unwrap_or(0) + 1;
            let none = (exchanges::letters.eq(0), exchanges::unreadable.eq(0), exchanges::enclosures.eq(0));
            let values = (exchanges::number.eq(number), exchanges::day.eq(day.to_string()), none);
            let unfinished = (exchanges::slots.eq(0), exchanges::problem.eq("unfinished"));
            diesel::insert_into(exchanges::table).values((values, unfinished)).execute(connection)?;
            Ok(number)
        });
        u64::try_from(begun.wait()?).map_err(|_| DatabaseError::Corrupt)
    }

    /// Records an exchange's totals.
    pub fn end_exchange(&self, number: u64, exchanged: ExchangeTotals) -> Result<(), DatabaseError> {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let number = count(number);
        let written = self.writer.write(move |connection| {
            let values = (
                exchanges::letters.eq(count(exchanged.letters)),
                exchanges::unreadable.eq(count(exchanged.unreadable)),
                exchanges::enclosures.eq(count(exchanged.enclosures)),
                exchanges::slots.eq(count(exchanged.slots)),
                exchanges::problem.eq(exchanged.problem),
            );
            diesel::update(exchanges::table.find(number)).set(values).execute(connection)
        });
        written.wait().map(|_| ())
    }

    /// The last exchanges, newest first, at most `most`: number, day, totals.
    pub fn exchanges(&self, most: i64) -> Result<Vec<(u64, String, ExchangeTotals)>, DatabaseError> {
        type Row = (i64, String, i64, i64, i64, i64, Option<String>);
        let rows: Vec<Row> = self
            .readers
            .read(|connection| exchanges::table.order(exchanges::number.desc()).limit(most).load(connection))?;
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        let one = |(number, day, letters, unreadable, enclosures, slots, problem): Row| {
            let exchanged = ExchangeTotals {
                letters: count(letters),
                unreadable: count(unreadable),
                enclosures: count(enclosures),
                slots: count(slots),
                problem,
            };
            (count(number), day, exchanged)
        };
        Ok(rows.into_iter().map(one).collect())
    }

    /// The report of a mailbox, from which its slot is made; none if no letter of the mailbox was admitted.
    pub fn report_of(&self, mailbox: &MailboxId) -> Result<Option<StoredReport>, DatabaseError> {
        let known = mailboxes::table.filter(mailboxes::mailbox.eq(mailbox.to_hex())).select(mailboxes::number);
        let number = self.readers.read(|connection| known.first::<i64>(connection).optional())?;
        match number {
            Some(number) => self.report(u64::try_from(number).map_err(|_| DatabaseError::Corrupt)?),
            None => Ok(None),
        }
    }

    /// Mailboxes with nothing but cover letters, all received before `before`. A mailbox with a letter that does not
    /// open, or with an answer, belongs to a reporter and is not returned.
    pub fn only_covers(&self, before: Day) -> Result<Vec<MailboxId>, DatabaseError> {
        let before = before.to_string();
        let ids: Vec<String> = self.readers.read(move |connection| {
            let other = letters::kind
                .is_null()
                .or(letters::kind.ne(LetterKind::Cover.code()))
                .or(letters::received_on.ge(before));
            let others = letters::table.filter(other).select(letters::mailbox);
            let aside = unreadable::table.filter(unreadable::mailbox.is_not_null());
            mailboxes::table
                .filter(mailboxes::id.eq_any(letters::table.select(letters::mailbox)))
                .filter(mailboxes::id.ne_all(others))
                .filter(mailboxes::id.ne_all(sealed_records::table.select(sealed_records::mailbox)))
                .filter(mailboxes::id.ne_all(aside.select(unreadable::mailbox.assume_not_null())))
                .select(mailboxes::mailbox)
                .load(connection)
        })?;
        ids.into_iter().map(|id| id.parse().map_err(|_| DatabaseError::Corrupt)).collect()
    }

    /// Deletes mailboxes that the portal has dropped, with their letters.
    pub fn forget_mailboxes(&self, ids: &[MailboxId]) -> Result<(), DatabaseError> {
        let ids: Vec<String> = ids.iter().map(MailboxId::to_hex).collect();
        let forgotten = self.writer.write(move |connection| {
            for id in ids {
                let mailbox = mailboxes::table.filter(mailboxes::mailbox.eq(id));
                let Some(row) = mailbox.select(mailboxes::id).first::<i64>(connection).optional()? else { continue };
                diesel::delete(letters::table.filter(letters::mailbox.eq(row))).execute(connection)?;
                diesel::delete(mailboxes::table.find(row)).execute(connection)?;
            }
            Ok(())
        });
        forgotten.wait()
    }

    /// Records an enclosure; once complete it remains so. `size` is in bytes before sealing. Returns the row, under
    /// which its parts are stored.
    pub fn note_enclosure(&self, letter: LetterDigest, size: u64, complete: bool) -> Result<i64, DatabaseError> {
        let size = i64::try_from(size).map_err(|_| DatabaseError::Corrupt)?;
        let letter = letter.to_hex();
        let written = self.writer.write(move |connection| {
            let known = enclosures::table.filter(enclosures::letter.eq(&letter));
            let row = known.select(enclosures::id).first::<i64>(connection).optional()?;
            let Some(row) = row else {
                let values =
                    (enclosures::letter.eq(&letter), enclosures::size.eq(size), enclosures::complete.eq(complete));
                diesel::insert_into(enclosures::table).values(values).execute(connection)?;
                let made = enclosures::table.filter(enclosures::letter.eq(&letter)).select(enclosures::id);
                return made.first(connection);
            };
            if complete {
                diesel::update(enclosures::table.find(row)).set(enclosures::complete.eq(true)).execute(connection)?;
            }
            Ok(row)
        });
        written.wait()
    }

    /// An enclosure's row, and whether all its parts are stored.
    pub fn enclosure(&self, letter: LetterDigest) -> Result<Option<(i64, bool)>, DatabaseError> {
        let letter = letter.to_hex();
        self.readers.read(move |connection| {
            let known = enclosures::table.filter(enclosures::letter.eq(letter));
            known.select((enclosures::id, enclosures::complete)).first(connection).optional()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::admission::tests::{header, incoming};
    use crate::tests::register;
    use crate::{LetterRefusal, StoredRecord};

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn numbers_grow_and_an_exchange_that_was_cut_off_says_so() {
        let (register, _folder) = register();
        assert_eq!(register.begin_exchange(day("2026-11-23")).expect("begun"), 1);
        assert_eq!(register.begin_exchange(day("2026-11-24")).expect("begun"), 2);
        register.end_exchange(2, ExchangeTotals { letters: 3, ..ExchangeTotals::default() }).expect("ended");
        let last = register.exchanges(10).expect("exchanges");
        assert_eq!((last[0].0, last[0].2.letters, last[0].2.problem.as_deref()), (2, 3, None));
        assert_eq!(last[1].2.problem.as_deref(), Some("unfinished"));
    }

    #[test]
    fn only_mailboxes_of_old_cover_letters_are_given_up() {
        let (register, _folder) = register();
        let batch = [(1, 1), (2, 2)].map(|(reporter, digest)| incoming(Some(header(reporter, 1)), digest));
        register.take_in(batch.into()).expect("asked").expect("taken in");
        assert!(register.only_covers(day("2026-12-31")).expect("asked").is_empty(), "not opened");
        register.note_opened([1; 32].into(), [1; 32].into(), LetterKind::Cover.code()).expect("noted").expect("first");
        register.note_opened([2; 32].into(), [2; 32].into(), LetterKind::Report.code()).expect("noted").expect("first");
        assert!(register.only_covers(day("2026-11-23")).expect("asked").is_empty(), "not old");
        let covers = register.only_covers(day("2026-11-24")).expect("asked");
        assert_eq!(covers, [header(1, 1).mailbox()]);
        register.forget_mailboxes(&covers).expect("forgotten");
        assert!(register.report(1).expect("asked").is_none() && register.report(2).expect("asked").is_some());
    }

    #[test]
    fn a_mailbox_whose_letter_does_not_open_or_that_was_answered_is_kept() {
        let (register, _folder) = register();
        let batch = [(1, 1), (2, 2)].map(|(reporter, digest)| incoming(Some(header(reporter, 1)), digest));
        register.take_in(batch.into()).expect("asked").expect("taken in");
        register.put_aside([1; 32].into(), LetterRefusal::Inner).expect("put aside");
        register.put_aside([1; 32].into(), LetterRefusal::Inner).expect("twice at once");
        let reply = StoredRecord {
            number: 1,
            written_on: day("2026-11-23"),
            author: "zhou".to_owned(),
            sealed: vec![1],
            attested: String::new(),
        };
        register.add_reply(2, reply).expect("asked").expect("the first");
        register.note_opened([2; 32].into(), [2; 32].into(), LetterKind::Cover.code()).expect("noted").expect("first");
        assert!(register.only_covers(day("2027-01-01")).expect("asked").is_empty());
    }

    #[test]
    fn an_enclosure_that_is_whole_stays_whole() {
        let (register, _folder) = register();
        let letter: LetterDigest = [1; 32].into();
        assert_eq!(register.enclosure(letter).expect("asked"), None);
        let row = register.note_enclosure(letter, 1_048_576, false).expect("noted");
        assert_eq!(register.note_enclosure(letter, 1_048_576, true).expect("noted"), row);
        assert_eq!(register.note_enclosure(letter, 1_048_576, false).expect("noted"), row);
        assert_eq!(register.enclosure(letter).expect("asked"), Some((row, true)));
    }
}
