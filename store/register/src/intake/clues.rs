//! Clues of feeds: taken in like letters, marked with their feed, and each taken in once.

use database::DatabaseError;
use diesel::prelude::*;

use crate::Register;
use crate::reports::admission::{IncomingLetter, SequenceConflict, any_place_is_taken, take_in};
use crate::schema::{clues, mailboxes};

/// A sealed clue with its place in the order of first receipt.
pub struct Clue {
    /// The clue as a sealed letter.
    pub letter: IncomingLetter,
    /// SHA-256 of feed and id, in hexadecimal.
    pub event: String,
    /// Name of the feed that sent it.
    pub feed: String,
}

impl Register {
    /// The report made from a clue, if the clue was taken in before; `event` is [`Clue::event`].
    pub fn clue(&self, event: &str) -> Result<Option<u64>, DatabaseError> {
        let known = clues::table.filter(clues::event.eq(event.to_owned())).select(clues::report);
        let report: Option<i64> = self.readers.read(move |connection| known.first(connection).optional())?;
        report.map(|report| u64::try_from(report).map_err(|_| DatabaseError::Corrupt)).transpose()
    }

    /// Takes clues in, all or none, and returns the number of each one's report. Durable when it returns.
    pub fn take_in_clues(&self, batch: Vec<Clue>) -> Result<Result<Vec<u64>, SequenceConflict>, DatabaseError> {
        let taken = self.writer.write(move |connection| {
            let (letters, about): (Vec<IncomingLetter>, Vec<(String, String)>) =
                batch.into_iter().map(|clue| (clue.letter, (clue.event, clue.feed))).unzip();
            if any_place_is_taken(connection, &letters)? {
                return Ok(Err(SequenceConflict));
            }
            let mut reports = Vec::new();
            for (letter, (event, feed)) in letters.iter().zip(about) {
                take_in(connection, letter)?;
                let own = || mailboxes::table.filter(mailboxes::mailbox.eq(letter.header.mailbox().to_hex()));
                diesel::update(own()).set(mailboxes::feed.eq(feed)).execute(connection)?;
                let report: i64 = own().select(mailboxes::number.assume_not_null()).first(connection)?;
                let known = clues::table.filter(clues::event.eq(&event)).select(clues::id);
                if known.first::<i64>(connection).optional()?.is_none() {
                    let row = (clues::event.eq(event), clues::report.eq(report));
                    diesel::insert_into(clues::table).values(row).execute(connection)?;
                }
                reports.push(u64::try_from(report).unwrap_or_default());
            }
            Ok(Ok(reports))
        });
        taken.wait()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReportSelection;
    use crate::reports::admission::tests::{header, incoming, letters};
    use crate::tests::register;

    #[test]
    fn clues_stand_apart_and_each_is_taken_in_once() {
        let (register, _folder) = register();
        register.take_in(letters([(1, 1, 1)])).expect("asked").expect("taken in");
        let clue = |letter: u8, digest: u8, event: &str| Clue {
            letter: incoming(header(2, letter), digest),
            event: event.to_owned(),
            feed: "station".to_owned(),
        };
        let taken = register.take_in_clues(vec![clue(1, 2, "a"), clue(2, 3, "b")]).expect("asked");
        assert_eq!(taken, Ok(vec![2, 2]), "two of one mailbox");
        assert_eq!(register.take_in_clues(vec![clue(1, 2, "a")]).expect("asked"), Ok(vec![2]));
        assert_eq!((register.clue("b").expect("asked"), register.clue("c").expect("asked")), (Some(2), None));
        let listed = |listing| {
            let (listed, _) = register.reports(listing, 0, 10).expect("listed");
            listed.into_iter().map(|one| one.number).collect::<Vec<_>>()
        };
        assert_eq!((listed(ReportSelection::Unopened), listed(ReportSelection::Clues)), (vec![1], vec![2]));
        assert_eq!(listed(ReportSelection::All), [2, 1]);
        assert_eq!(register.count_unopened().expect("asked"), 1);
        assert_eq!(register.report(2).expect("asked").expect("a report").feed.as_deref(), Some("station"));
    }
}
