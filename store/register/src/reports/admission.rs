//! Admission of letters: the rules that depend on earlier letters.

use crypto::sealing::outer::Header;
use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;
use model::{Day, LetterDigest, codes};

use crate::Register;
use crate::schema::{letters, mailboxes, unreadable};

/// A letter from an exchange, with its place from the recorder.
pub struct IncomingLetter {
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// Its place in the order of first receipt.
    pub sequence: u64,
    /// The letter's outside; none if the outer layer does not open.
    pub header: Option<Header>,
    /// The day on which the portal received it.
    pub received_on: Day,
    /// The sealed letter, as it is to be stored.
    pub sealed: Vec<u8>,
}

codes! {
    /// Why a letter counts as unreadable. It is stored all the same, and blocks nothing.
    LetterRefusal {
        /// The outer layer does not open.
        Outer = "outer",
        /// The letter was received before: somebody put it into a new envelope.
        Repeated = "repeated",
        /// It was written for another mailbox than the one that it is stored with.
        Foreign = "foreign",
        /// The inner layer does not open, or holds another letter than the outside names.
        Inner = "inner",
    }
}

/// The recorder's places conflict with stored letters: its log is an older copy, or another log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceConflict;

/// The result of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Admission {
    /// Number of new letters that were admitted.
    pub admitted: usize,
    /// Number of new letters that were refused.
    pub refused: usize,
}

impl Register {
    /// Takes a batch in, all or nothing. Letters that are already stored change nothing. Durable when it returns.
    pub fn take_in(&self, batch: Vec<IncomingLetter>) -> Result<Result<Admission, SequenceConflict>, DatabaseError> {
        self.writer
            .write(move |connection| {
                let mut taken = Admission::default();
                if any_place_is_taken(connection, &batch)? {
                    return Ok(Err(SequenceConflict));
                }
                for incoming in &batch {
                    match take_in(connection, incoming)? {
                        Some(Ok(())) => taken.admitted += 1,
                        Some(Err(_)) => taken.refused += 1,
                        None => {}
                    }
                }
                Ok(Ok(taken))
            })
            .wait()
    }
}

