//! Admission of letters: the rules that depend on earlier letters.

use crypto::sealing::outer::Header;
use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;
use model::{Day, LetterDigest};

use crate::Register;
use crate::reports::letter_refusal::LetterRefusal;
use crate::reports::unopened::{self, UnopenedLetter};
use crate::schema::{letters, mailboxes, unreadable};

/// Letters from an exchange, by what their outside shows. A letter that came through another mailbox than it names is
/// not among them.
#[derive(Default)]
pub struct IncomingLetters {
    /// Letters that say something, in the order of their places.
    pub letters: Vec<IncomingLetter>,
    /// Cover letters: the mailbox and its keys are all that is kept.
    pub covers: Vec<IncomingCover>,
    /// Letters whose outside does not open.
    pub unopened: Vec<UnopenedLetter>,
}

/// A letter with its place from the recorder.
pub struct IncomingLetter {
    /// SHA-256 of the letter as the portal received it.
    pub digest: LetterDigest,
    /// Its place in the order of first receipt.
    pub sequence: u64,
    /// The letter's outside.
    pub header: Header,
    /// The day on which the portal received it.
    pub received_on: Day,
    /// The letter as it is to be stored.
    pub sealed: Vec<u8>,
}

/// A cover letter's outside.
pub struct IncomingCover {
    /// The letter's outside.
    pub header: Header,
    /// The day on which the portal received it.
    pub received_on: Day,
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
    pub fn take_in(&self, batch: IncomingLetters) -> Result<Result<Admission, SequenceConflict>, DatabaseError> {
        self.writer
            .write(move |connection| {
                let mut taken = Admission::default();
                if any_place_is_taken(connection, &batch.letters)? {
                    return Ok(Err(SequenceConflict));
                }
                for incoming in &batch.letters {
                    match take_in(connection, incoming)? {
                        Some(Ok(())) => taken.admitted += 1,
                        Some(Err(_)) => taken.refused += 1,
                        None => {}
                    }
                }
                for cover in &batch.covers {
                    note_cover(connection, cover)?;
                }
                let mut used = if batch.unopened.is_empty() { 0 } else { unopened::kept(connection)? };
                for unopened in &batch.unopened {
                    taken.refused += usize::from(unopened::keep(connection, unopened, &mut used)?);
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
    let (digest, through) = (incoming.digest.to_hex(), incoming.header.mailbox().to_hex());
    // It may have waited for keys that open it.
    unopened::forget(connection, &through, &digest)?;
    let admitted = letters::table.filter(letters::digest.eq(&digest)).select(letters::id);
    let refused = unreadable::table.filter(unreadable::came_through.eq(&through).and(unreadable::digest.eq(&digest)));
    let admitted = admitted.first::<i64>(connection).optional()?;
    if admitted.or(refused.select(unreadable::id).first::<i64>(connection).optional()?).is_some() {
        return Ok(None);
    }
    let sequence = place(incoming.sequence)?;
    let admitted = admit(connection, incoming, sequence)?;
    if let Err(reason) = admitted {
        // The digest is enough: its writer sent the same letter before.
        diesel::insert_into(unreadable::table)
            .values((
                unreadable::came_through.eq(through),
                unreadable::digest.eq(digest),
                unreadable::sequence.eq(sequence),
                unreadable::received_on.eq(incoming.received_on.to_string()),
                unreadable::reason.eq(reason.code()),
                unreadable::sealed.eq(Vec::new()),
            ))
            .execute(connection)?;
    }
    Ok(Some(admitted))
}

fn admit(
    connection: &mut AnyConnection,
    incoming: &IncomingLetter,
    sequence: i64,
) -> QueryResult<Result<(), LetterRefusal>> {
    let header = &incoming.header;
    let mailbox = mailbox(connection, header)?;
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
            letters::enclosure.eq(header.enclosure),
            letters::sealed.eq(&incoming.sealed),
        ))
        .execute(connection)?;
    // The first letter makes the mailbox a report. The day of the last look is of no use any more.
    let first = mailboxes::table.filter(mailboxes::id.eq(mailbox).and(mailboxes::number.is_null()));
    let report = (mailboxes::number.eq(sequence), mailboxes::cover_on.eq(None::<String>));
    diesel::update(first).set(report).execute(connection)?;
    Ok(Ok(()))
}

fn note_cover(connection: &mut AnyConnection, cover: &IncomingCover) -> QueryResult<()> {
    let mailbox = mailbox(connection, &cover.header)?;
    let row = mailboxes::table.filter(mailboxes::id.eq(mailbox).and(mailboxes::number.is_null()));
    diesel::update(row).set(mailboxes::cover_on.eq(cover.received_on.to_string())).execute(connection).map(|_| ())
}

/// The mailbox's row, made at its first letter. Its id commits to lock and keys, so that later letters have the same.
fn mailbox(connection: &mut AnyConnection, header: &Header) -> QueryResult<i64> {
    let id = header.mailbox().to_hex();
    let row = mailboxes::table.filter(mailboxes::mailbox.eq(&id)).select(mailboxes::id);
    if let Some(known) = row.first(connection).optional()? {
        return Ok(known);
    }
    let values = (
        mailboxes::mailbox.eq(&id),
        mailboxes::lock.eq(header.lock.to_hex()),
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
    use crypto::letters::mailbox::{LetterId, MailboxId};
    use crypto::letters::receipt::ReceiptCode;
    use opening::reporter::Reporter;

    pub(crate) fn header(seed: u8, letter: u8) -> Header {
        let reporter = Reporter::new(ReceiptCode::from_random([seed; 16]));
        Header {
            lock: reporter.mailbox_lock(),
            letter: LetterId::from([letter; 16]),
            reply_to: reporter.identity().recipient(),
            verify_with: reporter.verification_key(),
            cover: false,
            restricted: false,
            enclosure: false,
        }
    }

    pub(crate) fn incoming(header: Header, digest: u8) -> IncomingLetter {
        let received_on = "2026-11-23".parse().expect("a day");
        let (sequence, sealed) = (u64::from(digest), vec![digest; 8]);
        IncomingLetter { digest: [digest; 32].into(), sequence, header, received_on, sealed }
    }

    /// A batch of letters that say something: reporter, letter and digest of each.
    pub(crate) fn letters<const N: usize>(of: [(u8, u8, u8); N]) -> IncomingLetters {
        let letter = |(reporter, letter, digest)| incoming(header(reporter, letter), digest);
        IncomingLetters { letters: of.into_iter().map(letter).collect(), ..IncomingLetters::default() }
    }

    /// A batch of one cover letter.
    pub(crate) fn cover(reporter: u8, day: &str) -> IncomingLetters {
        let header = Header { cover: true, ..header(reporter, 1) };
        let covers = vec![IncomingCover { header, received_on: day.parse().expect("a day") }];
        IncomingLetters { covers, ..IncomingLetters::default() }
    }

    fn taken(admitted: usize, refused: usize) -> Admission {
        Admission { admitted, refused }
    }

    #[test]
    fn a_letter_in_a_new_envelope_is_refused_and_the_same_letter_is_not() {
        let (register, _folder) = register();
        let take = |of| register.take_in(letters([of])).expect("asked").expect("the same order");
        assert_eq!(take((1, 1, 1)), taken(1, 0));
        assert_eq!(take((1, 1, 1)), taken(0, 0), "an exchange that was cut off runs again");
        assert_eq!(take((1, 1, 3)), taken(0, 1));
        assert_eq!(take((1, 1, 3)), taken(0, 0));
        assert_eq!(take((1, 4, 4)), taken(1, 0));
    }

    #[test]
    fn a_recorder_that_counts_differently_is_noticed_and_nothing_is_taken_in() {
        let (register, _folder) = register();
        register.take_in(letters([(1, 1, 1)])).expect("asked").expect("taken in");
        let again = IncomingLetter { sequence: 1, ..incoming(header(2, 1), 2) };
        let batch = IncomingLetters { letters: vec![incoming(header(3, 1), 3), again], ..IncomingLetters::default() };
        assert_eq!(register.take_in(batch).expect("asked"), Err(SequenceConflict));
        assert!(register.report(3).expect("asked").is_none());
    }

    #[test]
    fn cover_letters_leave_the_mailbox_alone_and_the_first_letter_makes_it_a_report() {
        let (register, _folder) = register();
        for _ in 0..2 {
            assert_eq!(register.take_in(cover(1, "2026-11-22")).expect("asked"), Ok(taken(0, 0)));
        }
        let mailbox = header(1, 1).mailbox();
        assert_eq!(register.mailbox(&mailbox).expect("asked").expect("a mailbox").report, None);
        assert!(register.reports(crate::ReportSelection::All, 0, 10).expect("listed").0.is_empty());
        register.take_in(letters([(1, 1, 5)])).expect("asked").expect("taken in");
        register.take_in(letters([(1, 2, 6)])).expect("asked").expect("taken in");
        register.take_in(cover(1, "2026-11-24")).expect("asked").expect("taken in");
        assert_eq!(register.mailbox(&mailbox).expect("asked").expect("a mailbox").report, Some(5));
        assert_eq!(register.report(5).expect("asked").expect("a report").letters.len(), 2);
    }

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
        assert_eq!(register.unreadable(10).expect("asked").len(), 0);
        assert_eq!(take(unopened(own, 1, 4)), 0, "an old copy of a letter that was admitted");
        assert_eq!(take(unopened(other, 1, 4)), 0, "and of a stranger's copy of it");
    }
}