pub(crate) fn any_place_is_taken(connection: &mut AnyConnection, batch: &[IncomingLetter]) -> QueryResult<bool> {
    for incoming in batch {
        if place_is_taken(connection, incoming)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn place_is_taken(connection: &mut AnyConnection, incoming: &IncomingLetter) -> QueryResult<bool> {
    let place = letters::sequence.eq(place(incoming.sequence)?);
    let other = letters::digest.ne(incoming.digest.to_hex());
    let holder = letters::table.filter(place.and(other)).select(letters::id).first::<i64>(connection).optional()?;
    Ok(holder.is_some())
}

/// Returns none for a letter that is already stored.
pub(crate) fn take_in(
    connection: &mut AnyConnection,
    incoming: &IncomingLetter,
) -> QueryResult<Option<Result<(), LetterRefusal>>> {
    let digest = incoming.digest.to_hex();
    let admitted = letters::table.filter(letters::digest.eq(&digest)).select(letters::id);
    let refused = unreadable::table.filter(unreadable::digest.eq(&digest)).select(unreadable::id);
    let known = admitted.first::<i64>(connection).optional()?.or(refused.first::<i64>(connection).optional()?);
    if known.is_some() {
        return Ok(None);
    }
    let sequence = place(incoming.sequence)?;
    let admitted = match &incoming.header {
        Some(header) => admit(connection, incoming, header, sequence)?,
        None => Err(LetterRefusal::Outer),
    };
    if let Err(reason) = admitted {
        diesel::insert_into(unreadable::table)
            .values((
                unreadable::digest.eq(digest),
                unreadable::sequence.eq(sequence),
                unreadable::received_on.eq(incoming.received_on.to_string()),
                unreadable::reason.eq(reason.code()),
                unreadable::sealed.eq(&incoming.sealed),
            ))
            .execute(connection)?;
    }
    Ok(Some(admitted))
}

fn admit(
    connection: &mut AnyConnection,
    incoming: &IncomingLetter,
    header: &Header,
    sequence: i64,
) -> QueryResult<Result<(), LetterRefusal>> {
    let mailbox = mailbox(connection, header, sequence)?;
    let letter = String::from(header.letter);
    let same_id = letters::table.filter(letters::mailbox.eq(mailbox).and(letters::letter.eq(&letter)));
    if same_id.select(letters::id).first::<i64>(connection).optional()?.is_some() {
        return Ok(Err(LetterRefusal::Repeated));
    }
    diesel::insert_into(letters::table)
        .values((
            letters::mailbox.eq(mailbox),
            letters::letter.eq(letter),
            letters::digest.eq(incoming.digest.to_hex()),
            letters::sequence.eq(sequence),
            letters::received_on.eq(incoming.received_on.to_string()),
            letters::sealed.eq(&incoming.sealed),
        ))
        .execute(connection)?;
    Ok(Ok(()))
}

/// The mailbox's row, created with its first letter. Its id commits to lock and keys, so that later letters have the
/// same.
fn mailbox(connection: &mut AnyConnection, header: &Header, sequence: i64) -> QueryResult<i64> {
    let id = header.mailbox().to_hex();
    let row = mailboxes::table.filter(mailboxes::mailbox.eq(&id)).select(mailboxes::id);
    if let Some(known) = row.first(connection).optional()? {
        return Ok(known);
    }
    let values = (
        mailboxes::mailbox.eq(&id),
        mailboxes::lock.eq(header.lock.to_hex()),
        mailboxes::number.eq(sequence),
        mailboxes::reply_to.eq(header.reply_to.to_string()),
        mailboxes::verify_with.eq(String::from(header.verify_with)),
        mailboxes::state.eq("received"),
    );
    diesel::insert_into(mailboxes::table).values(values).execute(connection)?;
    mailboxes::table.filter(mailboxes::mailbox.eq(&id)).select(mailboxes::id).first(connection)
}

fn place(sequence: u64) -> QueryResult<i64> {
    i64::try_from(sequence).map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::tests::register;
    use crypto::letters::mailbox::LetterId;
    use crypto::letters::receipt::ReceiptCode;
    use opening::reporter::Reporter;

    pub(crate) fn header(seed: u8, letter: u8) -> Header {
        let reporter = Reporter::new(ReceiptCode::from_random([seed; 16]));
        Header {
            lock: ReceiptCode::from_random([seed; 16]).mailbox_secret().lock(),
            letter: LetterId::from([letter; 16]),
            reply_to: reporter.identity().recipient(),
            verify_with: reporter.verification_key(),
        }
    }

    pub(crate) fn incoming(header: Option<Header>, digest: u8) -> IncomingLetter {
        let received_on = "2026-11-23".parse().expect("a day");
        IncomingLetter {
            digest: [digest; 32].into(),
            sequence: u64::from(digest),
            header,
            received_on,
            sealed: vec![digest; 8],
        }
    }

    fn taken(admitted: usize, refused: usize) -> Admission {
        Admission { admitted, refused }
    }

    #[test]
    fn a_letter_in_a_new_envelope_is_refused_and_the_same_letter_is_not() {
        let (register, _folder) = register();
        let take =
            |header, digest| register.take_in(vec![incoming(header, digest)]).expect("asked").expect("the same order");
        assert_eq!(take(Some(header(1, 1)), 1), taken(1, 0));
        assert_eq!(take(Some(header(1, 1)), 1), taken(0, 0), "an exchange that was cut off runs again");
        assert_eq!(take(Some(header(1, 1)), 3), taken(0, 1));
        assert_eq!(take(Some(header(1, 4)), 4), taken(1, 0));
        assert_eq!(take(None, 5), taken(0, 1));
        assert_eq!(take(None, 5), taken(0, 0));
    }

    #[test]
    fn a_recorder_that_counts_differently_is_noticed_and_nothing_is_taken_in() {
        let (register, _folder) = register();
        register.take_in(vec![incoming(Some(header(1, 1)), 1)]).expect("asked").expect("taken in");
        let again = IncomingLetter { sequence: 1, ..incoming(Some(header(2, 1)), 2) };
        let batch = vec![incoming(Some(header(3, 1)), 3), again];
        assert_eq!(register.take_in(batch).expect("asked"), Err(SequenceConflict));
        assert!(register.report(3).expect("asked").is_none());
    }
}
